//! Values as times of first spikes.

use super::clock::{Clock, step_of};
use super::encoding::within;
use crate::core::array::Real;
use crate::core::error::{BuildError, Problem};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{FloatArray, SpikeArray};
use crate::core::state::{Stateful, Variable};
use crate::nn::validators::PositiveValidator;
use crate::prelude::*;

/// Configuration of [`LatencyEncoder`].
#[register_config]
pub struct LatencyEncoderConfig {
    /// Each unit spikes at most once per window; rounded to whole steps.
    #[field(default = 50ms, validate(PositiveValidator))]
    pub window: Ms,
    /// Time constant of logarithmic latencies; without it latencies are linear.
    #[field(default = None, validate(PositiveValidator))]
    pub tau: Option<Ms>,
}

/// Turns each value of a signal into the time of a spike within a window: the larger the value, the earlier the spike.
///
/// Time is divided into windows, one after the other. At the beginning of each the signal is read; a unit whose value is `x`,
/// kept within 0 and 1, spikes once, `t` after the beginning:
///
/// - linear: `t = window (1 - x)`;
/// - logarithmic, if `tau` is given: `t = tau ln(1 / x)`, the time in which an exponential decay falls from 1 to `x`.
///
/// A value of 0 is silent, and so is one whose spike would come after the window. A spike comes in step `floor(t / dt)` of its
/// window; in linear latencies no value above 0 comes later than in the last.
///
/// Parameters: `window` 50 ms; `tau`, none: linear.
///
/// Input: `signal`, of any shape, values from 0 to 1. Output: `spikes`, of the same shape. The step and the latencies of this
/// window are state; a reset begins a new window. The Python package has no such module.
///
/// Thorpe, Delorme and Van Rullen, *Spike-based strategies for rapid processing*, Neural Networks 14, 2001,
/// doi:10.1016/S0893-6080(01)00083-1.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain First(signal: FloatArray[3]) -> (spikes: SpikeArray[3]) {
///         encoder = LatencyEncoder { window: 4ms };
///         signal         -> encoder.signal;
///         encoder.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut first = First::new()?;
/// let signal = FloatArray::from([0.5, 0.0, 1.0]);
/// let mut fired = Vec::new();
/// for _ in 0..5 {
///     fired.push(first.step(FirstInputs { signal: &signal }).spikes.to_flat());
/// }
/// // The largest value at once, the middle one after half of the window; then the next window begins.
/// assert_eq!(fired, [vec![2], vec![], vec![0], vec![], vec![2]]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct LatencyEncoder {
    #[nested]
    clock: Clock,
    /// The step of the window in which each unit spikes; the length of the window for one that is silent.
    due: Variable<Vec<u32>>,
    latency: Latency,
}

/// How late a value is.
#[derive(Debug, Clone, Copy)]
struct Latency {
    window: Ms,
    tau: Option<Ms>,
    dt: Ms,
    /// Length of the window in steps.
    steps: u32,
}

impl Latency {
    /// The step of the window in which a unit with this value spikes.
    fn of(&self, value: Real) -> u32 {
        let value = within(value);
        let (late, last) = match self.tau {
            _ if value == 0.0 => return self.steps,
            Some(tau) => (-tau.value() * value.ln(), self.steps),
            None => (self.window.value() * (1.0 - value), self.steps - 1),
        };
        step_of(Ms(late), self.dt).min(u64::from(last)) as u32
    }
}

/// Turns each value of a signal into the time of a spike within a window.
#[register_module(config = LatencyEncoderConfig, path = "Interfaces/Input")]
impl LatencyEncoder {
    fn build(
        config: &LatencyEncoderConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let (window, tau, dt) = (config.window, config.tau, keys.dt());
        let steps = (window.value() / dt.value()).round();
        if !(1.0..f64::from(u32::MAX)).contains(&steps) {
            let problem = Problem::new("window", "the window is no number of steps")
                .expected(format!("from {dt} up to {} steps", u32::MAX))
                .found(format!("{window}, {steps} steps"));
            return Err(problem.inside(keys.path()).into());
        }
        let latency = Latency {
            window,
            tau,
            dt,
            steps: steps as u32,
        };
        Ok(LatencyEncoder {
            clock: Clock::new(),
            due: Variable::new(vec![latency.steps; ports.shape("signal")?.count()]),
            latency,
        })
    }

    fn step(
        &mut self,
        /// Values from 0 to 1, read at the beginning of each window.
        signal: In<FloatArray>,
        /// Spikes of the unit of each value.
        #[shape(signal)]
        spikes: Out<SpikeArray>,
    ) {
        let now = (self.clock.tick() % u64::from(self.latency.steps)) as u32;
        if now == 0 {
            for (due, value) in self.due.iter_mut().zip(signal.as_slice()) {
                *due = self.latency.of(*value);
            }
        }
        spikes.clear();
        for (index, _) in self.due.iter().enumerate().filter(|(_, due)| **due == now) {
            spikes.push(index as u32);
        }
    }

    fn reset(&mut self) {
        self.clock.reset();
        self.due.fill(self.latency.steps);
    }
}
