//! A population code for values, read by leaky units.

use crate::core::array::Real;
use crate::core::error::{BuildError, Problem};
use crate::core::field::{ArrayValue, Init};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{FloatArray, Shape, SpikeArray};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::kernels::trace::fade;
use crate::nn::param::{Drawing, ParamExt, shaped};
use crate::nn::validators::{BinaryValidator, PositiveValidator, TypeValidator};
use crate::prelude::*;

/// One number for all values, as an array without sizes: the Python package takes no plain number here.
fn everywhere(number: f64) -> Init<f64> {
    match ArrayValue::new(Dtype::Int32, Shape::default(), vec![number]) {
        Ok(array) => Init::Array(array),
        Err(_) => Init::Value(number),
    }
}

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
/// The output has the shape of the signal with `resolution` behind it. A reset empties all units.
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
    potential: Variable<Vec<Real>>,
    /// Time since the last spike, ms.
    refractory: Variable<Vec<Real>>,
    shape: Shape,
    signal: Vec<Tuning>,
    centres: Vec<Real>,
    drives: Drives,
    unit: Unit,
}

/// Range of one value of the signal.
#[derive(Debug, Clone, Copy)]
struct Tuning {
    glued: bool,
    min: Real,
    width: Real,
}

/// Constants of a unit.
#[derive(Debug, Clone, Copy)]
struct Unit {
    decay: Real,
    /// What the drive is multiplied with.
    gain: Real,
    threshold: Real,
    cooldown: Real,
    /// `-1 / (2 sigma)`.
    sharpness: Real,
    dt: Real,
}

/// How strongly each unit is driven by the values that were seen last: a signal that holds still costs nothing.
#[derive(Debug, Clone)]
struct Drives {
    seen: Vec<Option<Real>>,
    of_unit: Vec<Real>,
}

impl Drives {
    fn new(values: usize, units: usize) -> Self {
        Drives {
            seen: vec![None; values],
            of_unit: vec![0.0; units],
        }
    }

    /// Computes the drives of the units of a value, which begin at `first`, if the value changed.
    fn follow<I: Iterator<Item = Real>>(&mut self, first: usize, value: Real, drives: impl FnOnce() -> I) {
        let units = self.of_unit.len() / self.seen.len();
        let seen = &mut self.seen[first / units];
        if *seen == Some(value) {
            return;
        }
        *seen = Some(value);
        for (slot, drive) in self.of_unit[first..first + units].iter_mut().zip(drives()) {
            *slot = drive;
        }
    }
}

/// A function in double precision, rounded.
fn rounded(function: fn(f64) -> f64, x: Real) -> Real {
    function(f64::from(x)) as Real
}

impl Unit {
    fn new(config: &TopologicalLinearSpikerConfig, dt: f64) -> Self {
        let (tau, cooldown, max_freq) = (config.tau.value(), config.cd.value(), config.max_freq.value());
        let charging = ((1.0 / tau) * ((1000.0 - cooldown * max_freq) / max_freq)) as Real;
        let scale = 1.0 / (rounded(f64::exp, charging) - 1.0) + 1.0;
        let (dt, tau) = (dt as Real, tau as Real);
        let decay = rounded(f64::exp, -dt / tau);
        let sharpness = -(0.5 / config.sigma as Real);
        Unit {
            decay,
            gain: tau * (1.0 - decay) * scale,
            threshold: tau,
            cooldown: cooldown as Real,
            sharpness,
            dt,
        }
    }

    /// How strongly a value drives the unit with this centre.
    #[inline(always)]
    fn drive(&self, tuning: &Tuning, value: Real, centre: Real) -> Real {
        let angle = (value - tuning.min) / tuning.width * std::f64::consts::PI as Real;
        let z = if tuning.glued {
            rounded(f64::sin, centre + angle)
        } else {
            rounded(f64::tanh, centre - angle)
        };
        rounded(f64::exp, self.sharpness * (z * z))
    }
}

fn check_rate(config: &TopologicalLinearSpikerConfig, keys: &Keys) -> Option<Problem> {
    let busy = config.cd.value() * config.max_freq.value();
    if busy < 1000.0 || keys.compat().is_spark_snn_1() {
        return None;
    }
    let problem = Problem::new(
        "max_freq",
        "the refractory period leaves no time to fire at this rate",
    );
    let found = format!("{} with a refractory period of {}", config.max_freq, config.cd);
    Some(
        problem
            .expected(format!("less than {} Hz", 1000.0 / config.cd.value()))
            .found(found),
    )
}

/// Turns each value of a signal into the spikes of a population that covers its range.
#[register_module(config = TopologicalLinearSpikerConfig, path = "Interfaces/Input")]
impl TopologicalLinearSpiker {
    fn build(
        config: &TopologicalLinearSpikerConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let signal = ports.shape("signal")?;
        let (dt, rate) = (keys.dt().value(), check_rate(config, keys));
        let mut draw = Drawing::new(config, keys);
        let glue = draw.keyless(&config.glue, signal).per_element(signal);
        let mins = draw.keyless(&config.mins, signal).per_element(signal);
        let maxs = draw.keyless(&config.maxs, signal).per_element(signal);
        rate.into_iter().for_each(|problem| draw.problem(problem));
        if mins.iter().zip(&maxs).any(|(min, max)| min == max) {
            draw.problem(
                Problem::new("maxs", "a value has an empty range").help("choose `maxs` other than `mins`"),
            );
        }
        draw.finish()?;
        let tuning = |((glue, &min), max): ((Real, &Real), Real)| Tuning {
            glued: glue != 0.0,
            min,
            width: max - min,
        };
        let shape = signal.append(&Shape::from(config.resolution));
        let unit = Unit::new(config, dt);
        Ok(TopologicalLinearSpiker {
            potential: Variable::new(vec![0.0; shape.count()]),
            refractory: Variable::new(vec![unit.cooldown; shape.count()]),
            signal: glue.into_iter().zip(&mins).zip(maxs).map(tuning).collect(),
            centres: centres(config.resolution),
            drives: Drives::new(signal.count(), shape.count()),
            shape,
            unit,
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
        spikes.clear();
        let unit = self.unit;
        let mut index = 0;
        for (tuning, &value) in self.signal.iter().zip(signal.as_slice()) {
            self.drives.follow(index, value, || {
                self.centres
                    .iter()
                    .map(|&centre| unit.drive(tuning, value, centre))
            });
            for _ in &self.centres {
                let (v, since) = (&mut self.potential[index], &mut self.refractory[index]);
                *v = fade(*v, unit.decay);
                if *since >= unit.cooldown {
                    *v += unit.gain * self.drives.of_unit[index];
                }
                let spiked = *v > unit.threshold;
                *since += unit.dt;
                if spiked {
                    (*v, *since) = (0.0, 0.0);
                    spikes.push(index as u32);
                }
                index += 1;
            }
        }
    }

    fn reset(&mut self) {
        self.potential.fill(0.0);
        self.refractory.fill(self.unit.cooldown);
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        let kind = VariableKind::Activity;
        state.insert_array(
            join(path, "potential"),
            kind,
            shaped(&self.shape, self.potential.to_vec()),
        );
        state.insert_array(
            join(path, "_refractory"),
            kind,
            shaped(&self.shape, self.refractory.to_vec()),
        );
    }
}

/// The values that the units prefer: from 0 to pi, both included.
fn centres(resolution: usize) -> Vec<Real> {
    let pi = std::f64::consts::PI as Real;
    let last = resolution.saturating_sub(1);
    let centre = |k: usize| {
        if k == last && last > 0 {
            pi
        } else {
            k as Real / last.max(1) as Real * pi
        }
    };
    (0..resolution).map(centre).collect()
}
