//! A value that never changes.

use std::ops::{Add, Deref, Div, Mul, Neg, Not, Sub};

use ndarray::{ArrayViewD, Dimension, IxDyn};
use serde::{Deserialize, Deserializer, Serialize};

use crate::core::array::{ArrayD, Element, Real, array_from_vec, broadcast_shapes, standard, zip_broadcast};
use crate::core::dtype::Dtype;
use crate::core::error::ArrayError;

/// Arithmetic on elements, as the Python package has it.
///
/// Whole numbers wrap around on overflow. A whole number divided by zero with [`Arithmetic::floor_div`] gives what XLA
/// gives on a CPU: all bits set for unsigned numbers, and for signed ones -1 for zero and -2 otherwise; the remainder
/// is 0. Floating point numbers give infinity or NaN.
pub trait Arithmetic: Element {
    /// What true division gives: `Real` for whole numbers.
    type Quotient: Element;
    /// Sum.
    fn plus(self, other: Self) -> Self;
    /// Difference.
    fn minus(self, other: Self) -> Self;
    /// Product.
    fn times(self, other: Self) -> Self;
    /// True division.
    fn over(self, other: Self) -> Self::Quotient;
    /// Division, rounded down.
    fn floor_div(self, other: Self) -> Self;
    /// Remainder with the sign of the divisor.
    fn modulo(self, other: Self) -> Self;
    /// Power. Of whole numbers with a negative exponent only 1 and -1 have one that is not 0.
    fn power(self, exponent: Self) -> Self;
    /// Negative.
    fn negative(self) -> Self;
    /// Magnitude.
    fn magnitude(self) -> Self;
}

macro_rules! float_arithmetic {
    ($($ty:ty),*) => {$(
        impl Arithmetic for $ty {
            type Quotient = $ty;
            fn plus(self, other: Self) -> Self {
                self + other
            }
            fn minus(self, other: Self) -> Self {
                self - other
            }
            fn times(self, other: Self) -> Self {
                self * other
            }
            fn over(self, other: Self) -> Self {
                self / other
            }
            fn floor_div(self, other: Self) -> Self {
                if other == 0.0 {
                    return self / other;
                }
                let quotient = (self - self.modulo(other)) / other;
                let floor = quotient.floor();
                if quotient - floor > 0.5 { floor + 1.0 } else { floor }
            }
            fn modulo(self, other: Self) -> Self {
                let rest = self % other;
                if rest == 0.0 {
                    return rest.abs().copysign(other);
                }
                if (rest < 0.0) == (other < 0.0) { rest } else { rest + other }
            }
            fn power(self, exponent: Self) -> Self {
                self.powf(exponent)
            }
            fn negative(self) -> Self {
                -self
            }
            fn magnitude(self) -> Self {
                self.abs()
            }
        }
    )*};
}
float_arithmetic!(f32, f64);

macro_rules! int_arithmetic {
    ($($ty:ty, $on_zero:expr, $negative_exponent:expr);*) => {$(
        impl Arithmetic for $ty {
            type Quotient = Real;
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            fn times(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
            fn over(self, other: Self) -> Real {
                self as Real / other as Real
            }
            fn floor_div(self, other: Self) -> Self {
                if other == 0 {
                    return $on_zero(self);
                }
                let quotient = self.wrapping_div(other);
                let rest = self.wrapping_rem(other);
                #[allow(unused_comparisons, reason = "one text for signed and unsigned numbers")]
                let opposite = (rest < 0) != (other < 0);
                if rest != 0 && opposite { quotient.wrapping_sub(1) } else { quotient }
            }
            fn modulo(self, other: Self) -> Self {
                if other == 0 {
                    return 0;
                }
                let rest = self.wrapping_rem(other);
                #[allow(unused_comparisons, reason = "one text for signed and unsigned numbers")]
                let opposite = (rest < 0) != (other < 0);
                if rest != 0 && opposite { rest.wrapping_add(other) } else { rest }
            }
            fn power(self, exponent: Self) -> Self {
                u32::try_from(exponent).map_or_else(|_| $negative_exponent(self, exponent), |n| self.wrapping_pow(n))
            }
            fn negative(self) -> Self {
                self.wrapping_neg()
            }
            fn magnitude(self) -> Self {
                #[allow(unused_comparisons, reason = "one text for signed and unsigned numbers")]
                if self < 0 { self.wrapping_neg() } else { self }
            }
        }
    )*};
}

macro_rules! signed {
    ($($ty:ident),*) => {
        int_arithmetic!($($ty, |n: $ty| if n == 0 { -1 } else { -2 }, |base: $ty, exponent: $ty| match base {
            1 => 1,
            -1 if exponent % 2 == 0 => 1,
            -1 => -1,
            // Beyond the range of the exponent only 0 stays what it is; a negative exponent leaves nothing.
            _ => 0,
        });*);
    };
}
macro_rules! unsigned {
    ($($ty:ident),*) => {
        int_arithmetic!($($ty, |_| $ty::MAX, |base: $ty, _| if base == 1 { 1 } else { 0 });*);
    };
}
signed!(i32, i64);
unsigned!(u8, u16, u32, u64);

/// An array that never changes, with the operators of an array. Shapes broadcast by numpy's rule; the result is a
/// plain array.
///
/// ```
/// use spark::Constant;
/// # fn main() -> Result<(), spark::ArrayError> {
/// let decay: Constant = Constant::from([0.5, 0.25]);
/// assert_eq!((1.0 - &decay).as_slice(), Some(&[0.5, 0.75][..]));
/// assert_eq!((-&decay).as_slice(), Some(&[-0.5, -0.25][..]));
/// let column: Constant = Constant::from_vec(&[2, 1], vec![1.0, 10.0])?;
/// assert_eq!((&decay * &column).as_slice(), Some(&[0.5, 0.25, 5.0, 2.5][..]));
/// assert!(decay.try_add(Constant::from([1.0, 2.0, 3.0])).is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Panics
/// Operators panic if the shapes do not broadcast, with both shapes in the message; the methods that begin with `try_`
/// return the error instead.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Constant<T: Element = Real> {
    array: ArrayD<T>,
}

impl<T: Element> Constant<T> {
    /// From an array.
    pub fn new(array: ArrayD<T>) -> Self {
        Constant {
            array: standard(array),
        }
    }

    /// A single number.
    pub fn scalar(value: T) -> Self {
        Constant {
            array: ArrayD::from_elem(IxDyn(&[]), value),
        }
    }

    /// From elements in C order.
    pub fn from_vec(shape: &[usize], data: Vec<T>) -> Result<Self, ArrayError> {
        Ok(Constant {
            array: array_from_vec(shape, data)?,
        })
    }

    /// The values.
    pub const fn value(&self) -> &ArrayD<T> {
        &self.array
    }

    /// The values.
    pub fn view(&self) -> ArrayViewD<'_, T> {
        self.array.view()
    }

    /// The values in C order.
    pub fn as_slice(&self) -> &[T] {
        // The layout is standard from construction on, so there always is a slice.
        self.array.as_slice().unwrap_or_default()
    }

    /// Sizes.
    pub fn shape(&self) -> &[usize] {
        self.array.shape()
    }

    /// Number type.
    pub const fn dtype(&self) -> Dtype {
        T::DTYPE
    }

    /// The number of dimensions.
    pub fn ndim(&self) -> usize {
        self.array.ndim()
    }

    /// The number of elements.
    pub fn size(&self) -> usize {
        self.array.len()
    }

    /// With the order of dimensions reversed.
    ///
    /// ```
    /// use spark::Constant;
    /// # fn main() -> Result<(), spark::ArrayError> {
    /// let weights = Constant::from_vec(&[2, 3], vec![1, 2, 3, 4, 5, 6])?;
    /// assert_eq!(weights.t().shape(), [3, 2]);
    /// assert_eq!(weights.t()[[2, 0]], weights[[0, 2]]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn t(&self) -> ArrayViewD<'_, T> {
        self.array.t()
    }

    /// Gives the values up.
    pub fn into_array(self) -> ArrayD<T> {
        self.array
    }
}

impl<'de, T: Element> Deserialize<'de> for Constant<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ArrayD::deserialize(deserializer).map(Constant::new)
    }
}

impl<T: Element> Deref for Constant<T> {
    type Target = ArrayD<T>;
    fn deref(&self) -> &ArrayD<T> {
        &self.array
    }
}

impl<T: Element> From<T> for Constant<T> {
    fn from(value: T) -> Self {
        Constant::scalar(value)
    }
}

impl<T: Element> From<ArrayD<T>> for Constant<T> {
    fn from(array: ArrayD<T>) -> Self {
        Constant::new(array)
    }
}

impl<T: Element> From<Vec<T>> for Constant<T> {
    fn from(values: Vec<T>) -> Self {
        Constant {
            array: ndarray::Array1::from_vec(values).into_dyn(),
        }
    }
}

impl<T: Element, const N: usize> From<[T; N]> for Constant<T> {
    fn from(values: [T; N]) -> Self {
        Constant::from(values.to_vec())
    }
}

/// What may stand on the other side of an operator of a [`Constant`]: a number, an array, another constant.
pub trait Operand<T: Element> {
    /// Lends the operand as an array.
    fn with_view<R>(&self, read: impl FnOnce(ArrayViewD<'_, T>) -> R) -> R;
}

impl<T: Element> Operand<T> for T {
    fn with_view<R>(&self, read: impl FnOnce(ArrayViewD<'_, T>) -> R) -> R {
        read(ndarray::aview0(self).into_dyn())
    }
}

impl<T: Element> Operand<T> for Constant<T> {
    fn with_view<R>(&self, read: impl FnOnce(ArrayViewD<'_, T>) -> R) -> R {
        read(self.array.view())
    }
}

impl<T: Element> Operand<T> for ArrayD<T> {
    fn with_view<R>(&self, read: impl FnOnce(ArrayViewD<'_, T>) -> R) -> R {
        read(self.view())
    }
}

impl<T: Element> Operand<T> for &Constant<T> {
    fn with_view<R>(&self, read: impl FnOnce(ArrayViewD<'_, T>) -> R) -> R {
        read(self.array.view())
    }
}

impl<T: Element> Operand<T> for &ArrayD<T> {
    fn with_view<R>(&self, read: impl FnOnce(ArrayViewD<'_, T>) -> R) -> R {
        read(self.view())
    }
}

fn try_zip<T: Element, U: Element>(
    left: &impl Operand<T>,
    right: &impl Operand<T>,
    combine: impl Fn(T, T) -> U,
) -> Result<ArrayD<U>, ArrayError> {
    left.with_view(|left| right.with_view(|right| zip_broadcast(&left, &right, combine)))
}

/// Operators have no way to return an error.
#[track_caller]
#[allow(
    clippy::panic,
    reason = "documented at `Constant`; every operator has a form that returns the error"
)]
fn or_panic<T>(result: Result<T, ArrayError>) -> T {
    match result {
        Ok(array) => array,
        Err(error) => panic!("{error}"),
    }
}

macro_rules! binary_methods {
    ($($(#[$doc:meta])* $name:ident $try_name:ident $reflected:ident $op:ident -> $out:ty;)*) => {
        impl<T: Arithmetic> Constant<T> {$(
            $(#[$doc])*
            pub fn $try_name(&self, other: impl Operand<T>) -> Result<ArrayD<$out>, ArrayError> {
                try_zip(self, &other, T::$op)
            }
        )*}
    };
}
binary_methods! {
    /// Sum, or the shapes that do not broadcast.
    add try_add radd plus -> T;
    /// Difference, or the shapes that do not broadcast.
    sub try_sub rsub minus -> T;
    /// Product, or the shapes that do not broadcast.
    mul try_mul rmul times -> T;
    /// True division, or the shapes that do not broadcast.
    div try_div rdiv over -> T::Quotient;
    /// Division rounded down, or the shapes that do not broadcast.
    floor_div try_floor_div rfloor_div floor_div -> T;
    /// Remainder with the sign of the divisor, or the shapes that do not broadcast.
    modulo try_modulo rmodulo modulo -> T;
    /// Power, or the shapes that do not broadcast.
    pow try_pow rpow power -> T;
}

macro_rules! named_operators {
    ($($(#[$doc:meta])* $name:ident $reflected:ident $op:ident;)*) => {
        impl<T: Arithmetic> Constant<T> {$(
            $(#[$doc])*
            #[track_caller]
            pub fn $name(&self, other: impl Operand<T>) -> ArrayD<T> {
                or_panic(try_zip(self, &other, T::$op))
            }

            /// The same with the operands exchanged.
            #[track_caller]
            pub fn $reflected(&self, other: impl Operand<T>) -> ArrayD<T> {
                or_panic(try_zip(&other, self, T::$op))
            }
        )*}
    };
}
named_operators! {
    /// Division rounded down, Python's `//`.
    ///
    /// ```
    /// use spark::Constant;
    /// let steps = Constant::from([7, -7]);
    /// assert_eq!(steps.floor_div(2).as_slice(), Some(&[3, -4][..]));
    /// assert_eq!(steps.rfloor_div(100).as_slice(), Some(&[14, -15][..]));
    /// ```
    floor_div rfloor_div floor_div;
    /// Remainder with the sign of the divisor, Python's `%`.
    ///
    /// ```
    /// use spark::Constant;
    /// let phase = Constant::from([7, -7]);
    /// assert_eq!(phase.modulo(3).as_slice(), Some(&[1, 2][..]));
    /// ```
    modulo rmodulo modulo;
    /// Power, Python's `**`.
    ///
    /// ```
    /// use spark::Constant;
    /// let base = Constant::from([2.0, 3.0]);
    /// assert_eq!(base.pow(2.0).as_slice(), Some(&[4.0, 9.0][..]));
    /// assert_eq!(base.rpow(2.0).as_slice(), Some(&[4.0, 8.0][..]));
    /// ```
    pow rpow power;
}

impl<T: Arithmetic> Constant<T> {
    /// Python's unary plus: a copy of the values.
    pub fn pos(&self) -> ArrayD<T> {
        self.array.clone()
    }

    /// Magnitudes.
    pub fn abs(&self) -> ArrayD<T> {
        self.array.mapv(T::magnitude)
    }

    /// Matrix product, Python's `@`: vectors, matrices and stacks of matrices by numpy's rules.
    ///
    /// ```
    /// use spark::Constant;
    /// # fn main() -> Result<(), spark::ArrayError> {
    /// let weights = Constant::from_vec(&[2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
    /// let spikes = Constant::from([1.0, 0.0, 1.0]);
    /// assert_eq!(weights.matmul(&spikes).as_slice(), Some(&[4.0, 10.0][..]));
    /// assert!(weights.try_matmul(Constant::from([1.0, 0.0])).is_err());
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn matmul(&self, other: impl Operand<T>) -> ArrayD<T> {
        or_panic(self.try_matmul(other))
    }

    /// The same with the operands exchanged.
    #[track_caller]
    pub fn rmatmul(&self, other: impl Operand<T>) -> ArrayD<T> {
        or_panic(other.with_view(|other| matmul(&other, &self.array.view())))
    }

    /// Matrix product, or the shapes that have none.
    pub fn try_matmul(&self, other: impl Operand<T>) -> Result<ArrayD<T>, ArrayError> {
        other.with_view(|other| matmul(&self.array.view(), &other))
    }
}

fn matmul<T: Arithmetic>(
    left: &ArrayViewD<'_, T>,
    right: &ArrayViewD<'_, T>,
) -> Result<ArrayD<T>, ArrayError> {
    let mismatch = || ArrayError::Matmul {
        left: left.shape().to_vec(),
        right: right.shape().to_vec(),
    };
    if left.ndim() == 0 || right.ndim() == 0 {
        return Err(mismatch());
    }
    // A vector is a row on the left and a column on the right; the size of 1 goes away in the result.
    let (vector_left, vector_right) = (left.ndim() == 1, right.ndim() == 1);
    let left = if vector_left {
        left.view().insert_axis(ndarray::Axis(0))
    } else {
        left.view()
    };
    let right = if vector_right {
        right.view().insert_axis(ndarray::Axis(1))
    } else {
        right.view()
    };
    let (left_stack, left_matrix) = left.shape().split_at(left.ndim() - 2);
    let (right_stack, right_matrix) = right.shape().split_at(right.ndim() - 2);
    let (rows, inner, columns) = (left_matrix[0], left_matrix[1], right_matrix[1]);
    if inner != right_matrix[0] {
        return Err(mismatch());
    }
    let stack = broadcast_shapes(left_stack, right_stack).map_err(|_| mismatch())?;
    let wide = |rows, columns| [&stack[..], &[rows, columns]].concat();
    let left = left.broadcast(wide(rows, inner)).ok_or_else(mismatch)?;
    let right = right.broadcast(wide(inner, columns)).ok_or_else(mismatch)?;
    let mut result = ArrayD::default(wide(rows, columns));
    for index in ndarray::indices(&stack[..]) {
        let at = |row: usize, column: usize| [index.slice(), &[row, column]].concat();
        for row in 0..rows {
            for column in 0..columns {
                let sum = (0..inner).fold(T::default(), |sum, k| {
                    sum.plus(left[&at(row, k)[..]].times(right[&at(k, column)[..]]))
                });
                result[&at(row, column)[..]] = sum;
            }
        }
    }
    if vector_right {
        result = result.remove_axis_of_one(stack.len() + 1);
    }
    if vector_left {
        result = result.remove_axis_of_one(stack.len());
    }
    Ok(result)
}

trait RemoveAxis {
    fn remove_axis_of_one(self, axis: usize) -> Self;
}

impl<T: Element> RemoveAxis for ArrayD<T> {
    fn remove_axis_of_one(self, axis: usize) -> Self {
        self.index_axis_move(ndarray::Axis(axis), 0)
    }
}

macro_rules! operator {
    ($trait:ident $method:ident $op:ident -> $out:ty; $($scalar:ty => $scalar_out:ty),*) => {
        impl<T: Arithmetic, O: Operand<T>> $trait<O> for &Constant<T> {
            type Output = ArrayD<$out>;
            #[track_caller]
            fn $method(self, other: O) -> Self::Output {
                or_panic(try_zip(self, &other, T::$op))
            }
        }

        impl<T: Arithmetic, O: Operand<T>> $trait<O> for Constant<T> {
            type Output = ArrayD<$out>;
            #[track_caller]
            fn $method(self, other: O) -> Self::Output {
                or_panic(try_zip(&self, &other, T::$op))
            }
        }

        operator!(@reflected [T: Arithmetic] ArrayD<T>, T, $trait $method $op -> $out);
        operator!(@reflected ['a, T: Arithmetic] &'a ArrayD<T>, T, $trait $method $op -> $out);
        $(operator!(@reflected [] $scalar, $scalar, $trait $method $op -> $scalar_out);)*
    };
    (@reflected [$($generics:tt)*] $left:ty, $element:ty, $trait:ident $method:ident $op:ident -> $out:ty) => {
        impl<$($generics)*> $trait<Constant<$element>> for $left {
            type Output = ArrayD<$out>;
            #[track_caller]
            fn $method(self, constant: Constant<$element>) -> Self::Output {
                or_panic(try_zip(&self, &constant, <$element as Arithmetic>::$op))
            }
        }

        impl<'c, $($generics)*> $trait<&'c Constant<$element>> for $left {
            type Output = ArrayD<$out>;
            #[track_caller]
            fn $method(self, constant: &'c Constant<$element>) -> Self::Output {
                or_panic(try_zip(&self, constant, <$element as Arithmetic>::$op))
            }
        }
    };
}
operator!(Add add plus -> T; f32 => f32, f64 => f64, i32 => i32, i64 => i64, u8 => u8, u16 => u16, u32 => u32);
operator!(Sub sub minus -> T; f32 => f32, f64 => f64, i32 => i32, i64 => i64, u8 => u8, u16 => u16, u32 => u32);
operator!(Mul mul times -> T; f32 => f32, f64 => f64, i32 => i32, i64 => i64, u8 => u8, u16 => u16, u32 => u32);
operator!(
    Div div over -> T::Quotient;
    f32 => f32, f64 => f64, i32 => Real, i64 => Real, u8 => Real, u16 => Real, u32 => Real
);

impl<T: Arithmetic> Neg for &Constant<T> {
    type Output = ArrayD<T>;
    fn neg(self) -> ArrayD<T> {
        self.array.mapv(T::negative)
    }
}

impl<T: Arithmetic> Neg for Constant<T> {
    type Output = ArrayD<T>;
    fn neg(self) -> ArrayD<T> {
        -&self
    }
}

/// Truth values are negated, the bits of whole numbers inverted: Python's `~`.
impl<T: Element + Not<Output = T>> Not for &Constant<T> {
    type Output = ArrayD<T>;
    fn not(self) -> ArrayD<T> {
        self.array.mapv(|value| !value)
    }
}

/// Truth values are negated, the bits of whole numbers inverted: Python's `~`.
impl<T: Element + Not<Output = T>> Not for Constant<T> {
    type Output = ArrayD<T>;
    fn not(self) -> ArrayD<T> {
        !&self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice<T: Element>(array: ArrayD<T>) -> Vec<T> {
        array.iter().copied().collect()
    }

    #[test]
    fn operators_take_numbers_arrays_and_constants_on_both_sides() {
        let c: Constant<f32> = Constant::from([1.0, 2.0]);
        let array = Constant::from([10.0f32, 20.0]).into_array();
        assert_eq!(slice(&c + 1.0), [2.0, 3.0]);
        assert_eq!(slice(1.0 - &c), [0.0, -1.0]);
        assert_eq!(slice(&c * &c), [1.0, 4.0]);
        assert_eq!(slice(&array / &c), [10.0, 10.0]);
        assert_eq!(slice(&c / array.clone()), [0.1, 0.1]);
        assert_eq!(slice(array - c.clone()), [9.0, 18.0]);
        assert_eq!(slice(2.0 * c.clone()), [2.0, 4.0]);
        assert_eq!(slice(-&c), [-1.0, -2.0]);
        assert_eq!(slice(Constant::from([-1i32, 2]).abs()), [1, 2]);
        assert_eq!(slice(c.rpow(2.0)), [2.0, 4.0]);
        assert_eq!(slice(c.pow(2.0)), [1.0, 4.0]);
    }

    #[test]
    fn shapes_broadcast_or_are_named() {
        let column = Constant::from_vec(&[2, 1], vec![1i32, 2]).unwrap();
        let row = Constant::from([10, 20, 30]);
        assert_eq!(slice(&column + &row), [11, 21, 31, 12, 22, 32]);
        let text = row.try_add(Constant::from([1, 2])).unwrap_err().to_string();
        assert!(text.contains("[3]") && text.contains("[2]"), "{text}");
    }

    #[test]
    #[should_panic(expected = "do not broadcast")]
    fn operators_panic_in_our_words() {
        let _ = Constant::from([1.0f32, 2.0]) + Constant::from([1.0f32, 2.0, 3.0]);
    }

    #[test]
    fn floor_division_and_remainder_have_the_sign_of_the_divisor() {
        let ints = Constant::from([7i32, -7, 7, -7]);
        let by = Constant::from([2i32, 2, -2, -2]);
        assert_eq!(slice(ints.floor_div(&by)), [3, -4, -4, 3]);
        assert_eq!(slice(ints.modulo(&by)), [1, 1, -1, -1]);
        let floats = Constant::from([7.5f32, -7.5, 7.5, -7.5]);
        let by = Constant::from([2.0f32, 2.0, -2.0, -2.0]);
        assert_eq!(slice(floats.floor_div(&by)), [3.0, -4.0, -4.0, 3.0]);
        assert_eq!(slice(floats.modulo(&by)), [1.5, 0.5, -0.5, -1.5]);
        assert_eq!(slice(Constant::from([2.0f32]).rmodulo(5.0)), [1.0]);
        assert_eq!(slice(Constant::from([2i32]).rfloor_div(5)), [2]);
    }

    #[test]
    fn division_by_zero_is_defined() {
        let quotient = slice(Constant::from([1.0f32, -1.0, 0.0]).floor_div(0.0));
        assert!(quotient[0] == f32::INFINITY && quotient[1] == f32::NEG_INFINITY && quotient[2].is_nan());
        assert!(slice(Constant::from([1.0f32]).modulo(0.0))[0].is_nan());
        assert_eq!(slice(Constant::from([5i32, 0]).floor_div(0)), [-2, -1]);
        assert_eq!(slice(Constant::from([5u8]).floor_div(0)), [255]);
        assert_eq!(slice(Constant::from([5i32]).modulo(0)), [0]);
        assert_eq!(slice(Constant::from([i32::MIN]).floor_div(-1)), [i32::MIN]);
        assert_eq!(slice(Constant::from([1i32]) / 0), [Real::INFINITY]);
    }

    #[test]
    fn true_division_of_whole_numbers_is_real() {
        assert_eq!(slice(Constant::from([1i32, 3]) / 2), [0.5, 1.5]);
        assert_eq!(
            slice(Constant::from([2i32, -1, 1, 5]).pow(Constant::from([3, -3, -3, -1]))),
            [8, -1, 1, 0]
        );
    }

    #[test]
    fn truth_values_and_bits_invert() {
        assert_eq!(slice(!&Constant::from([true, false])), [false, true]);
        assert_eq!(slice(!Constant::from([0u8, 255])), [255, 0]);
    }

    #[test]
    fn matrix_products_follow_numpy() {
        let m = Constant::from_vec(&[2, 3], vec![1i32, 2, 3, 4, 5, 6]).unwrap();
        let v = Constant::from([1, 0, -1]);
        assert_eq!(slice(m.matmul(&v)), [-2, -2]);
        assert_eq!(m.matmul(&v).shape(), [2]);
        assert_eq!(slice(m.rmatmul(Constant::from([1, 1]))), [5, 7, 9]);
        assert_eq!(v.matmul(&v).shape(), [0usize; 0]);
        assert_eq!(slice(m.matmul(m.t().to_owned())), [14, 32, 32, 77]);
        let stack = Constant::from_vec(&[2, 1, 2], vec![1i32, 0, 0, 1]).unwrap();
        assert_eq!(stack.matmul(&m).shape(), [2, 1, 3]);
        assert_eq!(slice(stack.matmul(&m)), [1, 2, 3, 4, 5, 6]);
        let text = m.try_matmul(&m).unwrap_err().to_string();
        assert!(
            text.contains("no matrix product") && text.contains("[2, 3]"),
            "{text}"
        );
        assert!(m.try_matmul(2).is_err());
    }

    #[test]
    fn a_constant_says_what_it_is() {
        let m = Constant::from_vec(&[2, 3], vec![0u16; 6]).unwrap();
        assert_eq!(
            (m.shape(), m.ndim(), m.size(), m.dtype()),
            (&[2, 3][..], 2, 6, Dtype::UInt16)
        );
        assert_eq!(m.t().shape(), [3, 2]);
        let text = serde_json::to_string(&m).unwrap();
        assert_eq!(serde_json::from_str::<Constant<u16>>(&text).unwrap(), m);
    }
}
