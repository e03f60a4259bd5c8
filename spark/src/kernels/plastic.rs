//! Updates of plastic kernels, synapse by synapse where a spike is.
//!
//! A synapse may be touched twice in a step, by the spike that arrives and by the spike of its post unit. Its terms
//! are then added first and the sum is bounded once: the pass over arrivals leaves the rows of units that spiked
//! unbounded, and the pass over those rows bounds them.

use crate::core::array::Real;

/// What an arriving spike adds to a weight of one unit, and the bounds that hold right after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Nudge {
    /// Added to the weight.
    pub(crate) delta: Real,
    /// Lower bound.
    pub(crate) min: Real,
    /// Upper bound.
    pub(crate) max: Real,
}

impl Nudge {
    /// Bounds the weight, unless the unit spiked: then its row is bounded later.
    pub(crate) fn new(delta: Real, max: Real, spiked: bool) -> Self {
        if spiked {
            Nudge {
                delta,
                min: Real::NEG_INFINITY,
                max: Real::INFINITY,
            }
        } else {
            Nudge { delta, min: 0.0, max }
        }
    }

    /// The weight after the nudge.
    #[inline(always)]
    pub(crate) fn apply(&self, weight: Real) -> Real {
        bounded(weight + self.delta, self.min, self.max)
    }
}

/// `weight` between `min` and `max`; `max` wins if they cross. NaN stays.
#[inline(always)]
pub(crate) fn bounded(weight: Real, min: Real, max: Real) -> Real {
    let weight = if weight < min { min } else { weight };
    if weight > max { max } else { weight }
}

/// Bounds a whole kernel. `max` is asked for by index.
pub(crate) fn bound_all(kernel: &mut [Real], max: impl Fn(usize) -> Real) {
    for (i, weight) in kernel.iter_mut().enumerate() {
        *weight = bounded(*weight, 0.0, max(i));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_terms_of_one_synapse_are_bounded_once() {
        let first = Nudge::new(-3.0, 10.0, true).apply(1.0);
        assert_eq!(bounded(first + 4.0, 0.0, 10.0), 2.0);
        assert_eq!(Nudge::new(-3.0, 10.0, false).apply(1.0), 0.0);
    }
}
