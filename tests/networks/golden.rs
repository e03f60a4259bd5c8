//! Whole models from their files, in the mode of the Python package: the recorded spikes, the recorded state.

use spark::nn::neurons::{ALIFNeuron, ALIFNeuronConfig, ALIFNeuronInputs, ALIFNeuronShapes};
use spark::nn::neurons::{AdExNeuron, AdExNeuronConfig, AdExNeuronInputs, AdExNeuronShapes};
use spark::nn::neurons::{LIFNeuron, LIFNeuronConfig, LIFNeuronInputs, LIFNeuronShapes};

use crate::brains::{FeedForward, FeedForwardConfig, FeedForwardInputs, FeedForwardShapes};
use crate::brains::{PushPull, PushPullConfig, PushPullInputs, PushPullShapes};
use crate::recorded::{
    assert_close, assert_state, fixture, float_array, floats, run, shape, spike_array, spikes, steps,
};

/// Replays a neuron of one spike input and one spike output.
macro_rules! replay_neuron {
    ($name:literal, $neuron:ident, $config:ident, $inputs:ident, $shapes:ident) => {{
        let recorded = run(concat!("goldens/models/", $name, "/run.json.gz"));
        let config = $config::from_file(fixture(concat!("goldens/models/", $name, "/model.scfg"))).unwrap();
        let input = &recorded["inputs"]["in_spikes"];
        let mut neuron = $neuron::build(
            config,
            $shapes {
                in_spikes: shape(input),
            },
        )
        .unwrap();
        assert_state(
            &neuron.spark_state(),
            &recorded["state_after_build"],
            1.0,
            "after build",
        );
        let resets: Vec<u64> = recorded["reset_before_step"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_u64().unwrap())
            .collect();
        for step in 0..steps(&recorded) {
            if resets.contains(&(step as u64)) {
                neuron.reset();
                assert_state(
                    &neuron.spark_state(),
                    &recorded["states"][format!("reset@{step}")],
                    10.0,
                    "after reset",
                );
            }
            let out = neuron.step($inputs {
                in_spikes: &spike_array(input, step),
            });
            assert_eq!(
                out.out_spikes.indices(),
                spikes(&recorded["outputs"]["out_spikes"], step),
                "step {step}"
            );
            if let Some(state) = recorded["states"].get(format!("{}", step + 1)) {
                assert_state(&neuron.spark_state(), state, 10.0, &format!("after step {step}"));
            }
        }
    }};
}

#[test]
fn the_lif_neuron_spikes_as_recorded() {
    replay_neuron!(
        "lif_neuron",
        LIFNeuron,
        LIFNeuronConfig,
        LIFNeuronInputs,
        LIFNeuronShapes
    );
}

#[test]
fn the_alif_neuron_spikes_as_recorded() {
    replay_neuron!(
        "alif_neuron",
        ALIFNeuron,
        ALIFNeuronConfig,
        ALIFNeuronInputs,
        ALIFNeuronShapes
    );
}

#[test]
fn the_adex_neuron_spikes_as_recorded() {
    replay_neuron!(
        "adex_neuron",
        AdExNeuron,
        AdExNeuronConfig,
        AdExNeuronInputs,
        AdExNeuronShapes
    );
}

fn brain(folder: &str, run_file: &str) -> (PushPull, serde_json::Value) {
    let recorded = run(&format!("goldens/models/{folder}/{run_file}"));
    let config = PushPullConfig::from_file(fixture(&format!("goldens/models/{folder}/model.scfg"))).unwrap();
    let of = |name: &str| shape(&recorded["inputs"][name]);
    let shapes = PushPullShapes {
        signal: of("signal"),
        mod_a_ex: of("mod_a_ex"),
        mod_b_ex: of("mod_b_ex"),
        mod_a_in: of("mod_a_in"),
        mod_b_in: of("mod_b_in"),
    };
    (PushPull::build(config, shapes).unwrap(), recorded)
}

fn replay_brain(folder: &str, run_file: &str) {
    let (mut brain, recorded) = brain(folder, run_file);
    if let Some(state) = recorded.get("state_after_build") {
        assert_state(&brain.spark_state(), state, 1.0, "after build");
    }
    for step in 0..steps(&recorded) {
        let of = |name: &str| float_array(&recorded["inputs"][name], step);
        let out = brain.step(PushPullInputs {
            signal: &of("signal"),
            mod_a_ex: &of("mod_a_ex"),
            mod_b_ex: &of("mod_b_ex"),
            mod_a_in: &of("mod_a_in"),
            mod_b_in: &of("mod_b_in"),
        });
        assert_close(
            out.action.as_slice(),
            &floats(&recorded["outputs"]["action"], step),
            10.0,
            &format!("step {step}"),
        );
        let state = brain.spark_state();
        for (port, series) in recorded["recorded"].as_object().unwrap() {
            let path = format!("_cache/{}/0", port.replace('.', "/"));
            let spark::StateArray::UInt8(bytes) = &state.get(&path).unwrap().value else {
                panic!("{path}")
            };
            let found: Vec<u32> = bytes
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte & 1 == 1)
                .map(|(i, _)| i as u32)
                .collect();
            assert_eq!(found, spikes(series, step), "{port} at step {step}");
        }
        if let Some(state) = recorded
            .get("states")
            .and_then(|states| states.get(format!("{}", step + 1)))
        {
            assert_state(&brain.spark_state(), state, 50.0, &format!("after step {step}"));
        }
    }
}

#[test]
fn a_brain_of_four_plastic_populations_spikes_as_recorded() {
    replay_brain("ab_brain_small", "run.json.gz");
}

#[test]
fn the_authors_own_brain_at_full_size_spikes_as_recorded() {
    replay_brain("ab_brain_f32", "run_active.json.gz");
    replay_brain("ab_brain_f32", "run.json.gz");
}

#[test]
fn a_brain_that_draws_in_every_step_spikes_as_recorded() {
    let recorded = run("goldens/models/brain_feedforward/run.json.gz");
    let config =
        FeedForwardConfig::from_file(fixture("goldens/models/brain_feedforward/model.scfg")).unwrap();
    let mut brain = FeedForward::build(
        config,
        FeedForwardShapes {
            signal: shape(&recorded["inputs"]["signal"]),
        },
    )
    .unwrap();
    assert_state(
        &brain.spark_state(),
        &recorded["state_after_build"],
        1.0,
        "after build",
    );
    for step in 0..steps(&recorded) {
        if recorded["reset_before_step"]
            .as_array()
            .unwrap()
            .contains(&step.into())
        {
            brain.reset();
        }
        let out = brain.step(FeedForwardInputs {
            signal: &float_array(&recorded["inputs"]["signal"], step),
        });
        let what = format!("step {step}");
        assert_eq!(
            out.pool_spikes.indices(),
            spikes(&recorded["outputs"]["pool_spikes"], step),
            "{what}"
        );
        assert_close(
            out.action.as_slice(),
            &floats(&recorded["outputs"]["action"], step),
            10.0,
            &what,
        );
        if let Some(state) = recorded["states"].get(format!("{}", step + 1)) {
            assert_state(&brain.spark_state(), state, 10.0, &what);
        }
    }
}
