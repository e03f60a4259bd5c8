//! Comparison with what was recorded.

use std::any::Any;
use std::collections::BTreeMap;

use super::Mismatch;
use super::case::{ArrayDoc, PortDoc};
use crate::core::payload::{
    BooleanMask, CurrentArray, FloatArray, IntegerArray, IntegerMask, PotentialArray, Shape, SpikeArray,
};
use crate::core::state::{StateArray, StateMap};

/// No more problems than these are told in words.
const MOST: usize = 8;

/// What differs so far.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) spikes_equal: bool,
    pub(super) first_spike_mismatch: Option<Mismatch>,
    pub(super) max_rel_error: f64,
    pub(super) state_max_rel_error: f64,
    pub(super) tolerance: f64,
    pub(super) problems: Vec<String>,
}

impl Tally {
    pub(super) fn new(tolerance: f64) -> Self {
        Tally {
            spikes_equal: true,
            first_spike_mismatch: None,
            max_rel_error: 0.0,
            state_max_rel_error: 0.0,
            tolerance,
            problems: Vec::new(),
        }
    }

    pub(super) fn problem(&mut self, text: impl Into<String>) {
        if self.problems.len() < MOST {
            self.problems.push(text.into());
        } else if self.problems.len() == MOST {
            self.problems.push("..".to_owned());
        }
    }

    /// Spikes, masks or whole numbers of an output differ.
    fn mismatch(&mut self, step: usize, port: &str, what: impl Into<String>) {
        if self.first_spike_mismatch.is_none() {
            self.first_spike_mismatch = Some(Mismatch {
                step,
                port: port.to_owned(),
            });
            self.problem(format!("step {step}, `{port}`: {}", what.into()));
        }
        self.spikes_equal = false;
    }

    /// Whole numbers that must be equal, of a draw.
    pub(super) fn equal<T: PartialEq + std::fmt::Debug>(&mut self, place: &str, found: &T, expected: &T) {
        if found != expected {
            self.spikes_equal = false;
            self.problem(format!(
                "{place}: found {}, recorded {}",
                excerpt(found),
                excerpt(expected)
            ));
        }
    }

    /// Numbers that must be close, measured against their own size or, if that is larger, `typical`.
    pub(super) fn close(&mut self, place: &str, found: &[f64], expected: &[f64], typical: f64) {
        match difference(found, expected, typical) {
            Some(Difference { error, at }) => {
                if exceeds(error, self.tolerance, &mut self.max_rel_error) {
                    self.problem(format!(
                        "{place}: differs by {error:e}: element {at} is {}, recorded {}",
                        found[at], expected[at]
                    ));
                }
            }
            None => self.problem(format!(
                "{place}: {} numbers, recorded {}",
                found.len(),
                expected.len()
            )),
        }
    }

    /// What a port gave in a step.
    pub(super) fn output(&mut self, step: usize, name: &str, found: Option<&dyn Any>, expected: &PortDoc) {
        let Some(found) = found else {
            self.problem(format!("there is no output `{name}`"));
            return;
        };
        if let Some(spikes) = found.downcast_ref::<SpikeArray>() {
            self.spikes(step, name, spikes, expected);
            return;
        }
        let Some((shape, values, whole)) = numbers(found) else {
            self.problem(format!("`{name}` gives something that is no array"));
            return;
        };
        let recorded = expected.values(step);
        if !same_shape(&shape, &expected.shape) {
            self.problem(format!(
                "`{name}` has the shape {shape}, recorded {:?}",
                expected.shape
            ));
        } else if whole {
            if values != recorded {
                self.mismatch(
                    step,
                    name,
                    format!("found {}, recorded {}", excerpt(&values), excerpt(&recorded)),
                );
            }
        } else {
            self.close(
                &format!("step {step}, `{name}`"),
                &values,
                &recorded,
                expected.typical(),
            );
        }
    }

    fn spikes(&mut self, step: usize, name: &str, found: &SpikeArray, expected: &PortDoc) {
        if found.shape()[..] != expected.shape[..] {
            self.mismatch(
                step,
                name,
                format!("the shape is {}, recorded {:?}", found.shape(), expected.shape),
            );
            return;
        }
        let (fired, recorded) = (found.to_flat(), expected.spikes(step));
        if fired != recorded {
            self.mismatch(
                step,
                name,
                format!("found {}, recorded {}", excerpt(&fired), excerpt(&recorded)),
            );
        }
        if found.async_spikes() != expected.async_spikes {
            self.mismatch(step, name, format!("`async_spikes` is {}", found.async_spikes()));
        }
        if let Some(inhibition) = expected.inhibition(step) {
            let mask = found.inhibition_mask();
            let units: Vec<u32> = (0u32..)
                .zip(mask.iter())
                .filter(|(_, bit)| **bit)
                .map(|(unit, _)| unit)
                .collect();
            if units != inhibition {
                self.mismatch(
                    step,
                    name,
                    format!(
                        "inhibitory are {}, recorded {}",
                        excerpt(&units),
                        excerpt(&inhibition)
                    ),
                );
            }
        }
    }

    /// The state must have the recorded variables: the same shapes, whole numbers equal, floats close.
    pub(super) fn state(&mut self, when: &str, found: &StateMap, recorded: &BTreeMap<String, ArrayDoc>) {
        for (path, expected) in recorded {
            // The package keeps the zeros with which it was built: they never change, and nothing reads them.
            if path.starts_with("_cache/__call__") {
                continue;
            }
            let place = format!("state after {when}, `{path}`");
            let Some(entry) = found.get(path) else {
                self.problem(format!(
                    "{place} is missing; there are {}",
                    excerpt(&found.paths().collect::<Vec<_>>())
                ));
                continue;
            };
            let (shape, expected_values) = (Shape::from(entry.value.shape()), expected.values());
            if !same_shape(&shape, &expected.shape) {
                self.problem(format!(
                    "{place} has the shape {shape}, recorded {:?}",
                    expected.shape
                ));
                continue;
            }
            let (values, whole) = state_values(&entry.value);
            match difference(
                &values,
                &expected_values,
                typical(expected_values.iter().copied()),
            ) {
                Some(Difference { error, .. }) if whole && error > 0.0 => {
                    self.problem(format!(
                        "{place}: found {}, recorded {}",
                        excerpt(&values),
                        excerpt(&expected_values)
                    ));
                }
                Some(Difference { error, at }) => {
                    if exceeds(error, self.tolerance, &mut self.state_max_rel_error) {
                        self.problem(format!(
                            "{place} differs by {error:e}: element {at} is {}, recorded {}",
                            values[at], expected_values[at]
                        ));
                    }
                }
                None => self.problem(format!("{place} has {} elements", values.len())),
            }
        }
    }
}

/// Single numbers are recorded with the shape `[1]`.
pub(super) fn same_shape(found: &Shape, recorded: &[usize]) -> bool {
    found[..] == recorded[..]
        || (found.is_empty() && recorded == [1])
        || (recorded.is_empty() && found[..] == [1])
}

fn excerpt(value: &impl std::fmt::Debug) -> String {
    let mut text = format!("{value:?}");
    if text.len() > 160 {
        let end = (0..=160)
            .rev()
            .find(|&end| text.is_char_boundary(end))
            .unwrap_or(0);
        text.truncate(end);
        text.push_str(" ..");
    }
    text
}

/// Takes up an error; whether it is the first beyond the tolerance.
fn exceeds(error: f64, tolerance: f64, largest: &mut f64) -> bool {
    let is_first = error > tolerance && *largest <= tolerance;
    *largest = largest.max(error);
    is_first
}

/// The largest of 1 and the numbers' absolute values. What is left of numbers of this size when they cancel is as inexact
/// as they were.
pub(super) fn typical(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let finite = numbers
        .into_iter()
        .map(f64::abs)
        .filter(|number| number.is_finite());
    finite.fold(1.0, f64::max)
}

/// How far two lists of numbers are apart, and where most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Difference {
    pub(super) error: f64,
    pub(super) at: usize,
}

/// The largest difference, relative to the recorded number or to `typical`, whichever is larger; `None` if there are more
/// or fewer numbers.
pub(super) fn difference(found: &[f64], expected: &[f64], typical: f64) -> Option<Difference> {
    let of = |found: f64, expected: f64| {
        if found == expected || (found.is_nan() && expected.is_nan()) {
            return 0.0;
        }
        let difference = (found - expected).abs() / expected.abs().max(typical);
        // Not a number, or infinite: as far as can be; JSON knows neither.
        if difference.is_finite() {
            difference
        } else {
            f64::MAX
        }
    };
    let mut worst = Difference { error: 0.0, at: 0 };
    for (at, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let error = of(found, expected);
        if error > worst.error {
            worst = Difference { error, at };
        }
    }
    (found.len() == expected.len()).then_some(worst)
}

/// Shape and numbers of a payload, and whether they are whole.
fn numbers(value: &dyn Any) -> Option<(Shape, Vec<f64>, bool)> {
    macro_rules! floats {
        ($($payload:ty),*) => {$(
            if let Some(value) = value.downcast_ref::<$payload>() {
                return Some((value.shape().clone(), value.as_slice().iter().map(|&x| f64::from(x)).collect(), false));
            }
        )*};
    }
    floats!(FloatArray, CurrentArray, PotentialArray);
    if let Some(value) = value.downcast_ref::<IntegerArray>() {
        return Some((
            value.shape().clone(),
            value.as_slice().iter().map(|&x| f64::from(x)).collect(),
            true,
        ));
    }
    if let Some(value) = value.downcast_ref::<IntegerMask>() {
        return Some((
            value.shape().clone(),
            value.as_slice().iter().map(|&x| f64::from(x)).collect(),
            true,
        ));
    }
    let value = value.downcast_ref::<BooleanMask>()?;
    let bits = value.as_slice().iter().map(|&bit| f64::from(u8::from(bit)));
    Some((value.shape().clone(), bits.collect(), true))
}

fn state_values(array: &StateArray) -> (Vec<f64>, bool) {
    match array {
        StateArray::Float32(array) => (array.iter().map(|&x| f64::from(x)).collect(), false),
        StateArray::Float64(array) => (array.iter().copied().collect(), false),
        StateArray::UInt8(array) => (array.iter().map(|&x| f64::from(x)).collect(), true),
        StateArray::UInt16(array) => (array.iter().map(|&x| f64::from(x)).collect(), true),
        StateArray::UInt32(array) => (array.iter().map(|&x| f64::from(x)).collect(), true),
        StateArray::UInt64(array) => (array.iter().map(|&x| x as f64).collect(), true),
        StateArray::Int32(array) => (array.iter().map(|&x| f64::from(x)).collect(), true),
        StateArray::Int64(array) => (array.iter().map(|&x| x as f64).collect(), true),
        StateArray::Bool(array) => (array.iter().map(|&x| f64::from(u8::from(x))).collect(), true),
    }
}
