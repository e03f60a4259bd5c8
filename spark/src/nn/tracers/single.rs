//! One exponential.

use super::Exponentials;
use crate::core::array::Real;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::kernels::trace::{self, Coefficient};
use crate::nn::param::{ParamExt, shaped};

/// An exponential trace: `T' = base + decay (T - base) + scale x`, with `decay = exp(-dt / tau)`.
///
/// A reset sets it to its base.
///
/// ```
/// use spark::nn::tracers::Tracer;
/// use spark::{Real, Shape};
/// // tau 10 ms, a spike adds 1, base 0, steps of 1 ms.
/// let mut trace = Tracer::uniform(&Shape::from([2]), 10.0, 1.0, 0.0, 1.0);
/// trace.step_spikes(&[1]);
/// trace.step_spikes(&[]);
/// assert_eq!(trace.at(0), 0.0);
/// assert!((trace.at(1) - (-0.1 as Real).exp()).abs() < 1e-6);
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct Tracer {
    trace: Variable<Vec<Real>>,
    decay: Coefficient,
    scale: Coefficient,
    base: Coefficient,
}

impl Tracer {
    /// A trace of this shape. Parameters are numbers or arrays that broadcast to it; `tau` and `dt` in ms.
    pub fn new(shape: &Shape, tau: &Param, scale: &Param, base: &Param, dt: f64) -> Self {
        let decay = tau.decay(dt);
        let base = base.coefficient(shape);
        let trace = Variable::new((0..shape.count()).map(|i| base.at(i)).collect());
        Tracer {
            trace,
            decay: decay.coefficient(shape),
            scale: scale.coefficient(shape),
            base,
        }
    }

    /// A trace of `shape` elements with one time constant (ms), scale and base for all.
    pub fn uniform(shape: &Shape, tau: f64, scale: f64, base: f64, dt: f64) -> Self {
        Tracer::new(shape, &tau.into(), &scale.into(), &base.into(), dt)
    }

    /// The trace of element `i`.
    #[inline(always)]
    pub fn at(&self, i: usize) -> Real {
        self.trace[i]
    }

    /// All traces, in standard order.
    pub fn values(&self) -> &[Real] {
        &self.trace
    }

    /// One step with a value for each element.
    pub fn step(&mut self, values: &[Real]) {
        self.decay();
        for (i, (t, x)) in self.trace.iter_mut().zip(values).enumerate() {
            *t += self.scale.at(i) * x;
        }
    }

    /// One step with 1 at the elements that spiked and 0 elsewhere.
    pub fn step_spikes(&mut self, spikes: &[u32]) {
        self.decay();
        for &i in spikes {
            self.add(i as usize, 1.0);
        }
    }

    /// The part of a step that does not depend on the input.
    pub(crate) fn decay(&mut self) {
        trace::decay(&mut self.trace, &self.decay, &self.base);
    }

    /// The part of a step that does: `x` at element `i`.
    #[inline(always)]
    pub(crate) fn add(&mut self, i: usize, x: Real) {
        self.trace[i] += self.scale.at(i) * x;
    }

    /// Sets the trace to its base.
    pub fn reset(&mut self) {
        for (i, t) in self.trace.iter_mut().enumerate() {
            *t = self.base.at(i);
        }
    }

    /// Sets the traces where `mask` is `true` to their base.
    pub fn masked_reset(&mut self, mask: &[bool]) {
        for (i, (t, _)) in self
            .trace
            .iter_mut()
            .zip(mask)
            .enumerate()
            .filter(|(_, (_, reset))| **reset)
        {
            *t = self.base.at(i);
        }
    }

    /// Decay, scale and base, if they are the same for all elements.
    pub(crate) fn constants(&self) -> Option<[Real; 3]> {
        match (&self.decay, &self.scale, &self.base) {
            (Coefficient::One(decay), Coefficient::One(scale), Coefficient::One(base)) => {
                Some([*decay, *scale, *base])
            }
            _ => None,
        }
    }

    pub(crate) fn spark_state(&self, path: &str, shape: &Shape, state: &mut StateMap) {
        state.insert_array(
            join(path, "trace"),
            self.trace.kind(),
            shaped(shape, self.trace.to_vec()),
        );
    }
}

impl Exponentials for Tracer {
    fn each_part(&self, mut visit: impl FnMut(&str, &Tracer)) {
        visit("", self);
    }

    #[inline(always)]
    fn each_part_mut(&mut self, mut visit: impl FnMut(&mut Tracer)) {
        visit(self);
    }

    #[inline(always)]
    fn at(&self, i: usize) -> Real {
        self.trace[i]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_decays_by_its_time_constant() {
        let mut tracer = Tracer::uniform(&Shape::from([2]), 10.0, 2.0, 1.0, 1.0);
        tracer.step_spikes(&[1]);
        assert_eq!(tracer.values(), [1.0, 3.0]);
        for _ in 0..10 {
            tracer.step(&[0.0, 0.0]);
        }
        assert!((tracer.at(1) - (1.0 + 2.0 * (-1.0f64).exp() as Real)).abs() < 1e-6);
        tracer.reset();
        assert_eq!(tracer.values(), [1.0, 1.0]);
    }
}
