//! Rates of groups of units, smoothed.

use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::error::{BuildError, Problem};
use crate::core::field::ArrayValue;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::param::Param;
use crate::core::payload::{FloatArray, Shape, SpikeArray};
use crate::core::state::{StateMap, Stateful, join};
use crate::nn::arrivals::each_flat;
use crate::nn::param::shaped;
use crate::nn::tracers::{RDParams, RDTracer, Tracer};
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`ExponentialIntegrator`].
#[register_config]
pub struct ExponentialIntegratorConfig {
    /// Number of outputs. The inputs are shared out among them, as evenly as possible.
    #[field(required, validate(TypeValidator, PositiveValidator))]
    pub num_outputs: usize,
    /// Mean rate of a group at which its output is 1.
    #[field(default = 50Hz, validate(TypeValidator, PositiveValidator))]
    pub saturation_freq: Hz,
    /// Time constant of the output, or of its rise if it is smoothed.
    #[field(default = 5ms, validate(TypeValidator, PositiveValidator))]
    pub tau: Ms,
    /// Which output each input belongs to, by its flat index; given, it takes the place of the even shares.
    #[field(default = None, validate(TypeValidator))]
    pub output_map: Option<ArrayValue>,
    /// Whether the inputs are shared out in a random order.
    #[field(default = true, validate(TypeValidator))]
    pub shuffle: bool,
    /// Whether the output rises and decays smoothly instead of jumping with each spike.
    #[field(default = true, validate(TypeValidator))]
    pub smooth_trace: bool,
}

/// Turns spikes into one signal per group of inputs: their rate, smoothed in time.
///
/// With `n_g` inputs in group `g` and `x_g` of them spiking, `signal_g` is a trace of `x_g`: single, `T' = d T + a_g x_g`
/// with `d = exp(-dt/tau)`, or smooth, the difference of two such traces with the time constants 10 ms and
/// `10 tau / (10 + tau)` ms. `a_g` is chosen so that the mean signal is 1 when the inputs of the group fire at
/// `saturation_freq`:
///
/// single: `a = r (1 - d)`; smooth: `a = r / (1/(1-d_10) - 1/(1-d_rise))`; with `r = 1000 / (saturation_freq dt n_g)`.
///
/// The signal is never negative. Inhibitory spikes count like others.
///
/// In `Compat::SparkSnn1`: `a = 1000 / (saturation_freq dt tau n_g)`, for the smooth signal in the rising part only (0.1 in
/// the decaying one, so that it can be negative), and `n_g` is that of even shares also where `output_map` says otherwise.
///
/// Parameters: `num_outputs`; `saturation_freq` 50 Hz; `tau` 5 ms; `output_map`, none; `shuffle` and `smooth_trace`, true.
///
/// A reset clears the traces; the groups stay.
///
/// Dayan and Abbott, *Theoretical Neuroscience*, 2001, chapter 1.2, ISBN 978-0262541855.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Rates(spikes: SpikeArray[4]) -> (signal: FloatArray[2]) {
///         rates = ExponentialIntegrator { num_outputs: 2, shuffle: false, smooth_trace: false };
///         spikes       -> rates.spikes;
///         rates.signal -> signal;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut rates = Rates::new()?;
/// let spikes = SpikeArray::from_indices(4, [0, 1])?;
/// let out = rates.step(RatesInputs { spikes: &spikes });
/// // r (1 - d) x with r = 1000 / (50 Hz 1 ms 2 inputs), d = exp(-1/5), x = 2 spikes in the first group.
/// let expected = 10.0 * (1.0 - (-1.0 / 5.0 as Real).exp()) * 2.0;
/// assert!((out.signal.as_slice()[0] - expected).abs() < 1e-4);
/// assert_eq!(out.signal.as_slice()[1], 0.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct ExponentialIntegrator {
    #[nested]
    trace: Trace,
    groups: Vec<u32>,
    counts: Vec<Real>,
}

/// A signal that jumps, or one that rises and decays.
#[derive(Debug, Clone)]
enum Trace {
    Single(Tracer),
    Smooth(RDTracer),
}

#[diagnostic::do_not_recommend]
impl Stateful for Trace {
    fn visit(&mut self, visitor: &mut crate::core::state::StateVisitor<'_>) {
        match self {
            Trace::Single(tracer) => tracer.visit(visitor),
            Trace::Smooth(tracer) => tracer.visit(visitor),
        }
    }

    fn visit_ref(&self, reader: &mut crate::core::state::StateReader<'_>) {
        match self {
            Trace::Single(tracer) => tracer.visit_ref(reader),
            Trace::Smooth(tracer) => tracer.visit_ref(reader),
        }
    }
}

/// Time constant of the decaying part of a smooth signal, ms.
const SMOOTH_DECAY: f64 = 10.0;

impl Trace {
    /// What the model means: a mean of 1 at the saturation frequency.
    fn normalised(config: &ExponentialIntegratorConfig, sizes: &[usize], dt: f64) -> Self {
        let shape = Shape::from(sizes.len());
        let tau = config.tau.value();
        let area = |tau: f64| 1.0 / (1.0 - (-dt / tau).exp());
        let rise = tau * SMOOTH_DECAY / (tau + SMOOTH_DECAY);
        let gain = if config.smooth_trace {
            area(SMOOTH_DECAY) - area(rise)
        } else {
            area(tau)
        };
        let scale = |&size: &usize| 1000.0 / (config.saturation_freq.value() * dt * size as f64) / gain;
        // A group without inputs stays silent.
        let scales = sizes
            .iter()
            .map(|size| if *size == 0 { 0.0 } else { scale(size) as Real })
            .collect();
        let scale = Param::Array(shaped(&shape, scales));
        if config.smooth_trace {
            Trace::smooth(&shape, tau, &scale, &scale, dt)
        } else {
            Trace::single(&shape, tau, &scale, dt)
        }
    }

    /// What the Python package computes.
    fn of_spark_snn_1(config: &ExponentialIntegratorConfig, even: &[usize], dt: f64) -> Self {
        let shape = Shape::from(even.len());
        let tau = config.tau.value();
        let rate = (1000.0 / config.saturation_freq.value()) as Real;
        let scales = even
            .iter()
            .map(|&size| rate / ((dt * tau) as Real * size as Real))
            .collect();
        let scale = Param::Array(shaped(&shape, scales));
        if config.smooth_trace {
            Trace::smooth(&shape, tau, &scale, &Param::Scalar(1.0 / 10.0), dt)
        } else {
            Trace::single(&shape, tau, &scale, dt)
        }
    }

    fn single(shape: &Shape, tau: f64, scale: &Param, dt: f64) -> Self {
        Trace::Single(Tracer::new(shape, &tau.into(), scale, &0.0.into(), dt))
    }

    fn smooth(shape: &Shape, tau: f64, rise: &Param, decay: &Param, dt: f64) -> Self {
        let params = RDParams {
            tau_rise: tau.into(),
            tau_decay: SMOOTH_DECAY.into(),
            scale_rise: rise.clone(),
            scale_decay: decay.clone(),
            base_rise: 0.0.into(),
            base_decay: 0.0.into(),
        };
        Trace::Smooth(RDTracer::new(shape, &params, dt))
    }
}

/// Sizes of even shares: the first ones take what is left over.
fn even_sizes(inputs: usize, outputs: usize) -> Vec<usize> {
    (0..outputs)
        .map(|group| inputs / outputs + usize::from(group < inputs % outputs))
        .collect()
}

/// Which group each input belongs to.
fn group_inputs(
    config: &ExponentialIntegratorConfig,
    inputs: usize,
    keys: &mut Keys,
    problems: &mut Vec<Problem>,
) -> Vec<u32> {
    let outputs = config.num_outputs;
    if let Some(map) = &config.output_map {
        if map.data().len() != inputs {
            let problem = Problem::new("output_map", "every input needs one entry").found(map.data().len());
            problems.push(problem.expected(format!("{inputs} entries")));
        }
        let whole = |group: &f64| *group >= 0.0 && *group < outputs as f64 && group.fract() == 0.0;
        if let Some(group) = map.data().iter().find(|group| !whole(group)) {
            let problem = Problem::new("output_map", "an entry is no output").found(group);
            problems.push(problem.expected(format!("whole numbers below {outputs}")));
        }
        return map.data().iter().map(|group| *group as u32).collect();
    }
    if inputs < outputs {
        let problem = Problem::new("num_outputs", "there are more outputs than inputs").found(outputs);
        problems.push(problem.expected(format!("at most {inputs}")));
        return Vec::new();
    }
    let sizes = even_sizes(inputs, outputs);
    let mut groups: Vec<u32> = (0u32..)
        .zip(&sizes)
        .flat_map(|(group, &size)| std::iter::repeat_n(group, size))
        .collect();
    if config.shuffle {
        keys.next_key().shuffle(&mut groups);
    }
    groups
}

fn sizes_of(groups: &[u32], outputs: usize) -> Vec<usize> {
    let mut sizes = vec![0; outputs];
    groups.iter().for_each(|&group| sizes[group as usize] += 1);
    sizes
}

/// Turns spikes into one signal per group of inputs: their rate, smoothed in time.
#[register_module(config = ExponentialIntegratorConfig, path = "Interfaces/Output")]
impl ExponentialIntegrator {
    fn build(
        config: &ExponentialIntegratorConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let inputs = ports.shape("spikes")?.count();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut problems = Vec::new();
        if config.num_outputs == 0 {
            problems.push(Problem::new("num_outputs", "there is no output").expected("a positive number"));
            return Err(BuildError::from(problems).inside(keys.path()));
        }
        let groups = group_inputs(config, inputs, keys, &mut problems);
        BuildError::check(problems).map_err(|error| error.inside(keys.path()))?;
        let trace = match compat {
            Compat::Standard => Trace::normalised(config, &sizes_of(&groups, config.num_outputs), dt),
            Compat::SparkSnn1 => Trace::of_spark_snn_1(config, &even_sizes(inputs, config.num_outputs), dt),
        };
        Ok(ExponentialIntegrator {
            trace,
            groups,
            counts: vec![0.0; config.num_outputs],
        })
    }

    fn step(
        &mut self,
        /// Spikes of all groups.
        spikes: In<SpikeArray>,
        /// One value per group.
        #[shape(num_outputs)]
        signal: Out<FloatArray>,
    ) {
        self.counts.fill(0.0);
        each_flat(spikes, |input| self.counts[self.groups[input] as usize] += 1.0);
        let signal = signal.as_mut_slice();
        match &mut self.trace {
            Trace::Single(tracer) => {
                tracer.step(&self.counts);
                signal.copy_from_slice(tracer.values());
            }
            Trace::Smooth(tracer) => {
                tracer.step(&self.counts);
                signal
                    .iter_mut()
                    .enumerate()
                    .for_each(|(group, value)| *value = tracer.at(group));
            }
        }
    }

    fn reset(&mut self) {
        match &mut self.trace {
            Trace::Single(tracer) => tracer.reset(),
            Trace::Smooth(tracer) => tracer.reset(),
        }
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        let groups = shaped(&Shape::from(self.groups.len()), self.groups.clone());
        state.insert_u32(join(path, "_indices"), groups);
        let (path, shape) = (join(path, "trace"), Shape::from(self.counts.len()));
        match &self.trace {
            Trace::Single(tracer) => tracer.spark_state(&path, &shape, state),
            Trace::Smooth(tracer) => tracer.spark_state(&path, &shape, state),
        }
    }
}
