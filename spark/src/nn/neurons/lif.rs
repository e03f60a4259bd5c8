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
