//! The model of `goldens/models/brain_recurrent/model.scfg`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron RewardNeuron(in_spikes: SpikeArray, dopamine: FloatArray) -> (out_spikes: SpikeArray) {
        delays   = N2NDelays { max_delay: 6ms, delays: UniformInitializer { dtype: Dtype::Float16 } };
        synapses = TracedSynapses { kernel: SparseUniformInitializer { scale: 330.0, density: 0.5 } };
        soma     = AdaptiveThresholdLeakySoma { threshold_delta: 20mV };
        rule     = ThreeFactorHebbianRule { gamma: 0.4 };

        in_spikes              -> delays.in_spikes;
        dopamine               -> rule.reward;
        delays.out_spikes      -> synapses.spikes, rule.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> rule.post_spikes, out_spikes;
        synapses.kernel()     <-> rule.kernel;
    }

    pub brain BrainRecurrent(signal: FloatArray[9], reward: FloatArray[1]) -> (action: FloatArray) {
        dt = 1ms;
        seed = 3364578280;
        compat = SparkSnn1;

        spiker  = LinearSpiker { seed: 3984179393, tau: 40ms, max_freq: 150Hz };
        exc     = RewardNeuron {
            units: [18], inhibitory_rate: 0.0, seed: 1387714249,
            delays.seed: 2519537183,
            synapses.seed: 1844599559,
            soma.seed: 32565347,
            rule.seed: 2557978823,
        };
        inh     = RewardNeuron {
            units: [7], inhibitory_rate: 1.0, seed: 1046730986,
            delays.seed: 1580114453,
            synapses.seed: 1776252090,
            soma.seed: 3691091397,
            rule.seed: 115193907,
        };
        readout = ExponentialIntegrator { seed: 3255294056, num_outputs: 2, tau: 15ms, smooth_trace: false };

        signal                           -> spiker.signal;
        reward                           -> exc.dopamine, inh.dopamine;
        (spiker.spikes, exc.out_spikes, inh.out_spikes) -> exc.in_spikes;
        (spiker.spikes, exc.out_spikes)  -> inh.in_spikes;
        (exc.out_spikes, inh.out_spikes) -> readout.spikes;
        readout.signal                   -> action;
    }
}
