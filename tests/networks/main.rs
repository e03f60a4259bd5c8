//! Whole networks, declared as a user declares them: they compute what was recorded, their state moves, their files
//! come back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub
)]

mod brains;
mod deferred;
mod files;
mod golden;
mod keys;
mod latency;
mod loaded;
mod npy;
mod reading;
mod recorded;
mod semantics;
mod state;
mod watch;
