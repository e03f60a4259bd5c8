//! Spikes from a list.

use super::clock::{Clock, step_of};
use crate::core::error::{BuildError, Problem};
use crate::core::field::Units;
use crate::core::module::{Keys, Out, Ports};
use crate::core::payload::SpikeArray;
use crate::core::state::Stateful;
use crate::nn::validators::PositiveValidator;
use crate::prelude::*;

/// Configuration of [`SpikeListSource`].
#[register_config]
pub struct SpikeListSourceConfig {
    /// Times of the spikes, in any order.
    #[field(required)]
    pub times: Vec<Ms>,
    /// The unit that spikes at each of the times, by its flat index.
    #[field(required)]
    pub indices: Vec<usize>,
    /// Shape of the population.
    #[field(required)]
    pub units: Units,
    /// After this time the list is played again from its beginning.
    #[field(default = None, validate(PositiveValidator))]
    pub period: Option<Ms>,
}

/// Plays a list of spikes: unit `indices[k]` spikes at the time `times[k]`.
///
/// The first step is time 0; a spike at time `t` comes in step `floor(t / dt)`. Spikes of one unit in one step are one. With a
/// `period` the list is played again and again; it is rounded to whole steps.
///
/// Parameters: `times` in ms and `indices`, equally many; `units`; `period`, none: the list is played once.
///
/// No input. Output: `spikes`, of the shape `units`. The step that it is at is state; a reset begins the list again. The
/// Python package has no such module.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Recorded() -> (spikes: SpikeArray[3]) {
///         source = SpikeListSource { units: [3], times: [0ms, 2ms, 2.5ms], indices: [1, 0, 2] };
///         source.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut recorded = Recorded::new()?;
/// let mut played = Vec::new();
/// for _ in 0..4 {
///     played.push(recorded.step(RecordedInputs {}).spikes.to_flat());
/// }
/// assert_eq!(played, [vec![1], vec![], vec![0, 2], vec![]]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct SpikeListSource {
    #[nested]
    clock: Clock,
    /// Step and unit of each spike, sorted.
    spikes: Vec<(u64, u32)>,
    period: Option<u64>,
}

/// Plays a list of spikes.
#[register_module(config = SpikeListSourceConfig, path = "Interfaces/Input")]
impl SpikeListSource {
    fn build(
        config: &SpikeListSourceConfig,
        _ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let dt = keys.dt();
        let period = config.period.map(|period| (period.value() / dt.value()).round());
        let problems = problems(config, period, dt);
        BuildError::check(
            problems
                .into_iter()
                .map(|problem| problem.inside(keys.path()))
                .collect(),
        )?;
        let steps = config.times.iter().map(|&time| step_of(time, dt));
        let units = config.indices.iter().map(|&unit| unit as u32);
        let mut spikes: Vec<(u64, u32)> = steps.zip(units).collect();
        spikes.sort_unstable();
        spikes.dedup();
        Ok(SpikeListSource {
            clock: Clock::new(),
            spikes,
            period: period.map(|steps| steps as u64),
        })
    }

    fn step(
        &mut self,
        /// The spikes whose time has come.
        #[shape(units)]
        spikes: Out<SpikeArray>,
    ) {
        let now = self.clock.tick();
        let now = self.period.map_or(now, |period| now % period);
        spikes.clear();
        let first = self.spikes.partition_point(|(step, _)| *step < now);
        for (_, unit) in self.spikes[first..].iter().take_while(|(step, _)| *step == now) {
            spikes.push(*unit);
        }
    }

    fn reset(&mut self) {
        self.clock.reset();
    }
}

/// Everything that is wrong with a list. `period` is counted in steps.
fn problems(config: &SpikeListSourceConfig, period: Option<f64>, dt: Ms) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (times, indices) = (config.times.len(), config.indices.len());
    if times != indices {
        let problem = Problem::new("indices", "there is not one unit per time");
        problems.push(problem.expected(format!("{times} units")).found(indices));
    }
    let count = config.units.count();
    if let Some(beyond) = config.indices.iter().find(|unit| **unit >= count) {
        let problem = Problem::new("indices", "there is no such unit");
        problems.push(problem.expected(format!("less than {count}")).found(beyond));
    }
    if let Some(period) = period.filter(|period| *period < 1.0) {
        let problem =
            Problem::new("period", "the period is shorter than a step").found(format!("{period} steps"));
        problems.push(problem.expected(format!("{dt} or more")));
    }
    let end = period.filter(|period| *period >= 1.0).unwrap_or(f64::INFINITY);
    let within =
        |time: &Ms| time.value() >= 0.0 && time.value().is_finite() && (step_of(*time, dt) as f64) < end;
    if let Some(outside) = config.times.iter().find(|time| !within(time)) {
        let problem = Problem::new("times", "a spike is never played").found(outside);
        problems.push(match config.period {
            Some(period) => problem.expected(format!("from 0 up to the period of {period}")),
            None => problem.expected("0 ms or later"),
        });
    }
    problems
}
