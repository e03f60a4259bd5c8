//! What every model is made of.
//!
//! | room | what it holds |
//! |---|---|
//! | [`module`], [`node`], [`config`], [`registry`] | parts of a network: their trait, their configuration, their names |
//! | [`catalog`] | all that is registered, as a page |
//! | [`payload`] | what travels on wires |
//! | [`variable`], [`constant`], [`state`], [`split`] | what changes, what does not, taking it out and putting it back |
//! | [`rng`], [`initializer`] | random numbers and what is drawn from them |
//! | [`units`], [`number`], [`dtype`], [`array`](mod@array) | quantities, number types, arrays |
//! | [`npy`] | arrays from NumPy files, embedded |
//! | [`overrides`] | changes of configurations by name |
//! | [`validator`], [`error`], [`compat`], [`specs`] | checks and their words, the mode of computation, file forms |

pub mod array;
pub mod catalog;
pub mod compat;
pub mod config;
pub mod constant;
pub mod convert;
pub mod dtype;
pub mod dynamic;
pub mod error;
pub mod field;
pub mod init;
pub mod initializer;
pub(crate) mod memory;
pub mod module;
pub mod node;
pub mod npy;
pub mod number;
pub mod overrides;
pub mod param;
pub mod payload;
pub mod registry;
pub mod rng;
pub mod sharing;
pub mod specs;
pub mod split;
pub mod state;
#[doc(hidden)]
pub mod support;
pub mod units;
pub mod validator;
pub mod variable;
