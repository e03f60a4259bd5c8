//! From presynaptic spikes to one sum per post unit.

use crate::core::array::Real;
use crate::core::payload::{Arriving, IndexSlice, each_entry};

/// Adds to the sum of each of `posts` the weight of its synapse.
#[inline(always)]
pub(crate) fn scatter(sums: &mut [Real], posts: IndexSlice<'_>, weights: &[Real]) {
    each_synapse(posts, weights, |post, weight| sums[post] += weight);
}

/// The same with the weights subtracted.
#[inline(always)]
pub(crate) fn scatter_negative(sums: &mut [Real], posts: IndexSlice<'_>, weights: &[Real]) {
    each_synapse(posts, weights, |post, weight| sums[post] -= weight);
}

#[inline(always)]
fn each_synapse(posts: IndexSlice<'_>, weights: &[Real], mut visit: impl FnMut(usize, Real)) {
    match posts {
        IndexSlice::Small(posts) => {
            let synapses = posts.iter().zip(weights);
            synapses.for_each(|(&post, &weight)| visit(usize::from(post), weight));
        }
        IndexSlice::Large(posts) => {
            let synapses = posts.iter().zip(weights);
            synapses.for_each(|(&post, &weight)| visit(post as usize, weight));
        }
    }
}

/// The same with a weight that all of the synapses have.
#[inline(always)]
pub(crate) fn scatter_same(sums: &mut [Real], posts: IndexSlice<'_>, weight: Real) {
    posts.for_each(|_, post| sums[post] += weight);
}

/// Adds to the sum of each post unit the weights of the spikes that arrive; those of inhibitory neurons are subtracted.
pub(crate) fn add_arriving(sums: &mut [Real], weights: &[Real], arriving: &Arriving) {
    for (inhibitory, entries) in arriving.runs() {
        if inhibitory {
            each_entry(entries, |entry| sums[entry.post()] -= weights[entry.place()]);
        } else {
            each_entry(entries, |entry| sums[entry.post()] += weights[entry.place()]);
        }
    }
}

/// Adds the weights of the spikes that arrive, those of excitatory and of inhibitory neurons to sums of their own.
pub(crate) fn add_to_sides(
    excitatory: &mut [Real],
    inhibitory: &mut [Real],
    weights: &[Real],
    arriving: &Arriving,
) {
    for (inhibits, entries) in arriving.runs() {
        let sums = if inhibits {
            &mut *inhibitory
        } else {
            &mut *excitatory
        };
        each_entry(entries, |entry| sums[entry.post()] += weights[entry.place()]);
    }
}

/// Adds signed weights as [`add_arriving`] does, and leaves what was added in `added`.
pub(crate) fn add_and_keep(sums: &mut [Real], added: &mut [Real], weights: &[Real], arriving: &Arriving) {
    let mut added = added;
    for (inhibitory, entries) in arriving.runs() {
        let (of_run, rest) = added.split_at_mut(entries.len());
        let each = entries.iter().zip(of_run);
        if inhibitory {
            each.for_each(|(entry, added)| {
                *added = -weights[entry.place()];
                sums[entry.post()] += *added;
            });
        } else {
            each.for_each(|(entry, added)| {
                *added = weights[entry.place()];
                sums[entry.post()] += *added;
            });
        }
        added = rest;
    }
}

/// Adds up each row of a `units x inputs` matrix, whose elements are asked for by their place.
#[inline(always)]
pub(crate) fn row_sums(inputs: usize, sums: &mut [Real], at: impl Fn(usize) -> Real) {
    for (row, sum) in sums.iter_mut().enumerate() {
        *sum = (row * inputs..(row + 1) * inputs).map(&at).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_per_row() {
        let matrix = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut sums = [0.0; 2];
        row_sums(3, &mut sums, |i| matrix[i]);
        assert_eq!(sums, [6.0, 15.0]);
    }
}
