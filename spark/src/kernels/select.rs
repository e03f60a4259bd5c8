//! Choices without a branch.
//!
//! The compiler makes branches of `if`s in loops over arrays, which are slow where they are taken by chance and keep the
//! loop from working on whole vectors. These are bit operations, which it leaves as they are.

use crate::core::array::Real;

#[cfg(not(spark_f64))]
type Bits = u32;
#[cfg(spark_f64)]
type Bits = u64;

#[inline(always)]
fn all_bits(condition: bool) -> Bits {
    Bits::from(condition).wrapping_neg()
}

/// The value, or 0 if the condition does not hold.
#[inline(always)]
pub(crate) fn kept_if(condition: bool, value: Real) -> Real {
    Real::from_bits(value.to_bits() & all_bits(condition))
}

/// `yes` if the condition holds, else `no`.
#[inline(always)]
pub(crate) fn select(condition: bool, yes: Real, no: Real) -> Real {
    let mask = all_bits(condition);
    Real::from_bits((yes.to_bits() & mask) | (no.to_bits() & !mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_keeps_every_bit() {
        let nan = Real::NAN;
        assert_eq!(select(true, -0.0, 1.0).to_bits(), Real::to_bits(-0.0));
        assert_eq!(select(false, 1.0, nan).to_bits(), nan.to_bits());
        assert_eq!(select(true, 1.5, nan), 1.5);
        assert_eq!([kept_if(true, -2.0), kept_if(false, nan)], [-2.0, 0.0]);
    }
}
