//! From presynaptic spikes to one sum per post unit.

use crate::core::array::Real;

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
