//! Models leave a process as a file and go on in another one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub
)]

mod autosave;
#[allow(dead_code, reason = "the tests use a part of what `network!` makes")]
mod brains;
mod broken;
mod files;
mod killed;
mod python;
mod runs;
mod strange;
mod support;
