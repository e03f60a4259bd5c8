//! The synapses at which delayed spikes arrive in a step, as one flat list.
//!
//! A spike arrives at a few synapses per delay: rows of some dozen, each of a length of its own. A loop over such a row ends by
//! chance, which the processor foresees badly: at 32 synapses that costs as much as the synapses do. So the rows of a step are
//! copied behind each other once, all in the same number of steps, with some entries too many that the next row overwrites.
//! Whoever hears the spikes, synapses and learning rules, then runs over one list and reads one number to know all about a
//! synapse.

use std::sync::{Mutex, OnceLock, PoisonError};

use super::{DelayPlan, IndexSlice, Mask, SpikeRing};
use crate::kernels::dispatch::vectorised;

/// Entries that are copied at once.
const PIECE: usize = 16;

/// A synapse at which a spike arrives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Entry(u64);

impl Entry {
    /// The postsynaptic unit.
    #[inline(always)]
    pub(crate) fn post(self) -> usize {
        (self.0 >> 32) as usize
    }

    /// Where its weight stands if those of two units are [`DelayPlan::stride`] apart.
    #[inline(always)]
    pub(crate) fn place(self) -> usize {
        self.0 as u32 as usize
    }
}

/// Visits all entries, four in a turn: what a loop costs besides its work counts here.
#[inline(always)]
pub(crate) fn each_entry(entries: &[Entry], mut visit: impl FnMut(Entry)) {
    let (fours, rest) = entries.as_chunks::<4>();
    for &[a, b, c, d] in fours {
        visit(a);
        visit(b);
        visit(c);
        visit(d);
    }
    rest.iter().for_each(|&entry| visit(entry));
}

/// The synapses that have the same presynaptic neuron and the same delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    /// The number of the delay in the plan.
    pub(crate) class: usize,
    /// The presynaptic neuron.
    pub(crate) pre: usize,
    /// Where the first of them stands in the order of the plan.
    pub(crate) first: usize,
    /// How many there are.
    pub(crate) len: usize,
}

/// What comes next: the number of the delay, that of the spike.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Next {
    class: usize,
    spike: usize,
}

/// Some of the synapses at which a spike arrives in a step, by delay, then by presynaptic, then by postsynaptic neuron: all
/// of them, unless there are very many.
#[derive(Debug)]
pub(crate) struct Arriving {
    entries: Vec<Entry>,
    len: usize,
    rows: Vec<Row>,
    /// Where synapses of excitatory and of inhibitory neurons take turns: whether inhibitory, and the end.
    runs: Vec<(bool, usize)>,
    next: Option<Next>,
}

impl Arriving {
    /// Room for a quarter of all synapses: a usual step needs one list, and the list less memory than the kernel. And for
    /// any row, since rows are not parted.
    pub(crate) fn room(plan: &DelayPlan) -> usize {
        let capacity = (plan.count() / 4).max(plan.count().min(4096));
        capacity.max(plan.longest_row()) + DelayPlan::PADDING
    }

    fn new(plan: &DelayPlan) -> Self {
        Arriving {
            entries: vec![Entry::default(); Arriving::room(plan)],
            len: 0,
            rows: Vec::with_capacity(plan.distinct_lags().len() * plan.pre()),
            runs: Vec::with_capacity(plan.distinct_lags().len() * plan.pre()),
            next: None,
        }
    }

    /// The synapses.
    #[inline(always)]
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries[..self.len]
    }

    /// The rows that they come from, in their order.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The synapses run by run: whether the presynaptic neurons are inhibitory.
    #[inline(always)]
    pub(crate) fn runs(&self) -> impl Iterator<Item = (bool, &[Entry])> {
        let begins = std::iter::once(0).chain(self.runs.iter().map(|run| run.1));
        let ends = self.runs.iter();
        ends.zip(begins)
            .map(|(&(inhibitory, end), begin)| (inhibitory, &self.entries[begin..end]))
    }

    fn fill(&mut self, plan: &DelayPlan, ring: &SpikeRing, inhibitory: Option<&[bool]>, next: Next) {
        vectorised!(self.fill_from(plan, ring, inhibitory, next));
    }

    #[inline(always)]
    fn fill_from(&mut self, plan: &DelayPlan, ring: &SpikeRing, inhibitory: Option<&[bool]>, next: Next) {
        self.len = 0;
        self.rows.clear();
        self.runs.clear();
        self.next = None;
        let mut first = next.spike;
        for number in next.class..plan.distinct_lags().len() {
            let (class, lag) = (plan.class(number), plan.distinct_lags()[number]);
            for (spike, &pre) in ring.past(usize::from(lag)).iter().enumerate().skip(first) {
                let pre = pre as usize;
                let range = class.range_of(pre);
                let (first, len) = (range.start, range.len());
                if len > self.entries.len() - DelayPlan::PADDING - self.len {
                    self.next = Some(Next { class: number, spike });
                    return;
                }
                let class = number;
                let row = Row {
                    class,
                    pre,
                    first,
                    len,
                };
                self.take(plan, row, inhibitory.is_some_and(|bits| bits[pre]));
            }
            first = 0;
        }
    }

    /// Takes the synapses of a row, for which there is room.
    #[inline(always)]
    fn take(&mut self, plan: &DelayPlan, row: Row, inhibitory: bool) {
        let copied = copied(plan, row.len);
        let to = &mut self.entries[self.len..self.len + copied];
        let per_post = (1 << 32) + plan.stride() as u64;
        match plan.padded_posts().slice(row.first..row.first + copied) {
            IndexSlice::Small(posts) => write(to, posts, per_post, row.pre as u64),
            IndexSlice::Large(posts) => write(to, posts, per_post, row.pre as u64),
        }
        self.len += row.len;
        self.rows.push(row);
        match self.runs.last_mut() {
            Some(run) if run.0 == inhibitory => run.1 = self.len,
            _ => self.runs.push((inhibitory, self.len)),
        }
    }
}

/// As how many a row of so many synapses is taken. The same for all rows that are not long: the processor then foresees when
/// to stop.
#[inline(always)]
pub(crate) fn copied(plan: &DelayPlan, len: usize) -> usize {
    let longest = plan.longest_row();
    let len = if longest <= DelayPlan::PADDING {
        longest
    } else {
        len
    };
    len.next_multiple_of(PIECE)
}

#[inline(always)]
fn write<I: Copy + Into<u64>>(to: &mut [Entry], posts: &[I], per_post: u64, pre: u64) {
    for (to, &post) in to.iter_mut().zip(posts) {
        *to = Entry(post.into() * per_post + pre);
    }
}

/// The list of a step, made when the first one asks for it.
#[derive(Debug, Default)]
pub(super) struct ArrivingCache {
    list: OnceLock<Box<Arriving>>,
    /// The memory of the step before.
    spare: Mutex<Option<Box<Arriving>>>,
}

impl ArrivingCache {
    /// Says that other spikes arrive.
    pub(super) fn forget(&mut self) {
        if let Some(list) = self.list.take() {
            *self.spare.get_mut().unwrap_or_else(PoisonError::into_inner) = Some(list);
        }
    }

    /// Visits the lists of this step: one, unless more spikes arrive at once than there is room for.
    #[inline(always)]
    pub(super) fn each(
        &self,
        plan: &DelayPlan,
        ring: &SpikeRing,
        mask: &Mask,
        mut visit: impl FnMut(&Arriving),
    ) {
        let inhibitory = mask.bits().filter(|bits| bits.len() == plan.pre());
        let list = self.list.get_or_init(|| {
            let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
            let mut list = spare.take().unwrap_or_else(|| Box::new(Arriving::new(plan)));
            list.fill(plan, ring, inhibitory, Next::default());
            list
        });
        visit(list);
        let mut next = list.next;
        while let Some(from) = next {
            let mut more = Arriving::new(plan);
            more.fill(plan, ring, inhibitory, from);
            visit(&more);
            next = more.next;
        }
    }
}

/// A copy makes its own list.
impl Clone for ArrivingCache {
    fn clone(&self) -> Self {
        ArrivingCache::default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::core::payload::{SpikeArray, SpikeForm};

    /// All arrivals as `(post, pre)`, the rows that they came from, and the lists.
    fn arrivals(spikes: &SpikeArray) -> (Vec<(u32, u32)>, Vec<Row>, usize) {
        let SpikeForm::Delayed(delayed) = spikes.form() else {
            panic!("the spikes are delayed")
        };
        let plan = Arc::clone(delayed.plan());
        let (mut pairs, mut rows, mut lists) = (Vec::new(), Vec::new(), 0);
        spikes.each_arriving(|arriving| {
            for (inhibitory, entries) in arriving.runs() {
                for entry in entries {
                    let (post, pre) = (entry.post(), entry.place() - entry.post() * plan.stride());
                    assert_eq!(inhibitory, pre % 3 == 0);
                    pairs.push((post as u32, pre as u32));
                }
            }
            assert_eq!(
                arriving.runs().map(|run| run.1.len()).sum::<usize>(),
                arriving.entries().len()
            );
            rows.extend_from_slice(arriving.rows());
            lists += 1;
        });
        (pairs, rows, lists)
    }

    fn delayed(post: usize, pre: usize, lag: impl Fn(usize, usize) -> u16) -> SpikeArray {
        let lags = (0..post * pre)
            .map(|place| lag(place / pre, place % pre))
            .collect();
        let plan = Arc::new(DelayPlan::new(post, pre, lags).unwrap());
        let mut ring = SpikeRing::new(pre, usize::from(plan.max_lag()) + 1);
        for step in 0..ring.steps() {
            let fired: Vec<u32> = (0..pre as u32)
                .filter(|j| !(*j as usize + step).is_multiple_of(3))
                .collect();
            ring.push(&fired);
        }
        let mut spikes = SpikeArray::delayed([post, pre], plan).unwrap();
        spikes.follow(&ring);
        let mask = Mask::new((0..pre).map(|j| j % 3 == 0).collect::<Vec<bool>>());
        spikes.with_mask(mask).unwrap()
    }

    #[test]
    fn the_lists_hold_the_arrivals_in_the_order_of_the_plan() {
        // Long rows, rows of a few synapses, more arrivals than fit, units above 65,535, rows that stand apart.
        for (post, pre, expected_lists) in [
            (1500, 5, 2),
            (7, 400, 1),
            (90, 70, 2),
            (70_000, 2, 4),
            (3, 256, 1),
            (1, 1, 1),
        ] {
            let spikes = delayed(post, pre, |i, j| ((i * 7 + j * 3 + i * j) % 5) as u16);
            let SpikeForm::Delayed(form) = spikes.form() else {
                panic!("the spikes are delayed")
            };
            let mut expected = Vec::new();
            form.for_each_event(|post, pre| expected.push((post, pre)));
            let (found, rows, lists) = arrivals(&spikes);
            assert_eq!(found, expected, "{post} x {pre}");
            assert_eq!(lists, expected_lists, "{post} x {pre}");
            assert_eq!(rows.iter().map(|row| row.len).sum::<usize>(), expected.len());
            let places = rows.iter().flat_map(|row| row.first..row.first + row.len);
            let all: Vec<_> = form.plan().synapses().collect();
            assert!(places.map(|place| all[place]).eq(expected));
        }
    }

    #[test]
    fn a_list_follows_the_spikes_and_their_mask() {
        let mut spikes = delayed(4, 4, |_, _| 1);
        assert!(!arrivals(&spikes).0.is_empty());
        spikes.set_mask(&Mask::none(4));
        spikes.each_arriving(|arriving| assert!(arriving.runs().all(|run| !run.0)));
        let copy = spikes.clone();
        spikes.clear();
        spikes.each_arriving(|arriving| assert!(arriving.entries().is_empty()));
        copy.each_arriving(|arriving| assert!(!arriving.entries().is_empty()));
    }
}
