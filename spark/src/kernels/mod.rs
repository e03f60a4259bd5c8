//! Loops over arrays: what a step spends its time in.
//!
//! Plain functions on slices, so that each one can be compared with its textbook form. Kernels are dense and
//! post-major: the weight from input `j` to unit `i` stands at `i * (inputs + gap) + j`, with a gap where columns would
//! be slow without (`core/payload/rows.rs`). Work follows synaptic events; the only dense loops are those over one value
//! per unit or per input.

pub(crate) mod dispatch;
pub(crate) mod plastic;
pub(crate) mod select;
pub(crate) mod synaptic;
pub(crate) mod trace;
