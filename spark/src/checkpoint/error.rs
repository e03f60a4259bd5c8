//! Why a checkpoint cannot be written or used.

use std::fmt;
use std::path::{Path, PathBuf};

use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::file::FileError;

use crate::core::error::Problem;
use crate::core::state::Misfit;
use crate::rt::export::as_diagnostic;

/// Why a checkpoint cannot be written or used: all problems, each with a code and its place: a path of the state, or a
/// key of the file's metadata with a JSON pointer.
///
/// ```
/// use spark::prelude::*;
///
/// # fn main() {
/// let error = match LIFNeuron::load("there/is/no/such.safetensors") {
///     Ok(_) => return,
///     Err(error) => error,
/// };
/// assert!(error.to_string().starts_with("cannot read `there/is/no/such.safetensors`"));
/// # }
/// ```
#[non_exhaustive]
pub enum CheckpointError {
    /// The system refused.
    File(FileError),
    /// What the file holds cannot be used, or what a model holds cannot be written.
    Refused {
        /// The file. Empty for a checkpoint that is in none.
        path: PathBuf,
        /// The problems.
        problems: Vec<Diagnostic<String>>,
    },
}

pub(super) type Problems = Vec<Diagnostic<String>>;

impl CheckpointError {
    /// Nothing is wrong if there are no problems.
    pub(super) fn check(path: &Path, problems: Problems) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(CheckpointError::refused(path, problems))
        }
    }

    pub(super) fn refused(path: &Path, problems: Problems) -> Self {
        CheckpointError::Refused {
            path: path.to_owned(),
            problems,
        }
    }

    pub(super) fn io(path: &Path, action: &'static str, reason: std::io::Error) -> Self {
        CheckpointError::File(FileError::Io {
            path: path.to_owned(),
            action,
            reason,
        })
    }

    /// The file. Empty for a checkpoint that is in none.
    pub fn path(&self) -> &Path {
        match self {
            CheckpointError::File(error) => error.path(),
            CheckpointError::Refused { path, .. } => path,
        }
    }

    /// All problems. None if it was the system that refused.
    pub fn problems(&self) -> &[Diagnostic<String>] {
        match self {
            CheckpointError::File(_) => &[],
            CheckpointError::Refused { problems, .. } => problems,
        }
    }
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, problems) = match self {
            CheckpointError::File(error) => return error.fmt(f),
            CheckpointError::Refused { path, problems } => (path, problems),
        };
        match path.as_os_str().is_empty() {
            true => f.write_str("the checkpoint cannot be used:")?,
            false => write!(f, "the checkpoint `{}` cannot be used:", path.display())?,
        }
        for problem in problems {
            f.write_str("\n")?;
            if !problem.span.is_empty() {
                write!(f, "{}: ", problem.span)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// The same text: `main` prints it when it returns the error.
impl fmt::Debug for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for CheckpointError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CheckpointError::File(error) => Some(error),
            CheckpointError::Refused { .. } => None,
        }
    }
}

impl From<FileError> for CheckpointError {
    fn from(error: FileError) -> Self {
        CheckpointError::File(error)
    }
}

/// A difference between a state and a model, with its code.
pub(super) fn misfit(misfit: Misfit, problem: &Problem, version: &str) -> Diagnostic<String> {
    let (code, message, help) = match misfit {
        Misfit::Missing => (
            "SPK107",
            "the checkpoint lacks a variable of the model",
            format!("it was written by spark {version}, or for another model"),
        ),
        Misfit::Surplus => (
            "SPK108",
            "the model has no such variable",
            format!("it was written by spark {version}, or for another model"),
        ),
        Misfit::Dtype => (
            "SPK109",
            "the variable has another number type",
            "use a build of the same precision: `--cfg spark_f64` computes in float64".to_owned(),
        ),
        Misfit::Shape => (
            "SPK110",
            "the variable has another shape",
            "build the model with the sizes that it was saved with".to_owned(),
        ),
    };
    let mut diagnostic = Diagnostic::error(code, problem.place.clone(), message).help(help);
    diagnostic.expected.clone_from(&problem.expected);
    diagnostic.found.clone_from(&problem.found);
    diagnostic
}

/// A problem of the configuration that a checkpoint holds. One that has no code of its own says that the configuration
/// is that of another model.
pub(super) fn of_config(problem: &Problem) -> Diagnostic<String> {
    let mut diagnostic = as_diagnostic(problem);
    if diagnostic.code == "SPK095" {
        diagnostic.code = "SPK106";
    }
    if diagnostic.span.starts_with('/') || diagnostic.span.is_empty() {
        diagnostic.span = format!("spark.config{}", diagnostic.span);
    }
    diagnostic
}
