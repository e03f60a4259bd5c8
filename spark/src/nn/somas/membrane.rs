//! What all leaky somas share: the membrane, rebased so that rest is zero.

use crate::core::array::Real;
use crate::core::module::In;
use crate::core::param::Param;
use crate::core::payload::{BooleanMask, PotentialArray, Shape, SpikeArray};
use crate::core::state::Variable;
use crate::kernels::trace::fade;
use crate::nn::param::ParamExt;

/// Parameters of a membrane as drawn, in the units of the configuration.
pub(crate) struct MembraneParams {
    pub(crate) rest: Param,
    pub(crate) reset: Param,
    pub(crate) tau: Param,
    pub(crate) resistance: Param,
    pub(crate) threshold: Param,
}

/// Constants of a membrane, one value per unit. Potentials are relative to rest.
#[derive(Debug, Clone)]
pub(crate) struct Membrane {
    decay: Vec<Real>,
    gain: Vec<Real>,
    reset: Vec<Real>,
    threshold: Vec<Real>,
}

impl Membrane {
    /// Rebases to rest and integrates exactly over one step: `V' = d V + (1 - d) R I` with `d = exp(-dt / tau)`.
    pub(crate) fn new(params: &MembraneParams, dt: f64, shape: &Shape) -> Self {
        let decay = params.tau.decay(dt);
        let gain = &(&Param::Scalar(1.0) - &decay) * &params.resistance;
        Membrane {
            decay: decay.per_element(shape),
            gain: gain.per_element(shape),
            reset: (&params.reset - &params.rest).per_element(shape),
            threshold: params.rebased_threshold().per_element(shape),
        }
    }

    /// The potential of unit `i` after one step with this current.
    #[inline(always)]
    pub(crate) fn driven(&self, i: usize, potential: Real, current: Real) -> Real {
        self.leaked(i, potential) + self.gain[i] * current
    }

    /// The potential of unit `i` after one step without current.
    #[inline(always)]
    pub(crate) fn leaked(&self, i: usize, potential: Real) -> Real {
        fade(potential, self.decay[i])
    }

    /// Whether unit `i` is above its threshold.
    #[inline(always)]
    pub(crate) fn above_threshold(&self, i: usize, potential: Real) -> bool {
        potential > self.threshold[i]
    }

    /// The potential of unit `i` right after a spike.
    #[inline(always)]
    pub(crate) fn after_spike(&self, i: usize) -> Real {
        self.reset[i]
    }
}

impl MembraneParams {
    /// The threshold above rest.
    pub(crate) fn rebased_threshold(&self) -> Param {
        &self.threshold - &self.rest
    }
}

/// Potentials at rest.
pub(crate) fn at_rest(shape: &Shape) -> Variable<PotentialArray> {
    Variable::new(crate::core::payload::SparkPayload::zeros(shape))
}

/// Marks `spikes` with the mask at the soma's port, if there is one. Costs nothing while the mask stays.
pub(crate) fn mark(mask: Option<In<'_, BooleanMask>>, spikes: &mut SpikeArray) {
    if let Some(mask) = mask {
        spikes.set_mask(mask.mask());
    }
}
