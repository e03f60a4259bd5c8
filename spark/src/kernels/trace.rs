//! Exponential traces: `T' = base + decay (T - base) + scale x`.

use super::dispatch::vectorised;
use crate::core::array::Real;

/// A coefficient: one for all elements, or one per element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Coefficient {
    /// The same for all.
    One(Real),
    /// One per element, in standard order.
    Each(Vec<Real>),
}

impl Coefficient {
    /// The coefficient of element `i`.
    #[inline(always)]
    pub(crate) fn at(&self, i: usize) -> Real {
        match self {
            Coefficient::One(value) => *value,
            Coefficient::Each(values) => values[i],
        }
    }
}

/// Below this a decaying value is nothing. Without it silent traces would end as subnormal numbers, with which
/// processors are a hundred times slower.
pub(crate) const NOTHING: Real = 1e-30;

/// What is left of a value after one step of decay towards zero.
#[inline(always)]
pub(crate) fn fade(value: Real, decay: Real) -> Real {
    settled(value * decay)
}

/// The value, or zero if it is next to nothing.
#[inline(always)]
pub(crate) fn settled(value: Real) -> Real {
    if value.abs() < NOTHING { 0.0 } else { value }
}

/// Lets every trace fall towards its base by one step.
pub(crate) fn decay(trace: &mut [Real], decay: &Coefficient, base: &Coefficient) {
    match (decay, base) {
        (Coefficient::One(decay), Coefficient::One(base)) => {
            vectorised!(fall(trace, *decay, *base));
        }
        _ => {
            for (i, t) in trace.iter_mut().enumerate() {
                let base = base.at(i);
                *t = base + fade(*t - base, decay.at(i));
            }
        }
    }
}

#[inline(always)]
fn fall(trace: &mut [Real], decay: Real, base: Real) {
    for t in trace {
        *t = base + fade(*t - base, decay);
    }
}

/// Writes into `newer` what `older` falls to in one step, towards zero.
pub(crate) fn decay_into(newer: &mut [Real], older: &[Real], decay: &Coefficient) {
    match decay {
        Coefficient::One(decay) => vectorised!(fall_into(newer, older, *decay)),
        Coefficient::Each(decays) => vectorised!(fall_each_into(newer, older, decays)),
    }
}

#[inline(always)]
fn fall_into(newer: &mut [Real], older: &[Real], decay: Real) {
    for (new, old) in newer.iter_mut().zip(older) {
        *new = fade(*old, decay);
    }
}

#[inline(always)]
fn fall_each_into(newer: &mut [Real], older: &[Real], decays: &[Real]) {
    for ((new, old), decay) in newer.iter_mut().zip(older).zip(decays) {
        *new = fade(*old, *decay);
    }
}
