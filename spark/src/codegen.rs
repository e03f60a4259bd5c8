//! Model files as Rust source: what the command `spark codegen` prints.
//!
//! ```
//! use spark::codegen::{Options, from_json};
//! use spark::prelude::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let json = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
//! // `from_file("pool.scfg", ..)` reads a file.
//! let mut options = Options::named("Pool");
//! options.inputs.push("in_spikes=[8]".parse().expect("a shape"));
//! let source = from_json(&json, &options)?;
//! assert!(source.text.starts_with("pub neuron Pool(in_spikes: SpikeArray[8]) -> (out_spikes: SpikeArray) {"));
//! assert!(source.text.contains("soma         = LeakySoma { seed: "));
//! assert!(source.program("pool.scfg").contains("network! {"));
//! # Ok(())
//! # }
//! ```

use std::path::Path;

use serde_json::{Map, Value};
use spark_ir::format::file::{self, FileError, Limits};
use spark_ir::format::source;
use spark_ir::format::tags::is_bookkeeping;
use spark_ir::format::vocabulary::{ConfigWords, FieldWords, ModuleWords, PortWords, Vocabulary};
use spark_ir::table::{ConfigTable, NumberForm, PortTable};

use crate::core::error::BuildError;
use crate::core::registry::{ModuleEntry, REGISTRY};
use crate::rt::export::as_problem;

pub use spark_ir::format::source::{Arrays, NpyFile, Options, PortOption, Source};

/// The source of the model in a file, `.scfg` or `.json`.
///
/// # Errors
/// All problems at once, each with its JSON pointer.
pub fn from_file(path: impl AsRef<Path>, options: &Options) -> Result<Source, FileError> {
    let path = path.as_ref();
    let json = file::read(path, &Limits::default())?;
    source::source(&json, &vocabulary(), options).map_err(|problems| FileError::Format {
        path: path.to_owned(),
        problems,
    })
}

/// The source of the model in JSON of the same content.
///
/// # Errors
/// All problems at once, each with its JSON pointer.
pub fn from_json(json: &Value, options: &Options) -> Result<Source, BuildError> {
    source::source(json, &vocabulary(), options)
        .map_err(|problems| BuildError::from(problems.iter().map(as_problem).collect::<Vec<_>>()))
}

/// What the registry knows of the classes in files: all modules, neurons, initializers and payloads that are linked into
/// the program.
pub fn vocabulary() -> Vocabulary {
    let modules = REGISTRY.modules().iter().chain(REGISTRY.neurons());
    let initializers = REGISTRY.initializers().iter().map(|entry| {
        let default = (entry.make)();
        config_words(entry.table, default.config().to_fields())
    });
    let payloads = REGISTRY.payloads().iter();
    Vocabulary {
        modules: modules.map(|entry| module_words(entry)).collect(),
        values: initializers.collect(),
        payloads: payloads
            .map(|entry| (entry.table.key.to_owned(), entry.table.name.to_owned()))
            .collect(),
    }
}

fn module_words(entry: &ModuleEntry) -> ModuleWords {
    let table = entry.table;
    let config = (entry.default_config)();
    ModuleWords {
        class: table.class.to_owned(),
        name: table.name.to_owned(),
        neuron: table.graph.is_some(),
        inputs: table.inputs.iter().map(port_words).collect(),
        outputs: table.outputs.iter().map(port_words).collect(),
        properties: table.properties.iter().map(port_words).collect(),
        config: config_words(table.config, config.to_fields()),
    }
}

fn port_words(port: &PortTable) -> PortWords {
    PortWords {
        name: port.name.to_owned(),
        payload: port.payload.name.to_owned(),
        in_place: port.writable,
    }
}

fn config_words(table: &ConfigTable, default: Map<String, Value>) -> ConfigWords {
    let fields = table.fields.iter().map(|field| FieldWords {
        name: field.name.to_owned(),
        ty: field.ty.to_owned(),
        unit: field.unit.to_owned(),
        required: field.required,
        scalar_array: field.number == NumberForm::Array,
    });
    ConfigWords {
        key: table.key.to_owned(),
        name: table.name.to_owned(),
        fields: fields.collect(),
        default: without_bookkeeping(default),
    }
}

/// The fields alone, inside of nested configurations too.
fn without_bookkeeping(fields: Map<String, Value>) -> Map<String, Value> {
    fn cleaned(value: Value) -> Value {
        match value {
            Value::Object(entries) => {
                let kept = |key: &str| !is_bookkeeping(key) || TAGS.contains(&key);
                let kept = entries.into_iter().filter(|(key, _)| kept(key));
                Value::Object(kept.map(|(key, value)| (key, cleaned(value))).collect())
            }
            Value::Array(items) => Value::Array(items.into_iter().map(cleaned).collect()),
            other => other,
        }
    }
    /// What a value is read by.
    const TAGS: [&str; 6] = [
        "__type__",
        "__cfg__",
        "__data__",
        "__module_type__",
        "__subregistry__",
        "__payload_type__",
    ];
    let fields = fields.into_iter().filter(|(key, _)| !is_bookkeeping(key));
    fields.map(|(key, value)| (key, cleaned(value))).collect()
}
