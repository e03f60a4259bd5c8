//! What encoders share: values from 0 to 1, and the limit of one spike per step.

use crate::core::array::Real;
use crate::core::error::{BuildError, Problem};
use crate::core::module::Keys;
use crate::core::units::Hz;

/// A value kept within 0 and 1. What is no number is 0.
pub(super) fn within(value: Real) -> f64 {
    let value = f64::from(value);
    if value > 0.0 { value.min(1.0) } else { 0.0 }
}

/// How many cycles of this frequency fit into a step: one at most, or the field is refused.
pub(super) fn cycles_per_step(field: &'static str, frequency: Hz, keys: &Keys) -> Result<f64, BuildError> {
    let cycles = keys.dt().value() * frequency.value() / 1000.0;
    if cycles <= 1.0 {
        return Ok(cycles);
    }
    let problem = Problem::new(field, "a unit spikes once per step at most")
        .expected(format!("at most {} Hz", 1000.0 / keys.dt().value()))
        .found(frequency)
        .help("choose a smaller dt or a lower frequency");
    Err(problem.inside(keys.path()).into())
}
