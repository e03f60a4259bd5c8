//! Ports, wires and modules as the Python package writes them into files.

use std::ops::Deref;

use serde_json::{Map, Value, json};

use crate::core::dtype::Dtype;
use crate::core::error::Problem;
use crate::core::payload::{Shape, SparkPayload};

/// Wraps the content of a tagged object.
fn tagged(tag: &str, data: Value) -> Value {
    json!({ "__type__": tag, "__data__": data })
}

/// The content of a tagged object.
fn untag<'a>(tag: &str, value: &'a Value) -> Result<&'a Map<String, Value>, Problem> {
    let found = value.get("__type__").and_then(Value::as_str);
    if found != Some(tag) {
        let found = found.map_or_else(|| kind(value).to_owned(), |found| format!("`__type__` {found}"));
        return Err(Problem::new("", "this is another type")
            .expected(format!("`__type__` {tag}"))
            .found(found));
    }
    match value.get("__data__") {
        Some(Value::Object(data)) => Ok(data),
        other => {
            Err(Problem::new("/__data__", "the content must be an object")
                .found(other.map_or("nothing", kind)))
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn text(data: &Map<String, Value>, name: &str) -> Result<String, Problem> {
    match data.get(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        other => Err(Problem::new(format!("/__data__/{name}"), "a text is needed")
            .found(other.map_or("nothing", kind))),
    }
}

/// Reports a problem of a part at the place of the part.
fn below(place: &str) -> impl Fn(Problem) -> Problem + '_ {
    move |mut problem| {
        problem.place = format!("{place}{}", problem.place);
        problem
    }
}

/// The shape of a port: one, or one per source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortShape {
    /// One shape.
    One(Shape),
    /// The shapes of several sources.
    Many(Vec<Shape>),
}

impl PortShape {
    fn to_json(&self) -> Value {
        match self {
            PortShape::One(shape) => json!(shape),
            PortShape::Many(shapes) => json!(shapes),
        }
    }

    fn from_json(value: &Value) -> Option<PortShape> {
        let one = || serde_json::from_value(value.clone()).map(PortShape::One);
        let many = || serde_json::from_value(value.clone()).map(PortShape::Many);
        one().or_else(|_| many()).ok()
    }
}

/// A port: what it carries and in which shape.
///
/// ```
/// use spark::{FloatArray, PortSpecs};
/// # fn main() -> Result<(), spark::Problem> {
/// let specs = PortSpecs::of(&FloatArray::filled([4, 2], 0.0));
/// let dict = specs.to_dict();
/// assert_eq!(dict["__type__"], "port_specs");
/// assert_eq!(dict["__data__"]["shape"][0], 4);
/// assert_eq!(PortSpecs::from_dict(&dict)?, specs);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PortSpecs {
    /// The registry key of the payload, `spike_array`.
    pub payload_type: Option<String>,
    /// The shape.
    pub shape: Option<PortShape>,
    /// The number type.
    pub dtype: Option<Dtype>,
    /// What the port is for.
    pub description: Option<String>,
}

impl PortSpecs {
    /// Of a payload.
    pub fn of<T: SparkPayload>(payload: &T) -> Self {
        PortSpecs {
            payload_type: Some(T::TABLE.key.to_owned()),
            shape: Some(PortShape::One(payload.shape().clone())),
            dtype: Some(payload.dtype()),
            description: None,
        }
    }

    /// As the Python package writes it.
    pub fn to_dict(&self) -> Value {
        let payload = self
            .payload_type
            .as_ref()
            .map(|key| json!({ "__payload_type__": key }));
        let dtype = self
            .dtype
            .map(|dtype| json!({ "__type__": "dtype", "name": dtype.name() }));
        let shape = self.shape.as_ref().map(PortShape::to_json);
        let data = json!({
            "payload_type": payload, "shape": shape, "dtype": dtype, "description": self.description,
        });
        tagged("port_specs", data)
    }

    /// From what the Python package writes.
    pub fn from_dict(value: &Value) -> Result<Self, Problem> {
        let data = untag("port_specs", value)?;
        let wrong = |field: &str, what: &str, found: &Value| {
            Problem::new(format!("/__data__/{field}"), format!("this is not {what}")).found(found)
        };
        let given = |field: &str| data.get(field).filter(|value| !value.is_null());
        let payload_type = given("payload_type").map(|value| {
            let key = value.get("__payload_type__").and_then(Value::as_str);
            key.map(str::to_owned)
                .ok_or_else(|| wrong("payload_type", "a payload type", value))
        });
        let shape = given("shape")
            .map(|value| PortShape::from_json(value).ok_or_else(|| wrong("shape", "a shape", value)));
        let dtype = given("dtype").map(|value| {
            let name = value
                .as_str()
                .or_else(|| value.get("name").and_then(Value::as_str));
            name.and_then(Dtype::from_name)
                .ok_or_else(|| wrong("dtype", "a number type", value))
        });
        let description = given("description").map(|value| {
            value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| wrong("description", "a text", value))
        });
        Ok(PortSpecs {
            payload_type: payload_type.transpose()?,
            shape: shape.transpose()?,
            dtype: dtype.transpose()?,
            description: description.transpose()?,
        })
    }
}

macro_rules! port_specs {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $name(pub PortSpecs);

        impl $name {
            /// As the Python package writes it.
            pub fn to_dict(&self) -> Value {
                self.0.to_dict()
            }

            /// From what the Python package writes.
            pub fn from_dict(value: &Value) -> Result<Self, Problem> {
                PortSpecs::from_dict(value).map($name)
            }
        }

        impl Deref for $name {
            type Target = PortSpecs;
            fn deref(&self) -> &PortSpecs {
                &self.0
            }
        }

        impl From<PortSpecs> for $name {
            fn from(specs: PortSpecs) -> Self {
                $name(specs)
            }
        }
    )*};
}
port_specs!(
    /// An input port.
    InputSpec,
    /// An output port.
    OutputSpec
);

/// The source of a wire: a port of a module, an input of the network (`__call__`), a property (`__self__`).
///
/// ```
/// use spark::PortMap;
/// # fn main() -> Result<(), spark::Problem> {
/// let wire = PortMap::new("soma", "spikes");
/// let dict = wire.to_dict();
/// assert_eq!(dict["__data__"]["origin"], "soma");
/// assert_eq!(PortMap::from_dict(&dict)?, wire);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PortMap {
    /// The module.
    pub origin: String,
    /// Its port.
    pub port: String,
    /// Whether the port is a property.
    pub is_property: bool,
}

impl PortMap {
    /// An output of a module.
    pub fn new(origin: impl Into<String>, port: impl Into<String>) -> Self {
        PortMap {
            origin: origin.into(),
            port: port.into(),
            is_property: false,
        }
    }

    /// A property of a module.
    pub fn property(origin: impl Into<String>, port: impl Into<String>) -> Self {
        PortMap {
            is_property: true,
            ..PortMap::new(origin, port)
        }
    }

    /// As the Python package writes it.
    pub fn to_dict(&self) -> Value {
        tagged(
            "port_map",
            json!({ "origin": self.origin, "port": self.port, "is_property": self.is_property }),
        )
    }

    /// From what the Python package writes.
    pub fn from_dict(value: &Value) -> Result<Self, Problem> {
        let data = untag("port_map", value)?;
        let is_property = match data.get("is_property") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                return Err(
                    Problem::new("/__data__/is_property", "a truth value is needed").found(kind(other))
                );
            }
        };
        Ok(PortMap {
            origin: text(data, "origin")?,
            port: text(data, "port")?,
            is_property,
        })
    }
}

/// A reference to a registered module: `{"__module_type__": "leaky_soma", "__subregistry__": "MODULES"}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModuleRef {
    /// Registry key.
    pub key: String,
    /// `MODULES` or `NEURONS`.
    pub subregistry: String,
}

impl ModuleRef {
    /// A plain module.
    pub fn module(key: impl Into<String>) -> Self {
        ModuleRef {
            key: key.into(),
            subregistry: "MODULES".to_owned(),
        }
    }

    /// A neuron.
    pub fn neuron(key: impl Into<String>) -> Self {
        ModuleRef {
            key: key.into(),
            subregistry: "NEURONS".to_owned(),
        }
    }
}

/// Wires by port; several sources of one port concatenate in this order.
pub type PortMaps = Vec<(String, Vec<PortMap>)>;

/// A node of a network: the module, what is wired into it, its configuration.
///
/// ```
/// use spark::{ModuleRef, ModuleSpecs, PortMap};
/// # fn main() -> Result<(), spark::Problem> {
/// let inputs = vec![("current".to_owned(), vec![PortMap::new("synapses", "currents")])];
/// let soma = ModuleSpecs::new("soma", ModuleRef::module("leaky_soma"), inputs, Default::default());
/// let dict = soma.to_dict();
/// assert_eq!(dict["__data__"]["module_cls"]["__module_type__"], "leaky_soma");
/// assert_eq!(ModuleSpecs::from_dict(&dict)?, soma);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleSpecs {
    /// Name of the node.
    pub name: String,
    /// Its module.
    pub module_cls: ModuleRef,
    /// What is wired into its inputs.
    pub inputs: PortMaps,
    /// The fields of its configuration.
    pub config: Map<String, Value>,
    /// Outputs of the network that it feeds: name of the output, port of the node.
    pub outputs: Vec<(String, String)>,
    /// Properties that are written after the step, and from where.
    pub effects: PortMaps,
}

fn maps_to_json(maps: &PortMaps) -> Value {
    let entry = |(port, sources): &(String, Vec<PortMap>)| {
        (port.clone(), sources.iter().map(PortMap::to_dict).collect())
    };
    Value::Object(maps.iter().map(entry).collect())
}

/// An object that may be missing or null.
fn object<'a>(data: &'a Map<String, Value>, name: &str) -> Result<Option<&'a Map<String, Value>>, Problem> {
    match data.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(other) => {
            Err(Problem::new(format!("/__data__/{name}"), "an object is needed").found(kind(other)))
        }
    }
}

fn maps_from_json(data: &Map<String, Value>, name: &str) -> Result<PortMaps, Problem> {
    let read = |(port, sources): (&String, &Value)| {
        let place = format!("/__data__/{name}/{port}");
        let Value::Array(sources) = sources else {
            let problem =
                Problem::new(place, "a list of sources is needed, even for one").found(kind(sources));
            return Err(problem);
        };
        let one = |(i, source)| PortMap::from_dict(source).map_err(below(&format!("{place}/{i}")));
        Ok((
            port.clone(),
            sources.iter().enumerate().map(one).collect::<Result<_, _>>()?,
        ))
    };
    object(data, name)?.into_iter().flatten().map(read).collect()
}

impl ModuleSpecs {
    /// A node without outputs and effects.
    pub fn new(
        name: impl Into<String>,
        module_cls: ModuleRef,
        inputs: PortMaps,
        config: Map<String, Value>,
    ) -> Self {
        let (outputs, effects) = (Vec::new(), Vec::new());
        ModuleSpecs {
            name: name.into(),
            module_cls,
            inputs,
            config,
            outputs,
            effects,
        }
    }

    /// As the Python package writes it.
    pub fn to_dict(&self) -> Value {
        let class =
            json!({ "__module_type__": self.module_cls.key, "__subregistry__": self.module_cls.subregistry });
        let outputs: Map<String, Value> = self
            .outputs
            .iter()
            .map(|(output, port)| (output.clone(), json!(port)))
            .collect();
        let data = json!({
            "name": self.name,
            "module_cls": class,
            "inputs": maps_to_json(&self.inputs),
            "config": self.config,
            "outputs": outputs,
            "effects": maps_to_json(&self.effects),
        });
        tagged("module_specs", data)
    }

    /// From what the Python package writes.
    pub fn from_dict(value: &Value) -> Result<Self, Problem> {
        let data = untag("module_specs", value)?;
        let class = object(data, "module_cls")?.cloned().unwrap_or_default();
        let class_text = |name: &str| {
            let text = class.get(name).and_then(Value::as_str).map(str::to_owned);
            text.ok_or_else(|| Problem::new(format!("/__data__/module_cls/{name}"), "a text is needed"))
        };
        let outputs = object(data, "outputs")?
            .into_iter()
            .flatten()
            .map(|(output, port)| match port {
                Value::String(port) => Ok((output.clone(), port.clone())),
                other => Err(
                    Problem::new(format!("/__data__/outputs/{output}"), "a port is needed")
                        .found(kind(other)),
                ),
            });
        Ok(ModuleSpecs {
            name: text(data, "name")?,
            module_cls: ModuleRef {
                key: class_text("__module_type__")?,
                subregistry: class_text("__subregistry__")?,
            },
            inputs: maps_from_json(data, "inputs")?,
            config: fields(object(data, "config")?),
            outputs: outputs.collect::<Result<_, _>>()?,
            effects: maps_from_json(data, "effects")?,
        })
    }
}

/// The fields of a config, which may stand in a tagged object.
fn fields(config: Option<&Map<String, Value>>) -> Map<String, Value> {
    match config {
        None => Map::new(),
        Some(config) => match config.get("__cfg__") {
            Some(Value::Object(fields)) => fields.clone(),
            _ => config.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::payload::FloatArray;

    #[test]
    fn port_specs_read_back() {
        let mut specs = PortSpecs::of(&FloatArray::zeros(&Shape::from([4, 2])));
        specs.description = Some("what is seen".to_owned());
        let dict = specs.to_dict();
        assert_eq!(
            dict["__data__"]["payload_type"]["__payload_type__"],
            "float_array"
        );
        assert_eq!(PortSpecs::from_dict(&dict).unwrap(), specs);
        specs.shape = Some(PortShape::Many(vec![Shape::from(1), Shape::from([2, 3])]));
        assert_eq!(InputSpec::from_dict(&specs.to_dict()).unwrap().0, specs);
        assert_eq!(
            OutputSpec::from_dict(&OutputSpec::default().to_dict()).unwrap(),
            OutputSpec::default()
        );
    }

    #[test]
    fn a_port_map_is_no_property_unless_it_says_so() {
        let short = json!({"__type__": "port_map", "__data__": {"origin": "__call__", "port": "signal"}});
        assert_eq!(
            PortMap::from_dict(&short).unwrap(),
            PortMap::new("__call__", "signal")
        );
        let property = PortMap::property("__self__", "inhibition_mask");
        assert_eq!(PortMap::from_dict(&property.to_dict()).unwrap(), property);
    }

    #[test]
    fn module_specs_read_back_in_the_order_written() {
        let mut config = Map::new();
        config.insert("units".to_owned(), json!([5]));
        let inputs = vec![
            ("z".to_owned(), vec![PortMap::new("a", "b")]),
            ("a".to_owned(), vec![]),
        ];
        let mut specs = ModuleSpecs::new("pool", ModuleRef::neuron("lif_neuron"), inputs, config);
        specs.outputs = vec![("action".to_owned(), "signal".to_owned())];
        specs.effects = vec![("kernel".to_owned(), vec![PortMap::new("rule", "kernel")])];
        let dict = specs.to_dict();
        assert_eq!(ModuleSpecs::from_dict(&dict).unwrap(), specs);
        let mut tagged_config = dict;
        tagged_config["__data__"]["config"] =
            json!({"__type__": "lif_neuron_config", "__cfg__": {"units": [5]}});
        assert_eq!(ModuleSpecs::from_dict(&tagged_config).unwrap(), specs);
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let wrong = json!({"__type__": "module_specs", "__data__": {
            "name": "s", "module_cls": {"__module_type__": "x", "__subregistry__": "MODULES"},
            "inputs": {"signal": [{"__type__": "port_map", "__data__": {"origin": 3, "port": "p"}}]}}});
        let text = ModuleSpecs::from_dict(&wrong).unwrap_err().to_string();
        assert!(
            text.contains("/__data__/inputs/signal/0/__data__/origin") && text.contains("a number"),
            "{text}"
        );
        let text = PortMap::from_dict(&json!({"__type__": "dtype"}))
            .unwrap_err()
            .to_string();
        assert!(text.contains("port_map") && text.contains("dtype"), "{text}");
    }
}
