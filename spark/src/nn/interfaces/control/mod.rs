//! Streams put together and taken apart, on their way between parts of a network.
//!
//! | interface | its output |
//! |---|---|
//! | [`Concat`] | all inputs, flattened, one after the other |
//! | [`ConcatReshape`] | the same in a shape of choice |
//! | [`Sampler`] | elements of the input, chosen once at random |
//!
//! Each is there once per payload: [`Concat`] takes spikes, [`FloatConcat`] numbers, [`CurrentConcat`] currents,
//! [`PotentialConcat`] potentials, [`IntegerConcat`] whole numbers, [`MaskConcat`] truth values; so do the others. The Python package has one class for all payloads, and files say that
//! class.

mod concat;
mod join;
mod sample;
mod sampler;

pub use concat::{
    Concat, ConcatConfig, ConcatReshape, ConcatReshapeConfig, CurrentConcat, CurrentConcatReshape,
    FloatConcat, FloatConcatReshape, IntegerConcat, IntegerConcatReshape, MaskConcat, MaskConcatReshape,
    PotentialConcat, PotentialConcatReshape,
};
pub use sampler::{
    CurrentSampler, FloatSampler, IntegerSampler, MaskSampler, PotentialSampler, Sampler, SamplerConfig,
};
