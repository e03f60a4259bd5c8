//! From spikes to signals.
//!
//! | integrator | an output is |
//! |---|---|
//! | [`ExponentialIntegrator`] | the rate of a group of units, smoothed |

mod exponential_integrator;

pub use exponential_integrator::{ExponentialIntegrator, ExponentialIntegratorConfig};
