//! What `spark parity` says, and how it ends.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

fn goldens() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/goldens")
}

fn module(name: &str) -> PathBuf {
    goldens().join(format!("modules/{name}.json"))
}

fn parity(files: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spark"))
        .arg("parity")
        .args(files)
        .output()
        .unwrap()
}

fn status(output: &Output) -> i32 {
    output
        .status
        .code()
        .expect("the command ended by itself, not by a signal")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A case that was changed, in a folder of its own.
struct Changed {
    _room: TempDir,
    file: PathBuf,
}

impl Changed {
    fn case(path: &Path, change: impl FnOnce(&mut Value)) -> Self {
        let mut case: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        change(&mut case);
        Changed::text(&case.to_string())
    }

    fn text(text: &str) -> Self {
        let room = tempfile::tempdir().unwrap();
        let file = room.path().join("case.json");
        std::fs::write(&file, text).unwrap();
        Changed { _room: room, file }
    }

    fn run(&self) -> Output {
        parity(&[&self.file])
    }
}

/// The run of a recorded neuron, changed, beside a copy of its `model.scfg`.
fn neuron(change: impl FnOnce(&Path, &mut Value)) -> (TempDir, PathBuf) {
    let from = goldens().join("models/lif_neuron");
    let room = tempfile::tempdir().unwrap();
    std::fs::copy(from.join("model.scfg"), room.path().join("model.scfg")).unwrap();
    let mut text = String::new();
    let packed = std::fs::File::open(from.join("run.json.gz")).unwrap();
    flate2::read::GzDecoder::new(packed)
        .read_to_string(&mut text)
        .unwrap();
    let mut run: Value = serde_json::from_str(&text).unwrap();
    change(room.path(), &mut run);
    let file = room.path().join("run.json");
    std::fs::write(&file, run.to_string()).unwrap();
    (room, file)
}

#[track_caller]
fn refused(output: &Output, place: &str) {
    assert_eq!(status(output), 2, "{}", said(output));
    assert!(said(output).contains(place), "`{place}` in: {}", said(output));
    assert_eq!(lines(output)[0]["summary"]["unreadable"], 1);
}

/// The report of the only case, which differs; what it says contains `word`.
#[track_caller]
fn differs(output: &Output, word: &str) -> Value {
    assert_eq!(status(output), 1, "{}", said(output));
    let report = lines(output).remove(0);
    assert_eq!(report["ok"], false);
    assert!(report["problems"][0].as_str().unwrap().contains(word), "{report}");
    report
}

#[test]
fn a_line_per_case_and_a_summary() {
    let output = parity(&[&module("soma_leaky_scalar_1d"), &module("delay_n2n_uniform_1d")]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    let lines = lines(&output);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["case"], "soma_leaky_scalar_1d");
    assert_eq!(lines[0]["class"], "LeakySoma");
    assert_eq!(lines[0]["ok"], true);
    assert_eq!(lines[0]["spikes_equal"], true);
    assert_eq!(lines[0]["first_spike_mismatch"], Value::Null);
    assert_eq!(lines[1]["class"], "N2NDelays");
    let summary = json!({"ok": 2, "failed": [], "informative": 0, "unreadable": 0});
    assert_eq!(lines[2], json!({ "summary": summary }));
}

#[test]
fn a_case_in_half_precision_does_not_decide() {
    let output = parity(&[&module("soma_leaky_f16_1d")]);
    assert_eq!(status(&output), 0);
    assert_eq!(lines(&output)[1]["summary"]["informative"], 1);
}

#[test]
fn a_model_is_replayed_with_the_file_beside_it() {
    let (_room, file) = neuron(|_, _| {});
    let output = parity(&[&file]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    assert_eq!(lines(&output)[0]["class"], "LIFNeuron");
}

#[test]
fn a_spike_that_was_not_recorded_is_a_difference_with_its_step_and_port() {
    let changed = Changed::case(&module("soma_leaky_scalar_1d"), |case| {
        case["outputs"]["spikes"]["spikes"][3] = json!([0, 1, 2]);
    });
    let report = differs(&changed.run(), "step 3");
    assert_eq!(report["spikes_equal"], false);
    assert_eq!(
        report["first_spike_mismatch"],
        json!({"step": 3, "port": "spikes"})
    );
}

#[test]
fn a_number_that_is_far_off_is_a_difference_that_names_the_element() {
    let changed = Changed::case(&module("syn_tracedsynapses_2d_arraytau"), |case| {
        case["outputs"]["currents"]["data"][2][1] = json!(1e6);
    });
    differs(&changed.run(), "element 1");
}

#[test]
fn a_state_that_is_another_is_a_difference() {
    let changed = Changed::case(&module("soma_leaky_scalar_1d"), |case| {
        case["state_after_build"]["rng"]["data"][0] = json!(1);
    });
    differs(&changed.run(), "`rng`");
}

#[test]
fn a_class_that_is_not_known_and_a_field_out_of_range_are_differences() {
    let unknown = Changed::case(&module("soma_leaky_scalar_1d"), |case| {
        case["class"] = json!("NoSoma")
    });
    differs(&unknown.run(), "NoSoma");
    let negative = Changed::case(&module("soma_leaky_scalar_1d"), |case| {
        case["config"]["potential_tau"] = json!(-1.0);
    });
    differs(&negative.run(), "potential_tau");
}

#[test]
fn an_input_that_does_not_feed_back_is_taken_from_every_step() {
    // The kernel of each step is what the rule gave in the step before: the same case, written in the other way.
    let changed = Changed::case(&module("plast_hebbianrule_async_scalar"), |case| {
        let mut kernels = case["outputs"]["kernel"]["data"].as_array().unwrap().clone();
        kernels.insert(0, case["inputs"]["kernel"]["data"][0].clone());
        kernels.pop();
        case["inputs"]["kernel"]["data"] = json!(kernels);
        case["feedback"] = json!({});
    });
    let output = changed.run();
    assert_eq!(status(&output), 0, "{:?}", lines(&output));
}

#[test]
fn a_negative_weight_that_comes_later_is_held_at_zero() {
    let changed = Changed::case(&module("plast_hebbianrule_async_scalar"), |case| {
        let steps = case["steps"].as_u64().unwrap() as usize;
        let count = case["inputs"]["kernel"]["data"][0].as_array().unwrap().len();
        let silent = json!(vec![json!([]); steps]);
        case["inputs"]["pre_spikes"]["spikes"] = silent.clone();
        case["inputs"]["post_spikes"]["spikes"] = silent;
        case["inputs"]["kernel"]["data"] = json!(vec![vec![-1; count]; steps]);
        case["outputs"]["kernel"]["data"] = json!(vec![vec![0; count]; steps]);
        case["feedback"] = json!({});
        case["states"] = json!({});
    });
    let output = changed.run();
    assert_eq!(status(&output), 0, "{:?}", lines(&output));
}

#[test]
fn a_file_that_is_missing_or_a_folder_cannot_be_read() {
    let room = tempfile::tempdir().unwrap();
    refused(&parity(&[&room.path().join("none.json")]), "none.json");
    refused(&parity(&[room.path()]), "cannot read");
}

#[test]
fn one_file_that_cannot_be_read_does_not_keep_the_others_from_being_replayed() {
    let output = parity(&[Path::new("none.json"), &module("soma_leaky_scalar_1d")]);
    assert_eq!(status(&output), 2);
    assert_eq!(lines(&output)[0]["ok"], true);
    assert_eq!(lines(&output)[1]["summary"]["ok"], 1);
}

#[test]
fn text_that_is_no_case_is_refused_with_its_place() {
    let text = std::fs::read_to_string(module("soma_leaky_scalar_1d")).unwrap();
    refused(&Changed::text(&text[..text.len() / 2]).run(), "line");
    refused(&Changed::text("").run(), "line 1");
    for other in ["[]", "{}", "3", "null", "\"case\""] {
        refused(&Changed::text(other).run(), "is no golden case");
    }
    refused(&Changed::text(&"[".repeat(10_000)).run(), "recursion");
}

#[test]
fn another_format_and_a_missing_key_are_refused() {
    let case = module("soma_leaky_scalar_1d");
    let format = Changed::case(&case, |case| case["format"] = json!("spark-golden/2"));
    refused(&format.run(), "spark-golden/1");
    for key in ["format", "case", "config", "steps", "inputs", "outputs"] {
        let without = Changed::case(&case, |case| {
            case.as_object_mut().unwrap().remove(key);
        });
        refused(&without.run(), key);
    }
}

#[test]
fn values_of_another_type_are_refused_with_their_place() {
    let case = module("soma_leaky_scalar_1d");
    let place = |change: fn(&mut Value), place: &str| refused(&Changed::case(&case, change).run(), place);
    place(|case| case["steps"] = json!("many"), "steps");
    place(|case| case["steps"] = json!(-1), "steps");
    place(|case| case["steps"] = json!(1e300), "steps");
    place(|case| case["steps"] = json!(0), "steps");
    place(|case| case["steps"] = json!(u64::MAX), "inputs.current");
    place(|case| case["config"] = json!([]), "config");
    place(|case| case["reset_before_step"] = json!(3), "reset_before_step");
    place(|case| case["states"] = json!([1]), "states");
}

#[test]
fn lists_that_do_not_fit_the_steps_or_the_shape_are_refused_with_their_place() {
    let case = module("soma_leaky_scalar_1d");
    let place = |change: fn(&mut Value), place: &str| refused(&Changed::case(&case, change).run(), place);
    place(
        |case| case["inputs"]["current"]["data"] = json!([]),
        "inputs.current.data",
    );
    place(
        |case| case["inputs"]["current"]["data"][1] = json!([1]),
        "inputs.current.data[1]",
    );
    place(
        |case| case["inputs"]["current"]["shape"] = json!([usize::MAX, 2]),
        "inputs.current.shape",
    );
    place(
        |case| case["outputs"]["spikes"]["spikes"][2] = json!([100]),
        "outputs.spikes.spikes[2]",
    );
    place(
        |case| case["outputs"]["spikes"]["inhibition"] = json!([100]),
        "outputs.spikes.inhibition",
    );
    place(
        |case| case["state_after_build"]["_potential"]["data"] = json!([]),
        "state_after_build",
    );
    place(|case| case["feedback"] = json!({"current": "none"}), "feedback");
}

#[test]
fn a_join_of_nothing_is_refused() {
    let empty = Changed::case(&module("ctl_concat_float_intended"), |case| {
        case["inputs"]["inputs"]["list"] = json!([]);
    });
    refused(&empty.run(), "inputs.inputs.list");
}

#[test]
fn a_tracer_whose_parameters_do_not_fit_is_refused() {
    let tracer = goldens().join("tracers/tracer_array_dt0p5.json");
    let wrong = Changed::case(&tracer, |case| {
        case["params"]["tau"] = json!({"array": {"dtype": "float32", "shape": [3], "data": [1, 2, 3]}});
    });
    refused(&wrong.run(), "params.tau");
    let short = Changed::case(&tracer, |case| case["inputs"] = json!([[1]]));
    refused(&short.run(), "inputs");
}

#[test]
fn draws_of_more_than_there_can_be_are_refused() {
    let huge = Changed::case(&goldens().join("rng/rng.json"), |case| {
        case["cases"][0]["permutation"][0]["n"] = json!(1u64 << 60);
    });
    refused(&huge.run(), "cases[0]");
}

#[test]
fn a_run_without_a_model_or_with_a_damaged_one_is_refused() {
    let (_room, file) = neuron(|room, _| std::fs::remove_file(room.join("model.scfg")).unwrap());
    refused(&parity(&[&file]), "model.scfg");
    let (_room, file) = neuron(|room, _| {
        let path = room.join("model.scfg");
        let packed = std::fs::read(&path).unwrap();
        std::fs::write(&path, &packed[..packed.len() / 2]).unwrap();
    });
    refused(&parity(&[&file]), "model.scfg");
    let (_room, file) = neuron(|room, _| std::fs::write(room.join("model.scfg"), "{\"__type__\": ").unwrap());
    refused(&parity(&[&file]), "model.scfg");
}

#[test]
fn a_model_that_is_read_but_not_accepted_is_a_difference() {
    let (_room, file) = neuron(|room, _| {
        let text = "{\"__type__\": \"nothing\", \"__cfg__\": {}}";
        std::fs::write(room.join("model.scfg"), text).unwrap();
    });
    differs(&parity(&[&file]), "model.scfg");
    let (_room, file) = neuron(|_, run| {
        let inputs = run["inputs"].as_object_mut().unwrap();
        let spikes = inputs.remove("in_spikes").unwrap();
        inputs.insert("elsewhere".into(), spikes);
    });
    differs(&parity(&[&file]), "elsewhere");
}

#[test]
fn a_run_whose_lists_do_not_fit_is_refused() {
    let (_room, file) = neuron(|_, run| run["steps"] = json!(301));
    refused(&parity(&[&file]), "inputs.in_spikes.spikes");
}

#[test]
fn the_command_wants_files() {
    let output = parity(&[]);
    assert_eq!(status(&output), 2);
    assert!(said(&output).contains("FILE"));
}
