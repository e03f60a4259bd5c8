//! A population so large that the updates of its kernel wait: nobody notices.

use spark::prelude::*;
use spark::{merge, snapshot, split};

network! {
    /// The smallest number of synapses of which updates wait.
    brain Large(signal: FloatArray[1024]) -> (spikes: SpikeArray[512]) {
        seed = 5;

        spiker = PoissonSpiker { max_freq: 60Hz };
        pool   = LIFNeuron {
            units: [512], inhibitory_rate: 0.2,
            synapses.kernel: SparseUniformInitializer { scale: 100.0 },
        };
        signal          -> spiker.signal;
        spiker.spikes   -> pool.in_spikes;
        pool.out_spikes -> spikes;
    }
}

/// Drives the brain in bursts; gives which units spiked.
fn drive(brain: &mut Large, steps: std::ops::Range<usize>, mut watch: impl FnMut(&Large)) -> Vec<Vec<u32>> {
    let [loud, silent] = [1.0, 0.0].map(|signal| FloatArray::filled(1024, signal));
    steps
        .map(|step| {
            let signal = if step % 40 < 25 { &loud } else { &silent };
            let spikes = brain.step(LargeInputs { signal }).spikes.indices().to_vec();
            watch(brain);
            spikes
        })
        .collect()
}

const WEIGHTS: &str = "pool/synapses/weights/kernel/deferred/weights";

#[test]
fn the_halves_of_a_large_population_are_one_run_to_the_bit() {
    let mut whole = Large::new().unwrap();
    let expected = drive(&mut whole, 0..160, |_| ());
    assert!(expected.iter().any(|spikes| !spikes.is_empty()), "units spike");

    let mut first = Large::new().unwrap();
    let mut found = drive(&mut first, 0..90, |_| ());
    let state = split(first).1;
    let new = snapshot(&Large::new().unwrap());
    assert_ne!(state.map().get(WEIGHTS), new.get(WEIGHTS), "updates wait");
    // Into a network that has not run yet.
    let mut second = merge(split(Large::new().unwrap()).0, state).unwrap();
    found.extend(drive(&mut second, 90..120, |_| ()));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.spark");
    second.save(&file).unwrap();
    let mut second = Large::load(&file).unwrap();
    found.extend(drive(&mut second, 120..160, |_| ()));
    assert_eq!(found, expected);
    assert_eq!(snapshot(&second), snapshot(&whole));
}

#[test]
fn who_reads_a_large_kernel_in_every_step_changes_nothing() {
    let mut unread = Large::new().unwrap();
    let expected = drive(&mut unread, 0..60, |_| ());
    let mut read = Large::new().unwrap();
    let mut kernels = Vec::new();
    let found = drive(&mut read, 0..60, |brain| {
        let state = snapshot(brain);
        kernels.push(state.get("pool/synapses/weights/kernel").unwrap().value.clone());
    });
    assert_eq!(found, expected);
    assert_eq!(snapshot(&read), snapshot(&unread));
    assert_ne!(kernels.first(), kernels.last());
}

#[test]
fn a_new_state_makes_a_large_population_that_ran_a_new_one() {
    let mut brain = Large::new().unwrap();
    let new = snapshot(&brain);
    let expected = drive(&mut brain, 0..50, |_| ());
    spark::restore(&mut brain, new.clone()).unwrap();
    assert_eq!(snapshot(&brain), new);
    assert_eq!(drive(&mut brain, 0..50, |_| ()), expected);
}
