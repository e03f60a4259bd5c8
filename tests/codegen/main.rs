//! Models as source: what `spark codegen` prints for a file compiles, and computes what the file computes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    dead_code
)]

#[path = "../networks/recorded.rs"]
mod recorded;

mod ab_brain;
mod ab_brain_f32;
mod ab_brain_small;
mod ab_neuron_f32;
mod ab_neuron_small;
mod adex_model;
mod alif_mod_neuron;
mod alif_model;
mod brain_feedforward;
mod brain_recurrent;
mod included;
mod lif_model;
mod own;
mod reward_neuron;

use std::any::Any;

use recorded::{assert_close, fixture, float_array, floats, run, shape, spike_array, spikes, steps};
use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;

/// Runs a declared network and the model of its file side by side, on the inputs of a recorded run: both give what was
/// recorded, and are the same to the bit.
macro_rules! twins {
    ($network:ty, $shapes:path, $inputs:path, $file:expr, $recorded:expr, $steps:expr,
     in: {$($input:ident: $read:ident),*}, out: {$($output:ident),*}) => {{
        use $shapes as Shapes;
        use $inputs as Inputs;
        let recorded = run($recorded);
        let loaded = ModelConfig::from_file(fixture($file)).unwrap();
        $(let $input = shape(&recorded["inputs"][stringify!($input)]);)*
        let mut model = Model::from_config(&loaded, &[$((stringify!($input), $input.clone())),*]).unwrap();
        let mut twin = <$network>::build(<$network>::config(), Shapes { $($input),* }).unwrap();
        assert_eq!(model.spark_state(), twin.spark_state());
        let resets = recorded["reset_before_step"].as_array().unwrap();
        for t in 0..steps(&recorded).min($steps) {
            if resets.contains(&t.into()) {
                model.reset();
                twin.reset();
            }
            $(let $input = $read(&recorded["inputs"][stringify!($input)], t);)*
            model.step([$((stringify!($input), &$input as &dyn Any)),*]).unwrap();
            let out = twin.step(Inputs { $($input: &$input),* });
            $(
                assert_eq!(Some(&out.$output), model.output(stringify!($output)), "step {t}");
                out.$output.as_recorded(&recorded["outputs"][stringify!($output)], t);
            )*
        }
        assert_eq!(spark::snapshot(&model), spark::snapshot(&twin));
    }};
}

/// An output is what was recorded.
trait Recorded {
    fn as_recorded(&self, series: &serde_json::Value, step: usize);
}

impl Recorded for SpikeArray {
    fn as_recorded(&self, series: &serde_json::Value, step: usize) {
        assert_eq!(self.indices(), spikes(series, step), "step {step}");
    }
}

impl Recorded for FloatArray {
    fn as_recorded(&self, series: &serde_json::Value, step: usize) {
        assert_close(
            self.as_slice(),
            &floats(series, step),
            10.0,
            &format!("step {step}"),
        );
    }
}

#[test]
fn the_lif_neuron_is_its_file() {
    twins!(
        lif_model::LifModel, lif_model::LifModelShapes, lif_model::LifModelInputs,
        "goldens/models/lif_neuron/model.scfg", "goldens/models/lif_neuron/run.json.gz", 300,
        in: {in_spikes: spike_array}, out: {out_spikes}
    );
}

#[test]
fn the_alif_neuron_is_its_file() {
    twins!(
        alif_model::AlifModel, alif_model::AlifModelShapes, alif_model::AlifModelInputs,
        "goldens/models/alif_neuron/model.scfg", "goldens/models/alif_neuron/run.json.gz", 300,
        in: {in_spikes: spike_array}, out: {out_spikes}
    );
}

#[test]
fn the_adex_neuron_is_its_file() {
    twins!(
        adex_model::AdexModel, adex_model::AdexModelShapes, adex_model::AdexModelInputs,
        "goldens/models/adex_neuron/model.scfg", "goldens/models/adex_neuron/run.json.gz", 300,
        in: {in_spikes: spike_array}, out: {out_spikes}
    );
}

#[test]
fn a_brain_with_a_neuron_of_the_library_is_its_file() {
    twins!(
        brain_feedforward::BrainFeedforward,
        brain_feedforward::BrainFeedforwardShapes,
        brain_feedforward::BrainFeedforwardInputs,
        "goldens/models/brain_feedforward/model.scfg", "goldens/models/brain_feedforward/run.json.gz", 400,
        in: {signal: float_array}, out: {pool_spikes, action}
    );
}

#[test]
fn a_recurrent_brain_with_neurons_of_its_own_is_its_file() {
    twins!(
        brain_recurrent::BrainRecurrent,
        brain_recurrent::BrainRecurrentShapes,
        brain_recurrent::BrainRecurrentInputs,
        "goldens/models/brain_recurrent/model.scfg", "goldens/models/brain_recurrent/run.json.gz", 500,
        in: {signal: float_array, reward: float_array}, out: {action}
    );
}

#[test]
fn a_brain_of_four_plastic_populations_is_its_file() {
    twins!(
        ab_brain_small::AbBrainSmall, ab_brain_small::AbBrainSmallShapes, ab_brain_small::AbBrainSmallInputs,
        "goldens/models/ab_brain_small/model.scfg", "goldens/models/ab_brain_small/run.json.gz", 300,
        in: {
            mod_a_ex: float_array, mod_b_ex: float_array, mod_a_in: float_array, mod_b_in: float_array,
            signal: float_array
        },
        out: {action}
    );
}

#[test]
fn the_authors_own_brain_at_full_size_is_its_file() {
    for (recorded, count) in [("run_active", 30), ("run", 10)] {
        twins!(
            ab_brain_f32::AbBrainF32, ab_brain_f32::AbBrainF32Shapes, ab_brain_f32::AbBrainF32Inputs,
            "goldens/models/ab_brain_f32/model.scfg",
            &format!("goldens/models/ab_brain_f32/{recorded}.json.gz"), count,
            in: {
                mod_a_ex: float_array, mod_b_ex: float_array, mod_a_in: float_array, mod_b_in: float_array,
                signal: float_array
            },
            out: {action}
        );
    }
}

/// In half precision, as its authors saved it: there is no recording, but a signal of four values.
#[test]
fn the_brain_as_the_authors_saved_it_is_its_file() {
    let mut twin = ab_brain::AbBrain::new().unwrap();
    let loaded = ModelConfig::from_file(fixture("upstream-models/ab_brain.scfg")).unwrap();
    let one = || Shape::from(1);
    let shapes = [
        ("signal", Shape::from(4)),
        ("mod_a_ex", one()),
        ("mod_b_ex", one()),
        ("mod_a_in", one()),
        ("mod_b_in", one()),
    ];
    let mut model = Model::from_config(&loaded, &shapes).unwrap();
    let modulation = FloatArray::from([1.0]);
    for t in 0..30 {
        let at = |k: f32| (0.1 * k * t as f32).sin() as Real;
        let signal = FloatArray::from([at(1.0), at(2.0), at(3.0), at(4.0)]);
        let given = |name: &'static str| (name, &modulation as &dyn Any);
        let modulations = ["mod_a_ex", "mod_b_ex", "mod_a_in", "mod_b_in"].map(given);
        let signals = [("signal", &signal as &dyn Any)];
        model.step(signals.into_iter().chain(modulations)).unwrap();
        let out = twin.step(ab_brain::AbBrainInputs {
            signal: &signal,
            mod_a_ex: &modulation,
            mod_b_ex: &modulation,
            mod_a_in: &modulation,
            mod_b_in: &modulation,
        });
        assert_eq!(Some(&out.action), model.output("action"), "step {t}");
    }
    assert_eq!(spark::snapshot(&model), spark::snapshot(&twin));
}

#[test]
fn a_neuron_without_recording_is_its_file() {
    let file = fixture("goldens/models/brain_recurrent/reward_neuron.scfg");
    let loaded = ModelConfig::from_file(file).unwrap();
    let (in_spikes, dopamine) = (Shape::from(5), Shape::from(1));
    let shapes = [("in_spikes", in_spikes.clone()), ("dopamine", dopamine.clone())];
    let mut model = Model::from_config(&loaded, &shapes).unwrap();
    let shapes = reward_neuron::RewardNeuronShapes { in_spikes, dopamine };
    let mut twin = reward_neuron::RewardNeuron::build(reward_neuron::RewardNeuron::config(), shapes).unwrap();
    let reward = FloatArray::from([1.0]);
    for t in 0..50 {
        let spikes = SpikeArray::from_indices(5, (0..5).filter(|unit| (t + unit) % 3 == 0)).unwrap();
        let given = [
            ("in_spikes", &spikes as &dyn Any),
            ("dopamine", &reward as &dyn Any),
        ];
        model.step(given).unwrap();
        let out = twin.step(reward_neuron::RewardNeuronInputs {
            in_spikes: &spikes,
            dopamine: &reward,
        });
        assert_eq!(Some(&out.out_spikes), model.output("out_spikes"), "step {t}");
    }
    assert_eq!(spark::snapshot(&model), spark::snapshot(&twin));
}

/// The authors' neurons are saved without units: no file of its own, but a part for brains.
#[test]
fn a_neuron_without_units_is_built_once_it_has_some() {
    use alif_mod_neuron::{AlifModNeuron, AlifModNeuronConfig, AlifModNeuronShapes};
    let template = ModelConfig::from_file(fixture("upstream-models/alif_mod_neuron.scfg")).unwrap();
    let given = [("in_spikes", Shape::from(3)), ("modulation", Shape::from(1))];
    let error = Model::from_config(&template, &given).err().unwrap();
    assert!(error.to_string().contains("`units` is not given"), "{error}");
    let shapes = AlifModNeuronShapes {
        in_spikes: [3].into(),
        modulation: [1].into(),
    };
    let config = AlifModNeuronConfig {
        units: [4].into(),
        ..AlifModNeuron::config()
    };
    AlifModNeuron::build(config, shapes).unwrap();
    assert_eq!(
        ab_neuron_f32::AbNeuronF32::config().synapses.dtype,
        Dtype::Float32
    );
    assert_eq!(
        ab_neuron_small::AbNeuronSmall::config().soma.dtype,
        Dtype::Float32
    );
}
