//! What whole networks do where the Python package and the model that it describes disagree: `docs/fidelity.md` names
//! these tests. Single modules are in `parity/truths.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod interfaces;
mod ledger;
mod package;
mod plasticity;
#[path = "../support/soma.rs"]
mod soma;
mod somas;
mod synapses;

use spark::StateArray;
use spark::core::field::ArrayValue;
use spark::prelude::*;
use spark::rt::Property;

/// A variable of single precision numbers, under the Python package's path.
fn numbers(state: &StateMap, path: &str) -> Vec<f32> {
    match &state.get(path).unwrap().value {
        StateArray::Float32(array) => array.iter().copied().collect(),
        StateArray::Float64(array) => array.iter().map(|&x| x as f32).collect(),
        other => panic!("{path} is {:?}", other.dtype()),
    }
}

const BOTH: [Compat; 2] = [Compat::Standard, Compat::SparkSnn1];

fn pool(compat: Compat, change: impl FnOnce(&mut LIFNeuronConfig)) -> LIFNeuron {
    let mut config = LIFNeuronConfig {
        compat: Some(compat),
        units: Shape::from(100),
        ..LIFNeuron::config()
    };
    change(&mut config);
    LIFNeuron::build(
        config,
        LIFNeuronShapes {
            in_spikes: Shape::from(2),
        },
    )
    .unwrap()
}

#[test]
fn inhibitory_units_are_rounded_or_cut_off() {
    let inhibitory = BOTH.map(|compat| {
        let pool = pool(compat, |config| config.inhibitory_rate = 0.29);
        <LIFNeuron as Property<0>>::get(&pool)
            .as_slice()
            .iter()
            .filter(|bit| **bit)
            .count()
    });
    assert_eq!(inhibitory, [29, 28]);
}

#[test]
fn building_steps_nothing_unless_the_python_package_is_followed() {
    // Hebbian learning bounds weights at 0 in the first step, if it is only one with zeros.
    let lowest = BOTH.map(|compat| {
        let pool = pool(compat, |config| {
            let kernel = ArrayValue::new(Dtype::Float32, [100, 2], vec![-1.0; 200]).unwrap();
            config.synapses.kernel = Init::Array(kernel);
        });
        numbers(&pool.spark_state(), "synapses/_kernel")
            .into_iter()
            .fold(f32::INFINITY, f32::min)
    });
    assert_eq!(lowest, [-1.0, 0.0]);
}

network! {
    brain Follower(signal: FloatArray[1]) -> (rate: FloatArray[1]) {
        spiker  = TopologicalLinearSpiker { resolution: 16, tau: 20ms, cd: 2ms, max_freq: 250Hz, sigma: 2.0 };
        readout = ExponentialIntegrator { num_outputs: 1, smooth_trace: false };

        signal         -> spiker.signal;
        spiker.spikes  -> readout.spikes;
        readout.signal -> rate;
    }
}

#[test]
fn a_reset_clears_the_wires_unless_the_python_package_is_followed() {
    let leftover = BOTH.map(|compat| {
        let config = FollowerConfig {
            compat: Some(compat),
            ..Follower::config()
        };
        let mut brain = Follower::build(
            config,
            FollowerShapes {
                signal: Shape::from(1),
            },
        )
        .unwrap();
        let signal = FloatArray::from([0.5]);
        // Until spikes travel: the readout hears of them one step later.
        let spiked = |brain: &Follower| numbers(&brain.spark_state(), "spiker/_refractory").contains(&0.0);
        for _ in 0..100 {
            brain.step(FollowerInputs { signal: &signal });
            if spiked(&brain) {
                break;
            }
        }
        assert!(spiked(&brain));
        brain.reset();
        brain
            .step(FollowerInputs {
                signal: &FloatArray::from([0.5]),
            })
            .rate
            .as_slice()[0]
    });
    assert_eq!(leftover[0], 0.0);
    assert!(leftover[1] > 0.0, "{leftover:?}");
}

#[test]
fn a_node_with_a_time_step_or_units_of_its_own_is_refused() {
    let mut config = LIFNeuronConfig {
        dt: Some(Ms(1.0)),
        units: Shape::from(4),
        ..LIFNeuron::config()
    };
    config.soma.dt = Some(Ms(0.5));
    config.delays.units = Shape::from(3);
    let error = LIFNeuron::build(
        config,
        LIFNeuronShapes {
            in_spikes: Shape::from(2),
        },
    )
    .err()
    .unwrap();
    let text = error.to_string();
    assert!(
        text.contains("LIFNeuron.soma") && text.contains("LIFNeuron.delays"),
        "{text}"
    );
}

network! {
    neuron Taught(in_spikes: SpikeArray[1], modulation: FloatArray[1]) -> (out_spikes: SpikeArray[1]) {
        units = [1];
        inhibitory_rate = 1.0;

        synapses = LinearSynapses { kernel: ConstantInitializer { scale: 0.0 } };
        soma     = LeakySoma;
        rule     = QuadrupletRuleTensor { q_alpha: [1.0, 2.0, 3.0, 4.0], eta: 1.0 };

        in_spikes              -> synapses.spikes, rule.pre_spikes;
        modulation             -> rule.modulation;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> rule.post_spikes, out_spikes;
        synapses.kernel()     <-> rule.kernel;
    }
}

#[test]
fn synapses_are_of_their_type_unless_the_python_package_is_followed() {
    // An excitatory spike at an inhibitory unit: the third of the four types.
    let weights = BOTH.map(|compat| {
        let config = TaughtConfig {
            compat: Some(compat),
            ..Taught::config()
        };
        let shapes = TaughtShapes {
            in_spikes: Shape::from(1),
            modulation: Shape::from(1),
        };
        let mut neuron = Taught::build(config, shapes).unwrap();
        let spike = SpikeArray::from_indices([1], [0]).unwrap();
        neuron.step(TaughtInputs {
            in_spikes: &spike,
            modulation: &FloatArray::from([1.0]),
        });
        numbers(&neuron.spark_state(), "synapses/_kernel")[0]
    });
    assert_eq!(weights, [3.0, 1.0]);
}
