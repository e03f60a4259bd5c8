//! What can be read of a running model, and by which names.

use std::any::Any;

use spark_ir::format::scfg::{CALL, SELF};
use spark_ir::suggest::nearest;
use spark_ir::table::{ModuleTable, PortTable};

use super::model::Model;
use crate::core::dynamic::DynModule;
use crate::core::error::{BuildError, Problem};
use crate::core::payload::SparkPayload;
use crate::core::specs::PortMap;

/// The node of a network with this name; dots lead into the networks in it.
pub(super) fn node_at<'a>(network: &'a dyn DynModule, path: &str) -> Option<&'a dyn DynModule> {
    // A name in a file may have dots of its own.
    network.table().graph?.nodes.iter().find_map(|node| {
        let rest = path.strip_prefix(node.name)?;
        let inner = network.node(node.name)?;
        match rest.strip_prefix('.') {
            Some(rest) => node_at(inner, rest),
            None => rest.is_empty().then_some(inner),
        }
    })
}

fn index_of(ports: &[PortTable], name: &str) -> Option<usize> {
    ports.iter().position(|port| port.name == name)
}

pub(super) fn output_of<'a>(module: &'a dyn DynModule, port: &str) -> Option<&'a dyn Any> {
    module.output(index_of(module.table().outputs, port)?)
}

pub(super) fn property_of<'a>(module: &'a dyn DynModule, port: &str) -> Option<&'a dyn Any> {
    module.property(index_of(module.table().properties, port)?)
}

/// Everything that a module has to be read, under its place.
fn add_places(table: &ModuleTable, place: &str, places: &mut Vec<String>) {
    let ports = table.outputs.iter().chain(table.properties);
    places.extend(ports.map(|port| crate::rt::join(place, port.name)));
    for node in table.graph.iter().flat_map(|graph| graph.nodes) {
        add_places(node.module, &crate::rt::join(place, node.name), places);
    }
}

impl Model {
    /// Whatever the last step left at a place: an output of the model (`action`), an output of a node
    /// (`left.out_spikes`), a property of a node (`soma.potential`), those of nodes in nodes (`left.soma.potential`). Where
    /// an output and a property have the same name, `soma.spikes()` is the property.
    ///
    /// ```
    /// use spark::nn::controllers::{Model, ModelConfig};
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
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let config = ModelConfig::from_json(&Relay::config().to_json()?)?;
    /// let mut model = Model::from_config(&config, &[("spikes", Shape::from(8))])?;
    /// let volley = SpikeArray::from_indices(8, 0..8)?;
    /// model.step([("spikes", &volley as &dyn std::any::Any)])?;
    /// let potential: &PotentialArray = model.read("pool.soma.potential")?;
    /// assert_eq!(potential.as_slice().len(), 3);
    /// assert!(model.read_any("pool.soma.potentail").is_err()); // "did you mean `pool.soma.potential`?"
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// There is no such place, with the names of those that there are; or it holds another type.
    pub fn read<P: SparkPayload>(&self, place: &str) -> Result<&P, Problem> {
        self.read_any(place)?
            .downcast_ref()
            .ok_or_else(|| Problem::new(place, "another type of payload stands here").found(P::TABLE.name))
    }

    /// The same, whatever its type is.
    ///
    /// # Errors
    /// There is no such place.
    pub fn read_any(&self, place: &str) -> Result<&dyn Any, Problem> {
        let name = place.trim_end_matches("()");
        let (module, port) = match name.rsplit_once('.') {
            None => (Some(self.network()), name),
            Some((path, port)) => (node_at(self.network(), path), port),
        };
        let output = module
            .filter(|_| place == name)
            .and_then(|module| output_of(module, port));
        let value = output.or_else(|| property_of(module?, port));
        value.ok_or_else(|| self.nothing_at(place))
    }

    /// The places that [`Model::read`] takes.
    ///
    /// ```
    /// use spark::nn::controllers::{Model, ModelConfig};
    /// use spark::prelude::*;
    /// # fn main() -> Result<(), BuildError> {
    /// # let json = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
    /// let pool = Model::from_config(&ModelConfig::from_json(&json)?, &[("in_spikes", Shape::from(8))])?;
    /// assert_eq!(pool.places()[..3], ["out_spikes", "inhibition_mask", "delays.out_spikes"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn places(&self) -> Vec<String> {
        let mut places = Vec::new();
        add_places(self.table(), "", &mut places);
        places
    }

    /// What the last step left at ports of nodes, in this order, as the Python package names them.
    ///
    /// ```
    /// use spark::nn::controllers::{Model, ModelConfig};
    /// use spark::prelude::*;
    /// use spark::{PortMap, SpikeArray};
    /// # fn main() -> Result<(), BuildError> {
    /// # let json = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
    /// let pool = Model::from_config(&ModelConfig::from_json(&json)?, &[("in_spikes", Shape::from(8))])?;
    /// let ports = [PortMap::new("soma", "spikes"), PortMap::property("soma", "potential")];
    /// let values = pool.read_state(&ports)?;
    /// assert!(values[0].is::<SpikeArray>() && values[1].is::<PotentialArray>());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// All ports that there are not.
    pub fn read_state(&self, ports: &[PortMap]) -> Result<Vec<&dyn Any>, BuildError> {
        let mut values = Vec::new();
        let mut problems = Vec::new();
        for map in ports {
            match self.read_port(map) {
                Ok(value) => values.push(value),
                Err(problem) => problems.push(problem),
            }
        }
        BuildError::check(problems)?;
        Ok(values)
    }

    fn read_port(&self, map: &PortMap) -> Result<&dyn Any, Problem> {
        let module = match map.origin.as_str() {
            CALL => {
                let problem =
                    Problem::new(format!("{CALL}.{}", map.port), "inputs are not kept after a step");
                return Err(problem.help("keep what was given to `step`"));
            }
            SELF => Some(self.network()),
            node => node_at(self.network(), node),
        };
        let value = module.and_then(|module| match map.is_property {
            true => property_of(module, &map.port),
            false => output_of(module, &map.port),
        });
        value.ok_or_else(|| {
            let what = if map.is_property { "()" } else { "" };
            self.nothing_at(&format!("{}.{}{what}", map.origin, map.port))
        })
    }

    fn nothing_at(&self, place: &str) -> Problem {
        let name = place.trim_end_matches("()");
        let path = name.rsplit_once('.').map_or("", |(path, _)| path);
        // What the node has whose port it is not, or else what the model has.
        let inside = node_at(self.network(), path).map(|node| around(node.table(), path));
        let known = inside.filter(|known| !known.is_empty());
        let known = known.unwrap_or_else(|| around(self.table(), ""));
        let problem =
            Problem::new("", format!("there is no `{place}` in the model")).expected(known.join(", "));
        match nearest(name, self.places().iter().map(String::as_str)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        }
    }
}

/// What a module has to be read, and its nodes.
fn around(table: &ModuleTable, place: &str) -> Vec<String> {
    let ports = table.outputs.iter().chain(table.properties);
    let ports = ports.map(|port| crate::rt::join(place, port.name));
    let nodes = table.graph.iter().flat_map(|graph| graph.nodes);
    let nodes = nodes.map(|node| format!("{}.*", crate::rt::join(place, node.name)));
    ports.chain(nodes).collect()
}
