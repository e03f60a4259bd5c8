//! Brains and neurons from files under the names of the Python package: models that are known to be one or the other.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::path::Path;

use serde_json::Value;
use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::file::FileError;
use spark_ir::table::ModuleKind;

use super::config::ModelConfig;
use super::model::Model;
use super::neurons::Neurons;
use crate::checkpoint::CheckpointError;
use crate::core::compat::Compat;
use crate::core::error::{BuildError, Problem};
use crate::core::payload::Shape;
use crate::rt::export;

const fn word(kind: ModuleKind) -> &'static str {
    match kind {
        ModuleKind::Brain => "brain",
        ModuleKind::Neuron => "neuron",
        ModuleKind::Module => "module",
    }
}

/// Refuses a configuration of another kind.
fn check_kind(config: &ModelConfig, kind: ModuleKind, name: &str) -> Result<(), Problem> {
    let found = config.table();
    if found.kind == kind {
        return Ok(());
    }
    let (is, wanted) = (word(found.kind), word(kind));
    let problem = Problem::new("/__type__", format!("this is a {is}, not a {wanted}"))
        .expected(format!("{wanted}_config"))
        .found(found.config.key);
    let other = if found.kind == ModuleKind::Brain {
        "Brain"
    } else {
        "Neuron"
    };
    Err(problem.help(format!(
        "use `{other}` in place of `{name}`, or `Model`, which is either of them"
    )))
}

macro_rules! kind {
    ($kind:ident, $name:ident, $config:ident, $example:literal, $text:literal, $config_text:literal) => {
        #[doc = $config_text]
        #[derive(Debug, Clone)]
        pub struct $config(ModelConfig);

        impl $config {
            /// Reads a file, `.scfg` or `.json`.
            ///
            /// # Errors
            /// All problems at once, each with its JSON pointer; or the file holds the other kind.
            pub fn from_file(path: impl AsRef<Path>) -> Result<Self, FileError> {
                $config::from_file_with(path, &Neurons::new())
            }

            /// Reads a file that may name neurons whose modules stand elsewhere.
            ///
            /// # Errors
            /// Those of
            #[doc = concat!("[`", stringify!($config), "::from_file`].")]
            pub fn from_file_with(path: impl AsRef<Path>, neurons: &Neurons) -> Result<Self, FileError> {
                let path = path.as_ref();
                let config = ModelConfig::from_file_with(path, neurons)?;
                check_kind(&config, ModuleKind::$kind, stringify!($name)).map_err(|problem| {
                    FileError::Format {
                        path: path.to_owned(),
                        problems: vec![export::as_diagnostic(&problem)],
                    }
                })?;
                Ok($config(config))
            }

            /// Reads JSON of the same content.
            ///
            /// # Errors
            /// Those of
            #[doc = concat!("[`", stringify!($config), "::from_file`].")]
            pub fn from_json(json: &Value) -> Result<Self, BuildError> {
                $config::from_json_with(json, &Neurons::new())
            }

            /// Reads JSON that may name neurons whose modules stand elsewhere.
            ///
            /// # Errors
            /// Those of
            #[doc = concat!("[`", stringify!($config), "::from_file`].")]
            pub fn from_json_with(json: &Value, neurons: &Neurons) -> Result<Self, BuildError> {
                ModelConfig::from_json_with(json, neurons)?.try_into()
            }

            /// The same configuration with all seeds drawn anew from one, as the Python package draws them.
            #[must_use]
            pub fn with_new_seeds(self, seed: u32) -> Self {
                $config(self.0.with_new_seeds(seed))
            }

            /// The same configuration in this mode, whatever its file says.
            #[must_use]
            pub fn with_compat(self, compat: Compat) -> Self {
                $config(self.0.with_compat(compat))
            }
        }

        impl TryFrom<ModelConfig> for $config {
            type Error = BuildError;

            fn try_from(config: ModelConfig) -> Result<Self, BuildError> {
                check_kind(&config, ModuleKind::$kind, stringify!($name))?;
                Ok($config(config))
            }
        }

        impl From<$config> for ModelConfig {
            fn from(config: $config) -> Self {
                config.0
            }
        }

        impl Deref for $config {
            type Target = ModelConfig;

            fn deref(&self) -> &ModelConfig {
                &self.0
            }
        }

        /// Fields and seeds are changed; the graph, and with it the kind, stays.
        impl DerefMut for $config {
            fn deref_mut(&mut self) -> &mut ModelConfig {
                &mut self.0
            }
        }

        #[doc = $text]
        ///
        /// ```
        #[doc = $example]
        /// ```
        pub struct $name(Model);

        impl $name {
            /// Builds it for inputs of these shapes.
            ///
            /// # Errors
            /// All problems of the configuration and of the shapes.
            pub fn from_config(config: &$config, shapes: &[(&str, Shape)]) -> Result<Self, BuildError> {
                Ok($name(Model::from_config(&config.0, shapes)?))
            }

            /// Builds it from a checkpoint, in the state that it was saved in.
            ///
            /// # Errors
            /// All problems of the checkpoint at once; or it is of the other kind.
            pub fn load(path: impl AsRef<Path>) -> Result<Self, CheckpointError> {
                let path = path.as_ref();
                let model = Model::load(path)?;
                match check_kind(model.config(), ModuleKind::$kind, stringify!($name)) {
                    Ok(()) => Ok($name(model)),
                    Err(problem) => Err(CheckpointError::Refused {
                        path: path.to_owned(),
                        problems: vec![of_checkpoint(&problem)],
                    }),
                }
            }
        }

        impl TryFrom<Model> for $name {
            type Error = BuildError;

            fn try_from(model: Model) -> Result<Self, BuildError> {
                check_kind(model.config(), ModuleKind::$kind, stringify!($name))?;
                Ok($name(model))
            }
        }

        impl From<$name> for Model {
            fn from(model: $name) -> Self {
                model.0
            }
        }

        impl Deref for $name {
            type Target = Model;

            fn deref(&self) -> &Model {
                &self.0
            }
        }

        /// State and seeds are changed; the graph, and with it the kind, stays.
        impl DerefMut for $name {
            fn deref_mut(&mut self) -> &mut Model {
                &mut self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name))
                    .field(self.0.config())
                    .finish()
            }
        }
    };
}

/// The kind of a checkpoint stands in its metadata.
fn of_checkpoint(problem: &Problem) -> Diagnostic<String> {
    let mut diagnostic = export::as_diagnostic(problem);
    diagnostic.code = "SPK106";
    diagnostic.span = "spark.kind".to_owned();
    diagnostic
}

kind!(
    Brain,
    Brain,
    BrainConfig,
    r#"use spark::nn::controllers::{Brain, BrainConfig, Neuron, NeuronConfig};
use spark::prelude::*;

network! {
    brain Relay(spikes: SpikeArray[8]) -> (out: SpikeArray[3]) {
        pool = LIFNeuron { units: [3] };
        spikes          -> pool.in_spikes;
        pool.out_spikes -> out;
    }
}

# fn main() -> Result<(), Box<dyn std::error::Error>> {
# let json = Relay::config().to_json()?;
// `BrainConfig::from_file("brain.scfg")?` reads a file.
let mut config = BrainConfig::from_json(&json)?;
let seed = config.refresh_seeds(None)?; // another brain each time; `Some(seed)` makes the same one again
let mut brain = Brain::from_config(&config, &[("spikes", Shape::from(8))])?;
assert_eq!(brain.get_controller_inputs(), ["spikes"]);

let volley = SpikeArray::from_indices(8, 0..8)?;
brain.step([("spikes", &volley as &dyn std::any::Any)])?;
let potential: &PotentialArray = brain.read("pool.soma.potential")?;
assert_eq!(potential.as_slice().len(), 3);

// A brain is no neuron.
assert!(NeuronConfig::from_json(&json).is_err());
# Ok(())
# }"#,
    "A brain whose graph is known at run time only: a [`Model`] that is no neuron. It has all methods of [`Model`].",
    "The configuration of a [`Brain`]: a [`ModelConfig`] that is no neuron. It has all methods of [`ModelConfig`]."
);

kind!(
    Neuron,
    Neuron,
    NeuronConfig,
    r#"use spark::nn::controllers::{BrainConfig, Neuron, NeuronConfig};
use spark::prelude::*;

# fn main() -> Result<(), Box<dyn std::error::Error>> {
# let json = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
// `NeuronConfig::from_file("pool.scfg")?` reads a file.
let mut config = NeuronConfig::from_json(&json)?;
config.set("soma__threshold", -45.0)?;
let mut pool = Neuron::from_config(&config, &[("in_spikes", Shape::from(8))])?;
let volley = SpikeArray::from_indices(8, 0..8)?;
pool.step([("in_spikes", &volley as &dyn std::any::Any)])?;
assert!(pool.output::<SpikeArray>("out_spikes").is_some());

// A neuron is no brain.
assert!(BrainConfig::from_json(&json).is_err());
# Ok(())
# }"#,
    "A neuron whose graph is known at run time only: a [`Model`] that is no brain. It has all methods of [`Model`].",
    "The configuration of a [`Neuron`]: a [`ModelConfig`] that is no brain. It has all methods of [`ModelConfig`]."
);
