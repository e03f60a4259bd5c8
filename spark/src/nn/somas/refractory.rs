//! The time after a spike in which a unit does not take part.

use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::dtype::Dtype;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::kernels::select::kept_if;
use crate::nn::param::{ParamExt, shaped};

/// Steps since the last spike of each unit, and which units are ready.
///
/// A unit is ready when more than `cooldown` steps have passed. After a reset the counter stands at `cooldown`, so
/// no unit can fire in the very first step, unless the period is strict.
#[derive(Debug, Clone, Stateful)]
pub(crate) struct Refractory {
    steps: Variable<Vec<u32>>,
    ready: Variable<Vec<bool>>,
    cooldown: Vec<u32>,
    /// The count from which on a unit is ready.
    needed: Vec<u32>,
    limit: Limit,
    counter: Counter,
}

/// The parts of [`Refractory`].
pub(super) struct RefractoryParts<'a> {
    pub(super) steps: &'a mut [u32],
    pub(super) needed: &'a [u32],
    /// Which units take part in this step.
    pub(super) ready: &'a mut [bool],
    /// What a counter is after a step.
    pub(super) limit: Limit,
}

/// What the counter does at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limit {
    /// Here it stays.
    end: u32,
    /// Bits of the counter.
    bits: u32,
}

impl Limit {
    /// It stays there.
    const STAYS: Limit = Limit::stays_at(u32::MAX);

    /// It starts again after 65535, as the 16 bits of the Python package do: the unit is then refractory once more.
    const WRAPS_16: Limit = Limit {
        end: u32::MAX,
        bits: 0xFFFF,
    };

    const fn stays_at(end: u32) -> Self {
        Limit { end, bits: u32::MAX }
    }

    /// The counter after a step.
    #[inline(always)]
    pub(super) fn after(self, steps: u32, fired: bool) -> u32 {
        // No branch: all ones, unless the unit fired.
        self.next(steps) & u32::from(fired).wrapping_sub(1)
    }

    #[inline(always)]
    fn next(self, steps: u32) -> u32 {
        (steps + u32::from(steps < self.end)) & self.bits
    }
}

/// How the Python package keeps the counter in its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counter {
    Bits16,
    Float,
}

impl Refractory {
    /// `cooldown` in ms; rounded to steps, half to even.
    pub(crate) fn new(cooldown: &Param, dt: f64, compat: Compat, shape: &Shape) -> Self {
        let limit = if compat.is_spark_snn_1() {
            Limit::WRAPS_16
        } else {
            Limit::STAYS
        };
        let steps = |ms: Real| {
            let rounded = f64::from(ms).round_ties_even();
            (rounded as u32).min(limit.bits)
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
            needed: cooldown.iter().map(|&steps| steps.saturating_add(1)).collect(),
            cooldown,
            limit,
            counter: Counter::Bits16,
        }
    }

    /// Units are ready as soon as `cooldown` steps have passed, not one later.
    pub(crate) fn strict(mut self) -> Self {
        self.needed.clone_from(&self.cooldown);
        self
    }

    /// The counter is a floating-point number of this type, as some somas of the Python package have it. Following the
    /// package it stays where adding 1 changes nothing: at 2048 in half precision.
    pub(crate) fn counted_in(mut self, dtype: Dtype) -> Self {
        self.counter = Counter::Float;
        if self.limit == Limit::WRAPS_16 {
            self.limit = Limit::stays_at(if dtype == Dtype::Float16 { 1 << 11 } else { 1 << 24 });
        }
        self
    }

    /// Its parts, for loops that do everything at once.
    #[inline(always)]
    pub(super) fn parts(&mut self) -> RefractoryParts<'_> {
        RefractoryParts {
            steps: &mut self.steps,
            needed: &self.needed,
            ready: &mut self.ready,
            limit: self.limit,
        }
    }

    /// Begins a step: which units take part in it?
    #[inline(always)]
    pub(crate) fn begin(&mut self) {
        find_ready(&mut self.ready, &self.steps, &self.needed);
    }

    /// The units that take part in this step.
    #[inline(always)]
    pub(crate) fn ready(&self) -> &[bool] {
        &self.ready
    }

    /// Ends a step in which these units fired.
    #[inline(always)]
    pub(crate) fn end(&mut self, fired: &[bool]) {
        count(&mut self.steps, fired, self.limit);
    }

    pub(crate) fn reset(&mut self) {
        self.steps.copy_from_slice(&self.cooldown);
    }

    pub(crate) fn spark_state(&self, path: &str, shape: &Shape, state: &mut StateMap) {
        let name = join(path, "refractory");
        match self.counter {
            Counter::Bits16 => {
                let saturated = self.steps.iter().map(|&steps| steps.min(0xFFFF) as u16).collect();
                state.insert_u16(name, shaped(shape, saturated));
            }
            Counter::Float => {
                let floats: Vec<Real> = self.steps.iter().map(|&steps| steps as Real).collect();
                state.insert_array(name, self.steps.kind(), shaped(shape, floats));
            }
        }
        state.insert_bool(join(path, "is_ready"), shaped(shape, self.ready.to_vec()));
    }
}

#[inline(always)]
fn find_ready(ready: &mut [bool], steps: &[u32], needed: &[u32]) {
    for ((ready, steps), needed) in ready.iter_mut().zip(steps).zip(needed) {
        *ready = steps >= needed;
    }
}

#[inline(always)]
fn count(steps: &mut [u32], fired: &[bool], limit: Limit) {
    for (steps, &fired) in steps.iter_mut().zip(fired) {
        *steps = limit.after(*steps, fired);
    }
}

/// The input that a unit takes, which is none while it is not ready.
#[inline(always)]
pub(super) fn gated((&input, &ready): (&Real, &bool)) -> Real {
    kept_if(ready, input)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Refractory {
        fn is_ready(&self, i: usize) -> bool {
            self.steps[i] >= self.needed[i]
        }

        fn count(&mut self, i: usize, fired: bool) {
            let mut all = vec![false; self.steps.len()];
            all[i] = fired;
            self.begin();
            self.end(&all);
        }
    }

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
    fn a_counter_in_single_precision_never_starts_again() {
        for compat in [Compat::Standard, Compat::SparkSnn1] {
            let new = Refractory::new(&Param::Scalar(2.0), 1.0, compat, &Shape::from([1]));
            let mut refractory = new.counted_in(Dtype::Float32);
            for _ in 0..65_536 {
                refractory.count(0, false);
            }
            assert!(refractory.is_ready(0));
        }
    }

    #[test]
    fn a_cooldown_is_rounded_half_to_even() {
        let cooldown =
            |ms| Refractory::new(&Param::Scalar(ms), 1.0, Compat::Standard, &Shape::from([1])).cooldown[0];
        assert_eq!([cooldown(2.5), cooldown(3.5), cooldown(-1.0)], [2, 4, 0]);
    }

    #[test]
    fn a_strict_cooldown_is_over_one_step_earlier() {
        let refractory = |strict: bool| {
            let new = Refractory::new(&Param::Scalar(2.0), 1.0, Compat::Standard, &Shape::from([1]));
            if strict { new.strict() } else { new }
        };
        let ready = |strict| {
            let mut refractory = refractory(strict);
            refractory.count(0, true);
            let step = |_| {
                let ready = refractory.is_ready(0);
                refractory.count(0, false);
                ready
            };
            (0..4).map(step).collect::<Vec<bool>>()
        };
        assert_eq!(ready(false), [false, false, false, true]);
        assert_eq!(ready(true), [false, false, true, true]);
    }

    #[test]
    fn a_cooldown_of_2048_steps_ends_unless_the_python_package_counts_it_in_half_precision() {
        let ends = |compat, dtype, cooldown: f64| {
            let mut refractory =
                Refractory::new(&Param::Scalar(cooldown), 1.0, compat, &Shape::from([1])).counted_in(dtype);
            refractory.count(0, true);
            for _ in 0..10_000 {
                refractory.count(0, false);
            }
            refractory.is_ready(0)
        };
        assert!(ends(Compat::Standard, Dtype::Float16, 2048.0));
        assert!(ends(Compat::SparkSnn1, Dtype::Float32, 2048.0));
        assert!(ends(Compat::SparkSnn1, Dtype::Float16, 2047.0));
        assert!(!ends(Compat::SparkSnn1, Dtype::Float16, 2048.0));
        assert!(!ends(Compat::SparkSnn1, Dtype::Float16, 3000.0));
    }
}
