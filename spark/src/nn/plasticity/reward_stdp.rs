//! Spike-timing-dependent plasticity that waits for a reward.

use super::modulation::{Factor, Modulation};
use super::pair_stdp::bounds;
use super::terms::{PairTerms, Term};
use super::traces::{PairTraces, Spike};
use super::wiring::Wiring;
use crate::core::error::BuildError;
use crate::core::param::Param;
use crate::core::payload::RowsMut;
use crate::core::state::{StateMap, Stateful, join};
use crate::kernels::plastic::Bounds;
use crate::kernels::trace::{self, Coefficient};
use crate::nn::param::{Drawing, ParamExt, shaped};
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`RewardSTDPRule`].
#[register_config]
pub struct RewardSTDPRuleConfig {
    /// Time constant of the presynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub pre_tau: Init<Ms>,
    /// Time constant of the postsynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub post_tau: Init<Ms>,
    /// Time constant of the eligibility: how long a pair of spikes is remembered.
    #[field(default = 1000ms, validate(TypeValidator, PositiveValidator))]
    pub eligibility_tau: Init<Ms>,
    /// What a pair without lag, pre before post, adds to the eligibility.
    #[field(default = 0.1)]
    pub a_plus: f64,
    /// What a pair without lag, post before pre, takes from the eligibility.
    #[field(default = 0.15)]
    pub a_minus: f64,
    /// Smallest weight.
    #[field(default = 0.0)]
    pub w_min: f64,
    /// Largest weight.
    #[field(default = 4.0)]
    pub w_max: f64,
    /// Learning rate, per ms.
    #[field(default = 0.001)]
    pub eta: f64,
}

/// Reward-modulated spike-timing-dependent plasticity: pairs of spikes leave an eligibility at their synapse, and a reward
/// turns what is left of it into a change of the weight.
///
/// ```text
/// c'_ij = exp(-dt/eligibility_tau) c_ij + a_plus x_ij p_i - a_minus y_i s_j
/// K'    = min(w_max, max(w_min, K + dt eta r c'))
/// ```
///
/// `s` and `p` are the pre- and postsynaptic spikes of the step, `x` and `y` their traces (`x' = exp(-dt/tau) x + s`), and
/// `r` is `reward`: one number, or an array that broadcasts to the kernel. It may be negative. As in
/// [`PairSTDPRule`](super::PairSTDPRule), a spike that arrives in the step in which the unit fires came before it.
///
/// Parameters: `pre_tau` 20 ms (a number, or an array of the shape of `pre_spikes`), `post_tau` 20 ms (of the shape of
/// `post_spikes`), `eligibility_tau` 1 s (of the shape of the kernel); `a_plus` 0.1, `a_minus` 0.15, `w_min` 0, `w_max` 4,
/// `eta` 0.001 per ms.
///
/// A step without reward costs what its spikes cost, if `eligibility_tau` is the same for all synapses; a step with one
/// passes over all of them. With an `eligibility_tau` per synapse every step does.
///
/// A reset clears the traces and the eligibility; the kernel is kept.
///
/// Izhikevich, *Solving the distal reward problem through linkage of STDP and dopamine signaling*, Cereb. Cortex 17, 2007,
/// doi:10.1093/cercor/bhl152; Fremaux and Gerstner, Front. Neural Circuits 9, 2016, doi:10.3389/fncir.2015.00085.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Distal(reward: FloatArray[1], pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
///         synapses = LinearSynapses { units: [1], kernel: [1.0] };
///         rule     = RewardSTDPRule { a_plus: 0.2, eta: 0.5 };
///         pre                -> synapses.spikes, rule.pre_spikes;
///         post               -> rule.post_spikes;
///         reward             -> rule.reward;
///         synapses.kernel() <-> rule.kernel;
///         synapses.kernel()  -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut distal = Distal::new()?;
/// let (spike, none) = (SpikeArray::from_indices(1, [0])?, SpikeArray::from_indices(1, [0; 0])?);
/// let (reward, nothing) = (FloatArray::from([1.0]), FloatArray::from([0.0]));
/// let out = distal.step(DistalInputs { reward: &nothing, pre: &spike, post: &spike });
/// assert_eq!(out.kernel.as_slice(), [1.0]);
/// let out = distal.step(DistalInputs { reward: &reward, pre: &none, post: &none });
/// // 1 + dt eta r c, a millisecond after the pair.
/// assert!((out.kernel.as_slice()[0] - (1.0 + 0.5 * 0.2 * (-0.001 as Real).exp())).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RewardSTDPRule {
    #[nested]
    traces: PairTraces,
    #[nested]
    eligibility: Eligibility,
    /// What spikes change at the eligibility.
    terms: PairTerms,
    modulation: Modulation,
    /// `dt eta`.
    rate: Real,
    bounds: Bounds,
    /// Whether the whole kernel has been bounded since the last reset.
    bounded: bool,
    kernel_shape: Shape,
}

/// A fading value per synapse: `gain` times what is kept. If all fade alike, only the gain does.
#[derive(Debug, Clone, Stateful)]
struct Eligibility {
    kept: Variable<Vec<Real>>,
    gain: Variable<Real>,
    decay: Coefficient,
}

/// The smallest gain: below it, what is kept is scaled down once and the gain starts again at 1.
const SMALLEST_GAIN: Real = 1e-12;

impl Eligibility {
    fn fade(&mut self) {
        match &self.decay {
            Coefficient::One(decay) => {
                *self.gain *= decay;
                if *self.gain < SMALLEST_GAIN {
                    trace::decay(
                        &mut self.kept,
                        &Coefficient::One(*self.gain),
                        &Coefficient::One(0.0),
                    );
                    *self.gain = 1.0;
                }
            }
            decay => trace::decay(&mut self.kept, decay, &Coefficient::One(0.0)),
        }
    }

    fn reset(&mut self) {
        self.kept.fill(0.0);
        *self.gain = 1.0;
    }
}

/// Reward-modulated spike-timing-dependent plasticity.
#[register_module(config = RewardSTDPRuleConfig, path = "Components/Plasticity Rules")]
impl RewardSTDPRule {
    fn build(
        config: &RewardSTDPRuleConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let (wiring, modulation) = Wiring::modulated(ports, "reward", keys)?;
        let dt = keys.dt().value();
        let mut draw = Drawing::new(config, keys);
        let pre_tau = draw.param(&config.pre_tau, &wiring.arriving.shape);
        let post_tau = draw.param(&config.post_tau, wiring.post_shape);
        let eligibility_tau: Param = draw.param(&config.eligibility_tau, wiring.kernel_shape);
        let bounds = bounds(config.w_min, config.w_max, &mut draw);
        draw.finish()?;
        let pre = Term::per_trace(-config.a_minus as Real);
        let post = Term::per_trace(config.a_plus as Real);
        Ok(RewardSTDPRule {
            traces: PairTraces::new(&wiring, &pre_tau, &post_tau, Spike::One, dt),
            eligibility: Eligibility {
                kept: Variable::new(vec![0.0; wiring.pairs.count()]),
                gain: Variable::new(1.0),
                decay: eligibility_tau.decay(dt).coefficient(wiring.kernel_shape),
            },
            terms: PairTerms::new(wiring.pairs, pre, post, Bounds::NONE),
            modulation,
            rate: (dt * config.eta) as Real,
            bounds,
            bounded: false,
            kernel_shape: wiring.kernel_shape.clone(),
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
        #[shape(pairs(post_spikes, pre_spikes))]
        kernel: InOut<FloatArray>,
    ) {
        self.eligibility.fade();
        self.traces.step_before_firing(pre_spikes);
        let undo_gain = Factor::of_all(1.0 / *self.eligibility.gain);
        let kept = RowsMut::dense(&mut self.eligibility.kept);
        self.terms
            .step(pre_spikes, post_spikes, self.traces.view(), undo_gain, kept);
        self.traces.fire(post_spikes);
        let factor = self
            .modulation
            .factor(reward, self.rate * *self.eligibility.gain, 0.0);
        let weights = kernel.as_mut_slice();
        if !factor.is_zero() {
            pay(weights, &self.eligibility.kept, factor, self.bounds);
        } else if !self.bounded {
            self.bounds.hold_all(weights);
        }
        self.bounded = true;
    }

    fn reset(&mut self) {
        self.traces.reset();
        self.eligibility.reset();
        self.bounded = false;
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.traces.spark_state(path, state);
        let gain = *self.eligibility.gain;
        let eligibility = self.eligibility.kept.iter().map(|kept| gain * kept).collect();
        state.insert_array(
            join(path, "eligibility"),
            VariableKind::Activity,
            shaped(&self.kernel_shape, eligibility),
        );
    }
}

/// Turns eligibility into weight.
fn pay(weights: &mut [Real], eligibility: &[Real], factor: Factor<'_>, bounds: Bounds) {
    let synapses = weights.iter_mut().zip(eligibility);
    match factor.uniform() {
        Some(factor) => {
            synapses.for_each(|(weight, eligible)| *weight = bounds.hold(*weight + factor * eligible))
        }
        None => synapses.enumerate().for_each(|(synapse, (weight, eligible))| {
            *weight = bounds.hold(*weight + factor.at(synapse) * eligible);
        }),
    }
}
