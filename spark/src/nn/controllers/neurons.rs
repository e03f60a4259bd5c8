//! Neurons that files name without holding their modules.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};
use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::file::{self, FileError, Limits};
use spark_ir::format::unread::fields_pointer;
use spark_ir::table::ModuleKind;

use super::config::ModelConfig;
use crate::core::config::DynConfig;
use crate::core::error::{BuildError, Problem};
use crate::core::registry::{REGISTRY, snake_case};
use crate::rt::export;

type Fields = Map<String, Value>;

/// Neurons by name, for files that name a neuron (`"__module_type__": "my_pool"`) without holding its modules. What the
/// brain says of the neuron itself, such as `units`, goes before what is said here. Seeds that the neuron states are those
/// of each node that names it.
///
/// ```
/// use serde_json::json;
/// use spark::nn::controllers::{ModelConfig, Neurons};
/// use spark::prelude::*;
///
/// network! {
///     brain Relay(spikes: SpikeArray[8]) -> (out: SpikeArray[3]) {
///         pool = LIFNeuron { units: [3] };
///         spikes          -> pool.in_spikes;
///         pool.out_spikes -> out;
///     }
/// }
///
/// # fn main() -> Result<(), BuildError> {
/// # let pool = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
/// let mut brain = Relay::config().to_json()?;
/// let node = &mut brain["__cfg__"]["modules_specs"][0]["__data__"];
/// node["module_cls"]["__module_type__"] = json!("my_pool");
/// node["config"] = json!({ "units": [3] });
///
/// assert!(ModelConfig::from_json(&brain).is_err());
/// // `Neurons::new().with_file("my_pool", "my_pool.scfg")?` reads a file.
/// let neurons = Neurons::new().with_config("my_pool", &ModelConfig::from_json(&pool)?)?;
/// assert!(ModelConfig::from_json_with(&brain, &neurons).is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Neurons {
    fields: BTreeMap<String, Fields>,
}

impl Neurons {
    /// None so far.
    pub const fn new() -> Self {
        Neurons {
            fields: BTreeMap::new(),
        }
    }

    /// With a neuron under a name, which may be written as a type (`MyPool`) or as in files (`my_pool`).
    ///
    /// # Errors
    /// If it is a brain.
    pub fn with_config(mut self, name: &str, config: &ModelConfig) -> Result<Self, BuildError> {
        let fields = fields_of(name, config)?;
        self.fields.insert(snake_case(name), fields);
        Ok(self)
    }

    /// With the neuron of a file under a name. The file may leave `units` to the brain.
    ///
    /// # Errors
    /// All problems of the file at once; or it is a brain.
    pub fn with_file(self, name: &str, path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let json = file::read(path, &Limits::default())?;
        let (neurons, problems) = self.with_json(name, &json);
        neurons.ok_or_else(|| FileError::Format {
            path: path.to_owned(),
            problems,
        })
    }

    /// With the neuron of a file's JSON under a name, and all that can be said of it. It is there if none of that is an
    /// error.
    pub fn with_json(mut self, name: &str, json: &Value) -> (Option<Self>, Vec<Diagnostic<String>>) {
        let json = self.filled(json);
        let whole = with_any_units(&json);
        let (read, mut problems) = ModelConfig::read_file(name, &whole, &self);
        problems.extend(read.warnings);
        let (config, unread) = (read.got, read.unread);
        if config
            .as_ref()
            .is_some_and(|config| config.table().kind == ModuleKind::Brain)
        {
            let problem = Diagnostic::error(
                "SPK027",
                "/__type__".to_owned(),
                "a brain cannot stand for a neuron",
            );
            problems.push(problem.at(name).expected("neuron_config").found("brain_config"));
        }
        let is_sound = !problems.iter().any(Diagnostic::is_error);
        // Without what nothing reads: the brain around it would be told of it, too.
        let mut json = json.into_owned();
        unread.iter().for_each(|entry| entry.remove_from(&mut json));
        let fields = json
            .pointer(fields_pointer(&json))
            .and_then(Value::as_object)
            .cloned();
        let fields = fields.filter(|_| is_sound && config.is_some());
        let found = fields.map(|fields| {
            self.fields.insert(snake_case(name), fields);
            self
        });
        (found, problems)
    }

    /// The same JSON with the modules of the neurons that it only names.
    pub(super) fn filled<'a>(&self, json: &'a Value) -> Cow<'a, Value> {
        let registered = REGISTERED.lock().unwrap_or_else(PoisonError::into_inner);
        if self.fields.is_empty() && registered.is_empty() {
            return Cow::Borrowed(json);
        }
        let mut json = json.clone();
        let fields = match json.get_mut("__data__") {
            Some(inner) => inner.get_mut("__cfg__"),
            None => json.get_mut("__cfg__"),
        };
        if let Some(Value::Object(fields)) = fields {
            let known = |class: &str| {
                let given = self.fields.get(class);
                given.or_else(|| registered.get(class).filter(|_| REGISTRY.neuron(class).is_none()))
            };
            fill(fields, &known);
        }
        Cow::Owned(json)
    }
}

/// A neuron with units, if it leaves them to the brain around it.
fn with_any_units(json: &Value) -> Cow<'_, Value> {
    let fields = json.pointer(fields_pointer(json)).and_then(Value::as_object);
    let units = fields.map(|fields| fields.get("units").unwrap_or(&Value::Null));
    let is_brain = json.get("__type__").and_then(Value::as_str) == Some("brain_config");
    if is_brain || !units.is_some_and(|units| units.is_null() || *units == json!([])) {
        return Cow::Borrowed(json);
    }
    let mut json = json.clone();
    let base = fields_pointer(&json);
    if let Some(Value::Object(fields)) = json.pointer_mut(base) {
        fields.insert("units".to_owned(), json!([1]));
    }
    Cow::Owned(json)
}

/// Fills in the neurons among the modules of a network. What is no module is told by who reads it.
fn fill<'a>(fields: &mut Fields, known: &impl Fn(&str) -> Option<&'a Fields>) {
    let Some(Value::Array(modules)) = fields.get_mut("modules_specs") else {
        return;
    };
    for module in modules {
        let Some(data) = module.get_mut("__data__") else {
            continue;
        };
        let class = data
            .pointer("/module_cls/__module_type__")
            .and_then(Value::as_str);
        let class = snake_case(class.unwrap_or_default());
        if data
            .pointer("/module_cls/__subregistry__")
            .and_then(Value::as_str)
            != Some("NEURONS")
        {
            continue;
        }
        match data.get_mut("config").map(untagged) {
            Some(Value::Object(config)) if config.contains_key("modules_specs") => fill(config, known),
            Some(Value::Object(config)) => {
                if let Some(neuron) = known(&class) {
                    let own = std::mem::replace(config, neuron.clone());
                    leave_units_to_neuron(config);
                    config.extend(own.into_iter().filter(|(_, value)| !value.is_null()));
                }
            }
            None | Some(Value::Null) => {
                if let (Some(neuron), Value::Object(data)) = (known(&class), data) {
                    data.insert("config".to_owned(), Value::Object(neuron.clone()));
                }
            }
            Some(_) => {}
        }
    }
}

/// Files repeat the units of a neuron in each of its modules: those are to be what the brain says.
fn leave_units_to_neuron(fields: &mut Fields) {
    let units = fields.get("units").cloned();
    let modules = fields.get_mut("modules_specs").and_then(Value::as_array_mut);
    for module in modules.into_iter().flatten() {
        if let Some(Value::Object(config)) = module.pointer_mut("/__data__/config").map(untagged)
            && config.get("units") == units.as_ref()
        {
            config.shift_remove("units");
        }
    }
}

/// The fields of a configuration that may be tagged.
fn untagged(config: &mut Value) -> &mut Value {
    if config.get("__type__").is_some() && config.get("__cfg__").is_some_and(Value::is_object) {
        return &mut config["__cfg__"];
    }
    config
}

fn fields_of(name: &str, config: &ModelConfig) -> Result<Fields, BuildError> {
    if config.table().kind == ModuleKind::Brain {
        let problem = Problem::new(name, "SPK027: a brain cannot stand for a neuron");
        return Err(problem.help("declare it as a neuron, `neuron_config`").into());
    }
    Ok(DynConfig::to_fields(config))
}

/// Neurons that the program has registered.
static REGISTERED: Mutex<BTreeMap<String, Fields>> = Mutex::new(BTreeMap::new());

/// Registers a neuron for all files that are read from here on; [`Neurons`] does so for one. Neurons that are compiled
/// into the program go before it.
///
/// ```
/// use spark::nn::controllers::{ModelConfig, register_neuron_from_config};
/// use spark::prelude::*;
///
/// # fn main() -> Result<(), BuildError> {
/// let pool = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
/// let config = ModelConfig::from_json(&pool)?;
/// register_neuron_from_config("MyPool", &config)?;
/// // Once more is no harm; another neuron of the same name is.
/// register_neuron_from_config("my_pool", &config)?;
/// assert!(register_neuron_from_config("my_pool", &config.with_new_seeds(1)).is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If it is a brain, or another neuron has the name.
pub fn register_neuron_from_config(name: &str, config: &ModelConfig) -> Result<(), BuildError> {
    register(name, fields_of(name, config)?)
}

fn register(name: &str, fields: Fields) -> Result<(), BuildError> {
    let key = snake_case(name);
    let taken = |by: &str| {
        let problem = Problem::new(name, format!("{by} has the name `{key}`"));
        BuildError::from(problem.help("register it under another name, and use that name in the files"))
    };
    if REGISTRY.get(&key).is_some() {
        return Err(taken("a module that is compiled into the program"));
    }
    let mut registered = REGISTERED.lock().unwrap_or_else(PoisonError::into_inner);
    match registered.get(&key) {
        Some(other) if *other != fields => Err(taken("another neuron")),
        Some(_) => Ok(()),
        None => {
            registered.insert(key, fields);
            Ok(())
        }
    }
}

/// Registers the neuron of a file: see [`register_neuron_from_config`].
///
/// ```no_run
/// use spark::nn::controllers::{ModelConfig, register_neuron_from_file};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// register_neuron_from_file("my_pool", "my_pool.scfg")?;
/// let brain = ModelConfig::from_file("brain_of_my_pools.scfg")?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// All problems of the file at once; or it is a brain, or another neuron has the name.
pub fn register_neuron_from_file(name: &str, path: impl AsRef<Path>) -> Result<(), FileError> {
    let path = path.as_ref();
    let mut neurons = Neurons::new().with_file(name, path)?;
    let fields = neurons.fields.remove(&snake_case(name)).unwrap_or_default();
    register(name, fields).map_err(|error| FileError::Format {
        path: path.to_owned(),
        problems: error.problems().iter().map(export::as_diagnostic).collect(),
    })
}
