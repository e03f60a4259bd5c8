//! The Hebbian rule with a reward.

use super::modulation::Modulation;
use super::terms::{PairTerms, Term};
use super::traces::{PairTraces, Spike};
use super::wiring::Wiring;
use crate::core::error::BuildError;
use crate::core::param::Param;
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{StateMap, Stateful};
use crate::kernels::plastic::Bounds;
use crate::nn::param::Drawing;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`ThreeFactorHebbianRule`].
#[register_config]
pub struct ThreeFactorHebbianRuleConfig {
    /// Time constant of the presynaptic trace.
    #[field(default = 10ms, validate(TypeValidator, PositiveValidator))]
    pub pre_tau: Init<Ms>,
    /// Time constant of the postsynaptic trace.
    #[field(default = 10ms, validate(TypeValidator, PositiveValidator))]
    pub post_tau: Init<Ms>,
    /// Learning rate.
    #[field(default = 0.1, validate(TypeValidator))]
    pub gamma: Init<f64>,
}

/// What a rule learns from a reward of zero: this much is added to every reward and modulation.
pub(super) const BASELINE: Real = 0.1;

/// Hebbian learning from spike traces, scaled by a reward.
///
/// `dK_ij/dt = gamma (r + 0.1) (y_i s_j + p_i x_ij)`, `K' = max(0, K + dt dK/dt)`, where `s` and `p` are the pre- and
/// postsynaptic spikes of the step, `x` and `y` their traces (`x' = exp(-dt/tau) x + s / tau`), and `r` is `reward`: one
/// number, or an array that broadcasts to the kernel. Without reward a tenth of the learning of a reward of 1 goes on.
///
/// Parameters: `pre_tau` 10 ms (a number, or an array of the shape of `pre_spikes`), `post_tau` 10 ms (of the shape of
/// `post_spikes`), `gamma` 0.1 (or an array that broadcasts to the kernel).
///
/// A reset clears the traces; the kernel is kept.
///
/// Fremaux and Gerstner, *Neuromodulated spike-timing-dependent plasticity, and theory of three-factor learning rules*,
/// Front. Neural Circuits 9, 2016, doi:10.3389/fncir.2015.00085.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Praised(reward: FloatArray[1], pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
///         synapses = LinearSynapses { units: [1], kernel: [1.0] };
///         rule     = ThreeFactorHebbianRule { gamma: 0.1 };
///         pre                -> synapses.spikes, rule.pre_spikes;
///         post               -> rule.post_spikes;
///         reward             -> rule.reward;
///         synapses.kernel() <-> rule.kernel;
///         synapses.kernel()  -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut praised = Praised::new()?;
/// let spike = SpikeArray::from_indices(1, [0])?;
/// let reward = FloatArray::from([0.9]);
/// let out = praised.step(PraisedInputs { reward: &reward, pre: &spike, post: &spike });
/// // 1 + dt gamma (r + 0.1) (y s + p x), both traces at 1/10 after their first spike.
/// assert!((out.kernel.as_slice()[0] - 1.02).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct ThreeFactorHebbianRule {
    #[nested]
    traces: PairTraces,
    terms: PairTerms,
    modulation: Modulation,
}

/// Hebbian learning from spike traces, scaled by a reward.
#[register_module(config = ThreeFactorHebbianRuleConfig, path = "Components/Plasticity Rules")]
impl ThreeFactorHebbianRule {
    fn build(
        config: &ThreeFactorHebbianRuleConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let (wiring, modulation) = Wiring::modulated(ports, "reward", keys)?;
        let dt = keys.dt().value();
        let mut draw = Drawing::new(config, keys);
        let pre_tau = draw.param(&config.pre_tau, &wiring.arriving.shape);
        let post_tau = draw.param(&config.post_tau, wiring.post_shape);
        let gamma = draw.keyless(&config.gamma, wiring.kernel_shape);
        draw.finish()?;
        let rate = &Param::Scalar(dt) * &gamma;
        let term = Term::new(&Param::Scalar(0.0), &rate, wiring.kernel_shape);
        let traces = PairTraces::new(&wiring, &pre_tau, &post_tau, Spike::PerTau, dt);
        wiring.check_traces(&traces, keys)?;
        Ok(ThreeFactorHebbianRule {
            traces,
            terms: PairTerms::of(&wiring, term.clone(), term, Bounds::POSITIVE),
            modulation,
        })
    }

    fn step(
        &mut self,
        /// The reward of this step: one number, or one per synapse, repeated to the shape of the kernel.
        reward: In<FloatArray>,
        /// Presynaptic spikes as they arrive: plain, delayed or per synapse.
        pre_spikes: In<SpikeArray>,
        /// Spikes of the post units.
        post_spikes: In<SpikeArray>,
        /// The weights that learn.
        #[sparse]
        #[shape(pairs(post_spikes, pre_spikes))]
        kernel: InOut<FloatArray>,
    ) {
        self.traces.step(pre_spikes, post_spikes);
        let factor = self.modulation.factor(reward, 1.0, BASELINE);
        let weights = kernel.rows_mut();
        self.terms
            .step(pre_spikes, post_spikes, self.traces.view(), factor, weights);
    }

    fn sharing(&self) -> Sharing {
        self.terms.sharing()
    }

    fn restrict(&mut self, part: Part) {
        self.terms.restrict(part);
    }

    fn reset(&mut self) {
        self.traces.reset();
        self.terms.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.traces.spark_state(path, state);
    }
}
