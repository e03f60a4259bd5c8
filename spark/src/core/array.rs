//! Arrays: the element types, and numpy's broadcasting rule.

use std::fmt::Debug;

use ndarray::{ArrayViewD, IxDyn};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::core::dtype::Dtype;
use crate::core::error::ArrayError;
use crate::core::state::StateArray;

pub use ndarray::ArrayD;

/// The number that models are computed in.
#[cfg(not(spark_f64))]
pub type Real = f32;
/// The number that models are computed in.
#[cfg(spark_f64)]
pub type Real = f64;

/// What an array may hold.
pub trait Element:
    Copy + Default + PartialEq + Debug + Send + Sync + Serialize + DeserializeOwned + 'static
{
    /// Its name in files.
    const DTYPE: Dtype;
    /// The array as an entry of a state.
    fn into_state(array: ArrayD<Self>) -> StateArray;
    /// The array of an entry, or the entry itself if it holds something else.
    fn from_state(entry: StateArray) -> Result<ArrayD<Self>, StateArray>;
}

macro_rules! element {
    ($($ty:ty => $variant:ident),* $(,)?) => {$(
        impl Element for $ty {
            const DTYPE: Dtype = Dtype::$variant;
            fn into_state(array: ArrayD<Self>) -> StateArray {
                StateArray::$variant(array)
            }
            fn from_state(entry: StateArray) -> Result<ArrayD<Self>, StateArray> {
                match entry {
                    StateArray::$variant(array) => Ok(array),
                    other => Err(other),
                }
            }
        }
    )*};
}
element! {
    f32 => Float32, f64 => Float64, u8 => UInt8, u16 => UInt16, u32 => UInt32, u64 => UInt64,
    i32 => Int32, i64 => Int64, bool => Bool,
}

/// An array without elements: what is left where an array was moved out.
pub(crate) fn hollow<T: Element>() -> ArrayD<T> {
    ArrayD::default(IxDyn(&[0]))
}

/// The same array with its elements in C order.
pub(crate) fn standard<T: Element>(array: ArrayD<T>) -> ArrayD<T> {
    if array.is_standard_layout() {
        array
    } else {
        array.as_standard_layout().into_owned()
    }
}

/// An array of zeros.
pub fn zeros<T: Element>(shape: &[usize]) -> ArrayD<T> {
    ArrayD::default(IxDyn(shape))
}

/// An array from its elements in C order.
pub fn array_from_vec<T: Element>(shape: &[usize], data: Vec<T>) -> Result<ArrayD<T>, ArrayError> {
    let count = shape.iter().copied().fold(1usize, usize::saturating_mul);
    if count != data.len() {
        return Err(ArrayError::Count {
            shape: shape.to_vec(),
            expected: count,
            found: data.len(),
        });
    }
    ArrayD::from_shape_vec(IxDyn(shape), data).map_err(|_| ArrayError::TooLarge {
        shape: shape.to_vec(),
    })
}

/// The shape that two shapes broadcast to: numpy's rule. Sizes are compared from the last one on; a size of 1 and a
/// missing size fit every other.
pub fn broadcast_shapes(left: &[usize], right: &[usize]) -> Result<Vec<usize>, ArrayError> {
    let ndim = left.len().max(right.len());
    let size = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(ndim).map_or(1, |i| shape[i]);
    (0..ndim)
        .map(|axis| match (size(left, axis), size(right, axis)) {
            (a, b) if a == b => Ok(a),
            (1, b) => Ok(b),
            (a, 1) => Ok(a),
            _ => Err(ArrayError::Broadcast {
                left: left.to_vec(),
                right: right.to_vec(),
            }),
        })
        .collect()
}

/// Combines two arrays element by element, under numpy's broadcasting rule.
pub fn zip_broadcast<A: Element, B: Element>(
    left: &ArrayViewD<'_, A>,
    right: &ArrayViewD<'_, A>,
    combine: impl Fn(A, A) -> B,
) -> Result<ArrayD<B>, ArrayError> {
    let shape = broadcast_shapes(left.shape(), right.shape())?;
    let mismatch = || ArrayError::Broadcast {
        left: left.shape().to_vec(),
        right: right.shape().to_vec(),
    };
    let left_wide = left.broadcast(IxDyn(&shape)).ok_or_else(mismatch)?;
    let right_wide = right.broadcast(IxDyn(&shape)).ok_or_else(mismatch)?;
    let data = left_wide
        .iter()
        .zip(right_wide.iter())
        .map(|(&a, &b)| combine(a, b))
        .collect();
    array_from_vec(&shape, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_broadcast_from_the_last_axis_on() {
        assert_eq!(broadcast_shapes(&[4, 1, 3], &[2, 1]).unwrap(), vec![4, 2, 3]);
        assert_eq!(broadcast_shapes(&[], &[5]).unwrap(), vec![5]);
        let message = broadcast_shapes(&[2, 3], &[2]).unwrap_err().to_string();
        assert!(message.contains("[2, 3]") && message.contains("[2]"), "{message}");
    }

    #[test]
    fn an_array_needs_as_many_elements_as_its_shape_says() {
        let message = array_from_vec(&[2, 2], vec![1.0f32]).unwrap_err().to_string();
        assert!(message.contains("4") && message.contains("1"), "{message}");
    }
}
