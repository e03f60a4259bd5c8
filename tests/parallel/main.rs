//! A network gives the same spikes on any number of threads.

#![allow(
    clippy::unwrap_used,
    clippy::duplicate_mod,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    dead_code
)]

#[path = "../../examples/brunel/network.rs"]
mod brunel;
#[path = "../../examples/brunel_stdp/network.rs"]
mod brunel_stdp;
#[path = "../../examples/cuba/network.rs"]
mod cuba;

use spark::batch::Step;
use spark::parallel::{Parallel, Parted};
use spark::prelude::*;
use spark::{SpikeArray, snapshot};

/// What fires in each step, on one thread and on several, in one run or in two; the state in the end is the same, too.
fn same_on_all_threads<M, I>(
    build: impl Fn() -> M,
    inputs: impl Fn(usize) -> I + Sync,
    spikes: impl Fn(&M::Outputs) -> Vec<u32> + Sync + Send + Copy,
) where
    M: Parted + Step<I>,
{
    const STEPS: usize = 400;
    let mut alone = build();
    let expected: Vec<Vec<u32>> = (0..STEPS)
        .map(|t| {
            alone.try_step(inputs(t)).unwrap();
            spikes(alone.written())
        })
        .collect();
    assert!(expected.iter().flatten().count() > 100, "the network fires");
    for threads in 1..=4 {
        let mut shared = Parallel::of(build(), threads).unwrap();
        let mut found = Vec::new();
        // Neither half is a multiple of the steps between two exchanges.
        for half in [0..STEPS / 2 + 1, STEPS / 2 + 1..STEPS] {
            let begin = half.start;
            shared
                .run(
                    half.len(),
                    |t| inputs(begin + t),
                    |_, outputs| found.push(spikes(outputs)),
                )
                .unwrap();
        }
        assert!(found == expected, "{threads} threads fire other spikes");
        assert!(
            snapshot(&shared.into_network()) == snapshot(&alone),
            "{threads} threads end in another state"
        );
    }
}

fn both(excitatory: &SpikeArray, inhibitory: &SpikeArray) -> Vec<u32> {
    let offset = excitatory.shape().count() as u32;
    let inhibitory = inhibitory.indices().iter().map(|unit| unit + offset);
    excitatory.indices().iter().copied().chain(inhibitory).collect()
}

#[test]
fn brunels_network_which_exchanges_spikes_every_15_steps() {
    let build = || {
        let config = brunel::config(60, 0.1, 3);
        brunel::Brunel::build(config, brunel::BrunelShapes {}).unwrap()
    };
    assert_eq!(Parallel::of(build(), 2).unwrap().latency(), Some(15));
    same_on_all_threads(
        build,
        |_| brunel::BrunelInputs {},
        |out| both(&out.excitatory, &out.inhibitory),
    );
}

#[test]
fn the_network_that_learns_which_exchanges_spikes_every_step() {
    let build = || {
        let config = brunel_stdp::config(60, 0.1, 3);
        brunel_stdp::BrunelSTDP::build(config, brunel_stdp::BrunelSTDPShapes {}).unwrap()
    };
    assert_eq!(Parallel::of(build(), 2).unwrap().latency(), Some(1));
    same_on_all_threads(
        build,
        |_| brunel_stdp::BrunelSTDPInputs {},
        |out| both(&out.excitatory, &out.inhibitory),
    );
}

#[test]
fn cuba_after_a_kick() {
    let build = || {
        let brain = cuba::Cuba::build(cuba::Cuba::config(), cuba::CubaShapes {}).unwrap();
        let (graph, mut state) = spark::split(brain);
        for pool in ["e", "i"] {
            let path = format!("{pool}/soma/potential");
            let shape = state.map().get(&path).unwrap().value.shape().to_vec();
            let potentials = (0..shape[0]).map(|i| -11.0 + 10.0 * ((i * 37 % 101) as Real / 100.0));
            let potentials = ArrayD::from_shape_vec(shape.clone(), potentials.collect()).unwrap();
            state
                .map_mut()
                .insert_array(path, spark::VariableKind::Activity, potentials);
        }
        spark::merge(graph, state).unwrap()
    };
    same_on_all_threads(
        build,
        |_| cuba::CubaInputs {},
        |out| both(&out.excitatory, &out.inhibitory),
    );
}

network! {
    /// Adaptive neurons with delays of pairs.
    neuron Pool(in_spikes: SpikeArray, driven: SpikeArray) -> (out_spikes: SpikeArray) {
        delays   = N2NDelays { max_delay: 6ms, delays: UniformInitializer { max_value: 6.0 } };
        synapses = LinearSynapses {
            kernel: PairwiseBernoulliInitializer { probability: 0.2, weight: UniformInitializer { scale: 90.0 } },
        };
        feed     = LinearSynapses { kernel: FixedOutDegreeInitializer { degree: 30, weight: 400.0 } };
        total    = CurrentSum;
        soma     = AdaptiveThresholdLeakySoma;

        in_spikes                           -> delays.in_spikes;
        delays.out_spikes                   -> synapses.spikes;
        driven                              -> feed.spikes;
        (synapses.currents, feed.currents)  -> total.inputs;
        total.currents                      -> soma.current;
        self.inhibition_mask()              -> soma.inhibition_mask;
        soma.spikes                         -> out_spikes;
    }

    /// With parts that are not shared: inputs and a readout.
    brain Mixed(signal: FloatArray[20]) -> (spikes: SpikeArray[150], rate: FloatArray[2]) {
        spiker  = PoissonSpiker { max_freq: 300Hz };
        pool    = Pool { units: [150], inhibitory_rate: 0.2 };
        readout = ExponentialIntegrator { num_outputs: 2 };

        signal          -> spiker.signal;
        spiker.spikes   -> pool.driven;
        pool.out_spikes -> pool.in_spikes, readout.spikes, spikes;
        readout.signal  -> rate;
    }
}

#[test]
fn a_network_with_parts_that_are_not_shared() {
    let signals: Vec<FloatArray> = (0..400)
        .map(|t| FloatArray::filled(20, 0.5 + 0.5 * (t as Real * 0.05).sin()))
        .collect();
    same_on_all_threads(
        || Mixed::new().unwrap(),
        |t| MixedInputs { signal: &signals[t] },
        |out| {
            let rates = out.rate.as_slice().iter().map(|rate| (rate * 1e8) as u32);
            out.spikes.indices().iter().copied().chain(rates).collect()
        },
    );
}

network! {
    brain Dense() -> (spikes: SpikeArray) {
        pool = LIFNeuron { units: [64] };
        pool.out_spikes -> pool.in_spikes, spikes;
    }
}

#[test]
fn a_network_that_cannot_be_parted_says_so() {
    let shapes = DenseShapes {};
    let network = Dense::build(Dense::config(), shapes).unwrap();
    let text = Parallel::of(network, 2).unwrap_err().to_string();
    assert!(
        text.contains("Dense") && text.contains("sparse kernels"),
        "{text}"
    );
}

#[test]
fn a_mistake_of_the_observer_ends_all_threads() {
    let config = brunel::config(60, 0.1, 3);
    let network = brunel::Brunel::build(config, brunel::BrunelShapes {}).unwrap();
    let mut shared = Parallel::of(network, 3).unwrap();
    let run = std::panic::AssertUnwindSafe(|| {
        shared.run(100, |_| brunel::BrunelInputs {}, |t, _| assert!(t < 20, "enough"))
    });
    assert!(std::panic::catch_unwind(run).is_err());
}
