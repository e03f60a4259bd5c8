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

/// The soma of `ARCHITECTURE.md`, where it would stand.
#[cfg(test)]
#[path = "../../../../tests/support/quadratic.rs"]
#[allow(unreachable_pub, reason = "nothing is re-exported here")]
mod quadratic;

#[cfg(test)]
mod tests {
    use crate::REGISTRY;

    #[test]
    fn a_soma_needs_a_file_and_a_mod_line() {
        let entry = REGISTRY.module("QuadraticSoma").unwrap();
        assert_eq!(entry.place.origin, "spark::nn::somas::quadratic");
    }

    #[test]
    fn the_soma_in_the_guide_is_the_one_that_is_tested() {
        let guide = include_str!("../../../../ARCHITECTURE.md");
        assert!(guide.contains(include_str!("../../../../tests/support/quadratic.rs")));
    }
}
