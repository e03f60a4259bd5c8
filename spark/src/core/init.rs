//! Values that may be a number, an array or an initializer.

use serde_json::{Map, Value, json};
use spark_ir::shape::ConstValue;

use crate::core::array::{ArrayD, Element, Real, array_from_vec, broadcast_shapes};
use crate::core::config::unknown_keys;
use crate::core::dtype::Dtype;
use crate::core::error::{BuildError, Problem};
use crate::core::field::{FieldType, FieldValue, FieldView, misfit, same_value, written_value};
use crate::core::initializer::{AnyInitializer, Cast, cast_number};
use crate::core::module::Keys;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::units::Quantity;

/// The value of a field: one number, an array of them, or an initializer that draws them when the module is built.
///
/// ```
/// use spark::prelude::*;
/// let config = LeakySomaConfig {
///     potential_tau: Init::Value(Ms(10.0)),
///     threshold: Init::Array(ArrayValue::vector([-45.0, -40.0])),
///     resistance: UniformInitializer { scale: 0.2, ..Default::default() }.into_field(),
///     ..Default::default()
/// };
/// assert!(matches!(config.resistance, Init::Initializer(_)));
/// assert_eq!(config.potential_rest, Mv(-60.0).into());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Init<Q> {
    /// The same number everywhere.
    Value(Q),
    /// One number per element.
    Array(ArrayValue),
    /// Drawn when the module is built.
    Initializer(AnyInitializer),
}

/// An array in a configuration: its numbers as doubles, and the number type under which files name it.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrayValue {
    dtype: Dtype,
    shape: Shape,
    data: Vec<f64>,
}

impl ArrayValue {
    /// From elements in C order.
    pub fn new(dtype: Dtype, shape: impl Into<Shape>, data: Vec<f64>) -> Result<Self, BuildError> {
        let shape = shape.into();
        if shape.count() == data.len() {
            return Ok(ArrayValue { dtype, shape, data });
        }
        let message = format!(
            "an array of shape {shape} has {} elements, not {}",
            shape.count(),
            data.len()
        );
        Err(BuildError::one("", message))
    }

    /// A vector of float32.
    pub fn vector(data: impl IntoIterator<Item = f64>) -> Self {
        let data: Vec<f64> = data.into_iter().collect();
        ArrayValue {
            dtype: Dtype::Float32,
            shape: Shape::from(data.len()),
            data,
        }
    }

    pub(crate) fn matrix(rows: usize, columns: usize, data: impl IntoIterator<Item = f64>) -> Self {
        ArrayValue::of_shape(Shape::from([rows, columns]), data.into_iter().collect())
    }

    /// Of float32. The caller knows that there are as many elements as the shape says.
    pub(crate) fn of_shape(shape: Shape, data: Vec<f64>) -> Self {
        ArrayValue {
            dtype: Dtype::Float32,
            shape,
            data,
        }
    }

    /// The same numbers under another number type.
    pub fn of_type(mut self, dtype: Dtype) -> Self {
        self.dtype = dtype;
        self
    }

    /// Its number type.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Its shape.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Its numbers in C order.
    pub fn data(&self) -> &[f64] {
        &self.data
    }

    /// As an array to compute with, rounded as the number type `dtype` rounds.
    pub fn to_array(&self, dtype: Dtype) -> Result<ArrayD<Real>, BuildError> {
        let data = self
            .data
            .iter()
            .map(|&number| cast_number(number, dtype))
            .collect();
        Ok(array_from_vec(&self.shape, data)?)
    }

    fn nested_data(&self, sizes: &[usize], data: &[f64]) -> Value {
        let Some((&size, inner)) = sizes.split_first() else {
            return data.first().map_or(Value::Null, |&number| self.number(number));
        };
        let chunk = inner.iter().product::<usize>();
        Value::Array(
            (0..size)
                .map(|i| self.nested_data(inner, &data[i * chunk..(i + 1) * chunk]))
                .collect(),
        )
    }

    fn number(&self, number: f64) -> Value {
        match self.dtype {
            Dtype::Bool => json!(number != 0.0),
            dtype if dtype.is_float() => json!(number),
            _ => json!(number as i64),
        }
    }

    fn tagged(&self) -> Value {
        json!({
            "__type__": "jax_array",
            "dtype": self.dtype.name(),
            "shape": self.shape.as_slice(),
            "data": self.nested_data(&self.shape, &self.data),
        })
    }

    fn read(tagged: &Map<String, Value>) -> Option<ArrayValue> {
        let dtype = Dtype::from_name(tagged.get("dtype")?.as_str()?)?;
        let sizes = tagged.get("shape")?.as_array()?.iter();
        let shape: Option<Vec<usize>> = sizes
            .map(|size| size.as_u64().and_then(|n| usize::try_from(n).ok()))
            .collect();
        let mut data = Vec::new();
        flatten(tagged.get("data")?, &mut data)?;
        ArrayValue::new(dtype, shape?, data).ok()
    }
}

/// All numbers of a nested list, in C order.
fn flatten(value: &Value, numbers: &mut Vec<f64>) -> Option<()> {
    match value {
        Value::Array(items) => return items.iter().try_for_each(|item| flatten(item, numbers)),
        Value::Bool(flag) => numbers.push(f64::from(u8::from(*flag))),
        other => numbers.push(other.as_f64()?),
    }
    Some(())
}

fn tag(value: &Value) -> Option<&str> {
    value.get("__type__")?.as_str()
}

const ARRAY_TAGS: [&str; 2] = ["jax_array", "numpy_array"];

/// A number as an array without dimensions.
impl From<f64> for ArrayValue {
    fn from(number: f64) -> Self {
        ArrayValue::of_shape(Shape::from([]), vec![number])
    }
}

impl<const N: usize, const M: usize> From<[[f64; M]; N]> for ArrayValue {
    fn from(rows: [[f64; M]; N]) -> Self {
        ArrayValue::matrix(N, M, rows.into_iter().flatten())
    }
}

impl<T: Element> From<ArrayD<T>> for ArrayValue
where
    f64: From<T>,
{
    fn from(array: ArrayD<T>) -> Self {
        let shape = Shape::from(array.shape());
        ArrayValue {
            dtype: T::DTYPE,
            shape,
            data: array.iter().map(|&number| f64::from(number)).collect(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl FieldValue for ArrayValue {
    fn same(&self, other: &dyn FieldValue) -> bool {
        same_value(self, other)
    }
    fn written_as(&self, raw: &Value) -> bool {
        written_value(self, raw)
    }
    fn to_json(&self) -> Value {
        self.tagged()
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        let array = value
            .as_object()
            .filter(|_| tag(value).is_some_and(|tag| ARRAY_TAGS.contains(&tag)));
        if array.is_some() {
            unknown_keys(value, &["__type__", "dtype", "shape", "data"], pointer, problems);
        }
        match array.and_then(ArrayValue::read) {
            Some(array) => *self = array,
            None => problems.push(misfit(
                pointer,
                "an array: {\"__type__\": \"jax_array\", \"dtype\", \"shape\", \"data\"}",
                value,
            )),
        }
    }
    fn view(&self) -> FieldView<'_> {
        if self.is_unset() {
            FieldView::Unset
        } else {
            FieldView::Numbers(self.data.as_slice().into())
        }
    }
    fn is_unset(&self) -> bool {
        self.data.is_empty()
    }
}
impl FieldType for ArrayValue {
    fn unset() -> Self {
        ArrayValue {
            dtype: Dtype::Float32,
            shape: Shape::from(0),
            data: Vec::new(),
        }
    }
}

impl<Q: Quantity> Default for Init<Q> {
    fn default() -> Self {
        Init::Value(Q::new(0.0))
    }
}

impl<Q: Quantity> From<Q> for Init<Q> {
    fn from(value: Q) -> Self {
        Init::Value(value)
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> FieldValue for Init<Q> {
    fn same(&self, other: &dyn FieldValue) -> bool {
        same_value(self, other)
    }
    fn written_as(&self, raw: &Value) -> bool {
        !matches!(self, Init::Initializer(_)) && written_value(self, raw)
    }
    fn to_json(&self) -> Value {
        match self {
            Init::Value(value) => json!(value.value()),
            Init::Array(array) => array.tagged(),
            Init::Initializer(initializer) => initializer.to_json(),
        }
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        if let Some(number) = value.as_f64() {
            *self = Init::Value(Q::new(number));
            return;
        }
        match tag(value) {
            Some(tag) if ARRAY_TAGS.contains(&tag) => {
                let before = problems.len();
                let mut array = ArrayValue::unset();
                array.read_json(value, pointer, problems);
                if problems.len() == before {
                    *self = Init::Array(array);
                }
            }
            Some(_) => {
                if let Some(initializer) = AnyInitializer::read(value, pointer, problems) {
                    *self = Init::Initializer(initializer);
                }
            }
            None => problems.push(misfit(pointer, "a number, an array or an initializer", value)),
        }
    }
    fn view(&self) -> FieldView<'_> {
        match self {
            Init::Value(value) if value.value().is_nan() => FieldView::Unset,
            Init::Value(value) => FieldView::Numbers(vec![value.value()].into()),
            Init::Array(array) => array.view(),
            Init::Initializer(_) => FieldView::Drawn,
        }
    }
    fn is_unset(&self) -> bool {
        matches!(self, Init::Value(value) if value.value().is_nan())
    }
    fn known(&self) -> ConstValue {
        match self {
            Init::Value(value) if !value.value().is_nan() => ConstValue::Number(value.value()),
            _ => ConstValue::Unknown,
        }
    }
    fn nested(&self) -> Option<&dyn crate::core::config::DynConfig> {
        match self {
            Init::Initializer(initializer) => Some(initializer.config()),
            _ => None,
        }
    }
    fn nested_mut(&mut self) -> Option<&mut dyn crate::core::config::DynConfig> {
        match self {
            Init::Initializer(initializer) => Some(initializer.config_mut()),
            _ => None,
        }
    }
}
impl<Q: Quantity> FieldType for Init<Q> {
    const UNIT: &'static str = Q::UNIT;
    fn unset() -> Self {
        Init::Value(Q::new(f64::NAN))
    }
}

impl<Q: Quantity> Init<Q> {
    /// The parameter of a module of this shape. One key is drawn whether it is needed or not, as in the Python package.
    ///
    /// [`SparkConfig::draw`](crate::core::config::SparkConfig::draw) does the same, checks what was drawn against the
    /// field's range, and names the field in errors.
    pub fn resolve(&self, keys: &mut Keys, shape: &Shape, dtype: Dtype) -> Result<Param, BuildError> {
        self.resolve_with(keys, shape, &Cast::to(dtype))
    }

    /// The same, with what the module says about how an initializer draws.
    pub fn resolve_with(&self, keys: &mut Keys, shape: &Shape, cast: &Cast) -> Result<Param, BuildError> {
        let key = keys.next_key();
        match self {
            Init::Value(value) => Ok(Param::Scalar(value.value())),
            Init::Array(array) => {
                check_broadcast(array.shape(), shape)?;
                Ok(Param::Array(array.to_array(cast.dtype)?))
            }
            Init::Initializer(initializer) => Ok(Param::Array(initializer.draw(key, shape, cast)?)),
        }
    }
}

/// Whether an array can be repeated to `shape`.
fn check_broadcast(array: &Shape, shape: &Shape) -> Result<(), BuildError> {
    if broadcast_shapes(array, shape).is_ok_and(|both| both == shape.as_slice()) {
        return Ok(());
    }
    let help = "give one number, an array of that shape, or an initializer";
    Err(Problem::new("", "the array does not fit")
        .expected(format!("shape {shape}"))
        .found(format!("shape {array}"))
        .help(help)
        .into())
}
