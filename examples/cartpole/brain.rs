//! The push-pull brain: two sides, each an excitatory population that drives itself and an inhibitory one that
//! silences the other side. Every parameter and seed is that of the model as its authors saved it.

use spark::prelude::*;

network! {
    /// Adaptive integrate-and-fire population whose plasticity is steered by a modulator.
    pub neuron ALIFModNeuron(in_spikes: SpikeArray, modulation: FloatArray[1]) -> (out_spikes: SpikeArray) {
        delays     = N2NDelays {
            max_delay: 4ms, dtype: Dtype::Float16, delays: UniformInitializer { dtype: Dtype::Float16 },
        };
        plasticity = QuadrupletRuleTensor {
            dtype: Dtype::Float16,
            pre_tau: [10.75268817204301, 15.15151515151515, 10.416666666666666, 76.92307692307692],
            post_tau: [14.084507042253522, 27.027027027027028, 16.129032258064516, 12.820512820512821],
            q_alpha: [1.207, 1.037, -1.152, -1.336],
            q_beta: [-1.298, -1.205, 1.639, 1.057],
            q_gamma: [0.398, 1.589, 1.79, -1.173],
            q_delta: [-0.75, 0.408, -1.666, 1.557],
            max_clip: [50.0, 50.0, 100.0, 100.0],
            eta: 0.1,
        };
        soma       = AdaptiveLeakySoma { dtype: Dtype::Float16, threshold: -40mV, potential_reset: -50mV };
        synapses   = TracedSynapses { dtype: Dtype::Float16 };

        in_spikes              -> delays.in_spikes;
        modulation             -> plasticity.modulation;
        delays.out_spikes      -> synapses.spikes, plasticity.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> plasticity.post_spikes, out_spikes;
        synapses.kernel()     <-> plasticity.kernel;
    }
}

network! {
    /// Two sides that compete for the action.
    pub brain PushPull(
        signal: FloatArray[4],
        mod_a_ex: FloatArray[1],
        mod_b_ex: FloatArray[1],
        mod_a_in: FloatArray[1],
        mod_b_in: FloatArray[1],
    ) -> (action: FloatArray[2]) {
        dt = 1ms;
        seed = 1805829445;
        compat = SparkSnn1;

        A_excitatory = ALIFModNeuron {
            seed: 478175918, units: [256], inhibitory_rate: 0.0,
            delays.seed: 2684742297, plasticity.seed: 1259746283, soma.seed: 3072566190, synapses.seed: 2626719759,
            soma.potential_tau: 10ms, soma.resistance: 1GOhm,
            soma.cooldown: 2ms, soma.threshold_tau: 10ms, soma.threshold_delta: 50mV,
            synapses.tau: 5ms,
            synapses.kernel: SparseUniformInitializer {
                dtype: Dtype::Float16, scale: 6.0, min_value: 0.0, max_value: 10.0, density: 0.15,
            },
        };
        B_excitatory = ALIFModNeuron {
            seed: 1006806833, units: [256], inhibitory_rate: 0.0,
            delays.seed: 3804786082, plasticity.seed: 3511383452, soma.seed: 857075639, synapses.seed: 2236116380,
            soma.potential_tau: 10ms, soma.resistance: 1GOhm,
            soma.cooldown: 2ms, soma.threshold_tau: 10ms, soma.threshold_delta: 50mV,
            synapses.tau: 5ms,
            synapses.kernel: SparseUniformInitializer {
                dtype: Dtype::Float16, scale: 6.0, min_value: 0.0, max_value: 10.0, density: 0.15,
            },
        };
        A_inhibitory = ALIFModNeuron {
            seed: 2715830833, units: [64], inhibitory_rate: 1.0,
            delays.seed: 2299170537, plasticity.seed: 1468239229, soma.seed: 2248076156, synapses.seed: 2913656200,
            soma.potential_tau: 20ms, soma.resistance: 2GOhm,
            soma.cooldown: 1ms, soma.threshold_tau: 10ms, soma.threshold_delta: 20mV,
            synapses.tau: 10ms,
            synapses.kernel: SparseUniformInitializer {
                dtype: Dtype::Float16, scale: 1, min_value: 0.0, max_value: 10.0, density: 0.15,
            },
        };
        B_inhibitory = ALIFModNeuron {
            seed: 4039402956, units: [64], inhibitory_rate: 1.0,
            delays.seed: 3851972935, plasticity.seed: 2442888113, soma.seed: 1899109561, synapses.seed: 175184786,
            soma.potential_tau: 20ms, soma.resistance: 1GOhm,
            soma.cooldown: 1ms, soma.threshold_tau: 10ms, soma.threshold_delta: 20mV,
            synapses.tau: 10ms,
            synapses.kernel: SparseUniformInitializer {
                dtype: Dtype::Float16, scale: 1, min_value: 0.0, max_value: 10.0, density: 0.15,
            },
        };
        spiker = TopologicalLinearSpiker {
            seed: 3297928496, dtype: Dtype::Float16, tau: 20ms, cd: 2ms, max_freq: 128Hz,
            glue: 0, mins: -1, maxs: 1, resolution: 128, sigma: 0.03125,
        };
        integrator = ExponentialIntegrator {
            seed: 2980038182, dtype: Dtype::Float16, num_outputs: 2, saturation_freq: 50Hz, tau: 5ms, shuffle: false,
        };

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
}
