//! Each unit has the same number of synapses.

use super::{Distinct, Groups, afford, draw_any, impossible, others, weigh};
use crate::core::error::Problem;
use crate::core::field::Init;
use crate::core::initializer::{Cast, Connections};
use crate::core::payload::Topology;
use crate::prelude::*;

/// Each unit has `degree` synapses, from inputs that are drawn by chance.
///
/// The kernel holds the synapses that there are and nothing else: 6 bytes each, 8 from 65,537 post units on; a rule changes
/// their weights, but creates none.
///
/// `sources` parts the inputs into groups, in their order: `degree` and `weight` may then be lists with a number for each.
/// `weight` may be an initializer, too, which draws one for each synapse. With `multapses` an input may be drawn several
/// times for one unit. Without `autapses` no unit is connected to itself; unit `i` is input `first_own + i`.
///
/// ```
/// use spark::prelude::*;
///
/// let balanced = FixedInDegreeInitializer {
///     sources: vec![80, 20],
///     degree: Init::Array(ArrayValue::vector([8.0, 2.0])),
///     weight: Init::Array(ArrayValue::vector([0.1, 0.5])),
///     ..Default::default()
/// };
/// let cast = Cast::default();
/// let kernel = Initializer::draw(&balanced, Key::from_seed(0), &Shape::from([100, 100]), &cast);
/// for unit in kernel.chunks(100) {
///     let (excitatory, inhibitory) = unit.split_at(80);
///     assert!((excitatory.iter().sum::<f32>() - 0.8).abs() < 1e-6);
///     assert!((inhibitory.iter().sum::<f32>() - 1.0).abs() < 1e-6);
/// }
/// ```
#[register_initializer]
pub struct FixedInDegreeInitializer {
    /// Synapses of each unit.
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

connects!(FixedInDegreeInitializer);

impl FixedInDegreeInitializer {
    fn made(&self, key: Key, (post, pre): (usize, usize), cast: &Cast) -> Result<Connections, Problem> {
        let groups = Groups::new(&self.sources, pre)?;
        let own = |unit: usize| (!self.autapses).then_some(unit + self.first_own);
        let degrees = groups.counts("degree", &self.degree, |range| {
            let least = (0..post).map(|unit| others(range, own(unit))).min().unwrap_or(0);
            match (self.multapses, least) {
                (true, 1..) => (u32::MAX as usize, "as synapses are counted in 32 bits".to_owned()),
                _ => (least, "the inputs that a unit may be connected to".to_owned()),
            }
        })?;
        afford(degrees.iter().map(|degree| (degree * post) as f64).sum(), post)?;
        let (places, weights) = key.split_in_two();
        let mut distinct = Distinct::new(if self.multapses { 0 } else { pre });
        let topology = Topology::from_inputs(post, pre, |unit, inputs| {
            for (group, (range, &degree)) in groups.ranges.iter().zip(&degrees).enumerate() {
                let stream = places.child(group as u64).child(unit as u64);
                let take = |input: usize| inputs.push(input as u32);
                if self.multapses {
                    draw_any(stream, degree, range, own(unit), take);
                } else {
                    distinct.draw(stream, degree, range, own(unit), take);
                }
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

    fn made(initializer: &FixedInDegreeInitializer, sizes: (usize, usize)) -> Result<Connections, Problem> {
        Initializer::connect(initializer, Key::from_seed(3), sizes, &Cast::default()).unwrap()
    }

    fn with(degree: f64, multapses: bool, autapses: bool) -> FixedInDegreeInitializer {
        FixedInDegreeInitializer {
            degree: Init::Value(degree),
            multapses,
            autapses,
            ..Default::default()
        }
    }

    #[test]
    fn every_unit_has_as_many_synapses_as_asked() {
        for multapses in [false, true] {
            for autapses in [false, true] {
                let topology = made(&with(7.0, multapses, autapses), (50, 50)).unwrap().topology;
                let incoming = topology.incoming();
                assert!((0..50).all(|unit| incoming.of(unit, 0).0.len() == 7));
                let mut pairs: Vec<_> = topology.pairs().collect();
                assert!(autapses || pairs.iter().all(|(post, pre)| post != pre));
                pairs.dedup();
                assert_eq!(multapses, pairs.len() < topology.len());
            }
        }
    }

    #[test]
    fn all_inputs_can_be_drawn_once() {
        let topology = made(&with(9.0, false, false), (10, 10)).unwrap().topology;
        assert_eq!(topology.len(), 90);
    }

    #[test]
    fn more_synapses_than_inputs_are_refused() {
        let problem = made(&with(10.0, false, false), (10, 10)).unwrap_err().to_string();
        assert!(
            problem.contains("degree") && problem.contains("from 0 to 9"),
            "{problem}"
        );
        assert!(made(&with(2.5, true, true), (10, 10)).is_err());
    }

    #[test]
    fn inputs_are_drawn_evenly() {
        let topology = made(&with(200.0, true, true), (500, 20)).unwrap().topology;
        for input in 0..20 {
            let reached = topology.row(0, input).len() as f64;
            // Five standard deviations of a binomial of 100,000 draws.
            assert!((reached - 5_000.0).abs() < 345.0, "{reached}");
        }
    }
}
