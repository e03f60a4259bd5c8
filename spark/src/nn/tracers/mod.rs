//! Tracers: exponential traces of spike trains, the building blocks of synapses, rules and integrators.
//!
//! | tracer | one input of 1 gives |
//! |---|---|
//! | [`Tracer`] | a jump that decays exponentially |
//! | [`RDTracer`] | a rise and a decay |
//! | [`RFSTracer`] | a rise and a decay that is fast at first and slow later |
//! | [`RUTracer`] | what a synapse with short-term plasticity releases |

mod resource;
mod rise_decay;
mod rise_fast_slow;
mod single;

pub use resource::{RUParams, RUTracer};
pub use rise_decay::{RDParams, RDTracer};
pub use rise_fast_slow::{RFSParams, RFSTracer};
pub use single::Tracer;

use crate::core::array::Real;
use crate::core::payload::Shape;
use crate::core::state::{StateMap, Stateful, join};

/// A tracer that is a weighted sum of exponentials. The sum of many with the same constants is one more of its kind.
pub(crate) trait Exponentials: Stateful {
    /// Visits every exponential, with its path in the Python package's state.
    fn each_part(&self, visit: impl FnMut(&str, &Tracer));

    /// Visits every exponential.
    fn each_part_mut(&mut self, visit: impl FnMut(&mut Tracer));

    /// The trace of element `i`.
    fn at(&self, i: usize) -> Real;

    /// Whether all elements have the same constants.
    fn is_uniform(&self) -> bool {
        let mut uniform = true;
        self.each_part(|_, part| uniform &= part.constants().is_some());
        uniform
    }

    /// The part of a step that does not depend on the input.
    fn decay(&mut self) {
        self.each_part_mut(Tracer::decay);
    }

    /// The part of a step that does: `x` at element `i`.
    #[inline(always)]
    fn add(&mut self, i: usize, x: Real) {
        self.each_part_mut(|part| part.add(i, x));
    }

    /// Sets every exponential to its base.
    fn reset(&mut self) {
        self.each_part_mut(Tracer::reset);
    }

    /// The state under the Python package's paths.
    fn spark_state(&self, path: &str, shape: &Shape, state: &mut StateMap) {
        self.each_part(|name, part| part.spark_state(&join(path, name), shape, state));
    }
}
