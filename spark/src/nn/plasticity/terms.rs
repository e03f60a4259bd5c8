//! The terms that most rules consist of: what a spike adds by itself, and what it adds per trace of the other side.

use super::modulation::Factor;
use std::sync::Arc;

use super::traces::PreTrace;
use super::wiring::Wiring;
use crate::core::array::Real;
use crate::core::param::Param;
use crate::core::payload::{Deferred, DelayedSpikes, RowsMut, Shape, SpikeArray, SpikeForm, Topology};
use crate::core::sharing::{Part, Sharing};
use crate::kernels::dispatch::vectorised;
use crate::kernels::plastic::{Bounds, Direction, Nudge, add_term, add_to_arriving, nudge_arriving};
use crate::kernels::trace::Coefficient;
use crate::nn::arrivals::{Pairs, each_flat, each_row};
use crate::nn::param::ParamExt;

/// What a spike adds to a weight: `own + per_trace * trace`, the trace being that of the other side.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    own: Coefficient,
    per_trace: Coefficient,
}

impl Term {
    /// From parameters that broadcast to the kernel.
    pub(crate) fn new(own: &Param, per_trace: &Param, kernel: &Shape) -> Self {
        Term {
            own: own.coefficient(kernel),
            per_trace: per_trace.coefficient(kernel),
        }
    }

    /// Only per trace, the same for all synapses.
    pub(crate) fn per_trace(per_trace: Real) -> Self {
        Term {
            own: Coefficient::One(0.0),
            per_trace: Coefficient::One(per_trace),
        }
    }

    /// Both coefficients times the factor, if they are the same for all synapses.
    fn uniform(&self, factor: &Factor<'_>) -> Option<(Real, Real)> {
        match (&self.own, &self.per_trace, factor.uniform()) {
            (Coefficient::One(own), Coefficient::One(per_trace), Some(factor)) => {
                Some((factor * own, factor * per_trace))
            }
            _ => None,
        }
    }

    #[inline(always)]
    fn at(&self, synapse: usize, trace: Real) -> Real {
        self.own.at(synapse) + self.per_trace.at(synapse) * trace
    }
}

/// The traces that a step learns from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traces<'a> {
    pub(crate) pre: &'a PreTrace,
    /// One per post unit.
    pub(crate) post: &'a [Real],
    /// One per post unit, scales what its spike adds per presynaptic trace; triplet rules have one.
    pub(crate) slow: Option<&'a [Real]>,
}

/// Learning from single spikes and from pairs of them:
/// `K' = bounds(K + f (pre.own s + pre.per_trace y s + post.own p + post.per_trace x p))`, where `s` and `p` are the
/// spikes, `x` and `y` the traces of the two sides. The cost follows the spikes.
#[derive(Debug, Clone)]
pub(crate) struct PairTerms {
    pairs: Pairs,
    /// What an arriving spike adds.
    pre: Term,
    /// What a spike of the post unit adds.
    post: Term,
    bounds: Bounds,
    /// Whether the whole kernel has been bounded since the last reset.
    bounded: bool,
    /// Rows that are bounded after the arrivals of this step.
    open: Vec<bool>,
    /// What an arriving spike adds to the weights of each post unit.
    deltas: Vec<Real>,
    nudges: Vec<Nudge>,
    /// The traces that the unit at hand sees, one per input.
    seen: Vec<Real>,
    /// The synapses, if the kernel holds some of them only.
    topology: Option<Arc<Topology>>,
}

impl PairTerms {
    /// For kernels that may be sparse: the port of the rule says so.
    pub(crate) fn of(wiring: &Wiring<'_>, pre: Term, post: Term, bounds: Bounds) -> Self {
        PairTerms {
            topology: wiring.topology.cloned(),
            ..PairTerms::new(wiring.pairs, pre, post, bounds)
        }
    }

    pub(crate) fn new(pairs: Pairs, pre: Term, post: Term, bounds: Bounds) -> Self {
        PairTerms {
            topology: None,
            pairs,
            pre,
            post,
            bounds,
            bounded: false,
            open: vec![false; pairs.post],
            deltas: vec![0.0; pairs.post],
            nudges: vec![Nudge::NONE; pairs.post],
            seen: vec![0.0; pairs.pre],
        }
    }

    /// All terms of a step.
    pub(crate) fn step(
        &mut self,
        pre_spikes: &SpikeArray,
        post_spikes: &SpikeArray,
        traces: Traces<'_>,
        factor: Factor<'_>,
        mut weights: RowsMut<'_>,
    ) {
        let weights = &mut weights;
        if !factor.is_zero() {
            each_flat(post_spikes, |post| self.open[post] = true);
            self.arrive(pre_spikes, traces.post, factor, weights);
            each_flat(post_spikes, |post| {
                self.open[post] = false;
                self.fire(post, traces, factor, weights);
            });
        }
        self.bound_once(weights.values);
    }

    /// Whether updates of a kernel may wait: spikes add nothing but a multiple of the trace of the other side, which is never
    /// negative and the same for all synapses, and nothing but 0 bounds the weights.
    pub(crate) fn may_wait(&self) -> bool {
        let may = |term: &Term| {
            term.uniform(&Factor::ONE)
                .is_some_and(|(own, per_trace)| own == 0.0 && (0.0..Real::INFINITY).contains(&per_trace))
        };
        self.bounds == Bounds::POSITIVE && may(&self.pre) && may(&self.post)
    }

    /// All terms of a step for a kernel in which updates wait. Only if they [may](PairTerms::may_wait), and spikes arrive along
    /// the rows of the kernel.
    pub(crate) fn step_deferred(
        &mut self,
        pre_spikes: &DelayedSpikes,
        post_spikes: &SpikeArray,
        traces: Traces<'_>,
        weights: &mut Deferred,
    ) {
        let (Some((_, per_pre)), Some((_, per_post))) =
            (self.pre.uniform(&Factor::ONE), self.post.uniform(&Factor::ONE))
        else {
            return;
        };
        let deltas = self.deltas.iter_mut().zip(traces.post);
        deltas.for_each(|(delta, &trace)| *delta = per_pre * trace);
        weights.arrive(pre_spikes, &self.deltas, per_post, |lag| traces.pre.of_lag(lag));
        each_flat(post_spikes, |post| weights.fire(post));
        // No weight is negative.
        self.bounded = true;
    }

    /// Says that the row of a unit is bounded by [`PairTerms::close`], after the arrivals.
    pub(crate) fn open(&mut self, post: usize) {
        self.open[post] = true;
    }

    /// Bounds the open rows.
    pub(crate) fn close(&mut self, weights: &mut [Real]) {
        for (row, open) in weights.chunks_mut(self.pairs.pre).zip(&mut self.open) {
            if std::mem::take(open) {
                self.bounds.hold_all(row);
            }
        }
    }

    /// Changes the weights at which a spike arrives.
    pub(crate) fn arrive(
        &mut self,
        spikes: &SpikeArray,
        post_traces: &[Real],
        factor: Factor<'_>,
        weights: &mut RowsMut<'_>,
    ) {
        if let Some(topology) = self.topology.clone() {
            self.arrive_sparse(&topology, spikes, post_traces, factor, weights.values);
            return;
        }
        let RowsMut { values: weights, gap } = weights;
        if let Some((own, per_trace)) = self.pre.uniform(&factor) {
            let deltas = self.deltas.iter_mut().zip(post_traces);
            deltas.for_each(|(delta, &trace)| *delta = own + per_trace * trace);
            self.arrive_uniform(spikes, weights, *gap);
            return;
        }
        self.pairs.each_arrival(spikes, |arrival| {
            let (synapse, bounds) = (arrival.synapse, self.bounds.unless(self.open[arrival.post]));
            let delta = factor.at(synapse) * self.pre.at(synapse, post_traces[arrival.post]);
            let weight = &mut weights[synapse + arrival.post * *gap];
            *weight = bounds.hold(*weight + delta);
        });
    }

    /// The same where what a spike adds depends on the post unit only: the deltas.
    fn arrive_uniform(&mut self, spikes: &SpikeArray, weights: &mut [Real], gap: usize) {
        let bounds = self.bounds;
        // What is within its bounds and only grows without a limit is not held by them: open rows need no others.
        let grows = bounds.max == Real::INFINITY && self.deltas.iter().all(|delta| *delta >= 0.0);
        let alike = (self.bounded && grows) || !self.open.contains(&true);
        let deltas = self.deltas.as_slice();
        match spikes.form() {
            SpikeForm::Delayed(delayed) if delayed.plan().stride() == self.pairs.pre + gap => {
                if alike {
                    spikes.each_arriving(|arriving| {
                        add_to_arriving(weights, deltas, bounds, arriving.entries());
                    });
                    return;
                }
                let nudges = self.nudges.iter_mut().zip(deltas).zip(&self.open);
                nudges.for_each(|((nudge, &delta), &open)| {
                    *nudge = Nudge {
                        delta,
                        bounds: bounds.unless(open),
                    };
                });
                let nudges = self.nudges.as_slice();
                let direction = Direction::of(nudges, self.bounded);
                spikes
                    .each_arriving(|arriving| nudge_arriving(weights, nudges, direction, arriving.entries()));
            }
            _ => self.pairs.each_arrival(spikes, |arrival| {
                let bounds = bounds.unless(self.open[arrival.post]);
                let weight = &mut weights[arrival.synapse + arrival.post * gap];
                *weight = bounds.hold(*weight + deltas[arrival.post]);
            }),
        }
    }

    /// The same for a sparse kernel.
    fn arrive_sparse(
        &self,
        topology: &Topology,
        spikes: &SpikeArray,
        post_traces: &[Real],
        factor: Factor<'_>,
        weights: &mut [Real],
    ) {
        let uniform = self.pre.uniform(&factor);
        each_row(topology, spikes, |class, pre| {
            let row = topology.row(class, pre);
            let weights = &mut weights[row.clone()];
            topology.posts().slice(row).for_each(|k, post| {
                let (trace, bounds) = (post_traces[post], self.bounds.unless(self.open[post]));
                let delta = match uniform {
                    Some((own, per_trace)) => own + per_trace * trace,
                    None => {
                        let pair = post * topology.pre() + pre;
                        factor.at(pair) * self.pre.at(pair, trace)
                    }
                };
                weights[k] = bounds.hold(weights[k] + delta);
            });
        });
    }

    /// The same for a unit that spiked.
    fn fire_sparse(
        &self,
        topology: &Topology,
        post: usize,
        traces: Traces<'_>,
        factor: Factor<'_>,
        weights: &mut [Real],
    ) {
        let slow = traces.slow.map_or(1.0, |slow| slow[post]);
        let uniform = self.post.uniform(&factor);
        for (class, &lag) in topology.lags().iter().enumerate() {
            let seen = traces.pre.of_lag(usize::from(lag));
            let (places, pres) = topology.incoming().of(post, class);
            pres.for_each(|k, pre| {
                let trace = slow * seen[pre];
                let delta = match uniform {
                    Some((own, per_trace)) => own + per_trace * trace,
                    None => {
                        let pair = post * topology.pre() + pre;
                        factor.at(pair) * self.post.at(pair, trace)
                    }
                };
                let weight = &mut weights[places[k] as usize];
                *weight = self.bounds.hold(*weight + delta);
            });
        }
    }

    /// Units are shared among threads where the kernel is sparse.
    pub(crate) fn sharing(&self) -> Sharing {
        match self.topology {
            Some(_) => Sharing::Units {
                count: self.pairs.post,
            },
            None => Sharing::Alone,
        }
    }

    /// Learns the synapses of a part of the units only.
    pub(crate) fn restrict(&mut self, part: Part) {
        if let Some(topology) = &mut self.topology {
            *topology = Arc::new(topology.restricted(&part.units(topology.post())).0);
        }
    }

    /// Changes the weights of a unit that spiked.
    fn fire(&mut self, post: usize, traces: Traces<'_>, factor: Factor<'_>, weights: &mut RowsMut<'_>) {
        if let Some(topology) = &self.topology {
            self.fire_sparse(topology, post, traces, factor, weights.values);
            return;
        }
        let begin = post * self.pairs.pre;
        let row = &mut weights.values[begin + post * weights.gap..][..self.pairs.pre];
        let slow = traces.slow.map_or(1.0, |slow| slow[post]);
        let (bounds, term, room) = (self.bounds, &self.post, self.seen.as_mut_slice());
        if let Some((own, per_trace)) = term.uniform(&factor) {
            let (term, pairs) = ((own, per_trace * slow), self.pairs);
            vectorised!(traces.pre.each_seen((post, 0), pairs, row, |weight, trace| {
                add_term(weight, trace, term, bounds);
            }));
            return;
        }
        let seen = vectorised!(traces.pre.seen_by(post, room));
        for (pre, (weight, &trace)) in row.iter_mut().zip(seen).enumerate() {
            let synapse = begin + pre;
            *weight = bounds.hold(*weight + factor.at(synapse) * term.at(synapse, slow * trace));
        }
    }

    /// Bounds the whole kernel in the first step after building or a reset.
    pub(crate) fn bound_once(&mut self, weights: &mut [Real]) {
        if !self.bounded {
            self.bounds.hold_all(weights);
            self.bounded = true;
        }
    }

    pub(crate) fn reset(&mut self) {
        self.bounded = false;
    }
}
