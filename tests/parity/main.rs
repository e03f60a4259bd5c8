//! Modules give what the Python package gives: cases recorded with `spark-snn` 1.0.0 are replayed step by step.
//!
//! A case is replayed through the registry, by the name of its class, as `spark parity` does it: configuration, hidden
//! calls, all steps. Spikes, integers and masks must be equal, floats within a tolerance; the state is compared under the
//! Python package's paths.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod properties;
mod replay;
#[path = "../support/soma.rs"]
mod soma;
mod truths;

use replay::{draws, model, replay, tracer};

#[test]
fn leaky_soma() {
    replay("LeakySoma", 6);
}

#[test]
fn refractory_leaky_soma() {
    replay("RefractoryLeakySoma", 4);
}

#[test]
fn adaptive_leaky_soma() {
    replay("AdaptiveLeakySoma", 6);
}

#[test]
fn strict_refractory_leaky_soma() {
    replay("StrictRefractoryLeakySoma", 5);
}

#[test]
fn exponential_soma() {
    replay("ExponentialSoma", 4);
}

#[test]
fn refractory_exponential_soma() {
    replay("RefractoryExponentialSoma", 4);
}

#[test]
fn simplified_adaptive_exponential_soma() {
    replay("SimplifiedAdaptiveExponentialSoma", 5);
}

#[test]
fn adaptive_exponential_soma() {
    replay("AdaptiveExponentialSoma", 5);
}

#[test]
fn izhikevich_soma() {
    replay("IzhikevichSoma", 6);
}

#[test]
fn linear_synapses() {
    replay("LinearSynapses", 5);
}

#[test]
fn traced_synapses() {
    replay("TracedSynapses", 7);
}

#[test]
fn rd_traced_synapses() {
    replay("RDTracedSynapses", 4);
}

#[test]
fn rfs_traced_synapses() {
    replay("RFSTracedSynapses", 4);
}

#[test]
fn n2n_delays() {
    replay("N2NDelays", 4);
}

#[test]
fn hebbian_rule() {
    replay("HebbianRule", 6);
}

#[test]
fn oja_rule() {
    replay("OjaRule", 7);
}

#[test]
fn zenke_rule() {
    replay("ZenkeRule", 9);
}

#[test]
fn three_factor_hebbian_rule() {
    replay("ThreeFactorHebbianRule", 7);
}

#[test]
fn quadruplet_rule_tensor() {
    replay("QuadrupletRuleTensor", 3);
}

#[test]
fn topological_linear_spiker() {
    replay("TopologicalLinearSpiker", 4);
}

#[test]
fn exponential_integrator() {
    replay("ExponentialIntegrator", 7);
}

#[test]
fn tracers() {
    tracer("Tracer", 7);
    tracer("RDTracer", 4);
    tracer("RFSTracer", 5);
    tracer("RUTracer", 2);
}

#[test]
fn keys_bits_and_permutations() {
    draws("rng");
}

#[test]
fn initial_arrays() {
    draws("initializers");
}

#[test]
fn lif_neuron() {
    model("lif_neuron");
}

#[test]
fn alif_neuron() {
    model("alif_neuron");
}

#[test]
fn draws_of_masks_delays_maps_samples_spikers_and_seeds() {
    draws("spark_draws");
}

#[test]
fn adex_neuron() {
    model("adex_neuron");
}

#[test]
fn a_brain_that_feeds_forward() {
    model("brain_feedforward");
}

#[test]
fn a_brain_that_learns_from_reward() {
    model("brain_recurrent");
}

#[test]
fn n_delays() {
    replay("NDelays", 5);
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
    replay("TopologicalPoissonSpiker", 4);
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
    replay("Sampler", 5);
}

#[test]
fn a_brain_of_single_modules_with_delays_and_the_mask_of_another_pool() {
    model("brain_30_4");
}

#[test]
fn a_neuron_whose_units_have_an_input_each() {
    model("neuron_30_8");
}

#[test]
fn three_pools_that_hear_each_other_and_are_reset_often() {
    model("brain_30_23");
}

#[test]
fn four_pools_of_different_neurons() {
    model("brain_30_15");
}
