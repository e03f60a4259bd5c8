//! Rules whose updates of a kernel wait.

use std::sync::Arc;

use super::terms::PairTerms;
use super::traces::PairTraces;
use crate::core::module::{Keys, PortInfo};
use crate::core::payload::{Deferred, DelayedSpikes, FloatArray, SpikeArray, SpikeForm};
use crate::core::state::{Stateful, Variable};

/// That the updates of a rule wait in the kernel, see [`Deferred`].
#[derive(Debug, Clone, Stateful)]
pub(crate) struct Deferring {
    /// A reset clears the traces, after which nothing is to come: the kernel is told in the next step.
    resets: Variable<u32>,
}

impl Deferring {
    /// If the rule and the kernel allow it, and no other rule does the same. Not where the state is that of the Python package:
    /// what waits is no part of it.
    pub(crate) fn of(kernel: &PortInfo, traces: &PairTraces, terms: &PairTerms, keys: &Keys) -> Option<Self> {
        let kernel = kernel.deferrable.as_ref()?;
        let (decay, plan) = traces.pre.delayed_decay()?;
        let fits = Arc::ptr_eq(plan, kernel.plan()) && terms.may_wait() && !keys.compat().is_spark_snn_1();
        (fits && kernel.claim(decay)).then(|| Deferring {
            resets: Variable::new(0),
        })
    }

    /// Begins a step: gives the kernel in which updates wait and the spikes that arrive along its rows.
    pub(crate) fn begin_step<'a, 'b>(
        &self,
        spikes: &'a SpikeArray,
        kernel: &'b mut FloatArray,
    ) -> Option<(&'a DelayedSpikes, &'b mut Deferred)> {
        let SpikeForm::Delayed(spikes) = spikes.form() else {
            return None;
        };
        let kernel = kernel.defer().filter(|kernel| kernel.hears(spikes))?;
        kernel.begin_step(*self.resets);
        Some((spikes, kernel))
    }

    pub(crate) fn reset(&mut self) {
        *self.resets = self.resets.wrapping_add(1);
    }
}
