//! Every input reaches every unit.

use super::{Groups, afford, impossible, weigh};
use crate::core::error::Problem;
use crate::core::field::Init;
use crate::core::initializer::{Cast, Connections};
use crate::core::payload::Topology;
use crate::prelude::*;

/// Every input reaches every unit, other than itself without `autapses`.
///
/// `sources` parts the inputs into groups, in their order: `weight` may then be a list with a number for each. `weight` may be
/// an initializer, too, which draws one for each synapse. Unit `i` is input `first_own + i`.
///
/// A kernel that holds all pairs of neurons anyway takes less memory from a
/// [`ConstantInitializer`](crate::nn::initializers::ConstantInitializer).
///
/// ```
/// use spark::prelude::*;
///
/// let lateral = AllToAllInitializer { weight: Init::Value(2.0), autapses: false, ..Default::default() };
/// let kernel = Initializer::draw(&lateral, Key::from_seed(0), &Shape::from([2, 2]), &Cast::default());
/// assert_eq!(kernel, [0.0, 2.0, 2.0, 0.0]);
/// ```
#[register_initializer]
pub struct AllToAllInitializer {
    /// Weight of a synapse, in the unit of the kernel.
    #[field(default = 1.0)]
    pub weight: Init<f64>,
    /// Sizes of the groups of inputs. Without any, all inputs are one group.
    #[field(default = Vec::<usize>::new())]
    pub sources: Vec<usize>,
    /// Whether a unit is connected to itself.
    #[field(default = true)]
    pub autapses: bool,
    /// The input that is the first of the pool's own units.
    #[field(default = 0)]
    pub first_own: usize,
}

connects!(AllToAllInitializer);

impl AllToAllInitializer {
    fn made(&self, key: Key, (post, pre): (usize, usize), cast: &Cast) -> Result<Connections, Problem> {
        let groups = Groups::new(&self.sources, pre)?;
        afford(post as f64 * pre as f64, post)?;
        let topology = Topology::from_targets(post, pre, |input, targets| {
            let own = input.checked_sub(self.first_own).filter(|_| !self.autapses);
            let units = (0..post).filter(|unit| Some(*unit) != own);
            targets.extend(units.map(|unit| unit as u32));
        });
        weigh(topology.map_err(impossible)?, &self.weight, &groups, key, cast)
    }
}
