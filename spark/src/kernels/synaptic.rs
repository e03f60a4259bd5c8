//! From presynaptic spikes to one sum per post unit.

use crate::core::array::Real;

/// Adds up each row of a `units x inputs` matrix.
pub(crate) fn row_sums(matrix: &[Real], sums: &mut [Real]) {
    if sums.is_empty() || matrix.is_empty() {
        sums.fill(0.0);
        return;
    }
    for (row, sum) in matrix.chunks_exact(matrix.len() / sums.len()).zip(sums) {
        *sum = row.iter().sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_per_row() {
        let mut sums = [0.0; 2];
        row_sums(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &mut sums);
        assert_eq!(sums, [6.0, 15.0]);
    }
}
