//! Delays: spikes arrive later than they were fired.
//!
//! | delay | one delay per |
//! |---|---|
//! | [`N2NDelays`] | pair of neurons |

mod n2n;

pub use n2n::{N2NDelays, N2NDelaysConfig};
