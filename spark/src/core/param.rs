//! Parameters of modules: numbers that stay doubles until they meet an array, as in the Python package.

use std::ops::{Add, Div, Mul, Neg, Sub};

use ndarray::IxDyn;

use crate::core::array::{ArrayD, Real, zip_broadcast};
use crate::core::error::BuildError;
use crate::core::payload::Shape;

/// A parameter. Arithmetic between numbers is done in double precision, and in [`Real`] as soon as an array is in it.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// One number for all elements.
    Scalar(f64),
    /// An array; its shape broadcasts to that of the module.
    Array(ArrayD<Real>),
}

impl From<f64> for Param {
    fn from(number: f64) -> Self {
        Param::Scalar(number)
    }
}

impl Param {
    fn zip(
        &self,
        other: &Param,
        double: impl Fn(f64, f64) -> f64,
        real: impl Fn(Real, Real) -> Real,
    ) -> Param {
        match (self, other) {
            (Param::Scalar(a), Param::Scalar(b)) => Param::Scalar(double(*a, *b)),
            (Param::Scalar(a), Param::Array(b)) => Param::Array(b.mapv(|b| real(*a as Real, b))),
            (Param::Array(a), Param::Scalar(b)) => Param::Array(a.mapv(|a| real(a, *b as Real))),
            (Param::Array(a), Param::Array(b)) => match zip_broadcast(&a.view(), &b.view(), &real) {
                Ok(array) => Param::Array(array),
                // Both broadcast to the module's shape, so they broadcast to each other; NaN would show a mistake.
                Err(_) => Param::Array(a.mapv(|_| Real::NAN)),
            },
        }
    }

    fn map(&self, double: impl Fn(f64) -> f64, real: impl Fn(Real) -> Real) -> Param {
        match self {
            Param::Scalar(a) => Param::Scalar(double(*a)),
            Param::Array(a) => Param::Array(a.mapv(real)),
        }
    }

    /// 1 / x.
    pub fn recip(&self) -> Param {
        self.map(|a| 1.0 / a, |a| 1.0 / a)
    }

    /// e^x. A number is rounded before: its exponential is an array of one element from then on.
    pub fn exp(&self) -> Param {
        match self {
            Param::Scalar(a) => Param::Array(ArrayD::from_elem(IxDyn(&[]), (*a as Real).exp())),
            Param::Array(a) => Param::Array(a.mapv(Real::exp)),
        }
    }

    /// exp(-dt / x): the decay in one step of `dt` of what has the time constant x.
    pub fn decay(&self, dt: f64) -> Param {
        (&Param::Scalar(-dt) / self).exp()
    }

    /// The number, if it is the same everywhere.
    pub fn uniform(&self) -> Option<Real> {
        match self {
            Param::Scalar(a) => Some(*a as Real),
            Param::Array(a) if a.len() == 1 => a.first().copied(),
            Param::Array(_) => None,
        }
    }

    /// All numbers, repeated to `shape`.
    pub fn to_array(&self, shape: &Shape) -> Result<ArrayD<Real>, BuildError> {
        match self {
            Param::Scalar(a) => Ok(ArrayD::from_elem(IxDyn(shape), *a as Real)),
            Param::Array(a) => match a.broadcast(IxDyn(shape)) {
                Some(wide) => Ok(wide.to_owned()),
                None => {
                    let message = format!("an array of shape {:?} does not fit the shape {shape}", a.shape());
                    Err(BuildError::one("", message))
                }
            },
        }
    }

    /// All numbers as doubles, for validators.
    pub(crate) fn numbers(&self) -> Vec<f64> {
        match self {
            Param::Scalar(a) => vec![*a],
            Param::Array(a) => a.iter().map(|&a| f64::from(a)).collect(),
        }
    }
}

macro_rules! operator {
    ($($name:ident $method:ident $op:tt),*) => {$(
        impl $name for &Param {
            type Output = Param;
            fn $method(self, other: &Param) -> Param {
                self.zip(other, |a, b| a $op b, |a, b| a $op b)
            }
        }
        impl $name for Param {
            type Output = Param;
            fn $method(self, other: Param) -> Param {
                &self $op &other
            }
        }
    )*};
}
operator!(Add add +, Sub sub -, Mul mul *, Div div /);

impl Neg for &Param {
    type Output = Param;
    fn neg(self) -> Param {
        self.map(|a| -a, |a| -a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_doubles_until_they_meet_an_array() {
        let (a, b) = (Param::Scalar(0.1), Param::Scalar(0.2));
        assert_eq!(&a + &b, Param::Scalar(0.1 + 0.2));
        let array = Param::Array(ArrayD::from_elem(IxDyn(&[2]), 0.2));
        assert_eq!(
            &a + &array,
            Param::Array(ArrayD::from_elem(IxDyn(&[2]), 0.1 as Real + 0.2 as Real))
        );
    }

    #[test]
    fn the_exponential_is_that_of_the_rounded_number() {
        let decay = Param::Scalar(20.0).decay(1.0);
        assert_eq!(decay.uniform(), Some((-0.05 as Real).exp()));
    }
}
