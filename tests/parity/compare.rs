//! Comparison with what was recorded.

use serde_json::Value;
use spark::{StateArray, StateMap};

use crate::TOLERANCE;
use crate::case::{numbers, shape};

/// The largest difference between floats, relative to the value or to 1.
pub(crate) fn difference(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let of = |(found, expected): (&f64, &f64)| {
        if found == expected || (found.is_nan() && expected.is_nan()) {
            return 0.0;
        }
        (found - expected).abs() / expected.abs().max(1.0)
    };
    found.iter().zip(expected).map(of).fold(0.0, f64::max)
}

/// Floats must agree within the tolerance.
pub(crate) fn close(found: &[f64], expected: &[f64], what: &str) {
    let difference = difference(found, expected);
    assert!(
        difference <= TOLERANCE,
        "{what}: differs by {difference:e}\nfound {found:?}\nexpected {expected:?}"
    );
}

fn values(array: &StateArray) -> Vec<f64> {
    match array {
        StateArray::Float32(array) => array.iter().map(|&x| f64::from(x)).collect(),
        StateArray::Float64(array) => array.iter().copied().collect(),
        StateArray::UInt8(array) => array.iter().map(|&x| f64::from(x)).collect(),
        StateArray::UInt16(array) => array.iter().map(|&x| f64::from(x)).collect(),
        StateArray::UInt32(array) => array.iter().map(|&x| f64::from(x)).collect(),
        StateArray::UInt64(array) => array.iter().map(|&x| x as f64).collect(),
        StateArray::Int32(array) => array.iter().map(|&x| f64::from(x)).collect(),
        StateArray::Int64(array) => array.iter().map(|&x| x as f64).collect(),
        StateArray::Bool(array) => array.iter().map(|&x| f64::from(u8::from(x))).collect(),
    }
}

/// The state must have the recorded variables: the same shapes, integers equal, floats within the tolerance.
pub(crate) fn state(found: &StateMap, recorded: &Value, what: &str) {
    for (path, expected) in recorded.as_object().unwrap() {
        let what = format!("{what}, state `{path}`");
        let entry = found.get(path).unwrap_or_else(|| {
            panic!(
                "{what} is missing; there are {:?}",
                found.paths().collect::<Vec<_>>()
            )
        });
        let sizes = shape(expected);
        // Single numbers are recorded with the shape [1].
        assert!(
            entry.value.shape() == &sizes[..] || sizes.count() == 1,
            "{what}: shape {:?} is not {sizes}",
            entry.value.shape()
        );
        let (found, wanted) = (values(&entry.value), numbers(&expected["data"]));
        match &entry.value {
            StateArray::Float32(_) | StateArray::Float64(_) => close(&found, &wanted, &what),
            _ => assert_eq!(found, wanted, "{what}"),
        }
    }
}
