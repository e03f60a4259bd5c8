//! One delay per pair of neurons.

use std::sync::{Arc, OnceLock};

use super::shared::{Delays, Line};
use crate::core::error::{BuildError, Problem};
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{DelayPlan, IntegerArray, Shape, SpikeArray};
use crate::core::sharing::Sharing;
use crate::core::state::{StateMap, Stateful};
use crate::nn::initializers::UniformInitializer;
use crate::nn::param::{Drawing, shaped};
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
/// Input: `in_spikes`, of any shape and form; what is delayed or per synapse already counts as one input per synapse.
/// Output: `out_spikes`, one per pair, of the shape `units ++ in_spikes`. Property: `kernel()`, the delays in steps, of the
/// shape `[units, inputs]` (both counted flat); it cannot be written.
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
    #[nested]
    line: Line,
    plan: Arc<DelayPlan>,
    /// Made when somebody looks: the plan says the same in less memory, except in `Compat::SparkSnn1`.
    kernel: OnceLock<IntegerArray>,
}

/// Delays between neurons: a spike reaches each unit after a time of its own.
#[register_module(config = N2NDelaysConfig, path = "Components/Delays")]
impl N2NDelays {
    fn build(config: &N2NDelaysConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let (inputs, units) = (ports.shape("in_spikes")?.count(), config.units.count());
        let time = (config.max_delay, keys.dt(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        if inputs == 0 || units == 0 {
            let problem = Problem::new("units", "there is nothing between which a spike could travel");
            draw.problem(
                problem
                    .expected("at least one unit and one input")
                    .found(format!("{units} x {inputs}")),
            );
        }
        let shape = Shape::from([units, inputs]);
        let delays = Delays::draw(&mut draw, &config.delays, &shape, time);
        draw.finish()?;
        let kernel = OnceLock::new();
        if keys.compat().is_spark_snn_1() {
            kernel.get_or_init(|| delays.kernel(&shape));
        }
        Ok(N2NDelays {
            line: delays.line(inputs),
            plan: Arc::new(DelayPlan::new(units, inputs, delays.lags())?),
            kernel,
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
        self.line.push(in_spikes);
        out_spikes.follow(self.line.ring());
        out_spikes.set_mask(self.line.mask());
    }

    /// The delays in steps, one per pair of post unit and input, both counted flat.
    #[property]
    #[shape(flat(units), flat(in_spikes))]
    fn kernel(&self) -> &IntegerArray {
        self.kernel.get_or_init(|| {
            let (units, inputs) = (self.plan.post(), self.plan.pre());
            let delays =
                (0..units * inputs).map(|pair| i32::from(self.plan.lag(pair / inputs, pair % inputs)));
            IntegerArray::new(shaped(&Shape::from([units, inputs]), delays.collect()))
        })
    }

    fn init_outputs(&self, out_spikes: &mut SpikeArray) {
        // The shape was made of the plan's sizes; were it not, the spikes would stay plain and empty.
        let _ = out_spikes.set_plan(Arc::clone(&self.plan));
        // As many steps as the line holds, from the beginning: they are part of the state.
        out_spikes.follow(self.line.ring());
    }

    fn sharing(&self) -> Sharing {
        let slack = self
            .plan
            .distinct_lags()
            .first()
            .map_or(0, |&lag| usize::from(lag));
        Sharing::Whole { slack }
    }

    fn exchange(&mut self, other: &Self, steps: usize) {
        self.line.unite(&other.line, steps);
    }

    fn reset(&mut self) {
        self.line.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.line.spark_state(path, state);
    }
}

impl N2NDelays {
    /// When the spikes arrive, in steps.
    pub fn plan(&self) -> &Arc<DelayPlan> {
        &self.plan
    }
}
