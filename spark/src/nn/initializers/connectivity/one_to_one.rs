//! Each unit has one input.

use super::{Groups, impossible, weigh};
use crate::core::error::Problem;
use crate::core::field::Init;
use crate::core::initializer::{Cast, Connections};
use crate::core::payload::Topology;
use crate::prelude::*;

/// Input `i` reaches unit `i` and no other one. There are as many inputs as units.
///
/// `weight` may be an initializer, which draws one for each synapse, or a list of one number per unit.
///
/// ```
/// use spark::prelude::*;
///
/// let relay = OneToOneInitializer { weight: Init::Value(3.0), ..Default::default() };
/// let kernel = Initializer::draw(&relay, Key::from_seed(0), &Shape::from([2, 2]), &Cast::default());
/// assert_eq!(kernel, [3.0, 0.0, 0.0, 3.0]);
/// ```
#[register_initializer]
pub struct OneToOneInitializer {
    /// Weight of a synapse, in the unit of the kernel.
    #[field(default = 1.0)]
    pub weight: Init<f64>,
}

connects!(OneToOneInitializer);

impl OneToOneInitializer {
    fn made(&self, key: Key, (post, pre): (usize, usize), cast: &Cast) -> Result<Connections, Problem> {
        if post != pre {
            let problem = Problem::new("", "there is not one input per unit");
            return Err(problem
                .expected(format!("{post} inputs"))
                .found(format!("{pre} inputs")));
        }
        let topology = Topology::from_targets(post, pre, |input, targets| targets.push(input as u32));
        // Each input is a group of its own: a list has a number for each.
        let groups = Groups::new(&vec![1; pre], pre)?;
        weigh(topology.map_err(impossible)?, &self.weight, &groups, key, cast)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_may_have_a_weight_of_its_own() {
        let relay = OneToOneInitializer {
            weight: Init::Array(ArrayValue::vector([1.0, 2.0, 3.0])),
            ..Default::default()
        };
        let made = |sizes| Initializer::connect(&relay, Key::from_seed(0), sizes, &Cast::default()).unwrap();
        assert_eq!(made((3, 3)).unwrap().weights, [1.0, 2.0, 3.0]);
        assert!(made((3, 4)).is_err());
    }
}
