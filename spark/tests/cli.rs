//! The `spark` command, as a user meets it. `TRYCMD=overwrite` writes the transcripts anew, to be read before they are
//! committed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use spark_ir::format::json;

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/fixtures")
        .join(path)
}

fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(path)
}

fn spark_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spark"));
    command.args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs the command, which must end with this status; gives its standard output.
fn expect(status: i32, folder: &Path, arguments: &[&str]) -> String {
    let output = spark_in(folder, arguments);
    let all = format!("{}\n{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "spark {arguments:?}\n{all}");
    text(&output.stdout)
}

#[test]
fn transcripts_read_as_written() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}

/// `@exc.soma/config` is the configuration of the node `soma` in the node `exc`.
fn pointer(short: &str) -> String {
    const NODES: [&str; 4] = ["spiker", "exc", "inh", "readout"];
    const INNER: [&str; 4] = ["delays", "synapses", "soma", "rule"];
    let Some(rest) = short.strip_prefix('@') else {
        return short.to_owned();
    };
    let (node, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (node, inner) = node.split_once('.').unwrap_or((node, ""));
    let index = |names: &[&str], name: &str| names.iter().position(|known| *known == name).unwrap();
    let mut pointer = format!("/__cfg__/modules_specs/{}/__data__", index(&NODES, node));
    if !inner.is_empty() {
        pointer += &format!("/config/modules_specs/{}/__data__", index(&INNER, inner));
    }
    pointer + rest
}

fn edit(model: &mut Value, edit: &Value) {
    let (what, place) = (edit[0].as_str().unwrap(), pointer(edit[1].as_str().unwrap()));
    let Some((around, last)) = place.rsplit_once('/') else {
        *model = edit[2].clone();
        return;
    };
    let around = model.pointer_mut(around).unwrap();
    match (what, around) {
        ("set", Value::Array(values)) => values[last.parse::<usize>().unwrap()] = edit[2].clone(),
        ("set", Value::Object(entries)) => {
            entries.insert(last.to_owned(), edit[2].clone());
        }
        ("remove", Value::Object(entries)) => {
            entries.shift_remove(last).unwrap();
        }
        ("rename", Value::Object(entries)) => {
            let value = entries.shift_remove(last).unwrap();
            entries.insert(edit[2].as_str().unwrap().to_owned(), value);
        }
        (what, around) => panic!("{what} {place}: {around}"),
    }
}

#[test]
fn every_mistake_in_the_list_is_told_with_its_code_and_pointer() {
    let own = json!({ "spark_rs": { "format": 1, "compat": "SparkSnn1" } });
    every_mistake_is_told(own, &|_| "error");
}

/// What the package passes over itself is no error, all else is.
#[test]
fn in_a_file_of_the_python_package_keys_that_nothing_knows_are_warnings() {
    every_mistake_is_told(json!({}), &|code| match code {
        "SPK092" => "warning",
        _ => "error",
    });
}

/// Each mistake of the list, in a file whose head holds this metadata.
fn every_mistake_is_told(metadata: Value, level_of: &dyn Fn(&str) -> &'static str) {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base.json");
    let model = fixture("goldens/models/brain_recurrent/model.scfg");
    expect(
        0,
        folder.path(),
        &["convert", model.to_str().unwrap(), "base.json"],
    );
    expect(0, folder.path(), &["check", "base.json"]);
    let mut base = json::parse(&fs::read_to_string(base).unwrap()).unwrap();
    base["__cfg__"]["__metadata__"] = metadata;
    let list: Value = serde_json::from_str(&fs::read_to_string(own("broken.json")).unwrap()).unwrap();
    let list = list.as_array().unwrap();
    assert!(list.len() >= 60);
    let mut names = Vec::new();
    for (i, case) in list.iter().enumerate() {
        let mut broken = base.clone();
        case["edits"]
            .as_array()
            .unwrap()
            .iter()
            .for_each(|change| edit(&mut broken, change));
        names.push(format!("{i}.json"));
        fs::write(folder.path().join(&names[i]), json::to_text(&broken)).unwrap();
    }
    let mut arguments = vec!["check", "--json"];
    arguments.extend(names.iter().map(String::as_str));
    let told = expect(1, folder.path(), &arguments);
    let told: Vec<Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(told.len(), list.len());
    let mut wrong = Vec::new();
    for (case, told) in list.iter().zip(&told) {
        let line = |level: &str, code: &Value, at: &Value| {
            let (code, at) = (code.as_str().unwrap(), pointer(at.as_str().unwrap()));
            format!("{level} {code} {at}")
        };
        let problems = told["problems"].as_array().unwrap().iter();
        let mut found: Vec<String> = problems
            .map(|problem| {
                line(
                    problem["level"].as_str().unwrap(),
                    &problem["code"],
                    &problem["pointer"],
                )
            })
            .collect();
        let expected = case["expected"].as_array().unwrap().iter();
        let mut expected: Vec<String> = expected
            .map(|problem| line(level_of(problem[0].as_str().unwrap()), &problem[0], &problem[1]))
            .collect();
        let has_errors = expected.iter().any(|line| line.starts_with("error"));
        assert_eq!(told["ok"], json!(!has_errors), "{}", case["mistake"]);
        found.sort();
        expected.sort();
        if found != expected {
            wrong.push(format!(
                "{}\n  expected {expected:?}\n  found    {found:?}",
                case["mistake"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn problems_for_programs_have_place_and_line() {
    let output = spark_in(&own(""), &["check", "--json", "mistakes.json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["ok"], json!(false));
    for problem in told["problems"].as_array().unwrap() {
        assert!(problem["line"].as_u64().unwrap() > 1);
        assert!(problem["place"].as_str().unwrap().starts_with("mistakes."));
    }
}

/// Builds and runs a program of a project; gives its standard output. Nothing is fetched: the versions are those of the
/// workspace. All projects share one folder for what is built, and it stays from run to run.
fn cargo_run(project: &Path, program: &str) -> String {
    let cargo = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet", "--bin", program])
        .current_dir(project)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("new"),
        )
        .output()
        .unwrap();
    assert!(cargo.status.success(), "{}", text(&cargo.stderr));
    text(&cargo.stdout)
}

/// Runs the model that the command wrote as source, and prints the bits of its last output.
const PROGRAM: &str = r#"
mod generated;

use generated::{FirstSteps, FirstStepsInputs};
use spark::prelude::*;

fn main() -> Result<(), BuildError> {
    let mut brain = FirstSteps::new()?;
    let signal = FloatArray::filled(4, 0.5);
    let out = brain.run(50, |_| FirstStepsInputs { signal: &signal });
    let bits = out.action.as_slice().iter().map(|value| value.to_bits().to_string());
    println!("{}", bits.collect::<Vec<_>>().join(" "));
    Ok(())
}
"#;

/// `new`, `check` with a mistake, the mistake mended, `inspect`, `draw`, `run`, `codegen`, and the source built and run.
#[test]
fn a_new_user_gets_from_nothing_to_a_recording_and_to_a_program() {
    let folder = tempfile::tempdir().unwrap();
    let sources = env!("CARGO_MANIFEST_DIR");
    let new = ["new", "--spark-path", sources, "first_steps"];
    expect(0, folder.path(), &new);
    expect(2, folder.path(), &new);
    let project = folder.path().join("first_steps");
    fs::copy(
        Path::new(sources).join("../Cargo.lock"),
        project.join("Cargo.lock"),
    )
    .unwrap();
    cargo_run(&project, "first_steps");

    let model = "first_steps.scfg";
    expect(0, &project, &["check", model]);
    expect(0, &project, &["convert", model, "broken.json"]);
    let sound = fs::read_to_string(project.join("broken.json")).unwrap();
    let broken = sound.replace("\"cooldown\"", "\"cooldwn\"");
    fs::write(project.join("broken.json"), broken).unwrap();
    let output = spark_in(&project, &["check", "broken.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("did you mean `cooldown`?"));
    // Neither is it made into a program.
    let output = spark_in(&project, &["codegen", "broken.json", "-o", "src/generated.rs"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!project.join("src/generated.rs").exists());
    fs::write(project.join("broken.json"), sound).unwrap();
    expect(0, &project, &["check", "broken.json"]);

    assert!(expect(0, &project, &["inspect", model]).contains("signal -> action: 2 steps"));
    expect(
        0,
        &project,
        &["draw", model, "--format", "svg", "-o", "model.svg"],
    );
    let picture = fs::read_to_string(project.join("model.svg")).unwrap();
    assert!(picture.ends_with("</svg>\n"));
    let run = ["run", model, "--steps", "50", "--input", "signal=const:0.5"];
    expect(0, &project, &[&run[..], &["--out", "run.npz"]].concat());
    let action = array::<f32>(&project.join("run.npz"), "action");

    let codegen = [
        "codegen",
        model,
        "--input",
        "signal=[4]",
        "-o",
        "src/bin/from_file/generated.rs",
    ];
    fs::create_dir_all(project.join("src/bin/from_file")).unwrap();
    expect(0, &project, &codegen);
    fs::write(project.join("src/bin/from_file/main.rs"), PROGRAM).unwrap();
    let printed = cargo_run(&project, "from_file");
    let last = action.index_axis(ndarray::Axis(0), 49);
    let bits: Vec<String> = last.iter().map(|value| value.to_bits().to_string()).collect();
    assert_eq!(printed.trim(), bits.join(" "));
}

/// A model of Spark's authors with its inputs, the four that modulate learning among them.
fn ab_brain() -> Vec<String> {
    let mut arguments = vec!["--input".to_owned(), "signal=const:0.5[4]".to_owned()];
    for name in ["mod_a_ex", "mod_b_ex", "mod_a_in", "mod_b_in"] {
        arguments.extend(["--input".to_owned(), format!("{name}=const:0.1[1]")]);
    }
    arguments
}

/// All numbers of a recording, which are some.
fn finite(path: &Path, name: &str) -> Vec<f32> {
    let numbers: Vec<f32> = array::<f32>(path, name).into_iter().collect();
    assert!(!numbers.is_empty() && numbers.iter().all(|number| number.is_finite()));
    numbers
}

/// 10,000 steps of the neuron; of the brain as many as a build without optimisation runs in a second. `.ci/run` runs
/// 10,000 of it, too. That they come back token for token is tested with the other models, in `tests/networks`.
#[test]
fn the_models_that_sparks_authors_saved_check_and_run() {
    let folder = tempfile::tempdir().unwrap();
    let brain = fixture("upstream-models/ab_brain.scfg");
    let neuron = fixture("upstream-models/alif_mod_neuron.scfg");
    let (brain, neuron) = (brain.to_str().unwrap(), neuron.to_str().unwrap());
    let shapes: Vec<String> = ab_brain()
        .iter()
        .map(|word| word.replace("const:0.5", "").replace("const:0.1", ""))
        .collect();
    let shapes: Vec<&str> = shapes.iter().map(String::as_str).collect();
    assert_eq!(
        expect(0, folder.path(), &[&["check", brain][..], &shapes].concat()),
        format!("{brain}: ok\n")
    );
    let inputs = ab_brain();
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let run = [
        "run",
        brain,
        "--steps",
        "150",
        "--out",
        "brain.npz",
        "--record",
        "action",
    ];
    let soma = ["--record", "A_excitatory.soma.potential"];
    expect(0, folder.path(), &[&run[..], &soma, &inputs].concat());
    let action = finite(&folder.path().join("brain.npz"), "action");
    assert!(action.iter().any(|value| *value != 0.0));
    finite(&folder.path().join("brain.npz"), "A_excitatory.soma.potential");

    assert_eq!(
        expect(0, folder.path(), &["check", neuron]),
        format!("{neuron}: ok\n")
    );
    let run = [
        "run",
        neuron,
        "--steps",
        "10000",
        "--set",
        "_s_units=[16]",
        "--out",
        "neuron.npz",
    ];
    let inputs = [
        "--input",
        "in_spikes=poisson:400Hz[64]",
        "--input",
        "modulation=const:0.1[1]",
    ];
    let records = ["--record", "soma.potential", "--record", "soma.spikes"];
    expect(0, folder.path(), &[&run[..], &inputs, &records].concat());
    let potentials = finite(&folder.path().join("neuron.npz"), "soma.potential");
    assert_eq!(potentials.len(), 10_000 * 16);
    assert!(!array::<u32>(&folder.path().join("neuron.npz"), "soma.spikes").is_empty());
}

#[test]
fn converting_there_and_back_changes_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    for model in [
        "goldens/models/brain_recurrent/model.scfg",
        "upstream-models/ab_brain.scfg",
    ] {
        let model = fixture(model);
        expect(
            0,
            folder.path(),
            &["convert", "--force", model.to_str().unwrap(), "a.json"],
        );
        expect(0, folder.path(), &["convert", "--force", "a.json", "b.scfg"]);
        expect(0, folder.path(), &["convert", "--force", "b.scfg", "c.json"]);
        assert!(fs::read(&model).unwrap() == fs::read(folder.path().join("b.scfg")).unwrap());
        let read = |name| fs::read(folder.path().join(name)).unwrap();
        assert!(read("a.json") == read("c.json"));
    }
}

#[test]
fn a_neuron_in_a_file_of_its_own_completes_a_brain() {
    let folder = tempfile::tempdir().unwrap();
    let path = fixture("goldens/models/brain_recurrent/model.scfg");
    expect(
        0,
        folder.path(),
        &["convert", path.to_str().unwrap(), "brain.json"],
    );
    let mut brain = json::parse(&fs::read_to_string(folder.path().join("brain.json")).unwrap()).unwrap();
    for node in [1, 2] {
        let config = &mut brain["__cfg__"]["modules_specs"][node]["__data__"]["config"];
        *config = json!({ "units": config["units"] });
    }
    fs::write(folder.path().join("brain.json"), json::to_text(&brain)).unwrap();
    expect(1, folder.path(), &["check", "brain.json"]);
    let neuron = fixture("goldens/models/brain_recurrent/reward_neuron.scfg");
    let neuron = format!("reward_neuron={}", neuron.display());
    expect(0, folder.path(), &["check", "brain.json", "--neuron", &neuron]);
    let mut run = vec![
        "run",
        "brain.json",
        "--neuron",
        &neuron,
        "--steps",
        "5",
        "--fill",
        "zeros",
    ];
    run.extend(["--input", "signal=[3]", "--input", "reward=[1]"]);
    expect(0, folder.path(), &run);
}

#[test]
fn inputs_come_from_tables_and_arrays() {
    let folder = tempfile::tempdir().unwrap();
    let table: String = (0..20).map(|t| format!("{t},0.5,-0.5,1\n")).collect();
    fs::write(folder.path().join("signal.csv"), format!("a,b,c,d\n{table}")).unwrap();
    let model = own("pools.json");
    let model = model.to_str().unwrap();
    expect(
        0,
        folder.path(),
        &["run", model, "--steps", "20", "--input", "signal=csv:signal.csv"],
    );
    expect(
        2,
        folder.path(),
        &["run", model, "--steps", "21", "--input", "signal=csv:signal.csv"],
    );
    let kernel = format!("signal=npy:{}", fixture("npy/kernel.npy").display());
    // Three numbers for each of two steps do not feed an input of four.
    expect(
        2,
        folder.path(),
        &["run", model, "--steps", "2", "--input", &kernel],
    );
}

#[test]
fn the_same_seed_gives_the_same_recording() {
    let folder = tempfile::tempdir().unwrap();
    let model = fixture("goldens/models/alif_neuron/model.scfg");
    let run = |seed: &str, out: &str| {
        let model = model.to_str().unwrap();
        let source = "in_spikes=poisson:200Hz[10]";
        let all = [
            "run",
            model,
            "--steps",
            "100",
            "--input",
            source,
            "--record",
            "soma.potential",
            "--out",
            out,
        ];
        expect(0, folder.path(), &[&all[..], &["--seed", seed]].concat());
        fs::read(folder.path().join(out)).unwrap()
    };
    assert!(run("1", "a.npz") == run("1", "b.npz"));
    assert!(run("1", "a.npz") != run("2", "b.npz"));
}

/// An array of a recording, one row for each step or event.
fn array<T: ndarray_npy::ReadableElement>(path: &Path, name: &str) -> ndarray::ArrayD<T> {
    let mut file = ndarray_npy::NpzReader::new(fs::File::open(path).unwrap()).unwrap();
    file.by_name::<ndarray::OwnedRepr<T>, ndarray::IxDyn>(name)
        .unwrap()
}

/// Whether the parts of a recording, one behind the other, are the whole.
fn joined<T>(folder: &Path, name: &str, parts: &[&str], whole: &str)
where
    T: ndarray_npy::ReadableElement + Clone + PartialEq,
{
    let parts: Vec<_> = parts
        .iter()
        .map(|part| array::<T>(&folder.join(part), name))
        .collect();
    let views: Vec<_> = parts.iter().map(|part| part.view()).collect();
    let joined = ndarray::concatenate(ndarray::Axis(0), &views).unwrap();
    let whole = array::<T>(&folder.join(whole), name);
    assert!(!whole.is_empty(), "{name}");
    assert!(joined == whole, "{name}");
}

const RECORDED: [&str; 8] = [
    "--record",
    "action",
    "--record",
    "left.out_spikes",
    "--record",
    "left.soma.potential",
    "--record",
    "spiker.spikes",
];

/// Numbers are compared as such: none of them is NaN or -0.0 here, so that equal numbers are equal bits.
fn pools_joined(folder: &Path, parts: &[&str], whole: &str) {
    joined::<f32>(folder, "action", parts, whole);
    joined::<u32>(folder, "left.out_spikes", parts, whole);
    joined::<f32>(folder, "left.soma.potential", parts, whole);
    joined::<u32>(folder, "spiker.spikes", parts, whole);
}

#[test]
fn a_run_in_three_parts_records_what_one_run_does() {
    let folder = tempfile::tempdir().unwrap();
    let table: String = (0..300).map(|t| format!("{},0.5,{},1\n", t % 7, -t)).collect();
    fs::write(folder.path().join("signal.csv"), table).unwrap();
    let model = own("pools.json");
    let run = |more: &[&str]| {
        let all = [&["run", "--input", "signal=csv:signal.csv"][..], &RECORDED, more].concat();
        expect(0, folder.path(), &all);
    };
    let model = model.to_str().unwrap();
    run(&[model, "--steps", "300", "--seed", "5", "--out", "whole.npz"]);
    let begin = [model, "--steps", "120", "--seed", "5", "--out", "a.npz"];
    run(&[&begin[..], &["--checkpoint", "run.safetensors", "--every", "50"]].concat());
    // With the model file and the seed once more, and without.
    let more = [
        model,
        "--resume",
        "run.safetensors",
        "--steps",
        "200",
        "--seed",
        "5",
    ];
    run(&[&more[..], &["--out", "b.npz", "--checkpoint", "run.safetensors"]].concat());
    run(&["--resume", "run.safetensors", "--steps", "300", "--out", "c.npz"]);
    pools_joined(folder.path(), &["a.npz", "b.npz", "c.npz"], "whole.npz");
    assert_eq!(array::<u64>(&folder.path().join("c.npz"), "first_step")[[]], 200);
}

#[test]
fn random_numbers_of_sources_and_modules_go_on_where_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let path = fixture("goldens/models/brain_feedforward/model.scfg");
    let model = path.to_str().unwrap();
    let run = |more: &[&str]| {
        let records = ["--record", "pool_spikes", "--record", "spiker.spikes"];
        let all = [
            &["run", "--input", "signal=poisson:300Hz[16]"][..],
            &records,
            more,
        ]
        .concat();
        expect(0, folder.path(), &all);
    };
    run(&[model, "--steps", "200", "--out", "whole.npz"]);
    run(&[
        model,
        "--steps",
        "70",
        "--out",
        "a.npz",
        "--checkpoint",
        "run.safetensors",
    ]);
    run(&["--resume", "run.safetensors", "--steps", "200", "--out", "b.npz"]);
    joined::<u32>(folder.path(), "pool_spikes", &["a.npz", "b.npz"], "whole.npz");
    joined::<u32>(folder.path(), "spiker.spikes", &["a.npz", "b.npz"], "whole.npz");
}

#[test]
fn the_command_goes_on_with_what_a_program_saved() {
    use spark::nn::controllers::{Model, ModelConfig};
    use spark::{FloatArray, Shape};
    let folder = tempfile::tempdir().unwrap();
    let config = ModelConfig::from_file(own("pools.json")).unwrap();
    let mut model = Model::from_config(&config, &[("signal", Shape::from(4))]).unwrap();
    let mut autosave = spark::checkpoint::Autosave::new(folder.path().join("run.safetensors"), 30, 1);
    let signal = FloatArray::filled(4, 0.5);
    for _ in 0..60 {
        model.step([("signal", &signal as &dyn std::any::Any)]).unwrap();
        autosave.tick(&model).unwrap();
    }
    let newest = "run-000000000060.safetensors";
    let source = ["--steps", "100", "--input", "signal=const:0.5"];
    let resumed = ["run", "--resume", newest, "--out", "b.npz"];
    expect(0, folder.path(), &[&resumed[..], &source, &RECORDED].concat());
    let model = own("pools.json");
    let whole = ["run", model.to_str().unwrap(), "--out", "whole.npz"];
    expect(0, folder.path(), &[&whole[..], &source, &RECORDED].concat());
    let part = array::<f32>(&folder.path().join("b.npz"), "left.soma.potential");
    let whole = array::<f32>(&folder.path().join("whole.npz"), "left.soma.potential");
    assert!(part == whole.slice_axis(ndarray::Axis(0), (60..).into()));
    assert_eq!(array::<u64>(&folder.path().join("b.npz"), "first_step")[[]], 60);
}

#[test]
fn what_would_be_lost_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let model = own("pools.json");
    let run = |status, more: &[&str]| {
        let all = [&["run", "--input", "signal=const:0.5", "--steps", "20"][..], more].concat();
        expect(status, folder.path(), &all);
    };
    let model = model.to_str().unwrap();
    run(0, &[model, "--checkpoint", "run.safetensors", "--out", "run.npz"]);
    let kept = fs::read(folder.path().join("run.safetensors")).unwrap();
    let recorded = fs::read(folder.path().join("run.npz")).unwrap();
    // A new run into the same checkpoint; one that is done already; a recording with the name of the first part.
    run(2, &[model, "--checkpoint", "run.safetensors"]);
    run(2, &["--resume", "run.safetensors"]);
    run(2, &["--resume", "run.safetensors", "--out", "run.npz"]);
    assert!(kept == fs::read(folder.path().join("run.safetensors")).unwrap());
    assert!(recorded == fs::read(folder.path().join("run.npz")).unwrap());
}

#[test]
fn a_checkpoint_that_cannot_be_used_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let model = own("pools.json");
    let model = model.to_str().unwrap();
    let source = ["--input", "signal=const:0.5"];
    let begin = [
        "run",
        model,
        "--steps",
        "40",
        "--seed",
        "3",
        "--checkpoint",
        "run.safetensors",
    ];
    expect(0, folder.path(), &[&begin[..], &source].concat());
    let mut bytes = fs::read(folder.path().join("run.safetensors")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(folder.path().join("damaged.safetensors"), &bytes).unwrap();
    fs::write(folder.path().join("cut.safetensors"), &bytes[..1000]).unwrap();
    let other = fixture("goldens/models/brain_feedforward/model.scfg");
    let cases: [(&str, &[&str], &str); 9] = [
        ("damaged.safetensors", &source, "SPK102"),
        ("cut.safetensors", &source, "SPK101"),
        (model, &source, "SPK100"),
        ("none.safetensors", &source, "cannot read"),
        (
            "run.safetensors",
            &["--input", "signal=const:0.5[5]"],
            "is given as [5]",
        ),
        (
            "run.safetensors",
            &["--input", "sgnal=const:0.5"],
            "has no input `sgnal`",
        ),
        ("run.safetensors", &["--seed", "4"], "begun with --seed 3"),
        (
            "run.safetensors",
            &["--compat", "spark-snn-1"],
            "the mode Standard",
        ),
        ("run.safetensors", &[other.to_str().unwrap()], "another model"),
    ];
    for (checkpoint, more, told) in cases {
        let all = [&["run", "--steps", "50", "--resume", checkpoint][..], more].concat();
        let output = spark_in(folder.path(), &all);
        assert_eq!(output.status.code(), Some(2), "{all:?}");
        let said = text(&output.stderr);
        assert!(said.contains(told), "{all:?}\n{said}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let model = own("pools.json");
    let model = model.to_str().unwrap();
    let source = ["--input", "signal=poisson:400Hz", "--seed", "2"];
    let begin = ["run", model, "--steps", "1000000000", "--out", "a.npz"];
    let keep = ["--checkpoint", "run.safetensors"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_spark"))
        .args([&begin[..], &keep, &source, &RECORDED].concat())
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(700));
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupt.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let came = array::<u64>(&folder.path().join("a.npz"), "steps")[[]];
    let all = (came + 100).to_string();
    let more = [
        "run",
        "--resume",
        "run.safetensors",
        "--steps",
        &all,
        "--out",
        "b.npz",
    ];
    expect(0, folder.path(), &[&more[..], &source, &RECORDED].concat());
    let once = ["run", model, "--steps", &all, "--out", "whole.npz"];
    expect(0, folder.path(), &[&once[..], &source, &RECORDED].concat());
    pools_joined(folder.path(), &["a.npz", "b.npz"], "whole.npz");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_writes_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let model = own("pools.json");
    let mut child = Command::new(env!("CARGO_BIN_EXE_spark"))
        .args(["run", model.to_str().unwrap(), "--steps", "1000000000"])
        .args(["--input", "signal=const:0.5", "--out", "run.npz"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupt.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(
        fs::read(folder.path().join("run.npz"))
            .unwrap()
            .starts_with(b"PK")
    );
}

#[test]
fn every_subcommand_has_examples_and_its_exit_status_in_its_help() {
    let folder = own("");
    let help = expect(0, &folder, &["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<&str> = commands
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() >= 10, "{commands:?}");
    for command in commands {
        let help = expect(0, &folder, &[command, "--help"]);
        assert!(
            help.contains("Examples:") && help.contains("Exit status:"),
            "{command}"
        );
        assert!(help.contains(&format!("spark {command}")), "{command}");
    }
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(expect(0, &own(""), &["completions", shell]).contains("inspect"));
    }
}
