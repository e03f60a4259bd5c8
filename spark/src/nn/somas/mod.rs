//! Somas: from a current to spikes.
//!
//! | soma | beyond the membrane |
//! |---|---|
//! | [`LeakySoma`] | nothing |
//! | [`RefractoryLeakySoma`] | ignores its input for some time after a spike |
//! | [`StrictRefractoryLeakySoma`] | stands still for some time after a spike |
//! | [`AdaptiveThresholdLeakySoma`] | refractory, and its threshold rises with every spike |
//! | [`AdaptiveCurrentLeakySoma`] | a current that rises with every spike holds it back |
//! | [`ExponentialSoma`] | an exponential upstroke |
//! | [`RefractoryExponentialSoma`] | the same, and ignores its input for some time after a spike |
//! | [`SimplifiedAdaptiveExponentialSoma`] | the same, and its threshold rises with every spike |
//! | [`AdaptiveExponentialSoma`] | an exponential upstroke; a current that rises with every spike holds it back (AdEx) |
//! | [`IzhikevichSoma`] | a quadratic upstroke and a recovery variable |

mod adaptation;
mod exponential;
mod izhikevich;
mod leaky;
mod membrane;
mod refractory;

pub use exponential::{
    AdaptiveExponentialSoma, AdaptiveExponentialSomaConfig, ExponentialSoma, ExponentialSomaConfig,
    RefractoryExponentialSoma, RefractoryExponentialSomaConfig, SimplifiedAdaptiveExponentialSoma,
    SimplifiedAdaptiveExponentialSomaConfig,
};
pub use izhikevich::{IzhikevichSoma, IzhikevichSomaConfig};
pub use leaky::{
    AdaptiveCurrentLeakySoma, AdaptiveCurrentLeakySomaConfig, AdaptiveLeakySoma, AdaptiveLeakySomaConfig,
    AdaptiveThresholdLeakySoma, AdaptiveThresholdLeakySomaConfig, LeakySoma, LeakySomaConfig,
    RefractoryLeakySoma, RefractoryLeakySomaConfig, StrictRefractoryLeakySoma,
    StrictRefractoryLeakySomaConfig,
};
