//! Plasticity rules: they change a kernel in place, after everything else in a step.
//!
//! | rule | learns from | |
//! |---|---|---|
//! | [`HebbianRule`] | pairs of spikes, whatever their order | |
//! | [`OjaRule`] | presynaptic spikes, with a decay that keeps weights finite | |
//! | [`ZenkeRule`] | pairs and triplets; stays stable by itself | |
//! | [`ThreeFactorHebbianRule`] | pairs of spikes, whatever their order | times a reward |
//! | [`QuadrupletRule`] | single spikes and pairs | times a signal |
//! | [`QuadrupletRuleTensor`] | the same, with parameters per type of synapse | times a signal |
//! | [`PairSTDPRule`] | the order of pairs of spikes | |
//! | [`RewardSTDPRule`] | the order of pairs of spikes, remembered | when a reward comes |
//!
//! Traces are updated first, so they include the spikes of the step; the two rules of spike timing say what differs
//! there. All rules see spikes only, whatever their sign.
//! A weight is changed where a spike arrives or where the post unit spiked; its terms are added up and the sum is
//! bounded once per step. A weight that starts out of bounds and sees no spike is bounded in the first step after
//! building or a reset.

mod deferring;
mod hebbian;
mod modulation;
mod oja;
mod pair_stdp;
mod quadruplet;
mod quadruplet_tensor;
mod reward_stdp;
mod terms;
mod three_factor_hebbian;
mod traces;
mod wiring;
mod zenke;

pub use hebbian::{HebbianRule, HebbianRuleConfig};
pub use oja::{OjaRule, OjaRuleConfig};
pub use pair_stdp::{PairSTDPRule, PairSTDPRuleConfig};
pub use quadruplet::{QuadrupletRule, QuadrupletRuleConfig};
pub use quadruplet_tensor::{QuadrupletRuleTensor, QuadrupletRuleTensorConfig};
pub use reward_stdp::{RewardSTDPRule, RewardSTDPRuleConfig};
pub use three_factor_hebbian::{ThreeFactorHebbianRule, ThreeFactorHebbianRuleConfig};
pub use zenke::{ZenkeRule, ZenkeRuleConfig};
