//! A step allocates nothing once it is warm.

#![allow(
    clippy::unwrap_used,
    clippy::duplicate_mod,
    missing_docs,
    unsafe_code,
    unreachable_pub,
    dead_code
)]

#[path = "../../examples/cartpole/brain.rs"]
mod brain;
#[path = "../../examples/brunel/network.rs"]
mod brunel;
#[path = "../../examples/brunel_stdp/network.rs"]
mod brunel_stdp;
#[path = "../../examples/cuba/network.rs"]
mod cuba;
#[path = "../../examples/spark_pool/network.rs"]
mod spark_pool;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use brain::{PushPull, PushPullInputs};
use spark::{ArrayD, FloatArray, Real, Shape, VariableKind};

/// The system's allocator, counting.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is forwarded to the system's allocator unchanged; the counter has no effect on it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`, which is that of `System`.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test at a time: the counter counts what other threads allocate, too.
static ALONE: Mutex<()> = Mutex::new(());

spark::network! {
    /// So large that updates of the kernel wait.
    brain Large(in_spikes: spark::SpikeArray[1024]) -> (spikes: spark::SpikeArray[512]) {
        pool = spark::nn::neurons::LIFNeuron {
            units: [512],
            synapses.kernel: spark::nn::initializers::SparseUniformInitializer { scale: 100.0 },
        };
        in_spikes       -> pool.in_spikes;
        pool.out_spikes -> spikes;
    }
}

#[test]
fn a_kernel_whose_updates_wait_allocates_nothing_after_the_first_step() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut brain = Large::new().unwrap();
    let volleys = [0, 1, 2].map(|shift| {
        spark::SpikeArray::from_indices(1024, (0..1024).filter(|input| input % 16 == 5 * shift)).unwrap()
    });
    let mut spikes = 0;
    let mut run = |steps: usize| {
        for step in 0..steps {
            let in_spikes = &volleys[step % 3];
            spikes += brain.step(LargeInputs { in_spikes }).spikes.count();
        }
    };
    run(1);
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    // Longer than two epochs.
    run(100);
    assert_eq!(ALLOCATIONS.load(Ordering::Relaxed) - before, 0);
    assert!(spikes > 0, "the units spiked");
}

#[test]
fn the_cartpole_brain_allocates_nothing_after_its_first_step() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut brain = PushPull::new().unwrap();
    let signal = FloatArray::from([0.3, -0.2, 0.5, -0.7]);
    // Strong modulation makes all populations fire and all kernels move.
    let modulation = FloatArray::from([20.0]);
    let inputs = PushPullInputs {
        signal: &signal,
        mod_a_ex: &modulation,
        mod_b_ex: &modulation,
        mod_a_in: &modulation,
        mod_b_in: &modulation,
    };
    brain.step(inputs);
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    for _ in 0..300 {
        brain.step(inputs);
    }
    assert_eq!(ALLOCATIONS.load(Ordering::Relaxed) - before, 0);
    assert!(
        brain.outputs().action.as_slice().iter().any(|&x| x != 0.0),
        "the populations fired"
    );
}

/// The number of allocations in so many steps, after as many to warm up; the network fires meanwhile.
fn allocations(name: &str, mut step: impl FnMut() -> usize) -> usize {
    for _ in 0..300 {
        step();
    }
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let spikes: usize = (0..300).map(|_| step()).sum();
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
    assert!(spikes > 10, "{name} fires: {spikes} spikes");
    allocations
}

#[test]
fn networks_of_the_field_allocate_nothing() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut network = brunel::Brunel::build(brunel::config(60, 0.1, 1), brunel::BrunelShapes {}).unwrap();
    let step = || network.step(brunel::BrunelInputs {}).excitatory.count();
    assert_eq!(allocations("brunel", step), 0, "brunel");

    let config = brunel_stdp::config(60, 0.1, 1);
    let mut network = brunel_stdp::BrunelSTDP::build(config, brunel_stdp::BrunelSTDPShapes {}).unwrap();
    let step = || network.step(brunel_stdp::BrunelSTDPInputs {}).excitatory.count();
    assert_eq!(allocations("brunel_stdp", step), 0, "brunel_stdp");

    // Potentials that are not all the same: else all units fire at once and never again.
    let (graph, mut state) = spark::split(cuba::Cuba::new().unwrap());
    for (pool, units) in [("e", 3200), ("i", 800)] {
        let potentials = (0..units).map(|i| -11.0 + 10.0 * ((i * 37 % 101) as Real / 100.0));
        let potentials = ArrayD::from_shape_vec(vec![units], potentials.collect()).unwrap();
        let path = format!("{pool}/soma/potential");
        state
            .map_mut()
            .insert_array(path, VariableKind::Activity, potentials);
    }
    let mut network = spark::merge(graph, state).unwrap();
    let step = || network.step(cuba::CubaInputs {}).excitatory.count();
    assert_eq!(allocations("cuba", step), 0, "cuba");
}

/// A test for pools of one kind of neurons, with so many units.
macro_rules! allocates_nothing {
    ($name:ident, $network:ident, $inputs:ident, $shapes:ident, $units:expr) => {
        #[test]
        fn $name() {
            use spark_pool::{$inputs, $network, $shapes};
            let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
            let mut config = $network::config();
            config.pool.units = Shape::from($units);
            let signal = Shape::from(spark_pool::INPUTS);
            let mut network = $network::build(config, $shapes { signal }).unwrap();
            let signal = FloatArray::filled(spark_pool::INPUTS, 1.0);
            let step = || network.step($inputs { signal: &signal }).spikes.count();
            assert_eq!(allocations("the pool", step), 0);
        }
    };
}
allocates_nothing!(
    pools_of_lif_neurons_allocate_nothing,
    Lif,
    LifInputs,
    LifShapes,
    256
);
allocates_nothing!(
    pools_of_alif_neurons_allocate_nothing,
    Alif,
    AlifInputs,
    AlifShapes,
    256
);
allocates_nothing!(large_pools_allocate_nothing, Lif, LifInputs, LifShapes, 1024);
