//! Modules whose type is known at run time only: what networks read from files are made of.

use std::any::Any;

use spark_ir::table::ModuleTable;

use crate::core::config::DynConfig;
use crate::core::error::Problem;
use crate::core::module::{AnyInput, Module, Payloads, PortInfo};
use crate::core::node::Node;
use crate::core::state::{StateMap, StateReader, StateVisitor, Stateful};
use crate::watch::Watch;

/// A module of any type, with its outputs.
pub trait DynModule: Stateful + Send {
    /// Its ports and fields.
    fn table(&self) -> &'static ModuleTable;

    /// One step. Inputs are given with their index in the table.
    fn step<'a>(&mut self, inputs: &mut dyn Iterator<Item = (usize, AnyInput<'a>)>) -> Result<(), Problem>;

    /// What it wrote in the last step.
    fn output(&self, port: usize) -> Option<&dyn Any>;

    /// What it had written when [`DynModule::latch`] was called last.
    fn seen(&self, port: usize) -> Option<&dyn Any>;

    /// What a consumer of an output may know when it is built.
    fn output_info(&self, port: usize) -> Option<PortInfo>;

    /// Makes the outputs of this step what the next step sees.
    fn latch(&mut self);

    /// Empties the outputs.
    fn clear_outputs(&mut self);

    /// A property.
    fn property(&self, port: usize) -> Option<&dyn Any>;

    /// A property, to be changed.
    fn property_mut(&mut self, port: usize) -> Option<&mut dyn Any>;

    /// A node of it, if it is a network.
    fn node(&self, name: &str) -> Option<&dyn DynModule>;

    /// Clears the activity of the module; its outputs stay.
    fn reset(&mut self);

    /// The same module in the same state, with its outputs. A problem of it is one of the node `name`.
    fn duplicate(&self, name: &str) -> Result<Box<dyn DynModule>, Problem>;

    /// Lets the outputs of the step before be moved out or in.
    fn visit_seen(&mut self, visitor: &mut StateVisitor<'_>);

    /// Shows the outputs of the step before.
    fn read_seen(&self, reader: &mut StateReader<'_>);

    /// Shows a [`Watch`] what was written in the last step. `config` is that which the module was built from.
    fn watch(&self, config: &dyn DynConfig, place: &str, watch: &mut Watch);

    /// The state under the Python package's paths.
    fn spark_state(&self, path: &str, state: &mut StateMap);
}

/// Required inputs that were not fed, and the wrong ones.
fn not_fed(table: &ModuleTable, fed: u64) -> Option<Problem> {
    let (_, port) = table
        .inputs
        .iter()
        .enumerate()
        .find(|(index, port)| !port.optional && fed & (1 << index) == 0)?;
    Some(Problem::new(
        "",
        format!("`{}` was run without its input `{}`", table.name, port.name),
    ))
}

fn misfed(table: &ModuleTable, index: usize) -> Problem {
    match table.inputs.get(index) {
        Some(port) => Problem::new(
            "",
            format!(
                "the input `{}` of `{}` takes something else",
                port.name, table.name
            ),
        )
        .expected(port.payload.name),
        None => Problem::new("", format!("`{}` has no input number {index}", table.name)),
    }
}

impl<M: Module> DynModule for Node<M> {
    fn table(&self) -> &'static ModuleTable {
        M::TABLE
    }

    fn step<'a>(&mut self, given: &mut dyn Iterator<Item = (usize, AnyInput<'a>)>) -> Result<(), Problem> {
        let mut inputs = M::Inputs::default();
        let mut fed = 0u64;
        for (index, value) in given {
            if !M::feed(&mut inputs, index, value) {
                return Err(misfed(M::TABLE, index));
            }
            fed |= 1 << index;
        }
        if let Some(problem) = not_fed(M::TABLE, fed) {
            return Err(problem);
        }
        self.module.run(inputs, &mut self.out);
        Ok(())
    }

    fn output(&self, port: usize) -> Option<&dyn Any> {
        self.out.get_any(port)
    }

    fn seen(&self, port: usize) -> Option<&dyn Any> {
        self.seen.get_any(port)
    }

    fn output_info(&self, port: usize) -> Option<PortInfo> {
        self.out.info(port)
    }

    fn latch(&mut self) {
        Node::latch(self);
    }

    fn clear_outputs(&mut self) {
        self.out.clear();
        self.seen.clear();
    }

    fn property(&self, port: usize) -> Option<&dyn Any> {
        self.module.property(port)
    }

    fn property_mut(&mut self, port: usize) -> Option<&mut dyn Any> {
        self.module.property_mut(port)
    }

    fn node(&self, name: &str) -> Option<&dyn DynModule> {
        self.module.node(name)
    }

    fn reset(&mut self) {
        self.module.reset();
    }

    fn duplicate(&self, name: &str) -> Result<Box<dyn DynModule>, Problem> {
        Ok(Box::new(Node::duplicate(self, name)?))
    }

    fn visit_seen(&mut self, visitor: &mut StateVisitor<'_>) {
        self.seen.visit(M::TABLE.outputs, visitor);
    }

    fn read_seen(&self, reader: &mut StateReader<'_>) {
        self.seen.visit_ref(M::TABLE.outputs, reader);
    }

    fn watch(&self, config: &dyn DynConfig, place: &str, watch: &mut Watch) {
        let config: &dyn Any = config;
        if let Some(config) = config.downcast_ref() {
            self.module.watch(config, &self.out, place, watch);
        }
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        Node::spark_state(self, path, state);
    }
}
