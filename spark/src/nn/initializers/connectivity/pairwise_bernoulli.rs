//! Each pair of neurons is connected by chance.

use super::{Groups, afford, impossible, weigh};
use crate::core::error::Problem;
use crate::core::field::Init;
use crate::core::initializer::{Cast, Connections};
use crate::core::payload::Topology;
use crate::prelude::*;

/// Each pair of neurons is connected with `probability`, independently of all others.
///
/// The kernel holds the synapses that there are and nothing else: 6 bytes each, 8 from 65,537 post units on; a rule changes
/// their weights, but creates none.
///
/// `sources` parts the inputs into groups, in their order: `probability` and `weight` may then be lists with a number for each.
/// `weight` may be an initializer, too, which draws one for each synapse. Without `autapses` no unit is connected to
/// itself; unit `i` is input `first_own + i`.
///
/// Draws: one per synapse (the gaps between them are geometric), not one per pair.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     /// 80 excitatory and 20 inhibitory inputs.
///     brain Sparse(spikes: SpikeArray[100]) -> (kernel: FloatArray[50, 100]) {
///         synapses = LinearSynapses {
///             units: [50],
///             kernel: PairwiseBernoulliInitializer { sources: [80, 20], probability: 0.1, weight: [1.0, 5.0] },
///         };
///         spikes            -> synapses.spikes;
///         synapses.kernel() -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sparse = Sparse::new()?;
/// let kernel = &sparse.outputs().kernel;
/// let synapses = kernel.topology().map_or(0, |topology| topology.len());
/// assert!((400..600).contains(&synapses));
/// assert_eq!(kernel.as_slice().len(), synapses);
/// # Ok(())
/// # }
/// ```
#[register_initializer]
pub struct PairwiseBernoulliInitializer {
    /// Probability of a synapse.
    #[field(default = 0.1, validate(ZeroOneValidator))]
    pub probability: Init<f64>,
    /// Weight of a synapse, in the unit of the kernel.
    #[field(default = 1.0)]
    pub weight: Init<f64>,
    /// Sizes of the groups of inputs. Without any, all inputs are one group.
    #[field(default = Vec::<usize>::new())]
    pub sources: Vec<usize>,
    /// Whether a unit may be connected to itself.
    #[field(default = true)]
    pub autapses: bool,
    /// The input that is the first of the pool's own units.
    #[field(default = 0)]
    pub first_own: usize,
}

connects!(PairwiseBernoulliInitializer);

impl PairwiseBernoulliInitializer {
    fn made(&self, key: Key, (post, pre): (usize, usize), cast: &Cast) -> Result<Connections, Problem> {
        let groups = Groups::new(&self.sources, pre)?;
        let probabilities = groups.numbers("probability", &self.probability)?;
        let of = groups.of_inputs();
        let expected: f64 = of.iter().map(|group| probabilities[*group] * post as f64).sum();
        afford(expected, post)?;
        let (places, weights) = key.split_in_two();
        let topology = Topology::from_targets(post, pre, |input, targets| {
            let own = input.checked_sub(self.first_own).filter(|_| !self.autapses);
            each_success(
                places.child(input as u64),
                probabilities[of[input]],
                post,
                |unit| {
                    if Some(unit) != own {
                        targets.push(unit as u32);
                    }
                },
            );
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

/// The successes among `trials` trials, by the geometric gaps between them.
fn each_success(stream: Key, probability: f64, trials: usize, mut visit: impl FnMut(usize)) {
    if probability >= 1.0 {
        (0..trials).for_each(visit);
        return;
    }
    if probability <= 0.0 {
        return;
    }
    let scale = (-probability).ln_1p().recip();
    let (mut trial, mut draw) = (0usize, 0u64);
    loop {
        // From (0, 1].
        let uniform = (f64::from(stream.bits32_at(draw)) + 1.0) / 4_294_967_296.0;
        draw += 1;
        trial = trial.saturating_add((uniform.ln() * scale) as usize);
        if trial >= trials {
            return;
        }
        visit(trial);
        trial += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connected(initializer: &PairwiseBernoulliInitializer, sizes: (usize, usize)) -> Connections {
        let key = Key::from_seed(5);
        Initializer::connect(initializer, key, sizes, &Cast::default())
            .unwrap()
            .unwrap()
    }

    #[test]
    fn as_many_pairs_as_the_probability_says_are_connected() {
        let initializer = PairwiseBernoulliInitializer {
            probability: Init::Array(ArrayValue::vector([0.1, 0.6])),
            sources: vec![200, 100],
            ..Default::default()
        };
        let topology = connected(&initializer, (400, 300)).topology;
        let first = topology.pairs().filter(|(_, pre)| *pre < 200).count() as f64;
        let second = topology.len() as f64 - first;
        // Five standard deviations.
        assert!((first - 8_000.0).abs() < 425.0, "{first}");
        assert!((second - 24_000.0).abs() < 490.0, "{second}");
        let mut pairs: Vec<_> = topology.pairs().collect();
        pairs.dedup();
        assert_eq!(pairs.len(), topology.len());
    }

    #[test]
    fn certain_pairs_are_all_connected_but_for_the_unit_itself() {
        let initializer = PairwiseBernoulliInitializer {
            probability: Init::Value(1.0),
            autapses: false,
            first_own: 2,
            ..Default::default()
        };
        let topology = connected(&initializer, (3, 5)).topology;
        assert_eq!(topology.len(), 12);
        assert!(topology.pairs().all(|(post, pre)| pre != post + 2));
    }
}
