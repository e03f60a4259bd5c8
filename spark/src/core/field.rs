//! Values of configuration fields: how each is written into files, read back, checked and given.

use std::any::Any;
use std::borrow::Cow;
use std::fmt::Debug;

use serde_json::{Value, json};
use spark_ir::shape::ConstValue;
use spark_ir::table::ConfigTable;

use crate::core::config::{SparkConfig, read_tagged, to_tagged, unknown_keys};
use crate::core::dtype::Dtype;
use crate::core::error::Problem;
use crate::core::payload::Shape;
use crate::core::rng::Key;
use crate::core::units::{GOhm, Hz, Ms, Mv, NSiemens, PAmp, PFarad, Quantity};

pub use crate::core::convert::IntoField;
pub use crate::core::init::{ArrayValue, Init};
pub use crate::core::initializer::AnyInitializer;

/// Units of a population: a shape. Empty means "not said"; a neuron hands its own down.
pub type Units = Shape;

/// What a validator sees of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldView<'a> {
    /// Nothing: `None`, or a field that was not given.
    Unset,
    /// One number, or all numbers of an array.
    Numbers(Cow<'a, [f64]>),
    /// A text.
    Text(&'a str),
    /// An initializer: what it draws is checked when it is drawn.
    Drawn,
    /// Something that is no number, such as a nested configuration.
    Other,
}

impl FieldView<'_> {
    /// All numbers; none if there are none to be seen.
    pub fn numbers(&self) -> &[f64] {
        match self {
            FieldView::Numbers(numbers) => numbers,
            _ => &[],
        }
    }

    fn number(value: f64) -> Self {
        FieldView::Numbers(Cow::Owned(vec![value]))
    }
}

/// A value of a configuration field, its type known at run time only.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of a configuration field",
    label = "files cannot hold it",
    note = "there are f64, usize, u64, i64, bool, String, the quantities (Ms, Mv, Hz, ..), Units, Dtype, Init<..>, \
            Option<..>, [f64; N], Vec<..> and configurations"
)]
pub trait FieldValue: Any + Debug + Send + Sync {
    /// As files hold it.
    fn to_json(&self) -> Value;
    /// Reads what a file holds; what does not fit is added to `problems` and changes nothing.
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>);
    /// What validators see.
    fn view(&self) -> FieldView<'_>;
    /// Whether two values are equal; not given equals not given.
    fn same(&self, other: &dyn FieldValue) -> bool;
    /// Whether this value is what `raw` in a file says: then `raw` is written back, digit for digit.
    fn written_as(&self, raw: &Value) -> bool;

    /// Whether it was not given.
    fn is_unset(&self) -> bool {
        false
    }
    /// The value, if it is a number or a shape.
    fn known(&self) -> ConstValue {
        ConstValue::Unknown
    }
    /// The configuration, if the value is one.
    fn nested(&self) -> Option<&dyn crate::core::config::DynConfig> {
        None
    }
    /// The configuration, if the value is one.
    fn nested_mut(&mut self) -> Option<&mut dyn crate::core::config::DynConfig> {
        None
    }
}

/// A type that a configuration field may have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of a configuration field",
    label = "files cannot hold it",
    note = "there are f64, usize, u64, i64, bool, String, the quantities (Ms, Mv, Hz, ..), Units, Dtype, Init<..>, \
            Option<..>, [f64; N], Vec<..> and configurations"
)]
pub trait FieldType: FieldValue + Clone + PartialEq + Sized {
    /// The unit of a bare number.
    const UNIT: &'static str = "";
    /// The fields of a nested configuration.
    const NESTED: Option<&'static ConfigTable> = None;
    /// The value of a required field before it is given.
    fn unset() -> Self;
}

/// Whether `field` is a `T` equal to `value`, or both were not given.
fn same<T: FieldType>(value: &T, other: &dyn FieldValue) -> bool {
    let other: &dyn Any = other;
    other
        .downcast_ref::<T>()
        .is_some_and(|other| value == other || (value.is_unset() && other.is_unset()))
}

/// Whether reading `raw` gives `value`.
fn written_as<T: FieldType>(value: &T, raw: &Value) -> bool {
    let mut read = T::unset();
    let mut problems = Vec::new();
    read.read_json(raw, "", &mut problems);
    problems.is_empty() && same(value, &read)
}

/// A short form of a JSON value for messages.
pub(crate) fn excerpt(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}

pub(crate) fn misfit(pointer: &str, expected: &str, found: &Value) -> Problem {
    Problem::new(pointer, "SPK090: the value has the wrong type")
        .expected(expected)
        .found(excerpt(found))
}

macro_rules! same_and_written {
    () => {
        fn same(&self, other: &dyn FieldValue) -> bool {
            same(self, other)
        }
        fn written_as(&self, raw: &Value) -> bool {
            written_as(self, raw)
        }
    };
}

/// Equality as [`FieldValue::same`] wants it, for field types of other rooms.
pub(crate) fn same_value<T: FieldType>(value: &T, other: &dyn FieldValue) -> bool {
    same(value, other)
}

/// See [`FieldValue::written_as`], for field types of other rooms.
pub(crate) fn written_value<T: FieldType>(value: &T, raw: &Value) -> bool {
    written_as(value, raw)
}

macro_rules! quantity {
    ($($ty:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl FieldValue for $ty {
            same_and_written!();
            fn to_json(&self) -> Value {
                json!(Quantity::value(*self))
            }
            fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
                match value.as_f64() {
                    Some(number) => *self = Quantity::new(number),
                    None => problems.push(misfit(pointer, "a number", value)),
                }
            }
            fn view(&self) -> FieldView<'_> {
                if self.is_unset() { FieldView::Unset } else { FieldView::number(Quantity::value(*self)) }
            }
            fn is_unset(&self) -> bool {
                Quantity::value(*self).is_nan()
            }
            fn known(&self) -> ConstValue {
                if self.is_unset() { ConstValue::Unknown } else { ConstValue::Number(Quantity::value(*self)) }
            }
        }
        impl FieldType for $ty {
            const UNIT: &'static str = <$ty as Quantity>::UNIT;
            fn unset() -> Self {
                Quantity::new(f64::NAN)
            }
        }
    )*};
}
quantity!(f64, Ms, Mv, Hz, GOhm, PAmp, PFarad, NSiemens);

/// A whole number, as Python's JSON may write it: `3` or `3.0`.
fn whole(value: &Value) -> Option<i128> {
    let integer = value
        .as_i64()
        .map(i128::from)
        .or_else(|| value.as_u64().map(i128::from));
    integer.or_else(|| {
        value
            .as_f64()
            .filter(|number| number.fract() == 0.0 && number.abs() < 1e15)
            .map(|n| n as i128)
    })
}

macro_rules! whole {
    ($($ty:ty: $read:expr, $unset:expr, $what:literal;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl FieldValue for $ty {
            same_and_written!();
            fn to_json(&self) -> Value {
                json!(*self)
            }
            fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
                let read: fn(i128) -> Option<$ty> = $read;
                match whole(value).and_then(read) {
                    Some(number) => *self = number,
                    None => problems.push(misfit(pointer, $what, value)),
                }
            }
            fn view(&self) -> FieldView<'_> {
                if self.is_unset() { FieldView::Unset } else { FieldView::number(*self as f64) }
            }
            fn is_unset(&self) -> bool {
                let unset: Option<$ty> = $unset;
                unset == Some(*self)
            }
            fn known(&self) -> ConstValue {
                if self.is_unset() { ConstValue::Unknown } else { ConstValue::Number(*self as f64) }
            }
        }
        impl FieldType for $ty {
            fn unset() -> Self {
                0
            }
        }
    )*};
}
whole! {
    usize: |n| usize::try_from(n).ok(), Some(0), "a whole number";
    // Seeds: the Python package takes negative ones, whose low 32 bits count.
    u64: |n| u64::try_from(n).ok().or_else(|| i64::try_from(n).ok().map(|n| n as u64)), None, "a whole number";
    i64: |n| i64::try_from(n).ok(), None, "a whole number";
}

#[diagnostic::do_not_recommend]
impl FieldValue for bool {
    same_and_written!();
    fn to_json(&self) -> Value {
        json!(*self)
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        match (value, whole(value)) {
            (Value::Bool(flag), _) => *self = *flag,
            (_, Some(0)) => *self = false,
            (_, Some(1)) => *self = true,
            _ => problems.push(misfit(pointer, "true or false", value)),
        }
    }
    fn view(&self) -> FieldView<'_> {
        FieldView::number(f64::from(u8::from(*self)))
    }
    fn known(&self) -> ConstValue {
        ConstValue::Number(f64::from(u8::from(*self)))
    }
}
impl FieldType for bool {
    fn unset() -> Self {
        false
    }
}

#[diagnostic::do_not_recommend]
impl FieldValue for String {
    same_and_written!();
    fn to_json(&self) -> Value {
        json!(self)
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        match value.as_str() {
            Some(text) => text.clone_into(self),
            None => problems.push(misfit(pointer, "a text", value)),
        }
    }
    fn view(&self) -> FieldView<'_> {
        if self.is_empty() {
            FieldView::Unset
        } else {
            FieldView::Text(self)
        }
    }
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}
impl FieldType for String {
    fn unset() -> Self {
        String::new()
    }
}

#[diagnostic::do_not_recommend]
impl FieldValue for Dtype {
    same_and_written!();
    fn to_json(&self) -> Value {
        json!({"__type__": "dtype", "name": self.name()})
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        let name = match value {
            Value::Object(tagged) if tagged.get("__type__").is_some_and(|tag| tag == "dtype") => {
                unknown_keys(value, &["__type__", "name"], pointer, problems);
                tagged.get("name").and_then(Value::as_str)
            }
            other => other.as_str(),
        };
        match name.and_then(Dtype::from_name) {
            Some(dtype) => *self = dtype,
            None => problems.push(misfit(
                pointer,
                "a number type such as {\"__type__\": \"dtype\", \"name\": \"float32\"}",
                value,
            )),
        }
    }
    fn view(&self) -> FieldView<'_> {
        FieldView::Text(self.name())
    }
}
impl FieldType for Dtype {
    fn unset() -> Self {
        Dtype::default()
    }
}

#[diagnostic::do_not_recommend]
impl FieldValue for Shape {
    same_and_written!();
    fn to_json(&self) -> Value {
        json!(self.as_slice())
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        let size = |value: &Value| whole(value).and_then(|n| usize::try_from(n).ok());
        let read: Option<Vec<usize>> = match value {
            Value::Array(sizes) => sizes.iter().map(size).collect(),
            one => size(one).map(|size| vec![size]),
        };
        match read {
            Some(sizes) => *self = Shape::from(sizes),
            None => problems.push(misfit(pointer, "a shape: a list of sizes", value)),
        }
    }
    fn view(&self) -> FieldView<'_> {
        if self.is_unset() {
            return FieldView::Unset;
        }
        FieldView::Numbers(self.iter().map(|&size| size as f64).collect())
    }
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
    fn known(&self) -> ConstValue {
        if self.is_empty() {
            ConstValue::Unknown
        } else {
            Shape::known(self)
        }
    }
}
impl FieldType for Shape {
    fn unset() -> Self {
        Shape::default()
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldType> FieldValue for Option<T> {
    same_and_written!();
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, FieldValue::to_json)
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        if value.is_null() {
            *self = None;
            return;
        }
        let before = problems.len();
        let mut inner = T::unset();
        inner.read_json(value, pointer, problems);
        if problems.len() == before {
            *self = Some(inner);
        }
    }
    fn view(&self) -> FieldView<'_> {
        self.as_ref().map_or(FieldView::Unset, FieldValue::view)
    }
    fn known(&self) -> ConstValue {
        self.as_ref().map_or(ConstValue::Unknown, FieldValue::known)
    }
    fn nested(&self) -> Option<&dyn crate::core::config::DynConfig> {
        self.as_ref().and_then(FieldValue::nested)
    }
    fn nested_mut(&mut self) -> Option<&mut dyn crate::core::config::DynConfig> {
        self.as_mut().and_then(FieldValue::nested_mut)
    }
}
impl<T: FieldType> FieldType for Option<T> {
    const UNIT: &'static str = T::UNIT;
    const NESTED: Option<&'static ConfigTable> = T::NESTED;
    fn unset() -> Self {
        None
    }
}

/// All items of a list, or a problem for each that does not fit.
fn read_items<T: FieldType>(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> Option<Vec<T>> {
    let Value::Array(items) = value else {
        problems.push(misfit(pointer, "a list", value));
        return None;
    };
    let before = problems.len();
    let read = items.iter().enumerate().map(|(index, item)| {
        let mut one = T::unset();
        one.read_json(item, &format!("{pointer}/{index}"), problems);
        one
    });
    let read: Vec<T> = read.collect();
    (problems.len() == before).then_some(read)
}

fn all_numbers<T: FieldType>(items: &[T]) -> FieldView<'_> {
    let numbers: Vec<f64> = items
        .iter()
        .flat_map(|item| item.view().numbers().to_vec())
        .collect();
    if numbers.is_empty() {
        FieldView::Other
    } else {
        FieldView::Numbers(numbers.into())
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldType> FieldValue for Vec<T> {
    same_and_written!();
    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(FieldValue::to_json).collect())
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        if let Some(items) = read_items(value, pointer, problems) {
            *self = items;
        }
    }
    fn view(&self) -> FieldView<'_> {
        if self.is_empty() {
            FieldView::Unset
        } else {
            all_numbers(self)
        }
    }
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}
impl<T: FieldType> FieldType for Vec<T> {
    const UNIT: &'static str = T::UNIT;
    fn unset() -> Self {
        Vec::new()
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldType, const N: usize> FieldValue for [T; N] {
    same_and_written!();
    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(FieldValue::to_json).collect())
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        let Some(items) = read_items(value, pointer, problems) else {
            return;
        };
        match <[T; N]>::try_from(items) {
            Ok(items) => *self = items,
            Err(_) => problems.push(misfit(pointer, &format!("a list of {N}"), value)),
        }
    }
    fn view(&self) -> FieldView<'_> {
        all_numbers(self)
    }
    fn is_unset(&self) -> bool {
        self.iter().any(FieldValue::is_unset)
    }
}
impl<T: FieldType, const N: usize> FieldType for [T; N] {
    const UNIT: &'static str = T::UNIT;
    fn unset() -> Self {
        std::array::from_fn(|_| T::unset())
    }
}

/// A nested configuration.
#[diagnostic::do_not_recommend]
impl<C: SparkConfig> FieldValue for C {
    fn same(&self, other: &dyn FieldValue) -> bool {
        same(self, other)
    }
    fn written_as(&self, _: &Value) -> bool {
        // It remembers by itself how each of its fields was written.
        false
    }
    fn to_json(&self) -> Value {
        to_tagged(self)
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        read_tagged(self, value, pointer, problems);
    }
    fn view(&self) -> FieldView<'_> {
        FieldView::Other
    }
    fn nested(&self) -> Option<&dyn crate::core::config::DynConfig> {
        Some(self)
    }
    fn nested_mut(&mut self) -> Option<&mut dyn crate::core::config::DynConfig> {
        Some(self)
    }
}
#[diagnostic::do_not_recommend]
impl<C: SparkConfig> FieldType for C {
    const NESTED: Option<&'static ConfigTable> = Some(C::TABLE);
    fn unset() -> Self {
        C::default()
    }
}

/// Draws a seed for each nested configuration from the walk of `key`; see [`SparkConfig::with_new_seeds`].
pub(crate) fn reseed_nested(field: &mut dyn FieldValue, key: &mut Key, keep: bool) {
    let Some(nested) = field.nested_mut() else { return };
    let seed = key.next().0[0];
    if keep {
        nested.fill_seeds(seed)
    } else {
        nested.with_new_seeds(seed)
    }
}
