//! A population code for values, with spikes by chance.

use super::chance::{Chance, probability};
use super::tuning::{Coding, Populations, everywhere};
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::field::Init;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{FloatArray, SpikeArray};
use crate::core::state::{StateMap, Stateful};
use crate::nn::param::Drawing;
use crate::nn::validators::{BinaryValidator, PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`TopologicalPoissonSpiker`].
#[register_config]
pub struct TopologicalPoissonSpikerConfig {
    /// Rate of the unit that prefers the value.
    #[field(default = 100Hz, validate(TypeValidator, PositiveValidator))]
    pub max_freq: Hz,
    /// Whether the two ends of a value's range are one and the same (1) or not (0).
    #[field(default = everywhere(0.0), array, validate(TypeValidator, BinaryValidator))]
    pub glue: Init<f64>,
    /// Lower end of the range of each value.
    #[field(default = everywhere(0.0), array, validate(TypeValidator))]
    pub mins: Init<f64>,
    /// Upper end of the range of each value.
    #[field(default = everywhere(1.0), array, validate(TypeValidator))]
    pub maxs: Init<f64>,
    /// Units per value.
    #[field(default = 64, validate(TypeValidator, PositiveValidator))]
    pub resolution: usize,
    /// How far around its preferred value a unit responds.
    #[field(default = 0.03125, validate(TypeValidator, PositiveValidator))]
    pub sigma: f64,
}

/// Turns each value of a signal into the spikes of a population that covers its range, by chance.
///
/// Unit `k` of `n` prefers `c = pi k / (n-1)`. With `y = (signal - min) / (max - min)` it is driven by
/// `x = exp(-z^2 / (2 sigma))`, `z = tanh(c - pi y)`, or `z = sin(c + pi y)` where the ends are glued together. In each step
/// it spikes with the probability `dt max_freq x`, independent of all other steps and units.
///
/// Parameters: `max_freq` 100 Hz, `resolution` 64, `sigma` 1/32; `glue` 0, `mins` 0, `maxs` 1: one number, or one per value.
///
/// Input: `signal`, of any shape. Output: `spikes`, of the shape of the signal with `resolution` behind it. One key of the
/// module's random stream is used per step. The stream is state: it goes on after a reset.
///
/// Georgopoulos, Schwartz and Kettner, *Neuronal population coding of movement direction*, Science 233, 1986,
/// doi:10.1126/science.3749885.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Seen(signal: FloatArray[1]) -> (spikes: SpikeArray[1, 5]) {
///         spiker = TopologicalPoissonSpiker { resolution: 5, max_freq: 100Hz, mins: -1.0, maxs: 1.0 };
///         signal        -> spiker.signal;
///         spiker.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut seen = Seen::new()?;
/// let signal = FloatArray::from([0.0]);
/// let mut counts = [0; 5];
/// for _ in 0..10_000 {
///     let out = seen.step(SeenInputs { signal: &signal });
///     out.spikes.indices().iter().for_each(|unit| counts[*unit as usize] += 1);
/// }
/// // 0 is the middle of the range: its unit fires at 100 Hz, the others hardly ever.
/// assert!((900..1100).contains(&counts[2]));
/// assert!([counts[0], counts[1], counts[3], counts[4]].iter().all(|count| *count < 10));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct TopologicalPoissonSpiker {
    #[nested]
    chance: Chance,
    populations: Populations,
    /// The probability of a spike in one step at a drive of 1.
    scale: Real,
}

/// Turns each value of a signal into the spikes of a population that covers its range, by chance.
#[register_module(config = TopologicalPoissonSpikerConfig, path = "Interfaces/Input")]
impl TopologicalPoissonSpiker {
    fn build(
        config: &TopologicalPoissonSpikerConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let (scale, compat) = (probability(config.max_freq, keys), keys.compat());
        let coding = Coding {
            glue: &config.glue,
            mins: &config.mins,
            maxs: &config.maxs,
            resolution: config.resolution,
            sigma: config.sigma,
        };
        let mut draw = Drawing::new(config, keys);
        let populations = Populations::new(&mut draw, &coding, ports.shape("signal")?, compat);
        draw.finish()?;
        Ok(TopologicalPoissonSpiker {
            chance: Chance::new(keys),
            populations,
            scale: scale as Real,
        })
    }

    fn step(
        &mut self,
        /// Values, each within its range.
        signal: In<FloatArray>,
        /// Spikes of the population of each value.
        #[shape(signal, resolution)]
        spikes: Out<SpikeArray>,
    ) {
        let drives = self.populations.drives(signal.as_slice()).iter();
        self.chance.step(drives.map(|drive| self.scale * drive), spikes);
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.chance.spark_state(path, state);
    }
}
