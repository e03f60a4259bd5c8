//! What all somas share: a potential that is zero at rest, the test against the threshold, the loop over the units.

use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::module::In;
use crate::core::param::Param;
use crate::core::payload::{BooleanMask, CurrentArray, PotentialArray, Shape, SpikeArray};
use crate::core::state::{StateMap, Variable, join};
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
        }
    }

    /// Whether unit `i`, if it is ready, fires; its potential is then reset.
    #[inline(always)]
    pub(super) fn fires(&self, i: usize, ready: bool, potential: &mut Real) -> bool {
        self.fires_above(self.threshold[i], i, ready, potential)
    }

    /// The same with another threshold.
    #[inline(always)]
    pub(super) fn fires_above(&self, threshold: Real, i: usize, ready: bool, potential: &mut Real) -> bool {
        // `&`, not `&&`: one branch instead of two.
        let fires = ready & (*potential > threshold);
        if fires {
            *potential = self.reset[i] + 0.0 * (*potential).min(self.highest);
        }
        fires
    }

    /// The potential of unit `i` after a spike.
    #[inline(always)]
    pub(super) fn reset(&self, i: usize) -> Real {
        self.reset[i]
    }
}

/// One step of all units. `unit` gets a unit's number, potential and current; it moves the potential and says whether
/// the unit fires.
#[inline(always)]
pub(super) fn step_units(
    potential: &mut PotentialArray,
    current: In<'_, CurrentArray>,
    mask: Option<In<'_, BooleanMask>>,
    spikes: &mut SpikeArray,
    mut unit: impl FnMut(usize, &mut Real, Real) -> bool,
) {
    // Costs nothing while the mask stays.
    if let Some(mask) = mask {
        spikes.set_mask(mask.mask());
    }
    spikes.clear();
    let potentials = potential.as_mut_slice().iter_mut();
    for (i, (potential, &current)) in potentials.zip(current.as_slice()).enumerate() {
        if unit(i, potential, current) {
            spikes.push(i as u32);
        }
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
