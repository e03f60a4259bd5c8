//! Rows of a matrix that stand apart, so that its columns are fast, too.
//!
//! A cache finds a number by the last digits of its address. Where the rows of a matrix are a round number of bytes apart
//! (1024 numbers, say), all numbers of a column compete for the same few places: walking down the column takes up to ten
//! times as long. A gap of one cache line between the rows is all it needs.

use std::sync::OnceLock;

use ndarray::IxDyn;

use super::Shape;
use crate::core::array::{ArrayD, Real, array_from_vec};

/// Numbers in a cache line.
const LINE: usize = 64 / std::mem::size_of::<Real>();

/// From so many lines between rows on, if it is a multiple of them, columns are slow.
const ROUND: usize = 8;

/// How far rows of this width stand apart.
pub(super) const fn gap(width: usize) -> usize {
    if width > 0 && width.is_multiple_of(ROUND * LINE) {
        LINE
    } else {
        0
    }
}

/// Values whose rows stand apart.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    values: Vec<Real>,
    /// Values per row.
    width: usize,
    /// The same in C order, where somebody asked for it.
    dense: OnceLock<ArrayD<Real>>,
}

impl Spread {
    /// The values of a matrix with so many rows, if its columns are slow otherwise.
    pub(super) fn of(values: &[Real], rows: usize) -> Option<Self> {
        let width = values.len().checked_div(rows)?;
        if width * rows != values.len() || gap(width) == 0 {
            return None;
        }
        let mut spread = vec![0.0; rows * (width + LINE)];
        for (to, from) in spread.chunks_mut(width + LINE).zip(values.chunks(width)) {
            to[..width].copy_from_slice(from);
        }
        Some(Spread {
            values: spread,
            width,
            dense: OnceLock::new(),
        })
    }

    /// The values in C order.
    pub(super) fn array(&self, shape: &Shape) -> &ArrayD<Real> {
        self.dense.get_or_init(|| self.gathered(shape))
    }

    pub(super) fn into_array(mut self, shape: &Shape) -> ArrayD<Real> {
        self.dense.take().unwrap_or_else(|| self.gathered(shape))
    }

    fn gathered(&self, shape: &Shape) -> ArrayD<Real> {
        let mut values = vec![0.0; self.values.len() / (self.width + LINE) * self.width];
        self.rows().copy_into(&mut values);
        // As many as the shape has elements: it was made of them.
        array_from_vec(shape, values).unwrap_or_else(|_| ArrayD::from_elem(IxDyn(shape), 0.0))
    }

    pub(super) fn rows(&self) -> Rows<'_> {
        Rows {
            values: &self.values,
            gap: LINE,
            width: self.width,
        }
    }

    pub(super) fn rows_mut(&mut self) -> RowsMut<'_> {
        self.dense.take();
        RowsMut {
            values: &mut self.values,
            gap: LINE,
        }
    }
}

/// The values of a matrix: element `(i, j)` stands at `i * (columns + gap) + j`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) values: &'a [Real],
    pub(crate) gap: usize,
    width: usize,
}

impl<'a> Rows<'a> {
    /// In C order.
    pub(super) fn dense(values: &'a [Real]) -> Self {
        Rows {
            values,
            gap: 0,
            width: values.len().max(1),
        }
    }

    /// Copies them in C order.
    pub(super) fn copy_into(&self, into: &mut [Real]) {
        let rows = self.values.chunks(self.width + self.gap);
        for (to, from) in into.chunks_mut(self.width).zip(rows) {
            to.copy_from_slice(&from[..to.len()]);
        }
    }
}

/// The same, to be changed.
#[derive(Debug)]
pub(crate) struct RowsMut<'a> {
    pub(crate) values: &'a mut [Real],
    pub(crate) gap: usize,
}

impl<'a> RowsMut<'a> {
    /// In C order.
    pub(crate) fn dense(values: &'a mut [Real]) -> Self {
        RowsMut { values, gap: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::FloatArray;
    use super::*;
    use crate::core::state::{Variable, restore, snapshot};

    fn kernel() -> FloatArray {
        let values = (0..3 * ROUND * LINE).map(|i| i as Real).collect();
        FloatArray::from_vec([3, ROUND * LINE], values).unwrap()
    }

    fn spread() -> FloatArray {
        let mut spread = kernel();
        spread.spread_rows(3);
        assert_eq!(spread.rows().gap, LINE);
        spread
    }

    #[test]
    fn spread_values_read_as_they_were() {
        assert_eq!(spread(), kernel());
        assert_eq!(spread().array(), kernel().array());
        assert_eq!(spread().into_array(), kernel().into_array());
    }

    #[test]
    fn a_change_is_seen_in_c_order() {
        let mut spread = spread();
        assert_eq!(spread.as_slice()[ROUND * LINE], (ROUND * LINE) as Real);
        spread.rows_mut().values[ROUND * LINE + LINE] = -1.0;
        assert_eq!(spread.as_slice()[ROUND * LINE], -1.0);
        spread.as_mut_slice()[0] = -2.0;
        assert_eq!((spread.rows().gap, spread.as_slice()[0]), (0, -2.0));
    }

    #[test]
    fn rows_of_other_widths_stay_together() {
        let mut odd = FloatArray::filled([4, ROUND * LINE + 1], 1.0);
        odd.spread_rows(4);
        assert_eq!(odd.rows().gap, 0);
    }

    #[test]
    fn spread_values_are_saved_in_c_order_and_spread_again() {
        let mut other = Variable::new(spread());
        other.rows_mut().values.fill(0.0);
        assert_eq!(
            snapshot(&Variable::new(spread())),
            snapshot(&Variable::new(kernel()))
        );
        restore(&mut other, snapshot(&Variable::new(kernel()))).unwrap();
        assert_eq!((other.rows().gap, &*other), (LINE, &kernel()));
    }
}
