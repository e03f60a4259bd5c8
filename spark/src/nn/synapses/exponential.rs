//! Synapses whose currents decay exponentially, excitation and inhibition with time constants of their own.

use super::averaged::TwoSided;
use super::weights::Weights;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{CurrentArray, FloatArray, SpikeArray};
use crate::core::state::Stateful;
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::Drawing;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`ExponentialCurrentSynapses`].
#[register_config]
pub struct ExponentialCurrentSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// Weights: an array of the shape `units ++ inputs`, or an initializer.
    #[field(default = SparseUniformInitializer::default(), constant, validate(TypeValidator))]
    pub kernel: Init<PAmp>,
    /// Time constant of excitatory currents.
    #[field(default = 5ms, validate(PositiveValidator))]
    pub tau_excitatory: Init<Ms>,
    /// Time constant of inhibitory currents.
    #[field(default = 10ms, validate(PositiveValidator))]
    pub tau_inhibitory: Init<Ms>,
}

/// Synapses whose current decays exponentially, excitation and inhibition with time constants of their own: "CUBA".
///
/// `I_i = E_i - J_i` with `tau_excitatory dE/dt = -E` and `tau_inhibitory dJ/dt = -J`. A spike of an excitatory neuron
/// `j` raises `E_i` by `K_ij`, one of an inhibitory neuron raises `J_i`: the mask of the spikes tells which is which.
///
/// The equations are solved exactly, and `currents` is the mean of `I` over the step: a spike carries the charge `K tau`
/// whatever the time step, and a soma that takes its current as constant over the step gets the right potential but for
/// terms of second order. [`TracedSynapses`](super::TracedSynapses) gives the value at the beginning of the step.
///
/// Parameters: `units`; `kernel`, pA, sparse uniform; `tau_excitatory` 5 ms; `tau_inhibitory` 10 ms, both numbers,
/// arrays of the shape `units`, or initializers.
///
/// A reset sets both currents to 0; the kernel is kept.
///
/// Vogels and Abbott, *Signal propagation and logic gating in networks of integrate-and-fire neurons*, Journal of
/// Neuroscience 25, 2005, doi:10.1523/JNEUROSCI.3508-05.2005. Exact integration: Rotter and Diesmann, *Exact digital
/// simulation of time-invariant linear systems with applications to neuronal modeling*, Biological Cybernetics 81, 1999,
/// doi:10.1007/s004220050570.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Balanced(spikes: SpikeArray[2]) -> (currents: CurrentArray[1]) {
///         synapses = ExponentialCurrentSynapses {
///             units: [1], kernel: [200.0, 100.0],
///             tau_excitatory: 5ms, tau_inhibitory: 10ms,
///         };
///         spikes            -> synapses.spikes;
///         synapses.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut balanced = Balanced::new()?;
/// let inhibitory = Mask::new([false, true]);
/// let both = SpikeArray::from_indices(2, [0, 1])?.with_mask(inhibitory)?;
/// let none = SpikeArray::from_indices(2, [0; 0])?;
/// // One excitatory and one inhibitory spike of the same charge: excitation first, inhibition later, nothing in the end.
/// let mut charge = balanced.step(BalancedInputs { spikes: &both }).currents.as_slice()[0];
/// assert!(charge > 0.0);
/// for _ in 0..200 {
///     charge += balanced.step(BalancedInputs { spikes: &none }).currents.as_slice()[0];
/// }
/// assert!(charge.abs() < 1e-2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct ExponentialCurrentSynapses {
    #[nested]
    weights: Weights,
    #[nested]
    current: TwoSided,
}

/// Synapses whose current decays exponentially, excitation and inhibition with time constants of their own.
#[register_module(config = ExponentialCurrentSynapsesConfig, path = "Components/Synapses")]
impl ExponentialCurrentSynapses {
    fn build(
        config: &ExponentialCurrentSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports.arriving("spikes")?;
        let units = &config.units;
        let mut draw = Drawing::new(config, keys);
        let weights = Weights::draw(&mut draw, &config.kernel, units, arriving);
        let tau_excitatory = draw.param(&config.tau_excitatory, units);
        let tau_inhibitory = draw.param(&config.tau_inhibitory, units);
        draw.finish()?;
        Ok(ExponentialCurrentSynapses {
            weights,
            current: TwoSided::new(units, &tau_excitatory, &tau_inhibitory, keys.dt().value()),
        })
    }

    fn step(
        &mut self,
        /// Presynaptic spikes, plain, delayed or per synapse; their mask tells which are inhibitory.
        spikes: In<SpikeArray>,
        /// Current into each post unit, pA.
        #[shape(units)]
        currents: Out<CurrentArray>,
    ) {
        self.current.step(&self.weights, spikes);
        for (i, current) in currents.as_mut_slice().iter_mut().enumerate() {
            *current = self.current.excitatory.at(i) - self.current.inhibitory.at(i);
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
        self.current.reset();
    }
}
