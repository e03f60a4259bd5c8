//! What sources and encoders share that follow the time: which step it is.

use crate::core::state::{Stateful, Variable};
use crate::core::units::Ms;

/// Counts the steps since the last reset.
#[derive(Debug, Clone, Stateful)]
pub(super) struct Clock {
    step: Variable<u64>,
}

impl Clock {
    pub(super) fn new() -> Self {
        Clock {
            step: Variable::new(0),
        }
    }

    /// The number of this step, from 0 on.
    pub(super) fn tick(&mut self) -> u64 {
        let now = *self.step;
        *self.step = now.wrapping_add(1);
        now
    }

    pub(super) fn reset(&mut self) {
        *self.step = 0;
    }
}

/// The step in which a time falls: step `k` lasts from `k dt` up to `(k + 1) dt`. A time that misses the beginning of a step by
/// a rounding error belongs to it.
pub(super) fn step_of(time: Ms, dt: Ms) -> u64 {
    const ROUNDING: f64 = 1e-6;
    (time.value() / dt.value() + ROUNDING).floor() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multiple_of_the_step_is_the_beginning_of_a_step() {
        for k in 0..1000 {
            assert_eq!(step_of(Ms(0.1 * k as f64), Ms(0.1)), k);
        }
        assert_eq!([step_of(Ms(0.9), Ms(1.0)), step_of(Ms(1.5), Ms(1.0))], [0, 1]);
    }
}
