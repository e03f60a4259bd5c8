//! Synapses without memory.

use super::weights::Weights;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{CurrentArray, FloatArray, SpikeArray};
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{StateMap, Stateful};
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::Drawing;
use crate::nn::validators::TypeValidator;
use crate::prelude::*;

/// Configuration of [`LinearSynapses`].
#[register_config]
pub struct LinearSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// Weights: an array of the shape `units ++ inputs`, or an initializer.
    #[field(default = SparseUniformInitializer::default(), constant, validate(TypeValidator))]
    pub kernel: Init<PAmp>,
}

/// Synapses without memory: the current is there in the step of the spike and gone in the next.
///
/// `I_i = sum over j of K_ij s_j`, with `s_j` 1 for a spike of an excitatory neuron, -1 for an inhibitory one.
///
/// Parameters: `units`; `kernel`, pA, sparse uniform.
///
/// A reset changes nothing: the kernel is kept.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Sums(spikes: SpikeArray[2]) -> (currents: CurrentArray[1]) {
///         synapses = LinearSynapses { units: [1], kernel: [2.0, 3.0] };
///         spikes            -> synapses.spikes;
///         synapses.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut sums = Sums::new()?;
/// let spikes = SpikeArray::from_indices(2, [0, 1])?;
/// assert_eq!(sums.step(SumsInputs { spikes: &spikes }).currents.as_slice(), [5.0]);
/// let inhibited = spikes.with_mask(Mask::new([false, true]))?;
/// assert_eq!(sums.step(SumsInputs { spikes: &inhibited }).currents.as_slice(), [-1.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct LinearSynapses {
    #[nested]
    weights: Weights,
}

/// Synapses without memory: each spike gives a current for one step.
#[register_module(config = LinearSynapsesConfig, path = "Components/Synapses")]
impl LinearSynapses {
    fn build(
        config: &LinearSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports.arriving("spikes")?;
        let mut draw = Drawing::new(config, keys);
        let weights = Weights::draw(&mut draw, &config.kernel, &config.units, arriving);
        draw.finish()?;
        Ok(LinearSynapses { weights })
    }

    fn step(
        &mut self,
        /// Presynaptic spikes, plain, delayed or per synapse.
        spikes: In<SpikeArray>,
        /// Current into each post unit, pA.
        #[shape(units)]
        currents: Out<CurrentArray>,
    ) {
        let sums = currents.as_mut_slice();
        sums.fill(0.0);
        self.weights.add_sums(spikes, sums);
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

    fn sharing(&self) -> Sharing {
        self.weights.sharing()
    }

    fn restrict(&mut self, part: Part) {
        self.weights.restrict(part);
    }

    fn gather(&mut self, copy: &Self, part: Part) {
        self.weights.gather(&copy.weights, part);
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.weights.spark_state(path, state);
    }
}
