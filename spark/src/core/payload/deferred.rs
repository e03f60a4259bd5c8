//! Kernels of delayed synapses whose potentiation by postsynaptic spikes waits.
//!
//! Under [`HebbianRule`](crate::nn::plasticity::HebbianRule) a spike of unit `i` at `s` adds `c x_j(s)` to all of its
//! synapses, `x_j` being the presynaptic trace that the synapse sees. Until the next spike arrives there the trace only
//! decays, `x_j(s) = x_j(t0) lambda^(s - t0)`, so all that was added since the last arrival at `t0` is
//!
//! `scale_j (E_i(t) - E_i(t0))`, `scale_j = c x_j(t0) lambda^(T - t0)`, `E_i(t) = sum over spikes s <= t of lambda^(s - T)`.
//!
//! `E_i` is one number per unit. So a postsynaptic spike costs nothing per synapse, a weight is brought up to date when a spike
//! arrives, and nobody walks along the rows of units any more: the weights can stand in the order in which spikes arrive, by
//! delay and presynaptic neuron. With 4096 units and 1024 inputs of 20 Hz that saves two thirds of a step (720 us become 210),
//! most of which was one cache line per synapse; where the kernel fits into the nearer caches there is nothing to gain.
//!
//! The powers would overflow in time, so `T` moves on: every two time constants or so a new epoch begins, of which several are
//! alive, and what still waits in the oldest one is added before it ends. All terms are 0 or more, so the bound of the rule at
//! 0 never binds and sums may be regrouped.
//!
//! Memory per synapse: the weight and `E_i(t0)`, 8 bytes in single precision, in place of the 4 of the kernel. Whoever reads the
//! kernel gets a copy in C order, which is kept until the next step of the rule and changes nothing in what is stored; who
//! writes it ends the waiting for a while. The values read are not enough to go on to the bit, so what is stored belongs to the
//! state, too; in a state whose kernel it does not amount to, the kernel counts and nothing waits.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use ndarray::IxDyn;

use super::rows::Rows;
use super::{DelayPlan, DelayedSpikes, IndexSlice, Shape};
use crate::core::array::{ArrayD, Element, Real, array_from_vec, standard};
use crate::core::state::{StateReader, StateVisitor};
use crate::core::variable::VariableKind;
use crate::kernels::trace::{fade, settled};

/// Epochs that are alive.
const EPOCHS: usize = 8;

/// A trace falls by about this factor in an epoch.
const FALL: f64 = 8.0;

/// The longest epoch, in steps.
const LONGEST: usize = 4096;

/// So many steps after somebody wrote the kernel it is deferred again: who writes it all the time does not pay for it.
const CALM: u32 = 256;

/// A kernel whose learning rule may let updates wait, and the decay of the presynaptic traces once a rule does.
///
/// The kernel and the ports of the rule share it, so that the state of the kernel is known when the network is built.
#[derive(Debug)]
pub struct Deferrable {
    plan: Arc<DelayPlan>,
    decay: OnceLock<Real>,
}

impl Deferrable {
    /// The delays of the synapses.
    pub(crate) fn plan(&self) -> &Arc<DelayPlan> {
        &self.plan
    }

    /// Lets the updates of one rule wait: false if another one's do already.
    pub(crate) fn claim(&self, decay: Real) -> bool {
        self.decay.set(decay).is_ok()
    }
}

/// What a kernel of which updates may wait holds besides its values.
#[derive(Debug, Clone)]
pub(super) struct Deferral {
    pub(super) may: Arc<Deferrable>,
    /// Steps of the rule since the kernel was written.
    calm: u32,
    /// The values in place of those of the kernel, if updates wait.
    pub(super) kept: Option<Box<Deferred>>,
}

impl Deferral {
    pub(super) fn new(plan: Arc<DelayPlan>) -> Self {
        let decay = OnceLock::new();
        Deferral {
            may: Arc::new(Deferrable { plan, decay }),
            calm: CALM,
            kept: None,
        }
    }

    /// Gives the settled values up.
    pub(super) fn settle(&mut self, shape: &Shape) -> Option<ArrayD<Real>> {
        let mut kept = self.kept.take()?;
        self.calm = 0;
        Some(kept.dense.take().unwrap_or_else(|| kept.settled(shape)))
    }

    /// Begins to let updates wait, if the weights allow it and nobody has written them lately.
    pub(super) fn begin(&mut self, weights: Rows<'_>) {
        if self.calm < CALM {
            self.calm += 1;
        } else if let Some(decay) = self.may.decay.get() {
            self.kept = Deferred::of(&self.may.plan, *decay, weights).map(Box::new);
            if self.kept.is_none() {
                // Not looked through again in every step.
                self.calm = 0;
            }
        }
    }

    /// Shows what belongs to the state besides the settled values, if a rule lets updates wait.
    pub(super) fn save(&self, reader: &mut StateReader<'_>) {
        let Some(decay) = self.may.decay.get() else {
            return;
        };
        let blank;
        let kept = match &self.kept {
            Some(kept) => kept.as_ref(),
            None => {
                blank = Deferred::blank(&self.may.plan, *decay);
                &blank
            }
        };
        reader.nested("deferred", |reader| {
            reader.item("calm", VariableKind::Activity, &self.calm);
            kept.save(reader);
        });
    }

    /// The same, moved out or in; `kept` is what stood in place of the values in `array`.
    pub(super) fn visit(
        &mut self,
        visitor: &mut StateVisitor<'_>,
        kept: Option<Box<Deferred>>,
        array: &ArrayD<Real>,
    ) {
        let Some(decay) = self.may.decay.get() else {
            return;
        };
        let blank = || Box::new(Deferred::blank(&self.may.plan, *decay));
        let mut kept = kept.unwrap_or_else(blank);
        visitor.nested("deferred", |visitor| {
            visitor.item("calm", VariableKind::Activity, &mut self.calm);
            kept.visit(visitor);
        });
        kept.dense.take();
        // What does not amount to the kernel is not about it.
        self.kept = kept.amounts_to(array).then_some(kept);
    }
}

/// Weights in the order of a [`DelayPlan`], and what waits to be added to them.
#[derive(Debug, Clone)]
pub(crate) struct Deferred {
    plan: Arc<DelayPlan>,
    /// Powers of the decay, from 0 on.
    powers: Vec<Real>,
    /// The inverse powers within an epoch.
    growth: Vec<Real>,
    weights: Vec<Real>,
    /// `E` of the unit when the weight was brought up to date.
    since: Vec<Real>,
    /// What each row, the synapses of a neuron with the same delay, adds per unit of `E`.
    scales: Vec<Real>,
    /// The epoch that the row counts from.
    epochs: Vec<u8>,
    /// `E` of all units, epoch by epoch.
    sums: Vec<Real>,
    /// The epoch at hand, the steps since it began, and how many resets of the rule it has seen.
    clock: [u32; 3],
    /// Whether it does not know the traces yet.
    fresh: bool,
    /// What an arriving spike adds at each unit, and its `E` in the epoch at hand.
    nudges: Vec<[Real; 2]>,
    /// The settled values in C order, where somebody asked for them.
    dense: OnceLock<ArrayD<Real>>,
}

impl Deferred {
    /// Without any values.
    fn blank(plan: &Arc<DelayPlan>, decay: Real) -> Self {
        let decay = f64::from(decay);
        let len = ((FALL.ln() / -decay.ln()) as usize).clamp(1, LONGEST);
        let power = |exponent: usize| settled(decay.powi(exponent as i32) as Real);
        Deferred {
            plan: Arc::clone(plan),
            powers: (0..EPOCHS * len).map(power).collect(),
            growth: (0..len).map(|age| decay.powi(-(age as i32)) as Real).collect(),
            weights: Vec::new(),
            since: Vec::new(),
            scales: Vec::new(),
            epochs: Vec::new(),
            sums: Vec::new(),
            clock: [0; 3],
            fresh: false,
            nudges: vec![[0.0; 2]; plan.post()],
            dense: OnceLock::new(),
        }
    }

    /// These weights, if none is negative.
    fn of(plan: &Arc<DelayPlan>, decay: Real, rows: Rows<'_>) -> Option<Self> {
        // What stands between rows is 0.
        if !rows.values.iter().all(|weight| *weight >= 0.0) {
            return None;
        }
        let mut new = Deferred::blank(plan, decay);
        new.fresh = true;
        new.weights = vec![0.0; plan.count()];
        new.since = vec![0.0; plan.count()];
        new.scales = vec![0.0; new.rows()];
        new.epochs = vec![0; new.rows()];
        new.sums = vec![0.0; EPOCHS * plan.post()];
        let stride = plan.pre() + rows.gap;
        plan.each_piece(|pre, _, places| {
            let weights = &mut new.weights[places.clone()];
            let posts = plan.padded_posts().slice(places);
            posts.for_each(|k, post| weights[k] = rows.values[post * stride + pre]);
        });
        Some(new)
    }

    fn rows(&self) -> usize {
        self.plan.distinct_lags().len() * self.plan.pre()
    }

    /// Whether the spikes arrive along its rows.
    pub(crate) fn hears(&self, spikes: &DelayedSpikes) -> bool {
        Arc::ptr_eq(&self.plan, spikes.plan())
    }

    /// The settled values in C order.
    pub(super) fn array(&self, shape: &Shape) -> &ArrayD<Real> {
        self.dense.get_or_init(|| self.settled(shape))
    }

    fn settled(&self, shape: &Shape) -> ArrayD<Real> {
        let pres = self.plan.pre();
        let mut values = vec![0.0; self.plan.count()];
        self.plan.each_piece(|pre, row, places| {
            let (sums, scale) = (self.sums_of(row), self.scales[row]);
            let (weights, since) = (&self.weights[places.clone()], &self.since[places.clone()]);
            self.plan.padded_posts().slice(places).for_each(|k, post| {
                values[post * pres + pre] = value(weights[k], scale, sums[post], since[k]);
            });
        });
        // As many as the shape has elements: the plan was made for it.
        array_from_vec(shape, values).unwrap_or_else(|_| ArrayD::from_elem(IxDyn(shape), 0.0))
    }

    /// Whether it is whole and settles to these values.
    fn amounts_to(&self, array: &ArrayD<Real>) -> bool {
        let lens = [self.weights.len(), self.since.len(), array.len()];
        let whole = lens == [self.plan.count(); 3]
            && [self.scales.len(), self.epochs.len()] == [self.rows(); 2]
            && self.sums.len() == EPOCHS * self.plan.post();
        let [epoch, age, _] = self.clock.map(|number| number as usize);
        let numbers = self.weights.iter().chain(&self.scales);
        whole
            && epoch < EPOCHS
            && age < self.growth.len()
            && self.epochs.iter().all(|epoch| usize::from(*epoch) < EPOCHS)
            && numbers.clone().all(|number| *number >= 0.0)
            && same_bits(&self.settled(&Shape::from(array.shape())), array)
    }

    fn sums_of(&self, row: usize) -> &[Real] {
        let posts = self.plan.post();
        &self.sums[usize::from(self.epochs[row]) * posts..][..posts]
    }

    /// Visits every row along which a spike arrives: its number, its neuron and the places of its synapses.
    #[inline(always)]
    fn each_row(plan: &DelayPlan, spikes: &DelayedSpikes, mut visit: impl FnMut(usize, usize, Range<usize>)) {
        for (number, class) in plan.classes().enumerate() {
            for &pre in spikes.past(usize::from(class.lag())) {
                let pre = pre as usize;
                visit(number * plan.pre() + pre, pre, class.range_of(pre));
            }
        }
    }

    /// Adds to each unit the weights of the spikes that arrive at it, those of inhibitory neurons negative.
    pub(crate) fn add_sums(&self, spikes: &DelayedSpikes, inhibitory: Option<&[bool]>, sums: &mut [Real]) {
        Deferred::each_row(&self.plan, spikes, |row, pre, places| {
            let (weights, since) = (&self.weights[places.clone()], &self.since[places.clone()]);
            let synapses = Synapses {
                weights,
                since,
                scale: self.scales[row],
                sums: self.sums_of(row),
            };
            let inhibits = inhibitory.is_some_and(|bits| bits[pre]);
            match (self.plan.padded_posts().slice(places), inhibits) {
                (IndexSlice::Small(posts), false) => add_row::<_, false>(sums, posts, synapses),
                (IndexSlice::Small(posts), true) => add_row::<_, true>(sums, posts, synapses),
                (IndexSlice::Large(posts), false) => add_row::<_, false>(sums, posts, synapses),
                (IndexSlice::Large(posts), true) => add_row::<_, true>(sums, posts, synapses),
            }
        });
    }

    /// Visits every synapse at which a spike arrives: post unit, neuron, weight.
    #[inline(always)]
    pub(crate) fn each_weight(&self, spikes: &DelayedSpikes, mut visit: impl FnMut(usize, usize, Real)) {
        Deferred::each_row(&self.plan, spikes, |row, pre, places| {
            let (sums, scale) = (self.sums_of(row), self.scales[row]);
            let (weights, since) = (&self.weights[places.clone()], &self.since[places.clone()]);
            self.plan.padded_posts().slice(places).for_each(|k, post| {
                visit(post, pre, value(weights[k], scale, sums[post], since[k]));
            });
        });
    }

    /// Begins a step of the rule, which was reset so many times.
    pub(crate) fn begin_step(&mut self, resets: u32) {
        self.dense.take();
        if self.clock[2] != resets {
            // The traces are gone, so that nothing more is to come.
            self.clock[2] = resets;
            (0..self.rows()).for_each(|row| self.settle_row(row, 0.0));
        }
        self.clock[1] += 1;
        if self.clock[1] as usize == self.growth.len() {
            self.begin_epoch();
        }
    }

    /// Begins an epoch in the place of the oldest one.
    fn begin_epoch(&mut self) {
        let epoch = (self.clock[0] as usize + 1) % EPOCHS;
        let fall = self.powers[1] * self.powers[self.powers.len() - 1];
        for row in 0..self.rows() {
            if usize::from(self.epochs[row]) == epoch && self.scales[row] > 0.0 {
                self.settle_row(row, fall);
                self.since_places(row).fill(0.0);
            }
        }
        self.sums[epoch * self.plan.post()..][..self.plan.post()].fill(0.0);
        (self.clock[0], self.clock[1]) = (epoch as u32, 0);
    }

    fn places(&self, row: usize) -> Range<usize> {
        self.plan
            .class(row / self.plan.pre())
            .range_of(row % self.plan.pre())
    }

    fn since_places(&mut self, row: usize) -> &mut [Real] {
        let places = self.places(row);
        &mut self.since[places]
    }

    /// Adds what waits in a row; `fall` times as much is to come.
    fn settle_row(&mut self, row: usize, fall: Real) {
        let (places, scale, first) = (
            self.places(row),
            self.scales[row],
            usize::from(self.epochs[row]) * self.plan.post(),
        );
        let sums = &self.sums[first..][..self.plan.post()];
        let (weights, since) = (&mut self.weights[places.clone()], &mut self.since[places.clone()]);
        self.plan.padded_posts().slice(places).for_each(|k, post| {
            weights[k] = value(weights[k], scale, sums[post], since[k]);
            since[k] = sums[post];
        });
        self.scales[row] = fade(scale, fall);
    }

    /// Changes the weights at which a spike arrives: adds what waits and the delta of the unit. `trace(lag)` gives the traces
    /// of all neurons so many steps ago, of which each spike of a unit will add `per_trace`.
    pub(crate) fn arrive<'a>(
        &mut self,
        spikes: &DelayedSpikes,
        deltas: &[Real],
        per_trace: Real,
        trace: impl Fn(usize) -> &'a [Real],
    ) {
        let (plan, posts) = (Arc::clone(&self.plan), self.plan.post());
        let epoch = self.clock[0];
        let per_trace = per_trace * self.growth[self.clock[1] as usize];
        let scale_of = |trace: Real| fade(trace, per_trace);
        if std::mem::take(&mut self.fresh) {
            for (scales, class) in self.scales.chunks_mut(plan.pre()).zip(plan.classes()) {
                let traces = trace(usize::from(class.lag()));
                (scales.iter_mut().zip(traces)).for_each(|(scale, trace)| *scale = scale_of(*trace));
            }
            self.epochs.fill(epoch as u8);
        }
        let sums = &self.sums[epoch as usize * posts..][..posts];
        for ((nudge, &delta), &sum) in self.nudges.iter_mut().zip(deltas).zip(sums) {
            *nudge = [delta, sum];
        }
        for (number, class) in plan.classes().enumerate() {
            let traces = trace(usize::from(class.lag()));
            for &pre in spikes.past(usize::from(class.lag())) {
                let pre = pre as usize;
                let (row, places) = (number * plan.pre() + pre, class.range_of(pre));
                let synapses = SynapsesMut {
                    weights: &mut self.weights[places.clone()],
                    since: &mut self.since[places.clone()],
                    scale: self.scales[row],
                    sums: &self.sums[usize::from(self.epochs[row]) * posts..][..posts],
                };
                match plan.padded_posts().slice(places) {
                    IndexSlice::Small(posts) => nudge_row(posts, synapses, &self.nudges),
                    IndexSlice::Large(posts) => nudge_row(posts, synapses, &self.nudges),
                }
                self.scales[row] = scale_of(traces[pre]);
                self.epochs[row] = epoch as u8;
            }
        }
    }

    /// Counts a spike of a unit.
    pub(crate) fn fire(&mut self, post: usize) {
        let [epoch, age, _] = self.clock.map(|number| number as usize);
        for back in 0..EPOCHS {
            let of = (epoch + EPOCHS - back) % EPOCHS;
            self.sums[of * self.plan.post() + post] += self.powers[back * self.growth.len() + age];
        }
    }

    fn save(&self, reader: &mut StateReader<'_>) {
        let (synapses, rows, units) = (self.plan.count(), self.rows(), EPOCHS * self.plan.post());
        save_vec(reader, "weights", &self.weights, synapses);
        save_vec(reader, "since", &self.since, synapses);
        save_vec(reader, "scales", &self.scales, rows);
        save_vec(reader, "epochs", &self.epochs, rows);
        save_vec(reader, "sums", &self.sums, units);
        reader.item("clock", VariableKind::Activity, &self.clock);
    }

    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        let (synapses, rows, units) = (self.plan.count(), self.rows(), EPOCHS * self.plan.post());
        visit_vec(visitor, "weights", &mut self.weights, synapses);
        visit_vec(visitor, "since", &mut self.since, synapses);
        visit_vec(visitor, "scales", &mut self.scales, rows);
        visit_vec(visitor, "epochs", &mut self.epochs, rows);
        visit_vec(visitor, "sums", &mut self.sums, units);
        visitor.item("clock", VariableKind::Activity, &mut self.clock);
    }
}

/// These numbers, or so many zeros in place of none.
fn or_zeros<T: Clone + Default>(values: Vec<T>, len: usize) -> ArrayD<T> {
    let values = if values.is_empty() {
        vec![T::default(); len]
    } else {
        values
    };
    ndarray::Array1::from_vec(values).into_dyn()
}

fn save_vec<T: Element + Default>(reader: &mut StateReader<'_>, name: &str, values: &[T], len: usize) {
    reader.of_kind(VariableKind::Activity, &Default::default(), |reader| {
        reader.value(name, &[len], || or_zeros(values.to_vec(), len));
    });
}

fn visit_vec<T: Element + Default>(
    visitor: &mut StateVisitor<'_>,
    name: &str,
    values: &mut Vec<T>,
    len: usize,
) {
    let load = |values: &mut Vec<T>, array: ArrayD<T>| {
        *values = standard(array).as_slice().unwrap_or_default().to_vec();
    };
    visitor.of_kind(VariableKind::Activity, &Default::default(), |visitor| {
        visitor.value(name, values, |values| or_zeros(std::mem::take(values), len), load);
    });
}

fn same_bits(some: &ArrayD<Real>, others: &ArrayD<Real>) -> bool {
    let mut pairs = some.iter().zip(others);
    some.len() == others.len() && pairs.all(|(some, other)| some.to_bits() == other.to_bits())
}

/// The weight with what waits.
#[inline(always)]
fn value(weight: Real, scale: Real, sum: Real, since: Real) -> Real {
    weight + scale * (sum - since)
}

/// The synapses of a row.
#[derive(Clone, Copy)]
struct Synapses<'a> {
    weights: &'a [Real],
    since: &'a [Real],
    scale: Real,
    sums: &'a [Real],
}

/// The same, to be changed.
struct SynapsesMut<'a> {
    weights: &'a mut [Real],
    since: &'a mut [Real],
    scale: Real,
    sums: &'a [Real],
}

/// Adds the weights to the sums of the units, or subtracts them.
#[inline(never)]
fn add_row<I: Copy + Into<u32>, const NEGATIVE: bool>(
    totals: &mut [Real],
    posts: &[I],
    Synapses {
        weights,
        since,
        scale,
        sums,
    }: Synapses<'_>,
) {
    for ((&post, &weight), &since) in posts.iter().zip(weights).zip(since) {
        let post = post.into() as usize;
        let weight = value(weight, scale, sums[post], since);
        totals[post] += if NEGATIVE { -weight } else { weight };
    }
}

/// Adds what waits and the delta of the unit.
#[inline(never)]
fn nudge_row<I: Copy + Into<u32>>(
    posts: &[I],
    SynapsesMut {
        weights,
        since,
        scale,
        sums,
    }: SynapsesMut<'_>,
    nudges: &[[Real; 2]],
) {
    for ((&post, weight), since) in posts.iter().zip(weights).zip(since) {
        let post = post.into() as usize;
        let [delta, sum] = nudges[post];
        *weight = value(*weight, scale, sums[post], *since) + delta;
        *since = sum;
    }
}
