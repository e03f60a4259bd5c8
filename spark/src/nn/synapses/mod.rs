//! Synapses: from spikes to the current into each post unit.
//!
//! All of them are driven by events: a step costs as much as there are spikes arriving at synapses. A kernel has the
//! shape `units ++ inputs`; spikes per synapse bring that shape with them.

mod linear;
mod traced;

pub use linear::{LinearSynapses, LinearSynapsesConfig};
pub use traced::{TracedSynapses, TracedSynapsesConfig};
