//! The quadruplet rule with the same parameters for all types of synapses.

use super::modulation::Modulation;
use super::terms::{PairTerms, Term};
use super::three_factor_hebbian::BASELINE;
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

/// Configuration of [`QuadrupletRule`].
#[register_config]
pub struct QuadrupletRuleConfig {
    /// Time constant of the presynaptic trace.
    #[field(default = 10ms, validate(TypeValidator, PositiveValidator))]
    pub pre_tau: Init<Ms>,
    /// Time constant of the postsynaptic trace.
    #[field(default = 10ms, validate(TypeValidator, PositiveValidator))]
    pub post_tau: Init<Ms>,
    /// What a presynaptic spike adds by itself.
    #[field(default = 1.0, validate(TypeValidator))]
    pub q_alpha: Init<f64>,
    /// What a presynaptic spike adds per postsynaptic trace.
    #[field(default = 1.0, validate(TypeValidator))]
    pub q_beta: Init<f64>,
    /// What a postsynaptic spike adds by itself.
    #[field(default = 1.0, validate(TypeValidator))]
    pub q_gamma: Init<f64>,
    /// What a postsynaptic spike adds per presynaptic trace.
    #[field(default = 1.0, validate(TypeValidator))]
    pub q_delta: Init<f64>,
    /// Learning rate; what `eta` is for [`QuadrupletRuleTensor`](super::QuadrupletRuleTensor).
    #[field(default = 0.1, validate(TypeValidator))]
    pub gamma: Init<f64>,
}

/// Learning from pairs of spikes, scaled by a modulating signal.
///
/// `dK/dt = gamma (m + 0.1) (qa s_j + qb y_i s_j + qg p_i + qd x_j p_i)`, `K' = max(0, K + dt dK/dt)`, where `s` and `p`
/// are the pre- and postsynaptic spikes of the step, `x` and `y` their traces (`x' = exp(-dt/tau) x + s / tau`), and `m`
/// is `modulation`: one number, or an array that broadcasts to the kernel. Unlike
/// [`QuadrupletRuleTensor`](super::QuadrupletRuleTensor) it goes on learning at a tenth of its rate while `m` is 0, and
/// knows neither types of synapses nor a largest weight.
///
/// Parameters: `pre_tau` 10 ms (a number, or an array of the shape of `pre_spikes`), `post_tau` 10 ms (of the shape of
/// `post_spikes`); `q_alpha`, `q_beta`, `q_gamma`, `q_delta` 1 and the learning rate `gamma` 0.1 (or arrays that broadcast
/// to the kernel). The Python package has this configuration, but a rule that cannot be built; files with it are read
/// all the same.
///
/// A reset clears the traces; the kernel is kept.
///
/// Gerstner and Kistler, *Mathematical formulations of Hebbian learning*, Biol. Cybern. 87, 2002,
/// doi:10.1007/s00422-002-0353-y.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Guided(signal: FloatArray[1], pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
///         synapses = LinearSynapses { units: [1], kernel: [1.0] };
///         rule     = QuadrupletRule { gamma: 0.1 };
///         pre                -> synapses.spikes, rule.pre_spikes;
///         post               -> rule.post_spikes;
///         signal             -> rule.modulation;
///         synapses.kernel() <-> rule.kernel;
///         synapses.kernel()  -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut guided = Guided::new()?;
/// let spike = SpikeArray::from_indices(1, [0])?;
/// let signal = FloatArray::from([0.9]);
/// let out = guided.step(GuidedInputs { signal: &signal, pre: &spike, post: &spike });
/// // 1 + dt gamma (m + 0.1) (s + y s + p + x p), both traces at 1/10 after their first spike.
/// assert!((out.kernel.as_slice()[0] - 1.22).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct QuadrupletRule {
    #[nested]
    traces: PairTraces,
    terms: PairTerms,
    modulation: Modulation,
}

/// Learning from pairs of spikes, scaled by a modulating signal.
#[register_module(config = QuadrupletRuleConfig, path = "Components/Plasticity Rules")]
impl QuadrupletRule {
    fn build(
        config: &QuadrupletRuleConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let (wiring, modulation) = Wiring::modulated(ports, "modulation", keys)?;
        let dt = keys.dt().value();
        let kernel = wiring.kernel_shape;
        let mut draw = Drawing::new(config, keys);
        let pre_tau = draw.param(&config.pre_tau, &wiring.arriving.shape);
        let post_tau = draw.param(&config.post_tau, wiring.post_shape);
        let [alpha, beta, gamma, delta, rate] = [
            &config.q_alpha,
            &config.q_beta,
            &config.q_gamma,
            &config.q_delta,
            &config.gamma,
        ]
        .map(|field| draw.keyless(field, kernel));
        draw.finish()?;
        let rate = &Param::Scalar(dt) * &rate;
        let pre = Term::new(&(&rate * &alpha), &(&rate * &beta), kernel);
        let post = Term::new(&(&rate * &gamma), &(&rate * &delta), kernel);
        let traces = PairTraces::new(&wiring, &pre_tau, &post_tau, Spike::PerTau, dt);
        wiring.check_traces(&traces, keys)?;
        Ok(QuadrupletRule {
            traces,
            terms: PairTerms::of(&wiring, pre, post, Bounds::POSITIVE),
            modulation,
        })
    }

    fn step(
        &mut self,
        /// What scales the changes of this step: one number, or one per synapse, repeated to the shape of the kernel.
        modulation: In<FloatArray>,
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
        let factor = self.modulation.factor(modulation, 1.0, BASELINE);
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
