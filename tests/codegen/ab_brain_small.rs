//! The model of `goldens/models/ab_brain_small/model.scfg`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron AlifModNeuron(in_spikes: SpikeArray, modulation: FloatArray) -> (out_spikes: SpikeArray) {
        delays     = N2NDelays { max_delay: 4ms };
        plasticity = QuadrupletRuleTensor {
            pre_tau: [10.75268817204301ms, 15.15151515151515ms, 10.416666666666666ms, 76.92307692307692ms],
            post_tau: [14.084507042253522ms, 27.027027027027028ms, 16.129032258064516ms, 12.820512820512821ms],
            q_alpha: [1.207, 1.037, -1.152, -1.336], q_beta: [-1.298, -1.205, 1.639, 1.057],
            q_gamma: [0.398, 1.589, 1.79, -1.173], q_delta: [-0.75, 0.408, -1.666, 1.557],
            max_clip: [50.0, 50.0, 100.0, 100.0],
        };
        soma       = AdaptiveThresholdLeakySoma { threshold_tau: 10ms };
        synapses   = TracedSynapses;

        in_spikes              -> delays.in_spikes;
        modulation             -> plasticity.modulation;
        delays.out_spikes      -> plasticity.pre_spikes, synapses.spikes;
        soma.spikes            -> plasticity.post_spikes, out_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        synapses.kernel()     <-> plasticity.kernel;
    }

    pub brain AbBrainSmall(
        mod_a_ex: FloatArray, mod_b_ex: FloatArray, mod_a_in: FloatArray, mod_b_in: FloatArray,
        signal: FloatArray,
    ) -> (action: FloatArray) {
        dt = 1ms;
        seed = 1805829445;
        compat = SparkSnn1;

        A_excitatory = AlifModNeuron {
            units: [24], inhibitory_rate: 0.0, seed: 478175918,
            delays.seed: 2684742297,
            plasticity.seed: 1259746283,
            soma.seed: 3072566190, soma.potential_tau: 10ms, soma.resistance: 1GOhm, soma.threshold_delta: 50mV,
            synapses.seed: 2626719759,
            synapses.kernel: SparseUniformInitializer {
                scale: 45.0, min_value: 0.0, max_value: 40.0, density: 0.4,
            },
        };
        B_excitatory = AlifModNeuron {
            units: [24], inhibitory_rate: 0.0, seed: 1006806833,
            delays.seed: 3804786082,
            plasticity.seed: 3511383452,
            soma.seed: 857075639, soma.potential_tau: 10ms, soma.resistance: 1GOhm, soma.threshold_delta: 50mV,
            synapses.seed: 2236116380,
            synapses.kernel: SparseUniformInitializer {
                scale: 45.0, min_value: 0.0, max_value: 40.0, density: 0.4,
            },
        };
        A_inhibitory = AlifModNeuron {
            units: [8], inhibitory_rate: 1.0, seed: 2715830833,
            delays.seed: 2299170537,
            plasticity.seed: 1468239229,
            soma.seed: 2248076156, soma.resistance: 2GOhm, soma.cooldown: 1ms, soma.threshold_delta: 20mV,
            synapses.seed: 2913656200,
            synapses.kernel: SparseUniformInitializer {
                scale: 30.0, min_value: 0.0, max_value: 40.0, density: 0.6,
            },
            synapses.tau: 10ms,
        };
        B_inhibitory = AlifModNeuron {
            units: [8], inhibitory_rate: 1.0, seed: 4039402956,
            delays.seed: 3851972935,
            plasticity.seed: 2442888113,
            soma.seed: 1899109561, soma.resistance: 1GOhm, soma.cooldown: 1ms, soma.threshold_delta: 20mV,
            synapses.seed: 175184786,
            synapses.kernel: SparseUniformInitializer {
                scale: 30.0, min_value: 0.0, max_value: 40.0, density: 0.6,
            },
            synapses.tau: 10ms,
        };
        spiker       = TopologicalLinearSpiker {
            seed: 3297928496, tau: 20ms, max_freq: 128Hz, mins: -1.0, resolution: 16, sigma: 0.25,
        };
        integrator   = ExponentialIntegrator { seed: 2980038182, num_outputs: 2, shuffle: false };

        mod_a_ex                                 -> A_excitatory.modulation;
        mod_b_ex                                 -> B_excitatory.modulation;
        mod_a_in                                 -> A_inhibitory.modulation;
        mod_b_in                                 -> B_inhibitory.modulation;
        signal                                   -> spiker.signal;
        (spiker.spikes, A_excitatory.out_spikes, B_inhibitory.out_spikes) -> A_excitatory.in_spikes;
        (spiker.spikes, B_excitatory.out_spikes, A_inhibitory.out_spikes) -> B_excitatory.in_spikes;
        (A_excitatory.out_spikes, spiker.spikes) -> A_inhibitory.in_spikes;
        (B_excitatory.out_spikes, spiker.spikes) -> B_inhibitory.in_spikes;
        (A_excitatory.out_spikes, B_excitatory.out_spikes) -> integrator.spikes;
        integrator.signal                        -> action;
    }
}
