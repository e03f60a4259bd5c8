//! The model of `goldens/models/lif_neuron/model.scfg`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron LifModel(in_spikes: SpikeArray[10]) -> (out_spikes: SpikeArray) {
        dt = 1ms;
        seed = 2908040229;
        units = [12];
        inhibitory_rate = 0.25;
        compat = SparkSnn1;

        delays       = N2NDelays { seed: 2713581809 };
        synapses     = LinearSynapses {
            seed: 636563749, kernel: SparseUniformInitializer { scale: 300.0, density: 0.5 },
        };
        soma         = LeakySoma { seed: 964957229 };
        hebbian_rule = HebbianRule { seed: 367695151 };

        in_spikes              -> delays.in_spikes;
        delays.out_spikes      -> synapses.spikes, hebbian_rule.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> hebbian_rule.post_spikes, out_spikes;
        synapses.kernel()     <-> hebbian_rule.kernel;
    }
}
