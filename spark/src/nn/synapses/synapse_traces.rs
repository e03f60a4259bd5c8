//! Traces of single synapses that are only looked at.

use std::sync::Arc;

use ndarray::Array1;

use super::weights::Weights;
use crate::core::array::{ArrayD, Real};
use crate::core::payload::{Arriving, DelayPlan, Row, SpikeArray, copied};
use crate::core::state::{StateReader, StateVisitor, Stateful, Variable};
use crate::kernels::dispatch::vectorised;
use crate::kernels::select::select;
use crate::kernels::trace::NOTHING;
use crate::nn::arrivals::Pairs;

/// One trace per synapse, all with the same constants, brought up to date only when a spike arrives at it or somebody
/// looks: a step costs what its spikes cost.
///
/// Delayed spikes arrive at all synapses of one neuron and one delay at once: these are a group. Its traces stand side
/// by side, and it is brought up to date as a whole. Without delays each synapse is a group of its own.
#[derive(Debug, Clone)]
pub(super) struct SynapseTraces {
    pairs: Pairs,
    /// The order of the groups, by delay and neuron.
    plan: Option<Arc<DelayPlan>>,
    /// In the order of the plan, or in that of the kernel; some too many.
    trace: Vec<Real>,
    /// By group: the step in which it was last brought up to date.
    touched: Vec<u16>,
    /// Steps since all traces were.
    now: Variable<u16>,
    /// Decay over 0, 1, 2, ... steps, until nothing is left.
    powers: Vec<Real>,
    scale: Real,
    base: Real,
    /// The signed weights of the synapses at which spikes arrive.
    added: Vec<Real>,
}

impl SynapseTraces {
    pub(super) fn new(pairs: Pairs, plan: Option<&Arc<DelayPlan>>, [decay, scale, base]: [Real; 3]) -> Self {
        let decay = f64::from(decay);
        let mut powers = vec![1.0];
        // A table this long bounds the memory of slow traces; what is older is brought up to date in between.
        while powers.len() < 4096 && powers[powers.len() - 1] > NOTHING {
            powers.push(decay.powi(powers.len() as i32) as Real);
        }
        let groups = plan.map_or(pairs.count(), |plan| plan.classes().len() * pairs.pre);
        SynapseTraces {
            pairs,
            plan: plan.cloned(),
            trace: vec![base; pairs.count() + DelayPlan::PADDING],
            touched: vec![0; groups],
            now: Variable::new(0),
            powers,
            scale,
            base,
            added: vec![0.0; plan.map_or(0, |plan| Arriving::room(plan))],
        }
    }

    /// One step: adds the signed weights of the spikes that arrive to the traces, and to the sums of the units.
    pub(super) fn step(&mut self, weights: &Weights, spikes: &SpikeArray, sums: &mut [Real]) {
        self.tick();
        match &self.plan {
            Some(plan) if weights.are_arriving(spikes) => {
                self.add_rows(&Arc::clone(plan), weights, spikes, sums)
            }
            Some(_) => self.add_all(weights, spikes, sums),
            None => weights.each_signed(spikes, |arrival, weight| {
                sums[arrival.post] += weight;
                self.add(arrival.synapse, weight);
            }),
        }
    }

    /// The same for delayed spikes that do not come in lists: through all synapses.
    fn add_all(&mut self, weights: &Weights, spikes: &SpikeArray, sums: &mut [Real]) {
        let mut added = vec![0.0; self.pairs.count()];
        weights.each_signed(spikes, |arrival, weight| {
            sums[arrival.post] += weight;
            added[arrival.synapse] = weight;
        });
        self.refresh_all();
        let mut places = vec![0; self.pairs.count()];
        self.each_synapse(|synapse, place, _| places[synapse] = place);
        for (place, added) in places.into_iter().zip(added) {
            self.trace[place] += self.scale * added;
        }
    }

    fn add_rows(&mut self, plan: &DelayPlan, weights: &Weights, spikes: &SpikeArray, sums: &mut [Real]) {
        let mut room = std::mem::take(&mut self.added);
        weights.add_and_visit(spikes, sums, &mut room, |arriving, added| {
            vectorised!(self.add_to_rows(plan, arriving.rows(), added));
        });
        self.added = room;
    }

    #[inline(always)]
    fn add_to_rows(&mut self, plan: &DelayPlan, rows: &[Row], added: &[Real]) {
        let (scale, base, mut begin) = (self.scale, self.base, 0);
        for row in rows {
            let left = self.refresh(row.class * self.pairs.pre + row.pre);
            let count = copied(plan, row.len);
            let (traces, added) = (&mut self.trace[row.first..][..count], &added[begin..][..count]);
            add_to_traces(traces, added, row.len, (left, base, scale));
            begin += row.len;
        }
    }

    /// Says that a group is brought up to date in this step; gives what is left of its traces.
    #[inline(always)]
    fn refresh(&mut self, group: usize) -> Real {
        let left = self.left(group);
        self.touched[group] = *self.now;
        left
    }

    #[inline(always)]
    fn left(&self, group: usize) -> Real {
        let age = usize::from(self.now.wrapping_sub(self.touched[group]));
        self.powers.get(age).copied().unwrap_or_default()
    }

    /// Adds what a spike brings to a synapse that is a group of its own.
    #[inline(always)]
    fn add(&mut self, synapse: usize, value: Real) {
        let left = self.refresh(synapse);
        let trace = &mut self.trace[synapse];
        *trace = self.base + left * (*trace - self.base) + self.scale * value;
    }

    /// Begins a step.
    fn tick(&mut self) {
        *self.now = self.now.saturating_add(1);
        // After the last power nothing is left; were the table too short for that, an older trace would be lost.
        let whole = self.powers[self.powers.len() - 1] <= NOTHING;
        if *self.now == u16::MAX || (!whole && usize::from(*self.now) >= self.powers.len() - 1) {
            self.refresh_all();
        }
    }

    /// Brings all traces up to date.
    fn refresh_all(&mut self) {
        let (plan, base) = (self.plan.clone(), self.base);
        for group in 0..self.touched.len() {
            let left = self.left(group);
            let range = match &plan {
                Some(plan) => plan
                    .class(group / self.pairs.pre)
                    .range_of(group % self.pairs.pre),
                None => group..group + 1,
            };
            self.trace[range]
                .iter_mut()
                .for_each(|trace| *trace = base + left * (*trace - base));
        }
        self.touched.fill(0);
        *self.now = 0;
    }

    /// The traces as of this step, in the order of the kernel.
    pub(super) fn to_kernel(&self) -> Vec<Real> {
        let mut now = self.clone();
        now.refresh_all();
        now.in_order_of_kernel(|place, _| now.trace[place])
    }

    /// What `of` gives for the place and the group of each synapse, in the order of the kernel.
    fn in_order_of_kernel<T: Copy + Default>(&self, of: impl Fn(usize, usize) -> T) -> Vec<T> {
        let mut values = vec![T::default(); self.pairs.count()];
        self.each_synapse(|synapse, place, group| values[synapse] = of(place, group));
        values
    }

    /// Visits every synapse: its place in the kernel, its place among the traces, its group.
    fn each_synapse(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let Some(plan) = &self.plan else {
            (0..self.pairs.count()).for_each(|synapse| visit(synapse, synapse, synapse));
            return;
        };
        let pres = self.pairs.pre;
        for (number, class) in plan.classes().enumerate() {
            for pre in 0..pres {
                let first = class.range_of(pre).start;
                class
                    .posts_of(pre)
                    .for_each(|k, post| visit(post * pres + pre, first + k, number * pres + pre));
            }
        }
    }

    pub(super) fn reset(&mut self) {
        self.trace.fill(self.base);
        self.touched.fill(0);
        *self.now = 0;
    }
}

/// Saved synapse by synapse in the order of the kernel, whatever the order here.
#[diagnostic::do_not_recommend]
impl Stateful for SynapseTraces {
    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        visitor.value(
            "trace",
            self,
            |traces| flat(traces.in_order_of_kernel(|place, _| traces.trace[place])),
            |traces, saved: ArrayD<Real>| {
                let saved: Vec<Real> = saved.into_iter().collect();
                let mut trace = vec![traces.base; traces.trace.len()];
                traces.each_synapse(|synapse, place, _| trace[place] = saved[synapse]);
                traces.trace = trace;
            },
        );
        visitor.value(
            "touched",
            self,
            |traces| flat(traces.in_order_of_kernel(|_, group| traces.touched[group])),
            |traces, saved: ArrayD<u16>| {
                let saved: Vec<u16> = saved.into_iter().collect();
                let mut touched = vec![0; traces.touched.len()];
                traces.each_synapse(|synapse, _, group| touched[group] = saved[synapse]);
                traces.touched = touched;
            },
        );
        visitor.leaf("now", &mut self.now);
    }

    fn visit_ref(&self, reader: &mut StateReader<'_>) {
        let shape = [self.pairs.count()];
        reader.value("trace", &shape, || {
            flat(self.in_order_of_kernel(|place, _| self.trace[place]))
        });
        reader.value("touched", &shape, || {
            flat(self.in_order_of_kernel(|_, group| self.touched[group]))
        });
        reader.leaf("now", &self.now);
    }
}

/// Brings the first `len` traces up to date and adds what arrived.
#[inline(always)]
fn add_to_traces(traces: &mut [Real], added: &[Real], len: usize, (left, base, scale): (Real, Real, Real)) {
    for (k, (trace, added)) in traces.iter_mut().zip(added).enumerate() {
        let new = base + left * (*trace - base) + scale * added;
        *trace = select((k as u32) < len as u32, new, *trace);
    }
}

fn flat<T>(values: Vec<T>) -> ArrayD<T> {
    Array1::from_vec(values).into_dyn()
}

#[cfg(test)]
mod tests {
    use crate::core::state::{StateArray, StateMap, restore, snapshot};
    use crate::nn::initializers::UniformInitializer;
    use crate::prelude::*;

    network! {
        brain Delayed(spikes: SpikeArray[9]) -> (currents: CurrentArray[5]) {
            compat = SparkSnn1;
            seed = 3;
            delays   = N2NDelays { units: [5], max_delay: 4ms };
            synapses = TracedSynapses { units: [5], tau: 3ms, kernel: UniformInitializer { scale: 2.0 } };
            spikes            -> delays.in_spikes;
            delays.out_spikes -> synapses.spikes;
            synapses.currents -> currents;
        }
    }

    /// A step with some spikes; the currents of the units.
    fn step(brain: &mut Delayed, t: u32) -> Vec<Real> {
        let spikes = SpikeArray::from_indices(9, (0..9u32).filter(|i| (i * 5 + t * 7) % 11 < 3)).unwrap();
        brain
            .step(DelayedInputs { spikes: &spikes })
            .currents
            .as_slice()
            .to_vec()
    }

    /// The traces of single synapses, in the order of the kernel.
    fn traces(brain: &impl Module) -> Vec<Real> {
        let mut state = StateMap::new();
        Module::spark_state(brain, "", &mut state);
        let path = state.paths().find(|path| path.ends_with("current_tracer/trace"));
        let entry = state.get(path.unwrap()).unwrap();
        match entry.value.clone() {
            StateArray::Float32(array) => array.iter().map(|&x| x as Real).collect(),
            StateArray::Float64(array) => array.iter().map(|&x| x as Real).collect(),
            _ => panic!("traces are numbers"),
        }
    }

    #[test]
    fn the_traces_of_the_synapses_of_a_unit_add_up_to_its_current() {
        let mut brain = Delayed::new().unwrap();
        for t in 0..300 {
            let currents = step(&mut brain, t);
            for (row, current) in traces(&brain).chunks(9).zip(currents) {
                assert!((row.iter().sum::<Real>() - current).abs() < 1e-3, "step {t}");
            }
        }
    }

    network! {
        brain Burst(spikes: SpikeArray[90]) -> (currents: CurrentArray[100]) {
            compat = SparkSnn1;
            delays   = N2NDelays { units: [100], max_delay: 4ms };
            synapses = TracedSynapses { units: [100], tau: 3ms, kernel: UniformInitializer { scale: 2.0 } };
            spikes            -> delays.in_spikes;
            delays.out_spikes -> synapses.spikes;
            synapses.currents -> currents;
        }
    }

    #[test]
    fn traces_add_up_when_spikes_arrive_at_all_synapses_at_once() {
        let mut brain = Burst::new().unwrap();
        let all = SpikeArray::from_indices(90, 0..90u32).unwrap();
        for t in 0..12 {
            let currents = brain.step(BurstInputs { spikes: &all }).currents.clone();
            for (row, current) in traces(&brain).chunks(90).zip(currents.as_slice()) {
                let sum = row.iter().sum::<Real>();
                assert!(
                    (sum - current).abs() < 1e-4 * current.abs().max(1.0),
                    "step {t}: {sum} is not {current}"
                );
            }
        }
    }

    #[test]
    fn traces_are_saved_synapse_by_synapse_and_go_on() {
        let mut brain = Delayed::new().unwrap();
        (0..20).for_each(|t| drop(step(&mut brain, t)));
        let mut other = Delayed::new().unwrap();
        restore(&mut other, snapshot(&brain)).unwrap();
        for t in 20..60 {
            assert_eq!(step(&mut other, t), step(&mut brain, t));
            assert_eq!(traces(&other), traces(&brain));
        }
        brain.reset();
        assert!(traces(&brain).iter().all(|trace| *trace == 0.0));
    }
}
