//! `const` checks over the tables. A panic in one of them is a compile error of `network!`, in our words, at the
//! user's token. [`find`] has the same checks without the panic, for the loader and the editor.
//!
//! Every function is `#[track_caller]`: the error then points at the call, whose spans are the user's tokens.

// These panics are the product: rustc prints them as the diagnostics of a network. And a message is as large as a
// message is: it is built once, on the way to an error.
#![allow(clippy::panic, clippy::result_large_err)]

use crate::shape::{ConstValue, Flow};
use crate::table::{ConfigTable, GraphTable, ModuleTable, PayloadTable};

pub mod find;

use find::Found;

#[track_caller]
const fn settle(found: Found) -> usize {
    match found {
        Ok(index) => index,
        Err(message) => panic!("{}", message.as_str()),
    }
}

/// The index of the input `port` of a node (SPK020).
#[track_caller]
pub const fn input_index(module: &ModuleTable, node: &str, port: &str) -> usize {
    settle(find::input(module, node, port))
}

/// The index of the output `port` of a node (SPK021).
#[track_caller]
pub const fn output_index(module: &ModuleTable, node: &str, port: &str) -> usize {
    settle(find::output(module, node, port))
}

/// The index of the property `port` of a node (SPK022).
#[track_caller]
pub const fn property_index(module: &ModuleTable, node: &str, port: &str) -> usize {
    settle(find::property(module, node, port))
}

/// The index of the property `port` of a node, which must be one that can be written (SPK022, SPK023).
#[track_caller]
pub const fn writable_property_index(module: &ModuleTable, node: &str, port: &str) -> usize {
    settle(find::writable_property(module, node, port))
}

/// The index of the input `port` of a node, which must be one that is only read (SPK020, SPK024).
#[track_caller]
pub const fn shared_input_index(module: &ModuleTable, node: &str, port: &str) -> usize {
    settle(find::shared_input(module, node, port))
}

/// The index of the input `port` of a node, which must be one that is updated in place (SPK020, SPK025).
#[track_caller]
pub const fn in_place_index(module: &ModuleTable, node: &str, port: &str) -> usize {
    settle(find::in_place(module, node, port))
}

/// `from` must carry what `to` takes (SPK030).
#[track_caller]
pub const fn same_payload(given: &PayloadTable, from: &str, taken: &PayloadTable, to: &str) -> usize {
    settle(find::payload(given, from, taken, to))
}

/// Several sources may go into `to` only if the payload can be concatenated (SPK031).
#[track_caller]
pub const fn concatenates(payload: &PayloadTable, to: &str, sources: usize) -> usize {
    settle(find::concatenation(payload, to, sources))
}

/// Several sources may go into a port only if it takes them one by one or its payload can be concatenated (SPK031).
#[track_caller]
pub const fn fan_in(module: &ModuleTable, node: &str, port: &str, sources: usize) -> usize {
    settle(find::fan_in(module, node, port, sources))
}

/// All required inputs must be wired (SPK026); the message names all that are not.
#[track_caller]
pub const fn required_inputs(module: &ModuleTable, node: &str, wired: &[&str]) -> usize {
    settle(find::required_inputs(module, node, wired))
}

/// A brain cannot be a node (SPK027).
#[track_caller]
pub const fn not_a_brain(module: &ModuleTable, node: &str) -> usize {
    settle(find::not_a_brain(module, node))
}

/// A node must be a module (SPK028).
#[track_caller]
pub const fn module(is: bool, node: &str, ty: &str, help: &str) -> usize {
    settle(find::module(is, node, ty, help))
}

/// A port must carry a payload (SPK032).
#[track_caller]
pub const fn payload_type(is: bool, port: &str, ty: &str) -> usize {
    settle(find::payload_type(is, port, ty))
}

/// What is written in braces must be a configuration or an initializer (SPK046).
#[track_caller]
pub const fn config_type(is: bool, place: &str, ty: &str) -> usize {
    settle(find::config_type(is, place, ty))
}

/// A field must have a type that files can hold (SPK078).
#[track_caller]
pub const fn field_type(is: bool, field: &str, ty: &str) -> usize {
    settle(find::field_type(is, field, ty))
}

/// What a module names as its configuration must be one (SPK072).
#[track_caller]
pub const fn module_config(is: bool, module: &str, ty: &str) -> usize {
    settle(find::module_config(is, module, ty))
}

/// A type must implement the trait that its attribute promises (SPK083).
#[track_caller]
pub const fn promised(is: bool, attribute: &str, ty: &str, form: &str) -> usize {
    settle(find::promised(is, attribute, ty, form))
}

/// A wire must run from an output to an input (SPK029).
#[track_caller]
pub const fn direction(
    from: &ModuleTable,
    from_node: &str,
    from_port: &str,
    to: &ModuleTable,
    to_node: &str,
    to_port: &str,
) -> usize {
    settle(find::direction(from, from_node, from_port, to, to_node, to_port))
}

/// All required fields must be given (SPK040); the message lists all that are not. `units_inherited`: the network
/// around the node says `units`.
#[track_caller]
pub const fn required_fields(
    config: &ConfigTable,
    node: &str,
    given: &[&str],
    units_inherited: bool,
) -> usize {
    settle(find::required_fields(config, node, given, units_inherited))
}

/// The index of a field (SPK041).
#[track_caller]
pub const fn field_index(config: &ConfigTable, node: &str, field: &str) -> usize {
    settle(find::field(config, node, field))
}

/// The index of a field that holds a nested configuration (SPK042).
#[track_caller]
pub const fn nested_config(config: &ConfigTable, node: &str, field: &str) -> usize {
    settle(find::nested_config(config, node, field))
}

/// A number must lie in the range of its field (SPK043). `field` may be dotted.
#[track_caller]
pub const fn in_range(config: &ConfigTable, node: &str, field: &str, value: ConstValue) -> usize {
    settle(find::in_range(config, node, field, value))
}

/// The shapes of all outputs of a graph: follow them once, then ask [`check_shapes_in`] and [`check_output_shape_in`].
pub const fn shapes_of(graph: &GraphTable<'_>) -> Flow {
    find::shapes_of(graph)
}

/// What arrives at the inputs of a node must have the shapes that they take (SPK050).
#[track_caller]
pub const fn check_shapes(graph: &GraphTable<'_>, node: usize) -> usize {
    settle(find::shapes_in(graph, &find::shapes_of(graph), node))
}

/// [`check_shapes`] with the shapes already followed.
#[track_caller]
pub const fn check_shapes_in(graph: &GraphTable<'_>, flow: &Flow, node: usize) -> usize {
    settle(find::shapes_in(graph, flow, node))
}

/// What arrives at one wired port of a node must have the shape that it takes (SPK050). `feed` counts the feeds of
/// the node: an error then points at one wire.
#[track_caller]
pub const fn check_feed_shape_in(graph: &GraphTable<'_>, flow: &Flow, node: usize, feed: usize) -> usize {
    settle(find::feed_shape_in(graph, flow, node, feed))
}

/// An output of the graph must have the shape that is declared for it (SPK051).
#[track_caller]
pub const fn check_output_shape(graph: &GraphTable<'_>, output: usize) -> usize {
    settle(find::output_shape_in(graph, &find::shapes_of(graph), output))
}

/// [`check_output_shape`] with the shapes already followed.
#[track_caller]
pub const fn check_output_shape_in(graph: &GraphTable<'_>, flow: &Flow, output: usize) -> usize {
    settle(find::output_shape_in(graph, flow, output))
}
