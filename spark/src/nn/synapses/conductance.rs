//! Synapses that open conductances.

use super::averaged::TwoSided;
use super::weights::Weights;
use crate::core::error::{BuildError, Problem};
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{CurrentArray, FloatArray, PotentialArray, SpikeArray};
use crate::core::state::Stateful;
use crate::kernels::trace::Coefficient;
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::{Drawing, ParamExt};
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`ConductanceSynapses`].
#[register_config]
pub struct ConductanceSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// Conductances that a spike opens, none of them negative: an array of the shape `units ++ inputs`, or an initializer.
    #[field(default = SparseUniformInitializer::default(), constant, validate(TypeValidator))]
    pub kernel: Init<NSiemens>,
    /// Time constant of excitatory conductances.
    #[field(default = 5ms, validate(PositiveValidator))]
    pub tau_excitatory: Init<Ms>,
    /// Time constant of inhibitory conductances.
    #[field(default = 10ms, validate(PositiveValidator))]
    pub tau_inhibitory: Init<Ms>,
    /// Reversal potential of excitation.
    #[field(default = 0mV)]
    pub reversal_excitatory: Init<Mv>,
    /// Reversal potential of inhibition.
    #[field(default = -80mV)]
    pub reversal_inhibitory: Init<Mv>,
    /// Rest potential of the soma: what its `potential()` is relative to.
    #[field(default = -60mV)]
    pub potential_rest: Init<Mv>,
}

/// Synapses that open conductances: the current depends on how far the potential is from the reversal potentials,
/// "COBA".
///
/// `I_i = g_i (E_exc - V_i) + h_i (E_inh - V_i)` with `tau_excitatory dg/dt = -g` and `tau_inhibitory dh/dt = -h`. A
/// spike of an excitatory neuron `j` raises `g_i` by `K_ij`, one of an inhibitory neuron raises `h_i`: the mask of the
/// spikes tells which is which. nS times mV is pA.
///
/// `potential` is wired to the property `potential()` of the soma: a property is read as it stands when the synapses
/// run, before the soma does, so it holds the potential at the beginning of the step. It is relative to rest, while
/// `reversal_excitatory` and `reversal_inhibitory` are absolute: `potential_rest` must be that of the soma.
///
/// The equations of the conductances are solved exactly, and their means over the step enter. The potential is taken as
/// constant over the step, an error of first order in `dt`: the step must be short against the time constant of the
/// membrane with its conductances open, `tau_m / (1 + R (g + h))`. If it is longer than that the potential overshoots,
/// and swings ever farther if it is more than twice as long. A `dt` of 0.1 ms is usual.
///
/// Parameters: `units`; `kernel`, nS, sparse uniform; `tau_excitatory` 5 ms; `tau_inhibitory` 10 ms;
/// `reversal_excitatory` 0 mV; `reversal_inhibitory` -80 mV; `potential_rest` -60 mV. All but `units` and `kernel` are
/// numbers, arrays of the shape `units`, or initializers.
///
/// A reset closes all conductances; the kernel is kept.
///
/// Vogels and Abbott, *Signal propagation and logic gating in networks of integrate-and-fire neurons*, Journal of
/// Neuroscience 25, 2005, doi:10.1523/JNEUROSCI.3508-05.2005; Brette et al., *Simulation of networks of spiking neurons:
/// a review of tools and strategies*, Journal of Computational Neuroscience 23, 2007, doi:10.1007/s10827-007-0038-6.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     /// A unit of Vogels and Abbott with one excitatory and one inhibitory input.
///     pub neuron Coba(in_spikes: SpikeArray[2]) -> (out_spikes: SpikeArray[1], potential: PotentialArray[1]) {
///         units = [1];
///         synapses = ConductanceSynapses { kernel: [6nS, 67nS] };
///         soma     = LeakySoma { threshold: -50mV, potential_reset: -60mV };
///
///         in_spikes         -> synapses.spikes;
///         soma.potential()  -> synapses.potential;
///         synapses.currents -> soma.current;
///         soma.spikes       -> out_spikes;
///         soma.potential()  -> potential;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = Coba::new()?;
/// let inhibitory = Mask::new([false, true]);
/// let from = |input: u32| SpikeArray::from_indices(2, [input])?.with_mask(inhibitory.clone());
/// // Excitation, 60 mV away from its reversal potential, against inhibition, only 20 mV away.
/// let excited = unit.step(CobaInputs { in_spikes: &from(0)? }).potential.as_slice()[0];
/// let inhibited = unit.step(CobaInputs { in_spikes: &from(1)? }).potential.as_slice()[0];
/// assert!(excited > 1.0 && inhibited < 0.0);
/// // Inhibition pulls towards its reversal potential, 20 mV below rest, and not beyond.
/// let none = SpikeArray::from_indices(2, [0; 0])?;
/// for _ in 0..10 {
///     let v = unit.step(CobaInputs { in_spikes: &none }).potential.as_slice()[0];
///     assert!(v < 0.0 && v > -20.0);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct ConductanceSynapses {
    #[nested]
    weights: Weights,
    #[nested]
    conductance: TwoSided,
    /// Reversal potentials relative to rest.
    excitatory: Coefficient,
    inhibitory: Coefficient,
}

/// The first conductance that is none.
fn check_conductances(weights: &Weights) -> Option<Problem> {
    let negative = weights
        .kernel()
        .rows()
        .values
        .iter()
        .find(|&&weight| weight < 0.0)?;
    let problem = Problem::new("kernel", "a conductance is negative").found(format!("{negative} nS"));
    Some(
        problem
            .expected("0 nS or more")
            .help("what inhibits is told by the mask of the spikes"),
    )
}

/// Synapses that open conductances with reversal potentials.
#[register_module(config = ConductanceSynapsesConfig, path = "Components/Synapses")]
impl ConductanceSynapses {
    fn build(
        config: &ConductanceSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports.arriving("spikes")?;
        let units = &config.units;
        let mut draw = Drawing::new(config, keys);
        let weights = Weights::draw(&mut draw, &config.kernel, units, arriving);
        check_conductances(&weights)
            .into_iter()
            .for_each(|problem| draw.problem(problem));
        let tau_excitatory = draw.param(&config.tau_excitatory, units);
        let tau_inhibitory = draw.param(&config.tau_inhibitory, units);
        let excitatory = draw.param(&config.reversal_excitatory, units);
        let inhibitory = draw.param(&config.reversal_inhibitory, units);
        let rest = draw.param(&config.potential_rest, units);
        draw.finish()?;
        Ok(ConductanceSynapses {
            weights,
            conductance: TwoSided::new(units, &tau_excitatory, &tau_inhibitory, keys.dt().value()),
            excitatory: (&excitatory - &rest).coefficient(units),
            inhibitory: (&inhibitory - &rest).coefficient(units),
        })
    }

    fn step(
        &mut self,
        /// Presynaptic spikes, plain, delayed or per synapse; their mask tells which are inhibitory.
        spikes: In<SpikeArray>,
        /// Potential of each post unit relative to rest, mV: the soma's property.
        #[shape(units)]
        potential: In<PotentialArray>,
        /// Current into each post unit, pA.
        #[shape(units)]
        currents: Out<CurrentArray>,
    ) {
        self.conductance.step(&self.weights, spikes);
        let TwoSided {
            excitatory,
            inhibitory,
        } = &self.conductance;
        let potentials = potential.as_slice().iter();
        for (i, (current, v)) in currents.as_mut_slice().iter_mut().zip(potentials).enumerate() {
            *current = excitatory.at(i) * (self.excitatory.at(i) - v)
                + inhibitory.at(i) * (self.inhibitory.at(i) - v);
        }
    }

    /// Conductances that a spike opens, nS.
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
        self.conductance.reset();
    }
}
