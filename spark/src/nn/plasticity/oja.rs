//! Oja's rule.

use super::modulation::Factor;
use super::terms::{PairTerms, Term};
use super::traces::{post_trace, step_post};
use super::wiring::Wiring;
use crate::core::error::BuildError;
use crate::core::payload::RowsMut;
use crate::core::state::{StateMap, Stateful, join};
use crate::kernels::plastic::Bounds;
use crate::nn::param::Drawing;
use crate::nn::tracers::Tracer;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`OjaRule`].
#[register_config]
pub struct OjaRuleConfig {
    /// Time constant of the postsynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub post_tau: Init<Ms>,
    /// Learning rate.
    #[field(default = 0.1)]
    pub eta: f64,
}

/// Hebbian learning with a decay that keeps weights finite: they turn into the first principal component of the input.
///
/// `dK_ij/dt = eta (y_i s_j - K_ij y_i^2)`, `K' = max(0, K + dt dK/dt)`, where `s` are the presynaptic spikes of the step
/// and `y` is the trace of the postsynaptic ones: `y' = exp(-dt/tau) y + p / tau`. Where the post unit is linear, its rate
/// the sum of `K` times the rates of its inputs, the squares of its weights come to sum up to 1.
///
/// Parameters: `post_tau` 20 ms (a number, or an array of the shape of `post_spikes`), `eta` 0.1.
///
/// The decay concerns all weights of a unit: a step costs what its spikes cost, and a pass over the weights of each unit
/// whose trace is large enough to change any.
///
/// A reset clears the trace; the kernel is kept.
///
/// Oja, *A simplified neuron model as a principal component analyzer*, J. Math. Biol. 15, 1982, doi:10.1007/BF00275687.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Principal(pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
///         synapses = LinearSynapses { units: [1], kernel: [1.0] };
///         rule     = OjaRule { eta: 0.1, post_tau: 2ms };
///         pre                -> synapses.spikes, rule.pre_spikes;
///         post               -> rule.post_spikes;
///         synapses.kernel() <-> rule.kernel;
///         synapses.kernel()  -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut principal = Principal::new()?;
/// let spike = SpikeArray::from_indices(1, [0])?;
/// let out = principal.step(PrincipalInputs { pre: &spike, post: &spike });
/// // 1 + dt eta (y s - K y^2), the trace at 1/2 after its first spike.
/// assert!((out.kernel.as_slice()[0] - 1.025).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct OjaRule {
    #[nested]
    post_trace: Tracer,
    terms: PairTerms,
    post_shape: Shape,
    /// Inputs of a unit.
    inputs: usize,
    /// `dt eta`.
    rate: Real,
}

/// Hebbian learning with a decay that keeps weights finite.
#[register_module(config = OjaRuleConfig, path = "Components/Plasticity Rules")]
impl OjaRule {
    fn build(config: &OjaRuleConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let wiring = Wiring::of(ports, keys)?;
        let dt = keys.dt().value();
        let mut draw = Drawing::new(config, keys);
        let post_tau = draw.param(&config.post_tau, wiring.post_shape);
        draw.finish()?;
        let rate = (dt * config.eta) as Real;
        let (pre, post) = (Term::per_trace(rate), Term::per_trace(0.0));
        Ok(OjaRule {
            post_trace: post_trace(wiring.post_shape, &post_tau, dt),
            terms: PairTerms::new(wiring.pairs, pre, post, Bounds::POSITIVE),
            post_shape: wiring.post_shape.clone(),
            inputs: wiring.pairs.pre,
            rate,
        })
    }

    fn step(
        &mut self,
        /// Presynaptic spikes as they arrive: plain, delayed or per synapse.
        pre_spikes: In<SpikeArray>,
        /// Spikes of the post units.
        post_spikes: In<SpikeArray>,
        /// The weights that learn.
        #[shape(pairs(post_spikes, pre_spikes))]
        kernel: InOut<FloatArray>,
    ) {
        step_post(&mut self.post_trace, post_spikes);
        let weights = kernel.as_mut_slice();
        self.forget(weights);
        let traces = self.post_trace.values();
        self.terms
            .arrive(pre_spikes, traces, Factor::ONE, &mut RowsMut::dense(weights));
        self.terms.close(weights);
        self.terms.bound_once(weights);
    }

    fn reset(&mut self) {
        self.post_trace.reset();
        self.terms.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        let path = join(path, "post_trace");
        self.post_trace.spark_state(&path, &self.post_shape, state);
    }
}

impl OjaRule {
    /// The decay of all weights: `- dt eta K y^2`.
    fn forget(&mut self, weights: &mut [Real]) {
        for (post, row) in weights.chunks_mut(self.inputs).enumerate() {
            let trace = self.post_trace.at(post);
            let lost = self.rate * trace * trace;
            // Less than the last digit of any weight.
            if 1.0 - lost == 1.0 {
                continue;
            }
            row.iter_mut().for_each(|weight| *weight -= lost * *weight);
            // More than all: the sum with what arrives is bounded, not this part of it.
            if lost > 1.0 {
                self.terms.open(post);
            }
        }
    }
}
