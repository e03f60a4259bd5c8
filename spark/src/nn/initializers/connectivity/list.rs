//! Synapses from a list.

use super::impossible;
use crate::core::error::Problem;
use crate::core::field::Init;
use crate::core::initializer::{Cast, Connections};
use crate::core::payload::{Shape, Topology};
use crate::prelude::*;

/// Synapse `k` leads from input `pres[k]` to unit `posts[k]`, both counted flat.
///
/// `weight` is one number, a list with one for each, or an initializer that draws one for each. A pair may stand there several
/// times: it then has as many synapses.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Drawn(spikes: SpikeArray[3]) -> (currents: CurrentArray[2]) {
///         synapses = LinearSynapses {
///             units: [2],
///             kernel: ConnectionListInitializer { pres: [0, 2, 2], posts: [1, 0, 1], weight: [1.0, 2.0, 3.0] },
///         };
///         spikes            -> synapses.spikes;
///         synapses.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut drawn = Drawn::new()?;
/// let spikes = SpikeArray::from_indices(3, [0, 2])?;
/// assert_eq!(drawn.step(DrawnInputs { spikes: &spikes }).currents.as_slice(), [2.0, 4.0]);
/// # Ok(())
/// # }
/// ```
#[register_initializer]
pub struct ConnectionListInitializer {
    /// The input of each synapse.
    #[field(default = Vec::<usize>::new())]
    pub pres: Vec<usize>,
    /// The unit of each synapse.
    #[field(default = Vec::<usize>::new())]
    pub posts: Vec<usize>,
    /// Weight of a synapse, in the unit of the kernel.
    #[field(default = 1.0)]
    pub weight: Init<f64>,
}

connects!(ConnectionListInitializer);

impl ConnectionListInitializer {
    fn made(&self, key: Key, (post, pre): (usize, usize), cast: &Cast) -> Result<Connections, Problem> {
        let count = self.pres.len();
        let expect = |name, found: usize| {
            let problem = Problem::new(name, "the lists do not have the same length");
            if found == count {
                Ok(())
            } else {
                Err(problem
                    .expected(format!("{count}, as many as `pres`"))
                    .found(found))
            }
        };
        expect("posts", self.posts.len())?;
        check("pres", &self.pres, pre, "inputs")?;
        check("posts", &self.posts, post, "units")?;
        let weights: Vec<f32> = match &self.weight {
            Init::Value(weight) => vec![*weight as f32; count],
            Init::Array(weights) => {
                expect("weight", weights.data().len())?;
                weights.data().iter().map(|&weight| weight as f32).collect()
            }
            Init::Initializer(initializer) => {
                let drawn = initializer.values(key, &Shape::from(count), &Cast::to(cast.dtype));
                drawn.map_err(|error| Problem::new("weight", error.to_string()))?
            }
        };
        // In the order in which a topology keeps them; weights of one pair stay in that of the list.
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|&k| (self.pres[k], self.posts[k]));
        let pairs: Vec<(u32, u32)> = order
            .iter()
            .map(|&k| (self.posts[k] as u32, self.pres[k] as u32))
            .collect();
        let topology = Topology::from_pairs(post, pre, &pairs).map_err(impossible)?;
        let weights = order.iter().map(|&k| weights[k]).collect();
        Ok(Connections {
            topology,
            weights: cast.finish(weights, None, None),
        })
    }
}

/// Refuses neurons that do not exist.
fn check(name: &str, neurons: &[usize], count: usize, what: &str) -> Result<(), Problem> {
    match neurons.iter().position(|neuron| *neuron >= count) {
        None => Ok(()),
        Some(at) => {
            let problem = Problem::new(format!("{name}[{at}]"), "there is no such neuron");
            Err(problem
                .expected(format!("less than the {count} {what}"))
                .found(neurons[at]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(pres: &[usize], posts: &[usize]) -> Result<Connections, Problem> {
        let list = ConnectionListInitializer {
            pres: pres.to_vec(),
            posts: posts.to_vec(),
            weight: Init::Array(ArrayValue::vector((0..pres.len()).map(|k| k as f64))),
            ..Default::default()
        };
        Initializer::connect(&list, Key::from_seed(0), (3, 3), &Cast::default()).unwrap()
    }

    #[test]
    fn weights_follow_their_synapses() {
        let connections = made(&[2, 0, 2, 0], &[1, 2, 0, 2]).unwrap();
        let pairs: Vec<_> = connections.topology.pairs().collect();
        assert_eq!(pairs, [(2, 0), (2, 0), (0, 2), (1, 2)]);
        assert_eq!(connections.weights, [1.0, 3.0, 2.0, 0.0]);
    }

    #[test]
    fn a_neuron_that_does_not_exist_is_named() {
        let text = made(&[0, 3], &[0, 0]).unwrap_err().to_string();
        assert!(text.contains("pres[1]") && text.contains("3 inputs"), "{text}");
        assert!(made(&[0, 1], &[0]).is_err());
    }
}
