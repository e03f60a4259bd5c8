//! Values as phases of an oscillation.

use super::clock::Clock;
use super::encoding::{cycles_per_step, within};
use crate::core::error::BuildError;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{FloatArray, SpikeArray};
use crate::core::state::Stateful;
use crate::nn::validators::{PositiveValidator, ZeroOneValidator};
use crate::prelude::*;

/// Configuration of [`PhaseEncoder`].
#[register_config]
pub struct PhaseEncoderConfig {
    /// Frequency of the oscillation.
    #[field(default = 8Hz, validate(PositiveValidator))]
    pub frequency: Hz,
    /// The part of a cycle over which values are spread.
    #[field(default = 0.5, validate(ZeroOneValidator))]
    pub spread: f64,
}

/// Turns each value of a signal into the phase of an oscillation at which a unit spikes: the larger the value, the earlier
/// in the cycle.
///
/// The oscillation has the phase `2 pi frequency t`. A unit whose value is `x`, kept within 0 and 1, spikes once in each
/// cycle, at the phase `2 pi spread (1 - x)`: in the step in which the oscillation comes by, at the value that `x` has then. A
/// value that jumps may so be passed over in one cycle.
///
/// Parameters: `frequency` 8 Hz, at most one cycle per step; `spread` 0.5: from the beginning of a cycle (1) to its middle
/// (0). With a spread of 1 the values 0 and 1 have the same phase.
///
/// Input: `signal`, of any shape, values from 0 to 1. Output: `spikes`, of the same shape. The step that it is at is state; a
/// reset begins a cycle. The Python package has no such module.
///
/// Montemurro, Rasch, Murayama, Logothetis and Panzeri, *Phase-of-firing coding of natural visual stimuli in primary visual
/// cortex*, Current Biology 18, 2008, doi:10.1016/j.cub.2008.02.023.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Phases(signal: FloatArray[3]) -> (spikes: SpikeArray[3]) {
///         encoder = PhaseEncoder { frequency: 125Hz };
///         signal         -> encoder.signal;
///         encoder.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut phases = Phases::new()?;
/// let signal = FloatArray::from([0.0, 0.5, 1.0]);
/// let mut fired = Vec::new();
/// for _ in 0..8 {
///     fired.push(phases.step(PhasesInputs { signal: &signal }).spikes.to_flat());
/// }
/// // A cycle of 8 ms: 1 at its beginning, 0.5 after a quarter, 0 after a half.
/// let none = Vec::new;
/// assert_eq!(fired, [vec![2], none(), vec![1], none(), vec![0], none(), none(), none()]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct PhaseEncoder {
    #[nested]
    clock: Clock,
    spread: f64,
    /// Cycles per step.
    per_step: f64,
}

/// Turns each value of a signal into the phase of an oscillation at which a unit spikes.
#[register_module(config = PhaseEncoderConfig, path = "Interfaces/Input")]
impl PhaseEncoder {
    fn build(config: &PhaseEncoderConfig, _ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        Ok(PhaseEncoder {
            clock: Clock::new(),
            spread: config.spread,
            per_step: cycles_per_step("frequency", config.frequency, keys)?,
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
        // In cycles. A phase that misses the beginning of a step by a rounding error belongs to it; the end of a step is the
        // beginning of the next, to the last bit, so that no cycle is left out or told twice.
        let begin_of = |step: u64| step as f64 * self.per_step - 1e-9;
        let step = self.clock.tick();
        let (begin, end) = (begin_of(step), begin_of(step.saturating_add(1)));
        spikes.clear();
        for (index, &value) in signal.as_slice().iter().enumerate() {
            let phase = self.spread * (1.0 - within(value));
            if (end - phase).ceil() > (begin - phase).ceil() {
                spikes.push(index as u32);
            }
        }
    }

    fn reset(&mut self) {
        self.clock.reset();
    }
}
