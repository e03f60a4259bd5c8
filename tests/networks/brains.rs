//! The networks of these tests.

use spark::prelude::*;

network! {
    /// Adaptive population with reward-steered plasticity.
    pub neuron ALIFModNeuron(in_spikes: SpikeArray, modulation: FloatArray[1]) -> (out_spikes: SpikeArray) {
        delays     = N2NDelays;
        plasticity = QuadrupletRuleTensor;
        soma       = AdaptiveLeakySoma;
        synapses   = TracedSynapses;

        in_spikes              -> delays.in_spikes;
        modulation             -> plasticity.modulation;
        delays.out_spikes      -> synapses.spikes, plasticity.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> plasticity.post_spikes, out_spikes;
        synapses.kernel()     <-> plasticity.kernel;
    }

    /// Two sides, each with an excitatory and an inhibitory population, whose sizes a file gives.
    pub brain PushPull(
        signal: FloatArray,
        mod_a_ex: FloatArray[1],
        mod_b_ex: FloatArray[1],
        mod_a_in: FloatArray[1],
        mod_b_in: FloatArray[1],
    ) -> (action: FloatArray[2]) {
        seed = 3;

        A_excitatory = ALIFModNeuron { units: [24], inhibitory_rate: 0.0 };
        B_excitatory = ALIFModNeuron { units: [24], inhibitory_rate: 0.0 };
        A_inhibitory = ALIFModNeuron { units: [8], inhibitory_rate: 1.0 };
        B_inhibitory = ALIFModNeuron { units: [8], inhibitory_rate: 1.0 };
        spiker       = TopologicalLinearSpiker { resolution: 16 };
        integrator   = ExponentialIntegrator { num_outputs: 2, shuffle: false };

        signal   -> spiker.signal;
        mod_a_ex -> A_excitatory.modulation;
        mod_b_ex -> B_excitatory.modulation;
        mod_a_in -> A_inhibitory.modulation;
        mod_b_in -> B_inhibitory.modulation;
        (spiker.spikes, A_excitatory.out_spikes, B_inhibitory.out_spikes) -> A_excitatory.in_spikes;
        (spiker.spikes, B_excitatory.out_spikes, A_inhibitory.out_spikes) -> B_excitatory.in_spikes;
        (A_excitatory.out_spikes, spiker.spikes) -> A_inhibitory.in_spikes;
        (B_excitatory.out_spikes, spiker.spikes) -> B_inhibitory.in_spikes;
        (A_excitatory.out_spikes, B_excitatory.out_spikes) -> integrator.spikes;
        integrator.signal -> action;
    }

    /// Values by chance, one population, a readout.
    pub brain FeedForward(signal: FloatArray[12]) -> (pool_spikes: SpikeArray[16], action: FloatArray[3]) {
        spiker  = PoissonSpiker;
        pool    = LIFNeuron { units: [16] };
        readout = ExponentialIntegrator { num_outputs: 3 };

        signal          -> spiker.signal;
        spiker.spikes   -> pool.in_spikes;
        pool.out_spikes -> readout.spikes, pool_spikes;
        readout.signal  -> action;
    }
}
