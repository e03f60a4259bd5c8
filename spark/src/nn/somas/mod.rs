//! Somas: from a current to spikes.
//!
//! | soma | beyond the leaky membrane |
//! |---|---|
//! | [`LeakySoma`] | nothing |
//! | [`RefractoryLeakySoma`] | ignores its input for some time after a spike |
//! | [`AdaptiveLeakySoma`] | refractory, and its threshold rises with every spike |

mod leaky;
mod membrane;
mod refractory;

pub use leaky::{
    AdaptiveLeakySoma, AdaptiveLeakySomaConfig, LeakySoma, LeakySomaConfig, RefractoryLeakySoma,
    RefractoryLeakySomaConfig,
};
