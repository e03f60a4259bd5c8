//! `spark parity`.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use spark::parity::{Report, replay};

/// Everything agrees.
const AGREES: u8 = 0;
/// A case does not agree.
const DIFFERS: u8 = 1;
/// A file cannot be read.
const UNREADABLE: u8 = 2;

/// One line of JSON per case, then a summary.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit status:
  0  every case agrees (cases in half precision are marked `informative` and do not count)
  1  a case does not agree
  2  a file cannot be read, or is no golden case

Examples:
  spark parity tests/fixtures/goldens/modules/*.json
  spark parity tests/fixtures/goldens/models/lif_neuron/run.json.gz")]
pub(crate) struct Arguments {
    /// Golden cases: `.json`, or `run.json.gz` with the `model.scfg` beside it.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What came of all files.
#[derive(Default)]
struct Summary {
    ok: usize,
    failed: Vec<String>,
    informative: usize,
    unreadable: usize,
}

impl Summary {
    fn count(&mut self, report: &Report) {
        if report.failed() {
            self.failed.push(report.case.clone());
        } else if report.informative {
            self.informative += 1;
        } else {
            self.ok += 1;
        }
    }

    fn status(&self) -> u8 {
        match (self.unreadable, self.failed.len()) {
            (0, 0) => AGREES,
            (0, _) => DIFFERS,
            _ => UNREADABLE,
        }
    }
}

/// Replays all files.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let mut out = io::stdout().lock();
    let mut summary = Summary::default();
    for file in &arguments.files {
        let line = match replay(file) {
            Ok(report) => {
                summary.count(&report);
                serde_json::to_string(&report)
            }
            Err(error) => {
                summary.unreadable += 1;
                eprintln!("error: {error}");
                continue;
            }
        };
        // Who closes the pipe wants no more lines.
        let written = line
            .map_err(io::Error::from)
            .and_then(|line| writeln!(out, "{line}"));
        if written.is_err() {
            return ExitCode::from(summary.status());
        }
    }
    let status = summary.status();
    let summary = json!({ "summary": {
        "ok": summary.ok,
        "failed": summary.failed,
        "informative": summary.informative,
        "unreadable": summary.unreadable,
    }});
    let _ = writeln!(out, "{summary}");
    ExitCode::from(status)
}
