//! The measuring ground: kernels of the library in known situations, for benchmarks, instruction counts and sweeps.
//! `docs/performance.md` is its page.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod brain;
mod kernel;
mod list;

pub use kernel::{Case, Feed, Kernel};
pub use list::{Size, cases};
