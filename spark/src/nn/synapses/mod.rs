//! Synapses: from spikes to the current into each post unit.
//!
//! | synapses | the current |
//! |---|---|
//! | [`LinearSynapses`] | is there in the step of the spike |
//! | [`RDTracedSynapses`] | rises and decays |
//! | [`RFSTracedSynapses`] | rises and decays, fast at first and slowly later |
//!
//! All of them are driven by events: a step costs as much as there are spikes arriving at synapses. A kernel has the
//! shape `units ++ inputs`; spikes per synapse bring that shape with them.

mod linear;
mod rd_traced;
mod rfs_traced;
mod summed;
mod traced;
mod weights;

pub use linear::{LinearSynapses, LinearSynapsesConfig};
pub use rd_traced::{RDTracedSynapses, RDTracedSynapsesConfig};
pub use rfs_traced::{RFSTracedSynapses, RFSTracedSynapsesConfig};
pub use traced::{TracedSynapses, TracedSynapsesConfig};
