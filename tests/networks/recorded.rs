//! Reading of recorded runs.

use std::io::Read;
use std::path::PathBuf;

use serde_json::Value;
use spark::{FloatArray, Mask, Real, Shape, SpikeArray, StateArray, StateMap};

/// A file among the fixtures.
pub fn fixture(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(path)
}

/// A recorded run, `run.json.gz`.
pub fn run(path: &str) -> Value {
    let file = std::fs::File::open(fixture(path)).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The number of steps of a run.
pub fn steps(run: &Value) -> usize {
    run["steps"].as_u64().unwrap() as usize
}

/// The shape of a port of a run.
pub fn shape(port: &Value) -> Shape {
    Shape::from(
        port["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_u64().unwrap() as usize)
            .collect::<Vec<_>>(),
    )
}

/// The floats of a port at a step.
pub fn floats(port: &Value, step: usize) -> Vec<Real> {
    let data = port.get("constant").unwrap_or_else(|| &port["data"][step]);
    data.as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap() as Real)
        .collect()
}

/// A float payload at a step.
pub fn float_array(port: &Value, step: usize) -> FloatArray {
    FloatArray::from_vec(shape(port), floats(port, step)).unwrap()
}

/// The indices of the spikes of a port at a step.
pub fn spikes(port: &Value, step: usize) -> Vec<u32> {
    port["spikes"][step]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n.as_u64().unwrap() as u32)
        .collect()
}

/// A spike payload at a step.
pub fn spike_array(port: &Value, step: usize) -> SpikeArray {
    let mut mask = vec![false; shape(port).count()];
    for unit in port["inhibition"].as_array().unwrap() {
        mask[unit.as_u64().unwrap() as usize] = true;
    }
    SpikeArray::from_indices(shape(port), spikes(port, step))
        .unwrap()
        .with_mask(Mask::new(mask))
        .unwrap()
}

/// Floats agree within 2e-6 of the value or of 1; after long runs errors add up, hence `factor`.
pub fn assert_close(found: &[Real], expected: &[Real], factor: Real, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: number of values");
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        let difference = (a - b).abs() / b.abs().max(1.0);
        assert!(difference <= 2e-6 * factor, "{what}[{i}]: {a} is not {b}");
    }
}

/// The state has every recorded variable: integers equal, floats close.
pub fn assert_state(found: &StateMap, recorded: &Value, factor: Real, what: &str) {
    let mut missing = Vec::new();
    for (path, expected) in recorded.as_object().unwrap() {
        // The package keeps a copy of the inputs that never changes: it is no state.
        if path.starts_with("_cache/__call__") {
            continue;
        }
        let Some(entry) = found.get(path) else {
            missing.push(path);
            continue;
        };
        let what = format!("{what} `{path}`");
        let wanted: Vec<Real> = expected["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap() as Real)
            .collect();
        let (values, exact): (Vec<Real>, bool) = match &entry.value {
            StateArray::Float32(array) => (array.iter().map(|&x| x as Real).collect(), false),
            StateArray::Float64(array) => (array.iter().map(|&x| x as Real).collect(), false),
            StateArray::UInt8(array) => (array.iter().map(|&x| Real::from(x)).collect(), true),
            StateArray::UInt16(array) => (array.iter().map(|&x| Real::from(x)).collect(), true),
            StateArray::UInt32(array) => (array.iter().map(|&x| x as Real).collect(), true),
            StateArray::Int32(array) => (array.iter().map(|&x| x as Real).collect(), true),
            StateArray::Bool(array) => (array.iter().map(|&x| Real::from(u8::from(x))).collect(), true),
            other => panic!("{what}: unexpected type {other:?}"),
        };
        if exact {
            assert_eq!(values, wanted, "{what}");
        } else {
            assert_close(&values, &wanted, factor, &what);
        }
    }
    assert!(
        missing.is_empty(),
        "{what}: missing {missing:?}; there are {:?}",
        found.paths().collect::<Vec<_>>()
    );
}
