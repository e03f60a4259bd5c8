//! The forms of a model: as read, written and read again, saved in the middle of a run, reset.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use spark::checkpoint::Checkpoint;
use spark::nn::controllers::{Model, ModelConfig};
use spark::{Compat, REGISTRY, StateArray, StateMap, VariableKind};

use crate::dice::Dice;
use crate::drive::{bits, random};
use crate::network::RandomNetwork;

const STEPS: usize = 60;

/// A model as built from its file, and what it gives in a run.
fn run_of(network: &RandomNetwork, config: &ModelConfig) -> (Model, Vec<Vec<String>>) {
    let mut model = network.build(config);
    let outputs = network.run(&mut model, 0..STEPS);
    (model, outputs)
}

/// Other numbers in every variable of a model; its random streams stay.
fn scrambled(model: &Model, seed: u64) -> StateMap {
    let mut dice = Dice::new(seed);
    let mut state = spark::snapshot(model);
    let paths: Vec<String> = state.paths().map(str::to_owned).collect();
    for path in paths {
        let mut entry = state.remove(&path).unwrap();
        match &mut entry.value {
            StateArray::Float32(array) => array
                .iter_mut()
                .for_each(|x| *x = f32::from_bits(dice.next() as u32)),
            StateArray::Float64(array) => array.iter_mut().for_each(|x| *x = f64::from_bits(dice.next())),
            StateArray::Bool(array) => array.iter_mut().for_each(|x| *x = dice.chance(0.5)),
            StateArray::UInt16(array) => array.iter_mut().for_each(|x| *x = dice.next() as u16),
            StateArray::UInt32(array) if entry.kind != VariableKind::Random => {
                array
                    .iter_mut()
                    .for_each(|x| *x = dice.pick(&[0, 7, u32::MAX, u32::MAX / 2]));
            }
            StateArray::UInt64(array) => {
                array
                    .iter_mut()
                    .for_each(|x| *x = dice.pick(&[0, 7, u64::MAX, u64::MAX / 2]));
            }
            _ => {}
        }
        state.insert(path, entry);
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// A file of any kind gives the same run, to the bit.
    #[test]
    fn a_network_runs_the_same_from_its_file(seed: u64) {
        let network = random(seed);
        let config = network.config();
        let (model, outputs) = run_of(&network, &config);
        let folder = tempfile::tempdir().unwrap();
        for name in ["input.scfg", "input.json"] {
            let path = folder.path().join(name);
            config.to_file(&path).unwrap();
            let again = ModelConfig::from_file(&path).unwrap();
            prop_assert_eq!(again.to_json().unwrap(), config.to_json().unwrap());
            let (twin, found) = run_of(&network, &again);
            prop_assert_eq!(&found, &outputs);
            prop_assert!(bits(&twin) == bits(&model));
        }
    }

    /// A checkpoint in the middle of a run is no interruption.
    #[test]
    fn a_network_goes_on_from_its_checkpoint(seed: u64) {
        let network = random(seed);
        let (whole, outputs) = run_of(&network, &network.config());
        let mut half = network.build(&network.config());
        let mut found = network.run(&mut half, 0..STEPS / 2);
        let bytes = Checkpoint::of(&half).to_bytes().unwrap();
        let mut half: Model = Checkpoint::from_bytes(&bytes, Path::new("")).unwrap().build().unwrap();
        found.extend(network.run(&mut half, STEPS / 2..STEPS));
        prop_assert_eq!(found, outputs);
        prop_assert!(bits(&half) == bits(&whole));
    }

    /// With what was learned and the random streams put back, a run after a reset is the run before it.
    #[test]
    fn a_network_runs_the_same_after_a_reset(seed: u64) {
        let network = random(seed);
        let mut model = network.build(&network.config());
        model.reset();
        let begin = spark::snapshot(&model);
        let outputs = network.run(&mut model, 0..STEPS);
        model.reset();
        let mut state = spark::snapshot(&model);
        // What travels on the wires of a brain stays under `SparkSnn1`.
        let stays = |path: &str| path.starts_with("_cache/") && model.config().compat() == Compat::SparkSnn1;
        let kept = begin.iter().filter(|(path, entry)| entry.kind != VariableKind::Activity || stays(path));
        state.extend(kept.map(|(path, entry)| (path.to_owned(), entry.clone())));
        spark::restore(&mut model, state).unwrap();
        prop_assert_eq!(network.run(&mut model, 0..STEPS), outputs);
    }

    /// A state that nothing but a broken program can have made is run on, however senseless: there is no panic.
    #[test]
    fn a_network_runs_on_from_any_state(seed: u64, other: u64) {
        let network = random(seed);
        let mut model = network.build(&network.config());
        let state = scrambled(&model, other);
        spark::restore(&mut model, state).unwrap();
        network.run(&mut model, 0..STEPS);
    }

    /// Whatever a state holds, NaN among it, a checkpoint holds it.
    #[test]
    fn a_state_of_any_numbers_comes_back_from_its_checkpoint(seed: u64, other: u64) {
        let network = random(seed);
        let mut model = network.build(&network.config());
        network.run(&mut model, 0..5);
        let state = scrambled(&model, other);
        spark::restore(&mut model, state).unwrap();
        let bytes = Checkpoint::of(&model).to_bytes().unwrap();
        let again: Model = Checkpoint::from_bytes(&bytes, Path::new("")).unwrap().build().unwrap();
        prop_assert!(bits(&again) == bits(&model));
        prop_assert!(Checkpoint::of(&again).to_bytes().unwrap() == bytes);
    }
}

/// The networks are worth the name: all modules are among them, and they do something.
#[test]
fn random_networks_are_of_all_modules_and_fire() {
    fn collect(json: &serde_json::Value, classes: &mut BTreeSet<String>) {
        for node in json["modules_specs"].as_array().into_iter().flatten() {
            let node = &node["__data__"];
            classes.insert(node["module_cls"]["__module_type__"].as_str().unwrap().to_owned());
            collect(&node["config"], classes);
        }
    }
    let mut classes = BTreeSet::new();
    let mut active = 0;
    let count = 200;
    for seed in 0..count {
        let network = random(seed);
        collect(&network.json["__cfg__"], &mut classes);
        let (_, outputs) = run_of(&network, &network.config());
        let distinct: BTreeSet<&Vec<String>> = outputs.iter().collect();
        active += usize::from(distinct.len() > STEPS / 4);
    }
    let modules = REGISTRY
        .modules()
        .iter()
        .filter(|entry| entry.place.origin.starts_with("spark::"));
    let neurons = REGISTRY
        .neurons()
        .iter()
        .filter(|entry| entry.place.origin.starts_with("spark::"));
    let known = modules.chain(neurons).map(|entry| entry.table);
    let missing: Vec<&str> = known
        .filter(|table| !classes.contains(table.class) && !classes.contains(table.key))
        .map(|table| table.name)
        .collect();
    assert!(missing.is_empty(), "no network has {missing:?}");
    assert!(active > count as usize / 2, "{active} of {count} do something");
}
