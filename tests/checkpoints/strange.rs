//! Models at the edges: delays that are shorter than they might be, masks that nobody wired, states that no run has made.

use spark::checkpoint::{Checkpoint, Checkpointed};
use spark::nn::controllers::Model;
use spark::prelude::*;
use spark::{StateArray, VariableKind, restore, snapshot};

use crate::brains::{Interfaces, Rules, Somas, Synapses};
use crate::runs::{Driven, in_thread};

/// The network that its checkpoint gives.
fn back<M: Checkpointed, N: Checkpointed>(model: &M) -> N {
    let bytes = Checkpoint::of(model).to_bytes().unwrap();
    let read = Checkpoint::from_bytes(&bytes, std::path::Path::new("x.safetensors"));
    read.and_then(Checkpoint::build)
        .unwrap_or_else(|error| panic!("{error}"))
}

network! {
    /// No delay is as long as the longest may be.
    brain Early(in_spikes: SpikeArray[2]) -> (spikes: SpikeArray) {
        seed = 1;
        delays   = N2NDelays { units: [2], max_delay: 8ms, delays: [[1.0, 2.0], [3.0, 1.0]] };
        synapses = LinearSynapses { units: [2], kernel: 600.0 };
        soma     = LeakySoma;
        in_spikes         -> delays.in_spikes;
        delays.out_spikes -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> spikes;
    }

    /// Nobody tells the soma who inhibits.
    neuron Unmarked(current: CurrentArray[2]) -> (spikes: SpikeArray) {
        units           = [2];
        inhibitory_rate = 1.0;
        soma = LeakySoma;
        current     -> soma.current;
        soma.spikes -> spikes;
    }

    /// The same inside of a brain.
    brain Around(current: CurrentArray[2]) -> (spikes: SpikeArray) {
        inner = Unmarked;
        current      -> inner.current;
        inner.spikes -> spikes;
    }
}

#[test]
fn delays_shorter_than_the_longest_go_on_from_a_checkpoint() {
    let mut brain = Early::new().unwrap();
    let volley = SpikeArray::from_indices(2, [0, 1]).unwrap();
    brain.run(3, |_| EarlyInputs { in_spikes: &volley });
    let mut again: Early = back(&brain);
    for _ in 0..10 {
        let inputs = || EarlyInputs { in_spikes: &volley };
        assert_eq!(again.step(inputs()).spikes, brain.step(inputs()).spikes);
    }
    assert_eq!(snapshot(&again), snapshot(&brain));
}

#[test]
fn a_mask_that_is_not_wired_stays_so_in_the_model_of_a_checkpoint() {
    let current = CurrentArray::from([900.0, 900.0]);
    let mut model: Model = back(&Unmarked::new().unwrap());
    let mut around: Model = back(&Around::new().unwrap());
    let mut fired = [0; 2];
    for _ in 0..50 {
        for (model, fired) in [&mut model, &mut around].into_iter().zip(&mut fired) {
            model.step([("current", &current as &dyn std::any::Any)]).unwrap();
            let spikes: &SpikeArray = model.output("spikes").unwrap();
            assert!(!spikes.mask().any());
            *fired += spikes.count();
        }
    }
    assert!(fired.iter().all(|fired| *fired > 0));
}

/// A file for the Python package has the mask wired, in neurons inside of others, too: it would say something else.
#[test]
fn a_mask_that_is_not_wired_cannot_be_said_in_a_model_file() {
    let errors = [Unmarked::config().to_json(), Around::config().to_json()].map(Result::unwrap_err);
    for (error, place) in errors.iter().zip(["Unmarked.soma", "Around.inner.soma"]) {
        assert!(
            error.to_string().contains(&format!("{place}.inhibition_mask")),
            "{error}"
        );
    }
}

/// Puts the largest numbers, and infinite ones, into all variables, and runs on.
fn run_on_from_nonsense<M: Driven>() {
    for compat in [Compat::Standard, Compat::SparkSnn1] {
        let mut brain = M::fresh(compat);
        let mut state = snapshot(&brain);
        let paths: Vec<String> = state.paths().map(str::to_owned).collect();
        for path in paths {
            let mut entry = state.remove(&path).unwrap();
            match &mut entry.value {
                StateArray::UInt16(array) => array.fill(u16::MAX),
                StateArray::UInt32(array) if entry.kind != VariableKind::Random => array.fill(u32::MAX),
                StateArray::UInt64(array) => array.fill(u64::MAX),
                StateArray::Float32(array) => array.fill(f32::INFINITY),
                StateArray::Float64(array) => array.fill(f64::INFINITY),
                _ => {}
            }
            state.insert(path, entry);
        }
        restore(&mut brain, state).unwrap();
        (0..20).for_each(|t| brain.drive(t));
    }
}

#[test]
fn a_state_that_no_run_has_made_is_run_on() {
    in_thread(run_on_from_nonsense::<Rules>);
    in_thread(run_on_from_nonsense::<Somas>);
    in_thread(run_on_from_nonsense::<Synapses>);
    in_thread(run_on_from_nonsense::<Interfaces>);
}
