//! The calls that the Python package makes while it builds a model. They move state (kernels are clipped, random
//! streams advance, a brain's wires fill), so [`Compat::SparkSnn1`](crate::Compat) repeats them. The default mode never
//! steps a model while building it.
//!
//! With zeros for inputs, the package does: a module in a network is called, reset, called; a neuron in a brain, built
//! like this, is called once more; then the whole network is called and reset, and a brain keeps what its wires hold.

use spark_ir::table::ModuleKind;

use crate::core::module::Module;

use super::node::Node;

/// What the package does with a module of a network once it is built. `call` calls it with zeros.
pub fn rehearse<M: Module>(node: &mut Node<M>, mut call: impl FnMut(&mut M, &mut M::Outputs)) {
    if M::TABLE.kind == ModuleKind::Module {
        call(&mut node.module, &mut node.out);
        node.module.reset();
    }
    call(&mut node.module, &mut node.out);
    if M::TABLE.inputs.iter().any(|port| port.writable) {
        // A rule was lent a stand-in for the kernel: it has yet to bound the real one, which the package does in the
        // call of the whole network. Its traces are as empty after zeros as after a reset.
        node.module.reset();
    }
}
