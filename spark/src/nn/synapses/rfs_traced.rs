//! Synapses whose currents rise, and decay fast at first and slowly later.

use super::summed::SummedTracer;
use super::weights::Weights;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{CurrentArray, FloatArray, SpikeArray};
use crate::core::state::{StateMap, Stateful, join};
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::Drawing;
use crate::nn::tracers::{RFSParams, RFSTracer};
use crate::nn::validators::{PositiveValidator, TypeValidator, ZeroOneValidator};
use crate::prelude::*;

/// Configuration of [`RFSTracedSynapses`].
#[register_config]
pub struct RFSTracedSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// Weights: an array of the shape `units ++ inputs`, or an initializer.
    #[field(default = SparseUniformInitializer::default(), constant, validate(TypeValidator))]
    pub kernel: Init<PAmp>,
    /// Share of the part that decays fast.
    #[field(default = 0.8, validate(TypeValidator, ZeroOneValidator))]
    pub alpha: Init<f64>,
    /// Time constant of the rise.
    #[field(default = 1ms, validate(TypeValidator, PositiveValidator))]
    pub tau_rise: Init<Ms>,
    /// What a spike through a weight of 1 adds to the rising parts.
    #[field(default = 1.0, validate(TypeValidator, PositiveValidator))]
    pub scale_rise: Init<f64>,
    /// What the rising parts of a synapse return to.
    #[field(default = 0.0, validate(TypeValidator))]
    pub base_rise: Init<f64>,
    /// Time constant of the fast decay.
    #[field(default = 5ms, validate(TypeValidator, PositiveValidator))]
    pub tau_fast_decay: Init<Ms>,
    /// What a spike through a weight of 1 adds to the part that decays fast.
    #[field(default = 1.0, validate(TypeValidator, PositiveValidator))]
    pub scale_fast_decay: Init<f64>,
    /// What the part of a synapse that decays fast returns to.
    #[field(default = 0.0, validate(TypeValidator))]
    pub base_fast_decay: Init<f64>,
    /// Time constant of the slow decay.
    #[field(default = 50ms, validate(TypeValidator, PositiveValidator))]
    pub tau_slow_decay: Init<Ms>,
    /// What a spike through a weight of 1 adds to the part that decays slowly.
    #[field(default = 1.0, validate(TypeValidator, PositiveValidator))]
    pub scale_slow_decay: Init<f64>,
    /// What the part of a synapse that decays slowly returns to.
    #[field(default = 0.0, validate(TypeValidator))]
    pub base_slow_decay: Init<f64>,
}

/// Synapses whose current rises, and decays fast at first and slowly later.
///
/// For each synapse `T = alpha F + (1 - alpha) S` and `I_i = sum over j of T_ij`. `F` and `S` are what a synapse of
/// [`RDTracedSynapses`](super::RDTracedSynapses) gives: both rise with `tau_rise`, `F` decays with `tau_fast_decay` and
/// `S` with `tau_slow_decay`. So fast and slow receptors at one synapse are described, AMPA and NMDA for instance.
///
/// Parameters: `units`; `kernel`, pA, sparse uniform; `alpha` 0.8; `tau_rise` 1 ms; `tau_fast_decay` 5 ms;
/// `tau_slow_decay` 50 ms; `scale_rise`, `scale_fast_decay`, `scale_slow_decay` 1; `base_rise`, `base_fast_decay`,
/// `base_slow_decay` 0. All but `units` may be arrays of the shape of the kernel.
///
/// If they are the same for all synapses, only the sums over the synapses of a unit are kept, as in
/// [`TracedSynapses`](super::TracedSynapses).
///
/// A reset sets all parts to their base; the kernel is kept.
///
/// Destexhe, Mainen and Sejnowski, *Synthesis of models for excitable membranes, synaptic transmission and
/// neuromodulation using a common kinetic formalism*, Journal of Computational Neuroscience 1, 1994,
/// doi:10.1007/BF00961734.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain TwoReceptors(spikes: SpikeArray[1]) -> (currents: CurrentArray[1]) {
///         synapses = RFSTracedSynapses { units: [1], kernel: [200.0], alpha: 0.5, tau_slow_decay: 80ms };
///         spikes            -> synapses.spikes;
///         synapses.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut receptors = TwoReceptors::new()?;
/// let (spike, none) = (SpikeArray::from_indices(1, [0])?, SpikeArray::from_indices(1, [0; 0])?);
/// receptors.step(TwoReceptorsInputs { spikes: &spike });
/// for _ in 0..39 {
///     receptors.step(TwoReceptorsInputs { spikes: &none });
/// }
/// // After 40 ms only the slow half is left.
/// let late = receptors.step(TwoReceptorsInputs { spikes: &none }).currents.as_slice()[0];
/// assert!((late - 0.5 * 200.0 * (-0.5 as Real).exp()).abs() < 0.1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RFSTracedSynapses {
    #[nested]
    weights: Weights,
    #[nested]
    current_tracer: SummedTracer<RFSTracer>,
}

/// Synapses whose current rises, and decays fast at first and slowly later.
#[register_module(config = RFSTracedSynapsesConfig, path = "Components/Synapses")]
impl RFSTracedSynapses {
    fn build(
        config: &RFSTracedSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports.arriving("spikes")?;
        let mut draw = Drawing::new(config, keys);
        let weights = Weights::draw(&mut draw, &config.kernel, &config.units, arriving);
        let shape = weights.kernel().shape();
        // The time constants first: that is the order in which the package consumes keys.
        let params = RFSParams {
            tau_rise: draw.param(&config.tau_rise, shape),
            tau_fast_decay: draw.param(&config.tau_fast_decay, shape),
            tau_slow_decay: draw.param(&config.tau_slow_decay, shape),
            alpha: draw.keyless(&config.alpha, shape),
            scale_rise: draw.keyless(&config.scale_rise, shape),
            scale_fast_decay: draw.keyless(&config.scale_fast_decay, shape),
            scale_slow_decay: draw.keyless(&config.scale_slow_decay, shape),
            base_rise: draw.keyless(&config.base_rise, shape),
            base_fast_decay: draw.keyless(&config.base_fast_decay, shape),
            base_slow_decay: draw.keyless(&config.base_slow_decay, shape),
        };
        weights.check_uniform(
            &mut draw,
            &[
                ("tau_rise", &params.tau_rise),
                ("tau_fast_decay", &params.tau_fast_decay),
                ("tau_slow_decay", &params.tau_slow_decay),
                ("alpha", &params.alpha),
                ("scale_rise", &params.scale_rise),
                ("scale_fast_decay", &params.scale_fast_decay),
                ("scale_slow_decay", &params.scale_slow_decay),
            ],
        );
        weights.check_no_bases(
            &mut draw,
            &[
                ("base_rise", &params.base_rise),
                ("base_fast_decay", &params.base_fast_decay),
                ("base_slow_decay", &params.base_slow_decay),
            ],
        );
        draw.finish()?;
        let dt = keys.dt().value();
        let current_tracer = SummedTracer::new(
            &weights,
            arriving,
            &config.units,
            keys.compat(),
            |shape, terms| RFSTracer::new(shape, &params.summed(terms), dt),
        );
        Ok(RFSTracedSynapses {
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
