//! A stream of which some elements are read.

use super::sample::{Sampled, Samples};
use crate::core::error::{BuildError, Problem};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{BooleanMask, CurrentArray, FloatArray, IntegerArray, PotentialArray, SpikeArray};
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::{Stateful, register_config, register_module};

/// Configuration of [`Sampler`] and its like for other payloads.
#[register_config]
pub struct SamplerConfig {
    /// Number of samples; may be larger than the population.
    #[field(required, validate(TypeValidator, PositiveValidator))]
    pub sample_size: usize,
}

macro_rules! sampler {
    ($(#[$doc:meta])* $name:ident: $payload:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Stateful)]
        pub struct $name {
            samples: Samples,
        }

        /// Elements of a stream, chosen once at random.
        #[register_module(config = SamplerConfig, path = "Interfaces/ControlInterface", class = "Sampler")]
        impl $name {
            fn build(config: &SamplerConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
                let count = ports.shape("inputs")?.count();
                check_population(count, keys)?;
                let samples = Samples::draw(keys.next_key(), config.sample_size, count, keys.compat());
                Ok($name { samples })
            }

            fn step(
                &mut self,
                /// The population that samples are taken of.
                inputs: In<$payload>,
                /// The samples.
                #[shape(sample_size)]
                output: Out<$payload>,
            ) {
                inputs.sample(&mut self.samples, output);
            }
        }

        impl $name {
            /// Which element each sample is, by its flat index.
            pub fn indices(&self) -> &[u32] {
                self.samples.indices()
            }
        }
    };
}

fn check_population(count: usize, keys: &Keys) -> Result<(), BuildError> {
    if (1..=i32::MAX as usize).contains(&count) {
        return Ok(());
    }
    let problem = Problem::new("inputs", "the population cannot be sampled")
        .expected(format!("1 to {} elements", i32::MAX))
        .found(count)
        .help("wire a source that has elements");
    Err(problem.inside(keys.path()).into())
}

sampler! {
    /// Elements of a stream of spikes, chosen once at random: `output[k] = inputs[i_k]`.
    ///
    /// Each `i_k` is drawn from all elements when the module is built, with one key, independent of the others: an element may
    /// be drawn several times, and there may be more samples than elements.
    ///
    /// Parameter: `sample_size`, the number of samples.
    ///
    /// Inhibitory spikes stay inhibitory. In `Compat::SparkSnn1` they are lost with the mask.
    ///
    /// Input: `inputs`, of any shape and form. Output: `output`, one entry per sample. There is no state: a reset does
    /// nothing. For other payloads: [`FloatSampler`], [`CurrentSampler`], [`PotentialSampler`],
    /// [`IntegerSampler`], [`MaskSampler`].
    ///
    /// ```
    /// use spark::prelude::*;
    ///
    /// network! {
    ///     brain Watched(spikes: SpikeArray[100]) -> (some: SpikeArray[10]) {
    ///         seed = 1;
    ///         sampler = Sampler { sample_size: 10 };
    ///         spikes         -> sampler.inputs;
    ///         sampler.output -> some;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut brain = Watched::new()?;
    /// let all = SpikeArray::from_indices(100, 0..100u32)?;
    /// assert_eq!(brain.step(WatchedInputs { spikes: &all }).some.count(), 10);
    /// # Ok(())
    /// # }
    /// ```
    Sampler: SpikeArray
}

sampler! {
    /// Elements of a stream of numbers, chosen once at random. Ports, parameter and all else as of [`Sampler`].
    ///
    /// ```
    /// use spark::prelude::*;
    ///
    /// network! {
    ///     brain Watched(values: FloatArray[2]) -> (some: FloatArray[5]) {
    ///         sampler = FloatSampler { sample_size: 5 };
    ///         values         -> sampler.inputs;
    ///         sampler.output -> some;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut brain = Watched::new()?;
    /// let values = FloatArray::from([0.25, 0.5]);
    /// let out = brain.step(WatchedInputs { values: &values });
    /// assert!(out.some.as_slice().iter().all(|sample| [0.25, 0.5].contains(sample)));
    /// # Ok(())
    /// # }
    /// ```
    FloatSampler: FloatArray
}

sampler! {
    /// Elements of a stream of currents, chosen once at random. Ports, parameter and all else as of [`Sampler`].
    CurrentSampler: CurrentArray
}

sampler! {
    /// Elements of a stream of potentials, chosen once at random. Ports, parameter and all else as of [`Sampler`].
    PotentialSampler: PotentialArray
}

sampler! {
    /// Elements of a stream of whole numbers, chosen once at random. Ports, parameter and all else as of [`Sampler`].
    IntegerSampler: IntegerArray
}

sampler! {
    /// Elements of a stream of truth values, chosen once at random. Ports, parameter and all else as of [`Sampler`].
    MaskSampler: BooleanMask
}
