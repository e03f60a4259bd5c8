//! The adaptive exponential integrate-and-fire neuron.

use crate::core::payload::SpikeArray;
use crate::network;
use crate::nn::delays::N2NDelays;
use crate::nn::plasticity::HebbianRule;
use crate::nn::somas::AdaptiveExponentialSoma;
use crate::nn::synapses::TracedSynapses;

network! {
    /// Population of adaptive exponential integrate-and-fire units (AdEx), with delays between every pair of neurons,
    /// exponential synapses and Hebbian learning.
    ///
    /// tau dV/dt = -(V - V_rest) + slope exp((V - V_rheobase) / slope) + R (I - w), and tau_w dw/dt = a (V - V_rest) - w
    /// for a current w that rises at each spike. Brette and Gerstner, *J. Neurophysiol.* 94:3637, 2005,
    /// doi:10.1152/jn.00686.2005.
    ///
    /// `reset` clears potentials, adaptation currents, spikes on their way and traces; the kernel keeps what was
    /// learned.
    ///
    /// ```
    /// use spark::prelude::*;
    ///
    /// network! {
    ///     brain Upstroke(in_spikes: SpikeArray[8]) -> (out_spikes: SpikeArray[4]) {
    ///         pool = AdExNeuron {
    ///             units: [4], inhibitory_rate: 0.25,
    ///             delays.max_delay: 1ms, synapses.kernel: ConstantInitializer { scale: 1000.0 },
    ///         };
    ///         in_spikes       -> pool.in_spikes;
    ///         pool.out_spikes -> out_spikes;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut brain = Upstroke::new()?;
    /// let volley = SpikeArray::from_indices(8, 0..8)?;
    /// // Every delay is one step: the volley makes all units fire in the step after it, one of them an inhibitory one.
    /// assert_eq!(brain.step(UpstrokeInputs { in_spikes: &volley }).out_spikes.count(), 0);
    /// let out = brain.step(UpstrokeInputs { in_spikes: &volley });
    /// assert_eq!(out.out_spikes.indices(), [0, 1, 2, 3]);
    /// assert_eq!(out.out_spikes.mask().iter().filter(|inhibitory| *inhibitory).count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub neuron AdExNeuron(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        delays       = N2NDelays;
        synapses     = TracedSynapses;
        soma         = AdaptiveExponentialSoma;
        hebbian_rule = HebbianRule;

        in_spikes              -> delays.in_spikes;
        delays.out_spikes      -> synapses.spikes, hebbian_rule.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> hebbian_rule.post_spikes, out_spikes;
        synapses.kernel()     <-> hebbian_rule.kernel;
    }
}
