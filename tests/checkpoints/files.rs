//! What is written comes back: every type, every shape, kinds and notes.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use spark::checkpoint::{Checkpoint, Input, ModuleKind, restore_state, save_state};
use spark::core::array::Element;
use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;
use spark::{StateArray, StateEntry, snapshot};

use crate::support::pool;

fn back(checkpoint: &Checkpoint) -> Checkpoint {
    Checkpoint::from_bytes(&checkpoint.to_bytes().unwrap(), Path::new("")).unwrap()
}

#[test]
fn a_file_says_what_it_is_of() {
    let mut checkpoint = Checkpoint::of(&pool());
    checkpoint.notes.insert("reward".to_owned(), "0.75".to_owned());
    let read = back(&checkpoint);
    assert_eq!(read, checkpoint);
    assert_eq!((read.name.as_str(), read.kind), ("LIFNeuron", ModuleKind::Neuron));
    let input = Input {
        name: "in_spikes".to_owned(),
        shape: Shape::from(5),
    };
    assert_eq!(read.inputs, [input]);
    assert_eq!(read.notes["reward"], "0.75");
    assert_eq!(read.config, Some(pool().built_config().to_json().unwrap()));
}

#[test]
fn equal_models_give_equal_files() {
    let bytes = || Checkpoint::of(&pool()).to_bytes().unwrap();
    assert!(bytes() == bytes());
}

#[test]
fn numbers_are_written_in_the_precision_that_the_build_computes_in() {
    let state = back(&Checkpoint::of(&pool())).state;
    let potential = &state.get("soma/potential").unwrap().value;
    let expected = if size_of::<Real>() == 8 {
        Dtype::Float64
    } else {
        Dtype::Float32
    };
    assert_eq!(potential.dtype(), expected);
}

#[test]
fn kinds_and_notes_of_variables_come_back() {
    let mut checkpoint = Checkpoint::of_state("notes", StateMap::new());
    let entry = StateEntry {
        kind: VariableKind::Learned,
        value: StateArray::UInt64(ArrayD::from_elem(vec![], u64::MAX)),
        notes: BTreeMap::from([("unit".to_owned(), "\u{3bc}V \"\0".to_owned())]),
    };
    checkpoint.state.insert("a/b c/\u{e4}", entry);
    assert_eq!(back(&checkpoint), checkpoint);
}

#[test]
fn a_model_without_state_has_a_file() {
    let checkpoint = Checkpoint::of_state("empty", StateMap::new());
    assert_eq!(back(&checkpoint), checkpoint);
}

#[test]
fn a_module_alone_is_saved_and_restored() {
    #[derive(Stateful)]
    struct Alone {
        rates: Variable<FloatArray>,
        stream: Variable<Key>,
    }
    let alone = |rate, key| Alone {
        rates: Variable::new(FloatArray::filled(3, rate)).with_note("unit", "Hz"),
        stream: Variable::new(key),
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alone.safetensors");
    let mut first = alone(2.5, Key::from_seed(3));
    first.stream.next();
    save_state(&path, "Alone", snapshot(&first)).unwrap();
    let mut second = alone(0.0, Key::from_seed(0));
    restore_state(&path, &mut second).unwrap();
    assert_eq!(snapshot(&second), snapshot(&first));
    assert_eq!(second.stream.next(), first.stream.next());
}

#[test]
fn a_model_keeps_its_name_and_its_configuration() {
    let json = pool().built_config().to_json().unwrap();
    let config = ModelConfig::from_json(&json).unwrap();
    let model = Model::from_config(&config, &[("in_spikes", Shape::from(5))]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    model.save(&path).unwrap();
    let again = Model::load(&path).unwrap();
    assert_eq!(again.table().name, model.table().name);
    assert_eq!(
        again.config().to_json().unwrap(),
        model.config().to_json().unwrap()
    );
    assert_eq!(
        again.shapes().collect::<Vec<_>>(),
        model.shapes().collect::<Vec<_>>()
    );
}

#[test]
fn no_temporary_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    pool().save(folder.path().join("pool.safetensors")).unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["pool.safetensors"]);
}

/// An array of up to three sizes, some of them zero.
fn array<T: Element>(item: impl Strategy<Value = T> + Clone + 'static) -> BoxedStrategy<StateArray> {
    prop::collection::vec(0..4usize, 0..4)
        .prop_flat_map(move |sizes| {
            let count = sizes.iter().product::<usize>();
            prop::collection::vec(item.clone(), count)
                .prop_map(move |items| ArrayD::from_shape_vec(sizes.clone(), items).unwrap().into())
        })
        .boxed()
}

fn any_array() -> impl Strategy<Value = StateArray> {
    prop_oneof![
        array(any::<u32>().prop_map(f32::from_bits)),
        array(any::<u64>().prop_map(f64::from_bits)),
        array(any::<u8>()),
        array(any::<u16>()),
        array(any::<u32>()),
        array(any::<u64>()),
        array(any::<i32>()),
        array(any::<i64>()),
        array(any::<bool>()),
    ]
}

fn entry() -> impl Strategy<Value = StateEntry> {
    let kind = prop::sample::select(vec![
        VariableKind::Activity,
        VariableKind::Learned,
        VariableKind::Random,
    ]);
    let notes = prop::collection::btree_map("\\PC{0,8}", "\\PC{0,8}", 0..3);
    (any_array(), kind, notes).prop_map(|(value, kind, notes)| StateEntry { kind, value, notes })
}

proptest! {
    #[test]
    fn every_state_comes_back_to_the_bit(
        entries in prop::collection::btree_map("[a-z_/0-9\u{e4}]{1,12}", entry(), 0..8),
        notes in prop::collection::btree_map("\\PC{0,8}", "\\PC{0,20}", 0..3),
    ) {
        let mut checkpoint = Checkpoint::of_state("any", entries.into_iter().collect());
        checkpoint.notes = notes;
        let bytes = checkpoint.to_bytes().unwrap();
        let read = Checkpoint::from_bytes(&bytes, Path::new("")).unwrap();
        // NaN is equal to nothing: the bytes tell.
        prop_assert!(read.to_bytes().unwrap() == bytes);
        prop_assert_eq!(read.notes, checkpoint.notes);
        let same = read.state.iter().zip(checkpoint.state.iter()).all(|((path, read), (expected, entry))| {
            path == expected && read.kind == entry.kind && read.notes == entry.notes
                && read.value.dtype() == entry.value.dtype() && read.value.shape() == entry.value.shape()
        });
        prop_assert!(same && read.state.len() == checkpoint.state.len());
    }
}
