//! Traces of presynaptic spikes as each synapse sees them.

use std::sync::Arc;

use super::terms::Traces;
use super::wiring::Wiring;
use crate::core::array::{ArrayD, Real};
use crate::core::module::PortInfo;
use crate::core::param::Param;
use crate::core::payload::{DelayPlan, LagSlice, Shape, SpikeArray, SpikeForm};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::core::variable::VariableKind;
use crate::kernels::select::select;
use crate::kernels::trace::{self, Coefficient};
use crate::nn::arrivals::{Pairs, each_flat};
use crate::nn::param::{ParamExt, shaped};
use crate::nn::tracers::Tracer;

/// A lag as it is stored.
trait Lag: Copy + PartialEq {
    /// From a lag that fits.
    fn from_lag(lag: u16) -> Self;
    fn to_index(self) -> usize;
}

impl Lag for u8 {
    fn from_lag(lag: u16) -> Self {
        lag as u8
    }

    fn to_index(self) -> usize {
        usize::from(self)
    }
}

impl Lag for u16 {
    fn from_lag(lag: u16) -> Self {
        lag
    }

    fn to_index(self) -> usize {
        usize::from(self)
    }
}

/// Visits each of `row` with the trace of its neuron, as the lag of the neuron chooses among these; what has none of the lags
/// gets any trace.
#[inline(always)]
fn pick<L: Lag, T, const N: usize>(
    row: &mut [T],
    lags: &[L],
    (traces, of): ([&[Real]; N], [L; N]),
    mut visit: impl FnMut(&mut T, Real),
) {
    // All of one length: nothing is left to be checked in the loop.
    let count = row.len();
    let (lags, traces) = (&lags[..count], traces.map(|traces| &traces[..count]));
    for neuron in 0..count {
        let mut found = traces[0][neuron];
        for one in 1..N {
            found = select(lags[neuron] == of[one], traces[one][neuron], found);
        }
        visit(&mut row[neuron], found);
    }
}

/// One trace per presynaptic neuron with a memory of the last steps, so that a synapse with a delay of `d` steps reads
/// what the trace was `d` steps ago.
///
/// That is what a trace at the synapse would be: both see the same spikes, `d` steps apart.
#[derive(Debug, Clone, Stateful)]
pub(crate) struct TraceRing {
    /// `depth` rows of one trace per neuron.
    rows: Variable<Vec<Real>>,
    newest: Variable<u32>,
    neurons: usize,
    depth: usize,
    decay: Coefficient,
    scale: Coefficient,
    /// Where the row of each lag begins in this step.
    begins: Vec<usize>,
}

impl TraceRing {
    pub(crate) fn new(neurons: usize, depth: usize, decay: Coefficient, scale: Coefficient) -> Self {
        let mut ring = TraceRing {
            rows: Variable::new(vec![0.0; neurons * depth]),
            newest: Variable::new(0),
            neurons,
            depth,
            decay,
            scale,
            begins: vec![0; depth],
        };
        ring.find_rows();
        ring
    }

    pub(crate) fn set_coefficients(&mut self, decay: Coefficient, scale: Coefficient) {
        (self.decay, self.scale) = (decay, scale);
    }

    fn find_rows(&mut self) {
        // A state from elsewhere may hold any number.
        *self.newest %= self.depth as u32;
        let newest = *self.newest as usize;
        for (lag, begin) in self.begins.iter_mut().enumerate() {
            *begin = (newest + self.depth - lag) % self.depth * self.neurons;
        }
    }

    /// One step: the neurons in `spikes` have just fired.
    pub(crate) fn step(&mut self, spikes: &[u32]) {
        let older = *self.newest as usize;
        let newer = (older + 1) % self.depth;
        let n = self.neurons;
        if newer == older {
            trace::decay(&mut self.rows, &self.decay, &Coefficient::One(0.0));
        } else {
            let (low, high) = self.rows.split_at_mut(older.max(newer) * n);
            if newer > older {
                trace::decay_into(&mut high[..n], &low[older * n..(older + 1) * n], &self.decay);
            } else {
                trace::decay_into(&mut low[newer * n..(newer + 1) * n], &high[..n], &self.decay);
            }
        }
        for &neuron in spikes {
            let neuron = neuron as usize;
            self.rows[newer * n + neuron] += self.scale.at(neuron);
        }
        *self.newest = newer as u32;
        self.find_rows();
    }

    /// The traces of all neurons as of `lag` steps ago.
    #[inline(always)]
    fn past(&self, lag: usize) -> &[Real] {
        &self.rows[self.begins[lag]..][..self.neurons]
    }

    /// Visits each of `row`, one for each neuron from `first` on, with the trace that unit `post` sees of it.
    #[inline(always)]
    fn each_delayed<T>(
        &self,
        plan: &DelayPlan,
        (post, first): (usize, usize),
        row: &mut [T],
        visit: impl FnMut(&mut T, Real),
    ) {
        match plan.lags_of(post) {
            LagSlice::Small(lags) => {
                self.each_by_lag(plan.distinct_lags(), &lags[first..], first, row, visit)
            }
            LagSlice::Large(lags) => {
                self.each_by_lag(plan.distinct_lags(), &lags[first..], first, row, visit)
            }
        }
    }

    /// Up to eight different delays it is faster to go through all of them than to look each one up.
    #[inline(always)]
    fn each_by_lag<L: Lag, T>(
        &self,
        distinct: &[u16],
        lags: &[L],
        first: usize,
        row: &mut [T],
        mut visit: impl FnMut(&mut T, Real),
    ) {
        if distinct.len() <= 4 {
            let choice = self.choice::<L, 4>(distinct, first);
            pick(row, lags, choice, visit);
        } else if distinct.len() <= 8 {
            let choice = self.choice::<L, 8>(distinct, first);
            pick(row, lags, choice, visit);
        } else {
            for (neuron, (item, &lag)) in row.iter_mut().zip(lags).enumerate() {
                visit(item, self.rows[self.begins[lag.to_index()] + first + neuron]);
            }
        }
    }

    /// The traces from a neuron on as of each of up to `N` lags, and the lags.
    #[inline(always)]
    fn choice<L: Lag, const N: usize>(&self, distinct: &[u16], first: usize) -> ([&[Real]; N], [L; N]) {
        // A lag that stands here twice is the same twice.
        let lag_at = |one: usize| distinct[one.min(distinct.len() - 1)];
        let traces = std::array::from_fn(|one| &self.past(usize::from(lag_at(one)))[first..]);
        (traces, std::array::from_fn(|one| L::from_lag(lag_at(one))))
    }

    pub(crate) fn reset(&mut self) {
        self.rows.fill(0.0);
        *self.newest = 0;
        self.find_rows();
    }
}

/// Traces of presynaptic spikes: one per neuron if their constants allow it, else one per synapse.
#[derive(Debug, Clone)]
pub(crate) enum PreTrace {
    /// Plain spikes.
    Neurons(TraceRing),
    /// Delayed spikes.
    Delayed(TraceRing, Arc<DelayPlan>),
    /// Spikes per synapse, or delayed spikes whose constants differ from synapse to synapse.
    Synapses(SynapseTrace),
}

/// One trace per synapse.
#[derive(Debug, Clone, Stateful)]
pub(crate) struct SynapseTrace {
    traces: Variable<Vec<Real>>,
    decay: Coefficient,
    scale: Coefficient,
}

impl SynapseTrace {
    pub(crate) fn new(synapses: usize, decay: Coefficient, scale: Coefficient) -> Self {
        SynapseTrace {
            traces: Variable::new(vec![0.0; synapses]),
            decay,
            scale,
        }
    }
}

#[diagnostic::do_not_recommend]
impl Stateful for PreTrace {
    fn visit(&mut self, visitor: &mut crate::core::state::StateVisitor<'_>) {
        match self {
            PreTrace::Neurons(ring) | PreTrace::Delayed(ring, _) => {
                ring.visit(visitor);
                // The newest row may have been loaded.
                ring.find_rows();
            }
            PreTrace::Synapses(trace) => trace.visit(visitor),
        }
    }

    fn visit_ref(&self, reader: &mut crate::core::state::StateReader<'_>) {
        match self {
            PreTrace::Neurons(ring) | PreTrace::Delayed(ring, _) => ring.visit_ref(reader),
            PreTrace::Synapses(trace) => trace.visit_ref(reader),
        }
    }
}

impl PreTrace {
    /// Per neuron if the constants are the same for all synapses of a neuron, else per synapse.
    pub(crate) fn new(arriving: &PortInfo, pairs: Pairs, decay: &Param, scale: &Param) -> Self {
        let uniform = decay.uniform().is_some() && scale.uniform().is_some();
        let (decay, scale) = (
            decay.coefficient(&arriving.shape),
            scale.coefficient(&arriving.shape),
        );
        match &arriving.plan {
            Some(plan) if uniform => PreTrace::delayed(plan, decay, scale),
            Some(_) => PreTrace::Synapses(SynapseTrace::new(pairs.count(), decay, scale)),
            None if arriving.per_synapse => {
                PreTrace::Synapses(SynapseTrace::new(pairs.count(), decay, scale))
            }
            None => PreTrace::Neurons(TraceRing::new(pairs.pre, 1, decay, scale)),
        }
    }

    /// Whether there is one trace per neuron.
    pub(crate) fn is_per_neuron(&self) -> bool {
        !matches!(self, PreTrace::Synapses(_))
    }

    /// The decay of the traces and the delays through which they are seen, if all decay alike.
    pub(crate) fn delayed_decay(&self) -> Option<(Real, &Arc<DelayPlan>)> {
        match self {
            PreTrace::Delayed(ring, plan) => match ring.decay {
                Coefficient::One(decay) => Some((decay, plan)),
                Coefficient::Each(_) => None,
            },
            _ => None,
        }
    }

    /// One per neuron, seen through the delays of a plan.
    pub(crate) fn delayed(plan: &Arc<DelayPlan>, decay: Coefficient, scale: Coefficient) -> Self {
        let depth = usize::from(plan.max_lag()) + 1;
        PreTrace::Delayed(TraceRing::new(plan.pre(), depth, decay, scale), Arc::clone(plan))
    }

    pub(crate) fn set_coefficients(&mut self, decay: Coefficient, scale: Coefficient) {
        match self {
            PreTrace::Neurons(ring) | PreTrace::Delayed(ring, _) => ring.set_coefficients(decay, scale),
            PreTrace::Synapses(trace) => (trace.decay, trace.scale) = (decay, scale),
        }
    }

    /// One step with the spikes of the step.
    pub(crate) fn step(&mut self, spikes: &SpikeArray, pairs: Pairs) {
        match self {
            PreTrace::Neurons(ring) => ring.step(spikes.indices()),
            PreTrace::Delayed(ring, _) => {
                if let SpikeForm::Delayed(delayed) = spikes.form() {
                    ring.step(delayed.past(0));
                }
            }
            PreTrace::Synapses(SynapseTrace { traces, decay, scale }) => {
                trace::decay(traces, decay, &Coefficient::One(0.0));
                pairs.each_arrival(spikes, |arrival| {
                    traces[arrival.synapse] += scale.at(arrival.synapse)
                });
            }
        }
    }

    /// The traces of all neurons as of `lag` steps ago; nothing if they are kept per synapse.
    #[inline(always)]
    pub(crate) fn of_lag(&self, lag: usize) -> &[Real] {
        match self {
            PreTrace::Neurons(ring) | PreTrace::Delayed(ring, _) => {
                &ring.rows[ring.begins[lag]..][..ring.neurons]
            }
            PreTrace::Synapses(_) => &[],
        }
    }

    /// Visits each of `row`, one for each neuron from `first` on, with the trace that unit `post` sees of it, in
    /// their order.
    #[inline(always)]
    pub(crate) fn each_seen<T>(
        &self,
        (post, first): (usize, usize),
        pairs: Pairs,
        row: &mut [T],
        mut visit: impl FnMut(&mut T, Real),
    ) {
        let traces = match self {
            PreTrace::Neurons(ring) => &ring.past(0)[first..],
            PreTrace::Delayed(ring, plan) => return ring.each_delayed(plan, (post, first), row, visit),
            PreTrace::Synapses(trace) => &trace.traces[post * pairs.pre + first..],
        };
        row.iter_mut()
            .zip(traces)
            .for_each(|(item, &trace)| visit(item, trace));
    }

    /// The traces that the synapses of unit `post` see, input by input. `room` holds one value per input.
    #[inline(always)]
    pub(crate) fn seen_by<'a>(&'a self, post: usize, room: &'a mut [Real]) -> &'a [Real] {
        let pre = room.len();
        match self {
            PreTrace::Neurons(ring) => &ring.past(0)[..pre],
            PreTrace::Delayed(ring, plan) => {
                ring.each_delayed(plan, (post, 0), room, |seen, trace| *seen = trace);
                room
            }
            PreTrace::Synapses(trace) => &trace.traces[post * pre..][..pre],
        }
    }

    pub(crate) fn reset(&mut self) {
        match self {
            PreTrace::Neurons(ring) | PreTrace::Delayed(ring, _) => ring.reset(),
            PreTrace::Synapses(trace) => trace.traces.fill(0.0),
        }
    }

    /// The traces at the synapses as an array of the shape of the spikes: that of the kernel or, for plain spikes, one
    /// trace per neuron.
    fn spark_array(&self, pairs: Pairs, shape: &Shape) -> ArrayD<Real> {
        let posts = if matches!(self, PreTrace::Neurons(_)) {
            1
        } else {
            pairs.post
        };
        let mut traces = vec![0.0; posts * pairs.pre];
        let mut room = vec![0.0; pairs.pre];
        for (post, row) in traces.chunks_mut(pairs.pre).enumerate() {
            row.copy_from_slice(self.seen_by(post, &mut room));
        }
        shaped(shape, traces)
    }
}

/// The traces of both sides of the synapses: `x' = exp(-dt/tau) x + scale s`.
#[derive(Debug, Clone, Stateful)]
pub(crate) struct PairTraces {
    #[nested]
    pub(crate) pre: PreTrace,
    #[nested]
    post: Tracer,
    pairs: Pairs,
    pre_shape: Shape,
    post_shape: Shape,
}

/// What a spike adds to a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spike {
    /// `1 / tau`, so that the trace follows the rate per ms.
    PerTau,
    /// 1, so that the trace of one spike is the window of its pairs.
    One,
}

impl Spike {
    fn scale(self, tau: &Param) -> Param {
        match self {
            Spike::PerTau => tau.recip(),
            Spike::One => Param::Scalar(1.0),
        }
    }
}

/// The trace of post units in which a spike counts `1 / tau`.
pub(crate) fn post_trace(shape: &Shape, tau: &Param, dt: f64) -> Tracer {
    Tracer::new(shape, tau, &tau.recip(), &Param::Scalar(0.0), dt)
}

/// One step of a trace of post units.
pub(crate) fn step_post(trace: &mut Tracer, post_spikes: &SpikeArray) {
    trace.decay();
    each_flat(post_spikes, |post| trace.add(post, 1.0));
}

impl PairTraces {
    pub(crate) fn new(wiring: &Wiring<'_>, pre_tau: &Param, post_tau: &Param, spike: Spike, dt: f64) -> Self {
        let Wiring {
            arriving,
            post_shape,
            pairs,
            ..
        } = *wiring;
        let zero = Param::Scalar(0.0);
        PairTraces {
            pre: PreTrace::new(arriving, pairs, &pre_tau.decay(dt), &spike.scale(pre_tau)),
            post: Tracer::new(post_shape, post_tau, &spike.scale(post_tau), &zero, dt),
            pairs,
            pre_shape: arriving.shape.clone(),
            post_shape: post_shape.clone(),
        }
    }

    /// One step: the traces include the spikes of the step.
    pub(crate) fn step(&mut self, pre_spikes: &SpikeArray, post_spikes: &SpikeArray) {
        self.step_before_firing(pre_spikes);
        self.fire(post_spikes);
    }

    /// The part of a step until the post units fire: their traces do not include the spikes of the step yet.
    pub(crate) fn step_before_firing(&mut self, pre_spikes: &SpikeArray) {
        self.pre.step(pre_spikes, self.pairs);
        self.post.decay();
    }

    /// The rest of the step.
    pub(crate) fn fire(&mut self, post_spikes: &SpikeArray) {
        each_flat(post_spikes, |post| self.post.add(post, 1.0));
    }

    /// What [`super::terms::PairTerms`] learns from.
    pub(crate) fn view(&self) -> Traces<'_> {
        Traces {
            pre: &self.pre,
            post: self.post.values(),
            slow: None,
        }
    }

    pub(crate) fn reset(&mut self) {
        self.pre.reset();
        self.post.reset();
    }

    /// `pre_trace` and `post_trace` of the rule at `path`.
    pub(crate) fn spark_state(&self, path: &str, state: &mut StateMap) {
        let pre = self.pre.spark_array(self.pairs, &self.pre_shape);
        state.insert_array(join(path, "pre_trace/trace"), VariableKind::Activity, pre);
        self.post
            .spark_state(&join(path, "post_trace"), &self.post_shape, state);
    }
}
