//! Spiking neural networks declared as Rust source and checked by the compiler.
//!
//! | room | what it holds |
//! |---|---|
//! | [`core`](mod@core) | modules, configs, payloads, state, random numbers |
//! | [`nn`] | the models: somas, synapses, delays, plasticity, interfaces |
//! | [`units`] | quantities with a unit |
//! | [`prelude`] | what most programs use |

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

// Generated code names `::spark` paths, inside this crate too.
extern crate self as spark;

pub mod core;
#[cfg(doctest)]
mod guides;
mod kernels;
pub mod nn;
pub mod prelude;
#[doc(hidden)]
pub mod rt;

pub use crate::core::units;

pub use crate::core::array::{ArrayD, Real};
pub use crate::core::compat::Compat;
pub use crate::core::constant::Constant;
pub use crate::core::dtype::Dtype;
pub use crate::core::error::{ArrayError, BuildError, MergeError, Problem};
pub use crate::core::payload::{
    BooleanMask, Concat, CurrentArray, FloatArray, IntegerArray, IntegerMask, Mask, PotentialArray, Shape,
    SparkPayload, SpikeArray, SpikeForm,
};
pub use crate::core::registry::REGISTRY;
pub use crate::core::rng::Key;
pub use crate::core::specs::{InputSpec, ModuleRef, ModuleSpecs, OutputSpec, PortMap, PortShape, PortSpecs};
pub use crate::core::split::{Filter, Graph, IntoStates, SplitError, merge, split, split_with};
pub use crate::core::state::{State, StateArray, StateEntry, StateMap, Stateful, restore, snapshot};
pub use crate::core::variable::{Variable, VariableKind};

pub use spark_macros::{
    network, register_cfg_validator, register_config, register_initializer, register_module, register_payload,
};
