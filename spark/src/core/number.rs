//! Numbers that `network!` can check while compiling.

use spark_ir::shape::ConstValue;

use crate::core::units::{GOhm, Hz, Ms, Mv, NSiemens, PAmp, PFarad};

/// A value written in a network, about to be checked.
#[derive(Debug, Clone, Copy)]
pub struct Number<T>(pub T);

/// What `network!` can check while compiling: numbers, quantities and shapes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that `network!` can check",
    note = "put other Rust values in parentheses: `kernel: (MY_KERNEL)`"
)]
pub trait CheckedNumber {}

/// Takes a value that can be checked. Its type must be settled: a constant, or a literal with a suffix.
pub const fn number<T: CheckedNumber>(value: T) -> Number<T> {
    Number(value)
}

macro_rules! checked {
    ($($ty:ty),*) => {$(
        impl CheckedNumber for $ty {}
        impl Number<$ty> {
            /// What the checks see.
            pub const fn known(self) -> ConstValue {
                ConstValue::Number(self.0 as f64)
            }
        }
    )*};
}
checked!(f64, f32, i32, i64, u8, u16, u32, u64, usize);

macro_rules! checked_unit {
    ($($ty:ty),*) => {$(
        impl CheckedNumber for $ty {}
        impl Number<$ty> {
            /// What the checks see.
            pub const fn known(self) -> ConstValue {
                ConstValue::Number(self.0.value())
            }
        }
    )*};
}
checked_unit!(Ms, Mv, Hz, GOhm, PAmp, PFarad, NSiemens);

impl CheckedNumber for bool {}
impl Number<bool> {
    /// What the checks see.
    pub const fn known(self) -> ConstValue {
        ConstValue::Number(if self.0 { 1.0 } else { 0.0 })
    }
}

impl<const N: usize> CheckedNumber for [usize; N] {}
impl<const N: usize> Number<[usize; N]> {
    /// What the checks see.
    pub const fn known(self) -> ConstValue {
        ConstValue::dims(&self.0)
    }
}

impl<const N: usize> CheckedNumber for [i32; N] {}
impl<const N: usize> Number<[i32; N]> {
    /// What the checks see; a shape with a negative size is left to the check of the field.
    pub const fn known(self) -> ConstValue {
        let mut sizes = [0usize; N];
        let mut i = 0;
        while i < N {
            if self.0[i] < 0 {
                return ConstValue::Unknown;
            }
            sizes[i] = self.0[i] as usize;
            i += 1;
        }
        ConstValue::dims(&sizes)
    }
}

impl CheckedNumber for &'static [usize] {}
impl Number<&'static [usize]> {
    /// What the checks see.
    pub const fn known(self) -> ConstValue {
        ConstValue::dims(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_in_const_code() {
        const TAU: ConstValue = number(Ms(8.0)).known();
        const UNITS: ConstValue = number([2usize, 3]).known();
        assert_eq!(TAU, ConstValue::Number(8.0));
        assert_eq!(UNITS, ConstValue::dims(&[2, 3]));
        assert_eq!(number(true).known(), ConstValue::Number(1.0));
        assert_eq!(number([-1i32]).known(), ConstValue::Unknown);
    }
}
