//! Modules give what the Python package gives: cases recorded with `spark-snn` 1.0.0 are replayed step by step.
//!
//! A case is replayed through the registry, by the name of its class: configuration, hidden calls of a stand-alone
//! module (build, one call with zeros, reset), then all steps. Spikes, integers and masks must be equal, floats within
//! [`TOLERANCE`]; the state is compared under the Python package's paths.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod case;
mod compare;
mod module;
mod properties;
mod tracers;
mod truths;

use module::replay;

/// Largest difference, relative to the value or to 1, whichever is larger.
const TOLERANCE: f64 = 4e-6;

#[test]
fn leaky_soma() {
    replay("LeakySoma", 4);
}

#[test]
fn refractory_leaky_soma() {
    replay("RefractoryLeakySoma", 4);
}

#[test]
fn adaptive_leaky_soma() {
    replay("AdaptiveLeakySoma", 4);
}

#[test]
fn linear_synapses() {
    replay("LinearSynapses", 5);
}

#[test]
fn traced_synapses() {
    replay("TracedSynapses", 4);
}

#[test]
fn n2n_delays() {
    replay("N2NDelays", 3);
}

#[test]
fn hebbian_rule() {
    replay("HebbianRule", 5);
}

#[test]
fn quadruplet_rule_tensor() {
    replay("QuadrupletRuleTensor", 2);
}

#[test]
fn topological_linear_spiker() {
    replay("TopologicalLinearSpiker", 3);
}

#[test]
fn exponential_integrator() {
    replay("ExponentialIntegrator", 6);
}

#[test]
fn n_delays() {
    replay("NDelays", 3);
}

#[test]
fn poisson_spiker() {
    replay("PoissonSpiker", 2);
}

#[test]
fn linear_spiker() {
    replay("LinearSpiker", 3);
}

#[test]
fn topological_poisson_spiker() {
    replay("TopologicalPoissonSpiker", 3);
}

#[test]
fn concat() {
    replay("Concat", 2);
}

#[test]
fn concat_reshape() {
    replay("ConcatReshape", 2);
}

#[test]
fn sampler() {
    replay("Sampler", 3);
}
