//! The model of `goldens/models/adex_neuron/model.scfg`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron AdexModel(in_spikes: SpikeArray[8]) -> (out_spikes: SpikeArray) {
        dt = 1ms;
        seed = 3225689670;
        units = [10];
        compat = SparkSnn1;

        delays       = N2NDelays { seed: 1408850956, max_delay: 4ms };
        synapses     = TracedSynapses {
            seed: 2123910800, kernel: SparseUniformInitializer { scale: 14.0, density: 0.7 },
        };
        soma         = AdaptiveExponentialSoma { seed: 1108575659, adaptation_tau: 60ms };
        hebbian_rule = HebbianRule { seed: 203660201 };

        in_spikes              -> delays.in_spikes;
        delays.out_spikes      -> synapses.spikes, hebbian_rule.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> hebbian_rule.post_spikes, out_spikes;
        synapses.kernel()     <-> hebbian_rule.kernel;
    }
}
