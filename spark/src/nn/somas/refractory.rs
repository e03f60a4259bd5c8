//! The time after a spike in which a unit does not take part.

use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::nn::param::{ParamExt, shaped};

/// Steps since the last spike of each unit, and which units are ready.
///
/// A unit is ready when more than `cooldown` steps have passed. After a reset the counter stands at `cooldown`, so
/// no unit can fire in the very first step.
#[derive(Debug, Clone, Stateful)]
pub(crate) struct Refractory {
    steps: Variable<Vec<u32>>,
    ready: Variable<Vec<bool>>,
    cooldown: Vec<u32>,
    limit: Limit,
}

/// What the counter does at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// It stays there.
    Stays,
    /// It starts again after 65535, as the 16 bits of the Python package do: the unit is then refractory once more.
    Wraps16,
}

impl Refractory {
    /// `cooldown` in ms; rounded to steps, half to even.
    pub(crate) fn new(cooldown: &Param, dt: f64, compat: Compat, shape: &Shape) -> Self {
        let limit = if compat.is_spark_snn_1() {
            Limit::Wraps16
        } else {
            Limit::Stays
        };
        let steps = |ms: Real| {
            let rounded = f64::from(ms).round_ties_even();
            match limit {
                Limit::Stays => rounded as u32,
                Limit::Wraps16 => u32::from(rounded as u16),
            }
        };
        let cooldown: Vec<u32> = (cooldown / &Param::Scalar(dt))
            .per_element(shape)
            .into_iter()
            .map(steps)
            .collect();
        let ready = Variable::new(vec![true; cooldown.len()]);
        Refractory {
            steps: Variable::new(cooldown.clone()),
            ready,
            cooldown,
            limit,
        }
    }

    /// Whether unit `i` takes part in this step.
    #[inline(always)]
    pub(crate) fn is_ready(&mut self, i: usize) -> bool {
        let ready = self.steps[i] > self.cooldown[i];
        self.ready[i] = ready;
        ready
    }

    /// Counts the step.
    #[inline(always)]
    pub(crate) fn count(&mut self, i: usize, spiked: bool) {
        let next = match self.limit {
            Limit::Stays => self.steps[i].saturating_add(1),
            Limit::Wraps16 => (self.steps[i] + 1) & 0xFFFF,
        };
        self.steps[i] = if spiked { 0 } else { next };
    }

    pub(crate) fn reset(&mut self) {
        self.steps.copy_from_slice(&self.cooldown);
    }

    pub(crate) fn spark_state(&self, path: &str, shape: &Shape, state: &mut StateMap) {
        let saturated = self.steps.iter().map(|&steps| steps.min(0xFFFF) as u16).collect();
        state.insert_u16(join(path, "refractory"), shaped(shape, saturated));
        state.insert_bool(join(path, "is_ready"), shaped(shape, self.ready.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent_steps(compat: Compat, steps: usize) -> bool {
        let mut refractory = Refractory::new(&Param::Scalar(2.0), 1.0, compat, &Shape::from([1]));
        let mut ready = false;
        for _ in 0..steps {
            ready = refractory.is_ready(0);
            refractory.count(0, false);
        }
        ready
    }

    #[test]
    fn a_unit_is_not_ready_in_the_step_after_a_reset() {
        assert!(!silent_steps(Compat::Standard, 1));
        assert!(silent_steps(Compat::Standard, 2));
    }

    #[test]
    fn a_long_silence_makes_nobody_refractory_unless_the_python_package_is_followed() {
        assert!(silent_steps(Compat::Standard, 65_536));
        assert!(!silent_steps(Compat::SparkSnn1, 65_536));
        assert!(silent_steps(Compat::SparkSnn1, 65_538));
    }

    #[test]
    fn a_cooldown_is_rounded_half_to_even() {
        let cooldown =
            |ms| Refractory::new(&Param::Scalar(ms), 1.0, Compat::Standard, &Shape::from([1])).cooldown[0];
        assert_eq!([cooldown(2.5), cooldown(3.5), cooldown(-1.0)], [2, 4, 0]);
    }
}
