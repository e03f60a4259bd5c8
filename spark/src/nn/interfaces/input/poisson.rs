//! Values as rates of Poisson processes.

use super::chance::{Chance, probability};
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{FloatArray, SpikeArray};
use crate::core::state::{StateMap, Stateful};
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`PoissonSpiker`].
#[register_config]
pub struct PoissonSpikerConfig {
    /// Rate at a value of 1.
    #[field(default = 100Hz, validate(TypeValidator, PositiveValidator))]
    pub max_freq: Hz,
}

/// Turns each value of a signal into spikes that come by chance, at a rate in proportion to the value.
///
/// In each step a unit spikes with the probability `p = dt max_freq x`, where `x` is the value, independent of all other
/// steps and units: a Poisson process of the rate `max_freq x`, as far as whole steps allow. A value below 0 is silent; where
/// `p` reaches 1 the unit spikes in every step.
///
/// Parameter: `max_freq` 100 Hz.
///
/// Input: `signal`, of any shape, values from 0 to 1. Output: `spikes`, of the same shape. One key of the module's random
/// stream is used per step. The stream is state: it goes on after a reset.
///
/// Heeger, *Poisson model of spike generation*, 2000; Dayan and Abbott, *Theoretical Neuroscience*, 2001, chapter 1.4,
/// ISBN 978-0262541855.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Noisy(signal: FloatArray[2]) -> (spikes: SpikeArray[2]) {
///         seed = 7;
///         spiker = PoissonSpiker { max_freq: 200Hz };
///         signal        -> spiker.signal;
///         spiker.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut noisy = Noisy::new()?;
/// let signal = FloatArray::from([0.0, 0.5]);
/// let mut counts = [0; 2];
/// for _ in 0..10_000 {
///     let out = noisy.step(NoisyInputs { signal: &signal });
///     out.spikes.indices().iter().for_each(|unit| counts[*unit as usize] += 1);
/// }
/// // 100 Hz for ten seconds: 1000 spikes, give or take 30.
/// assert!(counts[0] == 0 && (900..1100).contains(&counts[1]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct PoissonSpiker {
    #[nested]
    chance: Chance,
    /// The probability of a spike in one step at a value of 1.
    scale: Real,
}

/// Turns each value of a signal into spikes that come by chance.
#[register_module(config = PoissonSpikerConfig, path = "Interfaces/Input")]
impl PoissonSpiker {
    fn build(
        config: &PoissonSpikerConfig,
        _ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        Ok(PoissonSpiker {
            scale: probability(config.max_freq, keys) as Real,
            chance: Chance::new(keys),
        })
    }

    fn step(
        &mut self,
        /// Values from 0 to 1.
        signal: In<FloatArray>,
        /// Spikes of the unit of each value.
        #[shape(signal)]
        spikes: Out<SpikeArray>,
    ) {
        let probabilities = signal.as_slice().iter().map(|value| self.scale * value);
        self.chance.step(probabilities, spikes);
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.chance.spark_state(path, state);
    }
}
