//! Spikes as synapses see them: which synapses does a spike arrive at in this step?

use std::sync::Arc;

use crate::core::error::Problem;
use crate::core::module::PortInfo;
use crate::core::payload::{Shape, SpikeArray, SpikeForm, Topology};

/// A spike that arrives at a synapse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// The post unit.
    pub(crate) post: usize,
    /// The presynaptic neuron.
    pub(crate) pre: usize,
    /// The synapse: its place in the kernel.
    pub(crate) synapse: usize,
}

/// The sizes of a kernel: `post` units times `pre` inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pairs {
    pub(crate) post: usize,
    pub(crate) pre: usize,
}

impl Pairs {
    /// For `units` fed by what arrives at a port. Problems: sizes that do not fit.
    pub(crate) fn new(units: &Shape, arriving: &PortInfo, port: &str, problems: &mut Vec<Problem>) -> Pairs {
        let post = units.count();
        let pre = if arriving.per_synapse || arriving.plan.is_some() {
            let (head, tail) = arriving.shape.split_at(units.len().min(arriving.shape.len()));
            // Without a tail each unit has one input of its own.
            if head != &units[..] {
                let problem = Problem::new(port, "spikes per synapse do not fit the post units");
                let found = &arriving.shape;
                problems.push(
                    problem
                        .expected(format!("a shape that begins with {units}"))
                        .found(found),
                );
            }
            tail.iter().product()
        } else {
            arriving.shape.count()
        };
        if post == 0 || pre == 0 {
            let problem = Problem::new(port, "there is no synapse between them");
            problems.push(
                problem
                    .expected("at least one unit and one input")
                    .found(format!("{post} x {pre}")),
            );
        }
        if let Some(plan) = &arriving.plan
            && (plan.post(), plan.pre()) != (post, pre)
        {
            let found = format!("{} x {}", plan.post(), plan.pre());
            let problem = Problem::new(port, "the delays were made for other units");
            problems.push(problem.expected(format!("{post} x {pre}")).found(found));
        }
        Pairs { post, pre }
    }

    /// The number of synapses.
    pub(crate) fn count(&self) -> usize {
        self.post * self.pre
    }

    /// Visits every synapse at which a spike arrives in this step, once. Units in order for plain spikes and spikes
    /// per synapse; by delay and input for delayed ones.
    #[inline(always)]
    pub(crate) fn each_arrival(&self, spikes: &SpikeArray, mut visit: impl FnMut(Arrival)) {
        self.each_arrival_of(spikes, |_| (), |(), arrival| visit(arrival));
    }

    /// The same, with something that depends on the presynaptic neuron only: looked up once per spike where possible.
    #[inline(always)]
    pub(crate) fn each_arrival_of<T: Copy>(
        &self,
        spikes: &SpikeArray,
        of_neuron: impl Fn(usize) -> T,
        mut visit: impl FnMut(T, Arrival),
    ) {
        match spikes.form() {
            SpikeForm::Plain(indices) => {
                for post in 0..self.post {
                    let row = post * self.pre;
                    for &pre in indices {
                        let pre = pre as usize;
                        visit(
                            of_neuron(pre),
                            Arrival {
                                post,
                                pre,
                                synapse: row + pre,
                            },
                        );
                    }
                }
            }
            SpikeForm::PerSynapse(indices) => {
                for &synapse in indices {
                    let synapse = synapse as usize;
                    let (post, pre) = (synapse / self.pre, synapse % self.pre);
                    visit(of_neuron(pre), Arrival { post, pre, synapse });
                }
            }
            SpikeForm::Delayed(delayed) => {
                for class in delayed.plan().classes() {
                    for &pre in delayed.past(usize::from(class.lag())) {
                        let pre = pre as usize;
                        let of_neuron = of_neuron(pre);
                        class.posts_of(pre).for_each(|_, post| {
                            let synapse = post * self.pre + pre;
                            visit(of_neuron, Arrival { post, pre, synapse });
                        });
                    }
                }
            }
        }
    }
}

/// The synapses of a kernel: those between all pairs of neurons, or the ones of a topology.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Synapses {
    pub(crate) pairs: Pairs,
    pub(crate) topology: Option<Arc<Topology>>,
}

impl Synapses {
    /// See [`Pairs::each_arrival_of`].
    #[inline(always)]
    pub(crate) fn each_arrival_of<T: Copy>(
        &self,
        spikes: &SpikeArray,
        of_neuron: impl Fn(usize) -> T,
        visit: impl FnMut(T, Arrival),
    ) {
        match &self.topology {
            Some(topology) => each_sparse(topology, spikes, of_neuron, visit),
            None => self.pairs.each_arrival_of(spikes, of_neuron, visit),
        }
    }
}

/// Calls `visit(class, pre)` for every row of synapses along which a spike arrives: plain or delayed.
#[inline(always)]
pub(crate) fn each_row(topology: &Topology, spikes: &SpikeArray, mut visit: impl FnMut(usize, usize)) {
    match spikes.form() {
        SpikeForm::Plain(indices) => indices.iter().for_each(|&pre| visit(0, pre as usize)),
        SpikeForm::Delayed(delayed) => {
            for (class, &lag) in topology.lags().iter().enumerate() {
                delayed
                    .past(usize::from(lag))
                    .iter()
                    .for_each(|&pre| visit(class, pre as usize));
            }
        }
        SpikeForm::PerSynapse(_) => {}
    }
}

/// The synapses of a topology at which a spike arrives.
#[inline(always)]
fn each_sparse<T: Copy>(
    topology: &Topology,
    spikes: &SpikeArray,
    of_neuron: impl Fn(usize) -> T,
    mut visit: impl FnMut(T, Arrival),
) {
    if let SpikeForm::PerSynapse(indices) = spikes.form() {
        for &index in indices {
            let (post, pre) = (index as usize / topology.pre(), index as usize % topology.pre());
            for synapse in topology.between(post, pre) {
                visit(of_neuron(pre), Arrival { post, pre, synapse });
            }
        }
        return;
    }
    each_row(topology, spikes, |class, pre| {
        let (row, of_neuron) = (topology.row(class, pre), of_neuron(pre));
        let first = row.start;
        topology.posts().slice(row).for_each(|k, post| {
            let synapse = first + k;
            visit(of_neuron, Arrival { post, pre, synapse });
        });
    });
}

/// Which of the arriving spikes are inhibitory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inhibitory<'a> {
    bits: Option<&'a [bool]>,
    per_neuron: bool,
    pre: usize,
}

impl<'a> Inhibitory<'a> {
    /// What the mask of the spikes says about the synapses of a kernel.
    pub(crate) fn of(spikes: &'a SpikeArray, pairs: Pairs) -> Self {
        Inhibitory {
            bits: spikes.mask().bits(),
            per_neuron: spikes.mask().len() == pairs.pre,
            pre: pairs.pre,
        }
    }

    /// Whether all spikes of a neuron have the same sign.
    pub(crate) fn is_per_neuron(&self) -> bool {
        self.bits.is_none() || self.per_neuron
    }

    /// Whether the spikes of a neuron are inhibitory, if it is the same at all its synapses.
    #[inline(always)]
    pub(crate) fn of_neuron(&self, neuron: usize) -> Option<bool> {
        match self.bits {
            None => Some(false),
            Some(bits) if self.per_neuron => Some(bits[neuron]),
            Some(_) => None,
        }
    }

    /// Whether the spike that arrives at a synapse is inhibitory.
    #[inline(always)]
    pub(crate) fn at(&self, arrival: &Arrival) -> bool {
        match self.bits {
            None => false,
            Some(bits) if self.per_neuron => bits[arrival.pre],
            Some(bits) => bits[(arrival.post * self.pre + arrival.pre) % bits.len()],
        }
    }
}

/// Visits every spike as an index into the flattened shape of the payload, whatever its form. Sorted, except for
/// delayed spikes.
pub(crate) fn each_flat(spikes: &SpikeArray, mut visit: impl FnMut(usize)) {
    match spikes.form() {
        SpikeForm::Plain(indices) | SpikeForm::PerSynapse(indices) => {
            indices.iter().for_each(|&index| visit(index as usize));
        }
        SpikeForm::Delayed(delayed) => {
            let pre = delayed.plan().pre();
            delayed.for_each_event(|i, j| visit(i as usize * pre + j as usize));
        }
    }
}
