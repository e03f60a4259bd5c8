//! How long each synapse's spikes take.

use std::ops::Range;

use crate::core::error::ArrayError;

/// How long the spikes of each synapse take, in steps: fixed once a delay module is built.
///
/// ```
/// use spark::core::payload::DelayPlan;
/// # fn main() -> Result<(), spark::ArrayError> {
/// let plan = DelayPlan::new(2, 2, vec![0, 3, 1, 3])?;
/// assert_eq!((plan.lag(1, 0), plan.max_lag()), (1, 3));
/// // Both units hear input 1 three steps late.
/// assert_eq!(plan.classes()[2].posts_of(1), [0, 1]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelayPlan {
    post: usize,
    pre: usize,
    lags: Vec<u16>,
    classes: Vec<LagClass>,
}

/// All synapses with one lag, by presynaptic unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LagClass {
    lag: u16,
    start: usize,
    /// Where the posts of each presynaptic unit begin; one entry more than units.
    offsets: Vec<u32>,
    posts: Vec<u32>,
}

impl LagClass {
    /// How long these synapses take.
    pub const fn lag(&self) -> u16 {
        self.lag
    }

    /// The number of synapses.
    pub const fn len(&self) -> usize {
        self.posts.len()
    }

    /// Whether there is no synapse.
    pub const fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// The postsynaptic units that presynaptic unit `pre` reaches with this lag, sorted.
    pub fn posts_of(&self, pre: usize) -> &[u32] {
        &self.posts[self.range_in_class(pre)]
    }

    /// Where these synapses stand in storage that is ordered by lag, then by presynaptic, then by postsynaptic unit.
    pub fn range_of(&self, pre: usize) -> Range<usize> {
        let range = self.range_in_class(pre);
        self.start + range.start..self.start + range.end
    }

    /// Where the class begins in that storage.
    pub const fn start(&self) -> usize {
        self.start
    }

    fn range_in_class(&self, pre: usize) -> Range<usize> {
        self.offsets[pre] as usize..self.offsets[pre + 1] as usize
    }
}

impl DelayPlan {
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
        if u32::try_from(count).is_err() {
            return Err(ArrayError::TooLarge { shape: shape() });
        }
        let classes = classes(post, pre, &lags);
        Ok(DelayPlan {
            post,
            pre,
            lags,
            classes,
        })
    }

    /// The number of postsynaptic units.
    pub const fn post(&self) -> usize {
        self.post
    }

    /// The number of presynaptic units.
    pub const fn pre(&self) -> usize {
        self.pre
    }

    /// The lag of a synapse.
    pub fn lag(&self, post: usize, pre: usize) -> u16 {
        self.lags[post * self.pre + pre]
    }

    /// All lags, `[post, pre]` in C order.
    pub fn lags(&self) -> &[u16] {
        &self.lags
    }

    /// The longest lag.
    pub fn max_lag(&self) -> u16 {
        self.classes.last().map_or(0, LagClass::lag)
    }

    /// The synapses by lag, from the shortest on; lags that no synapse has are left out.
    pub fn classes(&self) -> &[LagClass] {
        &self.classes
    }

    /// `(post, pre)` of every synapse, in the order of [`LagClass::range_of`].
    pub fn synapses(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let pres = 0..self.pre;
        self.classes.iter().flat_map(move |class| {
            pres.clone()
                .flat_map(move |pre| class.posts_of(pre).iter().map(move |&post| (post, pre as u32)))
        })
    }
}

fn classes(post: usize, pre: usize, lags: &[u16]) -> Vec<LagClass> {
    let longest = lags.iter().copied().max().map_or(0, |lag| usize::from(lag) + 1);
    let mut class_of = vec![usize::MAX; longest];
    let mut classes: Vec<LagClass> = Vec::new();
    let mut counts = vec![0usize; longest];
    lags.iter().for_each(|&lag| counts[usize::from(lag)] += 1);
    let mut start = 0;
    for (lag, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        class_of[lag] = classes.len();
        let offsets = Vec::with_capacity(pre + 1);
        classes.push(LagClass {
            lag: lag as u16,
            start,
            offsets,
            posts: Vec::with_capacity(count),
        });
        start += count;
    }
    for p in 0..pre {
        classes
            .iter_mut()
            .for_each(|class| class.offsets.push(class.posts.len() as u32));
        for q in 0..post {
            classes[class_of[usize::from(lags[q * pre + p])]]
                .posts
                .push(q as u32);
        }
    }
    classes
        .iter_mut()
        .for_each(|class| class.offsets.push(class.posts.len() as u32));
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_synapse_stands_in_the_class_of_its_lag() {
        let plan = DelayPlan::new(2, 3, vec![1, 0, 4, 1, 1, 0]).unwrap();
        assert_eq!((plan.max_lag(), plan.lag(0, 2), plan.lag(1, 2)), (4, 4, 0));
        let lags: Vec<u16> = plan.classes().iter().map(LagClass::lag).collect();
        assert_eq!(lags, [0, 1, 4]);
        assert_eq!(plan.classes()[1].posts_of(0), [0, 1]);
        assert_eq!(plan.classes()[1].range_of(1), 4..5);
        let order: Vec<_> = plan.synapses().collect();
        assert_eq!(order, [(0, 1), (1, 2), (0, 0), (1, 0), (1, 1), (0, 2)]);
    }

    #[test]
    fn a_plan_needs_one_lag_per_synapse() {
        let text = DelayPlan::new(2, 3, vec![0; 5]).unwrap_err().to_string();
        assert!(text.contains('6') && text.contains('5'), "{text}");
        assert_eq!(DelayPlan::new(0, 3, vec![]).unwrap().max_lag(), 0);
    }
}
