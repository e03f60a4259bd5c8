//! `spark run`.

mod feed;
mod record;

use std::any::Any;
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use spark::nn::controllers::Model;
use spark::{Compat, Shape};

use crate::answer::{Answer, Failure, INTERRUPTED, OK, help, print, print_json};
use crate::model::{NeuronOptions, Opened, borrowed, open, with_shapes_of_file};
use feed::{Feed, Given};
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

A recording `run.npz` is read with `numpy.load`: values as arrays of (step, ..), spikes as pairs of (step, index) with
their shape in `NAME.shape`, or with `--spikes dense` as arrays of (step, ..). Ctrl-C ends a run after the current step;
what was recorded is written, and the exit status is 130."))]
pub(crate) struct Arguments {
    /// The model, `.scfg` or `.json`.
    file: PathBuf,
    /// How many steps to run.
    #[arg(long, value_name = "N")]
    steps: usize,
    /// The source of an input. May be given several times.
    #[arg(long = "input", value_name = "NAME=SOURCE", value_parser = feed::parse)]
    inputs: Vec<Given>,
    /// What is given to inputs without a source, which are an error otherwise.
    #[arg(long, value_enum)]
    fill: Option<Fill>,
    /// What to record: an output of the model, `node.port` or a property `node.property`. May be given several times;
    /// without it all outputs are recorded.
    #[arg(long = "record", value_name = "NAME")]
    records: Vec<String>,
    /// How spikes are recorded.
    #[arg(long, value_enum, default_value = "events")]
    spikes: Spikes,
    /// Where the recording is written, `.npz`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Draws all seeds of the model anew from this one; it is also that of `poisson` sources (else 0).
    #[arg(long, value_name = "SEED")]
    seed: Option<u32>,
    /// The mode of computation, instead of the file's own: see docs/fidelity.md.
    #[arg(long, value_enum)]
    compat: Option<Mode>,
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
    let opened = configured(arguments)?;
    check_out(arguments)?;
    let mut feeds = feeds(arguments, &opened)?;
    let shapes: Vec<(String, Shape)> = feeds
        .iter()
        .map(|(name, feed)| (name.clone(), feed.shape().clone()))
        .collect();
    let shapes = borrowed(&shapes);
    let problems = opened.config.check_shapes(&shapes)?;
    if !problems.is_empty() {
        return Err(opened.failure(problems));
    }
    let mut model = Model::from_config(&opened.config, &shapes)
        .map_err(|error| opened.failure(opened.config.located(&error, &opened.json)))?;
    let mut records = records(arguments, &model)?;
    let ran = step_all(arguments, &mut model, &mut feeds, &mut records)?;
    if let Some(path) = &arguments.out {
        record::write(path, &records, ran.steps, opened.config.time_step().0)?;
    }
    tell(arguments, &opened, &records, &ran);
    Ok(ExitCode::from(if ran.interrupted { INTERRUPTED } else { OK }))
}

/// The model as the options want it.
fn configured(arguments: &Arguments) -> Result<Opened, Failure> {
    let mut opened = open(&arguments.file, &arguments.neurons)?;
    if let Some(mode) = arguments.compat {
        opened.config = opened.config.with_compat(match mode {
            Mode::Standard => Compat::Standard,
            Mode::SparkSnn1 => Compat::SparkSnn1,
        });
    }
    if let Some(seed) = arguments.seed {
        opened.config = opened.config.with_new_seeds(seed);
    }
    Ok(opened)
}

/// What cannot be written is told before the run, not after it.
fn check_out(arguments: &Arguments) -> Result<(), Failure> {
    let Some(path) = &arguments.out else { return Ok(()) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if path.extension().is_none_or(|ending| ending != "npz") {
        return Err(Failure::new(format!(
            "`{}`: recordings are written as `.npz`",
            path.display()
        )));
    }
    if folder.is_some_and(|folder| !folder.is_dir()) || path.is_dir() {
        return Err(Failure::new(format!(
            "`{}` cannot be written: there is no such folder",
            path.display()
        )));
    }
    Ok(())
}

/// A source for each input, in the order of the model.
fn feeds(arguments: &Arguments, opened: &Opened) -> Result<Vec<(String, Feed)>, Failure> {
    let ports = opened.config.table().inputs;
    for given in &arguments.inputs {
        if !ports.iter().any(|port| port.name == given.name) {
            let names: Vec<&str> = ports.iter().map(|port| port.name).collect();
            return Err(Failure::new(format!("the model has no input `{}`", given.name))
                .help(format!("it has: {}", names.join(", "))));
        }
    }
    let shapes = with_shapes_of_file(Vec::new(), opened);
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
            dt: opened.config.time_step().0,
            seed: arguments.seed.unwrap_or(0),
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
            return Err(Failure::new(format!("`{}` is to be recorded twice", record.name()))
                .help("a recording has one array of each name: leave one of them out"));
        }
        records.push(record);
    }
    Ok(records)
}

/// How far a run came.
struct Ran {
    steps: usize,
    time: Duration,
    interrupted: bool,
}

fn step_all(
    arguments: &Arguments,
    model: &mut Model,
    feeds: &mut [(String, Feed)],
    records: &mut [Record],
) -> Result<Ran, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    ctrlc::set_handler(move || told.store(true, Ordering::Relaxed)).map_err(Failure::new)?;
    let bar = progress_bar(arguments);
    let start = Instant::now();
    let mut steps = 0;
    while steps < arguments.steps && !stop.load(Ordering::Relaxed) {
        for (_, feed) in feeds.iter_mut() {
            feed.advance(steps);
        }
        let inputs = feeds
            .iter()
            .map(|(name, feed)| -> (&str, &dyn Any) { (name, feed.value()) });
        model.step(inputs).map_err(Failure::new)?;
        for record in records.iter_mut() {
            record.take(steps, model);
        }
        steps += 1;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Ran {
        steps,
        time: start.elapsed(),
        interrupted: steps < arguments.steps,
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

fn tell(arguments: &Arguments, opened: &Opened, records: &[Record], ran: &Ran) {
    let dt = opened.config.time_step().0;
    if arguments.json {
        print_json(&json!({
            "steps": ran.steps,
            "interrupted": ran.interrupted,
            "dt": dt,
            "seconds": ran.time.as_secs_f64(),
            "recorded": records.iter().map(Record::to_json).collect::<Vec<_>>(),
            "out": arguments.out,
        }));
        return;
    }
    let what = if ran.interrupted { "interrupted after " } else { "" };
    print(&format!(
        "{what}{} steps, {} ms of the model\n",
        ran.steps,
        Rounded(ran.steps as f64 * dt)
    ));
    for record in records {
        print(&format!("{}\n", record.text(ran.steps, dt)));
    }
    if let Some(path) = &arguments.out {
        print(&format!("written to {}\n", path.display()));
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
