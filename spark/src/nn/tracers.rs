//! Tracers: exponential traces of spike trains, the building blocks of synapses, rules and integrators.

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

    pub(crate) fn spark_state(&self, path: &str, shape: &Shape, state: &mut StateMap) {
        state.insert_array(
            join(path, "trace"),
            self.trace.kind(),
            shaped(shape, self.trace.to_vec()),
        );
    }
}

/// A trace that rises and decays: the difference of a slow and a fast [`Tracer`].
///
/// `T = D - R`, where `D` decays with `tau_decay` and `R` with `tau_rise tau_decay / (tau_rise + tau_decay)`.
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
    tracer_rise: Tracer,
    #[nested]
    tracer_decay: Tracer,
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

    /// Sets both parts to their base where `mask` is `true`.
    pub fn masked_reset(&mut self, mask: &[bool]) {
        self.tracer_rise.masked_reset(mask);
        self.tracer_decay.masked_reset(mask);
    }

    /// The trace of element `i`.
    #[inline(always)]
    pub fn at(&self, i: usize) -> Real {
        self.tracer_decay.at(i) - self.tracer_rise.at(i)
    }

    /// One step with a value for each element.
    pub fn step(&mut self, values: &[Real]) {
        self.tracer_rise.step(values);
        self.tracer_decay.step(values);
    }

    /// Sets both parts to their base.
    pub fn reset(&mut self) {
        self.tracer_rise.reset();
        self.tracer_decay.reset();
    }

    pub(crate) fn spark_state(&self, path: &str, shape: &Shape, state: &mut StateMap) {
        self.tracer_rise
            .spark_state(&join(path, "tracer_rise"), shape, state);
        self.tracer_decay
            .spark_state(&join(path, "tracer_decay"), shape, state);
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
