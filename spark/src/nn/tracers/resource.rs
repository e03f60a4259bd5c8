//! Resources and their usage: short-term plasticity.

use super::Tracer;
use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::state::Stateful;
#[cfg(feature = "parity")]
use crate::core::state::{StateMap, join};

/// Resources and their usage: what a synapse with short-term plasticity releases at each spike.
///
/// Between spikes the usage `u` decays to 0 with `u_tau`, and the resources `r` recover to 1 with `r_tau`. An input of
/// `x` raises the usage, `u' = u + u_scale (1 - u) x`; the tracer gives `u' r`, of which `u' r x` is released and leaves
/// the resources. A spike is an `x` of 1.
///
/// The Python package stops with an error at the first step; its formula is what [`Compat::SparkSnn1`] computes. That
/// one leaves the factor `1 - u` out, so that the usage exceeds 1 and resources become negative at high rates, and
/// takes what is released from the resources of the step before.
///
/// A reset sets the usage to 0 and the resources to 1.
///
/// Tsodyks, Pawelzik and Markram, *Neural networks with dynamic synapses*, Neural Computation 10, 1998,
/// doi:10.1162/089976698300017502.
///
/// ```
/// use spark::nn::tracers::{RUParams, RUTracer};
/// use spark::{Compat, Shape};
/// let params = RUParams { r_tau: 800.0.into(), u_tau: 20.0.into(), u_scale: 0.5.into() };
/// let mut synapse = RUTracer::new(&Shape::from([1]), &params, 1.0, Compat::Standard);
/// // The first spike releases half of the resources.
/// assert_eq!(synapse.step(&[1.0]), [0.5]);
/// // The second one would release 0.74 of them, but half are gone.
/// assert!((synapse.step(&[1.0])[0] - 0.37).abs() < 0.01);
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RUTracer {
    #[nested]
    r_tracer: Tracer,
    #[nested]
    u_tracer: Tracer,
    given: Vec<Real>,
    compat: Compat,
}

/// Parameters of an [`RUTracer`]: numbers, or arrays that broadcast to its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct RUParams {
    /// Time constant of the recovery of resources, ms.
    pub r_tau: Param,
    /// Time constant of the decay of their usage, ms.
    pub u_tau: Param,
    /// The usage after the first spike.
    pub u_scale: Param,
}

impl RUTracer {
    /// A trace of this shape; `dt` in ms.
    pub fn new(shape: &Shape, params: &RUParams, dt: f64, compat: Compat) -> Self {
        let RUParams {
            r_tau,
            u_tau,
            u_scale,
        } = params;
        RUTracer {
            r_tracer: Tracer::new(shape, r_tau, &(-1.0).into(), &1.0.into(), dt),
            u_tracer: Tracer::new(shape, u_tau, u_scale, &0.0.into(), dt),
            given: vec![0.0; shape.count()],
            compat,
        }
    }

    /// One step with a value for each element: what an input of 1 releases in this step.
    pub fn step(&mut self, values: &[Real]) -> &[Real] {
        if self.compat.is_spark_snn_1() {
            self.step_like_the_package(values);
        } else {
            self.step_standard(values);
        }
        &self.given
    }

    fn step_standard(&mut self, values: &[Real]) {
        let RUTracer {
            r_tracer,
            u_tracer,
            given,
            ..
        } = self;
        u_tracer.decay();
        r_tracer.decay();
        for (i, (given, x)) in given.iter_mut().zip(values).enumerate() {
            u_tracer.add(i, (1.0 - u_tracer.at(i)) * x);
            *given = u_tracer.at(i) * r_tracer.at(i);
            r_tracer.add(i, *given * x);
        }
    }

    fn step_like_the_package(&mut self, values: &[Real]) {
        let RUTracer {
            r_tracer,
            u_tracer,
            given,
            ..
        } = self;
        u_tracer.step(values);
        for (i, given) in given.iter_mut().enumerate() {
            *given = u_tracer.at(i) * r_tracer.at(i);
        }
        r_tracer.decay();
        for (i, (given, x)) in given.iter().zip(values).enumerate() {
            r_tracer.add(i, given * x);
        }
    }

    /// Usage times resources of element `i`, as the last step left them.
    pub fn at(&self, i: usize) -> Real {
        self.r_tracer.at(i) * self.u_tracer.at(i)
    }

    /// The usage of element `i`, as the last step left it.
    pub fn usage(&self, i: usize) -> Real {
        self.u_tracer.at(i)
    }

    /// The resources of element `i`, as the last step left them.
    pub fn resources(&self, i: usize) -> Real {
        self.r_tracer.at(i)
    }

    #[cfg(feature = "parity")]
    pub(crate) fn spark_state(&self, path: &str, shape: &Shape, state: &mut StateMap) {
        self.r_tracer.spark_state(&join(path, "r_tracer"), shape, state);
        self.u_tracer.spark_state(&join(path, "u_tracer"), shape, state);
    }

    /// Sets usage to 0 and resources to 1.
    pub fn reset(&mut self) {
        self.r_tracer.reset();
        self.u_tracer.reset();
    }

    /// Sets usage to 0 and resources to 1 where `mask` is `true`.
    pub fn masked_reset(&mut self, mask: &[bool]) {
        self.r_tracer.masked_reset(mask);
        self.u_tracer.masked_reset(mask);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracer(compat: Compat) -> RUTracer {
        let params = RUParams {
            r_tau: 50.0.into(),
            u_tau: 100.0.into(),
            u_scale: 0.6.into(),
        };
        RUTracer::new(&Shape::from([1]), &params, 1.0, compat)
    }

    #[test]
    fn usage_and_resources_stay_shares_however_fast_the_spikes() {
        let mut tracer = tracer(Compat::Standard);
        for _ in 0..200 {
            tracer.step(&[1.0]);
            assert!((0.0..=1.0).contains(&tracer.usage(0)), "{}", tracer.usage(0));
            assert!(
                (0.0..=1.0).contains(&tracer.resources(0)),
                "{}",
                tracer.resources(0)
            );
        }
    }

    #[test]
    fn a_reset_begins_anew() {
        let mut tracer = tracer(Compat::Standard);
        let first = tracer.step(&[1.0])[0];
        tracer.step(&[1.0]);
        tracer.reset();
        assert_eq!(tracer.step(&[1.0]), [first]);
    }
}
