//! The adaptive leaky integrate-and-fire neuron.

use crate::core::payload::SpikeArray;
use crate::network;
use crate::nn::delays::N2NDelays;
use crate::nn::plasticity::HebbianRule;
use crate::nn::somas::AdaptiveThresholdLeakySoma;
use crate::nn::synapses::TracedSynapses;

network! {
    /// Population of leaky integrate-and-fire units whose threshold rises with every spike, with delays between every
    /// pair of neurons, exponential synapses and Hebbian learning.
    ///
    /// The threshold follows tau_T dT/dt = -(T - T_0), and rises by its step at each spike. Gerstner, Kistler, Naud,
    /// Paninski, *Neuronal Dynamics* (2014), chapter 6.1, doi:10.1017/CBO9781107447615.
    ///
    /// `reset` clears potentials, thresholds, refractory periods, spikes on their way and traces; the kernel keeps what
    /// was learned.
    ///
    /// ```
    /// use spark::prelude::*;
    ///
    /// network! {
    ///     brain Adapting(in_spikes: SpikeArray[8]) -> (out_spikes: SpikeArray[4]) {
    ///         pool = ALIFNeuron {
    ///             units: [4], inhibitory_rate: 0.25,
    ///             delays.max_delay: 1ms, synapses.kernel: ConstantInitializer { scale: 1000.0 },
    ///         };
    ///         in_spikes       -> pool.in_spikes;
    ///         pool.out_spikes -> out_spikes;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut brain = Adapting::new()?;
    /// let volley = SpikeArray::from_indices(8, 0..8)?;
    /// // Every delay is one step: the volley makes all units fire in the step after it, one of them an inhibitory one.
    /// assert_eq!(brain.step(AdaptingInputs { in_spikes: &volley }).out_spikes.count(), 0);
    /// let out = brain.step(AdaptingInputs { in_spikes: &volley });
    /// assert_eq!(out.out_spikes.indices(), [0, 1, 2, 3]);
    /// assert_eq!(out.out_spikes.mask().iter().filter(|inhibitory| *inhibitory).count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub neuron ALIFNeuron(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        delays       = N2NDelays;
        synapses     = TracedSynapses;
        soma         = AdaptiveThresholdLeakySoma;
        hebbian_rule = HebbianRule;

        in_spikes              -> delays.in_spikes;
        delays.out_spikes      -> synapses.spikes, hebbian_rule.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> hebbian_rule.post_spikes, out_spikes;
        synapses.kernel()     <-> hebbian_rule.kernel;
    }
}
