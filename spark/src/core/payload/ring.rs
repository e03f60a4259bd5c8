//! The spikes of the last steps.

use ndarray::{ArrayD, Dimension, IxDyn};

use super::mask::unique;
use super::spikes::merge_sorted;
use crate::core::state::{StateReader, StateValue, StateVisitor};

/// The spikes of the last steps, one list of sorted indices per step.
///
/// Rings can follow each other: what a ring holds is identified by `(id, time)`, so a follower that is one step behind
/// copies one list only. A ring that goes its own way takes a new id.
///
/// ```
/// use spark::core::payload::SpikeRing;
/// let mut ring = SpikeRing::new(4, 2);
/// ring.push(&[0, 3]);
/// ring.push(&[1]);
/// assert_eq!((ring.past(0), ring.past(1)), (&[1][..], &[0, 3][..]));
/// assert!(ring.past(2).is_empty());
/// ```
#[derive(Debug)]
pub struct SpikeRing {
    width: usize,
    rows: Vec<Vec<u32>>,
    newest: usize,
    id: u64,
    time: u64,
    /// Whether another ring wrote this id.
    follower: bool,
}

impl SpikeRing {
    /// An empty ring of `steps` steps (at least one) for `width` units. Room for every spike is taken here.
    pub fn new(width: usize, steps: usize) -> Self {
        let rows = (0..steps.max(1)).map(|_| Vec::with_capacity(width)).collect();
        SpikeRing {
            width,
            rows,
            newest: 0,
            id: unique(),
            time: 0,
            follower: false,
        }
    }

    /// The number of units.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The number of steps that it holds.
    pub const fn steps(&self) -> usize {
        self.rows.len()
    }

    /// Adds the spikes of a step: sorted, each below the width.
    pub fn push(&mut self, spikes: &[u32]) {
        if self.follower {
            self.own();
        }
        self.advance(spikes);
    }

    fn advance(&mut self, spikes: &[u32]) {
        self.newest = (self.newest + 1) % self.rows.len();
        self.time += 1;
        let row = &mut self.rows[self.newest];
        row.clear();
        row.extend_from_slice(spikes);
    }

    fn own(&mut self) {
        self.id = unique();
        self.follower = false;
    }

    /// Adds the spikes of the last `steps` steps that only `other` holds: a ring that was pushed as often.
    pub fn unite(&mut self, other: &SpikeRing, steps: usize) {
        // Who follows this ring has to copy it anew.
        self.own();
        for lag in 0..steps.min(self.rows.len()) {
            let row = (self.newest + self.rows.len() - lag) % self.rows.len();
            merge_sorted(&mut self.rows[row], other.past(lag));
        }
    }

    /// The spikes of `lag` steps ago; 0 is the newest step. Nothing beyond what the ring holds.
    pub fn past(&self, lag: usize) -> &[u32] {
        match self.rows.len() {
            steps if lag < steps => &self.rows[(self.newest + steps - lag) % steps],
            _ => &[],
        }
    }

    /// Forgets all spikes.
    pub fn clear(&mut self) {
        self.own();
        self.rows.iter_mut().for_each(Vec::clear);
    }

    /// Becomes equal to `other`.
    pub fn sync_from(&mut self, other: &SpikeRing) {
        let same_size = self.width == other.width && self.rows.len() == other.rows.len();
        if same_size && self.id == other.id && self.time == other.time {
            return;
        }
        if same_size && self.id == other.id && self.time + 1 == other.time {
            self.advance(other.past(0));
            return;
        }
        self.width = other.width;
        self.rows
            .resize_with(other.rows.len(), || Vec::with_capacity(other.width));
        for (row, from) in self.rows.iter_mut().zip(&other.rows) {
            row.clear();
            row.reserve(other.width);
            row.extend_from_slice(from);
        }
        (self.newest, self.id, self.time, self.follower) = (other.newest, other.id, other.time, true);
    }

    /// One row per step, the newest first: `[steps, width]`.
    pub fn to_dense(&self) -> ArrayD<bool> {
        let mut dense = ArrayD::from_elem(IxDyn(&[self.rows.len(), self.width]), false);
        for lag in 0..self.rows.len() {
            for &unit in self.past(lag) {
                dense[[lag, unit as usize]] = true;
            }
        }
        dense
    }

    /// Takes the spikes from an array of [`SpikeRing::to_dense`]; what lies outside of the ring is left out.
    pub fn load_dense(&mut self, dense: &ArrayD<bool>) {
        self.clear();
        let steps = self.rows.len();
        for (position, _) in dense.indexed_iter().filter(|(_, spike)| **spike) {
            if position.ndim() == 2 && position[0] < steps && position[1] < self.width {
                self.rows[(self.newest + steps - position[0]) % steps].push(position[1] as u32);
            }
        }
    }
}

/// A copy goes its own way.
impl Clone for SpikeRing {
    fn clone(&self) -> Self {
        let mut copy = SpikeRing::new(self.width, self.rows.len());
        copy.sync_from(self);
        copy.own();
        copy
    }

    fn clone_from(&mut self, source: &Self) {
        self.sync_from(source);
    }
}

/// Rings are equal if they hold the same spikes.
impl PartialEq for SpikeRing {
    fn eq(&self, other: &Self) -> bool {
        let same_size = self.width == other.width && self.rows.len() == other.rows.len();
        same_size && (0..self.rows.len()).all(|lag| self.past(lag) == other.past(lag))
    }
}

impl StateValue for SpikeRing {
    fn save(&self, reader: &mut StateReader<'_>) {
        reader.value("", &[self.rows.len(), self.width], || self.to_dense());
    }

    fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
        visitor.value(
            "",
            self,
            |ring| ring.to_dense(),
            |ring, dense: ArrayD<bool>| ring.load_dense(&dense),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_counted_from_the_newest_step() {
        let mut ring = SpikeRing::new(8, 3);
        (0..4).for_each(|t| ring.push(&[t, t + 1]));
        assert_eq!(
            [ring.past(0), ring.past(1), ring.past(2)],
            [[3, 4], [2, 3], [1, 2]]
        );
        assert!(ring.past(3).is_empty());
    }

    #[test]
    fn a_follower_becomes_equal_however_far_it_is_behind() {
        let (mut source, mut follower) = (SpikeRing::new(8, 3), SpikeRing::new(8, 3));
        for t in 0..20 {
            source.push(&[t % 8]);
            if t % 5 < 3 {
                follower.sync_from(&source);
                assert_eq!(follower, source);
            }
            if t == 11 {
                source.clear();
            }
        }
    }

    #[test]
    fn a_copy_that_goes_its_own_way_is_not_taken_for_its_origin() {
        let mut source = SpikeRing::new(8, 3);
        let mut follower = source.clone();
        follower.sync_from(&source);
        let mut copy = source.clone();
        source.push(&[1]);
        copy.push(&[2]);
        follower.sync_from(&source);
        follower.sync_from(&copy);
        assert_eq!(follower, copy);
        follower.push(&[3]);
        copy.push(&[4]);
        follower.sync_from(&copy);
        assert_eq!(follower, copy);
    }

    #[test]
    fn united_rings_hold_the_spikes_of_both() {
        let (mut own, mut other) = (SpikeRing::new(8, 3), SpikeRing::new(8, 3));
        for t in 0..4 {
            own.push(&[t]);
            other.push(&[t, t + 4]);
        }
        let mut follower = own.clone();
        follower.sync_from(&own);
        own.unite(&other, 2);
        assert_eq!(
            [own.past(0), own.past(1), own.past(2)],
            [&[3, 7][..], &[2, 6], &[1]]
        );
        follower.sync_from(&own);
        assert_eq!(follower, own);
    }

    #[test]
    fn pushing_never_needs_more_room() {
        let mut ring = SpikeRing::new(100, 4);
        let room = |ring: &SpikeRing| ring.rows.iter().map(Vec::capacity).collect::<Vec<_>>();
        let before = room(&ring);
        let all: Vec<u32> = (0..100).collect();
        (0..9).for_each(|_| ring.push(&all));
        assert_eq!(room(&ring), before);
    }

    #[test]
    fn a_dense_ring_reads_back() {
        let mut ring = SpikeRing::new(5, 3);
        [&[0u32, 4][..], &[], &[2], &[1, 3]]
            .iter()
            .for_each(|spikes| ring.push(spikes));
        let mut other = SpikeRing::new(5, 3);
        other.push(&[1]);
        other.load_dense(&ring.to_dense());
        assert_eq!(other, ring);
    }
}
