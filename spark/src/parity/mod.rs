//! Replay of golden cases: recordings of the Python package, step by step.
//!
//! A case names a class; it is built through the registry and fed what was recorded, under `Compat::SparkSnn1`. Spikes,
//! whole numbers, masks and random keys must be equal, floats within the tolerance of the case. Any registered class can
//! be replayed.
//!
//! | kind of file | what is replayed |
//! |---|---|
//! | module (`inputs`, `outputs`, `states`) | [`modules`](self): the module alone |
//! | `tracer` | a tracer of `spark::nn::tracers` |
//! | `model` (`run.json.gz` beside `model.scfg`) | a brain or neuron, with the outputs of its nodes |
//! | `rng`, `initializers`, `spark_draws` | keys, draws, permutations, initial arrays, seeds |

mod case;
mod compare;
mod draws;
mod model;
mod module;
mod tracer;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;
use spark_ir::format::file::FileError;

use compare::Tally;

/// Why a file cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ParityError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The file of the model beside the run cannot be read.
    #[error(transparent)]
    Model(FileError),
    /// The file is no golden case.
    #[error("`{}` is no golden case, at `{place}`: {reason}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Where in it.
        place: String,
        /// What is wrong there.
        reason: String,
    },
}

/// A difference in spikes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// The step, counted from 0.
    pub step: usize,
    /// The output.
    pub port: String,
}

/// What came of a case: one line of the command's output.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Its name.
    pub case: String,
    /// The class that was replayed.
    pub class: String,
    /// Steps, or draws.
    pub steps: usize,
    /// Whether all spikes, masks and whole numbers of the outputs are equal.
    pub spikes_equal: bool,
    /// The first difference in them.
    pub first_spike_mismatch: Option<Mismatch>,
    /// The largest difference of the outputs' floats, relative to the value, to the largest value recorded at the port,
    /// or to 1, whichever is largest.
    pub max_rel_error: f64,
    /// The same for the state.
    pub state_max_rel_error: f64,
    /// What both may be.
    pub tolerance: f64,
    /// A case in half precision: the package changes its number type on the way, so it does not decide.
    pub informative: bool,
    /// Whether everything agrees.
    pub ok: bool,
    /// What does not, in words.
    pub problems: Vec<String>,
}

impl Report {
    /// Whether the case speaks against parity.
    pub fn failed(&self) -> bool {
        !self.ok && !self.informative
    }
}

/// Replays a file.
///
/// # Errors
/// A file that cannot be read, or is no golden case. What a case finds is in the report.
pub fn replay(path: &Path) -> Result<Report, ParityError> {
    let json = read(path)?;
    let report = match json.get("kind").and_then(Value::as_str) {
        Some("tracer") => tracer::replay(&json),
        Some("model") => return model::replay(&json, path),
        Some(_) => module::replay(&json),
        None => draws::replay(&json),
    };
    report.map_err(|error| error.in_file(path))
}

fn read(path: &Path) -> Result<Value, ParityError> {
    let io = |reason| ParityError::Io {
        path: path.to_owned(),
        reason,
    };
    let bytes = std::fs::read(path).map_err(io)?;
    let mut text = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::GzDecoder::new(&bytes[..])
            .read_to_end(&mut text)
            .map_err(io)?;
    } else {
        text = bytes;
    }
    serde_json::from_slice(&text).map_err(|reason| ParityError::Format {
        path: path.to_owned(),
        place: format!("line {}, column {}", reason.line(), reason.column()),
        reason: reason.to_string(),
    })
}

/// Which case of which class.
#[derive(Debug, Clone)]
struct Subject {
    case: String,
    class: String,
    informative: bool,
}

impl Subject {
    fn report(self, steps: usize, tally: Tally) -> Report {
        let Tally {
            spikes_equal,
            first_spike_mismatch,
            max_rel_error,
            state_max_rel_error,
            tolerance,
            problems,
        } = tally;
        let close = max_rel_error <= tolerance && state_max_rel_error <= tolerance;
        Report {
            case: self.case,
            class: self.class,
            steps,
            spikes_equal,
            first_spike_mismatch,
            ok: spikes_equal && close && problems.is_empty(),
            max_rel_error,
            state_max_rel_error,
            tolerance,
            informative: self.informative,
            problems,
        }
    }

    /// A case that could not be run at all.
    fn failed(self, problem: impl Into<String>) -> Report {
        let mut tally = Tally::new(0.0);
        tally.spikes_equal = false;
        tally.problem(problem);
        self.report(0, tally)
    }
}
