//! Which synapses there are, for kernels that hold nothing else.

use std::ops::Range;
use std::sync::OnceLock;

use super::DelayPlan;
use crate::core::error::ArrayError;

/// Indices of neurons in as few bytes as they need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Indices {
    /// Below 65,536.
    Small(Vec<u16>),
    /// All others.
    Large(Vec<u32>),
}

/// A part of [`Indices`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexSlice<'a> {
    /// Below 65,536.
    Small(&'a [u16]),
    /// All others.
    Large(&'a [u32]),
}

impl Indices {
    pub(super) fn zeros(neurons: usize, len: usize) -> Self {
        if neurons <= 1 << 16 {
            Indices::Small(vec![0; len])
        } else {
            Indices::Large(vec![0; len])
        }
    }

    pub(super) fn set(&mut self, place: usize, index: u32) {
        match self {
            Indices::Small(indices) => indices[place] = index as u16,
            Indices::Large(indices) => indices[place] = index,
        }
    }

    fn push(&mut self, index: u32) {
        match self {
            Indices::Small(indices) => indices.push(index as u16),
            Indices::Large(indices) => indices.push(index),
        }
    }

    /// The index at a place.
    #[inline(always)]
    pub fn at(&self, place: usize) -> u32 {
        match self {
            Indices::Small(indices) => u32::from(indices[place]),
            Indices::Large(indices) => indices[place],
        }
    }

    /// The indices at some places.
    #[inline(always)]
    pub fn slice(&self, places: Range<usize>) -> IndexSlice<'_> {
        match self {
            Indices::Small(indices) => IndexSlice::Small(&indices[places]),
            Indices::Large(indices) => IndexSlice::Large(&indices[places]),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Indices::Small(indices) => indices.len(),
            Indices::Large(indices) => indices.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn bytes(&self) -> usize {
        match self {
            Indices::Small(indices) => indices.capacity() * 2,
            Indices::Large(indices) => indices.capacity() * 4,
        }
    }
}

impl<'a> IndexSlice<'a> {
    /// One after the other.
    #[inline(always)]
    pub fn for_each(self, mut visit: impl FnMut(usize, usize)) {
        match self {
            IndexSlice::Small(indices) => {
                indices
                    .iter()
                    .enumerate()
                    .for_each(|(k, &index)| visit(k, usize::from(index)));
            }
            IndexSlice::Large(indices) => {
                indices
                    .iter()
                    .enumerate()
                    .for_each(|(k, &index)| visit(k, index as usize));
            }
        }
    }

    /// How many are below a limit, if they are sorted.
    pub(super) fn count_below(self, limit: usize) -> usize {
        match self {
            IndexSlice::Small(indices) => indices.partition_point(|&index| usize::from(index) < limit),
            IndexSlice::Large(indices) => indices.partition_point(|&index| (index as usize) < limit),
        }
    }
}

/// The synapses between two populations: by delay, then by presynaptic, then by postsynaptic neuron. A spike walks over
/// contiguous memory, one row per delay. Two neurons may have several synapses.
///
/// The values of a kernel, a delay, a trace of each synapse stand in arrays of the same order. A synapse takes 2 bytes
/// here if there are at most 65,536 postsynaptic neurons, else 4.
///
/// ```
/// use spark::core::payload::Topology;
/// # fn main() -> Result<(), spark::ArrayError> {
/// // Three neurons, two inputs: the first reaches neurons 0 and 2, the second reaches neuron 1 twice.
/// let topology = Topology::from_pairs(3, 2, &[(2, 0), (0, 0), (1, 1), (1, 1)])?;
/// assert_eq!((topology.len(), topology.density()), (4, 4.0 / 6.0));
/// assert_eq!(topology.pairs().collect::<Vec<_>>(), [(0, 0), (2, 0), (1, 1), (1, 1)]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Topology {
    post: usize,
    pre: usize,
    /// One per class of synapses, ascending.
    lags: Vec<u16>,
    /// Where the row of each class and presynaptic neuron begins; one entry more than rows.
    offsets: Vec<u32>,
    posts: Indices,
    incoming: OnceLock<Incoming>,
}

/// The same synapses by postsynaptic neuron.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Where the synapses of each postsynaptic neuron and class begin; one entry more than rows.
    offsets: Vec<u32>,
    /// Places in the order of the [`Topology`].
    places: Vec<u32>,
    pres: Indices,
    classes: usize,
}

impl Incoming {
    /// The synapses of a neuron that belong to a class: where they stand, and their presynaptic neurons.
    #[inline(always)]
    pub fn of(&self, post: usize, class: usize) -> (&[u32], IndexSlice<'_>) {
        let row = post * self.classes + class;
        let range = self.offsets[row] as usize..self.offsets[row + 1] as usize;
        (&self.places[range.clone()], self.pres.slice(range))
    }
}

/// Equal if they have the same synapses in the same order.
impl PartialEq for Topology {
    fn eq(&self, other: &Self) -> bool {
        (self.post, self.pre) == (other.post, other.pre)
            && self.lags == other.lags
            && self.offsets == other.offsets
            && self.posts == other.posts
    }
}

fn too_large(post: usize, pre: usize) -> ArrayError {
    ArrayError::TooLarge {
        shape: vec![post, pre],
    }
}

impl Topology {
    /// From the inputs of each neuron, in any order: `inputs(post, into)` appends them. It is called twice for each
    /// neuron and gives the same both times.
    pub fn from_inputs(
        post: usize,
        pre: usize,
        mut inputs: impl FnMut(usize, &mut Vec<u32>),
    ) -> Result<Self, ArrayError> {
        let mut counts = vec![0u64; pre + 1];
        let mut drawn = Vec::new();
        let check = |drawn: &[u32]| match drawn.iter().find(|input| **input as usize >= pre) {
            Some(input) => Err(ArrayError::Index {
                index: input.to_string(),
                shape: vec![pre],
                count: pre,
            }),
            None => Ok(()),
        };
        for neuron in 0..post {
            drawn.clear();
            inputs(neuron, &mut drawn);
            check(&drawn)?;
            drawn.iter().for_each(|&input| counts[input as usize + 1] += 1);
        }
        let mut offsets = Vec::with_capacity(pre + 1);
        let mut sum = 0u64;
        for count in counts {
            sum += count;
            offsets.push(u32::try_from(sum).map_err(|_| too_large(post, pre))?);
        }
        let mut next = offsets.clone();
        let mut posts = Indices::zeros(post, sum as usize);
        for neuron in 0..post {
            drawn.clear();
            inputs(neuron, &mut drawn);
            check(&drawn)?;
            for &input in &drawn {
                let place = &mut next[input as usize];
                posts.set(*place as usize, neuron as u32);
                *place += 1;
            }
        }
        Ok(Topology {
            post,
            pre,
            lags: vec![0],
            offsets,
            posts,
            incoming: OnceLock::new(),
        })
    }

    /// From the targets of each presynaptic neuron, in any order: `targets(pre, into)` appends them.
    pub fn from_targets(
        post: usize,
        pre: usize,
        mut targets: impl FnMut(usize, &mut Vec<u32>),
    ) -> Result<Self, ArrayError> {
        let mut offsets = Vec::with_capacity(pre + 1);
        offsets.push(0);
        let mut posts = Indices::zeros(post, 0);
        let mut row = Vec::new();
        for neuron in 0..pre {
            row.clear();
            targets(neuron, &mut row);
            row.sort_unstable();
            if let Some(beyond) = row.last().filter(|last| **last as usize >= post) {
                return Err(ArrayError::Index {
                    index: beyond.to_string(),
                    shape: vec![post],
                    count: post,
                });
            }
            row.iter().for_each(|&target| posts.push(target));
            offsets.push(u32::try_from(posts.len()).map_err(|_| too_large(post, pre))?);
        }
        if let Indices::Small(indices) = &mut posts {
            indices.shrink_to_fit();
        }
        Ok(Topology {
            post,
            pre,
            lags: vec![0],
            offsets,
            posts,
            incoming: OnceLock::new(),
        })
    }

    /// From pairs `(post, pre)` in any order; a pair that stands there twice is two synapses.
    pub fn from_pairs(post: usize, pre: usize, pairs: &[(u32, u32)]) -> Result<Self, ArrayError> {
        if let Some((_, input)) = pairs.iter().find(|(_, input)| *input as usize >= pre) {
            return Err(ArrayError::Index {
                index: input.to_string(),
                shape: vec![pre],
                count: pre,
            });
        }
        let mut sorted: Vec<(u32, u32)> = pairs.iter().map(|&(post, pre)| (pre, post)).collect();
        sorted.sort_unstable();
        let mut rest = sorted.as_slice();
        Topology::from_targets(post, pre, |neuron, targets| {
            let len = rest.iter().take_while(|(pre, _)| *pre as usize == neuron).count();
            let (row, others) = rest.split_at(len);
            targets.extend(row.iter().map(|(_, post)| *post));
            rest = others;
        })
    }

    /// The same synapses by their delays in `plan`; `values` follow them.
    pub fn with_delays<T: Copy + Default>(&self, plan: &DelayPlan, values: &[T]) -> (Topology, Vec<T>) {
        let mut lags: Vec<u16> = self.pairs().map(|(post, pre)| plan.lag(post, pre)).collect();
        let of_synapse = lags.clone();
        lags.sort_unstable();
        lags.dedup();
        let class_of = |lag: u16| lags.binary_search(&lag).unwrap_or_default();
        let mut counts = vec![0u32; lags.len() * self.pre + 1];
        let row = |place: usize, pre: usize| class_of(of_synapse[place]) * self.pre + pre;
        let each = |visit: &mut dyn FnMut(usize, usize, u32)| {
            for pre in 0..self.pre {
                for place in self.row(0, pre) {
                    visit(place, pre, self.posts.at(place));
                }
            }
        };
        each(&mut |place, pre, _| counts[row(place, pre) + 1] += 1);
        for i in 1..counts.len() {
            counts[i] += counts[i - 1];
        }
        let mut next = counts.clone();
        let mut posts = Indices::zeros(self.post, self.len());
        let mut moved = vec![T::default(); values.len()];
        each(&mut |place, pre, post| {
            let to = &mut next[row(place, pre)];
            posts.set(*to as usize, post);
            moved[*to as usize] = values[place];
            *to += 1;
        });
        let topology = Topology {
            post: self.post,
            pre: self.pre,
            lags,
            offsets: counts,
            posts,
            incoming: OnceLock::new(),
        };
        (topology, moved)
    }

    /// The synapses that end at these units, and where they stand among all.
    pub(crate) fn restricted(&self, units: &Range<usize>) -> (Topology, Vec<u32>) {
        let kept: Vec<u32> = (0..self.len() as u32)
            .filter(|place| units.contains(&(self.posts.at(*place as usize) as usize)))
            .collect();
        let mut posts = Indices::zeros(self.post, kept.len());
        for (to, from) in kept.iter().enumerate() {
            posts.set(to, self.posts.at(*from as usize));
        }
        let offsets = self.offsets.iter();
        let offsets = offsets.map(|offset| kept.partition_point(|place| place < offset) as u32);
        let topology = Topology {
            post: self.post,
            pre: self.pre,
            lags: self.lags.clone(),
            offsets: offsets.collect(),
            posts,
            incoming: OnceLock::new(),
        };
        (topology, kept)
    }

    /// The number of postsynaptic neurons.
    pub const fn post(&self) -> usize {
        self.post
    }

    /// The number of presynaptic neurons.
    pub const fn pre(&self) -> usize {
        self.pre
    }

    /// The number of synapses.
    pub fn len(&self) -> usize {
        self.posts.len()
    }

    /// Whether there is no synapse.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// Synapses per pair of neurons.
    pub fn density(&self) -> f64 {
        self.len() as f64 / (self.post as f64 * self.pre as f64)
    }

    /// Delays in steps, one per class, ascending. Without delays there is one class of 0 steps.
    pub fn lags(&self) -> &[u16] {
        &self.lags
    }

    /// Where the synapses of a presynaptic neuron that belong to a class stand.
    #[inline(always)]
    pub fn row(&self, class: usize, pre: usize) -> Range<usize> {
        let row = class * self.pre + pre;
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }

    /// The postsynaptic neurons of all synapses, in order.
    pub fn posts(&self) -> &Indices {
        &self.posts
    }

    /// The synapses by postsynaptic neuron, which rules of plasticity ask for: made at the first call, 4 bytes per synapse
    /// and 2 or 4 for its presynaptic neuron.
    pub fn incoming(&self) -> &Incoming {
        self.incoming.get_or_init(|| self.find_incoming())
    }

    fn find_incoming(&self) -> Incoming {
        let classes = self.lags.len();
        let mut offsets = vec![0u32; self.post * classes + 1];
        let each = |visit: &mut dyn FnMut(usize, usize, usize)| {
            for class in 0..classes {
                for pre in 0..self.pre {
                    for place in self.row(class, pre) {
                        visit(place, pre, self.posts.at(place) as usize * classes + class);
                    }
                }
            }
        };
        each(&mut |_, _, row| offsets[row + 1] += 1);
        for i in 1..offsets.len() {
            offsets[i] += offsets[i - 1];
        }
        let mut next = offsets.clone();
        let mut places = vec![0u32; self.len()];
        let mut pres = Indices::zeros(self.pre, self.len());
        each(&mut |place, pre, row| {
            let to = next[row] as usize;
            places[to] = place as u32;
            pres.set(to, pre as u32);
            next[row] += 1;
        });
        Incoming {
            offsets,
            places,
            pres,
            classes,
        }
    }

    /// `(post, pre)` of every synapse, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let rows = 0..self.lags.len() * self.pre;
        rows.flat_map(move |row| {
            let places = self.offsets[row] as usize..self.offsets[row + 1] as usize;
            places.map(move |place| (self.posts.at(place) as usize, row % self.pre))
        })
    }

    /// The synapses between two neurons: some places in a class each.
    pub fn between(&self, post: usize, pre: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.lags.len()).flat_map(move |class| {
            let row = self.row(class, pre);
            let target = post as u32;
            let begin = row.start + partition(row.len(), |k| self.posts.at(row.start + k) < target);
            (begin..row.end).take_while(move |place| self.posts.at(*place) == target)
        })
    }

    /// The memory that it takes, in bytes.
    pub fn bytes(&self) -> usize {
        let incoming = self.incoming.get().map_or(0, |incoming| {
            incoming.offsets.len() * 4 + incoming.places.len() * 4 + incoming.pres.bytes()
        });
        self.lags.len() * 2 + self.offsets.len() * 4 + self.posts.bytes() + incoming
    }
}

/// How many of the first of `len` elements satisfy a condition that the last ones do not.
fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Topology {
        Topology::from_pairs(3, 3, &[(2, 0), (0, 0), (1, 2), (1, 2), (0, 2)]).unwrap()
    }

    #[test]
    fn inputs_targets_and_pairs_tell_the_same_topology() {
        let inputs = [vec![2, 0], vec![2, 2], vec![0]];
        let targets = [vec![2, 0], vec![], vec![1, 0, 1]];
        let by_inputs = Topology::from_inputs(3, 3, |post, into| into.extend(&inputs[post])).unwrap();
        let by_targets = Topology::from_targets(3, 3, |pre, into| into.extend(&targets[pre])).unwrap();
        assert_eq!(by_inputs, example());
        assert_eq!(by_targets, example());
    }

    #[test]
    fn every_synapse_is_seen_from_both_sides() {
        let topology = example();
        let incoming = topology.incoming();
        let (places, IndexSlice::Small(pres)) = incoming.of(1, 0) else {
            panic!("few neurons have small indices");
        };
        assert_eq!((places, pres), (&[3, 4][..], &[2, 2][..]));
        assert_eq!(topology.between(1, 2).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(topology.between(2, 2).count(), 0);
    }

    #[test]
    fn delays_put_synapses_into_classes_and_values_follow() {
        let plan = DelayPlan::new(3, 3, vec![5, 0, 1, 0, 0, 1, 1, 0, 0]).unwrap();
        let values = [0.0, 2.0, 20.0, 21.0, 22.0];
        let (delayed, moved) = example().with_delays(&plan, &values);
        assert_eq!(delayed.lags(), [1, 5]);
        let pairs: Vec<_> = delayed.pairs().collect();
        assert_eq!(pairs, [(2, 0), (0, 2), (1, 2), (1, 2), (0, 0)]);
        assert_eq!(moved, [2.0, 20.0, 21.0, 22.0, 0.0]);
        let (places, _) = delayed.incoming().of(0, 1);
        assert_eq!(places, [4]);
    }

    #[test]
    fn a_part_of_the_units_keeps_its_synapses_in_order() {
        let (part, places) = example().restricted(&(0..2));
        assert_eq!(part.pairs().collect::<Vec<_>>(), [(0, 0), (0, 2), (1, 2), (1, 2)]);
        assert_eq!(places, [0, 2, 3, 4]);
    }

    #[test]
    fn a_neuron_that_does_not_exist_is_named() {
        let text = Topology::from_pairs(3, 2, &[(3, 0)]).unwrap_err().to_string();
        assert!(text.contains('3'), "{text}");
        assert!(Topology::from_pairs(3, 2, &[(0, 2)]).is_err());
        assert!(Topology::from_inputs(1, 2, |_, into| into.push(7)).is_err());
    }

    #[test]
    fn many_neurons_have_large_indices() {
        let topology = Topology::from_pairs(100_000, 1, &[(99_999, 0)]).unwrap();
        assert_eq!(topology.posts(), &Indices::Large(vec![99_999]));
    }
}
