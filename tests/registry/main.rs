//! A crate outside of `spark` registers a payload, a module, a configuration, an initializer and a validator of its
//! own, and finds all of them in the registry.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod catalog;
mod configs;
mod dynamic;
mod entries;
mod models;
mod overrides;
