//! A model from a file, as a program uses it.

use std::any::Any;

use super::config::ModelConfig;
use super::network::Network;
use crate::core::dynamic::DynModule;
use crate::core::error::{BuildError, Problem};
use crate::core::module::{AnyInput, PortInfo};
use crate::core::payload::Shape;
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
}

impl Model {
    /// Builds a model for inputs of these shapes.
    ///
    /// # Errors
    /// All problems of the configuration and of the shapes: an input without a shape, a shape without an input.
    pub fn from_config(config: &ModelConfig, shapes: &[(&str, Shape)]) -> Result<Self, BuildError> {
        let config = controller::resolved(config)?;
        let infos = infos(&config, shapes)?;
        let keys = controller::top_keys(&config.header(), config.graph().name);
        Ok(Model {
            network: Network::build(&config, infos.clone(), keys)?,
            config,
            shapes: infos,
        })
    }

    /// One step. Inputs are given by name.
    ///
    /// # Errors
    /// An input that is missing, not known, or of another type.
    pub fn step<'a>(
        &mut self,
        inputs: impl IntoIterator<Item = (&'a str, &'a dyn Any)>,
    ) -> Result<(), Problem> {
        let table = self.network.table();
        let mut unknown = None;
        let mut indexed = inputs.into_iter().filter_map(|(name, value)| {
            let index = table.inputs.iter().position(|port| port.name == name);
            if index.is_none() {
                unknown = Some(name);
            }
            Some((index?, AnyInput::Shared(value)))
        });
        let stepped = self.network.step(&mut indexed);
        match unknown {
            Some(name) => Err(unknown_input(table.inputs.iter().map(|port| port.name), name)),
            None => stepped,
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

    /// What a node wrote in the last step: `spiker.spikes`.
    pub fn node_output(&self, node: &str, port: &str) -> Option<&dyn Any> {
        self.network.node_output(node, port)
    }

    /// A property of a node after the last step: `soma`, `potential`.
    pub fn node_property(&self, node: &str, property: &str) -> Option<&dyn Any> {
        self.network.node_property(node, property)
    }

    /// Shows a [`Watch`] what happened in the last step: to be called after each.
    pub fn watch(&self, watch: &mut Watch) {
        DynModule::watch(&self.network, &self.config, "", watch);
        watch.state(&self.network);
    }

    /// Clears activity; keeps what was learned and the random streams.
    pub fn reset(&mut self) {
        self.network.reset();
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
