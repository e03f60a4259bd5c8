//! Modules whose type is known at run time only: what networks read from files are made of.

use std::any::Any;

use spark_ir::table::ModuleTable;

use crate::core::error::{BuildError, Problem};
use crate::core::module::{AnyInput, Keys, Module, Payloads, PortInfo, Ports};
use crate::core::rng::Key;
use crate::core::state::{StateMap, StateReader, StateVisitor, Stateful, Variable};

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

    /// Clears activity.
    fn reset(&mut self);

    /// The state under the Python package's paths.
    fn spark_state(&self, path: &str, state: &mut StateMap);
}

/// A module and its outputs.
pub struct Dynamic<M: Module> {
    module: M,
    out: M::Outputs,
    seen: M::Outputs,
    /// The random stream, unless the module itself keeps it.
    stream: Option<Variable<Key>>,
}

impl<M: Module> Dynamic<M> {
    /// Builds a module for what arrives at its inputs.
    pub fn build(
        config: &M::Config,
        infos: Vec<Option<PortInfo>>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let ports = Ports::<M>::new(infos);
        let module = M::build(config, &ports, keys)?;
        let out = module
            .outputs(config, &ports)
            .map_err(|error| error.inside(keys.path()))?;
        let stream = keys.clone().into_stream();
        Ok(Dynamic {
            module,
            seen: out.clone(),
            out,
            stream,
        })
    }

    /// The module.
    pub fn module(&self) -> &M {
        &self.module
    }

    /// The module, to be changed.
    pub fn module_mut(&mut self) -> &mut M {
        &mut self.module
    }
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

impl<M: Module> DynModule for Dynamic<M> {
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
        self.seen.latch(&self.out);
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

    fn reset(&mut self) {
        self.module.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.module.spark_state(path, state);
        if let Some(stream) = &self.stream {
            StateReader::new(path, state).leaf("rng", stream);
        }
    }
}

#[diagnostic::do_not_recommend]
impl<M: Module> Stateful for Dynamic<M> {
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
