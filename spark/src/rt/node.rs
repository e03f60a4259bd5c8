//! A module of a network with what belongs to it there: its outputs, its random stream.

use crate::core::config::SparkConfig;
use crate::core::error::BuildError;
use crate::core::module::{Keys, Module, Payloads, PortInfo, Ports};
use crate::core::rng::Key;
use crate::core::state::{StateMap, StateReader, StateVisitor};
use crate::core::variable::Variable;

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
    /// Builds the module `name` of the network that `around` belongs to.
    pub fn build(
        config: &M::Config,
        infos: Vec<Option<PortInfo>>,
        around: &Keys,
        name: &str,
    ) -> Result<Self, BuildError> {
        let ports = Ports::<M>::new(infos);
        let mut keys = around.inner(config.seed().unwrap_or_default(), name);
        crate::core::support::check_inputs::<M>(config, &ports, keys.path())?;
        let module = M::build(config, &ports, &mut keys)?;
        let out = module.outputs(config, &ports)?;
        Ok(Node {
            module,
            seen: out.clone(),
            out,
            stream: keys.into_stream(),
        })
    }

    /// The state of the node under its name.
    pub fn visit(&mut self, name: &str, visitor: &mut StateVisitor<'_>) {
        visitor.nested(name, |inner| {
            self.module.visit(inner);
            if let Some(stream) = &mut self.stream {
                inner.leaf("rng", stream);
            }
        });
    }

    /// Shows the state of the node under its name.
    pub fn visit_ref(&self, name: &str, reader: &mut StateReader<'_>) {
        reader.nested(name, |inner| {
            self.module.visit_ref(inner);
            if let Some(stream) = &self.stream {
                inner.leaf("rng", stream);
            }
        });
    }

    /// The outputs of the step before, which are state in a brain.
    pub fn visit_seen(&mut self, name: &str, visitor: &mut StateVisitor<'_>) {
        visitor.nested(name, |inner| self.seen.visit(M::TABLE.outputs, inner));
    }

    /// Shows the outputs of the step before.
    pub fn read_seen(&self, name: &str, reader: &mut StateReader<'_>) {
        reader.nested(name, |inner| self.seen.visit_ref(M::TABLE.outputs, inner));
    }

    /// The state of the node under the Python package's names.
    pub fn spark_state(&self, path: &str, name: &str, state: &mut StateMap) {
        let path = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}/{name}")
        };
        self.module.spark_state(&path, state);
        if let Some(stream) = &self.stream {
            super::state::insert_key(state, &path, stream);
        }
    }

    /// The outputs of the step before, as the Python package keeps them: `_cache/<node>/<port>/0`.
    pub fn spark_seen(&self, path: &str, name: &str, state: &mut StateMap) {
        let mut seen = StateMap::new();
        let place = super::state_path(path, &format!("_cache/{name}"));
        self.seen
            .visit_ref(M::TABLE.outputs, &mut StateReader::new(&place, &mut seen));
        for (path, entry) in seen.iter() {
            state.insert(format!("{path}/0"), entry.clone());
        }
    }

    /// Clears activity, and what the other nodes of a brain would still read of it.
    pub fn reset(&mut self, keep_seen: bool) {
        self.module.reset();
        if !keep_seen {
            self.out.clear();
            self.seen.clear();
        }
    }

    /// Makes this step's outputs visible to the next step.
    pub fn latch(&mut self) {
        self.seen.latch(&self.out);
    }
}
