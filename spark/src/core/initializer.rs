//! Initializers: what draws an array when a module is built, bit for bit as the Python package does.

use std::fmt::Debug;

use half::f16;
use serde_json::{Value, json};

use crate::core::array::{ArrayD, Real, array_from_vec};
use crate::core::config::{DynConfig, NoConfig, SparkConfig, unknown_keys};
use crate::core::dtype::Dtype;
use crate::core::error::{BuildError, Problem};
use crate::core::field::{FieldType, FieldValue, FieldView, misfit, same_value};
use crate::core::payload::{Shape, Topology};
use crate::core::registry::REGISTRY;
use crate::core::rng::Key;

/// How an array is to be drawn: its number type, and what the module decides in place of the initializer's own fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cast {
    /// The number type to round to.
    pub dtype: Dtype,
    /// In place of the field `scale`.
    pub scale: Option<f64>,
    /// In place of the field `min_value`.
    pub min_value: Option<f64>,
    /// In place of the field `norm_axes`.
    pub norm_axes: Option<Vec<usize>>,
}

impl Cast {
    /// To a number type, nothing else decided.
    pub fn to(dtype: Dtype) -> Cast {
        Cast {
            dtype,
            ..Cast::default()
        }
    }

    /// With a scale in place of the initializer's own.
    pub fn with_scale(mut self, scale: f64) -> Cast {
        self.scale = Some(scale);
        self
    }

    /// With a lower bound in place of the initializer's own.
    pub fn with_min(mut self, min_value: f64) -> Cast {
        self.min_value = Some(min_value);
        self
    }

    /// With axes to normalise over in place of the initializer's own.
    pub fn with_norm_axes(mut self, axes: impl Into<Vec<usize>>) -> Cast {
        self.norm_axes = Some(axes.into());
        self
    }

    /// Clips to the bounds, lower one first, and rounds to the number type. `min` and `max` are the initializer's own.
    pub fn finish(&self, mut values: Vec<f32>, min: Option<f64>, max: Option<f64>) -> Vec<f32> {
        let min = self.min_value.or(min).map(|min| min as f32);
        let max = max.map(|max| max as f32);
        for value in &mut values {
            if let Some(min) = min {
                *value = value.max(min);
            }
            if let Some(max) = max {
                *value = value.min(max);
            }
            *value = cast_f32(*value, self.dtype);
        }
        values
    }
}

/// A number of another type, as a float: whole types cut the fraction off and saturate, NaN becomes 0.
fn cast_f32(value: f32, dtype: Dtype) -> f32 {
    match dtype {
        Dtype::Float16 => f16::from_f32(value).to_f32(),
        Dtype::Float32 | Dtype::Float64 => value,
        Dtype::UInt8 => f32::from(value as u8),
        Dtype::UInt16 => f32::from(value as u16),
        Dtype::UInt32 => (value as u32) as f32,
        Dtype::UInt64 => (value as u64) as f32,
        Dtype::Int8 => f32::from(value as i8),
        Dtype::Int16 => f32::from(value as i16),
        Dtype::Int32 => (value as i32) as f32,
        Dtype::Int64 => (value as i64) as f32,
        Dtype::Bool => f32::from(u8::from(value != 0.0)),
    }
}

/// A number of a configuration as the number type rounds it.
pub(crate) fn cast_number(value: f64, dtype: Dtype) -> Real {
    match dtype {
        Dtype::Float32 | Dtype::Float64 => value as Real,
        // Rounded to f32 first, as JAX does with 64-bit types off.
        other => cast_f32(value as f32, other) as Real,
    }
}

/// `scale` times uniform numbers, in C order. The scale is rounded before.
pub fn scaled_uniform(key: Key, count: usize, scale: f64) -> Vec<f32> {
    let scale = scale as f32;
    (0..count as u64).map(|i| scale * key.uniform_f32_at(i)).collect()
}

/// Which elements a density keeps. Draw and density are both half precision: 0.2 is 0.19995.
pub fn sparse_mask(key: Key, count: usize, density: f64) -> Vec<bool> {
    let density = f16::from_f64(density);
    (0..count as u64)
        .map(|i| key.uniform_f16_at(i) < density)
        .collect()
}

/// What draws an array. A struct with `#[register_initializer]` is its own configuration.
///
/// ```
/// use spark::prelude::*;
///
/// /// One number at every second element, 0 elsewhere.
/// #[register_initializer]
/// pub struct AlternatingInitializer {
///     /// The number.
///     #[field(default = 1.0)]
///     pub scale: f64,
/// }
///
/// impl Initializer for AlternatingInitializer {
///     fn draw(&self, _key: Key, shape: &Shape, cast: &Cast) -> Vec<f32> {
///         let scale = cast.scale.unwrap_or(self.scale) as f32;
///         let values = (0..shape.count()).map(|i| if i % 2 == 0 { scale } else { 0.0 });
///         cast.finish(values.collect(), None, None)
///     }
/// }
///
/// # fn main() {
/// let drawn = AlternatingInitializer { scale: 3.0, ..Default::default() };
/// let values = Initializer::draw(&drawn, Key::from_seed(0), &Shape::from(4), &Cast::default());
/// assert_eq!(values, [3.0, 0.0, 3.0, 0.0]);
/// # }
/// ```
pub trait Initializer: SparkConfig {
    /// The elements in C order, rounded to the number type of `cast` (see [`Cast::finish`]). `cast` goes before the
    /// initializer's own fields.
    fn draw(&self, key: Key, shape: &Shape, cast: &Cast) -> Vec<f32>;

    /// The synapses between `post` and `pre` neurons, if the initializer says which ones there are: a kernel then holds
    /// their weights and nothing else. [`Initializer::draw`] gives the same weights with 0 between. A problem names the
    /// field that is wrong.
    fn connect(
        &self,
        _key: Key,
        (_post, _pre): (usize, usize),
        _cast: &Cast,
    ) -> Option<Result<Connections, Problem>> {
        None
    }
}

/// Synapses that an initializer made.
#[derive(Debug, Clone, PartialEq)]
pub struct Connections {
    /// Which ones there are.
    pub topology: Topology,
    /// Their weights, in the order of the topology.
    pub weights: Vec<f32>,
}

impl Connections {
    /// The weights of all pairs of neurons, `post ++ pre` in C order. Those of several synapses of a pair are added up.
    pub fn to_dense(&self) -> Vec<f32> {
        let pre = self.topology.pre();
        let mut dense = vec![0.0; self.topology.post() * pre];
        for ((i, j), weight) in self.topology.pairs().zip(&self.weights) {
            dense[i * pre + j] += weight;
        }
        dense
    }
}

/// How many post- and presynaptic neurons a kernel of this shape is for: the sizes of the units come first, as many as
/// the weights are normalised over.
pub(crate) fn sizes(shape: &Shape, cast: &Cast) -> (usize, usize) {
    let units = cast.norm_axes.as_ref().map_or(1, Vec::len).min(shape.len());
    let (units, inputs) = shape.split_at(units);
    (units.iter().product(), inputs.iter().product())
}

/// An initializer whose type is known at run time only.
trait DynInitializer: Debug + Send + Sync {
    fn clone_initializer(&self) -> Box<dyn DynInitializer>;
    fn config(&self) -> &dyn DynConfig;
    fn config_mut(&mut self) -> &mut dyn DynConfig;
    fn draw(&self, key: Key, shape: &Shape, cast: &Cast) -> Vec<f32>;
    fn connect(&self, key: Key, sizes: (usize, usize), cast: &Cast) -> Option<Result<Connections, Problem>>;
    fn to_json(&self) -> Value;
}

impl<I: Initializer> DynInitializer for I {
    fn clone_initializer(&self) -> Box<dyn DynInitializer> {
        Box::new(self.clone())
    }
    fn config(&self) -> &dyn DynConfig {
        self
    }
    fn config_mut(&mut self) -> &mut dyn DynConfig {
        self
    }
    fn draw(&self, key: Key, shape: &Shape, cast: &Cast) -> Vec<f32> {
        Initializer::draw(self, key, shape, cast)
    }
    fn connect(&self, key: Key, sizes: (usize, usize), cast: &Cast) -> Option<Result<Connections, Problem>> {
        Initializer::connect(self, key, sizes, cast)
    }
    fn to_json(&self) -> Value {
        json!({ "__type__": I::TABLE.key, "__cfg__": SparkConfig::to_fields(self) })
    }
}

/// Any initializer.
#[derive(Debug)]
pub struct AnyInitializer(Box<dyn DynInitializer>);

impl Clone for AnyInitializer {
    fn clone(&self) -> Self {
        AnyInitializer(self.0.clone_initializer())
    }
}

impl PartialEq for AnyInitializer {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.config(), other.config());
        std::ptr::eq(left.table(), right.table())
            && left
                .values()
                .iter()
                .zip(right.values())
                .all(|(left, right)| left.same(right))
    }
}

impl<I: Initializer> From<I> for AnyInitializer {
    fn from(initializer: I) -> Self {
        AnyInitializer(Box::new(initializer))
    }
}

impl AnyInitializer {
    /// Its configuration.
    pub fn config(&self) -> &dyn DynConfig {
        self.0.config()
    }

    /// Its configuration, to be changed.
    pub fn config_mut(&mut self) -> &mut dyn DynConfig {
        self.0.config_mut()
    }

    /// Draws an array.
    pub fn draw(&self, key: Key, shape: &Shape, cast: &Cast) -> Result<ArrayD<Real>, BuildError> {
        let values = self.values(key, shape, cast)?;
        let values = values.into_iter().map(|value| value as Real).collect();
        Ok(array_from_vec(shape, values)?)
    }

    /// Draws the elements of an array, in C order.
    pub fn values(&self, key: Key, shape: &Shape, cast: &Cast) -> Result<Vec<f32>, BuildError> {
        match self.connect(key, sizes(shape, cast), cast) {
            Some(connections) => Ok(connections?.to_dense()),
            None => Ok(self.0.draw(key, shape, cast)),
        }
    }

    /// The synapses between so many post- and presynaptic neurons, if it says which ones there are.
    pub fn connect(
        &self,
        key: Key,
        sizes: (usize, usize),
        cast: &Cast,
    ) -> Option<Result<Connections, BuildError>> {
        let connections = self.0.connect(key, sizes, cast)?;
        Some(connections.map_err(BuildError::from))
    }

    /// As files hold it.
    pub fn to_json(&self) -> Value {
        self.0.to_json()
    }

    /// Reads one of the registered initializers.
    pub fn read(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> Option<AnyInitializer> {
        let tag = value.get("__type__").and_then(Value::as_str);
        let (Some(tag), Some(Value::Object(fields))) = (tag, value.get("__cfg__")) else {
            problems.push(misfit(
                pointer,
                "an initializer: {\"__type__\", \"__cfg__\"}",
                value,
            ));
            return None;
        };
        let Some(entry) = REGISTRY.initializer(tag) else {
            let known: Vec<&str> = REGISTRY
                .initializers()
                .iter()
                .map(|entry| entry.table.key)
                .collect();
            let problem = Problem::new(pointer, format!("SPK097: there is no initializer `{tag}`"));
            problems.push(
                problem
                    .expected(known.join(", "))
                    .help("link the crate that registers it"),
            );
            return None;
        };
        let mut initializer = (entry.make)();
        unknown_keys(value, &["__type__", "__cfg__"], pointer, problems);
        initializer
            .config_mut()
            .read_fields(fields, &format!("{pointer}/__cfg__"), problems);
        Some(initializer)
    }
}

/// The value of a field that takes nothing but an initializer. Unset it is the constant 0 that nothing replaces.
#[diagnostic::do_not_recommend]
impl FieldValue for AnyInitializer {
    fn same(&self, other: &dyn FieldValue) -> bool {
        same_value(self, other)
    }
    fn written_as(&self, _: &Value) -> bool {
        false
    }
    fn to_json(&self) -> Value {
        AnyInitializer::to_json(self)
    }
    fn read_json(&mut self, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
        if let Some(read) = AnyInitializer::read(value, pointer, problems) {
            *self = read;
        }
    }
    fn view(&self) -> FieldView<'_> {
        FieldView::Drawn
    }
    fn is_unset(&self) -> bool {
        self.config().table().key == NoConfig::TABLE.key
    }
    fn nested(&self) -> Option<&dyn DynConfig> {
        Some(self.config())
    }
    fn nested_mut(&mut self) -> Option<&mut dyn DynConfig> {
        Some(self.config_mut())
    }
}

impl FieldType for AnyInitializer {
    fn unset() -> Self {
        NoConfig::default().into()
    }
}

/// Stands where an initializer is required and none was given.
impl Initializer for NoConfig {
    fn draw(&self, _: Key, shape: &Shape, _: &Cast) -> Vec<f32> {
        vec![0.0; shape.count()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_cut_off_and_saturate() {
        let cast = |value, dtype| cast_f32(value, dtype);
        assert_eq!(cast(2.9, Dtype::UInt8), 2.0);
        assert_eq!(cast(300.0, Dtype::UInt8), 255.0);
        assert_eq!(cast(-2.9, Dtype::Int32), -2.0);
        assert_eq!(cast(f32::NAN, Dtype::UInt8), 0.0);
        assert_eq!(cast(0.1, Dtype::Float16), 0.099_975_586);
    }

    #[test]
    fn the_module_decides_before_the_initializer() {
        let cast = Cast::to(Dtype::Float32).with_min(1.0);
        assert_eq!(cast.finish(vec![0.0, 3.0], Some(2.0), Some(2.5)), [1.0, 2.5]);
    }
}
