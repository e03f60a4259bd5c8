//! The model of `goldens/models/brain_recurrent/reward_neuron.scfg`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron RewardNeuron(in_spikes: SpikeArray, dopamine: FloatArray) -> (out_spikes: SpikeArray) {
        dt = 1ms;
        seed = 1393090201;
        units = [4];
        compat = SparkSnn1;

        delays   = N2NDelays {
            seed: 941276782, max_delay: 6ms, delays: UniformInitializer { dtype: Dtype::Float16 },
        };
        synapses = TracedSynapses {
            seed: 2408182222, kernel: SparseUniformInitializer { scale: 60.0, density: 0.5 },
        };
        soma     = AdaptiveThresholdLeakySoma { seed: 2273351024, threshold_delta: 20mV };
        rule     = ThreeFactorHebbianRule { seed: 2122850636, gamma: 0.4 };

        in_spikes              -> delays.in_spikes;
        dopamine               -> rule.reward;
        delays.out_spikes      -> synapses.spikes, rule.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> rule.post_spikes, out_spikes;
        synapses.kernel()     <-> rule.kernel;
    }
}
