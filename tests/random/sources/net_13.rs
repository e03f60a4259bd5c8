//! The model of `random network 13`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Net13(in_spikes: SpikeArray[2, 2], current: CurrentArray[1]) -> (out_0: SpikeArray) {
        dt = 0.25ms;
        seed = 3253347620;
        units = [2, 2];
        inhibitory_rate = 0.0;
        compat = Standard;

        n0            = ConcatReshape { reshape: [4] };
        read_current  = StrictRefractoryLeakySoma { resistance: 0.05GOhm };
        last_delays   = ZeroDelay;
        last_synapses = RFSTracedSynapses {
            scale_slow_decay: 0.75, kernel: UniformInitializer { scale: 300.0, min_value: 30.0 },
        };
        last_soma     = IzhikevichSoma {
            recovery_sensitivity: UniformInitializer { scale: 0.2, min_value: 0.15000000000000002 },
        };
        last_rule     = HebbianRule;

        in_spikes                                   -> n0.inputs;
        current                                     -> read_current.current;
        (in_spikes, n0.output, read_current.spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                      -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                      -> last_soma.current;
        self.inhibition_mask()                      -> last_soma.inhibition_mask;
        last_soma.spikes                            -> last_rule.post_spikes, out_0;
        last_synapses.kernel()                     <-> last_rule.kernel;
    }
}
