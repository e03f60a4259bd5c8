//! Updates of plastic kernels, synapse by synapse where a spike is.
//!
//! A synapse may be touched twice in a step, by the spike that arrives and by the spike of its post unit. Its terms
//! are then added first and the sum is bounded once: the pass over arrivals leaves the rows of units that spiked
//! unbounded, and the pass over those rows bounds them.

use super::select::select;
use crate::core::array::Real;
use crate::core::payload::{Entry, each_entry};

/// What a weight is held between; `max` wins if they cross. NaN stays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) min: Real,
    pub(crate) max: Real,
}

impl Bounds {
    /// Any number.
    pub(crate) const NONE: Bounds = Bounds {
        min: Real::NEG_INFINITY,
        max: Real::INFINITY,
    };
    /// Zero or more.
    pub(crate) const POSITIVE: Bounds = Bounds::up_to(Real::INFINITY);

    /// From zero to `max`.
    pub(crate) const fn up_to(max: Real) -> Self {
        Bounds { min: 0.0, max }
    }

    /// These bounds, or none in a row that is still open: it is bounded later in the step.
    #[inline(always)]
    pub(crate) fn unless(self, open: bool) -> Self {
        if open { Bounds::NONE } else { self }
    }

    /// `weight` within the bounds.
    #[inline(always)]
    pub(crate) fn hold(self, weight: Real) -> Real {
        self.below(self.above(weight))
    }

    /// `weight`, at least the lower bound.
    #[inline(always)]
    pub(crate) fn above(self, weight: Real) -> Real {
        if weight < self.min { self.min } else { weight }
    }

    /// `weight`, at most the upper bound.
    #[inline(always)]
    pub(crate) fn below(self, weight: Real) -> Real {
        if weight > self.max { self.max } else { weight }
    }

    /// All of `weights` within the bounds.
    pub(crate) fn hold_all(self, weights: &mut [Real]) {
        for weight in weights {
            *weight = self.hold(*weight);
        }
    }
}

/// What an arriving spike adds to a weight of one unit, and the bounds that hold right after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Nudge {
    /// Added to the weight.
    pub(crate) delta: Real,
    /// What the sum is held between.
    pub(crate) bounds: Bounds,
}

impl Nudge {
    /// Adds nothing.
    pub(crate) const NONE: Nudge = Nudge {
        delta: 0.0,
        bounds: Bounds::NONE,
    };

    /// The weight after the nudge, `factor` times as strong.
    #[inline(always)]
    pub(crate) fn apply(&self, weight: Real, factor: Real) -> Real {
        self.bounds.hold(weight + self.delta * factor)
    }
}

/// Adds to the weights at which a spike arrives what it adds at the post unit, and bounds the sums.
pub(crate) fn add_to_arriving(weights: &mut [Real], deltas: &[Real], bounds: Bounds, entries: &[Entry]) {
    each_entry(entries, |entry| {
        let weight = &mut weights[entry.place()];
        *weight = bounds.hold(*weight + deltas[entry.post()]);
    });
}

/// Where nudges move weights, all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
    Any,
}

impl Direction {
    /// Of weights that are within their bounds: nothing is foreseen of others.
    pub(crate) fn of(nudges: &[Nudge], bounded: bool) -> Self {
        // Without leaving early, so that the compiler can use vectors.
        let (mut up, mut down) = (bounded, bounded);
        for nudge in nudges {
            up &= nudge.delta >= 0.0;
            down &= nudge.delta <= 0.0;
        }
        match (up, down) {
            (true, _) => Direction::Up,
            (false, true) => Direction::Down,
            (false, false) => Direction::Any,
        }
    }
}

/// Changes the weights at which a spike arrives, by the nudge of the post unit. Weights within their bounds stay within
/// the one that all of them move away from, which need not be looked up then.
pub(crate) fn nudge_arriving(
    weights: &mut [Real],
    nudges: &[Nudge],
    direction: Direction,
    entries: &[Entry],
) {
    match direction {
        Direction::Down => each_entry(entries, |entry| {
            let (weight, nudge) = (&mut weights[entry.place()], &nudges[entry.post()]);
            *weight = nudge.bounds.above(*weight + nudge.delta);
        }),
        Direction::Up => each_entry(entries, |entry| {
            let (weight, nudge) = (&mut weights[entry.place()], &nudges[entry.post()]);
            *weight = nudge.bounds.below(*weight + nudge.delta);
        }),
        Direction::Any => each_entry(entries, |entry| {
            let weight = &mut weights[entry.place()];
            *weight = nudges[entry.post()].apply(*weight, 1.0);
        }),
    }
}

/// Adds `own + per_trace * trace` to a weight of a unit that spiked.
#[inline(always)]
pub(crate) fn add_term(weight: &mut Real, trace: Real, (own, per_trace): (Real, Real), bounds: Bounds) {
    *weight = bounds.hold(*weight + (own + per_trace * trace));
}

/// The same for a whole row, with other numbers where the presynaptic neuron is inhibitory: those of excitatory neurons stand
/// first.
#[inline(always)]
pub(crate) fn add_to_mixed_row(
    weights: &mut [Real],
    traces: &[Real],
    inhibitory: &[bool],
    terms: [(Real, Real); 2],
    bounds: [Bounds; 2],
) {
    for ((weight, &trace), &inhibitory) in weights.iter_mut().zip(traces).zip(inhibitory) {
        let pick = |[excitatory, inhibits]: [Real; 2]| select(inhibitory, inhibits, excitatory);
        let (own, per_trace) = (pick(terms.map(|term| term.0)), pick(terms.map(|term| term.1)));
        let bounds = Bounds {
            min: pick(bounds.map(|bounds| bounds.min)),
            max: pick(bounds.map(|bounds| bounds.max)),
        };
        add_term(weight, trace, (own, per_trace), bounds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_terms_of_one_synapse_are_bounded_once() {
        let bounds = Bounds::up_to(10.0);
        let nudge = |open| Nudge {
            delta: -3.0,
            bounds: bounds.unless(open),
        };
        assert_eq!(bounds.hold(nudge(true).apply(1.0, 1.0) + 4.0), 2.0);
        assert_eq!(nudge(false).apply(1.0, 1.0), 0.0);
    }
}
