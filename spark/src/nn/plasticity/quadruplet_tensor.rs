//! The quadruplet rule with parameters per synapse type.

use std::ops::Range;

use half::f16;

use super::modulation::{Factor, Modulation};
use super::traces::{PreTrace, SynapseTrace, TraceRing};
use super::wiring::Wiring;
use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::error::BuildError;
use crate::core::module::{In, InOut, Keys, PortInfo, Ports};
use crate::core::payload::{FloatArray, Mask, RowsMut, Shape, SpikeArray, SpikeForm};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::kernels::dispatch::vectorised;
use crate::kernels::plastic::{Bounds, Direction, Nudge, add_term, add_to_mixed_row, nudge_arriving};
use crate::kernels::trace::Coefficient;
use crate::nn::arrivals::{Pairs, each_flat};
use crate::nn::param::shaped;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// With up to so many changes of type a row is updated type by type.
const FEW_RUNS: usize = 16;

/// Configuration of [`QuadrupletRuleTensor`]. Four numbers are for synapses of the types EE, EI, IE, II: the post unit
/// first, the presynaptic neuron second.
#[register_config]
pub struct QuadrupletRuleTensorConfig {
    /// Time constants of the presynaptic trace.
    #[field(default = [10ms, 10ms, 10ms, 10ms], validate(TypeValidator, PositiveValidator))]
    pub pre_tau: [Ms; 4],
    /// Time constants of the postsynaptic trace.
    #[field(default = [10ms, 10ms, 10ms, 10ms], validate(TypeValidator, PositiveValidator))]
    pub post_tau: [Ms; 4],
    /// What a presynaptic spike adds by itself.
    #[field(default = [1.0, 1.0, 1.0, 1.0])]
    pub q_alpha: [f64; 4],
    /// What a presynaptic spike adds per postsynaptic trace.
    #[field(default = [1.0, 1.0, 1.0, 1.0])]
    pub q_beta: [f64; 4],
    /// What a postsynaptic spike adds by itself.
    #[field(default = [1.0, 1.0, 1.0, 1.0])]
    pub q_gamma: [f64; 4],
    /// What a postsynaptic spike adds per presynaptic trace.
    #[field(default = [1.0, 1.0, 1.0, 1.0])]
    pub q_delta: [f64; 4],
    /// Largest weights.
    #[field(default = [20.0, 20.0, 20.0, 20.0])]
    pub max_clip: [f64; 4],
    /// Learning rate.
    #[field(default = 0.1)]
    pub eta: f64,
}

/// Learning from pairs of spikes, scaled by a modulating signal, with parameters per synapse type.
///
/// `dK/dt = eta m (qa s_j + qb y_i s_j + qg p_i + qd x_j p_i)`, `K' = min(max_clip, max(0, K + dt dK/dt))`, where `s` and
/// `p` are the pre- and postsynaptic spikes of the step, `x` and `y` their traces (`x' = exp(-dt/tau) x + s / tau`), and
/// `m` is `modulation`: one number, or an array that broadcasts to the kernel. Nothing but the traces changes while `m`
/// is 0.
///
/// Parameters, each for EE, EI, IE, II (the masks of the two spike ports say which is which): `pre_tau`, `post_tau`
/// 10 ms; `q_alpha`, `q_beta`, `q_gamma`, `q_delta` 1; `max_clip` 20; and `eta` 0.1 for all.
///
/// In `Compat::SparkSnn1` the four-fold parameters and the constants of the traces are rounded to half precision.
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
///     brain Rewarded(reward: FloatArray[1], pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
///         synapses = LinearSynapses { units: [1], kernel: [1.0] };
///         rule     = QuadrupletRuleTensor { eta: 0.1 };
///         pre                -> synapses.spikes, rule.pre_spikes;
///         post               -> rule.post_spikes;
///         reward             -> rule.modulation;
///         synapses.kernel() <-> rule.kernel;
///         synapses.kernel()  -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut rewarded = Rewarded::new()?;
/// let spike = SpikeArray::from_indices(1, [0])?;
/// let reward = FloatArray::from([1.0]);
/// let out = rewarded.step(RewardedInputs { reward: &reward, pre: &spike, post: &spike });
/// // 1 + dt eta m (s + y s + p + x p), both traces at 1/10 after their first spike.
/// assert!((out.kernel.as_slice()[0] - 1.22).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct QuadrupletRuleTensor {
    /// Per type of the post unit; or one whose constants are those of each synapse.
    #[nested]
    pre_trace: Vec<PreTrace>,
    /// Per type of the presynaptic neuron, one value per post unit.
    #[nested]
    post_trace: Vec<PostTrace>,
    constants: Constants,
    modulation: Modulation,
    pairs: Pairs,
    kernel_shape: Shape,
    /// The masks that the types were looked up in.
    masks: Option<(Mask, Mask)>,
    pre_inhibitory: Vec<bool>,
    post_inhibitory: Vec<bool>,
    /// Whether any presynaptic neuron is inhibitory.
    mixed: bool,
    /// Neighbouring presynaptic neurons of the same type: whether they are inhibitory.
    pre_runs: Vec<(bool, Range<usize>)>,
    /// The same of post units.
    post_runs: Vec<(bool, Range<usize>)>,
    /// Take every neuron for excitatory, whatever the masks say.
    blind: bool,
    /// Whether the whole kernel has been bounded since the last reset.
    bounded: bool,
    spiked: Vec<bool>,
    /// What an arriving spike adds to the weights of each post unit, per type of the presynaptic neuron.
    nudges: [Vec<Nudge>; 2],
    /// The presynaptic traces that the unit at hand sees, one per input.
    seen: Vec<Real>,
}

/// Traces of the post units as synapses of one presynaptic type see them.
#[derive(Debug, Clone, Stateful)]
struct PostTrace {
    traces: Variable<Vec<Real>>,
}

/// The parameters of the four types, as they are computed with.
#[derive(Debug, Clone)]
struct Constants {
    pre_decay: [Real; 4],
    pre_scale: [Real; 4],
    post_decay: [Real; 4],
    post_scale: [Real; 4],
    alpha: [Real; 4],
    beta: [Real; 4],
    gamma: [Real; 4],
    delta: [Real; 4],
    max: [Real; 4],
    /// `dt eta`.
    rate: Real,
}

/// How the numbers of the four types are rounded.
fn rounding(compat: Compat) -> fn(f64) -> Real {
    if compat.is_spark_snn_1() {
        |x| Real::from(f16::from_f64(x).to_f32())
    } else {
        |x| x as Real
    }
}

impl Constants {
    fn new(config: &QuadrupletRuleTensorConfig, dt: f64, compat: Compat) -> Self {
        let round = rounding(compat);
        let each = |values: &[f64; 4]| values.map(round);
        let decay = |tau: Real| round(f64::from(round(f64::from(round(-dt)) / f64::from(tau)).exp()));
        let scale = |tau: Real| round(1.0 / f64::from(tau));
        let [pre_tau, post_tau] = [&config.pre_tau, &config.post_tau].map(|tau| each(&tau.map(Ms::value)));
        Constants {
            pre_decay: pre_tau.map(decay),
            pre_scale: pre_tau.map(scale),
            post_decay: post_tau.map(decay),
            post_scale: post_tau.map(scale),
            alpha: each(&config.q_alpha),
            beta: each(&config.q_beta),
            gamma: each(&config.q_gamma),
            delta: each(&config.q_delta),
            max: each(&config.max_clip),
            rate: (dt * config.eta) as Real,
        }
    }
}

/// The index of a synapse type among EE, EI, IE, II.
#[inline(always)]
fn type_of(post_inhibitory: bool, pre_inhibitory: bool) -> usize {
    2 * usize::from(post_inhibitory) + usize::from(pre_inhibitory)
}

fn pre_traces(arriving: &PortInfo, pairs: Pairs) -> Vec<PreTrace> {
    // The constants follow when the types are known.
    let unknown = || (Coefficient::One(0.0), Coefficient::One(0.0));
    let ((decay, scale), (decay2, scale2)) = (unknown(), unknown());
    match &arriving.plan {
        Some(plan) => vec![
            PreTrace::delayed(plan, decay, scale),
            PreTrace::delayed(plan, decay2, scale2),
        ],
        None if arriving.per_synapse => {
            vec![PreTrace::Synapses(SynapseTrace::new(pairs.count(), decay, scale))]
        }
        None => {
            let ring = |decay, scale| PreTrace::Neurons(TraceRing::new(pairs.pre, 1, decay, scale));
            vec![ring(decay, scale), ring(decay2, scale2)]
        }
    }
}

/// Learning from pairs of spikes, scaled by a modulating signal, with parameters per synapse type.
#[register_module(config = QuadrupletRuleTensorConfig, path = "Components/Plasticity Rules")]
impl QuadrupletRuleTensor {
    fn build(
        config: &QuadrupletRuleTensorConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let (wiring, modulation) = Wiring::modulated(ports, "modulation", keys)?;
        let pairs = wiring.pairs;
        let nudges = || vec![Nudge::NONE; pairs.post];
        let post_trace = || PostTrace {
            traces: Variable::new(vec![0.0; pairs.post]),
        };
        Ok(QuadrupletRuleTensor {
            pre_trace: pre_traces(wiring.arriving, pairs),
            post_trace: vec![post_trace(), post_trace()],
            constants: Constants::new(config, keys.dt().value(), keys.compat()),
            pairs,
            modulation,
            kernel_shape: wiring.kernel_shape.clone(),
            masks: None,
            pre_inhibitory: vec![false; pairs.pre],
            post_inhibitory: vec![false; pairs.post],
            mixed: false,
            pre_runs: Vec::new(),
            post_runs: Vec::new(),
            // The package shows a rule inside of a neuron no masks when it looks up its types, and only then it does.
            blind: keys.compat().is_spark_snn_1() && keys.in_neuron(),
            bounded: false,
            spiked: vec![false; pairs.post],
            nudges: [nudges(), nudges()],
            seen: vec![0.0; pairs.pre],
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
        #[shape(pairs(post_spikes, pre_spikes))]
        kernel: InOut<FloatArray>,
    ) {
        self.look_up_types(pre_spikes, post_spikes);
        self.trace(pre_spikes, post_spikes);
        let mut weights = kernel.rows_mut();
        // The places of the signal are shared, not copied.
        let modulated = self.modulation.clone();
        let factor = modulated.factor(modulation, self.constants.rate, 0.0);
        if !factor.is_zero() {
            self.learn(pre_spikes, post_spikes, factor, &mut weights);
        }
        if !self.bounded {
            let rows = weights.values.chunks_mut(self.pairs.pre + weights.gap);
            for (row, &post) in rows.zip(&self.post_inhibitory) {
                for (weight, &pre) in row.iter_mut().zip(&self.pre_inhibitory) {
                    *weight = Bounds::up_to(self.constants.max[type_of(post, pre)]).hold(*weight);
                }
            }
            self.bounded = true;
        }
    }

    fn reset(&mut self) {
        self.pre_trace.iter_mut().for_each(PreTrace::reset);
        self.post_trace
            .iter_mut()
            .for_each(|trace| trace.traces.fill(0.0));
        self.bounded = false;
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        let (mut pre, mut post) = (
            vec![0.0; self.pairs.count()],
            Vec::with_capacity(self.pairs.count()),
        );
        let mut room = vec![0.0; self.pairs.pre];
        for (unit, row) in pre.chunks_mut(self.pairs.pre).enumerate() {
            let traces = seen_of(&self.pre_trace, self.post_inhibitory[unit]);
            row.copy_from_slice(traces.seen_by(unit, &mut room));
            post.extend(
                self.pre_inhibitory
                    .iter()
                    .map(|&of| self.post_trace[usize::from(of)].traces[unit]),
            );
        }
        state.insert_array(
            join(path, "pre_trace/trace"),
            VariableKind::Activity,
            shaped(&self.kernel_shape, pre),
        );
        state.insert_array(
            join(path, "post_trace/trace"),
            VariableKind::Activity,
            shaped(&self.kernel_shape, post),
        );
    }
}

impl QuadrupletRuleTensor {
    /// Which neurons are inhibitory, looked up again only when a mask was replaced.
    fn look_up_types(&mut self, pre_spikes: &SpikeArray, post_spikes: &SpikeArray) {
        let (pre, post) = (pre_spikes.mask(), post_spikes.mask());
        if self
            .masks
            .as_ref()
            .is_some_and(|(a, b)| a.same(pre) && b.same(post))
        {
            return;
        }
        // The mask of spikes per synapse is that of the neurons, repeated for each unit: its first row tells.
        if !self.blind {
            (0..self.pairs.pre).for_each(|j| self.pre_inhibitory[j] = pre_spikes.mask_at(j));
            (0..self.pairs.post).for_each(|i| self.post_inhibitory[i] = post_spikes.mask_at(i));
        }
        self.mixed = self.pre_inhibitory.contains(&true);
        self.pre_runs = runs_of(&self.pre_inhibitory);
        self.post_runs = runs_of(&self.post_inhibitory);
        self.masks = Some((pre.clone(), post.clone()));
        self.bounded = false;
        self.set_coefficients();
    }

    fn set_coefficients(&mut self) {
        let Constants {
            pre_decay, pre_scale, ..
        } = &self.constants;
        if let [one] = self.pre_trace.as_mut_slice() {
            let types = self
                .post_inhibitory
                .iter()
                .flat_map(|&post| self.pre_inhibitory.iter().map(move |&pre| type_of(post, pre)));
            let each = |values: &[Real; 4]| Coefficient::Each(types.clone().map(|of| values[of]).collect());
            one.set_coefficients(each(pre_decay), each(pre_scale));
            return;
        }
        for (post, trace) in [false, true].into_iter().zip(&mut self.pre_trace) {
            let pick = |values: &[Real; 4]| {
                let of = |pre| values[type_of(post, pre)];
                if self.mixed {
                    Coefficient::Each(self.pre_inhibitory.iter().map(|&pre| of(pre)).collect())
                } else {
                    Coefficient::One(of(false))
                }
            };
            trace.set_coefficients(pick(pre_decay), pick(pre_scale));
        }
    }

    fn trace(&mut self, pre_spikes: &SpikeArray, post_spikes: &SpikeArray) {
        let pairs = self.pairs;
        self.pre_trace
            .iter_mut()
            .for_each(|trace| trace.step(pre_spikes, pairs));
        let Constants {
            post_decay,
            post_scale,
            ..
        } = &self.constants;
        for (pre, trace) in [false, true].into_iter().zip(&mut self.post_trace) {
            for (post, units) in &self.post_runs {
                let decay = post_decay[type_of(*post, pre)];
                trace.traces[units.clone()].iter_mut().for_each(|t| *t *= decay);
            }
            each_flat(post_spikes, |unit| {
                trace.traces[unit] += post_scale[type_of(self.post_inhibitory[unit], pre)]
            });
        }
    }

    /// The changes of a step.
    fn learn(
        &mut self,
        pre_spikes: &SpikeArray,
        post_spikes: &SpikeArray,
        factor: Factor<'_>,
        weights: &mut RowsMut<'_>,
    ) {
        each_flat(post_spikes, |post| self.spiked[post] = true);
        self.arrive(pre_spikes, factor, weights);
        each_flat(post_spikes, |post| {
            self.spiked[post] = false;
            self.fire(post, factor, weights);
        });
    }

    /// Changes the weights at which a spike arrives.
    fn arrive(&mut self, pre_spikes: &SpikeArray, factor: Factor<'_>, weights: &mut RowsMut<'_>) {
        let RowsMut { values: weights, gap } = weights;
        let rate = factor.uniform().unwrap_or(1.0);
        self.find_nudges(rate);
        let stride = self.pairs.pre + *gap;
        let [excitatory, inhibits] = &self.nudges;
        if factor.uniform().is_some() && self.are_arriving(pre_spikes, stride) {
            let direction_of = |nudges: &Vec<Nudge>| Direction::of(nudges, self.bounded);
            let directions = self.nudges.each_ref().map(direction_of);
            pre_spikes.each_arriving(|arriving| {
                for (inhibitory, entries) in arriving.runs() {
                    let of = usize::from(inhibitory && !self.blind);
                    nudge_arriving(weights, &self.nudges[of], directions[of], entries);
                }
            });
            return;
        }
        self.pairs.each_arrival(pre_spikes, |arrival| {
            let weight = &mut weights[arrival.post * stride + arrival.pre];
            let factor = factor
                .uniform()
                .map_or_else(|| factor.at(arrival.synapse), |_| 1.0);
            let inhibitory = self.pre_inhibitory[arrival.pre];
            let nudges = if inhibitory { inhibits } else { excitatory };
            *weight = nudges[arrival.post].apply(*weight, factor);
        });
    }

    /// Whether the spikes come in lists that say of what type they are.
    fn are_arriving(&self, spikes: &SpikeArray, stride: usize) -> bool {
        let per_neuron = spikes.mask().bits().is_none() || spikes.mask().len() == self.pairs.pre;
        matches!(spikes.form(), SpikeForm::Delayed(delayed) if per_neuron && delayed.plan().stride() == stride)
    }

    fn find_nudges(&mut self, rate: Real) {
        let Constants { alpha, beta, max, .. } = &self.constants;
        for pre in [false, true] {
            if pre && !self.mixed {
                continue;
            }
            let traces = &self.post_trace[usize::from(pre)].traces;
            let nudges = &mut self.nudges[usize::from(pre)];
            for (post, units) in &self.post_runs {
                let of = type_of(*post, pre);
                let (alpha, beta, bounds) = (alpha[of], beta[of], Bounds::up_to(max[of]));
                let of_units = traces[units.clone()].iter().zip(&self.spiked[units.clone()]);
                for (nudge, (trace, &spiked)) in nudges[units.clone()].iter_mut().zip(of_units) {
                    *nudge = Nudge {
                        delta: rate * (alpha + beta * trace),
                        bounds: bounds.unless(spiked),
                    };
                }
            }
        }
    }

    /// Changes the weights of a unit that spiked.
    fn fire(&mut self, post: usize, factor: Factor<'_>, weights: &mut RowsMut<'_>) {
        let rate = factor.uniform().unwrap_or(1.0);
        let Constants {
            gamma, delta, max, ..
        } = &self.constants;
        let types = [false, true].map(|pre| type_of(self.post_inhibitory[post], pre));
        let terms = types.map(|of| (rate * gamma[of], rate * delta[of]));
        let bounds = types.map(|of| Bounds::up_to(max[of]));
        let begin = post * self.pairs.pre;
        let row = &mut weights.values[begin + post * weights.gap..][..self.pairs.pre];
        let inhibitory = self.pre_inhibitory.as_slice();
        let traces = seen_of(&self.pre_trace, self.post_inhibitory[post]);
        let room = self.seen.as_mut_slice();
        if factor.uniform().is_some() {
            let runs = self.pre_runs.as_slice();
            if runs.len() > FEW_RUNS {
                vectorised!(add_to_mixed_row(
                    row,
                    traces.seen_by(post, room),
                    inhibitory,
                    terms,
                    bounds
                ));
                return;
            }
            for (inhibitory, neurons) in runs {
                let (first, row) = (neurons.start, &mut row[neurons.clone()]);
                let (term, bounds) = (terms[usize::from(*inhibitory)], bounds[usize::from(*inhibitory)]);
                vectorised!(traces.each_seen((post, first), self.pairs, row, |weight, trace| {
                    add_term(weight, trace, term, bounds);
                }));
            }
            return;
        }
        let seen = vectorised!(traces.seen_by(post, room));
        for (pre, (weight, &trace)) in row.iter_mut().zip(seen).enumerate() {
            let of = usize::from(inhibitory[pre]);
            let (own, per_trace) = terms[of];
            *weight = bounds[of].hold(*weight + (own + per_trace * trace) * factor.at(begin + pre));
        }
    }
}

/// Neighbours that are alike.
fn runs_of(inhibitory: &[bool]) -> Vec<(bool, Range<usize>)> {
    let mut begin = 0;
    let alike = inhibitory.chunk_by(|a, b| a == b);
    alike
        .map(|run| {
            let first = begin;
            begin += run.len();
            (run[0], first..begin)
        })
        .collect()
}

/// The presynaptic traces that the synapses of a post unit of this type see.
#[inline(always)]
fn seen_of(traces: &[PreTrace], post_inhibitory: bool) -> &PreTrace {
    match traces {
        [_, inhibitory] if post_inhibitory => inhibitory,
        traces => &traces[0],
    }
}
