//! Synapses whose currents rise and decay.

use super::summed::SummedTracer;
use super::weights::Weights;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{CurrentArray, FloatArray, SpikeArray};
use crate::core::state::{StateMap, Stateful, join};
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::Drawing;
use crate::nn::tracers::{RDParams, RDTracer};
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`RDTracedSynapses`].
#[register_config]
pub struct RDTracedSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// Weights: an array of the shape `units ++ inputs`, or an initializer.
    #[field(default = SparseUniformInitializer::default(), constant, validate(TypeValidator))]
    pub kernel: Init<PAmp>,
    /// Time constant of the rise.
    #[field(default = 1ms, validate(TypeValidator, PositiveValidator))]
    pub tau_rise: Init<Ms>,
    /// What a spike through a weight of 1 adds to the rising part.
    #[field(default = 1.0, validate(TypeValidator, PositiveValidator))]
    pub scale_rise: Init<f64>,
    /// What the rising part of a synapse returns to.
    #[field(default = 0.0, validate(TypeValidator))]
    pub base_rise: Init<f64>,
    /// Time constant of the decay.
    #[field(default = 5ms, validate(TypeValidator, PositiveValidator))]
    pub tau_decay: Init<Ms>,
    /// What a spike through a weight of 1 adds to the decaying part.
    #[field(default = 1.0, validate(TypeValidator, PositiveValidator))]
    pub scale_decay: Init<f64>,
    /// What the decaying part of a synapse returns to.
    #[field(default = 0.0, validate(TypeValidator))]
    pub base_decay: Init<f64>,
}

/// Synapses whose current rises and decays.
///
/// For each synapse `T = D - R` and `I_i = sum over j of T_ij`. `D' = base_decay + d (D - base_decay) + scale_decay K s`
/// decays with `tau_decay`, `R` likewise with `tau_rise tau_decay / (tau_rise + tau_decay)`; `s` is 1 for a spike of an
/// excitatory neuron and -1 for an inhibitory one. With equal scales a spike gives
/// `K (1 - exp(-t / tau_rise)) exp(-t / tau_decay)`: nothing in its own step, most of it later.
///
/// Parameters: `units`; `kernel`, pA, sparse uniform; `tau_rise` 1 ms; `scale_rise` 1; `base_rise` 0; `tau_decay` 5 ms;
/// `scale_decay` 1; `base_decay` 0. All but `units` may be arrays of the shape of the kernel.
///
/// If they are the same for all synapses, only the sums over the synapses of a unit are kept, as in
/// [`TracedSynapses`](super::TracedSynapses).
///
/// A reset sets both parts to their base; the kernel is kept.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 3.1, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Rising(spikes: SpikeArray[1]) -> (currents: CurrentArray[1]) {
///         synapses = RDTracedSynapses { units: [1], kernel: [200.0], tau_rise: 2ms, tau_decay: 5ms };
///         spikes            -> synapses.spikes;
///         synapses.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut rising = Rising::new()?;
/// let (spike, none) = (SpikeArray::from_indices(1, [0])?, SpikeArray::from_indices(1, [0; 0])?);
/// assert_eq!(rising.step(RisingInputs { spikes: &spike }).currents.as_slice(), [0.0]);
/// let next = rising.step(RisingInputs { spikes: &none }).currents.as_slice()[0];
/// let expected = 200.0 * (1.0 - (-0.5 as Real).exp()) * (-0.2 as Real).exp();
/// assert!((next - expected).abs() < 1e-3);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RDTracedSynapses {
    #[nested]
    weights: Weights,
    #[nested]
    current_tracer: SummedTracer<RDTracer>,
}

/// Synapses whose current rises and decays.
#[register_module(config = RDTracedSynapsesConfig, path = "Components/Synapses")]
impl RDTracedSynapses {
    fn build(
        config: &RDTracedSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports.arriving("spikes")?;
        let mut draw = Drawing::new(config, keys);
        let weights = Weights::draw(&mut draw, &config.kernel, &config.units, arriving);
        let shape = weights.kernel().shape();
        // The time constants first: that is the order in which the package consumes keys.
        let params = RDParams {
            tau_rise: draw.param(&config.tau_rise, shape),
            tau_decay: draw.param(&config.tau_decay, shape),
            scale_rise: draw.keyless(&config.scale_rise, shape),
            scale_decay: draw.keyless(&config.scale_decay, shape),
            base_rise: draw.keyless(&config.base_rise, shape),
            base_decay: draw.keyless(&config.base_decay, shape),
        };
        weights.check_uniform(
            &mut draw,
            &[
                ("tau_rise", &params.tau_rise),
                ("tau_decay", &params.tau_decay),
                ("scale_rise", &params.scale_rise),
                ("scale_decay", &params.scale_decay),
            ],
        );
        weights.check_no_bases(
            &mut draw,
            &[
                ("base_rise", &params.base_rise),
                ("base_decay", &params.base_decay),
            ],
        );
        draw.finish()?;
        let dt = keys.dt().value();
        let current_tracer = SummedTracer::new(
            &weights,
            arriving,
            &config.units,
            keys.compat(),
            |shape, terms| RDTracer::new(shape, &params.summed(terms), dt),
        );
        Ok(RDTracedSynapses {
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
