//! State leaves a network and comes back: two halves are one run, on any thread.

use spark::Real;
use spark::{Filter, FloatArray, StateMap, VariableKind, merge, split, split_with};

use crate::brains::{PushPull, PushPullInputs, PushPullShapes, PushPullState};
use crate::recorded::fixture;

fn build() -> PushPull {
    let config =
        crate::brains::PushPullConfig::from_file(fixture("goldens/models/ab_brain_small/model.scfg"))
            .unwrap();
    let shapes = PushPullShapes {
        signal: [1].into(),
        mod_a_ex: [1].into(),
        mod_b_ex: [1].into(),
        mod_a_in: [1].into(),
        mod_b_in: [1].into(),
    };
    PushPull::build(config, shapes).unwrap()
}

/// Drives the brain with a signal that depends on the step alone; gives what it did.
fn drive(brain: &mut PushPull, steps: std::ops::Range<usize>) -> Vec<Real> {
    let mut actions = Vec::new();
    for step in steps {
        let signal = FloatArray::from([(step as Real * 0.05).sin()]);
        let modulation = FloatArray::from([0.01 * (step as Real * 0.02).cos()]);
        let out = brain.step(PushPullInputs {
            signal: &signal,
            mod_a_ex: &modulation,
            mod_b_ex: &modulation,
            mod_a_in: &modulation,
            mod_b_in: &modulation,
        });
        actions.extend_from_slice(out.action.as_slice());
    }
    actions
}

#[test]
fn split_and_merge_in_the_middle_change_nothing() {
    let mut whole = build();
    let expected = drive(&mut whole, 0..1000);
    assert!(expected.iter().any(|&x| x != 0.0), "the brain does something");

    let mut half = build();
    let mut found = drive(&mut half, 0..500);
    let (graph, state) = split(half);
    let mut half = merge(graph, state).unwrap();
    found.extend(drive(&mut half, 500..1000));
    assert_eq!(found, expected);
}

#[test]
fn state_moved_to_another_thread_goes_on_the_same() {
    let mut whole = build();
    let expected = drive(&mut whole, 0..400);

    let mut half = build();
    let mut found = drive(&mut half, 0..200);
    let (_, state): (_, PushPullState) = split(half);
    let rest = std::thread::spawn(move || {
        let (graph, _) = split(build());
        let mut brain = merge(graph, state).unwrap();
        drive(&mut brain, 200..400)
    });
    found.extend(rest.join().unwrap());
    assert_eq!(found, expected);
}

#[test]
fn state_in_parts_by_filter_comes_back_whole() {
    let mut whole = build();
    let expected = drive(&mut whole, 0..300);

    let mut half = build();
    let mut found = drive(&mut half, 0..150);
    let (graph, [learned, random, rest]) = split_with(
        half,
        [
            Filter::Kind(VariableKind::Learned),
            Filter::path("**/rng"),
            Filter::Rest,
        ],
    )
    .unwrap();
    assert!(
        learned.paths().all(|path| path.contains("kernel")),
        "{:?}",
        learned.paths().collect::<Vec<_>>()
    );
    assert!(!learned.is_empty() && !random.is_empty() && !rest.is_empty());
    let mut half = merge(graph, [random, learned, rest]).unwrap();
    found.extend(drive(&mut half, 150..300));
    assert_eq!(found, expected);
}

#[test]
fn state_survives_serde() {
    let (_, state) = split(build());
    let text = serde_json::to_string(state.map()).unwrap();
    let back: StateMap = serde_json::from_str(&text).unwrap();
    assert_eq!(&back, state.map());
}

#[test]
fn merge_lists_all_that_does_not_fit() {
    let (graph, state) = split(build());
    let mut map = state.into_map();
    let taken: Vec<String> = map.paths().take(2).map(str::to_owned).collect();
    for path in &taken {
        map.remove(path);
    }
    map.insert_f32("nobody/knows", ndarray::arr1(&[1.0]).into_dyn());
    let error = merge(graph, map).err().unwrap().to_string();
    for path in taken.iter().map(String::as_str).chain(["nobody/knows"]) {
        assert!(error.contains(path), "{path} is missing in: {error}");
    }
}

#[test]
fn reset_all_is_the_state_after_build() {
    let mut brain = build();
    let first = drive(&mut brain, 0..200);
    brain.reset_all().unwrap();
    assert_eq!(drive(&mut brain, 0..200), first);
}

#[test]
fn reset_twice_is_reset_once() {
    let mut brain = build();
    drive(&mut brain, 0..100);
    brain.reset();
    let once = spark::snapshot(&brain);
    brain.reset();
    assert_eq!(spark::snapshot(&brain), once);
}
