//! The CUBA network.

use spark::prelude::*;

network! {
    /// Neurons that hear all others: excitation jumps by 1.62 mV and decays in 5 ms, inhibition by 9 mV and in 10 ms.
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = ExponentialCurrentSynapses {
            tau_excitatory: 5ms, tau_inhibitory: 10ms, membrane_tau: 20ms,
            // A current of 16.2 pA through 0.1 GOhm is 1.62 mV.
            kernel: PairwiseBernoulliInitializer {
                sources: [3200, 800], probability: 0.02, weight: [16.2, 90.0], autapses: false,
            },
        };
        soma     = StrictRefractoryLeakySoma {
            potential_rest: -49mV, potential_reset: -60mV, threshold: -50mV,
            potential_tau: 20ms, resistance: 0.1GOhm, cooldown: 5ms,
        };

        in_spikes              -> synapses.spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> out_spikes;
    }

    /// Excitatory and inhibitory neurons, connected at random.
    pub brain Cuba() -> (excitatory: SpikeArray[3200], inhibitory: SpikeArray[800]) {
        dt = 0.1ms;

        e = Pool { units: [3200], inhibitory_rate: 0.0 };
        i = Pool {
            units: [800], inhibitory_rate: 1.0,
            synapses.kernel: PairwiseBernoulliInitializer {
                sources: [3200, 800], probability: 0.02, weight: [16.2, 90.0], autapses: false, first_own: 3200,
            },
        };

        (e.out_spikes, i.out_spikes) -> e.in_spikes, i.in_spikes;
        e.out_spikes                 -> excitatory;
        i.out_spikes                 -> inhibitory;
    }
}
