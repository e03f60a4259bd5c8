//! Synapses: from spikes to the current into each post unit.
//!
//! | synapses | the current |
//! |---|---|
//! | [`LinearSynapses`] | is there in the step of the spike |
//! | [`TracedSynapses`] | decays exponentially |
//! | [`RDTracedSynapses`] | rises and decays |
//! | [`RFSTracedSynapses`] | rises and decays, fast at first and slowly later |
//! | [`ShortTermSynapses`] | decays exponentially; every spike weighs what those before it left |
//! | [`ExponentialCurrentSynapses`] | decays exponentially, inhibition with a time constant of its own |
//! | [`ConductanceSynapses`] | is that of a conductance: it depends on the potential |
//!
//! Besides, [`PoissonBackground`] adds the input from neurons that are not part of the network, and [`CurrentSum`] adds up what
//! several synapses give.
//!
//! All of them are driven by events: a step costs as much as there are spikes arriving at synapses. A kernel has the
//! shape `units ++ inputs`; spikes per synapse bring that shape with them.

mod averaged;
mod background;
mod conductance;
mod exponential;
mod linear;
mod rd_traced;
mod rfs_traced;
mod short_term;
mod sum;
mod summed;
mod synapse_traces;
mod traced;
mod weights;

pub use background::{PoissonBackground, PoissonBackgroundConfig};
pub use conductance::{ConductanceSynapses, ConductanceSynapsesConfig};
pub use exponential::{ExponentialCurrentSynapses, ExponentialCurrentSynapsesConfig};
pub use linear::{LinearSynapses, LinearSynapsesConfig};
pub use rd_traced::{RDTracedSynapses, RDTracedSynapsesConfig};
pub use rfs_traced::{RFSTracedSynapses, RFSTracedSynapsesConfig};
pub use short_term::{ShortTermSynapses, ShortTermSynapsesConfig};
pub use sum::{CurrentSum, CurrentSumConfig};
pub use traced::{TracedSynapses, TracedSynapsesConfig};
