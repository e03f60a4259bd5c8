//! Exponential traces that tell the mean over each step.

use super::weights::Weights;
use crate::core::array::Real;
use crate::core::param::Param;
use crate::core::payload::{Shape, SpikeArray};
use crate::core::state::Stateful;
use crate::nn::tracers::Tracer;

/// One exponential per unit, which an input of `x` raises by `x` at the beginning of the step: the trace is its mean
/// over the step, `tau / dt (1 - exp(-dt / tau))` times what it begins with. So its integral is `tau x` at any `dt`.
pub(crate) fn averaged(units: &Shape, tau: &Param, dt: f64) -> Tracer {
    Tracer::new(units, tau, &mean_of_step(tau, dt), &0.0.into(), dt)
}

/// The mean over a step of what begins the step with 1.
pub(super) fn mean_of_step(tau: &Param, dt: f64) -> Param {
    of_tau(tau, |tau| -(-dt / tau).exp_m1() * tau / dt)
}

/// What each time constant gives.
pub(super) fn of_tau(tau: &Param, value: impl Fn(f64) -> f64) -> Param {
    match tau {
        Param::Scalar(tau) => Param::Scalar(value(*tau)),
        Param::Array(taus) => Param::Array(taus.mapv(|tau| value(f64::from(tau)) as Real)),
    }
}

/// Two such exponentials per unit: one for excitatory spikes, one for inhibitory ones.
#[derive(Debug, Clone, Stateful)]
pub(crate) struct TwoSided {
    #[nested]
    pub(crate) excitatory: Tracer,
    #[nested]
    pub(crate) inhibitory: Tracer,
}

impl TwoSided {
    pub(crate) fn new(units: &Shape, tau_excitatory: &Param, tau_inhibitory: &Param, dt: f64) -> Self {
        TwoSided {
            excitatory: averaged(units, tau_excitatory, dt),
            inhibitory: averaged(units, tau_inhibitory, dt),
        }
    }

    /// One step with the spikes that arrive.
    pub(crate) fn step(&mut self, weights: &Weights, spikes: &SpikeArray) {
        let TwoSided {
            excitatory,
            inhibitory,
        } = self;
        excitatory.decay();
        inhibitory.decay();
        weights.each_arrival(spikes, |arrival, weight, inhibits| {
            let side = if inhibits {
                &mut *inhibitory
            } else {
                &mut *excitatory
            };
            side.add(arrival.post, weight);
        });
    }

    pub(crate) fn reset(&mut self) {
        self.excitatory.reset();
        self.inhibitory.reset();
    }
}
