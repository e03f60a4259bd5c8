//! Initializers: draw arrays when a module is built. Each is its own configuration.
//!
//! | initializer | draws |
//! |---|---|
//! | [`ConstantInitializer`] | the same number everywhere |
//! | [`UniformInitializer`] | uniform numbers |
//! | [`SparseUniformInitializer`] | uniform numbers at some places, 0 elsewhere |
//! | [`NormalizedSparseUniformInitializer`] | the same, scaled so that the sum over the inputs of a unit is fixed |

mod constant;
mod normalized_sparse_uniform;
mod sparse_uniform;
mod uniform;

pub use constant::{ConstantInitializer, ConstantInitializerConfig};
pub use normalized_sparse_uniform::{
    NormalizedSparseUniformInitializer, NormalizedSparseUniformInitializerConfig,
};
pub use sparse_uniform::{SparseUniformInitializer, SparseUniformInitializerConfig};
pub use uniform::{UniformInitializer, UniformInitializerConfig};
