//! Neurons: populations of units declared with `network!`, one file each.

mod adex;
mod alif;
mod lif;

pub use adex::*;
pub use alif::*;
pub use lif::*;
