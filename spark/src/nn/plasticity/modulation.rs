//! The third factor: signals that scale what a rule learns.

use std::sync::Arc;

use crate::core::array::{Real, broadcast_shapes};
use crate::core::error::Problem;
use crate::core::payload::{FloatArray, Shape};

/// How a signal meets the synapses: as one number for all of them, or repeated to the shape of the kernel as NumPy
/// would.
#[derive(Debug, Clone)]
pub(crate) struct Modulation {
    /// Per synapse, the element of the signal; nothing if it has one element.
    places: Option<Arc<[u32]>>,
}

/// The values of a signal in one step, as the synapses see them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Factor<'a> {
    signal: &'a [Real],
    places: Option<&'a [u32]>,
    gain: Real,
    offset: Real,
}

impl Modulation {
    /// For a signal of this shape. Problems: one that does not broadcast to the kernel.
    pub(crate) fn new(port: &str, signal: &Shape, kernel: &Shape, problems: &mut Vec<Problem>) -> Self {
        if signal.count() == 1 {
            return Modulation { places: None };
        }
        if broadcast_shapes(signal, kernel).ok().as_deref() != Some(&kernel[..]) {
            let problem = Problem::new(port, "the signal that scales learning does not fit the kernel");
            let expected = format!("one number, or a shape that broadcasts to that of the kernel, {kernel}");
            problems.push(problem.expected(expected).found(format!("shape {signal}")));
            return Modulation { places: None };
        }
        Modulation {
            places: Some(
                (0..kernel.count())
                    .map(|synapse| place(synapse, signal, kernel))
                    .collect(),
            ),
        }
    }

    /// `gain (signal + offset)`.
    pub(crate) fn factor<'a>(&'a self, signal: &'a FloatArray, gain: Real, offset: Real) -> Factor<'a> {
        Factor {
            signal: signal.as_slice(),
            places: self.places.as_deref(),
            gain,
            offset,
        }
    }
}

/// The element of a signal that meets element `index` of the kernel, both in C order.
fn place(mut index: usize, signal: &Shape, kernel: &Shape) -> u32 {
    let (mut place, mut stride) = (0, 1);
    for (axis, &size) in kernel.iter().enumerate().rev() {
        let here = index % size;
        index /= size;
        let Some(axis) = (axis + signal.len()).checked_sub(kernel.len()) else {
            break;
        };
        if signal[axis] > 1 {
            place += here * stride;
        }
        stride *= signal[axis];
    }
    place as u32
}

impl Factor<'_> {
    /// A rule without a third factor.
    pub(crate) const ONE: Factor<'static> = Factor::of_all(1.0);

    /// A number for all synapses.
    pub(crate) const fn of_all(number: Real) -> Factor<'static> {
        Factor {
            signal: &[],
            places: None,
            gain: number,
            offset: 1.0,
        }
    }

    #[inline(always)]
    fn of(&self, place: usize) -> Real {
        self.gain * (self.signal.get(place).copied().unwrap_or_default() + self.offset)
    }

    /// The factor, if it is the same for all synapses.
    pub(crate) fn uniform(&self) -> Option<Real> {
        self.places.is_none().then(|| self.of(0))
    }

    /// The factor of a synapse.
    #[inline(always)]
    pub(crate) fn at(&self, synapse: usize) -> Real {
        self.of(self.places.map_or(0, |places| places[synapse] as usize))
    }

    /// Whether it is zero everywhere, so that nothing is learned in this step.
    pub(crate) fn is_zero(&self) -> bool {
        match self.uniform() {
            Some(factor) => factor == 0.0,
            None => (0..self.signal.len()).all(|place| self.of(place) == 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(signal: &[usize], kernel: &[usize]) -> Option<Vec<u32>> {
        let mut problems = Vec::new();
        let made = Modulation::new(
            "reward",
            &Shape::from(signal),
            &Shape::from(kernel),
            &mut problems,
        );
        if problems.is_empty() {
            made.places.map(|places| places.to_vec())
        } else {
            Some(Vec::new())
        }
    }

    #[test]
    fn signals_repeat_from_the_last_axis_on() {
        assert_eq!(places(&[1], &[2, 3]), None);
        assert_eq!(places(&[3], &[2, 3]), Some(vec![0, 1, 2, 0, 1, 2]));
        assert_eq!(places(&[2, 1], &[2, 3]), Some(vec![0, 0, 0, 1, 1, 1]));
        assert_eq!(places(&[2, 3], &[2, 3]), Some(vec![0, 1, 2, 3, 4, 5]));
        assert_eq!(places(&[2, 1, 1], &[2, 2, 1]), Some(vec![0, 0, 1, 1]));
    }

    #[test]
    fn signals_that_do_not_fit_are_refused() {
        assert_eq!(places(&[2], &[2, 3]), Some(Vec::new()));
        assert_eq!(places(&[4, 2, 3], &[2, 3]), Some(Vec::new()));
    }
}
