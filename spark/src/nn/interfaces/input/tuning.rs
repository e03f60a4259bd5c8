//! What the topological spikers share: populations that cover the ranges of values.

use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::config::SparkConfig;
use crate::core::error::Problem;
use crate::core::field::{ArrayValue, Init};
use crate::core::payload::Shape;
use crate::nn::param::{Drawing, ParamExt};
use crate::prelude::Dtype;

/// One number for all values, as an array without sizes: the Python package takes no plain number here.
pub(super) fn everywhere(number: f64) -> Init<f64> {
    match ArrayValue::new(Dtype::Int32, Shape::default(), vec![number]) {
        Ok(array) => Init::Array(array),
        Err(_) => Init::Value(number),
    }
}

/// The fields of a configuration that say how values are coded.
pub(super) struct Coding<'a> {
    pub(super) glue: &'a Init<f64>,
    pub(super) mins: &'a Init<f64>,
    pub(super) maxs: &'a Init<f64>,
    pub(super) resolution: usize,
    pub(super) sigma: f64,
}

/// One population per value of a signal, and how strongly each unit is driven by the values that were seen last: a signal
/// that holds still costs nothing.
#[derive(Debug, Clone)]
pub(super) struct Populations {
    shape: Shape,
    tunings: Vec<Tuning>,
    centres: Vec<Real>,
    /// `-1 / (2 sigma)`.
    sharpness: Real,
    /// Which value of the signal each population belongs to.
    values: Vec<usize>,
    seen: Vec<Option<Real>>,
    drives: Vec<Real>,
}

/// The range of one value of the signal.
#[derive(Debug, Clone, Copy)]
struct Tuning {
    glued: bool,
    min: Real,
    width: Real,
}

impl Populations {
    /// For a signal of this shape. Numbers and arrays take no key.
    pub(super) fn new<C: SparkConfig>(
        draw: &mut Drawing<'_, C>,
        coding: &Coding<'_>,
        signal: &Shape,
        compat: Compat,
    ) -> Self {
        let glue = draw.keyless(coding.glue, signal).per_element(signal);
        let mins = draw.keyless(coding.mins, signal).per_element(signal);
        let maxs = draw.keyless(coding.maxs, signal).per_element(signal);
        if mins.iter().zip(&maxs).any(|(min, max)| min == max) {
            draw.problem(
                Problem::new("maxs", "a value has an empty range").help("choose `maxs` other than `mins`"),
            );
        }
        if coding.resolution == 0 {
            draw.problem(
                Problem::new("resolution", "a value needs units that respond to it").help("choose 1 or more"),
            );
        }
        let tuning = |((glue, &min), max): ((Real, &Real), Real)| Tuning {
            glued: glue != 0.0,
            min,
            width: max - min,
        };
        let shape = signal.append(&Shape::from(coding.resolution));
        Populations {
            tunings: glue.into_iter().zip(&mins).zip(maxs).map(tuning).collect(),
            centres: centres(coding.resolution),
            sharpness: -(0.5 / coding.sigma as Real),
            values: order_of_values(signal, compat),
            seen: vec![None; signal.count()],
            drives: vec![0.0; shape.count()],
            shape,
        }
    }

    /// The shape of the signal with the units of a population behind it.
    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// How strongly each unit is driven by this signal, from 0 to 1.
    pub(super) fn drives(&mut self, signal: &[Real]) -> &[Real] {
        let units = self.centres.len();
        let populations = self.values.iter().zip(&mut self.seen);
        for ((&value_at, seen), drives) in populations.zip(self.drives.chunks_exact_mut(units)) {
            let value = signal[value_at];
            if *seen == Some(value) {
                continue;
            }
            *seen = Some(value);
            let tuning = self.tunings[value_at];
            for (drive, &centre) in drives.iter_mut().zip(&self.centres) {
                *drive = tuning.drive(value, centre, self.sharpness);
            }
        }
        &self.drives
    }
}

impl Tuning {
    /// How strongly a value drives the unit with this centre.
    #[inline(always)]
    fn drive(&self, value: Real, centre: Real, sharpness: Real) -> Real {
        let angle = (value - self.min) / self.width * std::f64::consts::PI as Real;
        let z = if self.glued {
            rounded(f64::sin, centre + angle)
        } else {
            rounded(f64::tanh, centre - angle)
        };
        rounded(f64::exp, sharpness * (z * z))
    }
}

/// A function in double precision, rounded.
pub(super) fn rounded(function: fn(f64) -> f64, x: Real) -> Real {
    function(f64::from(x)) as Real
}

/// The values that the units prefer: from 0 to pi, both included.
fn centres(resolution: usize) -> Vec<Real> {
    let pi = std::f64::consts::PI as Real;
    let last = resolution.saturating_sub(1);
    let centre = |k: usize| {
        if k == last && last > 0 {
            pi
        } else {
            k as Real / last.max(1) as Real * pi
        }
    };
    (0..resolution).map(centre).collect()
}

/// Which value each population belongs to: its own. The Python package reverses the axes of a signal, which it only gets
/// through where the reversed shape is the same, such as that of a square matrix.
fn order_of_values(signal: &Shape, compat: Compat) -> Vec<usize> {
    let own = 0..signal.count();
    let reversible = signal.iter().eq(signal.iter().rev());
    if !(compat.is_spark_snn_1() && reversible) {
        return own.collect();
    }
    let reversed = |place: usize| {
        // The digits of `place`, last axis first, are those of the reversed place, first axis first.
        let step = |(rest, flat): (usize, usize), &size: &usize| (rest / size, flat * size + rest % size);
        signal.iter().rev().fold((place, 0), step).1
    };
    own.map(reversed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn populations_stand_where_their_values_do_unless_the_python_package_is_followed() {
        let order = |shape: &[usize], compat| order_of_values(&Shape::from(shape), compat);
        assert_eq!(order(&[2, 2], Compat::Standard), [0, 1, 2, 3]);
        assert_eq!(order(&[2, 2], Compat::SparkSnn1), [0, 2, 1, 3]);
        assert_eq!(order(&[2, 3], Compat::SparkSnn1), [0, 1, 2, 3, 4, 5]);
        assert_eq!(order(&[2, 1, 2], Compat::SparkSnn1), [0, 2, 1, 3]);
        assert_eq!(order(&[3], Compat::SparkSnn1), [0, 1, 2]);
    }

    #[test]
    fn centres_reach_from_zero_to_pi() {
        let pi = std::f64::consts::PI as Real;
        assert_eq!(centres(3), [0.0, pi / 2.0, pi]);
        assert_eq!(centres(1), [0.0]);
    }
}
