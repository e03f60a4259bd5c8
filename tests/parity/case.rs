//! Reading of cases.

use std::path::PathBuf;

use serde_json::{Map, Value, json};
use spark::core::module::PortInfo;
use spark::{BooleanMask, CurrentArray, FloatArray, Mask, PotentialArray, Shape, SpikeArray};

/// A payload of a case.
pub(crate) enum Payload {
    Spikes(SpikeArray),
    Current(CurrentArray),
    Float(FloatArray),
    Potential(PotentialArray),
    Mask(BooleanMask),
}

impl Payload {
    pub(crate) fn any(&self) -> &dyn std::any::Any {
        match self {
            Payload::Spikes(value) => value,
            Payload::Current(value) => value,
            Payload::Float(value) => value,
            Payload::Potential(value) => value,
            Payload::Mask(value) => value,
        }
    }

    pub(crate) fn any_mut(&mut self) -> &mut dyn std::any::Any {
        match self {
            Payload::Spikes(value) => value,
            Payload::Current(value) => value,
            Payload::Float(value) => value,
            Payload::Potential(value) => value,
            Payload::Mask(value) => value,
        }
    }
}

/// All cases of a room, read.
pub(crate) fn cases(room: &str) -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/goldens")
        .join(room);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
        .collect()
}

/// A number as cases write it.
pub(crate) fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("NaN") => f64::NAN,
        Some("Infinity") => f64::INFINITY,
        Some("-Infinity") => f64::NEG_INFINITY,
        _ => value.as_f64().unwrap_or_else(|| panic!("{value} is no number")),
    }
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

pub(crate) fn indices(value: &Value) -> Vec<u32> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|index| index.as_u64().unwrap() as u32)
        .collect()
}

pub(crate) fn shape(value: &Value) -> Shape {
    value["shape"]
        .as_array()
        .unwrap()
        .iter()
        .map(|size| size.as_u64().unwrap() as usize)
        .collect()
}

/// What is wired into a port: one source, or a list.
pub(crate) fn sources(port: &Value) -> Vec<&Value> {
    match port.get("list") {
        Some(list) => list.as_array().unwrap().iter().collect(),
        None => vec![port],
    }
}

/// What a module may know of a port when it is built: several sources are flattened.
pub(crate) fn info(port: &Value) -> PortInfo {
    let all = sources(port);
    if let [one] = all.as_slice() {
        let (shape, per_synapse) = (shape(one), per_synapse(one));
        return PortInfo {
            per_synapse,
            ..PortInfo::plain(shape)
        };
    }
    PortInfo::plain(Shape::from(
        all.iter().map(|one| shape(one).count()).sum::<usize>(),
    ))
}

pub(crate) fn per_synapse(port: &Value) -> bool {
    port["async_spikes"] == json!(true)
}

/// The configuration of a case as a file would hold it.
pub(crate) fn config(case: &Value) -> Map<String, Value> {
    case["config"]
        .as_object()
        .unwrap()
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
    let class = object["initializer"].as_str().unwrap();
    let fields = object["config"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), tagged(value)));
    json!({"__type__": format!("{class}Config"), "__cfg__": fields.collect::<Map<String, Value>>()})
}

fn mask_of(port: &Value, t: usize, count: usize) -> Mask {
    let units = match port.get("inhibition_per_step") {
        Some(steps) => indices(&steps[t]),
        None => indices(&port["inhibition"]),
    };
    let mut bits = vec![false; count];
    units.iter().for_each(|&unit| bits[unit as usize] = true);
    Mask::new(bits)
}

/// What arrives at a port in step `t`; `None` for a payload in which nothing happens.
pub(crate) fn arriving(port: &Value, t: Option<usize>) -> Payload {
    let shape = shape(port);
    let count = shape.count();
    if port["payload"] == json!("SpikeArray") {
        let at = t.unwrap_or(0);
        let spikes = t.map(|t| indices(&port["spikes"][t])).unwrap_or_default();
        let make = if per_synapse(port) {
            SpikeArray::from_synapses
        } else {
            SpikeArray::from_indices
        };
        return Payload::Spikes(
            make(shape, spikes)
                .unwrap()
                .with_mask(mask_of(port, at, count))
                .unwrap(),
        );
    }
    let values = match (t, port.get("constant")) {
        (None, _) => vec![0.0; count],
        (Some(_), Some(constant)) => numbers(constant),
        (Some(t), None) => numbers(&port["data"][t]),
    };
    let floats = || values.iter().map(|&value| value as spark::Real).collect();
    match port["payload"].as_str().unwrap() {
        "CurrentArray" => Payload::Current(CurrentArray::from_vec(shape, floats()).unwrap()),
        "PotentialArray" => Payload::Potential(PotentialArray::from_vec(shape, floats()).unwrap()),
        "FloatArray" => Payload::Float(FloatArray::from_vec(shape, floats()).unwrap()),
        "BooleanMask" => {
            let bits = values.iter().map(|value| *value != 0.0).collect();
            Payload::Mask(BooleanMask::from_vec(shape, bits).unwrap())
        }
        other => panic!("no payload {other}"),
    }
}
