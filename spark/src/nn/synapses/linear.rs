//! Synapses without memory.

use crate::core::array::Real;
use crate::core::config::SparkConfig;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::initializer::Cast;
use crate::core::module::{In, Keys, Out, PortInfo, Ports};
use crate::core::payload::{CurrentArray, FloatArray, Shape, SpikeArray};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::nn::arrivals::{Inhibitory, Pairs};
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::{Drawing, ParamExt, shaped};
use crate::nn::validators::TypeValidator;
use crate::prelude::*;

/// A kernel and the sizes it was made for.
#[derive(Debug, Clone, Stateful)]
pub(crate) struct Weights {
    kernel: Variable<FloatArray>,
    pairs: Pairs,
}

impl Weights {
    /// Draws the kernel between `units` and what arrives.
    pub(crate) fn draw<C: SparkConfig>(
        config: &C,
        kernel: &Init<PAmp>,
        units: &Shape,
        arriving: &PortInfo,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let mut problems = Vec::new();
        let pairs = Pairs::new(units, arriving, "spikes", &mut problems);
        let shape = kernel_shape(units, arriving);
        // Weights are normalised per post unit.
        let cast = Cast::to(config.dtype()).with_norm_axes((0..units.len()).collect::<Vec<usize>>());
        let mut draw = Drawing::new(config, keys);
        problems.into_iter().for_each(|problem| draw.problem(problem));
        let kernel = draw.param_with(kernel, &shape, &cast);
        draw.finish()?;
        let kernel = FloatArray::new(shaped(&shape, kernel.per_element(&shape)));
        Ok(Weights {
            kernel: Variable::learned(kernel),
            pairs,
        })
    }

    pub(crate) fn kernel(&self) -> &FloatArray {
        &self.kernel
    }

    pub(crate) fn kernel_mut(&mut self) -> &mut FloatArray {
        &mut self.kernel
    }

    pub(crate) fn pairs(&self) -> Pairs {
        self.pairs
    }

    /// Adds to each unit the signed weights of the spikes that arrive at it.
    pub(crate) fn add_sums(&self, spikes: &SpikeArray, sums: &mut [Real]) {
        let weights = self.kernel.as_slice();
        let inhibitory = Inhibitory::of(spikes, self.pairs);
        self.pairs.each_arrival_of(
            spikes,
            |neuron| inhibitory.sign_of(neuron),
            |sign, arrival| {
                let weight = weights[arrival.synapse];
                sums[arrival.post] += match sign {
                    Some(sign) => sign * weight,
                    None => inhibitory.signed(weight, &arrival),
                };
            },
        );
    }

    pub(crate) fn spark_state(&self, path: &str, state: &mut StateMap) {
        state.insert_array(
            join(path, "_kernel"),
            self.kernel.kind(),
            self.kernel.array().clone(),
        );
    }
}

fn kernel_shape(units: &Shape, arriving: &PortInfo) -> Shape {
    if arriving.per_synapse || arriving.plan.is_some() {
        return arriving.shape.clone();
    }
    units.append(&arriving.shape)
}

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
        let arriving = ports
            .get("spikes")
            .ok_or_else(|| BuildError::unwired(Self::TABLE, "spikes"))?;
        Ok(LinearSynapses {
            weights: Weights::draw(config, &config.kernel, &config.units, arriving, keys)?,
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

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.weights.spark_state(path, state);
    }
}
