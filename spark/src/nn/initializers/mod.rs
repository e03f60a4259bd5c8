//! Initializers: draw arrays when a module is built. Each is its own configuration.
//!
//! | initializer | draws |
//! |---|---|
//! | [`ConstantInitializer`] | the same number everywhere |
//! | [`UniformInitializer`] | uniform numbers |
//! | [`SparseUniformInitializer`] | uniform numbers at some places, 0 elsewhere |
//! | [`NormalizedSparseUniformInitializer`] | the same, scaled so that the sum over the inputs of a unit is fixed |
//!
//! Others say which synapses there are: kernels then hold these and nothing else, and rules of plasticity change their
//! weights, but create none.
//!
//! | initializer | connects |
//! |---|---|
//! | [`PairwiseBernoulliInitializer`] | each pair of neurons with some probability |
//! | [`FixedInDegreeInitializer`] | each unit to as many inputs |
//! | [`FixedOutDegreeInitializer`] | each input to as many units |
//! | [`AllToAllInitializer`] | all pairs of neurons |
//! | [`OneToOneInitializer`] | input `i` to unit `i` |
//! | [`ConnectionListInitializer`] | the pairs of a list |

mod connectivity;
mod constant;
mod normalized_sparse_uniform;
mod sparse_uniform;
mod uniform;

pub use connectivity::{
    AllToAllInitializer, AllToAllInitializerConfig, ConnectionListInitializer,
    ConnectionListInitializerConfig, FixedInDegreeInitializer, FixedInDegreeInitializerConfig,
    FixedOutDegreeInitializer, FixedOutDegreeInitializerConfig, OneToOneInitializer,
    OneToOneInitializerConfig, PairwiseBernoulliInitializer, PairwiseBernoulliInitializerConfig,
};
pub use constant::{ConstantInitializer, ConstantInitializerConfig};
pub use normalized_sparse_uniform::{
    NormalizedSparseUniformInitializer, NormalizedSparseUniformInitializerConfig,
};
pub use sparse_uniform::{SparseUniformInitializer, SparseUniformInitializerConfig};
pub use uniform::{UniformInitializer, UniformInitializerConfig};
