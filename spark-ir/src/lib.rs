//! The description of a spiking network, without arrays and without tokens.
//!
//! The macros, the runtime, the file loader and the editor all speak about the same thing: modules with typed
//! ports, fields with units, wires between them. This crate is where that thing is described and checked, so that
//! all of them say the same about the same mistake.
//!
//! | room | what it holds |
//! |---|---|
//! | [`table`] | what the attribute macros emit: port, field, module and graph tables |
//! | [`shape`] | shapes as data, and the one interpreter of shape rules (usable in `const`) |
//! | [`wiring`] | `const` checks whose panics are the compile errors of `network!` |
//! | [`mod@unit`] | units and dimensions |
//! | [`graph`], [`check`], [`schedule`] | the graph as written, its checks, the order of a step |
//! | [`diagnostic`] | problems: code, place, expected, found, help |
//! | `format` | the Python package's files (feature `files`) |
//! | [`message`] | texts that `const` code can build |
//! | [`names`] | registry keys, type names, identifiers |
//! | [`draw`] | a graph as mermaid text |

pub mod check;
pub mod diagnostic;
pub mod draw;
#[cfg(feature = "files")]
pub mod format;
pub mod graph;
pub mod message;
pub mod names;
pub mod schedule;
pub mod shape;
pub mod suggest;
pub mod table;
pub mod unit;
pub mod wiring;
