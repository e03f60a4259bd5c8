//! Each input has the same number of synapses.

use super::{Distinct, Groups, afford, draw_any, impossible, others, weigh};
use crate::core::error::Problem;
use crate::core::field::Init;
use crate::core::initializer::{Cast, Connections};
use crate::core::payload::Topology;
use crate::prelude::*;

/// Each input has `degree` synapses, with units that are drawn by chance.
///
/// The kernel holds the synapses that there are and nothing else: 6 bytes each, 8 from 65,537 post units on; a rule changes
/// their weights, but creates none.
///
/// `sources` parts the inputs into groups, in their order: `degree` and `weight` may then be lists with a number for each.
/// `weight` may be an initializer, too, which draws one for each synapse. With `multapses` a unit may be drawn several
/// times for one input. Without `autapses` no unit is connected to itself; unit `i` is input `first_own + i`.
///
/// ```
/// use spark::prelude::*;
///
/// let spread = FixedOutDegreeInitializer { degree: Init::Value(3.0), multapses: false, ..Default::default() };
/// let kernel = Initializer::draw(&spread, Key::from_seed(0), &Shape::from([10, 4]), &Cast::default());
/// for input in 0..4 {
///     assert_eq!(kernel.iter().skip(input).step_by(4).sum::<f32>(), 3.0);
/// }
/// ```
#[register_initializer]
pub struct FixedOutDegreeInitializer {
    /// Synapses of each input.
    #[field(default = 1.0, validate(NonNegativeValidator))]
    pub degree: Init<f64>,
    /// Weight of a synapse, in the unit of the kernel.
    #[field(default = 1.0)]
    pub weight: Init<f64>,
    /// Sizes of the groups of inputs. Without any, all inputs are one group.
    #[field(default = Vec::<usize>::new())]
    pub sources: Vec<usize>,
    /// Whether an input may have several synapses with a unit.
    #[field(default = true)]
    pub multapses: bool,
    /// Whether a unit may be connected to itself.
    #[field(default = true)]
    pub autapses: bool,
    /// The input that is the first of the pool's own units.
    #[field(default = 0)]
    pub first_own: usize,
}

connects!(FixedOutDegreeInitializer);

impl FixedOutDegreeInitializer {
    fn made(&self, key: Key, (post, pre): (usize, usize), cast: &Cast) -> Result<Connections, Problem> {
        let groups = Groups::new(&self.sources, pre)?;
        let own = |input: usize| {
            let unit = input.checked_sub(self.first_own)?;
            (!self.autapses && unit < post).then_some(unit)
        };
        let degrees = groups.counts("degree", &self.degree, |range| {
            let least = range.clone().map(|input| others(&(0..post), own(input))).min();
            let least = least.unwrap_or(post);
            match (self.multapses, least) {
                (true, 1..) => (u32::MAX as usize, "as synapses are counted in 32 bits".to_owned()),
                _ => (least, "the units that an input may be connected to".to_owned()),
            }
        })?;
        let of = groups.of_inputs();
        afford(of.iter().map(|group| degrees[*group] as f64).sum(), post)?;
        let (places, weights) = key.split_in_two();
        let mut distinct = Distinct::new(if self.multapses { 0 } else { post });
        let topology = Topology::from_targets(post, pre, |input, targets| {
            let (stream, degree) = (places.child(input as u64), degrees[of[input]]);
            let take = |unit: usize| targets.push(unit as u32);
            if self.multapses {
                draw_any(stream, degree, &(0..post), own(input), take);
            } else {
                distinct.draw(stream, degree, &(0..post), own(input), take);
            }
        });
        weigh(
            topology.map_err(impossible)?,
            &self.weight,
            &groups,
            weights,
            cast,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_has_as_many_synapses_as_asked() {
        for (multapses, autapses) in [(false, false), (false, true), (true, false), (true, true)] {
            let initializer = FixedOutDegreeInitializer {
                degree: Init::Value(6.0),
                multapses,
                autapses,
                first_own: 5,
                ..Default::default()
            };
            let made = Initializer::connect(&initializer, Key::from_seed(3), (20, 30), &Cast::default());
            let topology = made.unwrap().unwrap().topology;
            assert!((0..30).all(|input| topology.row(0, input).len() == 6));
            let mut pairs: Vec<_> = topology.pairs().collect();
            assert!(autapses || pairs.iter().all(|(post, pre)| *pre != post + 5));
            pairs.dedup();
            assert_eq!(multapses, pairs.len() < topology.len());
        }
    }
}
