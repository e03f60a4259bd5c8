//! The trace-based Hebbian rule.

use super::traces::PreTrace;
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::field::Init;
use crate::core::module::{In, InOut, Keys, Ports};
use crate::core::param::Param;
use crate::core::payload::{FloatArray, Shape, SpikeArray};
use crate::core::state::{StateMap, Stateful, join};
use crate::kernels::plastic::{Nudge, bound_all, bounded};
use crate::nn::arrivals::{Pairs, each_flat};
use crate::nn::param::Drawing;
use crate::nn::tracers::Tracer;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`HebbianRule`].
#[register_config]
pub struct HebbianRuleConfig {
    /// Time constant of the presynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub pre_tau: Init<Ms>,
    /// Time constant of the postsynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub post_tau: Init<Ms>,
    /// Learning rate.
    #[field(default = 0.01)]
    pub eta: f64,
}

/// Hebbian learning from spike traces: what fires together wires together, whatever the order.
///
/// `dK_ij/dt = eta (y_i s_j + p_i x_ij)`, `K' = max(0, K + dt dK/dt)`, where `s` and `p` are the pre- and postsynaptic
/// spikes of the step, `x` and `y` their traces: `x' = exp(-dt/tau) x + s / tau`.
///
/// Parameters: `pre_tau` 20 ms (a number, or an array of the shape of `pre_spikes`), `post_tau` 20 ms (of the shape of
/// `post_spikes`), `eta` 0.01.
///
/// A reset clears the traces; the kernel is kept.
///
/// Gerstner, Kempter, van Hemmen and Wagner, *A neuronal learning rule for sub-millisecond temporal coding*, Nature 383,
/// 1996, doi:10.1038/383076a0; Morrison, Diesmann and Gerstner, Biol. Cybern. 98, 2008, doi:10.1007/s00422-008-0233-1.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Associates(pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
///         synapses = LinearSynapses { units: [1], kernel: [1.0] };
///         rule     = HebbianRule { eta: 0.1 };
///         pre                -> synapses.spikes, rule.pre_spikes;
///         post               -> rule.post_spikes;
///         synapses.kernel() <-> rule.kernel;
///         synapses.kernel()  -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut associates = Associates::new()?;
/// let spike = SpikeArray::from_indices(1, [0])?;
/// let out = associates.step(AssociatesInputs { pre: &spike, post: &spike });
/// // 1 + dt eta (y s + p x), both traces at 1/20 after their first spike.
/// assert!((out.kernel.as_slice()[0] - 1.01).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct HebbianRule {
    #[nested]
    pre_trace: PreTrace,
    #[nested]
    post_trace: Tracer,
    pairs: Pairs,
    pre_shape: Shape,
    post_shape: Shape,
    /// `dt eta`.
    rate: Real,
    /// Whether the whole kernel has been bounded since the last reset.
    bounded: bool,
    /// Which post units spiked in this step, and what an arriving spike adds to their weights.
    spiked: Vec<bool>,
    nudges: Vec<Nudge>,
}

/// Hebbian learning from spike traces.
#[register_module(config = HebbianRuleConfig, path = "Components/Plasticity Rules")]
impl HebbianRule {
    fn build(config: &HebbianRuleConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let arriving = ports
            .get("pre_spikes")
            .ok_or_else(|| BuildError::unwired(Self::TABLE, "pre_spikes"))?;
        let post_shape = ports.shape("post_spikes")?.clone();
        let dt = keys.dt().value();
        let mut problems = Vec::new();
        let pairs = Pairs::new(&post_shape, arriving, "pre_spikes", &mut problems);
        BuildError::check(problems).map_err(|error| error.inside(keys.path()))?;
        let mut draw = Drawing::new(config, keys);
        let pre_tau = draw.param(&config.pre_tau, &arriving.shape);
        let post_tau = draw.param(&config.post_tau, &post_shape);
        draw.finish()?;
        let zero = Param::Scalar(0.0);
        Ok(HebbianRule {
            pre_trace: PreTrace::new(arriving, pairs, &pre_tau.decay(dt), &pre_tau.recip()),
            post_trace: Tracer::new(&post_shape, &post_tau, &post_tau.recip(), &zero, dt),
            pairs,
            pre_shape: arriving.shape.clone(),
            post_shape,
            rate: (dt * config.eta) as Real,
            bounded: false,
            spiked: vec![false; pairs.post],
            nudges: vec![Nudge::new(0.0, 0.0, false); pairs.post],
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
        let weights = kernel.as_mut_slice();
        self.pre_trace.step(pre_spikes, self.pairs);
        self.post_trace.decay();
        each_flat(post_spikes, |post| {
            self.post_trace.add(post, 1.0);
            self.spiked[post] = true;
        });
        self.arrive(pre_spikes, weights);
        each_flat(post_spikes, |post| {
            self.spiked[post] = false;
            let row = &mut weights[post * self.pairs.pre..(post + 1) * self.pairs.pre];
            let rate = self.rate;
            self.pre_trace.each_of(post, row, |_, trace, weight| {
                *weight = bounded(*weight + rate * trace, 0.0, Real::INFINITY);
            });
        });
        if !self.bounded {
            bound_all(weights, |_| Real::INFINITY);
            self.bounded = true;
        }
    }

    fn reset(&mut self) {
        self.pre_trace.reset();
        self.post_trace.reset();
        self.bounded = false;
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        let traces = self.pre_trace.spark_array(self.pairs, &self.pre_shape);
        state.insert_array(join(path, "pre_trace/trace"), VariableKind::Activity, traces);
        self.post_trace
            .spark_state(&join(path, "post_trace"), &self.post_shape, state);
    }
}

impl HebbianRule {
    fn arrive(&mut self, pre_spikes: &SpikeArray, weights: &mut [Real]) {
        for (post, nudge) in self.nudges.iter_mut().enumerate() {
            *nudge = Nudge::new(
                self.rate * self.post_trace.at(post),
                Real::INFINITY,
                self.spiked[post],
            );
        }
        let nudges = &self.nudges;
        self.pairs.each_arrival(pre_spikes, |arrival| {
            let weight = &mut weights[arrival.synapse];
            *weight = nudges[arrival.post].apply(*weight);
        });
    }
}
