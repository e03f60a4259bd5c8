//! The difference of two exponentials.

use super::{Exponentials, Tracer};
use crate::core::array::Real;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::state::{StateMap, Stateful};

/// A trace that rises and decays: the difference of a slow and a fast [`Tracer`].
///
/// `T = D - R`, where `D` decays with `tau_decay` and `R` with `tau_rise tau_decay / (tau_rise + tau_decay)`: for equal
/// scales an input of 1 gives `(1 - exp(-t / tau_rise)) exp(-t / tau_decay)`.
///
/// A reset sets both parts to their base.
///
/// ```
/// use spark::Shape;
/// use spark::nn::tracers::RDTracer;
/// let mut trace = RDTracer::uniform(&Shape::from([1]), 5.0, 10.0, 1.0, 1.0);
/// trace.step(&[1.0]);
/// assert_eq!(trace.at(0), 0.0);
/// trace.step(&[0.0]);
/// let rising = trace.at(0);
/// (0..100).for_each(|_| trace.step(&[0.0]));
/// assert!(rising > 0.0 && trace.at(0) < rising);
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RDTracer {
    #[nested]
    pub(super) tracer_rise: Tracer,
    #[nested]
    pub(super) tracer_decay: Tracer,
}

/// Parameters of an [`RDTracer`]: numbers, or arrays that broadcast to its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct RDParams {
    /// Time constant of the rise, ms.
    pub tau_rise: Param,
    /// Time constant of the decay, ms.
    pub tau_decay: Param,
    /// What an input of 1 adds to the rising part.
    pub scale_rise: Param,
    /// What an input of 1 adds to the decaying part.
    pub scale_decay: Param,
    /// What the rising part returns to.
    pub base_rise: Param,
    /// What the decaying part returns to.
    pub base_decay: Param,
}

impl RDParams {
    /// Those of the sum of so many traces.
    pub(crate) fn summed(&self, terms: &Param) -> Self {
        RDParams {
            base_rise: &self.base_rise * terms,
            base_decay: &self.base_decay * terms,
            ..self.clone()
        }
    }
}

impl RDTracer {
    /// A trace of this shape; `dt` in ms.
    pub fn new(shape: &Shape, params: &RDParams, dt: f64) -> Self {
        let RDParams {
            tau_rise, tau_decay, ..
        } = params;
        let coupled = &(tau_rise * tau_decay) / &(tau_rise + tau_decay);
        RDTracer {
            tracer_rise: Tracer::new(shape, &coupled, &params.scale_rise, &params.base_rise, dt),
            tracer_decay: Tracer::new(shape, tau_decay, &params.scale_decay, &params.base_decay, dt),
        }
    }

    /// A trace of `shape` elements with the same time constants (ms) and scale of both parts for all.
    pub fn uniform(shape: &Shape, tau_rise: f64, tau_decay: f64, scale: f64, dt: f64) -> Self {
        let params = RDParams {
            tau_rise: tau_rise.into(),
            tau_decay: tau_decay.into(),
            scale_rise: scale.into(),
            scale_decay: scale.into(),
            base_rise: 0.0.into(),
            base_decay: 0.0.into(),
        };
        RDTracer::new(shape, &params, dt)
    }

    /// The trace of element `i`.
    #[inline(always)]
    pub fn at(&self, i: usize) -> Real {
        self.tracer_decay.at(i) - self.tracer_rise.at(i)
    }

    /// One step with a value for each element.
    pub fn step(&mut self, values: &[Real]) {
        self.each_part_mut(|part| part.step(values));
    }

    /// Sets both parts to their base.
    pub fn reset(&mut self) {
        self.each_part_mut(Tracer::reset);
    }

    /// Sets both parts to their base where `mask` is `true`.
    pub fn masked_reset(&mut self, mask: &[bool]) {
        self.each_part_mut(|part| part.masked_reset(mask));
    }

    pub(crate) fn spark_state(&self, path: &str, shape: &Shape, state: &mut StateMap) {
        Exponentials::spark_state(self, path, shape, state);
    }
}

impl Exponentials for RDTracer {
    fn each_part(&self, mut visit: impl FnMut(&str, &Tracer)) {
        visit("tracer_rise", &self.tracer_rise);
        visit("tracer_decay", &self.tracer_decay);
    }

    #[inline(always)]
    fn each_part_mut(&mut self, mut visit: impl FnMut(&mut Tracer)) {
        visit(&mut self.tracer_rise);
        visit(&mut self.tracer_decay);
    }

    #[inline(always)]
    fn at(&self, i: usize) -> Real {
        RDTracer::at(self, i)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rise_and_decay_start_at_zero_and_never_go_below() {
        let mut tracer = RDTracer::uniform(&Shape::from([1]), 5.0, 10.0, 1.0, 1.0);
        tracer.step(&[1.0]);
        assert_eq!(tracer.at(0), 0.0);
        let values: Vec<Real> = (0..50)
            .map(|_| {
                tracer.step(&[0.0]);
                tracer.at(0)
            })
            .collect();
        assert!(values.iter().all(|&v| v > 0.0) && values[3] > values[0] && values[49] < values[10]);
    }
}
