//! Tagged values: `{"__type__": ..}` and its relatives.

use serde_json::{Map, Value, json};

use super::json::{as_float, float};
use super::pointer_to;
use super::unread::unknown_keys;
use crate::diagnostic::Diagnostic;

/// The type tag of a value, if it has one.
pub fn type_of(value: &Value) -> Option<&str> {
    value.get("__type__")?.as_str()
}

/// `{"__type__": "dtype", "name": "float32"}`.
pub fn dtype(name: &str) -> Value {
    json!({ "__type__": "dtype", "name": name })
}

/// The name of a numeric type, tagged or plain.
pub fn as_dtype(value: &Value) -> Option<&str> {
    match value {
        Value::String(name) => Some(name),
        _ if type_of(value) == Some("dtype") => value.get("name")?.as_str(),
        _ => None,
    }
}

/// `{"__payload_type__": "spike_array"}`.
pub fn payload(key: &str) -> Value {
    json!({ "__payload_type__": key })
}

/// The key of a payload class.
pub fn as_payload(value: &Value) -> Option<&str> {
    value.get("__payload_type__")?.as_str()
}

/// `{"__type__": key, "__cfg__": fields}`.
pub fn config(key: &str, fields: Map<String, Value>) -> Value {
    let mut config = Map::new();
    config.insert("__type__".to_owned(), Value::String(key.to_owned()));
    config.insert("__cfg__".to_owned(), Value::Object(fields));
    Value::Object(config)
}

/// The key and the fields of a tagged configuration.
pub fn as_config(value: &Value) -> Option<(&str, &Map<String, Value>)> {
    Some((type_of(value)?, value.get("__cfg__")?.as_object()?))
}

/// `{"__type__": "port_specs", ..}`, as the graph editor stores ports. `None` for what is not known is written `null`.
pub fn port_specs(
    payload_key: &str,
    shape: Option<&[usize]>,
    dtype_name: Option<&str>,
    description: &str,
) -> Value {
    json!({
        "__type__": "port_specs",
        "__data__": {
            "payload_type": payload(payload_key),
            "shape": shape,
            "dtype": dtype_name.map(dtype),
            "description": description,
        }
    })
}

/// Whether a key of a configuration is the package's own book-keeping and no field.
pub fn is_bookkeeping(key: &str) -> bool {
    key.starts_with("__") && key.ends_with("__")
}

/// Which array class of Python an array belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrayKind {
    /// `jax_array`: what configs hold.
    Jax,
    /// `numpy_array`.
    Numpy,
}

/// A tagged array. Elements are doubles, which hold all values of the 32-bit types; `dtype` says how they are written.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrayDoc {
    /// JAX or numpy.
    pub kind: ArrayKind,
    /// `float32`, `int32`, `bool`, ...
    pub dtype: String,
    /// Sizes; empty for a single number.
    pub shape: Vec<usize>,
    /// Elements, the last dimension running fastest.
    pub data: Vec<f64>,
}

impl ArrayDoc {
    /// As a tagged value.
    pub fn to_value(&self) -> Value {
        let kind = match self.kind {
            ArrayKind::Jax => "jax_array",
            ArrayKind::Numpy => "numpy_array",
        };
        json!({
            "__type__": kind,
            "dtype": self.dtype,
            "shape": self.shape,
            "data": self.nested(&self.shape, &self.data),
        })
    }

    fn nested(&self, shape: &[usize], data: &[f64]) -> Value {
        match shape.split_first() {
            None => data.first().map_or(Value::Null, |value| self.element(*value)),
            Some((&size, rest)) => {
                let stride = rest
                    .iter()
                    .fold(1usize, |count, size| count.saturating_mul(*size));
                let part = |i: usize| {
                    data.get(i.saturating_mul(stride)..(i + 1).saturating_mul(stride))
                        .unwrap_or_default()
                };
                Value::Array((0..size).map(|i| self.nested(rest, part(i))).collect())
            }
        }
    }

    fn element(&self, value: f64) -> Value {
        if self.dtype == "bool" {
            return Value::Bool(value != 0.0);
        }
        if is_integer(&self.dtype) && value.fract() == 0.0 {
            return if value < 0.0 {
                json!(value as i64)
            } else {
                json!(value as u64)
            };
        }
        float(value)
    }

    /// From a tagged value; `None` if it is tagged otherwise. Problems are pushed, and then the array is not to be used.
    pub fn from_value(
        value: &Value,
        pointer: &str,
        problems: &mut Vec<Diagnostic<String>>,
    ) -> Option<ArrayDoc> {
        let kind = match type_of(value)? {
            "jax_array" => ArrayKind::Jax,
            "numpy_array" => ArrayKind::Numpy,
            _ => return None,
        };
        let before = problems.len();
        unknown_keys(value, &["__type__", "dtype", "shape", "data"], pointer, problems);
        let dtype = value.get("dtype").and_then(as_dtype).unwrap_or_else(|| {
            problems.push(wrong(
                pointer,
                "dtype",
                "an array needs its `dtype`, the name of a numeric type",
            ));
            ""
        });
        if !dtype.is_empty() && !is_known(dtype) {
            problems.push(wrong(
                pointer,
                "dtype",
                &format!("the numeric type `{dtype}` is not known"),
            ));
        }
        let shape = value.get("shape").and_then(as_shape).unwrap_or_else(|| {
            problems.push(wrong(
                pointer,
                "shape",
                "an array needs its `shape`, a list of sizes",
            ));
            Vec::new()
        });
        let mut data = Vec::new();
        let items = value.get("data").unwrap_or(&Value::Null);
        if problems.len() == before && !collect(items, &shape, &mut data) {
            let text = format!("the data of the array is not made of numbers in the shape {shape:?}");
            problems.push(wrong(pointer, "data", &text));
        }
        (problems.len() == before).then(|| ArrayDoc {
            kind,
            dtype: dtype.to_owned(),
            shape,
            data,
        })
    }
}

fn is_integer(dtype: &str) -> bool {
    dtype.starts_with("int") || dtype.starts_with("uint")
}

fn is_known(dtype: &str) -> bool {
    const KNOWN: [&str; 13] = [
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
        "float32", "float64", "bfloat16",
    ];
    KNOWN.contains(&dtype)
}

fn wrong(pointer: &str, key: &str, message: &str) -> Diagnostic<String> {
    Diagnostic::error("SPK094", pointer_to(pointer, key), message)
}

/// A list of sizes.
pub fn as_shape(value: &Value) -> Option<Vec<usize>> {
    value
        .as_array()?
        .iter()
        .map(|size| usize::try_from(size.as_u64()?).ok())
        .collect()
}

/// Collects nested lists of exactly this shape.
fn collect(value: &Value, shape: &[usize], data: &mut Vec<f64>) -> bool {
    match shape.split_first() {
        None => match value {
            Value::Bool(value) => {
                data.push(f64::from(u8::from(*value)));
                true
            }
            _ => as_float(value).map(|value| data.push(value)).is_some(),
        },
        Some((&size, rest)) => match value {
            Value::Array(items) => items.len() == size && items.iter().all(|item| collect(item, rest, data)),
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_come_back() {
        for (dtype, shape, data) in [
            (
                "float32",
                vec![2, 3],
                vec![0.5, -1.0, f64::INFINITY, 0.1, 2.0, 3.0],
            ),
            ("int32", vec![3], vec![-1.0, 0.0, 7.0]),
            ("bool", vec![2], vec![1.0, 0.0]),
            ("float16", vec![], vec![0.25]),
            ("float32", vec![2, 0], vec![]),
        ] {
            let array = ArrayDoc {
                kind: ArrayKind::Jax,
                dtype: dtype.to_owned(),
                shape,
                data,
            };
            let mut problems = Vec::new();
            assert_eq!(
                ArrayDoc::from_value(&array.to_value(), "", &mut problems),
                Some(array)
            );
            assert!(problems.is_empty());
        }
    }

    #[test]
    fn sizes_beyond_all_memory_do_no_harm() {
        let value =
            json!({"__type__": "jax_array", "dtype": "int8", "shape": [0, u64::MAX, u64::MAX], "data": []});
        let mut problems = Vec::new();
        let array = ArrayDoc::from_value(&value, "", &mut problems);
        assert_eq!(array.map(|array| array.to_value()), Some(value));
    }

    #[test]
    fn a_ragged_array_is_named_by_its_place() {
        let value =
            json!({"__type__": "jax_array", "dtype": "float32", "shape": [2, 2], "data": [[1, 2], [3]]});
        let mut problems = Vec::new();
        assert_eq!(ArrayDoc::from_value(&value, "/a", &mut problems), None);
        assert_eq!(problems[0].span, "/a/data");
    }
}
