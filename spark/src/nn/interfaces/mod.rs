//! Interfaces between the world and a network.

pub mod control;
pub mod input;
pub mod output;
