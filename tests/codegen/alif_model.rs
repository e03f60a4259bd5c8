//! The model of `goldens/models/alif_neuron/model.scfg`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron AlifModel(in_spikes: SpikeArray[2,4]) -> (out_spikes: SpikeArray) {
        dt = 1ms;
        seed = 207099175;
        units = [3, 4];
        inhibitory_rate = 0.3;
        compat = SparkSnn1;

        delays       = N2NDelays { seed: 565680391, max_delay: 5ms };
        synapses     = TracedSynapses {
            seed: 1409272851, kernel: SparseUniformInitializer { scale: 120.0, density: 0.6 },
        };
        soma         = AdaptiveThresholdLeakySoma { seed: 2654330681, threshold_delta: 25mV };
        hebbian_rule = HebbianRule { seed: 3401167271, eta: 0.02 };

        in_spikes              -> delays.in_spikes;
        delays.out_spikes      -> synapses.spikes, hebbian_rule.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> hebbian_rule.post_spikes, out_spikes;
        synapses.kernel()     <-> hebbian_rule.kernel;
    }
}
