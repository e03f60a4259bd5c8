//! One delay per input neuron.

use super::shared::{Delays, Line};
use crate::core::error::{BuildError, Problem};
use crate::core::field::Init;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{IntegerArray, Shape, SpikeArray};
use crate::core::sharing::Sharing;
use crate::core::state::{StateMap, Stateful};
use crate::nn::initializers::UniformInitializer;
use crate::nn::param::Drawing;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`NDelays`].
#[register_config]
pub struct NDelaysConfig {
    /// Longest delay; rounded up to whole steps.
    #[field(default = 8ms, validate(TypeValidator, PositiveValidator))]
    pub max_delay: Ms,
    /// Delays in steps: an array with one entry per input (counted flat), or an initializer.
    #[field(default = UniformInitializer::default(), constant, validate(TypeValidator))]
    pub delays: Init<f64>,
}

/// Delays of neurons: a spike of neuron `j` reaches everybody after `delays[j]` steps.
///
/// Parameters: `max_delay` 8 ms; `delays` in steps, uniform. An initializer draws from 1 up to the longest delay: its own
/// scale and lower bound are replaced, its upper bound holds.
///
/// Every delay from 0 to the longest one, `ceil(max_delay / dt)` steps, is kept exactly. In `Compat::SparkSnn1` the
/// longest one arrives at once, since the ring of the Python package has one row too few, delays are stored in 8 bits, and
/// the output is marked as one spike per synapse, so that synapses do not take it.
///
/// Input: `in_spikes`, of any shape and form. Output: `out_spikes`, of the same shape; one per synapse only if the input
/// is. The mask is that of the spikes that arrive now. Property: `kernel()`, the delays in steps, counted flat; it cannot be
/// written.
///
/// A reset forgets the spikes under way.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Later(in_spikes: SpikeArray[2]) -> (out_spikes: SpikeArray[2]) {
///         delays = NDelays { max_delay: 3ms, delays: [1, 3] };
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
pub struct NDelays {
    #[nested]
    line: Line,
    lags: Vec<u16>,
    /// The lags that occur, each once.
    distinct: Vec<u16>,
    kernel: IntegerArray,
    per_synapse: bool,
    arrived: Vec<u32>,
}

/// Delays of neurons: a spike reaches everybody after a time that its neuron has.
#[register_module(config = NDelaysConfig, path = "Components/Delays")]
impl NDelays {
    fn build(config: &NDelaysConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let inputs = ports.shape("in_spikes")?.count();
        let compat = keys.compat();
        let time = (config.max_delay, keys.dt(), compat);
        let mut draw = Drawing::new(config, keys);
        if inputs == 0 {
            let problem = Problem::new("in_spikes", "there is no neuron whose spikes could travel");
            draw.problem(problem.expected("at least one input").found("none"));
        }
        let shape = Shape::from([inputs]);
        let delays = Delays::draw(&mut draw, &config.delays, &shape, time);
        draw.finish()?;
        let lags = delays.lags();
        let mut distinct = lags.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let per_synapse = ports.get("in_spikes").is_some_and(|info| info.per_synapse);
        Ok(NDelays {
            line: delays.line(inputs),
            lags,
            distinct,
            kernel: delays.kernel(&shape),
            per_synapse: per_synapse || compat.is_spark_snn_1(),
            arrived: Vec::with_capacity(inputs),
        })
    }

    fn step(
        &mut self,
        /// Spikes as they are fired.
        in_spikes: In<SpikeArray>,
        /// Spikes as they arrive.
        #[shape(in_spikes)]
        out_spikes: Out<SpikeArray>,
    ) {
        self.line.push(in_spikes);
        self.arrived.clear();
        for &lag in &self.distinct {
            let fired = self.line.ring().past(usize::from(lag)).iter();
            self.arrived
                .extend(fired.filter(|input| self.lags[**input as usize] == lag));
        }
        self.arrived.sort_unstable();
        out_spikes.set_indices(&self.arrived);
        out_spikes.set_mask(self.line.mask());
    }

    /// The delays in steps, one per input, counted flat.
    #[property]
    #[shape(flat(in_spikes))]
    fn kernel(&self) -> &IntegerArray {
        &self.kernel
    }

    fn init_outputs(&self, out_spikes: &mut SpikeArray) {
        if self.per_synapse {
            *out_spikes = SpikeArray::per_synapse_zeros(out_spikes.shape());
        }
    }

    fn sharing(&self) -> Sharing {
        let slack = self.distinct.first().copied().map_or(0, usize::from);
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
