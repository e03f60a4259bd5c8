//! Checkpoints: the configuration and the whole state of a model in one file, from which a run goes on as if it had
//! never stopped.
//!
//! Networks have `save` and `load`; this room holds what they stand for, the file itself ([`Checkpoint`]), the state of
//! a module alone ([`save_state`]) and [`Autosave`].
//!
//! ```
//! use spark::prelude::*;
//!
//! network! {
//!     /// A population that chance drives.
//!     pub brain Noisy(signal: FloatArray[8]) -> (spikes: SpikeArray[8]) {
//!         spiker = PoissonSpiker;
//!         pool   = LIFNeuron { units: [8] };
//!         signal          -> spiker.signal;
//!         spiker.spikes   -> pool.in_spikes;
//!         pool.out_spikes -> spikes;
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("spark-doc-checkpoint-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("noisy.safetensors");
//! let signal = FloatArray::filled(8, 0.5);
//! let mut brain = Noisy::new()?;
//! brain.run(100, |_| NoisyInputs { signal: &signal });
//! brain.save(&path)?; // "noisy.safetensors"
//!
//! // Later, in another process:
//! let mut again = Noisy::load(&path)?;
//! brain.run(100, |_| NoisyInputs { signal: &signal });
//! again.run(100, |_| NoisyInputs { signal: &signal });
//! assert_eq!(spark::snapshot(&again), spark::snapshot(&brain));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! ```
//!
//! The file is a [safetensors](https://huggingface.co/docs/safetensors) file; `docs/checkpoints.md` describes it and
//! reads it in Python.

mod arrays;
mod autosave;
mod error;
mod format;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::file;

pub use spark_ir::table::ModuleKind;

pub use autosave::Autosave;
pub use error::CheckpointError;

use crate::core::compat::Compat;
use crate::core::config::DynConfig;
use crate::core::error::BuildError;
use crate::core::payload::Shape;
use crate::core::state::{self, StateMap, Stateful, snapshot};
use crate::rt::controller::ControllerConfig;
use crate::rt::export;

/// What can be saved and built again from what was saved: networks that `network!` declares, and
/// [`Model`](crate::nn::controllers::Model).
pub trait Checkpointed: Stateful + Sized {
    /// Its configuration.
    type Config: ControllerConfig + DynConfig;

    /// Whether the graph is declared, so that a file need not say all of it.
    const DECLARED: bool;

    /// The configuration that it was built from, with nothing left open.
    fn saved_config(&self) -> &Self::Config;

    /// The shapes of its inputs, in the order of the graph.
    fn saved_shapes(&self) -> Vec<Shape>;

    /// The configuration that a file holds of a network of this name.
    ///
    /// # Errors
    /// All problems at once, each with its JSON pointer.
    fn read_config(name: &str, json: &Value) -> Result<Self::Config, BuildError>;

    /// Builds it anew; the shapes of the inputs stand in the order of the graph.
    ///
    /// # Errors
    /// All problems of the configuration and of the shapes.
    fn rebuild(config: Self::Config, shapes: &[Shape]) -> Result<Self, BuildError>;
}

/// An input of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// The shape that the network was built for.
    pub shape: Shape,
}

/// What the file of a checkpoint holds, for programs that look into it.
///
/// ```
/// use spark::checkpoint::Checkpoint;
/// use spark::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("spark-doc-file-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("pool.safetensors");
/// # let config = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() };
/// # LIFNeuron::build(config, LIFNeuronShapes { in_spikes: Shape::from(8) })?.save(&path)?;
/// let mut file = Checkpoint::read(&path)?; // "pool.safetensors"
/// assert_eq!((file.name.as_str(), &file.inputs[0].shape), ("LIFNeuron", &Shape::from(8)));
/// assert!(file.state.get("synapses/weights/kernel").is_some());
/// file.notes.insert("reward".to_owned(), "0.75".to_owned());
/// file.write(&path)?;
/// let pool: LIFNeuron = Checkpoint::read(&path)?.build()?;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// The name of the model.
    pub name: String,
    /// What it is of.
    pub kind: ModuleKind,
    /// The mode of computation.
    pub compat: Compat,
    /// The version of `spark` that wrote it.
    pub version: String,
    /// The configuration as the Python package's JSON; none if it holds a state alone.
    pub config: Option<Value>,
    /// The inputs of a network.
    pub inputs: Vec<Input>,
    /// What the program that saved it wanted to keep besides: a step number, a score.
    pub notes: BTreeMap<String, String>,
    /// All variables by path.
    pub state: StateMap,
    /// Why the configuration says too little for a network that is not declared.
    declared_only: Vec<String>,
    /// The file that it was read from.
    path: PathBuf,
}

impl Checkpoint {
    /// Of a network as it is now.
    pub fn of<M: Checkpointed>(model: &M) -> Self {
        let config = model.saved_config();
        let graph = config.graph();
        let (json, problems) = export::built_to_json(config);
        let inputs = graph.inputs.iter().zip(model.saved_shapes());
        Checkpoint {
            name: graph.name.to_owned(),
            kind: graph.kind,
            compat: config.header().compat.unwrap_or_default(),
            config: Some(json),
            inputs: inputs
                .map(|(input, shape)| Input {
                    name: input.name.to_owned(),
                    shape,
                })
                .collect(),
            declared_only: problems.iter().map(ToString::to_string).collect(),
            ..Checkpoint::of_state(graph.name, snapshot(model))
        }
    }

    /// Of a state alone.
    pub fn of_state(name: impl Into<String>, state: StateMap) -> Self {
        Checkpoint {
            name: name.into(),
            kind: ModuleKind::Module,
            compat: Compat::default(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            config: None,
            inputs: Vec::new(),
            notes: BTreeMap::new(),
            state,
            declared_only: Vec::new(),
            path: PathBuf::new(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// All problems at once: no checkpoint, cut off, damaged, of a version that is not known.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, CheckpointError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|reason| CheckpointError::io(path, "read", reason))?;
        Checkpoint::from_bytes(&bytes, path)
    }

    /// Writes a file, which is complete or untouched: what stood there is replaced once all is on the disk.
    ///
    /// # Errors
    /// If the system refuses, or a variable has a name that the format needs itself.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), CheckpointError> {
        let path = path.as_ref();
        let bytes = format::encode(self).map_err(|problems| CheckpointError::refused(path, problems))?;
        Ok(file::write_bytes(path, &bytes)?)
    }

    /// What the bytes of a file hold. `path` is what errors name.
    ///
    /// # Errors
    /// Those of [`Checkpoint::read`].
    pub fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, CheckpointError> {
        let mut checkpoint =
            format::decode(bytes).map_err(|problems| CheckpointError::refused(path, problems))?;
        checkpoint.path = path.to_owned();
        Ok(checkpoint)
    }

    /// The bytes of a file. Equal checkpoints give equal bytes.
    ///
    /// # Errors
    /// A variable has a name that the format needs itself.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        format::encode(self).map_err(|problems| CheckpointError::refused(Path::new(""), problems))
    }

    /// Builds the network that was saved, in the state that it was in.
    ///
    /// # Errors
    /// All problems at once: another network, a state that does not fit.
    pub fn build<M: Checkpointed>(self) -> Result<M, CheckpointError> {
        let refused = |problems| CheckpointError::refused(&self.path, problems);
        let Some(config) = &self.config else {
            let message = "the checkpoint holds a state without the configuration of a network";
            let problem = Diagnostic::error("SPK106", "spark.config".to_owned(), message);
            return Err(refused(vec![problem.help(
                "build the module yourself, then put the state in with `Checkpoint::restore`",
            )]));
        };
        self.check_declared::<M>()?;
        let of_config = |error: BuildError| refused(error.problems().iter().map(error::of_config).collect());
        let config = M::read_config(&self.name, config).map_err(of_config)?;
        let shapes = self.shapes(&config)?;
        let mut model = M::rebuild(config, &shapes).map_err(|error| {
            let problems = error.problems().iter().map(export::as_diagnostic);
            refused(problems.collect())
        })?;
        self.restore(&mut model)?;
        Ok(model)
    }

    /// Puts the state into a model. The model is left as it was if the state does not fit.
    ///
    /// # Errors
    /// All variables that are missing, too many, of another type or shape.
    pub fn restore<M: Stateful + ?Sized>(self, model: &mut M) -> Result<(), CheckpointError> {
        let problems = state::misfits(&state::describe(model), &self.state)
            .into_iter()
            .map(|(misfit, problem)| error::misfit(misfit, &problem, &self.version));
        CheckpointError::check(&self.path, problems.collect())?;
        state::load(model, self.state);
        Ok(())
    }

    /// The shapes of the inputs of a network, in the order of its graph.
    fn shapes<C: ControllerConfig>(&self, config: &C) -> Result<Vec<Shape>, CheckpointError> {
        let inputs = config.graph().inputs;
        let known = |name: &str| inputs.iter().any(|input| input.name == name);
        let other = |name: &str, message: &str| {
            Diagnostic::error("SPK106", format!("spark.inputs/{name}"), message)
                .help("the checkpoint is of another model")
        };
        let mut problems = Vec::new();
        let mut shapes = Vec::new();
        for input in inputs {
            match self.inputs.iter().find(|saved| saved.name == input.name) {
                Some(saved) => shapes.push(saved.shape.clone()),
                None => problems.push(other(input.name, "the checkpoint lacks the shape of this input")),
            }
        }
        let surplus = self.inputs.iter().filter(|saved| !known(&saved.name));
        problems.extend(surplus.map(|saved| other(&saved.name, "the model has no such input")));
        CheckpointError::check(&self.path, problems)?;
        Ok(shapes)
    }

    /// Refuses a network that must be declared, where the graph comes from the file.
    fn check_declared<M: Checkpointed>(&self) -> Result<(), CheckpointError> {
        if M::DECLARED || self.declared_only.is_empty() {
            return Ok(());
        }
        let problem = |reason: &String| {
            let message = "the configuration does not say all of the network";
            Diagnostic::error("SPK112", "spark.config".to_owned(), message)
                .found(reason)
                .help("load the checkpoint with `load` of the network that `network!` declares")
        };
        let problems = self.declared_only.iter().map(problem).collect();
        Err(CheckpointError::refused(&self.path, problems))
    }
}

/// Saves a network: the `save` of every network.
///
/// # Errors
/// If the file cannot be written; the old file is then untouched.
pub fn save<M: Checkpointed>(model: &M, path: impl AsRef<Path>) -> Result<(), CheckpointError> {
    let mut checkpoint = Checkpoint::of(model);
    checkpoint.path = path.as_ref().to_owned();
    // A model that could not be loaded again is not worth a file.
    checkpoint.check_declared::<M>()?;
    checkpoint.write(path)
}

/// Builds a network from a file, in the state that it was saved in: the `load` of every network.
///
/// # Errors
/// All problems at once: no checkpoint, damaged, of another network, a state that does not fit.
pub fn load<M: Checkpointed>(path: impl AsRef<Path>) -> Result<M, CheckpointError> {
    Checkpoint::read(path)?.build()
}

/// Saves a state alone: that of a module which stands in no network, or a part of a larger one. `name` is for those
/// who look into the file.
///
/// ```
/// use spark::checkpoint::{restore_state, save_state};
/// use spark::prelude::*;
///
/// #[derive(Stateful)]
/// struct Counter {
///     count: Variable<u64>,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("spark-doc-state-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("counter.safetensors");
/// let counter = Counter { count: Variable::new(41) };
/// save_state(&path, "Counter", spark::snapshot(&counter))?; // "counter.safetensors"
///
/// let mut again = Counter { count: Variable::new(0) };
/// restore_state(&path, &mut again)?;
/// assert_eq!(*again.count, 41);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If the file cannot be written; the old file is then untouched.
pub fn save_state(path: impl AsRef<Path>, name: &str, state: StateMap) -> Result<(), CheckpointError> {
    Checkpoint::of_state(name, state).write(path)
}

/// Puts the state that a file holds into a model that was built otherwise. See [`save_state`]. The model is left as it
/// was if the state does not fit.
///
/// # Errors
/// All problems at once: no checkpoint, damaged, a state that does not fit.
pub fn restore_state<M: Stateful + ?Sized>(
    path: impl AsRef<Path>,
    model: &mut M,
) -> Result<(), CheckpointError> {
    Checkpoint::read(path)?.restore(model)
}
