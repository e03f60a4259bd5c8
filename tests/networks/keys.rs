//! Keys in files that nothing knows.

use std::sync::Mutex;

use serde_json::{Value, json};
use spark::nn::controllers::{Model, ModelConfig, Neurons};
use spark::prelude::*;
use spark_ir::diagnostic::Level;
use spark_ir::format::file::{self, Limits};
use spark_ir::format::json;

use crate::recorded;

fn model(path: &str) -> Value {
    file::read(&recorded::fixture(path), &Limits::default()).unwrap()
}

/// Objects of a file whose keys are known: with the pointer of each.
fn objects(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            // What stands in these is free, or named by the user.
            let free = [
                "__metadata__",
                "__graph_editor_metadata__",
                "inputs",
                "outputs",
                "effects",
            ];
            let name = pointer.rsplit('/').next().unwrap_or_default();
            if !free.contains(&name) {
                found.push(pointer.clone());
            }
            let inside = entries.iter().filter(|_| !name.ends_with("metadata__"));
            for (key, inner) in inside {
                objects(inner, format!("{pointer}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (i, inner) in items.iter().enumerate() {
                objects(inner, format!("{pointer}/{i}"), found);
            }
        }
        _ => {}
    }
}

/// The file with a key that nothing knows in every object, at another place in each.
fn with_unknown_keys(file: &Value) -> (Value, Vec<String>) {
    let mut pointers = Vec::new();
    objects(file, String::new(), &mut pointers);
    let mut spoiled = file.clone();
    for (i, pointer) in pointers.iter().enumerate() {
        let Some(Value::Object(entries)) = spoiled.pointer_mut(pointer) else {
            panic!("{pointer}")
        };
        let index = i % (entries.len() + 1);
        entries.shift_insert(
            index,
            "of_tomorrow".to_owned(),
            json!({ "number": i, "list": [1, 2.5] }),
        );
    }
    let keys = pointers.iter().map(|pointer| format!("{pointer}/of_tomorrow"));
    (spoiled, keys.collect())
}

fn without_unknown_keys(file: &Value) -> Value {
    match file {
        Value::Object(entries) => {
            let known = entries.iter().filter(|(key, _)| *key != "of_tomorrow");
            known
                .map(|(key, value)| (key.clone(), without_unknown_keys(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(without_unknown_keys).collect(),
        other => other.clone(),
    }
}

const MODELS: [&str; 3] = [
    "goldens/models/brain_recurrent/model.scfg",
    "goldens/models/alif_neuron/model.scfg",
    "upstream-models/ab_brain.scfg",
];

#[test]
fn a_file_of_the_python_package_is_read_without_them_each_with_a_warning() {
    for path in MODELS {
        let sound = model(path);
        let (spoiled, keys) = with_unknown_keys(&sound);
        let (config, problems) = ModelConfig::check("model", &spoiled, &Neurons::new());
        let mut warned: Vec<&str> = problems.iter().map(|problem| problem.span.as_str()).collect();
        let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        warned.sort_unstable();
        keys.sort_unstable();
        let missed: Vec<&&str> = keys.iter().filter(|key| !warned.contains(key)).collect();
        let more: Vec<&&str> = warned.iter().filter(|key| !keys.contains(key)).collect();
        assert!(
            missed.is_empty() && more.is_empty(),
            "{path}: {missed:?} {more:?}"
        );
        assert_eq!(warned.len(), keys.len(), "{path}");
        let is_warning = |problem: &Diagnostic| (problem.code, problem.level) == ("SPK092", Level::Warning);
        assert!(problems.iter().all(is_warning), "{path}");
        // Nothing else is read in another way.
        let sound = ModelConfig::from_json(&sound).unwrap().to_json().unwrap();
        let read = config.unwrap().to_json().unwrap();
        let read = ModelConfig::from_json(&without_unknown_keys(&read)).unwrap();
        assert!(read.to_json().unwrap() == sound, "{path}");
    }
}

type Diagnostic = spark_ir::diagnostic::Diagnostic<String>;

#[test]
fn they_come_back_where_they_stood() {
    for path in MODELS {
        let (spoiled, _) = with_unknown_keys(&model(path));
        let config = ModelConfig::from_json(&spoiled).unwrap();
        let written = json::to_text(&config.to_json().unwrap());
        assert!(written == json::to_text(&spoiled), "{path}");
    }
}

#[test]
fn a_checkpoint_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.safetensors");
    let (spoiled, _) = with_unknown_keys(&model(MODELS[1]));
    let config = ModelConfig::from_json(&spoiled).unwrap();
    let pool = Model::from_config(&config, &[("in_spikes", Shape::from(10))]).unwrap();
    pool.save(&path).unwrap();
    let again = Model::load(&path).unwrap();
    assert_eq!(
        again.config().to_json().unwrap(),
        pool.config().to_json().unwrap()
    );
    assert!(json::to_text(&again.config().to_json().unwrap()).contains("of_tomorrow"));
    assert_eq!(spark::snapshot(&again), spark::snapshot(&pool));
}

#[test]
fn in_a_file_of_this_crate_they_are_mistakes() {
    for path in MODELS {
        let mut own = model(path);
        own["__cfg__"]["__metadata__"] = json!({ "spark_rs": { "format": 1, "compat": "SparkSnn1" } });
        assert!(ModelConfig::from_json(&own).is_ok(), "{path}");
        for key in [
            "/of_tomorrow",
            "/__cfg__/of_tomorrow",
            "/__cfg__/modules_specs/0/__data__/config/of_tomorrow",
        ] {
            let mut spoiled = own.clone();
            let around = key.rsplit_once('/').unwrap().0;
            spoiled.pointer_mut(around).unwrap()["of_tomorrow"] = json!(1);
            let error = ModelConfig::from_json(&spoiled).unwrap_err();
            let told: Vec<&str> = error
                .problems()
                .iter()
                .map(|problem| problem.place.as_str())
                .collect();
            assert_eq!(told, [key], "{path}");
        }
    }
}

#[test]
fn a_file_that_becomes_one_of_this_crate_is_written_without_them() {
    let (spoiled, _) = with_unknown_keys(&model(MODELS[0]));
    let config = ModelConfig::from_json(&spoiled)
        .unwrap()
        .with_compat(Compat::Standard);
    let mut written = config.to_json().unwrap();
    assert!(ModelConfig::from_json(&written).is_ok());
    // What stands in the metadata is anybody's.
    written["__cfg__"]["__metadata__"] = json!({});
    assert!(!json::to_text(&written).contains("of_tomorrow"));
}

#[test]
fn a_declared_network_reads_such_a_file_too() {
    let (spoiled, _) = with_unknown_keys(&model(MODELS[1]));
    let read = ALIFNeuronConfig::from_json(&spoiled).unwrap();
    assert_eq!(read, ALIFNeuronConfig::from_json(&model(MODELS[1])).unwrap());
    let mut own = spoiled;
    own["__cfg__"]["__metadata__"] = json!({ "spark_rs": { "format": 1, "compat": "SparkSnn1" } });
    assert!(ALIFNeuronConfig::from_json(&own).is_err());
}

#[test]
fn a_neuron_in_a_file_of_its_own_may_have_them() {
    let mut brain = model(MODELS[0]);
    for node in [1, 2] {
        let config = &mut brain["__cfg__"]["modules_specs"][node]["__data__"]["config"];
        *config = json!({ "units": config["units"] });
    }
    let (neuron, _) = with_unknown_keys(&model("goldens/models/brain_recurrent/reward_neuron.scfg"));
    let (neurons, told) = Neurons::new().with_json("reward_neuron", &neuron);
    assert!(told.iter().all(|problem| problem.level == Level::Warning) && !told.is_empty());
    // They were told with the neuron: the brain is not blamed for them, not even if it is a file of this crate.
    brain["__cfg__"]["__metadata__"] = json!({ "spark_rs": { "format": 1, "compat": "SparkSnn1" } });
    let (config, problems) = ModelConfig::check("brain", &brain, &neurons.unwrap());
    assert!(config.is_some() && problems.is_empty(), "{problems:?}");
}

#[test]
fn mistakes_beside_them_are_told_as_they_would_be_without_them() {
    let mut broken = model(MODELS[0]);
    broken["__cfg__"]["dt"] = json!("1 ms");
    broken["__cfg__"]["modules_specs"][1]["__data__"]["config"]["modules_specs"][2]["__data__"]["config"]["potential_tau"] =
        json!(-1.0);
    let (_, alone) = ModelConfig::check("model", &broken, &Neurons::new());
    assert_eq!(alone.len(), 2, "{alone:?}");
    let (spoiled, _) = with_unknown_keys(&broken);
    let (config, both) = ModelConfig::check("model", &spoiled, &Neurons::new());
    let errors: Vec<Diagnostic> = both.into_iter().filter(Diagnostic::is_error).collect();
    assert!(config.is_none());
    assert_eq!(errors, alone);
}

#[test]
fn the_source_of_a_network_is_that_of_the_file_without_them() {
    use spark::codegen::{Options, from_json};
    let sound = model(MODELS[0]);
    let (spoiled, keys) = with_unknown_keys(&sound);
    let source = |json: &Value| from_json(json, &Options::named("Brain")).unwrap();
    assert_eq!(source(&spoiled).text, source(&sound).text);
    assert_eq!(
        (source(&spoiled).warnings.len(), source(&sound).warnings.len()),
        (keys.len(), 0)
    );
}

/// Keeps what is told to the log, by whichever test.
struct Kept(Mutex<Vec<String>>);

impl log::Log for Kept {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}", record.level(), record.args());
        self.0.lock().unwrap().push(line);
    }
    fn flush(&self) {}
}

static LOG: Kept = Kept(Mutex::new(Vec::new()));

#[test]
fn a_program_that_reads_such_a_file_is_told_by_its_log_where_they_stand() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Warn);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("of_a_newer_package.json");
    let mut file = model(MODELS[1]);
    let key = "/__cfg__/modules_specs/2/__data__/config/surrogate";
    file.pointer_mut(key.rsplit_once('/').unwrap().0).unwrap()["surrogate"] = json!("sigmoid");
    std::fs::write(&path, json::to_text(&file)).unwrap();
    ModelConfig::from_file(&path).unwrap();
    ALIFNeuronConfig::from_file(&path).unwrap();
    let told = LOG.0.lock().unwrap();
    let of_file = told
        .iter()
        .filter(|line| line.contains("of_a_newer_package.json"));
    let of_file: Vec<&String> = of_file.collect();
    assert_eq!(of_file.len(), 2, "{of_file:?}");
    for line in of_file {
        assert!(
            line.starts_with("WARN") && line.contains(key) && line.contains("SPK092"),
            "{line}"
        );
    }
}
