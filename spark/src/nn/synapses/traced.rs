//! Synapses whose currents decay.

use super::summed::SummedTracer;
use super::weights::Weights;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{CurrentArray, FloatArray, SpikeArray};
use crate::core::state::{StateMap, Stateful, join};
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
    #[field(default = SparseUniformInitializer::default(), constant, validate(TypeValidator))]
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
/// obeys the same equation: also while the kernel learns, since `K` enters at the time of the spike. In
/// `Compat::SparkSnn1` the traces of single synapses are part of the state and kept besides, at a cost per spike. If
/// the three differ from synapse to synapse, every synapse costs time in every step.
///
/// A reset sets the traces to `base`; the kernel is kept.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 3.1, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Decaying(spikes: SpikeArray[1]) -> (currents: CurrentArray[1]) {
///         synapses = TracedSynapses { units: [1], kernel: [200.0], tau: 5ms };
///         spikes            -> synapses.spikes;
///         synapses.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut decaying = Decaying::new()?;
/// let (spike, none) = (SpikeArray::from_indices(1, [0])?, SpikeArray::from_indices(1, [0; 0])?);
/// assert_eq!(decaying.step(DecayingInputs { spikes: &spike }).currents.as_slice(), [200.0]);
/// let next = decaying.step(DecayingInputs { spikes: &none }).currents.as_slice()[0];
/// assert!((next - 200.0 * (-1.0 / 5.0 as Real).exp()).abs() < 1e-4);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct TracedSynapses {
    #[nested]
    weights: Weights,
    #[nested]
    current_tracer: SummedTracer<Tracer>,
}

/// Synapses whose current decays exponentially.
#[register_module(config = TracedSynapsesConfig, path = "Components/Synapses")]
impl TracedSynapses {
    fn build(
        config: &TracedSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports.arriving("spikes")?;
        let mut draw = Drawing::new(config, keys);
        let weights = Weights::draw(&mut draw, &config.kernel, &config.units, arriving);
        let shape = weights.kernel().shape();
        let tau = draw.param(&config.tau, shape);
        let scale = draw.keyless(&config.scale, shape);
        let base = draw.keyless(&config.base, shape);
        weights.check_uniform(&mut draw, &[("tau", &tau), ("scale", &scale)]);
        weights.check_no_bases(&mut draw, &[("base", &base)]);
        draw.finish()?;
        let dt = keys.dt().value();
        let current_tracer = SummedTracer::new(
            &weights,
            arriving,
            &config.units,
            keys.compat(),
            |shape, terms| Tracer::new(shape, &tau, &scale, &(&base * terms), dt),
        );
        Ok(TracedSynapses {
            weights,
            current_tracer,
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
        self.current_tracer
            .step(&self.weights, spikes, currents.as_mut_slice());
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
        self.current_tracer
            .spark_state(&join(path, "current_tracer"), &self.weights, state);
    }
}
