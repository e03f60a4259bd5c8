//! `spark run`.

mod feed;
mod keep;
mod record;

use std::any::Any;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use spark::nn::controllers::{Model, ModelConfig};
use spark::{Compat, Shape};

use crate::answer::{Answer, Failure, INTERRUPTED, OK, help, print, print_json};
use crate::model::{FieldOptions, NeuronOptions, Opened, borrowed, open, with_shapes_of_file};
use feed::{Feed, Given};
use keep::Begun;
use record::{Record, Spikes};

/// What is given to inputs that are not fed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Fill {
    Zeros,
}

/// A mode of computation.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    Standard,
    #[value(name = "spark-snn-1")]
    SparkSnn1,
}

impl From<Mode> for Compat {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Standard => Compat::Standard,
            Mode::SparkSnn1 => Compat::SparkSnn1,
        }
    }
}

/// Runs a model and records what it does.
///
/// Every input is fed from a source: `const:0.5[4]` (a number in that shape), `poisson:20Hz[100]` (spikes at that rate),
/// `npy:FILE` (one step per entry of the first dimension), `csv:FILE` (one step per line; a line of names above is left
/// out). A shape in brackets behind a file gives its rows another shape; a shape alone, `[4]`, is for inputs that
/// `--fill` feeds. Where the model file holds the shape, none is needed.
#[derive(Debug, Args)]
#[command(after_help = help!("
  spark run brain.scfg --steps 1000 --input signal=const:0.5[4]
  spark run brain.scfg --steps 1000 --input signal=npy:signal.npy --record left.out_spikes --out run.npz
  spark run pool.scfg --steps 500 --input in_spikes=poisson:20Hz[100] --record soma.potential --seed 3 --out run.npz
  spark run brain.scfg --steps 1000 --input signal=const:0.5[4] --checkpoint run.safetensors --every 100
  spark run --resume run.safetensors --steps 2000 --input signal=const:0.5 --out rest.npz

A recording `run.npz` is read with `numpy.load`: values as arrays of (step, ..), spikes as pairs of (step, index) with
their shape in `NAME.shape`, or with `--spikes dense` as arrays of (step, ..). Ctrl-C ends a run after the current step;
what was recorded is written, the checkpoint too, and the exit status is 130."))]
pub(crate) struct Arguments {
    /// The model, `.scfg` or `.json`. Not needed for `--resume`.
    #[arg(required_unless_present = "resume")]
    file: Option<PathBuf>,
    /// How many steps to run; with `--resume`, those before the checkpoint among them.
    #[arg(long, value_name = "N")]
    steps: usize,
    /// The source of an input. May be given several times.
    #[arg(long = "input", value_name = "NAME=SOURCE", value_parser = feed::parse)]
    inputs: Vec<Given>,
    /// What is given to inputs without a source, which are an error otherwise.
    #[arg(long, value_enum)]
    fill: Option<Fill>,
    /// What to record: an output of the model, `node.port` or a property `node.property`, also of nodes in nodes,
    /// `left.soma.potential`. May be given several times; without it all outputs are recorded.
    #[arg(long = "record", value_name = "NAME")]
    records: Vec<String>,
    /// How spikes are recorded.
    #[arg(long, value_enum, default_value = "events")]
    spikes: Spikes,
    /// Where the recording is written, `.npz`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Where the run is kept when it ends or is interrupted: configuration and state, from which `--resume` goes on.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Keeps the run every so many steps as well.
    #[arg(long, value_name = "N", requires = "checkpoint", value_parser = clap::value_parser!(u64).range(1..))]
    every: Option<u64>,
    /// Goes on with the run that this checkpoint holds, up to `--steps`. Sources are to be given again; rows of files count
    /// from the first step of all.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Draws all seeds of the model anew from this one; it is also that of `poisson` sources (else 0).
    #[arg(long, value_name = "SEED")]
    seed: Option<u32>,
    /// The mode of computation, instead of the file's own: see docs/fidelity.md.
    #[arg(long, value_enum)]
    compat: Option<Mode>,
    #[command(flatten)]
    fields: FieldOptions,
    #[command(flatten)]
    neurons: NeuronOptions,
    /// No progress bar.
    #[arg(long)]
    quiet: bool,
    /// The summary as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Answer {
    check_files(arguments)?;
    let (begun, mut feeds) = match &arguments.resume {
        Some(path) => resumed(arguments, path)?,
        None => fresh(arguments)?,
    };
    let mut model = begun.model;
    let mut records = records(arguments, &model)?;
    let stretch = Stretch {
        first: begun.step,
        seed: begun.seed,
        dt: model.config().time_step().0,
    };
    let ran = step_all(arguments, &stretch, &mut model, &mut feeds, &mut records)?;
    // What was recorded is written whatever became of the checkpoint.
    if let Some(path) = &arguments.out {
        record::write(path, &records, ran.first, ran.steps, stretch.dt)?;
    }
    tell(arguments, stretch.dt, &records, &ran);
    match ran.not_kept {
        Some(failure) => Err(failure),
        None => Ok(ExitCode::from(if ran.interrupted { INTERRUPTED } else { OK })),
    }
}

type Feeds = Vec<(String, Feed)>;

/// A run from the first step.
fn fresh(arguments: &Arguments) -> Result<(Begun, Feeds), Failure> {
    let opened = configured(arguments, arguments.seed)?;
    let known = with_shapes_of_file(Vec::new(), &opened);
    let feeds = feeds(arguments, &opened.config, &known, arguments.seed)?;
    let shapes = shapes_of(&feeds);
    let shapes = borrowed(&shapes);
    let problems = opened.config.check_shapes(&shapes)?;
    if !problems.is_empty() {
        return Err(opened.failure(problems));
    }
    let model = Model::from_config(&opened.config, &shapes)
        .map_err(|error| opened.failure(opened.config.located(&error, &opened.json)))?;
    let begun = Begun {
        model,
        step: 0,
        seed: arguments.seed,
    };
    Ok((begun, feeds))
}

/// A run from where a checkpoint left it.
fn resumed(arguments: &Arguments, path: &Path) -> Result<(Begun, Feeds), Failure> {
    let begun = keep::resume(path, arguments)?;
    let inputs = begun.model.table().inputs.iter().zip(begun.model.shapes());
    let known: Vec<(String, Shape)> = inputs
        .filter_map(|(port, shape)| Some((port.name.to_owned(), shape?.clone())))
        .collect();
    let mut feeds = feeds(arguments, begun.model.config(), &known, begun.seed)?;
    for (name, shape) in shapes_of(&feeds) {
        let built = known.iter().find(|(input, _)| *input == name);
        if let Some((_, built)) = built.filter(|(_, built)| *built != shape) {
            return Err(Failure::new(format!(
                "the input `{name}` is given as {shape}, but the run in `{}` has it as {built}",
                path.display()
            )));
        }
    }
    feeds.iter_mut().for_each(|(_, feed)| feed.skip(begun.step));
    Ok((begun, feeds))
}

fn shapes_of(feeds: &[(String, Feed)]) -> Vec<(String, Shape)> {
    let shape = |(name, feed): &(String, Feed)| (name.clone(), feed.shape().clone());
    feeds.iter().map(shape).collect()
}

/// The model of the file as the options want it.
fn configured(arguments: &Arguments, seed: Option<u32>) -> Result<Opened, Failure> {
    let Some(file) = &arguments.file else {
        return Err(Failure::new("a model file is needed"));
    };
    let mut opened = open(file, &arguments.neurons)?;
    arguments.fields.apply(&mut opened.config)?;
    if let Some(mode) = arguments.compat {
        opened.config = opened.config.with_compat(mode.into());
    }
    if let Some(seed) = seed {
        opened.config = opened.config.with_new_seeds(seed);
    }
    Ok(opened)
}

/// What cannot be written is told before the run, not after it.
fn check_files(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(path) = &arguments.out {
        if path.extension().is_none_or(|ending| ending != "npz") {
            return Err(Failure::new(format!(
                "`{}`: recordings are written as `.npz`",
                path.display()
            )));
        }
        check_folder(path)?;
        if arguments.resume.is_some() && path.exists() {
            return Err(Failure::new(format!(
                "`{}` is there already, perhaps with what the run recorded before",
                path.display()
            ))
            .help("give what is recorded now a name of its own"));
        }
    }
    match &arguments.checkpoint {
        Some(path) => keep::check(path, arguments),
        None => Ok(()),
    }
}

fn check_folder(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let reason = if path.is_dir() || path.to_string_lossy().ends_with(std::path::is_separator) {
        "it is a folder"
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        "there is no such folder"
    } else {
        return Ok(());
    };
    Err(Failure::new(format!(
        "`{}` cannot be written: {reason}",
        path.display()
    )))
}

/// A source for each input, in the order of the model.
fn feeds(
    arguments: &Arguments,
    config: &ModelConfig,
    shapes: &[(String, Shape)],
    seed: Option<u32>,
) -> Result<Feeds, Failure> {
    let ports = config.table().inputs;
    for given in &arguments.inputs {
        if !ports.iter().any(|port| port.name == given.name) {
            let names: Vec<&str> = ports.iter().map(|port| port.name).collect();
            return Err(Failure::new(format!("the model has no input `{}`", given.name))
                .help(format!("it has: {}", names.join(", "))));
        }
    }
    let mut feeds = Vec::new();
    let mut unfed = Vec::new();
    for (index, port) in ports.iter().enumerate() {
        let given = arguments
            .inputs
            .iter()
            .rev()
            .find(|given| given.name == port.name);
        let shape = shapes
            .iter()
            .find(|(name, _)| name == port.name)
            .map(|(_, shape)| shape);
        let setting = feed::Setting {
            port,
            shape,
            steps: arguments.steps,
            dt: config.time_step().0,
            seed: seed.unwrap_or(0),
            index,
        };
        match given.and_then(|given| given.source.as_ref()) {
            Some(source) => feeds.push((port.name.to_owned(), Feed::open(source, &setting)?)),
            None if arguments.fill.is_some() => {
                let said = given.and_then(|given| given.shape.as_ref()).or(shape);
                let shape = said.ok_or_else(|| {
                    Failure::new(format!("the shape of the input `{}` is not known", port.name))
                        .help(format!("give it, such as --input {}=[4]", port.name))
                })?;
                feeds.push((port.name.to_owned(), Feed::zeros(shape, &setting)?));
            }
            None => unfed.push(port.name),
        }
    }
    if unfed.is_empty() {
        return Ok(feeds);
    }
    let names: Vec<String> = unfed.iter().map(|name| format!("`{name}`")).collect();
    Err(
        Failure::new(format!("nothing feeds {}", names.join(", "))).help(format!(
            "give it a source, such as --input {}=const:0.5[4], or --fill zeros",
            unfed[0]
        )),
    )
}

fn records(arguments: &Arguments, model: &Model) -> Result<Vec<Record>, Failure> {
    let outputs = model.table().outputs.iter().map(|port| port.name.to_owned());
    let names: Vec<String> = if arguments.records.is_empty() {
        outputs.collect()
    } else {
        arguments.records.clone()
    };
    let mut records: Vec<Record> = Vec::new();
    for name in &names {
        let record = Record::open(name, model, arguments.spikes)?;
        if records.iter().any(|other| other.name() == record.name()) {
            return Err(
                Failure::new(format!("`{}` is to be recorded twice", record.name()))
                    .help("a recording has one array of each name: leave one of them out"),
            );
        }
        records.push(record);
    }
    Ok(records)
}

/// Where a run goes on.
struct Stretch {
    /// The step that is the first to be run.
    first: usize,
    seed: Option<u32>,
    dt: f64,
}

/// How far a run came.
struct Ran {
    /// The first step that was run.
    first: usize,
    /// How many were run.
    steps: usize,
    time: Duration,
    interrupted: bool,
    /// Why there is no checkpoint of its last step.
    not_kept: Option<Failure>,
}

fn step_all(
    arguments: &Arguments,
    stretch: &Stretch,
    model: &mut Model,
    feeds: &mut [(String, Feed)],
    records: &mut [Record],
) -> Result<Ran, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    ctrlc::set_handler(move || told.store(true, Ordering::Relaxed)).map_err(Failure::new)?;
    let bar = progress_bar(arguments);
    bar.set_position(stretch.first as u64);
    bar.reset_eta();
    let start = Instant::now();
    let mut step = stretch.first;
    let keep = |model: &Model, step: usize| match &arguments.checkpoint {
        Some(path) => keep::save(path, model, step, stretch.seed),
        None => Ok(()),
    };
    // What cannot be kept is told now, not after the last step.
    keep(model, step)?;
    let mut kept = Ok(());
    while kept.is_ok() && step < arguments.steps && !stop.load(Ordering::Relaxed) {
        for (_, feed) in feeds.iter_mut() {
            feed.advance(step);
        }
        let inputs = feeds
            .iter()
            .map(|(name, feed)| -> (&str, &dyn Any) { (name, feed.value()) });
        model.step(inputs).map_err(Failure::new)?;
        for record in records.iter_mut() {
            record.take(step, model);
        }
        step += 1;
        bar.inc(1);
        let is_due = arguments
            .every
            .is_some_and(|every| (step as u64).is_multiple_of(every));
        if is_due && step < arguments.steps {
            kept = keep(model, step);
        }
    }
    kept = kept.and_then(|()| keep(model, step));
    bar.finish_and_clear();
    Ok(Ran {
        first: stretch.first,
        steps: step - stretch.first,
        time: start.elapsed(),
        interrupted: step < arguments.steps,
        not_kept: kept.err(),
    })
}

/// On a terminal only: `indicatif` draws nothing elsewhere.
fn progress_bar(arguments: &Arguments) -> ProgressBar {
    if arguments.quiet {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(
        Some(arguments.steps as u64),
        ProgressDrawTarget::stderr_with_hz(10),
    );
    match ProgressStyle::with_template("{bar:40} {pos}/{len} steps, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn tell(arguments: &Arguments, dt: f64, records: &[Record], ran: &Ran) {
    if arguments.json {
        print_json(&json!({
            "first_step": ran.first,
            "steps": ran.steps,
            "interrupted": ran.interrupted,
            "dt": dt,
            "seconds": ran.time.as_secs_f64(),
            "recorded": records.iter().map(Record::to_json).collect::<Vec<_>>(),
            "out": arguments.out,
            "checkpoint": arguments.checkpoint,
        }));
        return;
    }
    let what = if ran.interrupted { "interrupted after " } else { "" };
    let since = match ran.first {
        0 => String::new(),
        first => format!(" from step {first} on"),
    };
    let time = Rounded(ran.steps as f64 * dt);
    print(&format!(
        "{what}{} steps{since}, {time} ms of the model\n",
        ran.steps
    ));
    for record in records {
        print(&format!("{}\n", record.text(ran.steps, dt)));
    }
    if let Some(path) = &arguments.out {
        print(&format!("written to {}\n", path.display()));
    }
    if let Some(path) = arguments.checkpoint.as_ref().filter(|_| ran.not_kept.is_none()) {
        let step = ran.first + ran.steps;
        print(&format!("kept at step {step} in {}\n", path.display()));
    }
}

/// A number with at most six digits behind the point.
struct Rounded(f64);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.6}", self.0);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A number in an option, with or without a unit behind it.
fn number<T: FromStr>(text: &str, unit: &str) -> Option<T> {
    text.strip_suffix(unit).unwrap_or(text).trim().parse().ok()
}
