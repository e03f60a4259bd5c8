//! From signals to spikes.
//!
//! | spiker | a value drives |
//! |---|---|
//! | [`TopologicalLinearSpiker`] | the units of a population that are near to it |

mod topological_linear;

pub use topological_linear::{TopologicalLinearSpiker, TopologicalLinearSpikerConfig};
