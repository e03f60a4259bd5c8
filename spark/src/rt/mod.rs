//! What generated code calls. Nothing here is meant to be named by hand, and nothing here is stable.
//!
//! The macros emit short calls; the logic they stand for is ordinary code in this room:
//! [`ports`] reaches ports by index, [`controller`] builds, seeds and checks
//! networks, [`export`] writes and reads their files, [`differences`] tells in what the Python package differs from them.

pub mod controller;
pub mod differences;
pub mod export;
mod fields;
pub mod hidden_calls;
pub mod ports;
mod probe;
mod state;

pub use linkme;
pub use serde;
pub use serde_json;
pub use spark_ir::{shape, table, wiring};

pub use crate::core::compat::Compat;
pub use crate::core::config::*;
pub use crate::core::error::{BuildError, Problem};
pub use crate::core::field::*;
pub use crate::core::module::*;
pub use crate::core::number::{CheckedNumber, Number, number};
pub use crate::core::payload::{BooleanMask, Mask, Shape, Shape as Units, SparkPayload};
pub use crate::core::registry::*;
pub use crate::core::rng::Key;
pub use crate::core::specs::ModuleSpecs;
pub use crate::core::state::{State, StateMap, StateReader, StateVisitor, Stateful};
pub use crate::core::support::*;
pub use crate::core::variable::Variable;
pub use crate::units::*;

pub use crate::core::node::{Node, spark_seen};
pub use controller::*;
pub use differences::{all_differences, classes_with_differences};
pub use export::FileError;
pub use fields::*;
pub use ports::*;
pub use probe::*;
pub use state::*;

use spark_ir::shape::ConstValue;

/// A known number as `f64`, for arithmetic in `const` checks; NaN if it is not one.
pub const fn as_f64(value: ConstValue) -> f64 {
    match value {
        ConstValue::Number(number) => number,
        ConstValue::Dims(_) | ConstValue::Unknown => f64::NAN,
    }
}

/// `outer.inner`, as errors and state maps name places.
pub fn join(outer: &str, inner: &str) -> String {
    crate::core::config::dotted(outer, inner)
}
