//! What is exported here loads in the Python package and spikes the same.
//!
//! Needs a Python with `spark-snn` (see `README.md` beside this file): `SPARK_PYTHON` names it, else `python3` is
//! tried. Without the package the test says so and passes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    dead_code
)]

#[path = "../networks/brains.rs"]
mod brains;

use std::path::Path;
use std::process::Command;

use brains::{ALIFModNeuron, PushPull, PushPullInputs, PushPullShapes};
use serde_json::{Value, json};
use spark::prelude::*;
use spark::{Compat, Shape};

/// What the script exits with where the package is not installed.
const NOT_INSTALLED: i32 = 77;

/// A brain of its own, not read from any file, in which every population fires.
fn configuration() -> brains::PushPullConfig {
    let mut config = PushPull::config();
    config.compat = Some(Compat::SparkSnn1);
    config.spiker.sigma = 0.25;
    config.spiker.mins = (-1.0).into_field();
    config.spiker.maxs = 1.0.into_field();
    for pool in [&mut config.A_excitatory, &mut config.B_excitatory] {
        pool.soma.resistance = 1.0.into_field();
        pool.synapses.kernel = SparseUniformInitializer {
            scale: 40.0,
            density: 0.5,
            ..SparseUniformInitializer::default()
        }
        .into_field();
    }
    for pool in [&mut config.A_inhibitory, &mut config.B_inhibitory] {
        pool.soma.resistance = 2.0.into_field();
        pool.synapses.kernel = 12.0.into_field();
    }
    config
}

fn signal(step: usize) -> [f32; 4] {
    let t = step as f32;
    [
        (0.07 * t).sin(),
        (0.05 * t).cos(),
        (0.03 * t).sin(),
        -(0.02 * t).cos(),
    ]
}

/// Runs the brain and records it in the form that the script replays.
fn run(config: brains::PushPullConfig, steps: usize) -> Value {
    let one = Shape::from([1]);
    let shapes = PushPullShapes {
        signal: [4].into(),
        mod_a_ex: one.clone(),
        mod_b_ex: one.clone(),
        mod_a_in: one.clone(),
        mod_b_in: one,
    };
    let mut brain = PushPull::build(config, shapes).unwrap();
    let (mut signals, mut modulations, mut actions) = (vec![], vec![], vec![]);
    let mut fired: Vec<Value> = vec![];
    for step in 0..steps {
        let modulation = [0.05 * (0.1 * step as f32).cos()];
        let (now, mods) = (FloatArray::from(signal(step)), FloatArray::from(modulation));
        let out = brain.step(PushPullInputs {
            signal: &now,
            mod_a_ex: &mods,
            mod_b_ex: &mods,
            mod_a_in: &mods,
            mod_b_in: &mods,
        });
        actions.push(json!(out.action.as_slice()));
        signals.push(json!(signal(step)));
        modulations.push(json!(modulation));
        fired.push(json!(spikes_of(&brain, "A_excitatory")));
    }
    assert!(
        fired.iter().any(|step| !step.as_array().unwrap().is_empty()),
        "the population fires"
    );
    let floats = |shape: usize, data: &Vec<Value>| json!({ "payload": "FloatArray", "dtype": "float32", "shape": [shape], "data": data });
    json!({
        "steps": steps,
        "inputs": {
            "signal": floats(4, &signals),
            "mod_a_ex": floats(1, &modulations),
            "mod_b_ex": floats(1, &modulations),
            "mod_a_in": floats(1, &modulations),
            "mod_b_in": floats(1, &modulations),
        },
        "outputs": { "action": floats(2, &actions) },
        "recorded": {
            "A_excitatory.out_spikes": {
                "payload": "SpikeArray", "shape": [24], "async_spikes": false, "inhibition": [], "spikes": fired,
            },
        },
    })
}

fn spikes_of(brain: &PushPull, pool: &str) -> Vec<usize> {
    let state = brain.spark_state();
    let entry = state.get(&format!("_cache/{pool}/out_spikes/0")).unwrap();
    let spark::StateArray::UInt8(bytes) = &entry.value else {
        panic!("spikes are bytes")
    };
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte & 1 == 1)
        .map(|(unit, _)| unit)
        .collect()
}

fn replay_in_python(folder: &Path) -> std::process::Output {
    let python = std::env::var("SPARK_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/check_with_python.py");
    Command::new(python)
        .arg(script)
        .args([folder.join("brain.scfg"), folder.join("run.json")])
        .arg("--neuron")
        .arg(format!("ALIFModNeuron={}", folder.join("neuron.scfg").display()))
        .output()
        .expect("python3 runs")
}

#[test]
fn an_exported_brain_spikes_the_same_in_the_python_package() {
    let folder = std::env::temp_dir().join(format!("spark-interop-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = configuration();
    config.to_file(folder.join("brain.scfg")).unwrap();
    let mut neuron = ALIFModNeuron::config();
    neuron.units = [1].into();
    neuron.to_file(folder.join("neuron.scfg")).unwrap();
    let run = run(config, 60);
    std::fs::write(folder.join("run.json"), run.to_string()).unwrap();
    let output = replay_in_python(&folder);
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    std::fs::remove_dir_all(&folder).unwrap();
    match output.status.code() {
        Some(0) => println!("{text}"),
        Some(NOT_INSTALLED) => println!("skipped: the Python package spark-snn is not installed ({text})"),
        _ => panic!("{text}"),
    }
}
