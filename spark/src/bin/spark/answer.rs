//! How the command answers: what it prints, and its exit status.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use spark::BuildError;
use spark_ir::format::file::FileError;

use crate::report::Source;

/// Everything is as it should be.
pub(crate) const OK: u8 = 0;
/// The model has problems, or two models differ.
pub(crate) const PROBLEMS: u8 = 1;
/// A file or an option cannot be used.
pub(crate) const UNUSABLE: u8 = 2;
/// The run was interrupted.
pub(crate) const INTERRUPTED: u8 = 130;

/// What `--help` ends with: the exit status and examples.
macro_rules! help {
    ($examples:literal) => {
        concat!(
            "Exit status:\n  0  everything is as it should be\n  1  the model has problems, or two models differ\n  ",
            "2  a file or an option cannot be used\n\nExamples:",
            $examples
        )
    };
}
pub(crate) use help;

/// Why a command ends early.
pub(crate) enum Failure {
    /// A file or an option cannot be used.
    Unusable {
        /// What, and why not.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// A file has problems.
    Problems(Box<Source>),
}

/// What a command ends with.
pub(crate) type Answer = Result<ExitCode, Failure>;

impl Failure {
    pub(crate) fn new(message: impl Display) -> Self {
        Failure::Unusable {
            message: message.to_string(),
            help: None,
        }
    }

    pub(crate) fn help(self, advice: impl Into<String>) -> Self {
        match self {
            Failure::Unusable { message, .. } => Failure::Unusable {
                message,
                help: Some(advice.into()),
            },
            problems => problems,
        }
    }

    /// Prints it, and gives the exit status.
    pub(crate) fn tell(self) -> ExitCode {
        match self {
            Failure::Unusable { message, help } => {
                crate::report::plain_error(&message, help.as_deref());
                ExitCode::from(UNUSABLE)
            }
            Failure::Problems(source) => {
                print_to_stderr(&source.render());
                ExitCode::from(PROBLEMS)
            }
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Failure::new(error)
    }
}

/// Names and shapes in options that do not belong to the model.
impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error.problems() {
            [problem] => Failure::Unusable {
                message: problem.message.clone(),
                help: problem.help.clone(),
            },
            _ => Failure::new(error),
        }
    }
}

/// Prints to the standard output. Who closes the pipe wants no more.
pub(crate) fn print(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints to the standard error.
pub(crate) fn print_to_stderr(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Prints one line of JSON.
pub(crate) fn print_json(value: &serde_json::Value) {
    print(&format!("{value}\n"));
}

/// Success.
pub(crate) fn ok() -> ExitCode {
    ExitCode::from(OK)
}
