//! Values read by leaky units, one each.

use super::leaky_units::{LeakyUnits, UnitParams};
use super::tuning::rounded;
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{FloatArray, SpikeArray};
use crate::core::state::{StateMap, Stateful};
use crate::nn::param::Drawing;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`LinearSpiker`].
#[register_config]
pub struct LinearSpikerConfig {
    /// Time constant of the units.
    #[field(default = 100ms, validate(TypeValidator, PositiveValidator))]
    pub tau: Ms,
    /// Refractory period of the units.
    #[field(default = 2ms, validate(TypeValidator, PositiveValidator))]
    pub cd: Ms,
    /// Rate at a value of 1.
    #[field(default = 100Hz, validate(TypeValidator, PositiveValidator))]
    pub max_freq: Hz,
}

/// Turns each value of a signal into the spikes of one leaky unit.
///
/// `v' = exp(-dt/tau) v + (1 - exp(-dt/tau)) tau a x`, where `x` is the value, unless the unit spiked less than `cd` ago;
/// it spikes when `v > tau` and starts at 0 again. `a = 1 / (1 - exp(-T/tau))` with `T = 1/max_freq - cd` makes a unit with
/// `x = 1` reach its threshold after `T`, so that it fires at `max_freq`, whatever `dt` is (as far as whole steps allow). A
/// value of `1/a` or less never fires.
///
/// In `Compat::SparkSnn1` the drive is multiplied with `dt` (in ms) once more, and `a` is made of `T dt` in place of `T`:
/// rates then depend on `dt`, unless it is 1 ms.
///
/// Parameters: `tau` 100 ms, `cd` 2 ms, `max_freq` 100 Hz.
///
/// Input: `signal`, of any shape, values from 0 to 1. Output: `spikes`, of the same shape. A reset empties all units.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 1.3, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Rates(signal: FloatArray[2]) -> (spikes: SpikeArray[2]) {
///         spiker = LinearSpiker { max_freq: 50Hz };
///         signal        -> spiker.signal;
///         spiker.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut rates = Rates::new()?;
/// let signal = FloatArray::from([0.1, 1.0]);
/// let mut counts = [0; 2];
/// for _ in 0..1000 {
///     let out = rates.step(RatesInputs { signal: &signal });
///     out.spikes.indices().iter().for_each(|unit| counts[*unit as usize] += 1);
/// }
/// // In one second, nearly 50 spikes at full value; 0.1 leaks away.
/// assert!(counts[0] == 0 && (45..=50).contains(&counts[1]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct LinearSpiker {
    #[nested]
    units: LeakyUnits,
}

/// Turns each value of a signal into the spikes of one leaky unit.
#[register_module(config = LinearSpikerConfig, path = "Interfaces/Input")]
impl LinearSpiker {
    fn build(config: &LinearSpikerConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let (dt, compat) = (keys.dt(), keys.compat());
        let LinearSpikerConfig {
            tau, cd, max_freq, ..
        } = *config;
        let factor = if compat.is_spark_snn_1() { dt.value() } else { 1.0 };
        let unit = UnitParams {
            tau,
            cd,
            max_freq,
            dt,
            factor,
        };
        let mut draw = Drawing::new(config, keys);
        if !compat.is_spark_snn_1() {
            unit.check(&mut draw);
        }
        draw.finish()?;
        let decay = rounded(f64::exp, (-dt.value() / tau.value()) as Real);
        let constants = unit.with_decay(decay);
        Ok(LinearSpiker {
            units: LeakyUnits::new(ports.shape("signal")?, constants),
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
        self.units.step(signal.as_slice(), spikes);
    }

    fn reset(&mut self) {
        self.units.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.units.spark_state(path, state);
    }
}
