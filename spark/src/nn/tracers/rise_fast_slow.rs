//! Two rising and decaying traces, mixed.

use super::{Exponentials, RDParams, RDTracer, Tracer};
use crate::core::array::Real;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::state::Stateful;
use crate::kernels::trace::Coefficient;
use crate::nn::param::ParamExt;

/// A trace that rises and decays, fast at first and slowly later: a mixture of two [`RDTracer`]s.
///
/// `T = alpha F + (1 - alpha) S`, where `F` rises with `tau_rise` and decays with `tau_fast_decay`, and `S` decays with
/// `tau_slow_decay`.
///
/// A reset sets all parts to their base.
///
/// ```
/// use spark::Shape;
/// use spark::nn::tracers::{RFSParams, RFSTracer};
/// let params = RFSParams { alpha: 0.5.into(), tau_slow_decay: 80.0.into(), ..RFSParams::default() };
/// let mut trace = RFSTracer::new(&Shape::from([1]), &params, 1.0);
/// trace.step(&[1.0]);
/// assert_eq!(trace.at(0), 0.0);
/// (0..40).for_each(|_| trace.step(&[0.0]));
/// // Only the slow part is left.
/// assert!((trace.at(0) - 0.5 * (-0.5f64).exp() as spark::Real).abs() < 1e-3);
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RFSTracer {
    #[nested]
    tracer_rise_fast: RDTracer,
    #[nested]
    tracer_rise_slow: RDTracer,
    alpha: Coefficient,
}

/// Parameters of an [`RFSTracer`]: numbers, or arrays that broadcast to its shape. By default `alpha` is 0.8, the time
/// constants are 1, 5 and 50 ms, scales are 1 and bases 0.
#[derive(Debug, Clone, PartialEq)]
pub struct RFSParams {
    /// The share of the fast part, 0 to 1.
    pub alpha: Param,
    /// Time constant of the rise, ms.
    pub tau_rise: Param,
    /// Time constant of the fast decay, ms.
    pub tau_fast_decay: Param,
    /// Time constant of the slow decay, ms.
    pub tau_slow_decay: Param,
    /// What an input of 1 adds to the rising parts.
    pub scale_rise: Param,
    /// What an input of 1 adds to the part that decays fast.
    pub scale_fast_decay: Param,
    /// What an input of 1 adds to the part that decays slowly.
    pub scale_slow_decay: Param,
    /// What the rising parts return to.
    pub base_rise: Param,
    /// What the part that decays fast returns to.
    pub base_fast_decay: Param,
    /// What the part that decays slowly returns to.
    pub base_slow_decay: Param,
}

impl Default for RFSParams {
    fn default() -> Self {
        RFSParams {
            alpha: 0.8.into(),
            tau_rise: 1.0.into(),
            tau_fast_decay: 5.0.into(),
            tau_slow_decay: 50.0.into(),
            scale_rise: 1.0.into(),
            scale_fast_decay: 1.0.into(),
            scale_slow_decay: 1.0.into(),
            base_rise: 0.0.into(),
            base_fast_decay: 0.0.into(),
            base_slow_decay: 0.0.into(),
        }
    }
}

impl RFSParams {
    /// Those of the sum of so many traces.
    pub(crate) fn summed(&self, terms: &Param) -> Self {
        RFSParams {
            base_rise: &self.base_rise * terms,
            base_fast_decay: &self.base_fast_decay * terms,
            base_slow_decay: &self.base_slow_decay * terms,
            ..self.clone()
        }
    }
}

impl RFSTracer {
    /// A trace of this shape; `dt` in ms.
    pub fn new(shape: &Shape, params: &RFSParams, dt: f64) -> Self {
        let part = |tau_decay: &Param, scale_decay: &Param, base_decay: &Param| {
            let params = RDParams {
                tau_rise: params.tau_rise.clone(),
                tau_decay: tau_decay.clone(),
                scale_rise: params.scale_rise.clone(),
                scale_decay: scale_decay.clone(),
                base_rise: params.base_rise.clone(),
                base_decay: base_decay.clone(),
            };
            RDTracer::new(shape, &params, dt)
        };
        RFSTracer {
            tracer_rise_fast: part(
                &params.tau_fast_decay,
                &params.scale_fast_decay,
                &params.base_fast_decay,
            ),
            tracer_rise_slow: part(
                &params.tau_slow_decay,
                &params.scale_slow_decay,
                &params.base_slow_decay,
            ),
            alpha: params.alpha.coefficient(shape),
        }
    }

    /// The trace of element `i`.
    #[inline(always)]
    pub fn at(&self, i: usize) -> Real {
        let alpha = self.alpha.at(i);
        alpha * self.tracer_rise_fast.at(i) + (1.0 - alpha) * self.tracer_rise_slow.at(i)
    }

    /// One step with a value for each element.
    pub fn step(&mut self, values: &[Real]) {
        self.each_part_mut(|part| part.step(values));
    }

    /// Sets all parts to their base.
    pub fn reset(&mut self) {
        self.each_part_mut(Tracer::reset);
    }

    /// Sets all parts to their base where `mask` is `true`.
    pub fn masked_reset(&mut self, mask: &[bool]) {
        self.each_part_mut(|part| part.masked_reset(mask));
    }
}

impl Exponentials for RFSTracer {
    fn each_part(&self, mut visit: impl FnMut(&str, &Tracer)) {
        visit("tracer_rise_fast/tracer_rise", &self.tracer_rise_fast.tracer_rise);
        visit(
            "tracer_rise_fast/tracer_decay",
            &self.tracer_rise_fast.tracer_decay,
        );
        visit("tracer_rise_slow/tracer_rise", &self.tracer_rise_slow.tracer_rise);
        visit(
            "tracer_rise_slow/tracer_decay",
            &self.tracer_rise_slow.tracer_decay,
        );
    }

    #[inline(always)]
    fn each_part_mut(&mut self, mut visit: impl FnMut(&mut Tracer)) {
        self.tracer_rise_fast.each_part_mut(&mut visit);
        self.tracer_rise_slow.each_part_mut(&mut visit);
    }

    #[inline(always)]
    fn at(&self, i: usize) -> Real {
        RFSTracer::at(self, i)
    }

    fn is_uniform(&self) -> bool {
        let parts = self.tracer_rise_fast.is_uniform() && self.tracer_rise_slow.is_uniform();
        parts && matches!(self.alpha, Coefficient::One(_))
    }
}
