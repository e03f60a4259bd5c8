//! The model of `upstream-models/alif_mod_neuron.scfg`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron AlifModNeuron(in_spikes: SpikeArray, modulation: FloatArray) -> (out_spikes: SpikeArray) {
        dt = 1ms;
        seed = 1041814402;
        compat = SparkSnn1;

        delays     = N2NDelays {
            seed: 3730662515, dtype: Dtype::Float16, delays: UniformInitializer { dtype: Dtype::Float16 },
        };
        plasticity = QuadrupletRuleTensor { seed: 854987779, dtype: Dtype::Float16 };
        soma       = AdaptiveThresholdLeakySoma { seed: 1667143219, dtype: Dtype::Float16 };
        synapses   = TracedSynapses {
            seed: 3753518857, dtype: Dtype::Float16, kernel: SparseUniformInitializer { dtype: Dtype::Float16 },
        };

        in_spikes              -> delays.in_spikes;
        modulation             -> plasticity.modulation;
        delays.out_spikes      -> plasticity.pre_spikes, synapses.spikes;
        soma.spikes            -> plasticity.post_spikes, out_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        synapses.kernel()     <-> plasticity.kernel;
    }
}
