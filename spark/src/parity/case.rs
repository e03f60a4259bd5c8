//! Cases as files hold them.

use std::any::Any;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;

use serde::de::{self, DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::compare::typical;
use super::{ParityError, Subject};
use crate::core::array::Real;
use crate::core::module::PortInfo;
use crate::core::payload::{
    BooleanMask, CurrentArray, FloatArray, IntegerArray, IntegerMask, Mask, PotentialArray, Shape, SpikeArray,
};

/// What is wrong with a file, and where.
#[derive(Debug)]
pub(super) struct CaseError {
    place: String,
    reason: String,
}

impl CaseError {
    pub(super) fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        CaseError {
            place: place.into(),
            reason: reason.into(),
        }
    }

    pub(super) fn inside(mut self, place: &str) -> Self {
        self.place = format!("{place}.{}", self.place);
        self
    }

    pub(super) fn in_file(self, path: &Path) -> ParityError {
        ParityError::Format {
            path: path.to_owned(),
            place: self.place,
            reason: self.reason,
        }
    }
}

/// Reads a part of a case; an error names its place.
pub(super) fn parse<T: DeserializeOwned>(json: &Value) -> Result<T, CaseError> {
    serde_path_to_error::deserialize(json)
        .map_err(|error| CaseError::new(error.path().to_string(), error.inner().to_string()))
}

/// A number: `1`, `0.5`, `true`, `"NaN"`, `"Infinity"`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number(pub(super) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Number;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number, or \"NaN\", \"Infinity\", \"-Infinity\"")
            }
            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Number, E> {
                Ok(Number(f64::from(u8::from(value))))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Number, E> {
                Ok(Number(value as f64))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Number, E> {
                Ok(Number(value as f64))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Number, E> {
                Ok(Number(value))
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Number, E> {
                match value {
                    "NaN" => Ok(Number(f64::NAN)),
                    "Infinity" => Ok(Number(f64::INFINITY)),
                    "-Infinity" => Ok(Number(f64::NEG_INFINITY)),
                    _ => Err(E::invalid_value(de::Unexpected::Str(value), &self)),
                }
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// The numbers of a list, rounded to what they were recorded in.
fn rounded(numbers: &[Number], dtype: Option<&str>) -> Vec<f64> {
    let single = |x: f64| f64::from(x as f32);
    let half = |x: f64| half::f16::from_f64(x).to_f64();
    let of = |number: &Number| match dtype {
        Some("float32") => single(number.0),
        Some("float16") => half(number.0),
        _ => number.0,
    };
    numbers.iter().map(of).collect()
}

/// No port, and no array, has more elements: a larger shape is damage, not a recording.
const MOST_ELEMENTS: usize = 1 << 26;

/// The number of elements of a recorded shape.
pub(super) fn count(shape: &[usize]) -> Result<usize, String> {
    let count = Shape::from(shape).count();
    if count > MOST_ELEMENTS {
        return Err(format!(
            "the shape {shape:?} has more than {MOST_ELEMENTS} elements"
        ));
    }
    Ok(count)
}

/// An array as it is written.
#[derive(Deserialize)]
struct RawArray {
    dtype: String,
    shape: Vec<usize>,
    data: Vec<Number>,
}

impl TryFrom<RawArray> for ArrayDoc {
    type Error = String;

    fn try_from(raw: RawArray) -> Result<Self, String> {
        let RawArray { dtype, shape, data } = raw;
        if count(&shape)? != data.len() {
            return Err(format!(
                "an array of the shape {shape:?} with {} numbers",
                data.len()
            ));
        }
        Ok(ArrayDoc { dtype, shape, data })
    }
}

/// An array.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawArray")]
pub(super) struct ArrayDoc {
    pub(super) dtype: String,
    pub(super) shape: Vec<usize>,
    data: Vec<Number>,
}

impl ArrayDoc {
    pub(super) fn values(&self) -> Vec<f64> {
        rounded(&self.data, Some(&self.dtype))
    }
}

/// What was recorded at a port, step by step.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct PortDoc {
    pub(super) payload: String,
    pub(super) shape: Vec<usize>,
    #[serde(default)]
    dtype: Option<String>,
    #[serde(default)]
    pub(super) async_spikes: bool,
    #[serde(default)]
    spikes: Option<Vec<Vec<u32>>>,
    #[serde(default)]
    inhibition: Option<Vec<u32>>,
    #[serde(default)]
    inhibition_per_step: Option<Vec<Vec<u32>>>,
    #[serde(default)]
    data: Option<Vec<Vec<Number>>>,
    #[serde(default)]
    constant: Option<Vec<Number>>,
    #[serde(skip)]
    typical: OnceCell<f64>,
}

impl PortDoc {
    pub(super) fn shape(&self) -> Shape {
        Shape::from(&self.shape[..])
    }

    pub(super) fn info(&self) -> PortInfo {
        PortInfo {
            per_synapse: self.async_spikes,
            ..PortInfo::plain(self.shape())
        }
    }

    fn count(&self) -> Result<usize, CaseError> {
        count(&self.shape).map_err(|reason| CaseError::new("shape", reason))
    }

    /// Checks that there is a step for each step of the case (one is enough for what feeds back), each of the shape.
    pub(super) fn check(&self, steps: usize, feeds_back: bool) -> Result<(), CaseError> {
        let count = self.count()?;
        let long = |name: &str, found: usize| {
            if found == steps || (feeds_back && found > 0) {
                return Ok(());
            }
            Err(CaseError::new(name, format!("{found} steps, expected {steps}")))
        };
        let inside = |name: String, units: &[u32]| match units.iter().find(|&&unit| unit as usize >= count) {
            Some(unit) => Err(CaseError::new(
                name,
                format!("there is no unit {unit} in the shape {:?}", self.shape),
            )),
            None => Ok(()),
        };
        let full = |name: String, numbers: &[Number]| {
            if numbers.len() == count {
                return Ok(());
            }
            Err(CaseError::new(
                name,
                format!("{} numbers for the shape {:?}", numbers.len(), self.shape),
            ))
        };
        let lists = [
            ("spikes", &self.spikes),
            ("inhibition_per_step", &self.inhibition_per_step),
        ];
        for (name, list) in lists {
            let Some(list) = list else { continue };
            long(name, list.len())?;
            for (t, units) in list.iter().enumerate() {
                inside(format!("{name}[{t}]"), units)?;
            }
        }
        inside(
            "inhibition".into(),
            self.inhibition.as_deref().unwrap_or_default(),
        )?;
        if self.payload == "SpikeArray" {
            let told = self.spikes.is_some();
            return told
                .then_some(())
                .ok_or_else(|| CaseError::new("spikes", "is missing"));
        }
        if let Some(constant) = &self.constant {
            return full("constant".into(), constant);
        }
        let Some(data) = &self.data else {
            return Err(CaseError::new("data", "is missing"));
        };
        long("data", data.len())?;
        data.iter()
            .enumerate()
            .try_for_each(|(t, numbers)| full(format!("data[{t}]"), numbers))
    }

    /// Flat indices of the spikes of a step.
    pub(super) fn spikes(&self, step: usize) -> Vec<u32> {
        self.spikes
            .as_ref()
            .and_then(|steps| steps.get(step))
            .cloned()
            .unwrap_or_default()
    }

    /// Flat indices of inhibitory units, if they were recorded.
    pub(super) fn inhibition(&self, step: usize) -> Option<Vec<u32>> {
        match &self.inhibition_per_step {
            Some(steps) => steps.get(step).cloned(),
            None => self.inhibition.clone(),
        }
    }

    /// The numbers of a step. What feeds back has its first value only.
    pub(super) fn values(&self, step: usize) -> Vec<f64> {
        let steps = self.data.as_deref().unwrap_or_default();
        let numbers = match &self.constant {
            Some(constant) => &constant[..],
            None => steps
                .get(step)
                .or(steps.last())
                .map_or(&[][..], |numbers| numbers),
        };
        rounded(numbers, self.dtype.as_deref())
    }

    /// The size of its numbers in the whole recording.
    pub(super) fn typical(&self) -> f64 {
        *self.typical.get_or_init(|| {
            let steps = self.data.iter().flatten().flatten();
            typical(steps.chain(self.constant.iter().flatten()).map(|number| number.0))
        })
    }

    /// What arrives in a step; `None`: a payload in which nothing happens, with the mask of the first step.
    pub(super) fn arriving(&self, step: Option<usize>) -> Result<Box<dyn Any>, String> {
        let shape = self.shape();
        let count = shape.count();
        let told = |reason: &dyn std::fmt::Display| format!("a recorded {} is none: {reason}", self.payload);
        if self.payload == "SpikeArray" {
            let mut mask = vec![false; count];
            for unit in self.inhibition(step.unwrap_or(0)).unwrap_or_default() {
                *mask
                    .get_mut(unit as usize)
                    .ok_or_else(|| told(&"a unit beyond the shape"))? = true;
            }
            let make = if self.async_spikes {
                SpikeArray::from_synapses
            } else {
                SpikeArray::from_indices
            };
            let spikes = step.map(|step| self.spikes(step)).unwrap_or_default();
            let spikes = make(shape, spikes).and_then(|spikes| spikes.with_mask(Mask::new(mask)));
            return Ok(Box::new(spikes.map_err(|error| told(&error))?));
        }
        let values = step.map_or_else(|| vec![0.0; count], |step| self.values(step));
        let reals = || values.iter().map(|&value| value as Real).collect::<Vec<Real>>();
        let whole = || values.iter().map(|&value| value as i32).collect::<Vec<i32>>();
        let boxed: Box<dyn Any> = match self.payload.as_str() {
            "CurrentArray" => Box::new(CurrentArray::from_vec(shape, reals()).map_err(|error| told(&error))?),
            "FloatArray" => Box::new(FloatArray::from_vec(shape, reals()).map_err(|error| told(&error))?),
            "PotentialArray" => {
                Box::new(PotentialArray::from_vec(shape, reals()).map_err(|error| told(&error))?)
            }
            "IntegerArray" => Box::new(IntegerArray::from_vec(shape, whole()).map_err(|error| told(&error))?),
            "IntegerMask" => Box::new(IntegerMask::from_vec(shape, whole()).map_err(|error| told(&error))?),
            "BooleanMask" => {
                let bits = values.iter().map(|value| *value != 0.0).collect();
                Box::new(BooleanMask::from_vec(shape, bits).map_err(|error| told(&error))?)
            }
            other => return Err(format!("the payload `{other}` is not known")),
        };
        Ok(boxed)
    }
}

/// What was recorded at an input: at one port, or at one that takes a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum InputDoc {
    /// A list of sources.
    Many {
        /// The sources.
        list: Vec<PortDoc>,
    },
    /// One.
    One(Box<PortDoc>),
}

impl InputDoc {
    /// Checks all sources, as [`PortDoc::check`] does.
    pub(super) fn check(&self, steps: usize, feeds_back: bool) -> Result<(), CaseError> {
        if self.sources().is_empty() {
            return Err(CaseError::new("list", "is empty"));
        }
        self.sources()
            .iter()
            .try_for_each(|port| port.check(steps, feeds_back))
    }

    /// The sources.
    pub(super) fn sources(&self) -> &[PortDoc] {
        match self {
            InputDoc::Many { list } => list,
            InputDoc::One(port) => std::slice::from_ref(port),
        }
    }

    /// What a module may know of it at build.
    pub(super) fn info(&self) -> PortInfo {
        match self.sources() {
            [one] => one.info(),
            several => PortInfo::plain(Shape::from(
                several.iter().map(|port| port.shape().count()).sum::<usize>(),
            )),
        }
    }
}

/// What all cases begin with.
#[derive(Debug, Deserialize)]
struct Head {
    format: String,
    case: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    config: Map<String, Value>,
}

/// Which case it is. Refuses another format.
pub(super) fn subject(json: &Value) -> Result<Subject, CaseError> {
    let head: Head = parse(json)?;
    if head.format != "spark-golden/1" {
        return Err(CaseError::new(
            "format",
            format!("expected spark-golden/1, found {}", head.format),
        ));
    }
    let half = |dtype: &Value| dtype.get("dtype").and_then(Value::as_str) == Some("float16");
    Ok(Subject {
        class: if head.class.is_empty() {
            head.case.clone()
        } else {
            head.class
        },
        informative: head.config.get("dtype").is_some_and(half),
        case: head.case,
    })
}

/// What is recorded at one port of many: its name for messages, and its check.
pub(super) fn check_ports<'a, T: 'a>(
    room: &str,
    ports: impl IntoIterator<Item = (&'a String, &'a T)>,
    check: impl Fn(&str, &T) -> Result<(), CaseError>,
) -> Result<(), CaseError> {
    ports.into_iter().try_for_each(|(name, port)| {
        check(name, port).map_err(|error| error.inside(&format!("{room}.{name}")))
    })
}

/// A case needs steps.
pub(super) fn check_steps(steps: usize) -> Result<(), CaseError> {
    if steps == 0 {
        return Err(CaseError::new("steps", "there are none"));
    }
    Ok(())
}

/// A configuration of a case as a model file would hold it.
pub(super) fn config(fields: &Map<String, Value>) -> Map<String, Value> {
    fields
        .iter()
        .map(|(name, value)| (name.clone(), tagged(value)))
        .collect()
}

fn tagged(value: &Value) -> Value {
    let Some(object) = value.as_object() else {
        return value.clone();
    };
    if let Some(dtype) = object.get("dtype").filter(|_| object.len() == 1) {
        return dtype.clone();
    }
    if let Some(array) = object.get("array") {
        return json!({"__type__": "jax_array", "dtype": array["dtype"], "shape": array["shape"], "data": array["data"]});
    }
    match (
        object.get("initializer").and_then(Value::as_str),
        object.get("config"),
    ) {
        (Some(class), Some(Value::Object(fields))) => {
            json!({"__type__": format!("{class}Config"), "__cfg__": config(fields)})
        }
        _ => value.clone(),
    }
}

/// The recorded states, by the step after which they were taken.
pub(super) type States = BTreeMap<String, BTreeMap<String, ArrayDoc>>;
