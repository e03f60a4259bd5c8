//! What all synapses share: a kernel, and the spikes that arrive at it.

use std::sync::Arc;

use crate::core::array::Real;
use crate::core::config::SparkConfig;
use crate::core::error::{BuildError, Problem};
use crate::core::field::Init;
use crate::core::initializer::{Cast, Connections};
use crate::core::memory;
use crate::core::module::PortInfo;
use crate::core::param::Param;
use crate::core::payload::{
    Arriving, Deferred, DelayedSpikes, FloatArray, IndexSlice, Shape, SpikeArray, SpikeForm, Topology,
};
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{StateMap, StateReader, StateVisitor, Stateful, Variable, join};
use crate::core::units::Quantity;
use crate::kernels::synaptic::{self, add_and_keep, add_arriving, add_to_sides};
use crate::nn::arrivals::{Arrival, Inhibitory, Pairs, Synapses, each_row};
use crate::nn::param::{Drawing, ParamExt, shaped};

/// A kernel and the sizes it was made for.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    kernel: Variable<FloatArray>,
    synapses: Synapses,
    /// The weight of each row of synapses, if all of a row have the same: nothing else has to be read then.
    same: Option<Vec<Real>>,
}

impl Weights {
    /// Draws the kernel between `units` and what arrives.
    pub(crate) fn draw<C: SparkConfig, Q: Quantity>(
        draw: &mut Drawing<'_, C>,
        kernel: &Init<Q>,
        units: &Shape,
        arriving: &PortInfo,
    ) -> Self {
        let mut problems = Vec::new();
        let pairs = Pairs::new(units, arriving, "spikes", &mut problems);
        let fits = problems.is_empty();
        problems.into_iter().for_each(|problem| draw.problem(problem));
        let shape = kernel_shape(units, arriving);
        // Weights are normalised per post unit.
        let cast = Cast::to(draw.dtype()).with_norm_axes((0..units.len()).collect::<Vec<usize>>());
        let connections = draw
            .connections(kernel, (pairs.post, pairs.pre), &cast)
            .filter(|_| fits);
        let drawn = match connections {
            Some(connections) => sparse(connections, &shape, arriving),
            None => memory::afford("kernel", pairs.count() as f64, REAL, "weights").map(|()| {
                let kernel = draw.param_with(kernel, &shape, &cast);
                FloatArray::new(shaped(&shape, kernel.per_element(&shape)))
            }),
        };
        let kernel = drawn.unwrap_or_else(|problem| {
            draw.problem(problem);
            FloatArray::filled(0, 0.0)
        });
        let mut kernel = kernel;
        kernel.spread_rows(pairs.post);
        if let Some(plan) = arriving
            .plan
            .as_ref()
            .filter(|plan| plan.count() >= DEFERRED_FROM)
        {
            kernel.allow_deferral(Arc::clone(plan));
        }
        let topology = kernel.topology().cloned();
        let mut weights = Weights {
            kernel: Variable::learned(kernel),
            synapses: Synapses { pairs, topology },
            same: None,
        };
        weights.find_same();
        weights
    }

    /// Looks whether the synapses of each row have the same weight.
    fn find_same(&mut self) {
        let weights = || self.kernel.rows().values;
        let topology = self.synapses.topology.as_ref();
        self.same = topology
            .filter(|topology| topology.len() == weights().len())
            .and_then(|topology| {
                let weights = weights();
                let rows = 0..topology.lags().len() * topology.pre();
                rows.map(|row| {
                    let row = &weights[topology.row(0, row)];
                    let first = row.first().copied().unwrap_or_default();
                    row.iter().all(|weight| *weight == first).then_some(first)
                })
                .collect()
            });
    }

    pub(crate) fn kernel(&self) -> &FloatArray {
        &self.kernel
    }

    pub(crate) fn kernel_mut(&mut self) -> &mut FloatArray {
        self.same = None;
        &mut self.kernel
    }

    pub(crate) fn pairs(&self) -> Pairs {
        self.synapses.pairs
    }

    /// Whether the kernel holds some of the synapses only.
    pub(crate) fn is_sparse(&self) -> bool {
        self.synapses.topology.is_some()
    }

    /// The sizes of what is kept per synapse.
    pub(crate) fn per_synapse(&self) -> Shape {
        match &self.synapses.topology {
            Some(topology) => Shape::from(topology.len()),
            None => self.kernel.shape().clone(),
        }
    }

    /// Refuses bases of traces where the kernel is sparse: they would be those of synapses which are not there, too.
    pub(crate) fn check_no_bases<C: SparkConfig>(&self, draw: &mut Drawing<'_, C>, bases: &[(&str, &Param)]) {
        let there = |(_, base): &&(&str, &Param)| base.uniform() != Some(0.0);
        for (name, _) in bases.iter().filter(there).filter(|_| self.is_sparse()) {
            let problem = Problem::new(*name, "the currents of a sparse kernel decay to nothing");
            draw.problem(
                problem
                    .expected("0")
                    .help("let the soma rest at another potential instead"),
            );
        }
    }

    /// Refuses parameters that differ from synapse to synapse where the kernel is sparse.
    pub(crate) fn check_uniform<C: SparkConfig>(&self, draw: &mut Drawing<'_, C>, params: &[(&str, &Param)]) {
        if self.synapses.topology.is_none() {
            return;
        }
        for (name, param) in params.iter().filter(|(_, param)| param.uniform().is_none()) {
            let problem = Problem::new(*name, "a sparse kernel has no parameters of single synapses");
            let Param::Array(array) = param else { continue };
            draw.problem(
                problem
                    .expected("one number")
                    .found(format!("an array of shape {:?}", array.shape()))
                    .help(
                        "draw the kernel with an initializer that fills it, such as SparseUniformInitializer",
                    ),
            );
        }
    }

    /// Visits every synapse at which a spike arrives, with its weight and whether the spike is inhibitory.
    #[inline(always)]
    pub(crate) fn each_arrival(&self, spikes: &SpikeArray, visit: impl FnMut(Arrival, Real, bool)) {
        self.each_marked(spikes, |inhibitory| inhibitory, visit);
    }

    /// The same with the sign of the spike in the weight.
    #[inline(always)]
    pub(crate) fn each_signed(&self, spikes: &SpikeArray, mut visit: impl FnMut(Arrival, Real)) {
        let sign = |inhibitory| if inhibitory { -1.0 } else { 1.0 };
        self.each_marked(spikes, sign, |arrival, weight, sign: Real| {
            visit(arrival, sign * weight)
        });
    }

    /// With what `mark` makes of an inhibitory or excitatory spike: once per neuron where its synapses do not differ.
    #[inline(always)]
    fn each_marked<T: Copy>(
        &self,
        spikes: &SpikeArray,
        mark: impl Fn(bool) -> T,
        mut visit: impl FnMut(Arrival, Real, T),
    ) {
        if self.deferred(spikes).is_some() {
            self.each_deferred(spikes, &mut |arrival, weight, inhibits| {
                visit(arrival, weight, mark(inhibits));
            });
            return;
        }
        let rows = self.kernel.rows();
        let (weights, gap) = (rows.values, rows.gap);
        let inhibitory = Inhibitory::of(spikes, self.pairs());
        self.synapses.each_arrival_of(
            spikes,
            |neuron| inhibitory.of_neuron(neuron).map(&mark),
            |known, arrival| {
                let marked = known.unwrap_or_else(|| mark(inhibitory.at(&arrival)));
                visit(arrival, weights[arrival.synapse + arrival.post * gap], marked);
            },
        );
    }

    /// Visits every synapse at which a spike arrives, if updates of the kernel wait. Apart from the other ways, which stay as
    /// small as they were.
    #[inline(never)]
    fn each_deferred(&self, spikes: &SpikeArray, visit: &mut dyn FnMut(Arrival, Real, bool)) {
        let inhibitory = Inhibitory::of(spikes, self.pairs());
        if let Some((delayed, deferred)) = self.deferred(spikes) {
            deferred.each_weight(delayed, |post, pre, weight| {
                let synapse = post * self.pairs().pre + pre;
                let arrival = Arrival { post, pre, synapse };
                visit(arrival, weight, inhibitory.at(&arrival));
            });
        }
    }

    /// Adds to each unit the signed weights of the spikes that arrive at it.
    pub(crate) fn add_sums(&self, spikes: &SpikeArray, sums: &mut [Real]) {
        if let Some(rows) = self.rows(spikes) {
            rows.each(|inhibitory, row| {
                let sign = if inhibitory { -1.0 } else { 1.0 };
                row.add(sums, sign);
            });
        } else if let Some((delayed, deferred)) = self.deferred(spikes)
            && Inhibitory::of(spikes, self.pairs()).is_per_neuron()
        {
            deferred.add_sums(delayed, spikes.mask().bits(), sums);
        } else if self.are_arriving(spikes) {
            let weights = self.kernel.rows().values;
            spikes.each_arriving(|arriving| add_arriving(sums, weights, arriving));
        } else {
            self.each_signed(spikes, |arrival, weight| sums[arrival.post] += weight);
        }
    }

    /// The same, and visits each list of synapses at which spikes arrive with the signed weights there, which are left in
    /// `added`. Only where [`Weights::are_arriving`].
    pub(super) fn add_and_visit(
        &self,
        spikes: &SpikeArray,
        sums: &mut [Real],
        added: &mut [Real],
        mut visit: impl FnMut(&Arriving, &[Real]),
    ) {
        let weights = self.kernel.rows().values;
        spikes.each_arriving(|arriving| {
            add_and_keep(sums, added, weights, arriving);
            visit(arriving, added);
        });
    }

    /// The kernel and the spikes, if updates of it wait and the spikes arrive along its rows.
    fn deferred<'a>(&'a self, spikes: &'a SpikeArray) -> Option<(&'a DelayedSpikes, &'a Deferred)> {
        let SpikeForm::Delayed(delayed) = spikes.form() else {
            return None;
        };
        let deferred = self.kernel.deferred().filter(|deferred| deferred.hears(delayed));
        deferred.map(|deferred| (delayed, deferred))
    }

    /// Whether the spikes come in lists in which the weights of this kernel are found: delayed spikes, all of a neuron with
    /// the same sign, and a dense kernel.
    pub(super) fn are_arriving(&self, spikes: &SpikeArray) -> bool {
        let SpikeForm::Delayed(delayed) = spikes.form() else {
            return false;
        };
        if self.kernel.deferred().is_some() {
            return false;
        }
        let stride = self.pairs().pre + self.kernel.rows().gap;
        !self.is_sparse()
            && stride == delayed.plan().stride()
            && Inhibitory::of(spikes, self.pairs()).is_per_neuron()
    }

    /// Adds to each unit the weights of the spikes that arrive at it, those of excitatory and of inhibitory ones apart.
    pub(crate) fn add_sides(&self, spikes: &SpikeArray, excitatory: &mut [Real], inhibitory: &mut [Real]) {
        match self.rows(spikes) {
            Some(rows) => rows.each(|inhibits, row| {
                row.add(
                    if inhibits {
                        &mut *inhibitory
                    } else {
                        &mut *excitatory
                    },
                    1.0,
                );
            }),
            None if self.are_arriving(spikes) => {
                let weights = self.kernel.rows().values;
                spikes.each_arriving(|arriving| add_to_sides(excitatory, inhibitory, weights, arriving));
            }
            None => self.each_arrival(spikes, |arrival, weight, inhibits| {
                let side = if inhibits {
                    &mut *inhibitory
                } else {
                    &mut *excitatory
                };
                side[arrival.post] += weight;
            }),
        }
    }

    /// The rows of synapses along which spikes arrive, if the kernel is sparse, spikes do not come one by one, and all that a
    /// neuron fires has the same sign.
    fn rows<'a>(&'a self, spikes: &'a SpikeArray) -> Option<Rows<'a>> {
        let topology = self.synapses.topology.as_deref()?;
        let inhibitory = Inhibitory::of(spikes, self.pairs());
        let plain = !matches!(spikes.form(), SpikeForm::PerSynapse(_));
        (plain && inhibitory.is_per_neuron()).then_some(Rows {
            topology,
            weights: self.kernel.as_slice(),
            same: self.same.as_deref(),
            spikes,
            inhibitory,
        })
    }

    /// Sparse kernels can be parted.
    pub(crate) fn sharing(&self) -> Sharing {
        match self.synapses.topology {
            Some(_) => Sharing::Units {
                count: self.pairs().post,
            },
            None => Sharing::Alone,
        }
    }

    /// Keeps the synapses of the units of a part only.
    pub(crate) fn restrict(&mut self, part: Part) {
        let Some(topology) = &self.synapses.topology else {
            return;
        };
        let (topology, places) = topology.restricted(&part.units(topology.post()));
        let weights = self.kernel.as_slice();
        let kept = places.iter().map(|place| weights[*place as usize]).collect();
        let topology = Arc::new(topology);
        // As many weights as synapses, in the shape of the kernel.
        if let Ok(kernel) = FloatArray::sparse(self.kernel.shape().clone(), Arc::clone(&topology), kept) {
            *self.kernel = kernel;
            self.synapses.topology = Some(topology);
            self.find_same();
        }
    }

    /// Takes over the weights of a part.
    pub(crate) fn gather(&mut self, copy: &Weights, part: Part) {
        if let Some(topology) = &self.synapses.topology {
            let places = topology.restricted(&part.units(topology.post())).1;
            let weights = self.kernel.as_mut_slice();
            for (place, weight) in places.iter().zip(copy.kernel.as_slice()) {
                weights[*place as usize] = *weight;
            }
            self.find_same();
        }
    }

    pub(crate) fn spark_state(&self, path: &str, state: &mut StateMap) {
        state.insert_array(
            join(path, "_kernel"),
            self.kernel.kind(),
            self.kernel.to_dense().into_array(),
        );
    }
}

#[diagnostic::do_not_recommend]
impl Stateful for Weights {
    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        visitor.leaf("kernel", &mut self.kernel);
        // The weights may be others now, or moved out.
        self.find_same();
    }

    fn visit_ref(&self, reader: &mut StateReader<'_>) {
        reader.leaf("kernel", &self.kernel);
    }
}

/// Rows of synapses along which spikes arrive.
struct Rows<'a> {
    topology: &'a Topology,
    weights: &'a [Real],
    same: Option<&'a [Real]>,
    spikes: &'a SpikeArray,
    inhibitory: Inhibitory<'a>,
}

/// The synapses of a neuron that have the same delay.
struct Row<'a> {
    posts: IndexSlice<'a>,
    weights: &'a [Real],
    same: Option<Real>,
}

impl<'a> Rows<'a> {
    /// Visits them, each with whether its spike is inhibitory.
    #[inline(always)]
    fn each(&self, mut visit: impl FnMut(bool, Row<'a>)) {
        let Rows {
            topology,
            weights,
            same,
            ..
        } = *self;
        each_row(topology, self.spikes, |class, pre| {
            let places = topology.row(class, pre);
            let inhibitory = self.inhibitory.of_neuron(pre).unwrap_or_default();
            visit(
                inhibitory,
                Row {
                    posts: topology.posts().slice(places.clone()),
                    weights: &weights[places],
                    same: same.map(|same| same[class * topology.pre() + pre]),
                },
            );
        });
    }
}

impl Row<'_> {
    /// Adds the weights, times `sign`, to the sums of the units that they lead to.
    #[inline(always)]
    fn add(&self, sums: &mut [Real], sign: Real) {
        match self.same {
            Some(weight) => synaptic::scatter_same(sums, self.posts, sign * weight),
            None if sign > 0.0 => synaptic::scatter(sums, self.posts, self.weights),
            None => synaptic::scatter_negative(sums, self.posts, self.weights),
        }
    }
}

/// From so many synapses on updates of a kernel may wait: smaller ones fit into the caches as they are.
const DEFERRED_FROM: usize = 1 << 19;

/// Bytes of a number.
const REAL: f64 = std::mem::size_of::<Real>() as f64;

/// The kernel of these synapses; ordered by delay where delayed spikes arrive.
fn sparse(
    connections: Result<Connections, BuildError>,
    shape: &Shape,
    arriving: &PortInfo,
) -> Result<FloatArray, Problem> {
    let problem = |text: String| Problem::new("kernel", text);
    let Connections { topology, weights } = connections.map_err(|error| problem(error.to_string()))?;
    let weights: Vec<Real> = weights.into_iter().map(|weight| weight as Real).collect();
    let (topology, weights) = match &arriving.plan {
        Some(plan) => topology.with_delays(plan, &weights),
        None => (topology, weights),
    };
    FloatArray::sparse(shape.clone(), Arc::new(topology), weights).map_err(|error| problem(error.to_string()))
}

fn kernel_shape(units: &Shape, arriving: &PortInfo) -> Shape {
    if arriving.per_synapse || arriving.plan.is_some() {
        return arriving.shape.clone();
    }
    units.append(&arriving.shape)
}
