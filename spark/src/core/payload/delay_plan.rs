//! How long each synapse's spikes take.

use std::ops::Range;

use super::{IndexSlice, Indices, rows};
use crate::core::error::ArrayError;

/// How long the spikes of each synapse take, in steps: fixed once a delay module is built.
///
/// ```
/// use spark::core::payload::{DelayPlan, IndexSlice};
/// # fn main() -> Result<(), spark::ArrayError> {
/// let plan = DelayPlan::new(2, 2, vec![0, 3, 1, 3])?;
/// assert_eq!((plan.lag(1, 0), plan.max_lag()), (1, 3));
/// // Both units hear input 1 three steps late.
/// assert_eq!(plan.class(2).posts_of(1), IndexSlice::Small(&[0, 1]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelayPlan {
    post: usize,
    pre: usize,
    lags: Lags,
    /// The lag of each class, ascending.
    classes: Vec<u16>,
    /// Where the row of each class and presynaptic unit begins among the posts; one entry more than rows.
    offsets: Vec<u32>,
    /// The postsynaptic units, then [`DelayPlan::PADDING`] that are none.
    posts: Indices,
    longest_row: usize,
}

/// Lags in as few bytes as they need.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lags {
    /// Below 256.
    Small(Vec<u8>),
    /// All others.
    Large(Vec<u16>),
}

/// The lags of the synapses of one postsynaptic unit, by presynaptic unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LagSlice<'a> {
    /// Below 256.
    Small(&'a [u8]),
    /// All others.
    Large(&'a [u16]),
}

/// All synapses with one lag, by presynaptic unit.
#[derive(Debug, Clone, Copy)]
pub struct LagClass<'a> {
    plan: &'a DelayPlan,
    number: usize,
}

impl<'a> LagClass<'a> {
    /// How long these synapses take.
    pub fn lag(&self) -> u16 {
        self.plan.classes[self.number]
    }

    /// The number of synapses.
    pub fn len(&self) -> usize {
        let first = self.number * self.plan.pre;
        (self.plan.offsets[first + self.plan.pre] - self.plan.offsets[first]) as usize
    }

    /// Whether there is no synapse.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The postsynaptic units that presynaptic unit `pre` reaches with this lag, sorted.
    pub fn posts_of(&self, pre: usize) -> IndexSlice<'a> {
        self.plan.posts.slice(self.range_of(pre))
    }

    /// Where these synapses stand in storage that is ordered by lag, then by presynaptic, then by postsynaptic unit.
    #[inline(always)]
    pub fn range_of(&self, pre: usize) -> Range<usize> {
        let row = self.number * self.plan.pre + pre;
        self.plan.offsets[row] as usize..self.plan.offsets[row + 1] as usize
    }
}

impl DelayPlan {
    /// So many entries stand behind the last of [`DelayPlan::padded_posts`], for those who read some too many.
    pub(crate) const PADDING: usize = 128;

    /// From one lag per synapse, `[post, pre]` in C order. A lag of 0 is the same step.
    pub fn new(post: usize, pre: usize, lags: Vec<u16>) -> Result<Self, ArrayError> {
        let shape = || vec![post, pre];
        let count = post.saturating_mul(pre);
        if count != lags.len() {
            return Err(ArrayError::Count {
                shape: shape(),
                expected: count,
                found: lags.len(),
            });
        }
        // Places in a kernel, gaps and all, are counted in 32 bits.
        if u32::try_from(count.saturating_add(post * rows::gap(pre))).is_err() {
            return Err(ArrayError::TooLarge { shape: shape() });
        }
        let mut plan = DelayPlan {
            post,
            pre,
            lags: Lags::Small(Vec::new()),
            classes: Vec::new(),
            offsets: Vec::new(),
            posts: Indices::zeros(post, count + DelayPlan::PADDING),
            longest_row: 0,
        };
        plan.sort(&lags);
        plan.lags = Lags::of(lags);
        Ok(plan)
    }

    /// Finds the classes and what belongs to them.
    fn sort(&mut self, lags: &[u16]) {
        let (post, pre) = (self.post, self.pre);
        let longest = lags.iter().copied().max().map_or(0, |lag| usize::from(lag) + 1);
        let mut class_of = vec![usize::MAX; longest];
        lags.iter().for_each(|&lag| class_of[usize::from(lag)] = 0);
        for (lag, class) in class_of.iter_mut().enumerate().filter(|(_, class)| **class == 0) {
            *class = self.classes.len();
            self.classes.push(lag as u16);
        }
        let row = |lag: u16, p: usize| class_of[usize::from(lag)] * pre + p;
        let mut offsets = vec![0u32; self.classes.len() * pre + 1];
        for (place, &lag) in lags.iter().enumerate() {
            offsets[row(lag, place % pre) + 1] += 1;
        }
        for i in 1..offsets.len() {
            offsets[i] += offsets[i - 1];
        }
        let mut next = offsets.clone();
        for q in 0..post {
            for (p, &lag) in lags[q * pre..][..pre].iter().enumerate() {
                let place = &mut next[row(lag, p)];
                self.posts.set(*place as usize, q as u32);
                *place += 1;
            }
        }
        let rows = offsets.windows(2).map(|row| row[1] - row[0]);
        self.longest_row = rows.max().unwrap_or_default() as usize;
        self.offsets = offsets;
    }

    /// The number of postsynaptic units.
    pub const fn post(&self) -> usize {
        self.post
    }

    /// The number of presynaptic units.
    pub const fn pre(&self) -> usize {
        self.pre
    }

    /// The number of synapses.
    pub const fn count(&self) -> usize {
        self.post * self.pre
    }

    /// The lag of a synapse.
    pub fn lag(&self, post: usize, pre: usize) -> u16 {
        match self.lags_of(post) {
            LagSlice::Small(lags) => u16::from(lags[pre]),
            LagSlice::Large(lags) => lags[pre],
        }
    }

    /// The lags of the synapses of a postsynaptic unit.
    #[inline(always)]
    pub fn lags_of(&self, post: usize) -> LagSlice<'_> {
        let row = post * self.pre..(post + 1) * self.pre;
        match &self.lags {
            Lags::Small(lags) => LagSlice::Small(&lags[row]),
            Lags::Large(lags) => LagSlice::Large(&lags[row]),
        }
    }

    /// The longest lag.
    pub fn max_lag(&self) -> u16 {
        self.classes.last().copied().unwrap_or_default()
    }

    /// How far the weights of two postsynaptic units are apart in a kernel of these synapses.
    pub(crate) fn stride(&self) -> usize {
        self.pre + rows::gap(self.pre)
    }

    /// The largest number of synapses that one presynaptic unit has with one lag.
    pub(crate) const fn longest_row(&self) -> usize {
        self.longest_row
    }

    /// The lags that synapses have, ascending.
    pub fn distinct_lags(&self) -> &[u16] {
        &self.classes
    }

    /// The synapses by lag, from the shortest on; lags that no synapse has are left out.
    pub fn classes(&self) -> impl ExactSizeIterator<Item = LagClass<'_>> {
        (0..self.classes.len()).map(|number| self.class(number))
    }

    /// The synapses with the `number`th of the [`DelayPlan::distinct_lags`].
    #[inline(always)]
    pub fn class(&self, number: usize) -> LagClass<'_> {
        LagClass { plan: self, number }
    }

    /// `(post, pre)` of every synapse, in the order of [`LagClass::range_of`].
    pub fn synapses(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.classes().flat_map(move |class| {
            (0..self.pre).flat_map(move |pre| {
                class
                    .range_of(pre)
                    .map(move |place| (self.posts.at(place), pre as u32))
            })
        })
    }

    /// Calls `visit(pre, row, places)` for pieces of all rows, a row being the synapses of a presynaptic unit with the same lag:
    /// a few hundred postsynaptic units at a time, and of these as many presynaptic ones as stand in a cache line of a matrix
    /// `[post, pre]`. So the caches hold what is at hand of such a matrix.
    #[inline(always)]
    pub(super) fn each_piece(&self, mut visit: impl FnMut(usize, usize, Range<usize>)) {
        const POSTS: usize = 256;
        const PRES: usize = 16;
        let mut next = self.offsets.clone();
        for last in (POSTS..self.post + POSTS).step_by(POSTS) {
            for first in (0..self.pre).step_by(PRES) {
                for class in 0..self.classes.len() {
                    for pre in first..(first + PRES).min(self.pre) {
                        let row = class * self.pre + pre;
                        let begin = next[row] as usize;
                        let places = begin..self.offsets[row + 1] as usize;
                        let end = begin + self.posts.slice(places).count_below(last);
                        next[row] = end as u32;
                        visit(pre, row, begin..end);
                    }
                }
            }
        }
    }

    /// All postsynaptic units in the order of [`LagClass::range_of`], and what stands behind them.
    pub(crate) const fn padded_posts(&self) -> &Indices {
        &self.posts
    }
}

impl Lags {
    fn of(lags: Vec<u16>) -> Self {
        match lags.iter().map(|&lag| u8::try_from(lag)).collect() {
            Ok(small) => Lags::Small(small),
            Err(_) => Lags::Large(lags),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_synapse_stands_in_the_class_of_its_lag() {
        let plan = DelayPlan::new(2, 3, vec![1, 0, 4, 1, 1, 0]).unwrap();
        assert_eq!((plan.max_lag(), plan.lag(0, 2), plan.lag(1, 2)), (4, 4, 0));
        assert_eq!(plan.distinct_lags(), [0, 1, 4]);
        assert_eq!(plan.class(1).posts_of(0), IndexSlice::Small(&[0, 1]));
        assert_eq!((plan.class(1).range_of(1), plan.class(1).len()), (4..5, 3));
        let order: Vec<_> = plan.synapses().collect();
        assert_eq!(order, [(0, 1), (1, 2), (0, 0), (1, 0), (1, 1), (0, 2)]);
    }

    #[test]
    fn the_pieces_of_all_rows_are_all_synapses() {
        let (post, pre) = (600, 19);
        let lags = (0..post * pre).map(|place| (place * place % 7) as u16).collect();
        let plan = DelayPlan::new(post, pre, lags).unwrap();
        let order: Vec<_> = plan.synapses().collect();
        let mut seen = vec![0; plan.count()];
        plan.each_piece(|j, row, places| {
            assert_eq!(row % pre, j);
            for place in places {
                assert_eq!(order[place].1 as usize, j);
                assert!(plan.class(row / pre).range_of(j).contains(&place));
                seen[place] += 1;
            }
        });
        assert_eq!(seen, vec![1; plan.count()]);
    }

    #[test]
    fn a_plan_needs_one_lag_per_synapse() {
        let text = DelayPlan::new(2, 3, vec![0; 5]).unwrap_err().to_string();
        assert!(text.contains('6') && text.contains('5'), "{text}");
        assert_eq!(DelayPlan::new(0, 3, vec![]).unwrap().max_lag(), 0);
    }

    #[test]
    fn lags_take_a_byte_where_they_fit() {
        let lags = |longest| DelayPlan::new(1, 2, vec![1, longest]).unwrap();
        assert_eq!(lags(255).lags_of(0), LagSlice::Small(&[1, 255]));
        assert_eq!(lags(256).lags_of(0), LagSlice::Large(&[1, 256]));
        assert_eq!(lags(256).lag(0, 1), 256);
    }
}
