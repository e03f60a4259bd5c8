//! The leaky integrate-and-fire neuron.

use crate::core::payload::SpikeArray;
use crate::network;
use crate::nn::delays::N2NDelays;
use crate::nn::plasticity::HebbianRule;
use crate::nn::somas::LeakySoma;
use crate::nn::synapses::LinearSynapses;

network! {
    /// Population of leaky integrate-and-fire units with delays between every pair of neurons, linear synapses and
    /// Hebbian learning.
    ///
    /// tau dV/dt = -(V - V_rest) + R I; a spike and a reset where V crosses the threshold. Gerstner, Kistler, Naud,
    /// Paninski, *Neuronal Dynamics* (2014), chapter 1.3, doi:10.1017/CBO9781107447615.
    ///
    /// `reset` clears potentials, spikes on their way and traces; the kernel keeps what was learned.
    ///
    /// ```
    /// use spark::prelude::*;
    ///
    /// network! {
    ///     brain Firing(in_spikes: SpikeArray[8]) -> (out_spikes: SpikeArray[4]) {
    ///         pool = LIFNeuron {
    ///             units: [4], inhibitory_rate: 0.25,
    ///             delays.max_delay: 1ms, synapses.kernel: ConstantInitializer { scale: 1000.0 },
    ///         };
    ///         in_spikes       -> pool.in_spikes;
    ///         pool.out_spikes -> out_spikes;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut brain = Firing::new()?;
    /// let volley = SpikeArray::from_indices(8, 0..8)?;
    /// // Every delay is one step: the volley makes all units fire in the step after it, one of them an inhibitory one.
    /// assert_eq!(brain.step(FiringInputs { in_spikes: &volley }).out_spikes.count(), 0);
    /// let out = brain.step(FiringInputs { in_spikes: &volley });
    /// assert_eq!(out.out_spikes.indices(), [0, 1, 2, 3]);
    /// assert_eq!(out.out_spikes.mask().iter().filter(|inhibitory| *inhibitory).count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub neuron LIFNeuron(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        delays       = N2NDelays;
        synapses     = LinearSynapses;
        soma         = LeakySoma;
        hebbian_rule = HebbianRule;

        in_spikes              -> delays.in_spikes;
        delays.out_spikes      -> synapses.spikes, hebbian_rule.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> hebbian_rule.post_spikes, out_spikes;
        synapses.kernel()     <-> hebbian_rule.kernel;
    }
}
