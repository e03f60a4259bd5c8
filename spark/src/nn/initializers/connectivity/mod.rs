//! Initializers that say which synapses there are. Their kernels hold nothing else.
//!
//! What they share: groups of inputs with numbers of their own, weights, self-connections.

/// Makes an initializer of a struct that has `made`: the connections, or what is wrong with them.
macro_rules! connects {
    ($name:ident) => {
        impl $crate::core::initializer::Initializer for $name {
            fn draw(&self, key: Key, shape: &Shape, cast: &Cast) -> Vec<f32> {
                let sizes = $crate::core::initializer::sizes(shape, cast);
                match self.made(key, sizes, cast) {
                    Ok(connections) => connections.to_dense(),
                    // Who asks for the synapses learns why.
                    Err(_) => vec![0.0; shape.count()],
                }
            }

            fn connect(
                &self,
                key: Key,
                sizes: (usize, usize),
                cast: &Cast,
            ) -> Option<Result<Connections, Problem>> {
                Some(self.made(key, sizes, cast))
            }
        }
    };
}

mod all_to_all;
mod fixed_in_degree;
mod fixed_out_degree;
mod list;
mod one_to_one;
mod pairwise_bernoulli;

pub use all_to_all::{AllToAllInitializer, AllToAllInitializerConfig};
pub use fixed_in_degree::{FixedInDegreeInitializer, FixedInDegreeInitializerConfig};
pub use fixed_out_degree::{FixedOutDegreeInitializer, FixedOutDegreeInitializerConfig};
pub use list::{ConnectionListInitializer, ConnectionListInitializerConfig};
pub use one_to_one::{OneToOneInitializer, OneToOneInitializerConfig};
pub use pairwise_bernoulli::{PairwiseBernoulliInitializer, PairwiseBernoulliInitializerConfig};

use std::ops::Range;

use crate::core::error::{ArrayError, Problem};
use crate::core::field::Init;
use crate::core::initializer::{Cast, Connections};
use crate::core::memory;
use crate::core::payload::{Shape, Topology};
use crate::core::rng::Key;

/// Inputs in groups, such as the excitatory and the inhibitory ones.
struct Groups {
    ranges: Vec<Range<usize>>,
}

impl Groups {
    /// `sizes` of the field `sources`; none: all inputs are one group.
    fn new(sizes: &[usize], pre: usize) -> Result<Self, Problem> {
        if sizes.is_empty() {
            return Ok(Groups {
                ranges: std::iter::once(0..pre).collect(),
            });
        }
        let total: usize = sizes.iter().sum();
        if total != pre {
            let problem = Problem::new("sources", "the groups are not all of the inputs");
            return Err(problem
                .expected(format!("sizes that add up to {pre} inputs"))
                .found(format!("{sizes:?}, {total} in all")));
        }
        let mut begin = 0;
        let ranges = sizes.iter().map(|size| {
            begin += size;
            begin - size..begin
        });
        Ok(Groups {
            ranges: ranges.collect(),
        })
    }

    /// The numbers of a field: one for all groups, or one for each.
    fn numbers(&self, name: &str, field: &Init<f64>) -> Result<Vec<f64>, Problem> {
        let count = self.ranges.len();
        let expected = || {
            if count == 1 {
                "one number".to_owned()
            } else {
                format!("one number, or {count}: one per group of `sources`")
            }
        };
        match field {
            Init::Value(number) => Ok(vec![*number; count]),
            Init::Array(array) if array.data().len() == count => Ok(array.data().to_vec()),
            Init::Array(array) => {
                let problem = Problem::new(name, "there is not one number per group");
                Err(problem
                    .expected(expected())
                    .found(format!("{} numbers", array.data().len())))
            }
            Init::Initializer(_) => {
                let problem = Problem::new(name, "this number cannot be drawn");
                Err(problem.expected(expected()).found("an initializer"))
            }
        }
    }

    /// Whole numbers from 0 up to what `most` allows for a group.
    fn counts(
        &self,
        name: &str,
        field: &Init<f64>,
        most: impl Fn(&Range<usize>) -> (usize, String),
    ) -> Result<Vec<usize>, Problem> {
        let numbers = self.numbers(name, field)?;
        for (number, group) in numbers.iter().zip(&self.ranges) {
            let (limit, of_what) = most(group);
            if number.fract() != 0.0 || !(0.0..=limit as f64).contains(number) {
                let problem = Problem::new(name, "there cannot be so many connections");
                return Err(problem
                    .expected(format!("a whole number from 0 to {limit}, {of_what}"))
                    .found(number)
                    .help("with `multapses: true` a neuron may be connected several times"));
            }
        }
        Ok(numbers.into_iter().map(|number| number as usize).collect())
    }

    /// The group of each input.
    fn of_inputs(&self) -> Vec<usize> {
        let groups = self.ranges.iter().enumerate();
        groups
            .flat_map(|(group, range)| range.clone().map(move |_| group))
            .collect()
    }
}

/// The weights of synapses: one number, one per group of inputs, or drawn.
fn weigh(
    topology: Topology,
    weight: &Init<f64>,
    groups: &Groups,
    key: Key,
    cast: &Cast,
) -> Result<Connections, Problem> {
    let weights = match weight {
        Init::Initializer(initializer) => {
            let count = Shape::from(topology.len());
            let drawn = initializer.values(key, &count, &Cast::to(cast.dtype));
            drawn.map_err(|error| Problem::new("weight", error.to_string()))?
        }
        number => {
            let numbers = groups.numbers("weight", number)?;
            let of = groups.of_inputs();
            let weights = topology.pairs().map(|(_, pre)| numbers[of[pre]] as f32);
            cast.finish(weights.collect(), None, None)
        }
    };
    Ok(Connections { topology, weights })
}

/// Refuses synapses for which there is no memory.
fn afford(synapses: f64, post: usize) -> Result<(), Problem> {
    let index = if post <= 1 << 16 { 2.0 } else { 4.0 };
    memory::afford("kernel", synapses, 4.0 + index, "synapses")
}

/// A problem of the topology itself.
fn impossible(error: ArrayError) -> Problem {
    Problem::new("", error.to_string())
}

/// A number from 0 up to `n`, from 32 random bits.
#[inline(always)]
fn below(bits: u32, n: usize) -> usize {
    ((u64::from(bits) * n as u64) >> 32) as usize
}

/// Draws of distinct numbers.
struct Distinct {
    /// The round in which a number was drawn last.
    seen: Vec<u32>,
    round: u32,
}

impl Distinct {
    fn new(n: usize) -> Self {
        Distinct {
            seen: vec![0; n],
            round: 0,
        }
    }

    /// Calls `take` with `count` distinct numbers of `range` other than `without`. `range` has that many.
    fn draw(
        &mut self,
        stream: Key,
        count: usize,
        range: &Range<usize>,
        without: Option<usize>,
        mut take: impl FnMut(usize),
    ) {
        self.round += 1;
        let without = without.filter(|number| range.contains(number));
        if let Some(number) = without {
            self.seen[number] = self.round;
        }
        let there = range.len() - usize::from(without.is_some());
        // Of many it is quicker to draw those that are left out.
        let (draws, inverted) = if count * 2 > there {
            (there - count, true)
        } else {
            (count, false)
        };
        let (mut drawn, mut at) = (0, 0u64);
        while drawn < draws {
            let number = range.start + below(stream.bits32_at(at), range.len());
            at += 1;
            if self.seen[number] == self.round {
                continue;
            }
            self.seen[number] = self.round;
            drawn += 1;
            if !inverted {
                take(number);
            }
        }
        if inverted {
            range
                .clone()
                .filter(|number| self.seen[*number] != self.round)
                .for_each(take);
        }
    }
}

/// Calls `take` with `count` numbers of `range` other than `without`, each drawn from all of them.
fn draw_any(
    stream: Key,
    count: usize,
    range: &Range<usize>,
    without: Option<usize>,
    mut take: impl FnMut(usize),
) {
    let (mut drawn, mut at) = (0, 0u64);
    while drawn < count {
        let number = range.start + below(stream.bits32_at(at), range.len());
        at += 1;
        if Some(number) != without {
            take(number);
            drawn += 1;
        }
    }
}

/// How many numbers of a range there are besides `without`.
fn others(range: &Range<usize>, without: Option<usize>) -> usize {
    range.len() - usize::from(without.is_some_and(|number| range.contains(&number)))
}
