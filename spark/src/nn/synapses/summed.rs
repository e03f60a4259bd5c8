//! Currents that are traces of the spikes at single synapses, summed over the synapses of a unit.

use super::synapse_traces::SynapseTraces;
use super::weights::Weights;
use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::module::PortInfo;
use crate::core::param::Param;
use crate::core::payload::{Shape, SpikeArray};
use crate::core::state::{StateMap, Stateful, join};
use crate::core::variable::VariableKind;
use crate::kernels::synaptic::row_sums;
use crate::nn::param::shaped;
use crate::nn::tracers::Exponentials;

/// The traces of all synapses, summed per unit.
///
/// If the constants are the same for all synapses, only the sums are kept: they obey the same equation.
/// [`Compat::SparkSnn1`] wants the traces of single synapses: one exponential is kept besides the sums, at a cost per
/// spike; differences of exponentials are computed synapse by synapse, since they cancel and differ in the last digits.
#[derive(Debug, Clone, Stateful)]
pub(crate) struct SummedTracer<T: Exponentials> {
    #[nested]
    tracer: T,
    kept: Kept,
    /// The traces of single synapses, where they are wanted besides their sums.
    #[nested]
    synapses: Option<SynapseTraces>,
    sums: Vec<Real>,
}

/// What the tracer keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// One trace per post unit: the sum over its synapses.
    Units,
    /// One trace per synapse.
    Synapses,
}

impl<T: Exponentials> SummedTracer<T> {
    /// `make` makes a tracer of a shape, for sums of so many synapses: its bases are that many times those of one.
    pub(crate) fn new(
        weights: &Weights,
        arriving: &PortInfo,
        units: &Shape,
        compat: Compat,
        make: impl Fn(&Shape, &Param) -> T,
    ) -> Self {
        let pairs = weights.pairs();
        let sums = vec![0.0; pairs.post];
        if weights.is_sparse() {
            // The constants are the same for all synapses, and the base is 0: the caller has checked it.
            return SummedTracer {
                tracer: make(units, &0.0.into()),
                kept: Kept::Units,
                synapses: None,
                sums,
            };
        }
        let per_synapse = make(weights.kernel().shape(), &1.0.into());
        let wanted = compat.is_spark_snn_1();
        let single = single_exponential(&per_synapse);
        if !per_synapse.is_uniform() || (wanted && single.is_none()) {
            return SummedTracer {
                tracer: per_synapse,
                kept: Kept::Synapses,
                synapses: None,
                sums,
            };
        }
        // The synapses of a sparse kernel have an order of their own.
        let plan = arriving.plan.as_ref().filter(|_| !weights.is_sparse());
        SummedTracer {
            tracer: make(units, &(pairs.pre as f64).into()),
            kept: Kept::Units,
            synapses: single
                .filter(|_| wanted)
                .map(|constants| SynapseTraces::new(pairs, plan, constants)),
            sums,
        }
    }

    /// One step with the spikes that arrive.
    pub(crate) fn step(&mut self, weights: &Weights, spikes: &SpikeArray, currents: &mut [Real]) {
        self.tracer.decay();
        match self.kept {
            Kept::Units => self.step_units(weights, spikes, currents),
            Kept::Synapses => self.step_synapses(weights, spikes, currents),
        }
    }

    fn step_units(&mut self, weights: &Weights, spikes: &SpikeArray, currents: &mut [Real]) {
        let SummedTracer { tracer, sums, .. } = self;
        sums.fill(0.0);
        match &mut self.synapses {
            None => weights.add_sums(spikes, sums),
            Some(synapses) => synapses.step(weights, spikes, sums),
        }
        for (i, (current, sum)) in currents.iter_mut().zip(sums).enumerate() {
            tracer.add(i, *sum);
            *current = tracer.at(i);
        }
    }

    fn step_synapses(&mut self, weights: &Weights, spikes: &SpikeArray, currents: &mut [Real]) {
        let tracer = &mut self.tracer;
        weights.each_signed(spikes, |arrival, weight| tracer.add(arrival.synapse, weight));
        row_sums(weights.pairs().pre, currents, |synapse| tracer.at(synapse));
    }

    pub(crate) fn reset(&mut self) {
        self.tracer.reset();
        if let Some(synapses) = &mut self.synapses {
            synapses.reset();
        }
    }

    /// The traces of single synapses, where they are kept.
    pub(crate) fn spark_state(&self, path: &str, weights: &Weights, state: &mut StateMap) {
        let shape = weights.kernel().shape();
        if let Some(synapses) = &self.synapses {
            let trace = shaped(shape, synapses.to_kernel());
            state.insert_array(join(path, "trace"), VariableKind::Activity, trace);
        } else if self.kept == Kept::Synapses {
            self.tracer.spark_state(path, shape, state);
        }
    }
}

/// Decay, scale and base of a tracer that is one exponential, with the same constants for all elements.
fn single_exponential(tracer: &impl Exponentials) -> Option<[Real; 3]> {
    let mut parts = Vec::new();
    tracer.each_part(|_, part| parts.push(part.constants()));
    match parts[..] {
        [constants] => constants,
        _ => None,
    }
}
