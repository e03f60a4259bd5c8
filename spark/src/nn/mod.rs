//! The models: somas, synapses, delays, plasticity rules, interfaces to the world, initializers, neurons.
//!
//! Rooms are named as in the Python package. Every model states its equation, its parameters with unit and default,
//! its ports with their shapes, and what a reset clears.

mod arrivals;
pub mod controllers;
pub mod delays;
pub mod initializers;
pub mod interfaces;
pub mod neurons;
mod param;
pub mod plasticity;
pub mod somas;
pub mod synapses;
pub mod tracers;
pub mod validators;
