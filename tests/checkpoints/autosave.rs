//! Saving every so many steps, and going on after a restart.

use std::path::Path;

use spark::checkpoint::{Autosave, Checkpoint};
use spark::prelude::*;
use spark::snapshot;

use crate::support::pool;

fn names(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn name(step: u64) -> String {
    format!("pool-{step:012}.safetensors")
}

fn run(pool: &mut LIFNeuron, autosave: &mut Autosave, until: u64) {
    let volley = SpikeArray::from_indices(5, 0..5).unwrap();
    while autosave.step() < until {
        pool.step(LIFNeuronInputs { in_spikes: &volley });
        autosave.tick(pool).unwrap();
    }
}

#[test]
fn the_newest_files_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut autosave = Autosave::new(folder.path().join("runs/pool.safetensors"), 10, 3);
    run(&mut pool(), &mut autosave, 65);
    assert_eq!(
        names(&folder.path().join("runs")),
        [40, 50, 60].map(name),
        "the folder is made, too"
    );
}

#[test]
fn a_program_that_starts_again_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.safetensors");
    let mut whole = pool();
    run(
        &mut whole,
        &mut Autosave::new(folder.path().join("whole"), 0, 1),
        90,
    );

    run(&mut pool(), &mut Autosave::new(&path, 10, 2), 57);
    let mut autosave = Autosave::new(&path, 10, 2);
    let newest = autosave.latest().unwrap().unwrap();
    assert_eq!(
        (newest.clone(), autosave.step()),
        (folder.path().join(name(50)), 50)
    );
    assert_eq!(Checkpoint::read(&newest).unwrap().notes["step"], "50");
    let mut again = LIFNeuron::load(newest).unwrap();
    run(&mut again, &mut autosave, 90);
    assert_eq!(snapshot(&again), snapshot(&whole));
    assert_eq!(names(folder.path()), [80, 90].map(name));
}

#[test]
fn files_that_are_not_intact_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.safetensors");
    run(&mut pool(), &mut Autosave::new(&path, 10, 4), 40);
    std::fs::write(folder.path().join(name(40)), "half a").unwrap();
    let damaged = folder.path().join(name(30));
    let mut bytes = std::fs::read(&damaged).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    let mut autosave = Autosave::new(&path, 10, 4);
    assert_eq!(autosave.latest().unwrap(), Some(folder.path().join(name(20))));
    assert_eq!(autosave.step(), 20);
}

#[test]
fn where_nothing_was_saved_nothing_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut autosave = Autosave::new(folder.path().join("no/such/folder/pool"), 10, 1);
    assert_eq!(autosave.latest().unwrap(), None);
    std::fs::write(folder.path().join(name(7)), "not one").unwrap();
    let mut autosave = Autosave::new(folder.path().join("pool.safetensors"), 10, 1);
    assert_eq!((autosave.latest().unwrap(), autosave.step()), (None, 0));
}

#[test]
fn files_of_other_names_and_of_later_steps_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.safetensors");
    let others = [
        name(1000),
        "pool-0000.safetensors".to_owned(),
        "pool-000000000005.txt".to_owned(),
        "pool-best.safetensors".to_owned(),
        "spool-000000000005.safetensors".to_owned(),
    ];
    for other in &others {
        std::fs::write(folder.path().join(other), "mine").unwrap();
    }
    run(&mut pool(), &mut Autosave::new(&path, 10, 1), 30);
    let mut expected = others.to_vec();
    expected.push(name(30));
    expected.sort();
    assert_eq!(names(folder.path()), expected);
}

#[test]
fn the_newest_file_is_kept_even_if_none_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut autosave = Autosave::new(folder.path().join("pool.safetensors"), 10, 0);
    run(&mut pool(), &mut autosave, 30);
    assert_eq!(names(folder.path()), [name(30)]);
}

#[test]
fn saving_by_hand_only_is_possible() {
    let folder = tempfile::tempdir().unwrap();
    let mut autosave = Autosave::new(folder.path().join("pool"), 0, 2);
    let mut pool = pool();
    run(&mut pool, &mut autosave, 30);
    assert_eq!(names(folder.path()), Vec::<String>::new());
    let path = autosave.save(&pool).unwrap();
    assert_eq!(path, folder.path().join(name(30)));
}

#[test]
fn what_is_no_network_is_saved_by_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let mut autosave = Autosave::new(folder.path().join("pool.safetensors"), 2, 1);
    for _ in 0..5 {
        autosave
            .tick_with(|| Checkpoint::of_state("mine", snapshot(&pool())))
            .unwrap();
    }
    let newest = autosave.latest().unwrap().unwrap();
    assert_eq!(Checkpoint::read(newest).unwrap().state, snapshot(&pool()));
}
