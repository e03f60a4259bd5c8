//! What `spark codegen` prints, and what the macros know of `spark`, is what stands in the repository.
//!
//! After a change of either: `SPARK_BLESS=1 cargo test -p spark-tests --test codegen_sources`, then read what changed.
//! This program declares no networks: the registry has what `spark` has, and broken sources can be written anew.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spark::codegen::{self, Arrays, Options, Source};
use spark::core::npy;
use spark_ir::names::camel_case;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Holds a file equal to a text.
fn same_or_bless(path: &Path, text: &str) {
    if std::env::var_os("SPARK_BLESS").is_some() {
        std::fs::write(path, text).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == text,
        "{} is not up to date: SPARK_BLESS=1 writes it anew",
        path.display()
    );
}

#[test]
fn the_sources_of_the_models_are_up_to_date() {
    for line in include_str!("models.txt").lines() {
        let mut words = line.split(' ');
        let (module, file) = (words.next().unwrap(), words.next().unwrap());
        let mut options = Options::named(camel_case(module));
        options.inputs = words.map(|input| input.parse().unwrap()).collect();
        let source = codegen::from_file(folder().join("fixtures").join(file), &options).unwrap();
        assert!(source.files.is_empty());
        same_or_bless(
            &folder().join(format!("codegen/{module}.rs")),
            &source.program(file),
        );
    }
}

#[test]
fn the_macros_know_all_of_spark() {
    let text = codegen::vocabulary().to_text().unwrap();
    same_or_bless(
        &folder().join("../spark-macros/src/include/vocabulary.json"),
        &text,
    );
}

/// A neuron of one node, and what it is written as.
fn soma(name: &str, class: &str, config: Value, arrays: Arrays) -> Result<Source, String> {
    let map = json!({"__type__": "port_map", "__data__": {"origin": "__call__", "port": "current"}});
    let node = json!({"__type__": "module_specs", "__data__": {
        "name": name, "module_cls": {"__module_type__": class, "__subregistry__": "MODULES"},
        "inputs": {"current": [map]}, "config": config, "outputs": {"spikes": "spikes"}}});
    let metadata = json!({"spark_rs": {"format": 1, "compat": "SparkSnn1"}});
    let model = json!({"__type__": "neuron_config", "__cfg__": {
        "__metadata__": metadata, "units": [4], "modules_specs": [node]}});
    let options = Options {
        arrays,
        ..Options::named("One")
    };
    codegen::from_json(&model, &options).map_err(|error| error.to_string())
}

fn node_line(config: Value) -> String {
    let text = soma("soma", "leaky_soma", config, Arrays::Inline).unwrap().text;
    text.lines()
        .find(|line| line.contains("soma = "))
        .unwrap()
        .trim()
        .to_owned()
}

#[test]
fn values_are_written_with_their_units_and_all_their_digits() {
    for (field, value, text) in [
        (
            "potential_tau",
            json!(10.75268817204301),
            "potential_tau: 10.75268817204301ms",
        ),
        ("threshold", json!(-45), "threshold: -45mV"),
        ("resistance", json!(1e-7), "resistance: 1e-7GOhm"),
        ("seed", json!(u64::MAX), "seed: 18446744073709551615u64"),
        ("dtype", json!("float16"), "dtype: Dtype::Float16"),
    ] {
        assert_eq!(
            node_line(json!({field: value})),
            format!("soma = LeakySoma {{ {text} }};")
        );
    }
}

#[test]
fn what_is_the_default_is_left_out() {
    let config = json!({"seed": null, "dtype": "float32", "potential_tau": 20, "__metadata__": {}});
    assert_eq!(node_line(config), "soma = LeakySoma;");
}

#[test]
fn a_time_step_of_its_own_is_kept() {
    assert_eq!(node_line(json!({"dt": 0.5})), "soma = LeakySoma { dt: 0.5ms };");
}

fn array(dtype: &str, shape: &[usize], data: Value) -> Value {
    json!({"threshold": {"__type__": "jax_array", "dtype": dtype, "shape": shape, "data": data}})
}

#[test]
fn arrays_are_lists_of_the_type_in_the_file() {
    for (config, text) in [
        (array("float32", &[2], json!([-45.0, -40.5])), "[-45mV, -40.5mV]"),
        (
            array("float16", &[2], json!([-45.0, -40.5])),
            "ArrayValue::vector([-45.0, -40.5]).of_type(Dtype::Float16)",
        ),
        (
            array("float32", &[1, 2], json!([[-45.0, -40.5]])),
            "[[-45mV, -40.5mV]]",
        ),
        (
            array("int32", &[1, 2], json!([[-45, -40]])),
            "ArrayValue::from([[-45.0, -40.0]]).of_type(Dtype::Int32)",
        ),
        (
            array("float32", &[], json!(-45.0)),
            "ArrayValue::from(-45.0).of_type(Dtype::Float32)",
        ),
    ] {
        assert_eq!(
            node_line(config),
            format!("soma = LeakySoma {{ threshold: {text} }};")
        );
    }
}

#[test]
fn large_arrays_become_files_where_there_is_a_folder() {
    let config = array("float16", &[2, 2], json!([[1.0, 2.0], [3.0, 4.5]]));
    let arrays = Arrays::Files {
        above: 3,
        folder: "arrays/".to_owned(),
    };
    let source = soma("soma", "leaky_soma", config, arrays).unwrap();
    let value = "npy!(\"arrays/one_0_threshold.npy\").of_type(Dtype::Float16)";
    assert!(source.text.contains(value), "{}", source.text);
    let [file] = source.files.as_slice() else {
        panic!("one file")
    };
    assert_eq!(file.name, "one_0_threshold.npy");
    let read = npy::check(&file.bytes, &file.name).read();
    assert_eq!(read.shape(), &spark::Shape::from([2, 2]));
    assert_eq!(read.data(), [1.0, 2.0, 3.0, 4.5]);
}

#[test]
fn an_array_of_three_dimensions_needs_a_file() {
    let config = array("float32", &[1, 1, 1], json!([[[1.0]]]));
    let error = soma("soma", "leaky_soma", config, Arrays::Inline).unwrap_err();
    assert!(error.contains("SPK049") && error.contains("--npy-dir"), "{error}");
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once_with_their_places() {
    let config = json!({"treshold": 1.0, "resistance": "high"});
    let error = soma("type", "leaky_soma", config, Arrays::Inline).unwrap_err();
    for text in [
        "/__cfg__/modules_specs/0/__data__/name",
        "SPK049: `type` cannot be a name",
        "/__cfg__/modules_specs/0/__data__/config/treshold",
        "did you mean `threshold`",
        "/__cfg__/modules_specs/0/__data__/config/resistance",
    ] {
        assert!(error.contains(text), "`{text}` is missing in {error}");
    }
    let error = soma("soma", "leaky_som", json!({}), Arrays::Inline).unwrap_err();
    assert!(error.contains("did you mean `leaky_soma`"), "{error}");
}

#[test]
fn a_class_of_another_crate_is_a_type_of_that_name() {
    let mut options = Options::named("One");
    options.inputs.push("current=CurrentArray[3]".parse().unwrap());
    options.outputs.push("spikes=SpikeArray".parse().unwrap());
    options
        .types
        .push(("my_soma".to_owned(), "somas::Mine".to_owned()));
    let map = json!({"__type__": "port_map", "__data__": {"origin": "__call__", "port": "current"}});
    let node = |class: &str| {
        let node = json!({"__type__": "module_specs", "__data__": {
            "name": "soma", "module_cls": {"__module_type__": class, "__subregistry__": "MODULES"},
            "inputs": {"current": [map]}, "config": {"gain": 2.5, "on": true, "sizes": [1, 2], "mixed": [1, 2.5]},
            "outputs": {"spikes": "spikes"}}});
        json!({"__type__": "neuron_config", "__cfg__": {"modules_specs": [node]}})
    };
    let fields = "gain: 2.5, on: true, sizes: [1, 2], mixed: [1.0, 2.5]";
    for (class, ty) in [("my_soma", "somas::Mine"), ("other_thing", "OtherThing")] {
        let source = codegen::from_json(&node(class), &options).unwrap();
        let line = format!("    soma = {ty} {{ {fields} }};\n");
        assert!(source.text.contains(&line), "{}", source.text);
        assert!(
            source
                .text
                .starts_with("pub neuron One(current: CurrentArray[3]) -> (spikes: SpikeArray) {")
        );
    }
}
