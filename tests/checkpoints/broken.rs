//! What is broken or of another model is refused, each defect with its code, and never half used.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use spark::checkpoint::{Checkpoint, CheckpointError, restore_state, save_state};
use spark::nn::controllers::Model;
use spark::prelude::*;
use spark::snapshot;

use crate::support::{File, bytes, codes, framed, pool};

/// A file that was changed, with the checksum that belongs to the change.
fn forged(change: impl FnOnce(&mut File)) -> Vec<u8> {
    let mut file = File::of(&bytes());
    change(&mut file);
    file.sealed()
}

/// A file that was changed, with the checksum of the file before.
fn altered(change: impl FnOnce(&mut File)) -> Vec<u8> {
    let mut file = File::of(&bytes());
    change(&mut file);
    file.bytes()
}

/// The codes of a checkpoint whose state was changed before it was written.
fn codes_of_state(change: impl FnOnce(&mut StateMap)) -> Vec<&'static str> {
    let mut checkpoint = Checkpoint::of(&pool());
    change(&mut checkpoint.state);
    codes(&checkpoint.to_bytes().unwrap())
}

#[test]
fn an_intact_file_has_no_problem_and_its_checksum_is_the_documented_one() {
    assert_eq!(codes(&bytes()), Vec::<&str>::new());
    let file = File::of(&bytes());
    assert_eq!(file.metadata["spark.crc32"], file.checksum());
    assert!(forged(|_| ()) == bytes());
}

#[test]
fn a_file_without_a_whole_length_is_cut_off() {
    assert_eq!(codes(b""), ["SPK101"]);
    assert_eq!(codes(&bytes()[..5]), ["SPK101"]);
    assert_eq!(codes(&bytes()[..8]), ["SPK101"]);
}

#[test]
fn a_file_without_its_whole_header_is_cut_off() {
    assert_eq!(codes(&bytes()[..100]), ["SPK101"]);
}

#[test]
fn a_file_without_all_its_data_is_cut_off() {
    let bytes = bytes();
    assert_eq!(codes(&bytes[..bytes.len() - 1]), ["SPK101"]);
}

#[test]
fn a_file_with_bytes_behind_its_end_is_refused() {
    let mut bytes = bytes();
    bytes.push(0);
    assert_eq!(codes(&bytes), ["SPK101"]);
}

#[test]
fn a_file_of_anything_else_is_no_checkpoint() {
    assert_eq!(codes(b"\x89PNG\r\n\x1a\n and so on"), ["SPK100"]);
    assert_eq!(codes(&[0; 64]), ["SPK100"]);
}

#[test]
fn a_model_file_is_no_checkpoint_and_the_message_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.scfg", "model.json"] {
        let path = folder.path().join(name);
        let mut config = LIFNeuron::config();
        config.units = [2].into();
        config.to_file(&path).unwrap();
        let error = LIFNeuron::load(&path).err().unwrap();
        assert_eq!(error.problems()[0].code, "SPK100");
        assert!(error.to_string().contains("from_file"), "{error}");
    }
}

#[test]
fn a_file_of_another_program_is_no_checkpoint() {
    let header = r#"{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    assert_eq!(codes(&framed(header, &[0; 4])), ["SPK100"]);
    let header = r#"{"__metadata__":{"format":"pt"}}"#;
    assert_eq!(codes(&framed(header, &[])), ["SPK100"]);
}

#[test]
fn a_header_that_claims_to_be_huge_is_refused_before_it_is_read() {
    let mut bytes = bytes();
    bytes[..8].copy_from_slice(&(1u64 << 40).to_le_bytes());
    assert_eq!(codes(&bytes), ["SPK104"]);
    bytes[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(codes(&bytes), ["SPK104"]);
}

#[test]
fn a_header_that_is_no_json_is_damaged() {
    assert_eq!(codes(&framed("{ nothing }", &[])), ["SPK102"]);
    assert_eq!(codes(&framed("{", &[])), ["SPK102"]);
    let mut bytes = bytes();
    bytes[20] = 0xff;
    assert_eq!(codes(&bytes), ["SPK102"], "no UTF-8");
}

#[test]
fn a_header_that_nests_without_end_is_damaged() {
    let header = format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000));
    assert_eq!(codes(&framed(&header, &[])), ["SPK102"]);
}

#[test]
fn a_changed_number_is_damage() {
    let changed = altered(|file| file.bytes_of("soma/potential")[1] ^= 4);
    assert_eq!(codes(&changed), ["SPK102"]);
}

#[test]
fn a_changed_letter_of_the_configuration_is_damage() {
    let changed = altered(|file| {
        let config = file.metadata["spark.config"]
            .as_str()
            .unwrap()
            .replacen('1', "3", 1);
        file.say("spark.config", &config);
    });
    assert_eq!(codes(&changed), ["SPK102"]);
}

#[test]
fn a_changed_checksum_is_damage() {
    assert_eq!(
        codes(&altered(|file| file.say("spark.crc32", "00000000"))),
        ["SPK102"]
    );
}

#[test]
fn swapped_tensors_are_damage() {
    let changed = altered(|file| {
        let (first, second) = ("soma/potential", "soma/rng");
        let (mut a, mut b) = (file.tensors[first].clone(), file.tensors[second].clone());
        std::mem::swap(&mut a, &mut b);
        file.tensors.insert(first.to_owned(), a);
        file.tensors.insert(second.to_owned(), b);
    });
    assert_eq!(codes(&changed), ["SPK102"]);
}

#[test]
fn tensors_that_overlap_or_leave_gaps_are_damage() {
    let header = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#;
    assert_eq!(codes(&framed(header, &[0; 6])), ["SPK102"]);
    let header = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#;
    assert_eq!(codes(&framed(header, &[0; 6])), ["SPK102"]);
}

#[test]
fn a_shape_that_does_not_fit_its_bytes_is_damage() {
    let header = r#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}"#;
    assert_eq!(codes(&framed(header, &[0; 4])), ["SPK102"]);
    let header = r#"{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,4]}}"#;
    assert_eq!(codes(&framed(header, &[0; 4])), ["SPK102"]);
}

#[test]
fn a_tensor_larger_than_memory_is_refused_before_it_is_read() {
    for (size, code) in [(1 << 60, "SPK101"), (usize::MAX - 4, "SPK102")] {
        let header = format!(r#"{{"a":{{"dtype":"U8","shape":[{size}],"data_offsets":[0,{size}]}}}}"#);
        assert_eq!(codes(&framed(&header, &[0; 6])), [code]);
    }
}

#[test]
fn a_format_of_the_future_is_told_as_such() {
    assert_eq!(codes(&altered(|file| file.say("spark.format", "2"))), ["SPK103"]);
}

#[test]
fn a_file_without_a_checksum_is_refused() {
    let changed = altered(|file| drop(file.metadata.shift_remove("spark.crc32")));
    assert_eq!(codes(&changed), ["SPK105"]);
}

#[test]
fn all_entries_that_the_metadata_lacks_are_told() {
    let keys = [
        "spark.version",
        "spark.name",
        "spark.kind",
        "spark.compat",
        "spark.inputs",
        "spark.variables",
    ];
    let changed = forged(|file| keys.iter().for_each(|key| drop(file.metadata.shift_remove(*key))));
    assert_eq!(codes(&changed), ["SPK105"; 6]);
}

#[test]
fn all_entries_that_cannot_be_read_are_told() {
    let changed = forged(|file| {
        file.say("spark.kind", "cortex");
        file.say("spark.compat", "Spark2");
        file.say("spark.config", "{");
        file.say("spark.inputs", r#"{"in_spikes": [-5]}"#);
        file.say("spark.variables", "[]");
    });
    assert_eq!(codes(&changed), ["SPK105"; 5]);
}

#[test]
fn a_tensor_that_the_metadata_does_not_know_is_refused() {
    let changed = forged(|file| {
        let mut variables = file.json("spark.variables");
        variables.as_object_mut().unwrap().shift_remove("soma/potential");
        file.say("spark.variables", &variables.to_string());
    });
    assert_eq!(codes(&changed), ["SPK105"]);
}

#[test]
fn a_variable_without_a_tensor_is_refused() {
    let changed = forged(|file| {
        let mut variables = file.json("spark.variables");
        variables["soma/ghost"] = json!({ "kind": "Activity" });
        file.say("spark.variables", &variables.to_string());
    });
    assert_eq!(codes(&changed), ["SPK105"]);
}

#[test]
fn a_truth_value_that_is_neither_is_refused() {
    let mut checkpoint = Checkpoint::of(&pool());
    checkpoint
        .state
        .insert_bool("flags", ArrayD::from_elem(vec![3], true));
    let mut file = File::of(&checkpoint.to_bytes().unwrap());
    file.bytes_of("flags")[1] = 2;
    assert_eq!(codes(&file.sealed()), ["SPK111"]);
}

#[test]
fn numbers_that_no_state_holds_are_refused() {
    let changed = forged(|file| {
        let tensor = &mut file.tensors["soma/potential"];
        let sizes = tensor["shape"].as_array().unwrap().len();
        assert_eq!(sizes, 1);
        let bytes = tensor["data_offsets"][1].as_u64().unwrap() - tensor["data_offsets"][0].as_u64().unwrap();
        tensor["dtype"] = json!("F16");
        tensor["shape"] = json!([bytes / 2]);
    });
    assert_eq!(codes(&changed), ["SPK111"]);
}

#[test]
fn a_state_without_a_configuration_builds_no_network() {
    let state = Checkpoint::of_state("LIFNeuron", snapshot(&pool()));
    assert_eq!(codes(&state.to_bytes().unwrap()), ["SPK106"]);
}

#[test]
fn a_checkpoint_of_another_network_is_refused_with_all_that_differs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.safetensors");
    pool().save(&path).unwrap();
    let error = ALIFNeuron::load(&path).err().unwrap();
    assert!(!error.problems().is_empty());
    assert!(
        error.problems().iter().all(|problem| problem.code == "SPK106"),
        "{error}"
    );
    assert!(error.to_string().contains("/modules_specs/"), "{error}");
}

#[test]
fn a_network_with_other_inputs_is_refused() {
    let changed = forged(|file| file.say("spark.inputs", r#"{"stimulus": [5]}"#));
    assert_eq!(codes(&changed), ["SPK106", "SPK106"]);
}

#[test]
fn a_module_that_is_not_registered_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.safetensors");
    let changed = forged(|file| {
        let config = file.metadata["spark.config"].as_str().unwrap();
        let config = config.replace("\"leaky_soma\"", "\"sleaky_soma\"");
        let config = config.replace("\"LeakySoma\"", "\"SleakySoma\"");
        let config = config.replace("RefractoryLeakySoma", "RefractorySleakySoma");
        let config = config.replace("refractory_leaky_soma\"", "refractory_sleaky_soma\"");
        file.say("spark.config", &config);
    });
    std::fs::write(&path, changed).unwrap();
    let error = Model::load(&path).err().unwrap();
    assert!(
        error.problems().iter().any(|problem| problem.code == "SPK097"),
        "{error}"
    );
}

#[test]
fn a_missing_variable_is_named() {
    assert_eq!(
        codes_of_state(|state| drop(state.remove("soma/potential"))),
        ["SPK107"]
    );
}

#[test]
fn a_surplus_variable_is_named() {
    assert_eq!(
        codes_of_state(|state| state.insert_f32("soma/ghost", ArrayD::zeros(vec![3]))),
        ["SPK108"]
    );
}

#[test]
fn a_variable_of_another_type_is_named() {
    assert_eq!(
        codes_of_state(|state| state.insert_u8("soma/potential", ArrayD::zeros(vec![3]))),
        ["SPK109"]
    );
}

#[test]
fn a_variable_of_another_shape_is_named() {
    let potential = ArrayD::<Real>::zeros(vec![4]);
    assert_eq!(
        codes_of_state(|state| state.insert_array("soma/potential", VariableKind::Activity, potential)),
        ["SPK110"]
    );
}

#[test]
fn all_misfits_are_told_at_once_and_the_model_stays_as_it_was() {
    let mut state = snapshot(&pool());
    state.remove("soma/potential");
    state.insert_f32("soma/ghost", ArrayD::zeros(vec![3]));
    state.insert_u8("synapses/weights/kernel", ArrayD::zeros(vec![3]));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.safetensors");
    save_state(&path, "LIFNeuron", state).unwrap();
    let mut pool = pool();
    let before = snapshot(&pool);
    let error = restore_state(&path, &mut pool).unwrap_err();
    let codes: Vec<&str> = error.problems().iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["SPK107", "SPK109", "SPK108"]);
    let text = error.to_string();
    for part in [
        "state.safetensors",
        "soma/potential: SPK107",
        "soma/ghost: SPK108",
        "synapses/weights/kernel: SPK109",
        "found: uint8 [3]",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert_eq!(snapshot(&pool), before);
}

network! {
    /// The Python package's files cannot say that an output is a property.
    brain Probe(current: CurrentArray[2]) -> (potential: PotentialArray[2]) {
        soma = LeakySoma;
        current          -> soma.current;
        soma.potential() -> potential;
    }
}

#[test]
fn what_the_files_cannot_say_is_loaded_by_the_declared_network_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("probe.safetensors");
    let mut probe = Probe::new().unwrap();
    let current = CurrentArray::from([100.0, 300.0]);
    probe.run(7, |_| ProbeInputs { current: &current });
    probe.save(&path).unwrap();
    let mut again = Probe::load(&path).unwrap();
    probe.step(ProbeInputs { current: &current });
    again.step(ProbeInputs { current: &current });
    assert_eq!(again.outputs().potential, probe.outputs().potential);
    let error = Model::load(&path).err().unwrap();
    assert_eq!(error.problems()[0].code, "SPK112", "{error}");
    assert!(error.to_string().contains("Probe.potential"), "{error}");
}

#[test]
fn a_state_that_cannot_be_written_leaves_the_file_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.safetensors");
    save_state(&path, "first", snapshot(&pool())).unwrap();
    let before = std::fs::read(&path).unwrap();
    let mut state = StateMap::new();
    state.insert_f32("__metadata__", ArrayD::zeros(vec![3]));
    let error = save_state(&path, "second", state).unwrap_err();
    assert_eq!(error.problems()[0].code, "SPK113");
    assert!(std::fs::read(&path).unwrap() == before);
}

#[test]
fn what_the_system_refuses_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.safetensors");
    let error = LIFNeuron::load(&missing).err().unwrap();
    assert!(matches!(error, CheckpointError::File(_)));
    assert_eq!(error.path(), missing);
    let nowhere = folder.path().join("no/such/folder/x.safetensors");
    assert!(
        pool()
            .save(&nowhere)
            .unwrap_err()
            .to_string()
            .contains("no/such/folder")
    );
    assert!(
        pool()
            .save(folder.path())
            .unwrap_err()
            .to_string()
            .contains("directory")
    );
}

#[test]
fn every_code_of_checkpoints_is_shown_here() {
    let source = include_str!("broken.rs");
    let codes = spark_ir::diagnostic::CODES.iter().map(|(code, _)| *code);
    let silent: Vec<&str> = codes
        .filter(|code| *code >= "SPK100" && !source.contains(&format!("\"{code}\"")))
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

proptest! {
    #[test]
    fn no_bit_can_change_unseen(place in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut bytes = bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        prop_assert_ne!(codes(&bytes), Vec::<&str>::new(), "byte {}", place);
    }

    #[test]
    fn no_part_of_a_file_is_taken_for_the_whole(end in any::<prop::sample::Index>()) {
        let bytes = bytes();
        prop_assert_ne!(codes(&bytes[..end.index(bytes.len())]), Vec::<&str>::new());
    }

    #[test]
    fn no_bytes_do_harm(header in "\\PC{0,200}", length in any::<u16>(), data in prop::collection::vec(any::<u8>(), 0..64)) {
        let mut bytes = framed(&format!("{{{header}"), &data);
        let _ = Checkpoint::from_bytes(&bytes, Path::new(""));
        bytes[..2].copy_from_slice(&length.to_le_bytes());
        let _ = Checkpoint::from_bytes(&bytes, Path::new(""));
    }

    #[test]
    fn no_metadata_does_harm(
        key in prop::sample::select(vec!["spark.config", "spark.inputs", "spark.variables", "spark.kind", "spark.compat", "spark.declared_only"]),
        text in prop_oneof!["\\PC{0,60}", Just("null".to_owned()), Just("[[]]".to_owned()), Just(Value::from(1e300).to_string())],
    ) {
        let _ = codes(&forged(|file| file.say(key, &text)));
    }
}
