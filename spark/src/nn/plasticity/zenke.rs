//! The orchestrated plasticity rule.

use super::modulation::Factor;
use super::terms::{PairTerms, Term, Traces};
use super::traces::{PairTraces, Spike, post_trace, step_post};
use super::wiring::Wiring;
use crate::core::error::BuildError;
use crate::core::param::Param;
use crate::core::payload::RowsMut;
use crate::core::state::{StateMap, Stateful, join};
use crate::kernels::plastic::Bounds;
use crate::kernels::trace::{Coefficient, fade};
use crate::nn::arrivals::each_flat;
use crate::nn::param::{Drawing, ParamExt, shaped};
use crate::nn::tracers::Tracer;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`ZenkeRule`].
#[register_config]
pub struct ZenkeRuleConfig {
    /// Time constant of the presynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub pre_tau: Init<Ms>,
    /// Time constant of the fast postsynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub post_tau: Init<Ms>,
    /// Time constant of the slow postsynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub post_slow_tau: Init<Ms>,
    /// Time constant of the targets of the weights.
    #[field(default = 20000ms, validate(TypeValidator, PositiveValidator))]
    pub target_tau: Init<Ms>,
    /// Strength of triplet potentiation.
    #[field(default = 1.0, validate(TypeValidator))]
    pub a: Init<f64>,
    /// Strength of doublet depression.
    #[field(default = -1.0, validate(TypeValidator))]
    pub b: Init<f64>,
    /// Strength of heterosynaptic plasticity.
    #[field(default = -1.0, validate(TypeValidator))]
    pub c: Init<f64>,
    /// Strength of transmitter-induced plasticity.
    #[field(default = 1.0, validate(TypeValidator))]
    pub d: Init<f64>,
    /// Strength of the potential that holds the targets near 0 or 1/2.
    #[field(default = 20.0, validate(TypeValidator))]
    pub p: Init<f64>,
    /// Learning rate.
    #[field(default = 0.1, validate(TypeValidator))]
    pub eta: Init<f64>,
}

/// Triplet learning that stays stable: potentiation, depression, heterosynaptic and transmitter-induced plasticity with a
/// consolidating target for each weight.
///
/// ```text
/// dK_ij/dt = eta (a z_i p_i x_ij + b y_i s_j + c (K_ij - T'_ij) y_i^3 p_i + d s_j)
/// T'_ij    = exp(-dt/target_tau) T_ij + dt (K_ij - p T_ij (1/4 - T_ij) (1/2 - T_ij)) / target_tau
/// K'       = max(0, K + dt dK/dt)
/// ```
///
/// `s` and `p_i` are the pre- and postsynaptic spikes of the step, `x`, `y` and `z` the presynaptic, the fast and the slow
/// postsynaptic trace: `x' = exp(-dt/tau) x + s / tau`. With a negative `c` bursts of the post unit pull all its weights
/// to their targets, spikes at other synapses or not. A target without potential (`p` 0) follows its weight with
/// `target_tau`; with one it is drawn away from 1/4, towards 0 or 1/2. In `Compat::SparkSnn1` targets take the weights in
/// per step, not per ms: at a time step other than 1 ms they follow a multiple of them, `1 ms / dt`.
///
/// Parameters: `pre_tau` 20 ms (a number, or an array of the shape of `pre_spikes`), `post_tau` and `post_slow_tau` 20 ms
/// (of the shape of `post_spikes`), `target_tau` 20 s (of the shape of the kernel); `a` 1, `b` -1, `c` -1, `d` 1, `p` 20,
/// `eta` 0.1 (or arrays that broadcast to the kernel).
///
/// The targets cost one pass over all synapses in every step; the rest costs what the spikes cost.
///
/// A reset clears the traces and the targets; the kernel is kept.
///
/// Zenke, Agnes and Gerstner, *Diverse synaptic plasticity mechanisms orchestrated to form and retrieve memories in
/// spiking neural networks*, Nat. Commun. 6, 2015, doi:10.1038/ncomms7922.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Orchestrated(pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
///         synapses = LinearSynapses { units: [1], kernel: [1.0] };
///         rule     = ZenkeRule { c: 0.0, d: 0.0, eta: 1.0 };
///         pre                -> synapses.spikes, rule.pre_spikes;
///         post               -> rule.post_spikes;
///         synapses.kernel() <-> rule.kernel;
///         synapses.kernel()  -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut orchestrated = Orchestrated::new()?;
/// let spike = SpikeArray::from_indices(1, [0])?;
/// let out = orchestrated.step(OrchestratedInputs { pre: &spike, post: &spike });
/// // 1 + dt eta (a z p x + b y s), all traces at 1/20 after their first spike.
/// assert!((out.kernel.as_slice()[0] - (1.0 + 0.0025 - 0.05)).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct ZenkeRule {
    #[nested]
    traces: PairTraces,
    #[nested]
    post_slow_trace: Tracer,
    #[nested]
    target: Target,
    /// `dt eta c`.
    heterosynaptic: Coefficient,
    /// `y^3 p`, per post unit.
    burst: Vec<Real>,
    terms: PairTerms,
    post_shape: Shape,
    kernel_shape: Shape,
}

/// What weights are pulled to.
#[derive(Debug, Clone, Stateful)]
struct Target {
    trace: Variable<Vec<Real>>,
    decay: Coefficient,
    scale: Coefficient,
    potential: Coefficient,
}

impl Target {
    /// The next target of a weight.
    #[inline(always)]
    fn next(target: Real, weight: Real, (decay, scale, potential): (Real, Real, Real)) -> Real {
        let pull = weight - potential * target * (0.25 - target) * (0.5 - target);
        fade(target, decay) + scale * pull
    }
}

/// What a target takes in of its weight in a step.
fn intake(target_tau: &Param, dt: f64, compat: Compat) -> Param {
    if compat.is_spark_snn_1() {
        target_tau.recip()
    } else {
        &Param::Scalar(dt) / target_tau
    }
}

/// Triplet learning that stays stable.
#[register_module(config = ZenkeRuleConfig, path = "Components/Plasticity Rules")]
impl ZenkeRule {
    fn build(config: &ZenkeRuleConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let wiring = Wiring::of(ports, keys)?;
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let (post_shape, kernel) = (wiring.post_shape, wiring.kernel_shape);
        let mut draw = Drawing::new(config, keys);
        let pre_tau = draw.param(&config.pre_tau, &wiring.arriving.shape);
        let post_tau = draw.param(&config.post_tau, post_shape);
        let post_slow_tau = draw.param(&config.post_slow_tau, post_shape);
        let target_tau = draw.param(&config.target_tau, kernel);
        let [a, b, c, d, p, eta] = [&config.a, &config.b, &config.c, &config.d, &config.p, &config.eta]
            .map(|field| draw.keyless(field, kernel));
        draw.finish()?;
        let rate = &Param::Scalar(dt) * &eta;
        let pre = Term::new(&(&rate * &d), &(&rate * &b), kernel);
        let post = Term::new(&Param::Scalar(0.0), &(&rate * &a), kernel);
        Ok(ZenkeRule {
            traces: PairTraces::new(&wiring, &pre_tau, &post_tau, Spike::PerTau, dt),
            post_slow_trace: post_trace(post_shape, &post_slow_tau, dt),
            target: Target {
                trace: Variable::new(vec![0.0; wiring.pairs.count()]),
                decay: target_tau.decay(dt).coefficient(kernel),
                scale: intake(&target_tau, dt, compat).coefficient(kernel),
                potential: p.coefficient(kernel),
            },
            heterosynaptic: (&rate * &c).coefficient(kernel),
            burst: vec![0.0; wiring.pairs.post],
            terms: PairTerms::new(wiring.pairs, pre, post, Bounds::POSITIVE),
            post_shape: post_shape.clone(),
            kernel_shape: kernel.clone(),
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
        self.traces.step(pre_spikes, post_spikes);
        step_post(&mut self.post_slow_trace, post_spikes);
        let weights = kernel.as_mut_slice();
        self.pull(post_spikes, weights);
        let traces = Traces {
            slow: Some(self.post_slow_trace.values()),
            ..self.traces.view()
        };
        self.terms.step(
            pre_spikes,
            post_spikes,
            traces,
            Factor::ONE,
            RowsMut::dense(weights),
        );
    }

    fn reset(&mut self) {
        self.traces.reset();
        self.post_slow_trace.reset();
        self.target.trace.fill(0.0);
        self.terms.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.traces.spark_state(path, state);
        self.post_slow_trace
            .spark_state(&join(path, "post_slow_trace"), &self.post_shape, state);
        state.insert_array(
            join(path, "target_trace/trace"),
            VariableKind::Activity,
            shaped(&self.kernel_shape, self.target.trace.to_vec()),
        );
    }
}

impl ZenkeRule {
    /// Moves all targets, and pulls the weights of units that spiked to theirs. Their rows are bounded afterwards, with
    /// the other terms.
    fn pull(&mut self, post_spikes: &SpikeArray, weights: &mut [Real]) {
        let post_traces = self.traces.view().post;
        each_flat(post_spikes, |post| self.burst[post] = post_traces[post].powi(3));
        let Target {
            trace,
            decay,
            scale,
            potential,
        } = &mut self.target;
        let (heterosynaptic, burst) = (&self.heterosynaptic, &self.burst);
        let one = match (&*decay, &*scale, &*potential, heterosynaptic) {
            (
                Coefficient::One(decay),
                Coefficient::One(scale),
                Coefficient::One(potential),
                Coefficient::One(heterosynaptic),
            ) => Some(((*decay, *scale, *potential), *heterosynaptic)),
            _ => None,
        };
        match one {
            Some(one) => pull_all(trace, weights, burst, |_| one),
            None => pull_all(trace, weights, burst, |synapse| {
                let constants = (decay.at(synapse), scale.at(synapse), potential.at(synapse));
                (constants, heterosynaptic.at(synapse))
            }),
        }
        each_flat(post_spikes, |post| self.burst[post] = 0.0);
    }
}

/// The constants of the target of a synapse, and the strength of its heterosynaptic plasticity.
type Pull = ((Real, Real, Real), Real);

/// See [`ZenkeRule::pull`].
#[inline(always)]
fn pull_all(targets: &mut [Real], weights: &mut [Real], burst: &[Real], constants: impl Fn(usize) -> Pull) {
    let inputs = weights.len() / burst.len();
    let rows = targets.chunks_mut(inputs).zip(weights.chunks_mut(inputs));
    for (post, ((targets, weights), &burst)) in rows.zip(burst).enumerate() {
        for (pre, (target, weight)) in targets.iter_mut().zip(weights).enumerate() {
            let (constants, heterosynaptic) = constants(post * inputs + pre);
            *target = Target::next(*target, *weight, constants);
            *weight += heterosynaptic * burst * (*weight - *target);
        }
    }
}
