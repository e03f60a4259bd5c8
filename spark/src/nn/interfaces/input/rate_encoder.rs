//! Values as rates, without chance.

use super::encoding::{cycles_per_step, within};
use crate::core::error::BuildError;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{FloatArray, SpikeArray};
use crate::core::state::{Stateful, Variable};
use crate::nn::validators::PositiveValidator;
use crate::prelude::*;

/// Configuration of [`RateEncoder`].
#[register_config]
pub struct RateEncoderConfig {
    /// Rate at a value of 1.
    #[field(default = 100Hz, validate(PositiveValidator))]
    pub max_freq: Hz,
}

/// Turns each value of a signal into regular spikes at a rate in proportion to the value.
///
/// Each unit adds up `dt max_freq x`, where `x` is the value, kept within 0 and 1; whenever the sum reaches 1 it spikes and
/// takes 1 off. After `n` steps of one value it has spiked `floor(n dt max_freq x)` times, at intervals that differ by one
/// step at most.
///
/// There is no chance in it: [`PoissonSpiker`](super::PoissonSpiker) has the same rates by chance.
/// [`LinearSpiker`](super::LinearSpiker) leaks, so that its rate is not in proportion to the value.
///
/// Parameter: `max_freq` 100 Hz, at most one spike per step.
///
/// Input: `signal`, of any shape, values from 0 to 1. Output: `spikes`, of the same shape. A reset empties all sums. The
/// Python package has no such module.
///
/// Adrian and Zotterman, *The impulses produced by sensory nerve-endings, part 2*, Journal of Physiology 61, 1926,
/// doi:10.1113/jphysiol.1926.sp002281.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Regular(signal: FloatArray[2]) -> (spikes: SpikeArray[2]) {
///         encoder = RateEncoder { max_freq: 250Hz };
///         signal         -> encoder.signal;
///         encoder.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut regular = Regular::new()?;
/// let signal = FloatArray::from([0.5, 1.0]);
/// let mut fired = Vec::new();
/// for _ in 0..8 {
///     fired.push(regular.step(RegularInputs { signal: &signal }).spikes.to_flat());
/// }
/// let none = Vec::new;
/// assert_eq!(fired, [none(), none(), none(), vec![1], none(), none(), none(), vec![0, 1]]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RateEncoder {
    sum: Variable<Vec<f64>>,
    /// What a value of 1 adds in a step.
    scale: f64,
}

/// A sum that misses 1 by a rounding error has reached it.
const FULL: f64 = 1.0 - 1e-9;

/// Turns each value of a signal into regular spikes at a rate in proportion to the value.
#[register_module(config = RateEncoderConfig, path = "Interfaces/Input")]
impl RateEncoder {
    fn build(config: &RateEncoderConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let scale = cycles_per_step("max_freq", config.max_freq, keys)?;
        Ok(RateEncoder {
            sum: Variable::new(vec![0.0; ports.shape("signal")?.count()]),
            scale,
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
        spikes.clear();
        for (index, (sum, value)) in self.sum.iter_mut().zip(signal.as_slice()).enumerate() {
            *sum += self.scale * within(*value);
            if *sum >= FULL {
                *sum -= 1.0;
                spikes.push(index as u32);
            }
        }
    }

    fn reset(&mut self) {
        self.sum.fill(0.0);
    }
}
