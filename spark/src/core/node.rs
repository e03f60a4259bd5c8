//! A module with what belongs to it in a network: its outputs, its random stream.

use crate::core::dynamic::DynModule;
use crate::core::error::{BuildError, Problem};
use crate::core::module::{Keys, Module, Payloads, PortInfo, Ports};
use crate::core::payload::SpikeArray;
use crate::core::rng::Key;
use crate::core::sharing::Part;
use crate::core::state::{StateMap, StateReader, StateVisitor, Stateful, join};
use crate::core::support::check_inputs;
use crate::core::variable::{Variable, VariableKind};

/// A module in a network.
pub struct Node<M: Module> {
    /// The module.
    pub module: M,
    /// What it wrote in this step.
    pub out: M::Outputs,
    /// Brains: what it wrote in the step before, which is what the other nodes read.
    pub seen: M::Outputs,
    /// Its random stream after building, unless the module itself keeps it.
    stream: Option<Variable<Key>>,
}

impl<M: Module> Node<M> {
    /// Builds a module for what arrives at its inputs. `keys` are its own.
    pub fn build(
        config: &M::Config,
        infos: Vec<Option<PortInfo>>,
        mut keys: Keys,
    ) -> Result<Self, BuildError> {
        let ports = Ports::<M>::new(infos);
        check_inputs::<M>(config, &ports, keys.path())?;
        let module = M::build(config, &ports, &mut keys)?;
        let out = module
            .outputs(config, &ports)
            .map_err(|error| error.inside(keys.path()))?;
        Ok(Node {
            module,
            seen: out.clone(),
            out,
            stream: keys.into_stream(),
        })
    }

    /// The same node in the same state. A module that cannot be copied is a problem at `name`.
    ///
    /// # Errors
    /// If a module is not `Clone`.
    pub fn duplicate(&self, name: &str) -> Result<Self, Problem> {
        Ok(Node {
            module: self.module.duplicate().map_err(|problem| problem.inside(name))?,
            out: self.out.clone(),
            seen: self.seen.clone(),
            stream: self.stream.clone(),
        })
    }

    /// The state of the node under the Python package's names.
    pub fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.module.spark_state(path, state);
        if let Some(stream) = &self.stream {
            state.insert_u32(join(path, "rng"), ndarray::arr1(&stream.0).into_dyn());
        }
    }

    /// Clears activity, and what the other nodes of a brain would still read of it.
    pub fn clear(&mut self, keep_seen: bool) {
        self.module.reset();
        if !keep_seen {
            self.out.clear();
            self.seen.clear();
        }
    }

    /// Takes over what only the same node of another copy has got or fired in the last `steps` steps.
    pub fn exchange(&mut self, other: &Self, steps: usize) {
        self.module.exchange(&other.module, steps);
        self.out.unite(&other.out);
        self.seen.unite(&other.seen);
    }

    /// Takes over the state of the part that a copy computes; what all copies have in common from the first one.
    pub fn gather(&mut self, copy: &Self, part: Part) {
        self.module.gather(&copy.module, part);
        if part.index == 0 {
            self.out.latch(&copy.out);
            self.seen.latch(&copy.seen);
            self.stream.clone_from(&copy.stream);
        }
    }

    /// Makes this step's outputs visible to the next step.
    pub fn latch(&mut self) {
        self.seen.latch(&self.out);
    }
}

#[diagnostic::do_not_recommend]
impl<M: Module> Stateful for Node<M> {
    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        self.module.visit(visitor);
        if let Some(stream) = &mut self.stream {
            visitor.leaf("rng", stream);
        }
    }

    fn visit_ref(&self, reader: &mut StateReader<'_>) {
        self.module.visit_ref(reader);
        if let Some(stream) = &self.stream {
            reader.leaf("rng", stream);
        }
    }
}

/// The outputs of the step before, as the Python package keeps them: `_cache/<node>/<port>/0`.
pub fn spark_seen(path: &str, name: &str, state: &mut StateMap, module: &dyn DynModule) {
    let mut seen = StateMap::new();
    let place = join(path, &join("_cache", name));
    module.read_seen(&mut StateReader::new(&place, &mut seen));
    for (index, port) in module.table().outputs.iter().enumerate() {
        let place = join(&place, port.name);
        let spikes = module
            .seen(index)
            .and_then(|value| value.downcast_ref::<SpikeArray>());
        match (spikes, seen.remove(&place)) {
            (_, Some(entry)) => {
                state.insert(join(&place, "0"), entry);
            }
            // Our own state has the ring that delayed spikes are read from; the package has the spikes.
            (Some(spikes), None) => {
                state.insert_array(join(&place, "0"), VariableKind::Activity, spikes.encoded());
            }
            (None, None) => {}
        }
    }
}
