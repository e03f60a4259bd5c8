//! One delay per pair of neurons.

use std::sync::Arc;

use crate::core::array::ArrayD;
use crate::core::compat::Compat;
use crate::core::dtype::Dtype;
use crate::core::error::{BuildError, Problem};
use crate::core::field::{Init, Units};
use crate::core::initializer::Cast;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{DelayPlan, Shape, SpikeArray, SpikeForm, SpikeRing};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::nn::arrivals::each_flat;
use crate::nn::initializers::UniformInitializer;
use crate::nn::param::{Drawing, ParamExt, shaped};
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`N2NDelays`].
#[register_config]
pub struct N2NDelaysConfig {
    /// Longest delay; rounded up to whole steps.
    #[field(default = 8ms, validate(TypeValidator, PositiveValidator))]
    pub max_delay: Ms,
    /// Delays in steps: an array of the shape `[units, inputs]` (both counted flat), or an initializer.
    #[field(default = UniformInitializer::default(), constant, validate(TypeValidator))]
    pub delays: Init<f64>,
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
}

/// Delays between neurons: a spike of neuron `j` reaches unit `i` after `delays[i][j]` steps.
///
/// Parameters: `max_delay` 8 ms; `delays` in steps, uniform; `units`. An initializer draws from 1 up to the longest
/// delay: its own scale and lower bound are replaced, its upper bound holds.
///
/// Every delay from 0 to the longest one, `ceil(max_delay / dt)` steps, is kept exactly. In `Compat::SparkSnn1` the
/// longest one arrives at once, since the ring of the Python package has one row too few, and delays are stored in 8
/// bits.
///
/// A reset forgets the spikes under way.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Later(in_spikes: SpikeArray[2]) -> (out_spikes: SpikeArray[1, 2]) {
///         delays = N2NDelays { units: [1], max_delay: 3ms, delays: [1, 3] };
///         in_spikes         -> delays.in_spikes;
///         delays.out_spikes -> out_spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut later = Later::new()?;
/// let (both, none) = (SpikeArray::from_indices(2, [0, 1])?, SpikeArray::from_indices(2, [0; 0])?);
/// let mut arrived = Vec::new();
/// for in_spikes in [&both, &none, &none, &none] {
///     arrived.push(later.step(LaterInputs { in_spikes }).out_spikes.to_flat());
/// }
/// assert_eq!(arrived, [vec![], vec![0], vec![], vec![1]]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct N2NDelays {
    ring: Variable<SpikeRing>,
    /// Steps since the last reset, modulo the steps of the ring: where the Python package would write next.
    index: Variable<u32>,
    plan: Arc<DelayPlan>,
    /// Rows of the ring that the Python package would have.
    rows: usize,
    inputs: usize,
    flat: Vec<u32>,
}

/// Steps of the longest delay.
fn longest(max_delay: Ms, dt: Ms) -> usize {
    (max_delay.value() / dt.value()).ceil() as usize
}

/// When a spike arrives, in steps after it was fired.
fn lag(delay: u16, longest: usize, compat: Compat) -> u16 {
    if compat.is_spark_snn_1() {
        (usize::from(delay) % longest) as u16
    } else {
        delay
    }
}

/// The type that delays are drawn and kept in.
fn dtype(compat: Compat) -> Dtype {
    if compat.is_spark_snn_1() {
        Dtype::UInt8
    } else {
        Dtype::UInt16
    }
}

fn check_longest(longest: usize) -> Option<Problem> {
    if (1..usize::from(u16::MAX)).contains(&longest) {
        return None;
    }
    let problem =
        Problem::new("max_delay", "the longest delay is out of range").found(format!("{longest} steps"));
    Some(
        problem
            .expected("1 to 65534 steps")
            .help("choose a larger dt or a smaller max_delay"),
    )
}

fn check_delays(delays: &[u16], longest: usize, compat: Compat) -> Option<Problem> {
    let beyond = delays.iter().find(|delay| usize::from(**delay) > longest)?;
    if compat.is_spark_snn_1() {
        return None;
    }
    let problem =
        Problem::new("delays", "a delay is longer than the longest").found(format!("{beyond} steps"));
    Some(
        problem
            .expected(format!("at most {longest} steps"))
            .help("raise `max_delay`"),
    )
}

/// Delays between neurons: a spike reaches each unit after a time of its own.
#[register_module(config = N2NDelaysConfig, path = "Components/Delays")]
impl N2NDelays {
    fn build(config: &N2NDelaysConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let (inputs, units) = (ports.shape("in_spikes")?.count(), config.units.count());
        let (longest, compat) = (longest(config.max_delay, keys.dt()), keys.compat());
        let mut draw = Drawing::new(config, keys);
        if inputs == 0 || units == 0 {
            let problem = Problem::new("units", "there is nothing between which a spike could travel");
            draw.problem(
                problem
                    .expected("at least one unit and one input")
                    .found(format!("{units} x {inputs}")),
            );
        }
        check_longest(longest)
            .into_iter()
            .for_each(|problem| draw.problem(problem));
        let shape = Shape::from([units, inputs]);
        let cast = Cast::to(dtype(compat))
            .with_scale(longest as f64 + 1.0)
            .with_min(1.0);
        let drawn = draw.param_with(&config.delays, &shape, &cast).per_element(&shape);
        let delays: Vec<u16> = drawn.into_iter().map(|delay| delay as u16).collect();
        check_delays(&delays, longest, compat)
            .into_iter()
            .for_each(|problem| draw.problem(problem));
        draw.finish()?;
        let lags = delays
            .into_iter()
            .map(|delay| lag(delay, longest, compat))
            .collect();
        let plan = Arc::new(DelayPlan::new(units, inputs, lags)?);
        let rows = if compat.is_spark_snn_1() {
            longest
        } else {
            longest + 1
        };
        Ok(N2NDelays {
            ring: Variable::new(SpikeRing::new(inputs, rows)),
            index: Variable::new(0),
            plan,
            rows,
            inputs,
            flat: Vec::with_capacity(inputs),
        })
    }

    fn step(
        &mut self,
        /// Spikes as they are fired.
        in_spikes: In<SpikeArray>,
        /// Spikes as they arrive, one entry per pair of post unit and input.
        #[per_synapse]
        #[shape(units, in_spikes)]
        out_spikes: Out<SpikeArray>,
    ) {
        match in_spikes.form() {
            SpikeForm::Plain(indices) | SpikeForm::PerSynapse(indices) => self.ring.push(indices),
            SpikeForm::Delayed(_) => {
                self.flat.clear();
                each_flat(in_spikes, |index| self.flat.push(index as u32));
                self.flat.sort_unstable();
                self.ring.push(&self.flat);
            }
        }
        *self.index = (*self.index + 1) % self.rows as u32;
        out_spikes.follow(&self.ring);
        if in_spikes.mask().len() == self.inputs {
            out_spikes.set_mask(in_spikes.mask());
        }
    }

    fn init_outputs(&self, out_spikes: &mut SpikeArray) {
        // The shape was made of the plan's sizes; were it not, the spikes would stay plain and empty.
        let _ = out_spikes.set_plan(Arc::clone(&self.plan));
    }

    fn reset(&mut self) {
        self.ring.clear();
        *self.index = 0;
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        state.insert_u8(join(path, "_bitmask"), self.packed());
        state.insert_i32(
            join(path, "_current_idx"),
            shaped(&Shape::default(), vec![*self.index as i32]),
        );
    }
}

impl N2NDelays {
    /// The delays, in steps.
    pub fn plan(&self) -> &Arc<DelayPlan> {
        &self.plan
    }

    /// The ring as the Python package packs it: a row per step, most significant bit first.
    fn packed(&self) -> ArrayD<u8> {
        let bytes = self.inputs.div_ceil(8);
        let mut packed = vec![0u8; self.rows * bytes];
        for lag in 0..self.rows {
            let row = (*self.index as usize + 2 * self.rows - 1 - lag) % self.rows;
            for &spike in self.ring.past(lag) {
                packed[row * bytes + spike as usize / 8] |= 128 >> (spike % 8);
            }
        }
        shaped(&Shape::from([self.rows, bytes]), packed)
    }
}
