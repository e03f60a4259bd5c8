//! What may be given to a configuration field: `20ms`, `5`, `[1, 2]`, an initializer, ...

use crate::core::array::ArrayD;
use crate::core::config::SparkConfig;
use crate::core::dtype::Dtype;
use crate::core::field::FieldType;
use crate::core::init::{ArrayValue, Init};
use crate::core::initializer::{AnyInitializer, Initializer};
use crate::core::payload::Shape;
use crate::core::units::{GOhm, Hz, Ms, Mv, NSiemens, PAmp, PFarad, Quantity};

/// A value that fits a field of type `T`. A bare number is taken in the field's own unit.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit a field of `{T}`",
    label = "this is `{Self}`, the field takes `{T}`",
    note = "a bare number is taken in the field's own unit; quantities are `Ms` (us, ms, s, min), `Mv` (uV, mV, V), \
            `Hz`, `GOhm`, `PAmp`, `PFarad`, `NSiemens`"
)]
pub trait IntoField<T> {
    /// The value as the field holds it.
    fn into_field(self) -> T;
}

macro_rules! given {
    ($($from:ty => $to:ty: |$value:ident| $result:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoField<$to> for $from {
            fn into_field(self) -> $to {
                let $value = self;
                $result
            }
        }
    )*};
}

macro_rules! numbers {
    ($($from:ty),*) => {$(
        given! {
            $from => f64: |v| v as f64;
            $from => Option<f64>: |v| Some(v as f64);
        }
        #[diagnostic::do_not_recommend]
        impl<Q: Quantity> IntoField<Init<Q>> for $from {
            fn into_field(self) -> Init<Q> {
                Init::Value(Q::new(self as f64))
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Q: Quantity> IntoField<Option<Init<Q>>> for $from {
            fn into_field(self) -> Option<Init<Q>> {
                Some(IntoField::<Init<Q>>::into_field(self))
            }
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<[f64; N]> for [$from; N] {
            fn into_field(self) -> [f64; N] {
                self.map(|v| v as f64)
            }
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<Vec<f64>> for [$from; N] {
            fn into_field(self) -> Vec<f64> {
                self.iter().map(|&v| v as f64).collect()
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoField<[f64; 4]> for ($from, $from, $from, $from) {
            fn into_field(self) -> [f64; 4] {
                [self.0 as f64, self.1 as f64, self.2 as f64, self.3 as f64]
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoField<Vec<f64>> for Vec<$from> {
            fn into_field(self) -> Vec<f64> {
                self.iter().map(|&v| v as f64).collect()
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Q: Quantity, const N: usize> IntoField<Init<Q>> for [$from; N] {
            fn into_field(self) -> Init<Q> {
                Init::Array(ArrayValue::vector(self.iter().map(|&v| v as f64)))
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Q: Quantity, const N: usize, const M: usize> IntoField<Init<Q>> for [[$from; M]; N] {
            fn into_field(self) -> Init<Q> {
                Init::Array(ArrayValue::matrix(N, M, self.iter().flatten().map(|&v| v as f64)))
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Q: Quantity> IntoField<Init<Q>> for Vec<$from> {
            fn into_field(self) -> Init<Q> {
                Init::Array(ArrayValue::vector(self.iter().map(|&v| v as f64)))
            }
        }
    )*};
}
numbers!(i32, i64, usize, u32, u64, f32, f64);

macro_rules! whole_numbers {
    ($($from:ty),*) => {$(
        // A negative size becomes 0, which every validator of sizes refuses.
        given! {
            $from => usize: |v| usize::try_from(v).unwrap_or(0);
            $from => Option<usize>: |v| Some(usize::try_from(v).unwrap_or(0));
            $from => u64: |v| v as u64;
            $from => Option<u64>: |v| Some(v as u64);
            $from => i64: |v| v as i64;
            $from => Option<i64>: |v| Some(v as i64);
            $from => Shape: |v| Shape::from(usize::try_from(v).unwrap_or(0));
            Vec<$from> => Shape: |v| v.iter().map(|&size| usize::try_from(size).unwrap_or(0)).collect();
            Vec<$from> => Vec<usize>: |v| v.iter().map(|&size| usize::try_from(size).unwrap_or(0)).collect();
            Vec<$from> => Option<Vec<usize>>: |v| Some(IntoField::<Vec<usize>>::into_field(v));
            $from => bool: |v| v != 0;
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<Shape> for [$from; N] {
            fn into_field(self) -> Shape {
                self.iter().map(|&size| usize::try_from(size).unwrap_or(0)).collect()
            }
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<Vec<usize>> for [$from; N] {
            fn into_field(self) -> Vec<usize> {
                self.iter().map(|&size| usize::try_from(size).unwrap_or(0)).collect()
            }
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<Option<Vec<usize>>> for [$from; N] {
            fn into_field(self) -> Option<Vec<usize>> {
                Some(IntoField::<Vec<usize>>::into_field(self))
            }
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<Option<ArrayValue>> for [$from; N] {
            fn into_field(self) -> Option<ArrayValue> {
                Some(ArrayValue::vector(self.iter().map(|&v| v as f64)).of_type(Dtype::Int32))
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoField<Option<ArrayValue>> for Vec<$from> {
            fn into_field(self) -> Option<ArrayValue> {
                Some(ArrayValue::vector(self.iter().map(|&v| v as f64)).of_type(Dtype::Int32))
            }
        }
    )*};
}
whole_numbers!(i32, i64, usize, u32, u64);

macro_rules! quantities {
    ($($unit:ty),*) => {$(
        quantities!(@numbers $unit: i32, i64, usize, u32, u64, f32, f64);
        given! {
            $unit => $unit: |v| v;
            $unit => Option<$unit>: |v| Some(v);
            $unit => Init<$unit>: |v| Init::Value(v);
            $unit => Option<Init<$unit>>: |v| Some(Init::Value(v));
            Vec<$unit> => Init<$unit>: |v| Init::Array(ArrayValue::vector(v.iter().map(|q| q.value())));
            Vec<$unit> => Vec<$unit>: |v| v;
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<Init<$unit>> for [$unit; N] {
            fn into_field(self) -> Init<$unit> {
                Init::Array(ArrayValue::vector(self.iter().map(|q| q.value())))
            }
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<[$unit; N]> for [$unit; N] {
            fn into_field(self) -> [$unit; N] {
                self
            }
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<Vec<$unit>> for [$unit; N] {
            fn into_field(self) -> Vec<$unit> {
                self.to_vec()
            }
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize, const M: usize> IntoField<Init<$unit>> for [[$unit; M]; N] {
            fn into_field(self) -> Init<$unit> {
                Init::Array(ArrayValue::matrix(N, M, self.iter().flatten().map(|q| q.value())))
            }
        }
    )*};
    (@numbers $unit:ty: $($number:ty),*) => {$(
        given! {
            $number => $unit: |v| Quantity::new(v as f64);
            $number => Option<$unit>: |v| Some(Quantity::new(v as f64));
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<[$unit; N]> for [$number; N] {
            fn into_field(self) -> [$unit; N] {
                self.map(|v| Quantity::new(v as f64))
            }
        }
        #[diagnostic::do_not_recommend]
        impl<const N: usize> IntoField<Vec<$unit>> for [$number; N] {
            fn into_field(self) -> Vec<$unit> {
                self.iter().map(|&v| Quantity::new(v as f64)).collect()
            }
        }
    )*};
}
quantities!(Ms, Mv, Hz, GOhm, PAmp, PFarad, NSiemens);

given! {
    bool => bool: |v| v;
    bool => Option<bool>: |v| Some(v);
    bool => Init<f64>: |v| Init::Value(f64::from(u8::from(v)));
    bool => f64: |v| f64::from(u8::from(v));
    String => String: |v| v;
    &str => String: |v| v.to_owned();
    &str => Option<String>: |v| Some(v.to_owned());
    String => Option<String>: |v| Some(v);
    Dtype => Dtype: |v| v;
    Shape => Shape: |v| v;
    &Shape => Shape: |v| v.clone();
    &[usize] => Shape: |v| Shape::from(v);
    ArrayValue => Option<ArrayValue>: |v| Some(v);
    ArrayValue => ArrayValue: |v| v;
    AnyInitializer => AnyInitializer: |v| v;
}

#[diagnostic::do_not_recommend]
impl<T: FieldType> IntoField<Option<T>> for Option<T> {
    fn into_field(self) -> Option<T> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<C: SparkConfig> IntoField<C> for C {
    fn into_field(self) -> C {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity, I: Initializer> IntoField<Init<Q>> for I {
    fn into_field(self) -> Init<Q> {
        Init::Initializer(self.into())
    }
}

#[diagnostic::do_not_recommend]
impl<I: Initializer> IntoField<AnyInitializer> for I {
    fn into_field(self) -> AnyInitializer {
        self.into()
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoField<Init<Q>> for AnyInitializer {
    fn into_field(self) -> Init<Q> {
        Init::Initializer(self)
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoField<Init<Q>> for Init<Q> {
    fn into_field(self) -> Init<Q> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoField<Init<Q>> for ArrayValue {
    fn into_field(self) -> Init<Q> {
        Init::Array(self)
    }
}

macro_rules! arrays {
    ($($element:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Q: Quantity> IntoField<Init<Q>> for ArrayD<$element> {
            fn into_field(self) -> Init<Q> {
                Init::Array(ArrayValue::from(self))
            }
        }
    )*};
}
arrays!(f32, f64, i32, u8);
