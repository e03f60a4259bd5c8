//! Payloads with one value per element.

use ndarray::{ArrayView1, ArrayViewD, ArrayViewMutD, IxDyn};
use spark_ir::table::PayloadTable;

use super::mask::Mask;
use super::{Concat, Shape, SparkPayload};
use crate::core::array::{ArrayD, Element, Real, array_from_vec, standard};
use crate::core::dtype::Dtype;
use crate::core::error::ArrayError;
use crate::core::state::{StateReader, StateValue, StateVisitor};

/// Copies flattened slices one after the other; `into` holds as many elements as all of them.
pub(super) fn copy_all<'a, T: Element>(mut into: &mut [T], parts: impl Iterator<Item = &'a [T]>) {
    for part in parts {
        let (head, tail) = into.split_at_mut(part.len());
        head.copy_from_slice(part);
        into = tail;
    }
}

macro_rules! common {
    ($name:ident, $element:ty, $key:literal, $doc:literal) => {
        impl $name {
            /// From an array.
            pub fn new(array: ArrayD<$element>) -> Self {
                let array = standard(array);
                Self::from_standard(Shape::from(array.shape()), array)
            }

            /// From elements in C order.
            pub fn from_vec(shape: impl Into<Shape>, data: Vec<$element>) -> Result<Self, ArrayError> {
                let shape = shape.into();
                let array = array_from_vec(&shape, data)?;
                Ok(Self::from_standard(shape, array))
            }

            /// The payload of this shape with the same value everywhere.
            pub fn filled(shape: impl Into<Shape>, value: $element) -> Self {
                let shape = shape.into();
                let array = ArrayD::from_elem(IxDyn(&shape), value);
                Self::from_standard(shape, array)
            }

            /// Its shape.
            pub fn shape(&self) -> &Shape {
                &self.shape
            }

            /// The values.
            pub fn array(&self) -> &ArrayD<$element> {
                &self.array
            }

            /// The values.
            pub fn view(&self) -> ArrayViewD<'_, $element> {
                self.array.view()
            }

            /// The values in C order.
            pub fn as_slice(&self) -> &[$element] {
                // The layout is standard from construction on, so there always is a slice.
                self.array.as_slice().unwrap_or_default()
            }

            /// Gives the values up.
            pub fn into_array(self) -> ArrayD<$element> {
                self.array
            }
        }

        impl From<ArrayD<$element>> for $name {
            fn from(array: ArrayD<$element>) -> Self {
                $name::new(array)
            }
        }

        impl From<Vec<$element>> for $name {
            fn from(values: Vec<$element>) -> Self {
                $name::new(ndarray::Array1::from_vec(values).into_dyn())
            }
        }

        impl<const N: usize> From<[$element; N]> for $name {
            fn from(values: [$element; N]) -> Self {
                $name::from(values.to_vec())
            }
        }

        impl From<ArrayView1<'_, $element>> for $name {
            fn from(values: ArrayView1<'_, $element>) -> Self {
                $name::new(values.to_owned().into_dyn())
            }
        }

        impl $name {
            const PAYLOAD: PayloadTable = PayloadTable {
                name: stringify!($name),
                key: $key,
                origin: module_path!(),
                concatenates: true,
                doc: $doc,
            };
        }
    };
}

/// How the values of a payload are changed and put together.
macro_rules! changeable {
    ($name:ident, $element:ty) => {
        impl $name {
            /// The values, to be changed.
            pub fn view_mut(&mut self) -> ArrayViewMutD<'_, $element> {
                self.array.view_mut()
            }

            /// The values in C order, to be changed.
            pub fn as_mut_slice(&mut self) -> &mut [$element] {
                self.array.as_slice_mut().unwrap_or_default()
            }

            /// Gives every element the same value.
            pub fn fill(&mut self, value: $element) {
                self.array.fill(value);
            }
        }

        impl StateValue for $name {
            fn save(&self, reader: &mut StateReader<'_>) {
                reader.array("", &self.array);
            }
            fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
                visitor.array("", &mut self.array);
            }
        }

        impl Concat for $name {
            fn concat_into(into: &mut Self, parts: &[&Self]) {
                let total: usize = parts.iter().map(|part| part.array.len()).sum();
                if into.array.len() != total {
                    *into = $name::zeros(&Shape::from(total));
                }
                copy_all(
                    into.as_mut_slice(),
                    parts.iter().map(|part| part.as_slice()),
                );
            }
        }
    };
}

macro_rules! value_payload {
    ($name:ident, $element:ty, $key:literal, $doc:literal, $example:literal) => {
        #[doc = $doc]
        ///
        /// ```
        #[doc = concat!("use spark::{", stringify!($name), ", Shape};")]
        /// # fn main() -> Result<(), spark::ArrayError> {
        #[doc = concat!("let values = ", stringify!($name), "::from_vec([2, 1], vec!", $example, ")?;")]
        /// assert_eq!(values.shape(), &Shape::from([2, 1]));
        #[doc = concat!("assert_eq!(values.as_slice(), ", $example, ");")]
        #[doc = concat!("assert_eq!(", stringify!($name), "::from(", $example, ").shape(), &Shape::from(2));")]
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            shape: Shape,
            array: ArrayD<$element>,
        }

        common!($name, $element, $key, $doc);

        impl $name {
            fn from_standard(shape: Shape, array: ArrayD<$element>) -> Self {
                $name { shape, array }
            }
        }

        changeable!($name, $element);

        #[diagnostic::do_not_recommend]
        impl SparkPayload for $name {
            const TABLE: &'static PayloadTable = &Self::PAYLOAD;

            fn gather(into: &mut Self, parts: &[&Self]) {
                Self::concat_into(into, parts);
            }

            fn zeros(shape: &Shape) -> Self {
                $name::filled(shape.clone(), <$element>::default())
            }
            fn shape(&self) -> &Shape {
                &self.shape
            }
            fn dtype(&self) -> Dtype {
                <$element as Element>::DTYPE
            }
            fn clear(&mut self) {
                self.fill(<$element>::default());
            }
            fn latch(&mut self, newer: &Self) {
                if self.shape == newer.shape {
                    self.as_mut_slice().copy_from_slice(newer.as_slice());
                } else {
                    *self = newer.clone();
                }
            }
        }
    };
}

value_payload!(
    CurrentArray,
    Real,
    "current_array",
    "Currents, in pA unless a module says otherwise.",
    "[120.0, -35.5]"
);
value_payload!(
    PotentialArray,
    Real,
    "potential_array",
    "Membrane potentials, in mV.",
    "[-60.0, -52.5]"
);
value_payload!(IntegerArray, i32, "integer_array", "Whole numbers.", "[3, -4]");
value_payload!(
    IntegerMask,
    i32,
    "integer_mask",
    "A mask of whole numbers.",
    "[1, 0]"
);

/// A mask of truth values, such as which units are inhibitory. It is read often and changed rarely: a [`Mask`] handle
/// travels with it, so that who reads it every step sees at once whether it changed.
///
/// ```
/// use spark::BooleanMask;
/// let mut inhibitory = BooleanMask::from([false, true]);
/// let seen = inhibitory.mask().clone();
/// inhibitory.edit(|units| units[0] = true);
/// assert!(!inhibitory.mask().same(&seen));
/// assert_eq!(inhibitory.as_slice(), [true, true]);
/// ```
#[derive(Debug, Clone)]
pub struct BooleanMask {
    shape: Shape,
    array: ArrayD<bool>,
    mask: Mask,
    /// Versions and lengths of the masks that it was concatenated from.
    sources: Vec<(u64, usize)>,
}

common!(
    BooleanMask,
    bool,
    "boolean_mask",
    "Truth values, such as which units are inhibitory."
);

impl BooleanMask {
    fn from_standard(shape: Shape, array: ArrayD<bool>) -> Self {
        let mask = Mask::from(&array);
        BooleanMask {
            shape,
            array,
            mask,
            sources: Vec::new(),
        }
    }

    /// The mask as a handle.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Changes the values in C order.
    pub fn edit(&mut self, change: impl FnOnce(&mut [bool])) {
        change(self.array.as_slice_mut().unwrap_or_default());
        self.renew();
    }

    /// A new handle, if the values are no longer those of the old one.
    fn renew(&mut self) {
        self.sources.clear();
        if !self.mask.iter().eq(self.array.iter().copied()) {
            self.mask = Mask::from(&self.array);
        }
    }
}

impl PartialEq for BooleanMask {
    fn eq(&self, other: &Self) -> bool {
        self.array == other.array
    }
}

impl StateValue for BooleanMask {
    fn save(&self, reader: &mut StateReader<'_>) {
        reader.array("", &self.array);
    }
    fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
        let load = |mask: &mut BooleanMask, array: ArrayD<bool>| {
            mask.array = standard(array);
            mask.renew();
        };
        visitor.value(
            "",
            self,
            |mask| std::mem::replace(&mut mask.array, crate::core::array::hollow()),
            load,
        );
    }
}

#[diagnostic::do_not_recommend]
impl SparkPayload for BooleanMask {
    const TABLE: &'static PayloadTable = &Self::PAYLOAD;

    fn gather(into: &mut Self, parts: &[&Self]) {
        Self::concat_into(into, parts);
    }

    fn zeros(shape: &Shape) -> Self {
        BooleanMask::filled(shape.clone(), false)
    }
    fn shape(&self) -> &Shape {
        &self.shape
    }
    fn dtype(&self) -> Dtype {
        Dtype::Bool
    }
    fn clear(&mut self) {
        if self.mask.any() {
            self.edit(|bits| bits.fill(false));
        }
    }
    fn latch(&mut self, newer: &Self) {
        if self.shape != newer.shape {
            *self = newer.clone();
        } else if !self.mask.same(&newer.mask) {
            copy_all(
                self.array.as_slice_mut().unwrap_or_default(),
                [newer.as_slice()].into_iter(),
            );
            self.mask = newer.mask.clone();
            self.sources.clear();
        }
    }
}

impl Concat for BooleanMask {
    fn concat_into(into: &mut Self, parts: &[&Self]) {
        let versions = || parts.iter().map(|part| (part.mask.version(), part.mask.len()));
        if into.sources.iter().copied().eq(versions()) {
            return;
        }
        let total: usize = parts.iter().map(|part| part.array.len()).sum();
        if into.array.len() != total {
            *into = BooleanMask::zeros(&Shape::from(total));
        }
        into.edit(|bits| copy_all(bits, parts.iter().map(|part| part.as_slice())));
        into.sources.extend(versions());
    }
}

#[cfg(test)]
mod tests {
    use super::super::FloatArray;
    use super::*;
    use ndarray::array;

    #[test]
    fn values_are_in_c_order_whatever_array_they_come_from() {
        let payload = FloatArray::new(array![[1.0, 2.0], [3.0, 4.0]].reversed_axes().into_dyn());
        assert_eq!(payload.as_slice(), [1.0, 3.0, 2.0, 4.0]);
        assert_eq!(payload.shape(), &Shape::from([2, 2]));
        assert_eq!(
            FloatArray::from_vec([2, 2], vec![1.0, 3.0, 2.0, 4.0]).unwrap(),
            payload
        );
        assert!(FloatArray::from_vec([3], vec![1.0]).is_err());
    }

    #[test]
    fn parts_concatenate_flattened_and_in_order() {
        let matrix = IntegerArray::from_vec([2, 2], vec![1, 2, 3, 4]).unwrap();
        let mut all = IntegerArray::zeros(&Shape::from(5));
        IntegerArray::concat_into(&mut all, &[&matrix, &IntegerArray::from([5])]);
        assert_eq!(all.as_slice(), [1, 2, 3, 4, 5]);
        IntegerArray::concat_into(&mut all, &[&matrix]);
        assert_eq!(all.as_slice(), [1, 2, 3, 4]);
    }

    #[test]
    fn a_latch_takes_values_over_in_place() {
        let mut old = CurrentArray::zeros(&Shape::from(2));
        let address = old.as_slice().as_ptr();
        old.latch(&CurrentArray::from([1.0, 2.0]));
        assert_eq!(old.as_slice(), [1.0, 2.0]);
        assert_eq!(old.as_slice().as_ptr(), address);
        old.latch(&CurrentArray::from([1.0]));
        assert_eq!(old.shape(), &Shape::from(1));
    }

    #[test]
    fn a_mask_keeps_its_handle_until_it_changes() {
        let mut mask = BooleanMask::from([true, false]);
        let handle = mask.mask().clone();
        mask.edit(|bits| bits[0] = true);
        assert!(mask.mask().same(&handle));
        mask.edit(|bits| bits[1] = true);
        assert!(!mask.mask().same(&handle));
        assert_eq!(mask.mask().to_vec(), [true, true]);
        let mut latched = BooleanMask::zeros(&Shape::from(2));
        latched.latch(&mask);
        assert!(latched.mask().same(mask.mask()));
        assert_eq!(latched, mask);
    }

    #[test]
    fn concatenated_masks_are_rebuilt_only_when_one_changes() {
        let (mut a, b) = (BooleanMask::from([true]), BooleanMask::from([false, true]));
        let mut all = BooleanMask::zeros(&Shape::from(3));
        BooleanMask::concat_into(&mut all, &[&a, &b]);
        let handle = all.mask().clone();
        BooleanMask::concat_into(&mut all, &[&a, &b]);
        assert!(all.mask().same(&handle));
        a.clear();
        BooleanMask::concat_into(&mut all, &[&a, &b]);
        assert_eq!(all.as_slice(), [false, false, true]);
    }
}
