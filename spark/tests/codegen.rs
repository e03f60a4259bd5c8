//! `spark codegen` as a user calls it.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/fixtures")
        .join(path)
}

fn codegen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spark"))
        .arg("codegen")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn a_model_is_printed_as_a_source_file() {
    let model = fixture("goldens/models/lif_neuron/model.scfg");
    let output = codegen(&[
        model.to_str().unwrap(),
        "--name",
        "Pool",
        "--input",
        "in_spikes=[10]",
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(text.starts_with("//! The model of `model.scfg`"), "{text}");
    assert!(
        text.contains("    pub neuron Pool(in_spikes: SpikeArray[10]) -> (out_spikes: SpikeArray) {"),
        "{text}"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_refused_and_nothing_is_printed() {
    let output = codegen(&["no_such_model.scfg"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(error.contains("no_such_model.scfg"), "{error}");
}

#[test]
fn an_input_that_the_model_does_not_have_is_told() {
    let model = fixture("goldens/models/lif_neuron/model.scfg");
    let output = codegen(&[model.to_str().unwrap(), "--input", "in_spike=[10]"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("did you mean `in_spikes`"), "{error}");
    let output = codegen(&[model.to_str().unwrap(), "--input", "in_spikes"]);
    assert_eq!(output.status.code(), Some(2), "no option of this form");
}

#[test]
fn the_source_and_its_arrays_are_written_beside_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (source, arrays) = (folder.path().join("own.rs"), folder.path().join("arrays"));
    let model = fixture("../codegen/own.json");
    let arguments = [
        model.to_str().unwrap(),
        "--output=y=FloatArray",
        "--input=x=FloatArray[2]",
        "--output-file",
        source.to_str().unwrap(),
        "--npy-dir",
        arrays.to_str().unwrap(),
    ];
    let output = codegen(&arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = std::fs::read_to_string(source).unwrap();
    let name = "own_3_0_kernel.npy";
    assert!(text.contains(&format!("npy!(\"arrays/{name}\")")), "{text}");
    assert!(arrays.join(name).exists());
}
