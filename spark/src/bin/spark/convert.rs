//! `spark convert`.

use std::path::{Path, PathBuf};

use clap::Args;
use spark_ir::format::file;

use crate::answer::{Answer, Failure, help, ok};
use crate::model::{parse_text, read_text};

/// Converts a file between `.scfg` (xz-compressed) and `.json` (text).
///
/// Keys, numbers and metadata stay as they are: there and back again gives the same bytes as a file of the Python
/// package or of this crate had.
#[derive(Debug, Args)]
#[command(after_help = help!("
  spark convert brain.scfg brain.json
  spark convert --force brain.json brain.scfg"))]
pub(crate) struct Arguments {
    /// What to read.
    from: PathBuf,
    /// What to write: its ending says how.
    to: PathBuf,
    /// Replace the file if there is one.
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Answer {
    let Arguments { from, to, force } = arguments;
    let endings = ["scfg", "json", "sge"];
    let ending = |path: &Path| {
        path.extension()
            .map(|ending| ending.to_string_lossy().to_lowercase())
    };
    if !ending(to).is_some_and(|ending| endings.contains(&ending.as_str())) {
        return Err(
            Failure::new(format!("`{}`: no file format has this ending", to.display()))
                .help("write `.scfg` for a compressed file, `.json` for text"),
        );
    }
    if to.exists() && !force {
        return Err(
            Failure::new(format!("`{}` is there already", to.display())).help("replace it with --force")
        );
    }
    let value = parse_text(from, &read_text(from)?)?;
    file::write(to, &value)?;
    Ok(ok())
}
