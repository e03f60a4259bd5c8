//! Model files: what Python wrote comes back byte for byte, and nothing that is malformed harms anybody.
#![cfg(feature = "files")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use serde_json::Value;
use spark_ir::format::file::{self, FileError, Limits};
use spark_ir::format::json;
use spark_ir::format::scfg::{ControllerDoc, Subregistry, join_config, split_config};

fn models_in(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            models_in(&path, files);
        } else if path.extension().is_some_and(|e| e == "scfg" || e == "json") {
            files.push(path);
        }
    }
}

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let mut files = Vec::new();
    models_in(&root.join("goldens/models"), &mut files);
    models_in(&root.join("upstream-models"), &mut files);
    files.sort();
    assert!(files.len() >= 8);
    files
}

fn parse(text: &str) -> Result<ControllerDoc, Vec<spark_ir::diagnostic::Diagnostic<String>>> {
    ControllerDoc::from_value(&json::parse(text).unwrap())
}

#[test]
fn every_model_comes_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    for path in fixtures() {
        let model = file::read_model(&path, &Limits::default()).unwrap_or_else(|error| panic!("{error}"));
        let copy = folder.path().join(path.file_name().unwrap());
        file::write_model(&copy, &model).unwrap();
        assert!(
            std::fs::read(&copy).unwrap() == std::fs::read(&path).unwrap(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn compressed_and_plain_files_say_the_same_whatever_they_are_called() {
    let files = fixtures();
    let plain = files
        .iter()
        .find(|path| path.ends_with("lif_neuron/model.json"))
        .unwrap();
    let packed = files
        .iter()
        .find(|path| path.ends_with("lif_neuron/model.scfg"))
        .unwrap();
    let limits = Limits::default();
    assert_eq!(
        file::read(plain, &limits).unwrap(),
        file::read(packed, &limits).unwrap()
    );
    let folder = tempfile::tempdir().unwrap();
    let renamed = folder.path().join("model.scfg");
    std::fs::copy(plain, &renamed).unwrap();
    assert_eq!(
        file::read(&renamed, &limits).unwrap(),
        file::read(packed, &limits).unwrap()
    );
}

#[test]
fn neurons_inside_a_brain_are_controllers() {
    let path = fixtures()
        .into_iter()
        .find(|path| path.ends_with("ab_brain.scfg"))
        .unwrap();
    let brain = file::read_model(&path, &Limits::default()).unwrap();
    assert!(brain.is_brain());
    let neurons = brain
        .modules
        .iter()
        .filter(|module| module.registry == Subregistry::Neurons);
    for module in neurons {
        let neuron = module.as_controller("/x").unwrap().unwrap();
        assert_eq!(neuron.to_fields(), module.config);
        assert!(neuron.units.is_some());
    }
    for module in &brain.modules {
        let mut problems = Vec::new();
        let (header, fields) = split_config(&module.config, "", &mut problems);
        assert_eq!(
            Value::Object(join_config(&header, &fields)),
            Value::Object(module.config.clone())
        );
        assert!(problems.is_empty());
    }
}

#[test]
fn the_smallest_file_is_read() {
    let model = parse(
        r#"{"__version__": "1.0", "__data__": {"__type__":"neuron_config","__cfg__":{"units": [3], "dt": 1, "modules_specs":[
         {"__type__":"module_specs","__data__":{"name":"s","module_cls":{"__module_type__":"leaky_soma","__subregistry__":"MODULES"},
          "inputs":{"current":[{"__type__":"port_map","__data__":{"origin":"__call__","port":"signal"}}]},
          "config": {"__type__": "leaky_soma_config", "__cfg__": {"seed": 1}}, "effects": null}}]}}}"#,
    )
    .unwrap();
    assert_eq!(model.units, Some(vec![3]));
    assert_eq!(model.modules[0].inputs[0].1[0].origin, "__call__");
    assert_eq!(model.modules[0].config["seed"], 1);
    assert_eq!(model.to_value()["__cfg__"]["dt"].to_string(), "1");
}

#[test]
fn all_problems_are_reported_each_at_its_place() {
    let problems = parse(
        r#"{"__type__":"neuron_config","__cfg__":{"sede": 1, "dt": "x", "units": 3, "modules_specs":[
         {"__type__":"module_specs","__data__":{"module_cls":{"__module_type__":"leaky_soma","__subregistry__":"OTHER"},
          "inputs":{"a/b":[{"__type__":"port_map","__data__":{"origin":1}}]}}}, 7]}}"#,
    )
    .unwrap_err();
    let places: Vec<_> = problems
        .iter()
        .map(|problem| (problem.code, problem.span.as_str()))
        .collect();
    let data = "/__cfg__/modules_specs/0/__data__";
    for expected in [
        ("SPK091", data.to_owned()),
        ("SPK097", format!("{data}/module_cls/__subregistry__")),
        ("SPK090", format!("{data}/inputs/a~1b/0/__data__/origin")),
        ("SPK091", format!("{data}/inputs/a~1b/0/__data__")),
        ("SPK090", "/__cfg__/modules_specs/1".to_owned()),
        ("SPK090", "/__cfg__/dt".to_owned()),
        ("SPK090", "/__cfg__/units".to_owned()),
        ("SPK092", "/__cfg__/sede".to_owned()),
    ] {
        assert!(
            places.contains(&(expected.0, expected.1.as_str())),
            "{expected:?} in {places:?}"
        );
    }
    assert_eq!(places.len(), 8);
    let version = parse(r#"{"__version__": "2.0", "__data__": {}}"#).unwrap_err();
    assert_eq!(version[0].code, "SPK093");
}

/// A generator of numbers that is the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

#[test]
fn damaged_bytes_are_errors_and_never_panics() {
    let limits = Limits {
        text: 1 << 20,
        ..Limits::default()
    };
    let mut random = Random(7);
    for path in fixtures()
        .iter()
        .filter(|path| path.to_string_lossy().contains("lif_neuron"))
    {
        let bytes = std::fs::read(path).unwrap();
        for round in 0..400 {
            let mut damaged = bytes.clone();
            if round % 3 == 0 {
                damaged.truncate(random.below(bytes.len()));
            } else {
                for _ in 0..=random.below(4) {
                    let at = random.below(damaged.len());
                    damaged[at] = random.below(256) as u8;
                }
            }
            if let Ok(value) = file::from_bytes(&damaged, path, &limits) {
                let _ = ControllerDoc::from_value(&value);
            }
        }
    }
}

/// Replaces the value at a random place by something else.
fn spoil(value: &mut Value, random: &mut Random) {
    let inner = match value {
        Value::Object(entries) if !entries.is_empty() => {
            let at = random.below(entries.len());
            entries.values_mut().nth(at)
        }
        Value::Array(items) if !items.is_empty() => {
            let at = random.below(items.len());
            items.get_mut(at)
        }
        _ => None,
    };
    match inner {
        Some(inner) if random.below(6) > 0 => spoil(inner, random),
        _ => {
            *value = match random.below(6) {
                0 => Value::Null,
                1 => Value::from(-1),
                2 => Value::from("text"),
                3 => Value::Array(vec![Value::Null]),
                4 => json::float(f64::NAN),
                _ => Value::Object(Default::default()),
            }
        }
    }
}

#[test]
fn spoiled_structures_are_errors_and_never_panics() {
    let mut random = Random(11);
    for path in fixtures()
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
    {
        let value = file::read(path, &Limits::default()).unwrap();
        for _ in 0..300 {
            let mut spoiled = value.clone();
            spoil(&mut spoiled, &mut random);
            match ControllerDoc::from_value(&spoiled) {
                Ok(model) => drop(model.to_value()),
                Err(problems) => assert!(!problems.is_empty()),
            }
        }
    }
}

#[test]
fn a_bomb_is_refused() {
    let bomb = file::deflate(&vec![b' '; 8 << 20]).unwrap();
    assert!(bomb.len() < 10_000);
    let limits = Limits {
        text: 1 << 20,
        ..Limits::default()
    };
    let result = file::from_bytes(&bomb, Path::new("bomb.scfg"), &limits);
    assert!(matches!(result, Err(FileError::TooLarge { .. })));
    let starved = Limits {
        memory: 1 << 20,
        ..Limits::default()
    };
    let result = file::from_bytes(&bomb, Path::new("bomb.scfg"), &starved);
    assert!(matches!(result, Err(FileError::Xz { .. })));
}

#[test]
fn deep_nesting_is_refused() {
    let text = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let result = file::from_bytes(text.as_bytes(), Path::new("deep.json"), &Limits::default());
    assert!(matches!(result, Err(FileError::Json { .. })));
}

#[test]
fn a_failed_write_leaves_the_file_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("taken.scfg");
    std::fs::create_dir(&target).unwrap();
    let model = ControllerDoc::new("brain_config");
    let error = file::write_model(&target, &model).unwrap_err();
    assert!(matches!(error, FileError::Io { .. }));
    assert!(error.to_string().contains("taken.scfg"));
    assert!(file::write_model(&folder.path().join("no/such/folder.scfg"), &model).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let over = folder.path().join("over.json");
    std::fs::write(&over, "old").unwrap();
    file::write_model(&over, &model).unwrap();
    assert_eq!(file::read_model(&over, &Limits::default()).unwrap(), model);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_write_removes_what_killed_writers_left_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let others = [
        ".spark-",
        ".spark-notes.tmp",
        ".spark-aB3xY9",
        "spark-aB3xY9.tmp",
        ".spark-aB3x-9.tmp",
    ];
    for name in others.iter().chain(&[".spark-aB3xY9.tmp", ".spark-locked.tmp"]) {
        std::fs::write(at(name), "x").unwrap();
    }
    let locked = std::fs::File::open(at(".spark-locked.tmp")).unwrap();
    locked.lock().unwrap();
    file::write_bytes(&at("file"), b"new").unwrap();
    assert_eq!(std::fs::read(at("file")).unwrap(), b"new");
    assert!(!at(".spark-aB3xY9.tmp").exists(), "its writer is gone");
    assert!(at(".spark-locked.tmp").exists(), "somebody is writing it");
    assert!(others.iter().all(|name| at(name).exists()));
    drop(locked);
    file::write_bytes(&at("file"), b"newer").unwrap();
    assert!(!at(".spark-locked.tmp").exists());
}

#[test]
fn a_missing_file_is_named() {
    let error = file::read(Path::new("no-such-file.scfg"), &Limits::default()).unwrap_err();
    assert!(error.to_string().starts_with("cannot read `no-such-file.scfg`"));
}
