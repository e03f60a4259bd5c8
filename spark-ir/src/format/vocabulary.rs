//! What a program knows of the classes in files: the types that stand for them, their ports, fields and defaults.
//!
//! The registry of a running program gives one; for the macros, which have no registry, that of `spark` itself is kept as
//! a file.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::names::snake_case;

/// All classes that are known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Modules and neurons, sorted by key.
    pub modules: Vec<ModuleWords>,
    /// Initializers and other configurations that stand as values of fields, sorted by key.
    pub values: Vec<ConfigWords>,
    /// Payloads: key and type, `spike_array` and `SpikeArray`.
    pub payloads: Vec<(String, String)>,
}

/// A module or a neuron.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ModuleWords {
    /// Its class in files, `adaptive_leaky_soma`. Several modules may be of one class.
    pub class: String,
    /// Its type, `AdaptiveThresholdLeakySoma`.
    pub name: String,
    /// Whether it is a neuron.
    pub neuron: bool,
    /// Inputs.
    pub inputs: Vec<PortWords>,
    /// Outputs.
    pub outputs: Vec<PortWords>,
    /// Properties.
    pub properties: Vec<PortWords>,
    /// Its configuration.
    pub config: ConfigWords,
}

/// A port.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PortWords {
    /// Its name.
    pub name: String,
    /// The type of its payload, `SpikeArray`.
    pub payload: String,
    /// Inputs: whether it is updated in place; properties: whether it may be.
    pub in_place: bool,
}

/// A configuration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConfigWords {
    /// Its key in files, `uniform_initializer_config`.
    pub key: String,
    /// Its type, `UniformInitializer`.
    pub name: String,
    /// Its fields.
    pub fields: Vec<FieldWords>,
    /// Its defaults, as files hold them.
    pub default: Map<String, Value>,
}

/// A field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldWords {
    /// Its name.
    pub name: String,
    /// Its type, `Init<Ms>`.
    pub ty: String,
    /// The unit of a bare number; empty for a pure number.
    pub unit: String,
    /// Whether it must be given.
    pub required: bool,
    /// Whether files write a plain number as an array without dimensions.
    pub scalar_array: bool,
}

impl Vocabulary {
    /// What [`Vocabulary::to_text`] wrote.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// As JSON, a module per line: what changes shows in a comparison of two versions.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut text = String::from("{\"modules\": [\n");
        let modules: Result<Vec<String>, _> = self.modules.iter().map(serde_json::to_string).collect();
        text.push_str(&modules?.join(",\n"));
        text.push_str("\n], \"values\": [\n");
        let values: Result<Vec<String>, _> = self.values.iter().map(serde_json::to_string).collect();
        text.push_str(&values?.join(",\n"));
        text.push_str("\n], \"payloads\": ");
        text.push_str(&serde_json::to_string(&self.payloads)?);
        text.push_str("}\n");
        Ok(text)
    }

    /// The modules of a class: those of one name that take different payloads.
    pub fn modules_of_class<'a>(&'a self, class: &str) -> impl Iterator<Item = &'a ModuleWords> {
        let class = snake_case(class);
        self.modules
            .iter()
            .filter(move |module| !module.neuron && module.class == class)
    }

    /// A neuron by its class or type.
    pub fn neuron(&self, class: &str) -> Option<&ModuleWords> {
        let key = snake_case(class);
        self.modules
            .iter()
            .find(|module| module.neuron && (module.class == key || module.name == class))
    }

    /// A module by its type.
    pub fn of_type(&self, name: &str) -> Option<&ModuleWords> {
        self.modules.iter().find(|module| module.name == name)
    }

    /// The configuration under a tag: its key, or the key of the initializer that it configures.
    pub fn value(&self, tag: &str) -> Option<&ConfigWords> {
        let key = snake_case(tag);
        let find = |key: &str| self.values.iter().find(|config| config.key == key);
        find(&key).or_else(|| find(&format!("{key}_config")))
    }

    /// The type of a payload.
    pub fn payload(&self, key: &str) -> Option<&str> {
        let found = self
            .payloads
            .iter()
            .find(|(known, name)| known == key || name == key);
        found.map(|(_, name)| name.as_str())
    }
}

impl ModuleWords {
    /// The input of this name.
    pub fn input(&self, name: &str) -> Option<&PortWords> {
        self.inputs.iter().find(|port| port.name == name)
    }

    /// The output of this name.
    pub fn output(&self, name: &str) -> Option<&PortWords> {
        self.outputs.iter().find(|port| port.name == name)
    }

    /// The property of this name.
    pub fn property(&self, name: &str) -> Option<&PortWords> {
        self.properties.iter().find(|port| port.name == name)
    }
}

impl ConfigWords {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&FieldWords> {
        self.fields.iter().find(|field| field.name == name)
    }
}
