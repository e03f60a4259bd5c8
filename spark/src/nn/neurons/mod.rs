//! Neurons: populations of units declared with `network!`, one file each.

mod alif;
mod lif;

pub use alif::*;
pub use lif::*;
