//! One graph over many states.

#![allow(clippy::unwrap_used, missing_docs)]

use std::any::Any;
use std::sync::Arc;

use spark::core::module::PortInfo;
use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;
use spark::snapshot;

network! {
    /// Chance, delays between all pairs, learning.
    brain Learning(signal: FloatArray[12]) -> (rate: FloatArray[2]) {
        spiker  = PoissonSpiker { max_freq: 150Hz };
        pool    = ALIFNeuron {
            units: [20],
            synapses.kernel: SparseUniformInitializer { scale: 300.0, density: 0.4 },
            hebbian_rule.eta: 0.1,
        };
        readout = ExponentialIntegrator { num_outputs: 2 };

        signal                             -> spiker.signal;
        (spiker.spikes, pool.out_spikes)   -> pool.in_spikes;
        pool.out_spikes                    -> readout.spikes;
        readout.signal                     -> rate;
    }
}

fn seeded(seed: usize) -> Learning {
    let config = Learning::config().with_new_seeds(seed as u32);
    Learning::build(
        config,
        LearningShapes {
            signal: Shape::from(12),
        },
    )
    .unwrap()
}

fn signal(i: usize) -> FloatArray {
    FloatArray::filled(12, 0.3 + 0.1 * i as Real)
}

#[test]
fn each_network_gives_the_bits_that_it_gives_alone_for_any_number_of_threads() {
    let signals: Vec<FloatArray> = (0..5).map(signal).collect();
    let alone: Vec<StateMap> = (0..5)
        .map(|i| {
            let mut network = seeded(i);
            network.run(150, |_| LearningInputs { signal: &signals[i] });
            assert!(network.outputs().rate.as_slice()[0] > 0.0, "it fires");
            snapshot(&network)
        })
        .collect();
    for threads in [1, 2, 3, 16] {
        let built = Batch::new(5, |i| Ok::<_, BuildError>(seeded(i)));
        let mut batch = built.unwrap().with_threads(threads);
        batch
            .run(100, |i, _| LearningInputs { signal: &signals[i] })
            .unwrap();
        for _ in 0..50 {
            batch.step(|i| LearningInputs { signal: &signals[i] }).unwrap();
        }
        for (network, alone) in batch.iter().zip(&alone) {
            assert_eq!(&snapshot(network), alone, "{threads} threads");
        }
    }
}

#[test]
fn copies_go_on_from_the_state_of_the_original_and_each_its_own_way() {
    let mut original = seeded(1);
    let signals = [signal(2), signal(5)];
    original.run(80, |_| LearningInputs { signal: &signals[0] });
    let mut batch = Batch::of(&original, 2).unwrap();
    let begin = snapshot(&original);
    batch
        .run(60, |i, _| LearningInputs { signal: &signals[i] })
        .unwrap();
    assert_eq!(snapshot(&original), begin, "the original stays");
    original.run(60, |_| LearningInputs { signal: &signals[0] });
    assert_eq!(snapshot(&batch[0]), snapshot(&original));
    assert_ne!(snapshot(&batch[1]), snapshot(&original));
}

#[test]
fn models_from_files_run_in_a_batch() {
    let path = "fixtures/goldens/models/brain_recurrent/model.scfg";
    let config = ModelConfig::from_file(path).unwrap();
    let input = config.table().inputs.iter().map(|port| port.name);
    let names: Vec<&str> = input.collect();
    let shapes: Vec<(&str, Shape)> = names.iter().map(|name| (*name, shape_of(name))).collect();
    let values: Vec<Vec<FloatArray>> = (0..3)
        .map(|i| {
            let value = |(_, shape): &(&str, Shape)| FloatArray::filled(shape.clone(), 0.4 + 0.1 * i as Real);
            shapes.iter().map(value).collect()
        })
        .collect();
    let given = |i: usize| -> Vec<(&str, &dyn Any)> {
        let values = values[i].iter().map(|value| value as &dyn Any);
        names.iter().copied().zip(values).collect()
    };
    let mut original = Model::from_config(&config, &shapes).unwrap();
    (0..40).for_each(|_| original.step(given(0)).unwrap());
    let mut batch = Batch::of(&original, 3).unwrap().with_threads(2);
    batch.run(40, |i, _| given(i)).unwrap();
    (0..40).for_each(|_| original.step(given(0)).unwrap());
    assert_eq!(snapshot(&batch[0]), snapshot(&original));
    assert_ne!(snapshot(&batch[2]), snapshot(&original));
}

/// The shapes that the recorded brain was built for.
fn shape_of(input: &str) -> Shape {
    match input {
        "signal" => Shape::from(9),
        _ => Shape::from(1),
    }
}

#[test]
fn copies_share_the_delay_plan() {
    let config = N2NDelaysConfig {
        units: Shape::from(3),
        ..Default::default()
    };
    let ports = Ports::new(vec![Some(PortInfo::plain(Shape::from(4)))]);
    let mut keys = Keys::new(1, Ms(1.0), Compat::Standard, "delays");
    let delays = <N2NDelays as Module>::build(&config, &ports, &mut keys).unwrap();
    let copy = delays.duplicate().unwrap();
    assert!(Arc::ptr_eq(delays.plan(), copy.plan()));
}

#[test]
fn a_state_moves_from_one_network_to_another() {
    let signals = [signal(0), signal(6)];
    let mut batch = Batch::of(&seeded(3), 2).unwrap();
    batch
        .run(50, |i, _| LearningInputs { signal: &signals[i] })
        .unwrap();
    let best = snapshot(&batch[1]);
    spark::restore(&mut batch[0], best.clone()).unwrap();
    batch
        .run(50, |_, _| LearningInputs { signal: &signals[1] })
        .unwrap();
    assert_eq!(snapshot(&batch[0]), snapshot(&batch[1]));
    assert_ne!(snapshot(&batch[0]), best);
}

#[test]
fn a_reset_keeps_what_each_network_learned() {
    let learned = |network: &Learning| {
        let state = snapshot(network);
        let learned = state
            .iter()
            .filter(|(_, entry)| entry.kind == VariableKind::Learned);
        learned
            .map(|(path, entry)| (path.to_owned(), entry.clone()))
            .collect::<Vec<_>>()
    };
    let mut batch = Batch::of(&seeded(4), 2).unwrap();
    let signals = [signal(1), signal(6)];
    batch
        .run(80, |i, _| LearningInputs { signal: &signals[i] })
        .unwrap();
    let before: Vec<_> = batch.iter().map(learned).collect();
    assert!(!before[0].is_empty());
    assert_ne!(before[0], before[1]);
    batch.reset();
    assert_eq!(batch.iter().map(learned).collect::<Vec<_>>(), before);
    assert!(
        batch
            .iter()
            .all(|network| network.outputs().rate.as_slice() == [0.0, 0.0])
    );
}

#[test]
fn wrong_inputs_stop_their_network_and_no_other() {
    let (right, wrong) = (signal(3), FloatArray::filled(5, 0.3));
    let mut batch = Batch::of(&seeded(5), 4).unwrap().with_threads(2);
    let signal = |i: usize, t: usize| if i % 2 == 1 && t == 20 { &wrong } else { &right };
    let error = batch
        .run(50, |i, t| LearningInputs { signal: signal(i, t) })
        .unwrap_err();
    let places: Vec<&str> = error.problems().iter().map(|problem| &*problem.place).collect();
    assert_eq!(places, ["[1].signal", "[3].signal"]);
    let text = error.to_string();
    assert!(text.contains("12") && text.contains('5'), "{text}");
    let mut alone = seeded(5);
    alone.run(20, |_| LearningInputs { signal: &right });
    assert_eq!(snapshot(&batch[1]), snapshot(&alone));
    alone.run(30, |_| LearningInputs { signal: &right });
    assert_eq!(snapshot(&batch[2]), snapshot(&alone));
}

#[test]
fn a_batch_that_cannot_be_built_tells_the_problems_of_all_its_networks() {
    let build = |i: usize| {
        let mut config = Learning::config();
        if i != 1 {
            config.pool.soma.potential_tau = Init::from(Ms(-1.0));
        }
        Learning::build(
            config,
            LearningShapes {
                signal: Shape::from(12),
            },
        )
    };
    let error = Batch::new(3, build).map(|_| ()).unwrap_err();
    let places: Vec<&str> = error.problems().iter().map(|problem| &*problem.place).collect();
    assert!(
        places.len() >= 2 && places.iter().all(|place| !place.starts_with("[1]")),
        "{places:?}"
    );
    assert!(
        places[0].starts_with("[0].") && places.last().unwrap().starts_with("[2]."),
        "{places:?}"
    );
}

#[register_config]
struct UniqueConfig {}

/// A module that holds what cannot be copied.
#[derive(Stateful)]
struct Unique;

#[register_module(config = UniqueConfig, path = "Interfaces/Input")]
impl Unique {
    fn build(_config: &UniqueConfig, _ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
        Ok(Unique)
    }

    fn step(&mut self, signal: In<FloatArray>, #[shape(signal)] same: Out<FloatArray>) {
        same.as_mut_slice().copy_from_slice(signal.as_slice());
    }
}

network! {
    brain Holding(signal: FloatArray[2]) -> (same: FloatArray[2]) {
        unique = Unique;
        signal      -> unique.signal;
        unique.same -> same;
    }
}

#[test]
fn a_module_that_is_not_clone_is_named_with_its_place() {
    let error = Batch::of(&Holding::new().unwrap(), 2).map(|_| ()).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("unique: a `Unique` cannot be copied") && text.contains("derive `Clone`"),
        "{text}"
    );
    let mut batch = Batch::new(2, |_| Holding::new()).unwrap();
    let signal = FloatArray::from([1.0, 2.0]);
    batch.step(|_| HoldingInputs { signal: &signal }).unwrap();
    assert_eq!(batch[1].outputs().same.as_slice(), [1.0, 2.0]);
}

#[test]
fn an_empty_batch_does_nothing() {
    let mut batch = Batch::of(&seeded(0), 0).unwrap().with_threads(0);
    assert_eq!((batch.len(), batch.threads()), (0, 1));
    assert_eq!(batch.map(|i, _| i), [0; 0]);
}

#[test]
fn what_a_closure_gives_comes_back_in_order() {
    let mut batch = Batch::of(&seeded(0), 7).unwrap().with_threads(3);
    assert_eq!(batch.map(|i, _| i), [0, 1, 2, 3, 4, 5, 6]);
    let copy: Learning = batch[0].duplicate().unwrap();
    assert_eq!(snapshot(&copy), snapshot(&batch[6]));
}
