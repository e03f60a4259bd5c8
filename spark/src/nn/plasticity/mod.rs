//! Plasticity rules: they change a kernel in place, after everything else in a step.
//!
//! Traces are updated first, so they include the spikes of the step. All rules see spikes only, whatever their sign.
//! A weight is changed where a spike arrives or where the post unit spiked; its terms are added up and the sum is
//! bounded once per step. A weight that starts out of bounds and sees no spike is bounded in the first step after
//! building or a reset.

mod hebbian;
mod quadruplet_tensor;
mod traces;

pub use hebbian::{HebbianRule, HebbianRuleConfig};
pub use quadruplet_tensor::{QuadrupletRuleTensor, QuadrupletRuleTensorConfig};
