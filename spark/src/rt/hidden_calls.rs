//! The calls that the Python package makes while it builds a model. They move state (kernels are clipped, random
//! streams advance, a brain's wires fill), so [`Compat::SparkSnn1`](crate::Compat) repeats them. The default mode never
//! steps a model while building it.
//!
//! With zeros for inputs, the package does: a module in a network is called, reset, called; a neuron in a brain, built
//! like this, is called once more; then the whole network is called and reset, and a brain keeps what its wires hold.

use spark_ir::table::ModuleKind;

use crate::core::dynamic::DynModule;

/// What the package does with a module of a network once it is built. `call` calls it with zeros.
pub fn rehearse<D: DynModule + ?Sized>(node: &mut D, mut call: impl FnMut(&mut D)) {
    let table = node.table();
    if table.kind == ModuleKind::Module {
        call(node);
        node.reset();
    }
    call(node);
    if table.inputs.iter().any(|port| port.writable) {
        // A rule was lent a stand-in for the kernel: it has yet to bound the real one, which the package does in the
        // call of the whole network. Its traces are as empty after zeros as after a reset.
        node.reset();
    }
}
