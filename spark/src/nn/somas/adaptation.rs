//! A current that follows the potential, rises with every spike, and holds the unit back.

use crate::core::array::Real;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::kernels::trace::settled;
use crate::nn::param::{ParamExt, shaped};

/// The adaptation current of each unit, pA: `tau dw/dt = a (V - V_rest) - w`, and `w` rises by `delta` at a spike.
///
/// A reset sets it to zero.
#[derive(Debug, Clone, Stateful)]
pub(super) struct Adaptation {
    current: Variable<Vec<Real>>,
    /// The part of the way to its goal that the current goes in one step.
    rate: Vec<Real>,
    delta: Vec<Real>,
    subthreshold: Vec<Real>,
}

/// Draws the parameters of the adaptation current, in the order in which keys are consumed.
macro_rules! draw_adaptation {
    ($draw:ident, $config:ident, $shape:expr) => {
        AdaptationParams {
            delta: $draw.param(&$config.adaptation_delta, $shape),
            subthreshold: $draw.param(&$config.adaptation_subthreshold, $shape),
            tau: $draw.param(&$config.adaptation_tau, $shape),
        }
    };
}
pub(super) use draw_adaptation;

/// Parameters as drawn, in the units of the configuration.
pub(super) struct AdaptationParams {
    pub(super) delta: Param,
    pub(super) subthreshold: Param,
    pub(super) tau: Param,
}

impl Adaptation {
    /// Integrated as the Python package does, by Euler's method.
    pub(super) fn euler(params: &AdaptationParams, dt: f64, shape: &Shape) -> Self {
        Adaptation::new(params, &(&Param::Scalar(dt) / &params.tau), shape)
    }

    /// Exact over one step for a constant potential.
    pub(super) fn exact(params: &AdaptationParams, dt: f64, shape: &Shape) -> Self {
        Adaptation::new(params, &(&Param::Scalar(1.0) - &params.tau.decay(dt)), shape)
    }

    fn new(params: &AdaptationParams, rate: &Param, shape: &Shape) -> Self {
        Adaptation {
            current: Variable::new(vec![0.0; shape.count()]),
            rate: rate.per_element(shape),
            delta: params.delta.per_element(shape),
            subthreshold: params.subthreshold.per_element(shape),
        }
    }

    /// The current of unit `i`.
    #[inline(always)]
    pub(super) fn at(&self, i: usize) -> Real {
        self.current[i]
    }

    /// One step of unit `i`, whose potential is this (above rest, after the reset if it spiked).
    #[inline(always)]
    pub(super) fn step(&mut self, i: usize, potential: Real, spiked: bool) {
        let w = self.current[i];
        let leap = if spiked { self.delta[i] } else { 0.0 };
        self.current[i] = settled(w + (self.rate[i] * (self.subthreshold[i] * potential - w) + leap));
    }

    pub(super) fn reset(&mut self) {
        self.current.fill(0.0);
    }

    pub(super) fn spark_state(&self, path: &str, shape: &Shape, state: &mut StateMap) {
        state.insert_array(
            join(path, "adaptation"),
            self.current.kind(),
            shaped(shape, self.current.to_vec()),
        );
    }
}
