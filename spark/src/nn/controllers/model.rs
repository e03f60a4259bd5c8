//! A model from a file, as a program uses it.

use std::any::Any;
use std::path::Path;

use serde_json::Value;
use spark_ir::shape::MAX_INPUTS;

use super::config::ModelConfig;
use super::network::{Network, entry_of};
use super::neurons::Neurons;
use super::read::{node_at, output_of, property_of};
use crate::batch::{Member, Step};
use crate::checkpoint::{self, CheckpointError, Checkpointed};
use crate::core::dynamic::DynModule;
use crate::core::error::{BuildError, Problem};
use crate::core::module::{AnyInput, PortInfo};
use crate::core::payload::Shape;
use crate::core::registry::PayloadEntry;
use crate::core::state::{StateMap, StateReader, StateVisitor, Stateful};
use crate::rt::controller::{self, ControllerConfig};
use crate::watch::Watch;

/// A brain or neuron whose graph is known at run time only. See [`ModelConfig`] for an example.
///
/// It runs the same modules in the same order as the network that `network!` declares for the same graph, and gives the
/// same bits.
pub struct Model {
    network: Network,
    config: ModelConfig,
    shapes: Vec<Option<PortInfo>>,
    /// Types of its inputs.
    payloads: Vec<&'static PayloadEntry>,
}

impl Model {
    /// Builds a model for inputs of these shapes.
    ///
    /// # Errors
    /// All problems of the configuration and of the shapes: an input without a shape, a shape without an input.
    pub fn from_config(config: &ModelConfig, shapes: &[(&str, Shape)]) -> Result<Self, BuildError> {
        let infos = infos(config, shapes)?;
        Model::build(config, infos)
    }

    fn build(config: &ModelConfig, infos: Vec<Option<PortInfo>>) -> Result<Self, BuildError> {
        let config = controller::resolved(config)?;
        let keys = controller::top_keys(&config.header(), config.graph().name);
        let inputs = config.table().inputs.iter();
        Ok(Model {
            network: Network::build(&config, infos.clone(), keys)?,
            payloads: inputs
                .map(|port| entry_of(port.payload))
                .collect::<Result<_, _>>()?,
            config,
            shapes: infos,
        })
    }

    /// Builds the network of a checkpoint, in the state that it was saved in: that of a model, or of any network that
    /// `network!` declares.
    ///
    /// ```
    /// use spark::nn::controllers::Model;
    /// use spark::prelude::*;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("spark-doc-model-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let path = folder.join("pool.safetensors");
    /// # let config = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() };
    /// # let pool = LIFNeuron::build(config, LIFNeuronShapes { in_spikes: Shape::from(8) })?;
    /// pool.save(&path)?; // a declared neuron, "pool.safetensors"
    /// let mut model = Model::load(&path)?;
    /// assert_eq!(spark::snapshot(&model), spark::snapshot(&pool));
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// All problems at once: no checkpoint, damaged, a module that is not registered, a state that does not fit.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CheckpointError> {
        checkpoint::load(path)
    }

    /// Saves configuration and state: a run from the file goes on as this one. See [`checkpoint`].
    ///
    /// # Errors
    /// If the file cannot be written; the old file is then untouched.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), CheckpointError> {
        checkpoint::save(self, path)
    }

    /// One step. Inputs are given by name.
    ///
    /// # Errors
    /// An input that is missing, not known, or of another type or shape. Nothing is stepped then.
    pub fn step<'a>(
        &mut self,
        inputs: impl IntoIterator<Item = (&'a str, &'a dyn Any)>,
    ) -> Result<(), Problem> {
        let mut given: [Option<&dyn Any>; MAX_INPUTS] = [None; MAX_INPUTS];
        for (name, value) in inputs {
            let index = self.input(name)?;
            self.check_shape(index, value)?;
            given[index] = Some(value);
        }
        let fed = given.into_iter().enumerate();
        self.network
            .step(&mut fed.filter_map(|(index, value)| Some((index, AnyInput::Shared(value?)))))
    }

    /// The index of an input.
    fn input(&self, name: &str) -> Result<usize, Problem> {
        let names = self.network.table().inputs.iter().map(|port| port.name);
        names
            .clone()
            .position(|known| known == name)
            .ok_or_else(|| unknown_input(names, name))
    }

    /// Refuses a payload of another type or shape than the model was built for.
    fn check_shape(&self, index: usize, value: &dyn Any) -> Result<(), Problem> {
        let port = &self.network.table().inputs[index];
        let Some(found) = self.payloads[index].ops.info(value) else {
            return Err(Problem::new(port.name, "this input takes another type").expected(port.payload.name));
        };
        match &self.shapes[index] {
            Some(built) if built.shape != found.shape => {
                let problem = Problem::new(port.name, "the shape is not that which the model was built for");
                Err(problem.expected(&built.shape).found(&found.shape))
            }
            _ => Ok(()),
        }
    }

    /// What the last step gave at an output; `None` if there is none of this name and type.
    pub fn output<P: Any>(&self, name: &str) -> Option<&P> {
        self.output_any(name)?.downcast_ref()
    }

    /// The same, whatever its type is.
    pub fn output_any(&self, name: &str) -> Option<&dyn Any> {
        let outputs = self.network.table().outputs;
        self.network
            .output(outputs.iter().position(|port| port.name == name)?)
    }

    /// What a node wrote in the last step: `spiker`, `spikes`. Dots lead into the networks in it: `left.synapses`.
    pub fn node_output(&self, node: &str, port: &str) -> Option<&dyn Any> {
        output_of(node_at(&self.network, node)?, port)
    }

    /// A property of a node after the last step: `soma`, `potential`. Dots lead into the networks in it: `left.soma`.
    pub fn node_property(&self, node: &str, property: &str) -> Option<&dyn Any> {
        property_of(node_at(&self.network, node)?, property)
    }

    pub(super) fn network(&self) -> &dyn DynModule {
        &self.network
    }

    /// Shows a [`Watch`] what happened in the last step: to be called after each.
    pub fn watch(&self, watch: &mut Watch) {
        DynModule::watch(&self.network, &self.config, "", watch);
        watch.state(&self.network);
    }

    /// Builds the model anew with seeds drawn from `seed`, or from one that the operating system gives: see
    /// [`ModelConfig::refresh_seeds`]. What was learned and all activity is gone. Gives the seed.
    ///
    /// # Errors
    /// The system has no random numbers; or what the new seeds draw cannot be built. The model is then as it was.
    pub fn refresh_seeds(&mut self, seed: Option<u32>) -> Result<u32, BuildError> {
        let mut config = self.config.clone();
        let seed = config.refresh_seeds(seed)?;
        *self = Model::build(&config, self.shapes.clone())?;
        Ok(seed)
    }

    /// The names of its inputs.
    pub fn get_controller_inputs(&self) -> Vec<&'static str> {
        self.config.get_controller_inputs()
    }

    /// The names of its outputs.
    pub fn get_controller_outputs(&self) -> Vec<&'static str> {
        self.config.get_controller_outputs()
    }

    /// Clears activity; keeps what was learned and the random streams.
    pub fn reset(&mut self) {
        self.network.reset();
    }

    /// A copy in the same state. What never changes and is shared by handle (delay plans, masks) stays shared.
    ///
    /// # Errors
    /// If the type of a module is not `Clone`, with the place of that module.
    pub fn duplicate(&self) -> Result<Self, Problem> {
        Ok(Model {
            network: self.network.duplicate()?,
            config: self.config.clone(),
            shapes: self.shapes.clone(),
            payloads: self.payloads.clone(),
        })
    }

    /// Its ports.
    pub fn table(&self) -> &'static spark_ir::table::ModuleTable {
        self.network.table()
    }

    /// The configuration that it was built from: seeds, time step and units are filled in.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The shapes of its inputs, in the order of the table.
    pub fn shapes(&self) -> impl Iterator<Item = Option<&Shape>> {
        self.shapes
            .iter()
            .map(|info| info.as_ref().map(|info| &info.shape))
    }

    /// The state under the Python package's paths and in its layout.
    pub fn spark_state(&self) -> StateMap {
        let mut state = StateMap::new();
        self.network.spark_state("", &mut state);
        state
    }
}

impl Stateful for Model {
    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        self.network.visit(visitor);
    }

    fn visit_ref(&self, reader: &mut StateReader<'_>) {
        self.network.visit_ref(reader);
    }
}

impl Member for Model {
    fn duplicate(&self) -> Result<Self, Problem> {
        Model::duplicate(self)
    }

    fn reset(&mut self) {
        self.network.reset();
    }
}

impl<'a, I: IntoIterator<Item = (&'a str, &'a dyn Any)>> Step<I> for Model {
    fn try_step(&mut self, inputs: I) -> Result<(), Problem> {
        self.step(inputs)
    }
}

impl Checkpointed for Model {
    type Config = ModelConfig;
    const DECLARED: bool = false;

    fn saved_config(&self) -> &ModelConfig {
        &self.config
    }

    fn saved_shapes(&self) -> Vec<Shape> {
        let shapes = self.shapes();
        shapes.map(|shape| shape.cloned().unwrap_or_default()).collect()
    }

    fn read_config(name: &str, json: &Value) -> Result<ModelConfig, BuildError> {
        ModelConfig::from_named_json(name, json, &Neurons::new())
    }

    fn rebuild(config: ModelConfig, shapes: &[Shape]) -> Result<Self, BuildError> {
        let infos = shapes.iter().map(|shape| Some(PortInfo::plain(shape.clone())));
        Model::build(&config, infos.collect())
    }
}

fn unknown_input<'a>(known: impl Iterator<Item = &'a str> + Clone, name: &str) -> Problem {
    let problem = Problem::new("", format!("the model has no input `{name}`"));
    let problem = problem.expected(known.clone().collect::<Vec<_>>().join(", "));
    match spark_ir::suggest::nearest(name, known) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    }
}

/// Shapes for inputs that the model does not have.
fn unknown_inputs(config: &ModelConfig, shapes: &[(&str, Shape)]) -> Vec<Problem> {
    let inputs = config.table().inputs;
    let known = inputs.iter().map(|port| port.name);
    let is_unknown = |name: &str| !inputs.iter().any(|port| port.name == name);
    let unknown = shapes.iter().filter(|(name, _)| is_unknown(name));
    unknown
        .map(|(name, _)| unknown_input(known.clone(), name))
        .collect()
}

/// Refuses shapes for inputs that the model does not have.
pub(super) fn check_names(config: &ModelConfig, shapes: &[(&str, Shape)]) -> Result<(), BuildError> {
    BuildError::check(unknown_inputs(config, shapes))
}

fn infos(config: &ModelConfig, shapes: &[(&str, Shape)]) -> Result<Vec<Option<PortInfo>>, BuildError> {
    let inputs = config.table().inputs;
    let mut problems = unknown_inputs(config, shapes);
    let mut infos = Vec::new();
    for port in inputs {
        match shapes.iter().find(|(name, _)| *name == port.name) {
            Some((_, shape)) => infos.push(Some(PortInfo::plain(shape.clone()))),
            None => problems.push(
                Problem::new(port.name, "the shape of this input is not given")
                    .help("files do not hold the shapes of inputs: give one for each"),
            ),
        }
    }
    BuildError::check(problems)?;
    Ok(infos)
}
