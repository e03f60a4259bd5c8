//! Models whose graph is known at run time only.

use std::any::Any;

use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;

use spark_ir::format::file::{self, Limits};
use spark_ir::format::json;

use crate::recorded;

#[test]
fn a_loaded_network_is_its_declared_twin_to_the_bit() {
    let config = ALIFNeuronConfig {
        units: Shape::from([3, 2]),
        seed: Some(7),
        ..ALIFNeuron::config()
    };
    for compat in [Compat::Standard, Compat::SparkSnn1] {
        let config = ALIFNeuronConfig {
            compat: Some(compat),
            ..config.clone()
        };
        let loaded = ModelConfig::from_json(&config.to_json().unwrap()).unwrap();
        let run = recorded::run("goldens/models/alif_neuron/run.json.gz");
        let input = &run["inputs"]["in_spikes"];
        let in_spikes = recorded::shape(input);
        let mut model = Model::from_config(&loaded, &[("in_spikes", in_spikes.clone())]).unwrap();
        let mut twin = ALIFNeuron::build(config, ALIFNeuronShapes { in_spikes }).unwrap();
        assert_eq!(model.spark_state(), twin.spark_state());
        for t in 0..recorded::steps(&run) {
            let spikes = recorded::spike_array(input, t);
            model.step([("in_spikes", &spikes as &dyn Any)]).unwrap();
            let out = twin.step(ALIFNeuronInputs { in_spikes: &spikes });
            let found: &SpikeArray = model.output("out_spikes").unwrap();
            assert_eq!(found, &out.out_spikes, "step {t}");
        }
        assert_eq!(spark::snapshot(&model), spark::snapshot(&twin));
    }
}

/// All model files among the fixtures.
fn models() -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for folder in ["goldens/models", "upstream-models"] {
        for entry in std::fs::read_dir(recorded::fixture(folder)).unwrap() {
            let path = entry.unwrap().path();
            match std::fs::read_dir(&path) {
                Ok(inner) => files.extend(inner.map(|entry| entry.unwrap().path())),
                Err(_) => files.push(path),
            }
        }
    }
    files.retain(|path| path.extension().is_some_and(|ending| ending == "scfg"));
    assert!(files.len() >= 10, "{files:?}");
    files
}

#[test]
fn a_file_of_the_python_package_comes_back_token_for_token() {
    for path in models() {
        let config = ModelConfig::from_file(&path).unwrap_or_else(|error| panic!("{error}"));
        let original = file::read(&path, &Limits::default()).unwrap();
        let written = config.to_json().unwrap();
        let (written, original) = (json::to_text(&written), json::to_text(&original));
        for (line, (written, original)) in written.lines().zip(original.lines()).enumerate() {
            assert_eq!(written, original, "{}, line {}", path.display(), line + 1);
        }
        assert_eq!(written.len(), original.len(), "{}", path.display());
    }
}
