//! Arrays of a state as tensors of a file: little-endian, in C order.

use std::borrow::Cow;

use safetensors::Dtype;
use safetensors::tensor::{TensorView, View};

use crate::core::array::array_from_vec;
use crate::core::state::StateArray;

/// An array of a state, to be written.
pub(super) struct Tensor<'a>(pub(super) &'a StateArray);

impl View for Tensor<'_> {
    fn dtype(&self) -> Dtype {
        dtype(self.0)
    }

    fn shape(&self) -> &[usize] {
        self.0.shape()
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Owned(bytes(self.0))
    }

    fn data_len(&self) -> usize {
        self.0.shape().iter().product::<usize>() * dtype(self.0).bitsize() / 8
    }
}

macro_rules! numbers {
    ($($variant:ident $ty:ty => $dtype:ident),* $(,)?) => {
        fn dtype(array: &StateArray) -> Dtype {
            match array {
                $(StateArray::$variant(_) => Dtype::$dtype,)*
                StateArray::Bool(_) => Dtype::BOOL,
            }
        }

        fn bytes(array: &StateArray) -> Vec<u8> {
            match array {
                $(StateArray::$variant(array) => {
                    let mut bytes = Vec::with_capacity(array.len() * size_of::<$ty>());
                    array.iter().for_each(|item| bytes.extend_from_slice(&item.to_le_bytes()));
                    bytes
                })*
                StateArray::Bool(array) => array.iter().map(|&item| u8::from(item)).collect(),
            }
        }

        /// The array of a tensor; what it holds that a state cannot hold.
        pub(super) fn array(tensor: &TensorView<'_>) -> Result<StateArray, String> {
            let array = match tensor.dtype() {
                $(Dtype::$dtype => {
                    let (items, _) = tensor.data().as_chunks::<{ size_of::<$ty>() }>();
                    let items = items.iter().map(|item| <$ty>::from_le_bytes(*item));
                    array_from_vec(tensor.shape(), items.collect()).map(StateArray::from)
                })*
                Dtype::BOOL => {
                    if let Some(byte) = tensor.data().iter().find(|byte| **byte > 1) {
                        return Err(format!("the byte {byte} as a truth value"));
                    }
                    let items = tensor.data().iter().map(|byte| *byte == 1);
                    array_from_vec(tensor.shape(), items.collect()).map(StateArray::from)
                }
                other => return Err(format!("numbers of type {other}")),
            };
            array.map_err(|error| error.to_string())
        }
    };
}
numbers! {
    Float32 f32 => F32, Float64 f64 => F64, UInt8 u8 => U8, UInt16 u16 => U16, UInt32 u32 => U32, UInt64 u64 => U64,
    Int32 i32 => I32, Int64 i64 => I64,
}
