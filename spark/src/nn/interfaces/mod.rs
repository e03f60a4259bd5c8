//! Interfaces between the world and a network.

pub mod input;
pub mod output;
