//! Delays: spikes arrive later than they were fired.
//!
//! | delay | one delay per |
//! |---|---|
//! | [`N2NDelays`] | pair of neurons |
//! | [`NDelays`] | input neuron |
//! | [`ZeroDelay`] | nothing: spikes arrive at once |

mod n;
mod n2n;
mod shared;
mod zero;

pub use n::{NDelays, NDelaysConfig};
pub use n2n::{N2NDelays, N2NDelaysConfig};
pub use zero::{ZeroDelay, ZeroDelayConfig};
