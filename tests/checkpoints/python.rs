//! Python reads the files with the package `safetensors`, and writes them.
//!
//! `SPARK_PYTHON` names a Python that has it (`pip install safetensors numpy`), else `python3` is tried. Without the
//! package the test says so and passes.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use spark::checkpoint::{Checkpoint, Checkpointed};
use spark::prelude::*;
use spark::{StateArray, StateEntry};

use crate::support::{File, pool};

/// What the script exits with where the package is not installed.
const NOT_INSTALLED: i32 = 77;

/// A state with an array of each type.
fn every_type() -> Checkpoint {
    let mut checkpoint = Checkpoint::of(&pool());
    let state = &mut checkpoint.state;
    state.insert_f64("types/f64", ArrayD::from_elem(vec![2], -1.0e300));
    state.insert_u16("types/u16", ArrayD::from_elem(vec![1, 3], u16::MAX));
    state.insert_u64("types/u64", ArrayD::from_elem(vec![], u64::MAX));
    state.insert_i32("types/i32", ArrayD::from_elem(vec![2], -5));
    state.insert_i64("types/i64", ArrayD::from_elem(vec![2], i64::MIN));
    state.insert_bool("types/bool", ArrayD::from_elem(vec![2], true));
    state.insert_f32("types/none", ArrayD::zeros(vec![0, 2]));
    checkpoint
}

fn numbers(entry: &StateEntry) -> Value {
    match &entry.value {
        StateArray::Float32(array) => json!(array.iter().collect::<Vec<_>>()),
        StateArray::Float64(array) => json!(array.iter().collect::<Vec<_>>()),
        StateArray::UInt8(array) => json!(array.iter().collect::<Vec<_>>()),
        StateArray::UInt16(array) => json!(array.iter().collect::<Vec<_>>()),
        StateArray::UInt32(array) => json!(array.iter().collect::<Vec<_>>()),
        StateArray::UInt64(array) => json!(array.iter().collect::<Vec<_>>()),
        StateArray::Int32(array) => json!(array.iter().collect::<Vec<_>>()),
        StateArray::Int64(array) => json!(array.iter().collect::<Vec<_>>()),
        StateArray::Bool(array) => json!(array.iter().collect::<Vec<_>>()),
    }
}

/// Runs the script on a file; `None` where the package is not installed.
fn look_with_python(path: &Path, changed: &Path) -> Option<Value> {
    let python = std::env::var("SPARK_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("checkpoints/look.py");
    let output = Command::new(python)
        .arg(script)
        .args([path, changed])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => Some(serde_json::from_slice(&output.stdout).unwrap()),
        Some(NOT_INSTALLED) => None,
        _ => panic!("{text}"),
    }
}

#[test]
fn python_reads_what_is_written_and_writes_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (path, changed) = (
        folder.path().join("pool.safetensors"),
        folder.path().join("changed"),
    );
    let checkpoint = every_type();
    checkpoint.write(&path).unwrap();
    let Some(seen) = look_with_python(&path, &changed) else {
        println!("skipped: the Python package safetensors is not installed");
        return;
    };
    assert_eq!(
        seen["checksum"],
        File::of(&std::fs::read(&path).unwrap()).checksum()
    );
    assert_eq!(seen["name"], "LIFNeuron");
    assert_eq!(seen["inputs"], json!({ "in_spikes": [5] }));
    assert_eq!(seen["config"], pool().saved_config().to_json().unwrap());
    for (name, entry) in checkpoint.state.iter() {
        let tensor = &seen["tensors"][name];
        assert_eq!(tensor["dtype"], entry.value.dtype().name(), "{name}");
        assert_eq!(tensor["shape"], json!(entry.value.shape()), "{name}");
        assert_eq!(tensor["numbers"], numbers(entry), "{name}");
    }

    // The script has doubled the kernel and written the file anew, with its checksum.
    let mut found = Checkpoint::read(&changed).unwrap();
    let kernel = "synapses/weights/kernel";
    let double = |entry: &StateEntry| match &entry.value {
        StateArray::Float32(array) => StateArray::Float32(array.mapv(|weight| 2.0 * weight)),
        StateArray::Float64(array) => StateArray::Float64(array.mapv(|weight| 2.0 * weight)),
        other => panic!("{other:?}"),
    };
    let before = checkpoint.state.get(kernel).unwrap();
    let after = found.state.get_mut(kernel).unwrap();
    assert_eq!(after.value, double(before));
    after.value = before.value.clone();
    assert_eq!(found.state, checkpoint.state);
}
