//! What the Python package does where it differs from the model, in numbers that `package.py` beside this file has printed;
//! and what both modes do where the package stops with an error.

use serde_json::{Value, json};
use spark::prelude::*;
use spark::rt::Property;

use super::soma::Soma;
use super::{
    Follower, FollowerConfig, FollowerInputs, FollowerShapes, Taught, TaughtConfig, TaughtInputs,
    TaughtShapes, numbers, pool,
};

fn soma(class: &str, config: &Value) -> Soma {
    Soma::new(class, config, &[1], 1.0, Compat::SparkSnn1)
}

/// The steps in which a soma fires under this current.
fn fired(soma: &mut Soma, current: f64, steps: usize) -> Vec<usize> {
    (0..steps).filter(|_| !soma.step(&[current]).is_empty()).collect()
}

#[test]
fn the_counter_of_a_leaky_soma_starts_again_in_the_python_package() {
    let after = |silent| {
        let mut soma = soma("RefractoryLeakySoma", &json!({}));
        fired(&mut soma, 0.0, silent);
        fired(&mut soma, 1e4, 12)
    };
    assert_eq!(after(65_533), [0, 4, 8]);
    assert_eq!(after(65_534), [3, 7, 11]);
}

#[test]
fn a_long_cooldown_in_half_precision_never_ends_in_the_python_package() {
    let half = json!({"dtype": {"__type__": "dtype", "name": "float16"}, "cooldown": 2100.0});
    let mut soma = soma("RefractoryExponentialSoma", &half);
    assert_eq!(fired(&mut soma, 1e4, 3000), [0usize; 0]);
}

// In double precision nothing overflows here.
#[cfg(not(spark_f64))]
#[test]
fn an_exponential_soma_falls_silent_after_an_overflow_in_the_python_package() {
    let mut soma = soma("ExponentialSoma", &json!({"spike_slope": 0.05}));
    assert_eq!(fired(&mut soma, 100.0, 200), [3, 5]);
    assert!(soma.variable("_potential")[0].is_nan());
}

#[test]
fn all_synapses_are_of_one_type_in_neurons_of_the_python_package() {
    let config = TaughtConfig {
        compat: Some(Compat::SparkSnn1),
        ..Taught::config()
    };
    let shapes = TaughtShapes {
        in_spikes: Shape::from(1),
        modulation: Shape::from(1),
    };
    let mut neuron = Taught::build(config, shapes).unwrap();
    let spike = SpikeArray::from_indices([1], [0]).unwrap();
    neuron.step(TaughtInputs {
        in_spikes: &spike,
        modulation: &FloatArray::from([1.0]),
    });
    assert_eq!(numbers(&neuron.spark_state(), "synapses/_kernel"), [1.0]);
}

#[test]
fn inhibitory_units_are_cut_off_in_the_python_package() {
    let pool = pool(Compat::SparkSnn1, |config| config.inhibitory_rate = 0.29);
    let mask = <LIFNeuron as Property<0>>::get(&pool);
    assert_eq!(mask.as_slice().iter().filter(|bit| **bit).count(), 28);
}

#[test]
fn what_travels_on_a_wire_is_read_after_a_reset_in_the_python_package() {
    let config = FollowerConfig {
        compat: Some(Compat::SparkSnn1),
        ..Follower::config()
    };
    let mut brain = Follower::build(
        config,
        FollowerShapes {
            signal: Shape::from(1),
        },
    )
    .unwrap();
    let signal = FloatArray::from([0.5]);
    // All 16 units fire in the third step: the readout would hear of them in the fourth.
    for _ in 0..3 {
        brain.step(FollowerInputs { signal: &signal });
    }
    brain.reset();
    assert_eq!(
        brain.step(FollowerInputs { signal: &signal }).rate.as_slice(),
        [4.0]
    );
}

#[test]
fn nodes_that_the_python_package_would_overwrite_are_refused_in_its_mode_too() {
    let mut config = LIFNeuronConfig {
        compat: Some(Compat::SparkSnn1),
        dt: Some(Ms(1.0)),
        units: Shape::from(4),
        ..LIFNeuron::config()
    };
    config.soma.dt = Some(Ms(0.5));
    config.delays.units = Shape::from(3);
    let error = LIFNeuron::build(
        config,
        LIFNeuronShapes {
            in_spikes: Shape::from(2),
        },
    )
    .err()
    .unwrap();
    assert_eq!(error.problems().len(), 2, "{error}");
}

/// The network of a file in which the threshold of the soma is misspelt.
fn misspelt(compat: Compat) -> String {
    let config = LIFNeuronConfig {
        compat: Some(compat),
        units: Shape::from(2),
        ..LIFNeuron::config()
    };
    let text = config
        .to_json()
        .unwrap()
        .to_string()
        .replace("\"threshold\"", "\"treshold\"");
    let error = LIFNeuronConfig::from_json(&serde_json::from_str(&text).unwrap())
        .err()
        .unwrap();
    error.to_string()
}

#[test]
fn a_misspelt_field_in_a_file_is_refused() {
    assert!(misspelt(Compat::Standard).contains("did you mean `threshold`"));
}

#[test]
fn a_misspelt_field_that_the_python_package_ignores_is_refused_in_its_mode_too() {
    assert!(misspelt(Compat::SparkSnn1).contains("did you mean `threshold`"));
}

network! {
    brain Twins(signal: SpikeArray[4]) -> (first: SpikeArray[10], second: SpikeArray[10]) {
        one = LIFNeuron { units: [10] };
        two = LIFNeuron { units: [10] };

        signal         -> one.in_spikes, two.in_spikes;
        one.out_spikes -> first;
        two.out_spikes -> second;
    }
}

/// Whether two pools of one class, neither of which says a seed, have the same weights.
fn copies(compat: Compat) -> bool {
    let config = TwinsConfig {
        compat: Some(compat),
        ..Twins::config()
    };
    let brain = Twins::build(
        config,
        TwinsShapes {
            signal: Shape::from(4),
        },
    )
    .unwrap();
    let state = brain.spark_state();
    numbers(&state, "one/synapses/_kernel") == numbers(&state, "two/synapses/_kernel")
}

#[test]
fn pools_without_seeds_are_no_copies_of_each_other() {
    assert!(!copies(Compat::Standard));
}

#[test]
fn pools_without_seeds_are_copies_in_the_python_package_and_in_its_mode_not() {
    assert!(!copies(Compat::SparkSnn1));
}

network! {
    /// Fires in the step in which `needed` spikes arrive: each is worth 14.6 mV, 20 mV are needed.
    neuron Relay(in_spikes: SpikeArray) -> (out_spikes: SpikeArray[1]) {
        units = [1];
        inhibitory_rate = 0.0;

        synapses = LinearSynapses { kernel: ConstantInitializer { scale: 3000.0 } };
        soma     = LeakySoma { potential_reset: -60mV };

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }

    brain Loop(signal: SpikeArray[1]) -> (first: SpikeArray[1], second: SpikeArray[1]) {
        a = Relay { synapses.kernel: ConstantInitializer { scale: 6000.0 } };
        b = Relay { synapses.kernel: ConstantInitializer { scale: 6000.0 } };

        (signal, b.out_spikes) -> a.in_spikes;
        a.out_spikes           -> b.in_spikes, first;
        b.out_spikes           -> second;
    }

    brain Pair(left: SpikeArray[1], right: SpikeArray[1]) -> (fired: SpikeArray[1]) {
        relay = Relay;
        (left, right)    -> relay.in_spikes;
        relay.out_spikes -> fired;
    }
}

/// Who fires in six steps after one spike into a loop of two.
fn echoes(compat: Compat) -> Vec<[bool; 2]> {
    let config = LoopConfig {
        compat: Some(compat),
        ..Loop::config()
    };
    let mut brain = Loop::build(
        config,
        LoopShapes {
            signal: Shape::from(1),
        },
    )
    .unwrap();
    let step = |t| {
        let signal = SpikeArray::from_indices([1], (0..u32::from(t == 0)).collect::<Vec<u32>>()).unwrap();
        let out = brain.step(LoopInputs { signal: &signal });
        [out.first.count() == 1, out.second.count() == 1]
    };
    (0..6).map(step).collect()
}

#[test]
fn a_population_may_hear_from_another_one_only() {
    // A step from one to the other, for ever.
    assert_eq!(echoes(Compat::Standard), [[true, false], [false, true]].repeat(3));
}

#[test]
fn a_population_that_the_python_package_cannot_schedule_runs_in_its_mode_too() {
    assert_eq!(echoes(Compat::SparkSnn1), echoes(Compat::Standard));
}

/// Whether the unit fires for a spike on the left, on the right, on both sides.
fn joined(compat: Compat) -> [bool; 3] {
    [[1, 0], [0, 1], [1, 1]].map(|[left, right]: [u32; 2]| {
        let config = PairConfig {
            compat: Some(compat),
            ..Pair::config()
        };
        let mut brain = Pair::build(
            config,
            PairShapes {
                left: Shape::from(1),
                right: Shape::from(1),
            },
        )
        .unwrap();
        let spikes = |count| SpikeArray::from_indices([1], (0..count).collect::<Vec<u32>>()).unwrap();
        let (left, right) = (spikes(left), spikes(right));
        brain
            .step(PairInputs {
                left: &left,
                right: &right,
            })
            .fired
            .count()
            == 1
    })
}

#[test]
fn spikes_from_two_inputs_meet_in_one_port() {
    assert_eq!(joined(Compat::Standard), [false, false, true]);
}

#[test]
fn spikes_from_two_inputs_which_the_python_package_cannot_join_meet_in_its_mode_too() {
    assert_eq!(joined(Compat::SparkSnn1), [false, false, true]);
}

/// A soma whose mask is not wired: which units fire for two spikes, and whether the unit is marked as inhibitory.
fn unmasked(compat: Compat) -> (Vec<u32>, bool) {
    let mut relay = {
        let config = RelayConfig {
            compat: Some(compat),
            ..Relay::config()
        };
        Relay::build(
            config,
            RelayShapes {
                in_spikes: Shape::from(2),
            },
        )
        .unwrap()
    };
    let spikes = SpikeArray::from_indices([2], [0, 1]).unwrap();
    let out = &relay.step(RelayInputs { in_spikes: &spikes }).out_spikes;
    (out.indices().to_vec(), out.mask_at(0))
}

#[test]
fn a_mask_that_is_not_wired_marks_nobody() {
    assert_eq!(unmasked(Compat::Standard), (vec![0], false));
}

#[test]
fn a_mask_that_the_python_package_wants_wired_may_be_left_out_in_its_mode_too() {
    assert_eq!(unmasked(Compat::SparkSnn1), (vec![0], false));
}

network! {
    brain Beyond(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
        soma = AdaptiveCurrentLeakySoma;
        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

#[test]
fn an_export_tells_of_modules_that_the_python_package_does_not_have() {
    let row = "Modules that the package does not have";
    assert!(Beyond::config().differences_from_python().contains(&row));
    assert!(!Twins::config().differences_from_python().contains(&row));
}

network! {
    brain Sparse(spikes: SpikeArray[40]) -> (kernel: FloatArray[30, 40]) {
        synapses = LinearSynapses { units: [30], kernel: PairwiseBernoulliInitializer { probability: 0.1, weight: 2.0 } };
        spikes            -> synapses.spikes;
        synapses.kernel() -> kernel;
    }
}

#[test]
fn an_export_tells_of_initializers_that_the_python_package_does_not_have() {
    let row = "Initializers that the package does not have";
    assert!(Sparse::config().differences_from_python().contains(&row));
    assert!(!Twins::config().differences_from_python().contains(&row));
}

#[test]
fn initializers_beyond_the_python_package_draw_the_same_in_its_mode() {
    let kernels = [Compat::Standard, Compat::SparkSnn1].map(|compat| {
        let config = SparseConfig {
            compat: Some(compat),
            seed: Some(5),
            ..Sparse::config()
        };
        let spikes = Shape::from(40);
        let mut brain = Sparse::build(config, SparseShapes { spikes }).unwrap();
        let spikes = SpikeArray::from_indices([40], [0]).unwrap();
        brain.step(SparseInputs { spikes: &spikes }).kernel.to_dense()
    });
    assert_eq!(kernels[0], kernels[1]);
    let connected = kernels[0].as_slice().iter().filter(|weight| **weight == 2.0);
    assert!((60..180).contains(&connected.count()));
}

#[test]
fn modules_beyond_the_python_package_compute_the_same_in_its_mode() {
    let times = [Compat::Standard, Compat::SparkSnn1].map(|compat| {
        let mut soma = Soma::new("AdaptiveCurrentLeakySoma", &json!({}), &[1], 1.0, compat);
        fired(&mut soma, 500.0, 200)
    });
    assert!(times[0].len() > 3);
    assert_eq!(times[0], times[1]);
}

network! {
    brain Learner(pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
        synapses = LinearSynapses { units: [1], kernel: [1.0] };
        rule     = HebbianRule { eta: 0.1 };

        pre                -> synapses.spikes, rule.pre_spikes;
        post               -> rule.post_spikes;
        synapses.kernel() <-> rule.kernel;
        synapses.kernel()  -> kernel;
    }
}

/// The weight after a spike on both sides.
fn learned(compat: Compat) -> f64 {
    let config = LearnerConfig {
        compat: Some(compat),
        ..Learner::config()
    };
    let mut brain = Learner::build(
        config,
        LearnerShapes {
            pre: Shape::from(1),
            post: Shape::from(1),
        },
    )
    .unwrap();
    let spike = SpikeArray::from_indices([1], [0]).unwrap();
    f64::from(
        brain
            .step(LearnerInputs {
                pre: &spike,
                post: &spike,
            })
            .kernel
            .as_slice()[0],
    )
}

#[test]
fn a_brain_updates_a_property_and_gives_it_as_an_output() {
    // 1 + dt eta (y s + p x), both traces at 1/20 after their first spike.
    assert!((learned(Compat::Standard) - 1.01).abs() < 1e-6);
}

#[test]
fn a_brain_updates_a_property_where_that_of_the_python_package_stops() {
    assert!((learned(Compat::SparkSnn1) - 1.01).abs() < 1e-6);
}
