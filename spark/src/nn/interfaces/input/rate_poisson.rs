//! Spikes by chance, without a signal.

use super::chance::{Chance, probability};
use crate::core::array::Real;
use crate::core::error::{BuildError, Problem};
use crate::core::field::{Init, Units};
use crate::core::module::{Keys, Out, Ports};
use crate::core::param::Param;
use crate::core::payload::SpikeArray;
use crate::core::state::{StateMap, Stateful};
use crate::nn::param::{Drawing, ParamExt};
use crate::prelude::*;

/// Configuration of [`RatePoissonSource`].
#[register_config]
pub struct RatePoissonSourceConfig {
    /// Mean rate of each unit, 0 or more.
    #[field(default = 10Hz)]
    pub rate: Init<Hz>,
    /// Shape of the population.
    #[field(required)]
    pub units: Units,
}

/// A population that spikes by chance at given mean rates: background activity.
///
/// In each step unit `i` spikes with the probability `p_i = dt rate_i`, independent of all other steps and units: a Poisson
/// process, as far as whole steps allow. Where `p_i` reaches 1 the unit spikes in every step.
///
/// Parameters: `rate` 10 Hz, one number, one per unit, or an initializer; `units`.
///
/// No input. Output: `spikes`, of the shape `units`. One key of the module's random stream is used for `rate`, then one per
/// step. The stream is state: it goes on after a reset. The Python package has no such module; its `PoissonSpiker` takes
/// rates from a signal.
///
/// Heeger, *Poisson model of spike generation*, 2000; Dayan and Abbott, *Theoretical Neuroscience*, 2001, chapter 1.4,
/// ISBN 978-0262541855.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Background() -> (spikes: SpikeArray[2]) {
///         seed = 5;
///         source = RatePoissonSource { units: [2], rate: [0Hz, 50Hz] };
///         source.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut background = Background::new()?;
/// let mut counts = [0; 2];
/// for _ in 0..10_000 {
///     let out = background.step(BackgroundInputs {});
///     out.spikes.indices().iter().for_each(|unit| counts[*unit as usize] += 1);
/// }
/// // 50 Hz for ten seconds: 500 spikes, give or take 22.
/// assert!(counts[0] == 0 && (430..570).contains(&counts[1]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RatePoissonSource {
    #[nested]
    chance: Chance,
    probabilities: Vec<Real>,
}

/// A population that spikes by chance at given mean rates.
#[register_module(config = RatePoissonSourceConfig, path = "Interfaces/Input")]
impl RatePoissonSource {
    fn build(
        config: &RatePoissonSourceConfig,
        _ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let per_hertz = Param::Scalar(probability(Hz(1.0), keys));
        let mut draw = Drawing::new(config, keys);
        let rate = draw.param(&config.rate, &config.units);
        // NaN stands for what could not be drawn, which is told already.
        if let Some(below) = rate.per_element(&config.units).iter().find(|rate| **rate < 0.0) {
            let problem = Problem::new("rate", "a rate is below 0");
            draw.problem(problem.expected("0 Hz or more").found(format!("{below} Hz")));
        }
        draw.finish()?;
        Ok(RatePoissonSource {
            chance: Chance::new(keys),
            probabilities: (&rate * &per_hertz).per_element(&config.units),
        })
    }

    fn step(
        &mut self,
        /// The spikes of this step.
        #[shape(units)]
        spikes: Out<SpikeArray>,
    ) {
        self.chance.step(self.probabilities.iter().copied(), spikes);
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.chance.spark_state(path, state);
    }
}
