//! What the linear spikers share: leaky units with a refractory period that fire at `max_freq` where they are driven by 1.

use super::tuning::rounded;
use crate::core::array::Real;
use crate::core::error::Problem;
use crate::core::payload::{Shape, SpikeArray};
use crate::core::state::{StateMap, Stateful, Variable, VariableKind, join};
use crate::core::units::{Hz, Ms};
use crate::kernels::trace::fade;
use crate::nn::param::{Drawing, shaped};
use crate::prelude::SparkConfig;

/// Leaky units: `v' = d v + (1 - d) tau a x`, where `x` counts only if the last spike is `cd` ago.
#[derive(Debug, Clone, Stateful)]
pub(super) struct LeakyUnits {
    potential: Variable<Vec<Real>>,
    /// Time since the last spike, ms.
    refractory: Variable<Vec<Real>>,
    shape: Shape,
    constants: Constants,
}

/// Constants of a unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Constants {
    decay: Real,
    /// What the drive is multiplied with.
    gain: Real,
    /// What that is multiplied with once more: 1, but for `LinearSpiker` as the Python package has it.
    factor: Real,
    threshold: Real,
    cooldown: Real,
    dt: Real,
}

/// The parameters of the units and the time step.
#[derive(Debug, Clone, Copy)]
pub(super) struct UnitParams {
    pub(super) tau: Ms,
    pub(super) cd: Ms,
    pub(super) max_freq: Hz,
    pub(super) dt: Ms,
    /// See [`Constants::factor`].
    pub(super) factor: f64,
}

impl UnitParams {
    /// Constants with this decay over a step.
    pub(super) fn with_decay(self, decay: Real) -> Constants {
        let (tau, cooldown, max_freq) = (self.tau.value(), self.cd.value(), self.max_freq.value());
        let charging = ((self.factor / tau) * ((1000.0 - cooldown * max_freq) / max_freq)) as Real;
        let scale = 1.0 / (rounded(f64::exp, charging) - 1.0) + 1.0;
        let tau = tau as Real;
        Constants {
            decay,
            gain: tau * (1.0 - decay) * scale,
            factor: self.factor as Real,
            threshold: tau,
            cooldown: cooldown as Real,
            dt: self.dt.value() as Real,
        }
    }

    /// Refuses a rate that the refractory period forbids.
    pub(super) fn check<C: SparkConfig>(&self, draw: &mut Drawing<'_, C>) {
        let (cd, max_freq) = (self.cd, self.max_freq);
        if cd.value() * max_freq.value() < 1000.0 {
            return;
        }
        let problem = Problem::new(
            "max_freq",
            "the refractory period leaves no time to fire at this rate",
        );
        draw.problem(
            problem
                .expected(format!("less than {} Hz", 1000.0 / cd.value()))
                .found(format!("{max_freq} with a refractory period of {cd}")),
        );
    }
}

impl LeakyUnits {
    pub(super) fn new(shape: &Shape, constants: Constants) -> Self {
        LeakyUnits {
            potential: Variable::new(vec![0.0; shape.count()]),
            refractory: Variable::new(vec![constants.cooldown; shape.count()]),
            shape: shape.clone(),
            constants,
        }
    }

    /// One step with a drive per unit.
    pub(super) fn step(&mut self, drives: &[Real], spikes: &mut SpikeArray) {
        let unit = self.constants;
        spikes.clear();
        let state = self.potential.iter_mut().zip(self.refractory.iter_mut());
        for (index, ((v, since), &drive)) in state.zip(drives).enumerate() {
            // A product, not a branch: an infinite gain then gives what the Python package gives.
            let ready = Real::from(u8::from(*since >= unit.cooldown));
            *v = fade(*v, unit.decay) + unit.factor * (ready * unit.gain * drive);
            *since += unit.dt;
            if *v > unit.threshold {
                (*v, *since) = (*v * 0.0, 0.0);
                spikes.push(index as u32);
            }
        }
    }

    pub(super) fn reset(&mut self) {
        self.potential.fill(0.0);
        self.refractory.fill(self.constants.cooldown);
    }

    pub(super) fn spark_state(&self, path: &str, state: &mut StateMap) {
        for (name, values) in [("potential", &self.potential), ("_refractory", &self.refractory)] {
            let values = shaped(&self.shape, values.to_vec());
            state.insert_array(join(path, name), VariableKind::Activity, values);
        }
    }
}
