//! The programs in the README and in the guides, compiled and run as doc tests: what they show works.

#[doc = include_str!("../../README.md")]
struct Readme;

#[doc = include_str!("../../docs/grammar.md")]
struct Grammar;

#[doc = include_str!("../../docs/checkpoints.md")]
struct Checkpoints;

#[doc = include_str!("../../docs/modules.md")]
struct Modules;

#[doc = include_str!("../../ARCHITECTURE.md")]
struct Architecture;
