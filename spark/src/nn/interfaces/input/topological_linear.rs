//! A population code for values, read by leaky units.

use super::leaky_units::{LeakyUnits, UnitParams};
use super::tuning::{Coding, Populations, everywhere, rounded};
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::field::Init;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{FloatArray, SpikeArray};
use crate::core::state::{StateMap, Stateful};
use crate::nn::param::Drawing;
use crate::nn::validators::{BinaryValidator, PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`TopologicalLinearSpiker`].
#[register_config]
pub struct TopologicalLinearSpikerConfig {
    /// Time constant of the units.
    #[field(default = 100ms, validate(TypeValidator, PositiveValidator))]
    pub tau: Ms,
    /// Refractory period of the units.
    #[field(default = 2ms, validate(TypeValidator, PositiveValidator))]
    pub cd: Ms,
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

/// Turns each value of a signal into the spikes of a population that covers its range.
///
/// Unit `k` of `n` prefers `c = pi k / (n-1)`. With `y = (signal - min) / (max - min)` it is driven by
/// `x = exp(-z^2 / (2 sigma))`, `z = tanh(c - pi y)`, or `z = sin(c + pi y)` where the ends are glued together. The unit is
/// leaky: `v' = exp(-dt/tau) v + (1 - exp(-dt/tau)) tau a x` unless it spiked less than `cd` ago; it spikes when `v > tau`
/// and starts at 0 again. `a = 1 / (1 - exp(-T/tau))` with `T = 1/max_freq - cd` makes a unit with `x = 1` reach its
/// threshold after `T`, so that it fires at `max_freq`, whatever `dt` is (as far as whole steps allow).
///
/// Parameters: `tau` 100 ms, `cd` 2 ms, `max_freq` 100 Hz, `resolution` 64, `sigma` 1/32; `glue` 0, `mins` 0, `maxs` 1: one
/// number, or one per value.
///
/// Input: `signal`, of any shape. Output: `spikes`, of the shape of the signal with `resolution` behind it. A reset empties
/// all units.
///
/// Georgopoulos, Schwartz and Kettner, *Neuronal population coding of movement direction*, Science 233, 1986,
/// doi:10.1126/science.3749885.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Seen(signal: FloatArray[1]) -> (spikes: SpikeArray[1, 5]) {
///         spiker = TopologicalLinearSpiker { resolution: 5, max_freq: 100Hz, mins: -1.0, maxs: 1.0 };
///         signal        -> spiker.signal;
///         spiker.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut seen = Seen::new()?;
/// let signal = FloatArray::from([0.0]);
/// let mut counts = [0; 5];
/// for _ in 0..1000 {
///     let out = seen.step(SeenInputs { signal: &signal });
///     out.spikes.indices().iter().for_each(|unit| counts[*unit as usize] += 1);
/// }
/// // 0 is the middle of the range: its unit fires at nearly 100 Hz, the others are silent.
/// assert!((85..=100).contains(&counts[2]));
/// assert_eq!([counts[0], counts[1], counts[3], counts[4]], [0; 4]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct TopologicalLinearSpiker {
    #[nested]
    units: LeakyUnits,
    populations: Populations,
}

/// Turns each value of a signal into the spikes of a population that covers its range.
#[register_module(config = TopologicalLinearSpikerConfig, path = "Interfaces/Input")]
impl TopologicalLinearSpiker {
    fn build(
        config: &TopologicalLinearSpikerConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let (dt, compat) = (keys.dt(), keys.compat());
        let TopologicalLinearSpikerConfig {
            tau, cd, max_freq, ..
        } = *config;
        let unit = UnitParams {
            tau,
            cd,
            max_freq,
            dt,
            factor: 1.0,
        };
        let coding = Coding {
            glue: &config.glue,
            mins: &config.mins,
            maxs: &config.maxs,
            resolution: config.resolution,
            sigma: config.sigma,
        };
        let mut draw = Drawing::new(config, keys);
        let populations = Populations::new(&mut draw, &coding, ports.shape("signal")?, compat);
        if !compat.is_spark_snn_1() {
            unit.check(&mut draw);
        }
        draw.finish()?;
        // Rounded before it is divided, as in the Python package.
        let decay = rounded(f64::exp, -(dt.value() as Real) / tau.value() as Real);
        Ok(TopologicalLinearSpiker {
            units: LeakyUnits::new(populations.shape(), unit.with_decay(decay)),
            populations,
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
        self.units
            .step(self.populations.drives(signal.as_slice()), spikes);
    }

    fn reset(&mut self) {
        self.units.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.units.spark_state(path, state);
    }
}
