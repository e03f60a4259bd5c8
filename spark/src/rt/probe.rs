//! Whether a type is what it stands for, asked before anything is made of it.
//!
//! A bound that does not hold is an error wherever it is needed, and a network needs each of its types in a hundred
//! places. So generated code asks once, in a `const` check with words of ours, and names the type only through an alias
//! that holds the answer: where the check fails the alias is an error that the compiler has told already.

use std::marker::PhantomData;

use crate::core::config::SparkConfig;
use crate::core::error::Problem;
use crate::core::field::FieldType;
use crate::core::initializer::Initializer;
use crate::core::module::{Module, not_cloned};
use crate::core::payload::{Concat, SparkPayload};
use crate::core::validator::ConfigValidator;

/// Answers for a type: the constants of its own `impl`s hide those of [`Otherwise`] where the bound holds.
pub struct Probe<T>(PhantomData<fn() -> T>);

/// The answers where the bounds do not hold.
pub trait Otherwise {
    /// Whether the type is a module.
    const IS_MODULE: bool = false;
    /// Whether the type is a payload.
    const IS_PAYLOAD: bool = false;
    /// Whether the type is a configuration.
    const IS_CONFIG: bool = false;
    /// Whether the type may be that of a field.
    const IS_FIELD: bool = false;
    /// Whether the type is an initializer.
    const IS_INITIALIZER: bool = false;
    /// Whether the type is a validator.
    const IS_VALIDATOR: bool = false;
    /// Whether several values of the type become one.
    const IS_CONCAT: bool = false;
}

impl<T> Otherwise for Probe<T> {}

impl<T: Module> Probe<T> {
    /// It is a module.
    pub const IS_MODULE: bool = true;
}

impl<T: SparkPayload> Probe<T> {
    /// It is a payload.
    pub const IS_PAYLOAD: bool = true;
}

impl<T: SparkConfig> Probe<T> {
    /// It is a configuration.
    pub const IS_CONFIG: bool = true;
}

impl<T: FieldType> Probe<T> {
    /// It may be.
    pub const IS_FIELD: bool = true;
}

impl<T: Initializer> Probe<T> {
    /// It is an initializer.
    pub const IS_INITIALIZER: bool = true;
}

impl<T: ConfigValidator> Probe<T> {
    /// It is a validator.
    pub const IS_VALIDATOR: bool = true;
}

impl<T: Concat> Probe<T> {
    /// Several of it become one.
    pub const IS_CONCAT: bool = true;
}

/// `T`, if a check gave 0.
pub struct Checked<T, const CHECK: usize>(PhantomData<fn() -> T>);

/// `T`, if all checks behind the types `A` have held.
pub struct Gated<T, A>(PhantomData<fn() -> (T, A)>);

/// The type behind a check.
pub trait Pick {
    /// That type.
    type Out;
}

impl<T> Pick for Checked<T, 0> {
    type Out = T;
}

impl<T, A> Pick for Gated<T, A> {
    type Out = T;
}

/// 0, once the check in the type `A` has held.
pub const fn held<A>() -> usize {
    0
}

/// A module that is to be copied: its own method hides that of [`NotCloned`] where the module is `Clone`.
pub struct Copied<'a, M>(pub &'a M);

impl<M: Module + Clone> Copied<'_, M> {
    /// The copy.
    ///
    /// # Errors
    /// Never.
    pub fn duplicate(&self) -> Result<M, Problem> {
        Ok(self.0.clone())
    }
}

/// The answer for a module that is not `Clone`.
pub trait NotCloned<M> {
    /// No copy.
    fn duplicate(&self) -> Result<M, Problem>;
}

impl<M: Module> NotCloned<M> for Copied<'_, M> {
    fn duplicate(&self) -> Result<M, Problem> {
        Err(not_cloned(M::TABLE))
    }
}
