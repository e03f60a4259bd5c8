//! Networks by chance: whatever can be composed of the library's modules is the same model in every form.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub
)]

mod dice;
mod drive;
mod forms;
mod network;
#[allow(
    deprecated,
    reason = "there are nodes in them on which nothing depends, which is warned of"
)]
mod sources;
mod twins;
