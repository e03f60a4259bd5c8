//! What the Poisson spikers share: spikes by chance, one key per step.

use crate::core::array::Real;
use crate::core::module::Keys;
use crate::core::payload::SpikeArray;
use crate::core::rng::Key;
use crate::core::state::{StateMap, StateReader, Stateful, Variable};
use crate::core::units::Hz;

/// Spikes that are drawn anew in each step, with one key of the module's own stream.
#[derive(Debug, Clone, Stateful)]
pub(super) struct Chance {
    rng: Variable<Key>,
    /// The draws of a step.
    draws: Vec<f32>,
}

impl Chance {
    /// Goes on where building left off.
    pub(super) fn new(keys: &mut Keys) -> Self {
        Chance {
            rng: keys.take_stream(),
            draws: Vec::new(),
        }
    }

    /// One step: a spike wherever a draw from [0, 1) is below the probability. One of 1 or more always fires.
    pub(super) fn step(&mut self, probabilities: impl Iterator<Item = Real>, spikes: &mut SpikeArray) {
        let key = self.rng.next();
        self.draws.resize(spikes.shape().count(), 0.0);
        key.fill_uniform_f32(&mut self.draws);
        spikes.clear();
        for (index, (probability, &draw)) in probabilities.zip(&self.draws).enumerate() {
            if Real::from(draw) < probability {
                spikes.push(index as u32);
            }
        }
    }

    pub(super) fn spark_state(&self, path: &str, state: &mut StateMap) {
        StateReader::new(path, state).leaf("rng", &self.rng);
    }
}

/// The probability of a spike in one step at this rate.
pub(super) fn probability(rate: Hz, keys: &Keys) -> f64 {
    keys.dt().value() * (rate.value() / 1000.0)
}
