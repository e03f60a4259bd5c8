//! From signals to spikes, and spikes from nothing.
//!
//! | spiker | a value drives |
//! |---|---|
//! | [`PoissonSpiker`] | a unit that spikes by chance |
//! | [`LinearSpiker`] | a leaky unit |
//! | [`TopologicalPoissonSpiker`] | the units of a population that are near to it, which spike by chance |
//! | [`TopologicalLinearSpiker`] | the units of a population that are near to it, which are leaky |
//!
//! | encoder | a value is |
//! |---|---|
//! | [`RateEncoder`] | the rate of regular spikes |
//! | [`LatencyEncoder`] | how early in a window a unit spikes |
//! | [`PhaseEncoder`] | how early in the cycle of an oscillation a unit spikes |
//!
//! | source | spikes come |
//! |---|---|
//! | [`SpikeListSource`] | at the times of a list |
//! | [`RatePoissonSource`] | by chance, at given rates |

mod chance;
mod clock;
mod encoding;
mod latency_encoder;
mod leaky_units;
mod linear;
mod phase_encoder;
mod poisson;
mod rate_encoder;
mod rate_poisson;
mod spike_list;
mod topological_linear;
mod topological_poisson;
mod tuning;

pub use latency_encoder::{LatencyEncoder, LatencyEncoderConfig};
pub use linear::{LinearSpiker, LinearSpikerConfig};
pub use phase_encoder::{PhaseEncoder, PhaseEncoderConfig};
pub use poisson::{PoissonSpiker, PoissonSpikerConfig};
pub use rate_encoder::{RateEncoder, RateEncoderConfig};
pub use rate_poisson::{RatePoissonSource, RatePoissonSourceConfig};
pub use spike_list::{SpikeListSource, SpikeListSourceConfig};
pub use topological_linear::{TopologicalLinearSpiker, TopologicalLinearSpikerConfig};
pub use topological_poisson::{TopologicalPoissonSpiker, TopologicalPoissonSpikerConfig};
