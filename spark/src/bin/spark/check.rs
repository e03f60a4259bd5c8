//! `spark check`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use spark::nn::controllers::{Model, Neurons};
use spark_ir::diagnostic::Diagnostic;

use crate::answer::{Answer, Failure, OK, PROBLEMS, UNUSABLE, help, print, print_json, print_to_stderr};
use crate::model::{NeuronOptions, Opened, ShapeOptions, borrowed, check_text, parse_text, read_text};
use crate::report::Source;

/// How many numbers a model may hold to be built as a part of its check.
const MOST_NUMBERS: usize = 50_000_000;

/// Says everything that is wrong with models in files, each problem at its place.
///
/// Without the shapes of the inputs everything is checked that needs none. With them the shapes of all wires are
/// checked, and the model is built.
#[derive(Debug, Args)]
#[command(after_help = help!("
  spark check brain.scfg
  spark check --input signal=[4] brain.scfg
  spark check --json models/*.scfg | jq -r 'select(.ok | not) | .file'"))]
pub(crate) struct Arguments {
    /// Models, `.scfg` or `.json`.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    shapes: ShapeOptions,
    #[command(flatten)]
    neurons: NeuronOptions,
    /// One line of JSON for each file.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Answer {
    let neurons = arguments.neurons.read()?;
    let mut status = OK;
    for file in &arguments.files {
        match check(file, arguments, &neurons) {
            Ok(source) => {
                if source.has_errors() {
                    status = status.max(PROBLEMS);
                }
                tell(&source, arguments.json);
            }
            Err(failure) => {
                status = UNUSABLE;
                tell_failure(file, failure, arguments.json);
            }
        }
    }
    Ok(ExitCode::from(status))
}

fn tell(source: &Source, as_json: bool) {
    if as_json {
        print_json(&source.to_json());
        return;
    }
    print_to_stderr(&source.render());
    let (errors, warnings): (Vec<_>, Vec<_>) = source.problems.iter().partition(|problem| problem.is_error());
    let verdict = match (errors.len(), warnings.len()) {
        (0, 0) => "ok".to_owned(),
        (0, warnings) => format!("ok, {}", counted(warnings, "warning")),
        (errors, 0) => counted(errors, "error"),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    };
    print(&format!("{}: {verdict}\n", source.path.display()));
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

fn tell_failure(file: &Path, failure: Failure, as_json: bool) {
    match failure {
        Failure::Unusable { message, .. } if as_json => {
            print_json(&json!({ "file": file, "ok": false, "error": message }));
        }
        failure => {
            failure.tell();
        }
    }
}

fn check(file: &Path, arguments: &Arguments, neurons: &Neurons) -> Result<Source, Failure> {
    let text = read_text(file)?;
    let (config, source) = check_text(file, text, neurons)?;
    let Some(config) = config else {
        return Ok(source);
    };
    let json = parse_text(file, &source.text)?;
    let Source {
        path,
        text,
        mut problems,
    } = source;
    let opened = Opened {
        path,
        text,
        json,
        config,
    };
    problems.extend(check_shapes(&opened, &arguments.shapes)?);
    Ok(Source::new(&opened.path, opened.text, problems))
}

/// What the shapes of the inputs allow to be said.
fn check_shapes(opened: &Opened, shapes: &ShapeOptions) -> Result<Vec<Diagnostic<String>>, Failure> {
    let shapes = shapes.of(opened);
    let shapes = borrowed(&shapes);
    let problems = opened.config.check_shapes(&shapes)?;
    let has_all = shapes.len() == opened.config.table().inputs.len();
    let size = opened.config.size(&shapes)?;
    if !problems.is_empty() || !has_all || size.is_none_or(|size| size > MOST_NUMBERS) {
        return Ok(problems);
    }
    match Model::from_config(&opened.config, &shapes) {
        Ok(_) => Ok(Vec::new()),
        Err(error) => Ok(opened.config.located(&error, &opened.json)),
    }
}
