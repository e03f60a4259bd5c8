//! Synapses whose currents decay.

use super::linear::Weights;
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::param::Param;
use crate::core::payload::{CurrentArray, FloatArray, SpikeArray};
use crate::core::state::{StateMap, Stateful, join};
use crate::kernels::synaptic::row_sums;
use crate::nn::arrivals::Inhibitory;
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::Drawing;
use crate::nn::tracers::Tracer;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`TracedSynapses`].
#[register_config]
pub struct TracedSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// Weights: an array of the shape `units ++ inputs`, or an initializer.
    #[field(default = SparseUniformInitializer::default(), validate(TypeValidator))]
    pub kernel: Init<PAmp>,
    /// Time constant of the current.
    #[field(default = 5ms, validate(TypeValidator, PositiveValidator))]
    pub tau: Init<Ms>,
    /// What a spike through a weight of 1 adds.
    #[field(default = 1.0, validate(TypeValidator, PositiveValidator))]
    pub scale: Init<f64>,
    /// What the current of a synapse decays to.
    #[field(default = 0.0)]
    pub base: Init<f64>,
}

/// Synapses whose current decays exponentially.
///
/// For each synapse `T' = base + exp(-dt/tau) (T - base) + scale K s`, and `I_i = sum over j of T_ij`, with `s` 1 for a
/// spike of an excitatory neuron and -1 for an inhibitory one.
///
/// Parameters: `units`; `kernel`, pA, sparse uniform; `tau` 5 ms; `scale` 1; `base` 0. `tau`, `scale` and `base` may be
/// arrays of the shape of the kernel.
///
/// If `tau`, `scale` and `base` are the same for all synapses, only the sum over the synapses of a unit is kept, which
/// obeys the same equation: also while the kernel learns, since `K` enters at the time of the spike. The traces of
/// single synapses are kept if they differ, and in `Compat::SparkSnn1`, where they are part of the state: every synapse
/// then costs time in every step.
///
/// A reset sets the traces to `base`; the kernel is kept.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 3.1, doi:10.1017/CBO9781107447615.
#[derive(Debug, Clone, Stateful)]
pub struct TracedSynapses {
    #[nested]
    weights: Weights,
    #[nested]
    current_tracer: Tracer,
    /// The traces are those of single synapses, not their sums.
    per_synapse: bool,
    sums: Vec<Real>,
}

impl TracedSynapses {
    fn step_units(&mut self, spikes: &SpikeArray, currents: &mut [Real]) {
        self.sums.fill(0.0);
        self.weights.add_sums(spikes, &mut self.sums);
        self.current_tracer.step(&self.sums);
        currents.copy_from_slice(self.current_tracer.values());
    }

    fn step_synapses(&mut self, spikes: &SpikeArray, currents: &mut [Real]) {
        let (weights, tracer) = (self.weights.kernel().as_slice(), &mut self.current_tracer);
        let pairs = self.weights.pairs();
        let inhibitory = Inhibitory::of(spikes, pairs);
        tracer.decay();
        pairs.each_arrival(spikes, |arrival| {
            tracer.add(
                arrival.synapse,
                inhibitory.signed(weights[arrival.synapse], &arrival),
            );
        });
        row_sums(tracer.values(), currents);
    }
}

/// Synapses whose current decays exponentially.
#[register_module(config = TracedSynapsesConfig, path = "Components/Synapses")]
impl TracedSynapses {
    fn build(
        config: &TracedSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports
            .get("spikes")
            .ok_or_else(|| BuildError::unwired(Self::TABLE, "spikes"))?;
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let weights = Weights::draw(config, &config.kernel, &config.units, arriving, keys)?;
        let mut draw = Drawing::new(config, keys);
        let shape = weights.kernel().shape();
        let tau = draw.param(&config.tau, shape);
        let scale = draw.keyless(&config.scale, shape);
        let base = draw.keyless(&config.base, shape);
        draw.finish()?;
        let uniform = [&tau, &scale, &base]
            .iter()
            .all(|param| param.uniform().is_some());
        let per_synapse = !uniform || compat.is_spark_snn_1();
        let (units, pairs) = (&config.units, weights.pairs());
        let current_tracer = if per_synapse {
            Tracer::new(weights.kernel().shape(), &tau, &scale, &base, dt)
        } else {
            let summed = &base * &Param::Scalar(pairs.pre as f64);
            Tracer::new(units, &tau, &scale, &summed, dt)
        };
        Ok(TracedSynapses {
            weights,
            current_tracer,
            per_synapse,
            sums: vec![0.0; pairs.post],
        })
    }

    fn step(
        &mut self,
        /// Presynaptic spikes, plain, delayed or per synapse.
        spikes: In<SpikeArray>,
        /// Current into each post unit, pA.
        #[shape(units)]
        currents: Out<CurrentArray>,
    ) {
        if self.per_synapse {
            self.step_synapses(spikes, currents.as_mut_slice());
        } else {
            self.step_units(spikes, currents.as_mut_slice());
        }
    }

    /// Weights, pA.
    #[property]
    #[shape(pairs(units, spikes))]
    fn kernel(&self) -> &FloatArray {
        self.weights.kernel()
    }

    #[property]
    fn kernel_mut(&mut self) -> &mut FloatArray {
        self.weights.kernel_mut()
    }

    fn reset(&mut self) {
        self.current_tracer.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.weights.spark_state(path, state);
        if self.per_synapse {
            let path = join(path, "current_tracer");
            self.current_tracer
                .spark_state(&path, self.weights.kernel().shape(), state);
        }
    }
}
