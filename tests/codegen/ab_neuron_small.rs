//! The model of `goldens/models/ab_brain_small/neuron.scfg`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron AbNeuronSmall(in_spikes: SpikeArray, modulation: FloatArray) -> (out_spikes: SpikeArray) {
        dt = 1ms;
        seed = 1041814402;
        compat = SparkSnn1;

        delays     = N2NDelays { seed: 3730662515 };
        plasticity = QuadrupletRuleTensor { seed: 854987779 };
        soma       = AdaptiveThresholdLeakySoma { seed: 1667143219 };
        synapses   = TracedSynapses { seed: 3753518857 };

        in_spikes              -> delays.in_spikes;
        modulation             -> plasticity.modulation;
        delays.out_spikes      -> plasticity.pre_spikes, synapses.spikes;
        soma.spikes            -> plasticity.post_spikes, out_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        synapses.kernel()     <-> plasticity.kernel;
    }
}
