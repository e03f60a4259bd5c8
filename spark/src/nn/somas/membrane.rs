//! What all somas share: a potential that is zero at rest, the test against the threshold.
//!
//! A step is a few passes over the units, each over two or three arrays and without branches, so that it works on whole
//! vectors: who is ready, where the currents drive the potentials, who fires. Only then the spikes are looked for. Leaky
//! somas with a refractory period do all of it in one pass, from the parts that are given out here.

use std::ops::Range;

use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::module::In;
use crate::core::param::Param;
use crate::core::payload::{BooleanMask, PotentialArray, Shape, SpikeArray};
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{StateMap, Variable, join};
use crate::kernels::select::select;
use crate::nn::param::ParamExt;

/// Parameters of a membrane as drawn, in the units of the configuration.
pub(super) struct MembraneParams {
    pub(super) rest: Param,
    pub(super) reset: Param,
    pub(super) tau: Param,
    pub(super) resistance: Param,
    pub(super) threshold: Param,
}

/// Draws the parameters that leaky and exponential somas share, in the order in which keys are consumed.
macro_rules! draw_membrane {
    ($draw:ident, $config:ident, $shape:expr) => {
        MembraneParams {
            rest: $draw.param(&$config.potential_rest, $shape),
            reset: $draw.param(&$config.potential_reset, $shape),
            tau: $draw.param(&$config.potential_tau, $shape),
            resistance: $draw.param(&$config.resistance, $shape),
            threshold: $draw.param(&$config.threshold, $shape),
        }
    };
}
pub(super) use draw_membrane;

impl MembraneParams {
    /// The threshold above rest.
    pub(super) fn rebased_threshold(&self) -> Param {
        &self.threshold - &self.rest
    }

    /// When units of this membrane fire, and what becomes of them.
    pub(super) fn firing(&self, compat: Compat, shape: &Shape) -> Firing {
        Firing::new(&self.rest, &self.reset, &self.threshold, compat, shape)
    }
}

/// The threshold of each unit and its potential after a spike, both relative to rest.
#[derive(Debug, Clone)]
pub(super) struct Firing {
    threshold: Vec<Real>,
    reset: Vec<Real>,
    /// The highest potential of which nothing is left after a spike. The Python package adds `0 * potential` to the
    /// reset: not a number, if the potential was infinite.
    highest: Real,
    /// Which units fired in this step.
    fired: Vec<bool>,
    /// The units whose spikes are handed on: all, or those of a part.
    units: Range<usize>,
}

impl Firing {
    pub(super) fn new(rest: &Param, reset: &Param, threshold: &Param, compat: Compat, shape: &Shape) -> Self {
        Firing {
            threshold: (threshold - rest).per_element(shape),
            reset: (reset - rest).per_element(shape),
            highest: if compat.is_spark_snn_1() {
                Real::INFINITY
            } else {
                Real::MAX
            },
            fired: vec![false; shape.count()],
            units: 0..shape.count(),
        }
    }

    /// Its parts, for loops that do everything at once.
    #[inline(always)]
    pub(super) fn parts(&mut self) -> FiringParts<'_> {
        FiringParts {
            threshold: &self.threshold,
            reset: &self.reset,
            fired: &mut self.fired,
            highest: self.highest,
        }
    }

    /// Which units fire: those above their threshold. Their potentials are reset.
    #[inline(always)]
    pub(super) fn fire(&mut self, potential: &mut [Real]) {
        find_above(&mut self.fired, potential, &self.threshold);
        self.reset_fired(potential);
    }

    /// The same, of those that are ready.
    #[inline(always)]
    pub(super) fn fire_ready(&mut self, potential: &mut [Real], ready: &[bool]) {
        find_above(&mut self.fired, potential, &self.threshold);
        keep_where(&mut self.fired, ready);
        self.reset_fired(potential);
    }

    /// The same with other thresholds.
    #[inline(always)]
    pub(super) fn fire_above(&mut self, thresholds: &[Real], potential: &mut [Real], ready: &[bool]) {
        find_above(&mut self.fired, potential, thresholds);
        keep_where(&mut self.fired, ready);
        self.reset_fired(potential);
    }

    #[inline(always)]
    fn reset_fired(&self, potential: &mut [Real]) {
        reset_where(&self.fired, potential, &self.reset, self.highest);
    }

    /// Which units fired in this step.
    #[inline(always)]
    pub(super) fn fired(&self) -> &[bool] {
        &self.fired
    }

    /// Units are shared among threads.
    pub(super) fn sharing(&self) -> Sharing {
        Sharing::Units {
            count: self.fired.len(),
        }
    }

    /// Hands on the spikes of a part only: moving the other units, too, costs less than leaving them out.
    pub(super) fn restrict(&mut self, part: Part) {
        self.units = part.units(self.fired.len());
    }

    /// Hands the spikes of a step on, with the mask of the units. Costs nothing for the mask while it stays.
    pub(super) fn emit(&mut self, mask: Option<In<'_, BooleanMask>>, spikes: &mut SpikeArray) {
        if let Some(mask) = mask {
            spikes.set_mask(mask.mask());
        }
        self.fired[..self.units.start].fill(false);
        self.fired[self.units.end..].fill(false);
        spikes.set_where(&self.fired);
    }
}

/// The parts of [`Firing`].
pub(super) struct FiringParts<'a> {
    pub(super) threshold: &'a [Real],
    pub(super) reset: &'a [Real],
    /// Which units fired in this step.
    pub(super) fired: &'a mut [bool],
    /// See [`Firing`].
    pub(super) highest: Real,
}

#[inline(always)]
fn find_above(fired: &mut [bool], potential: &[Real], thresholds: &[Real]) {
    for ((fired, potential), threshold) in fired.iter_mut().zip(potential).zip(thresholds) {
        *fired = potential > threshold;
    }
}

#[inline(always)]
fn keep_where(fired: &mut [bool], ready: &[bool]) {
    for (fired, ready) in fired.iter_mut().zip(ready) {
        *fired &= ready;
    }
}

#[inline(always)]
fn reset_where(fired: &[bool], potential: &mut [Real], reset: &[Real], highest: Real) {
    for ((potential, &fired), reset) in potential.iter_mut().zip(fired).zip(reset) {
        *potential = select(fired, reset + 0.0 * potential.min(highest), *potential);
    }
}

/// Potentials at rest.
pub(super) fn at_rest(shape: &Shape) -> Variable<PotentialArray> {
    Variable::new(crate::core::payload::SparkPayload::zeros(shape))
}

/// Adds the potential to the state.
pub(super) fn potential_state(potential: &Variable<PotentialArray>, path: &str, state: &mut StateMap) {
    state.insert_array(
        join(path, "_potential"),
        potential.kind(),
        potential.array().clone(),
    );
}
