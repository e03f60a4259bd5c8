//! A current that follows the potential, rises with every spike, and holds the unit back.

use crate::core::array::Real;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::kernels::select::kept_if;
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

    /// The current of each unit.
    #[inline(always)]
    pub(super) fn values(&self) -> &[Real] {
        &self.current
    }

    /// One step with the potentials (above rest, after the reset of those that fired).
    #[inline(always)]
    pub(super) fn step(&mut self, potential: &[Real], fired: &[bool]) {
        follow(
            &mut self.current,
            potential,
            &self.rate,
            &self.subthreshold,
            fired,
            &self.delta,
        );
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

#[inline(always)]
fn follow(
    current: &mut [Real],
    potential: &[Real],
    rate: &[Real],
    subthreshold: &[Real],
    fired: &[bool],
    delta: &[Real],
) {
    let leaps = fired
        .iter()
        .zip(delta)
        .map(|(&fired, &delta)| kept_if(fired, delta));
    let goals = subthreshold.iter().zip(potential).map(|(a, v)| a * v);
    for (((w, goal), rate), leap) in current.iter_mut().zip(goals).zip(rate).zip(leaps) {
        *w = settled(*w + (rate * (goal - *w) + leap));
    }
}
