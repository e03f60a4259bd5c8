//! `spark new`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::answer::{Answer, Failure, help, ok, print};

/// The files of a project, with `{{name}}` and `{{dependency}}` for what differs.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("new/Cargo.toml.txt")),
    ("src/main.rs", include_str!("new/main.rs.txt")),
    ("README.md", include_str!("new/README.md.txt")),
    (".gitignore", "/target\n*.scfg\n"),
];

/// Words that cargo refuses as names of packages, or that are crates of the language.
const RESERVED: &[&str] = &["alloc", "core", "proc_macro", "spark", "std", "test"];

/// Makes a project that builds and runs: a small network in `src/main.rs`, Cargo.toml, README.
#[derive(Debug, Args)]
#[command(after_help = help!("
  spark new first_steps
  spark new --spark-path ../spark first_steps
  cd first_steps && cargo run --release"))]
pub(crate) struct Arguments {
    /// The folder of the project; its last part is the name of the package.
    name: PathBuf,
    /// Where the sources of `spark` lie (the folder with the Cargo.toml of the crate, or of its workspace). Inside of that
    /// workspace it is found; else the published crate is used.
    #[arg(long, value_name = "PATH")]
    spark_path: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Answer {
    let folder = &arguments.name;
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    check_name(&name)?;
    let dependency = dependency(arguments.spark_path.as_deref())?;
    if folder.exists() {
        return Err(
            Failure::new(format!("`{}` is there already", folder.display())).help("take another name")
        );
    }
    let outer = folder.parent().filter(|outer| !outer.as_os_str().is_empty());
    let outer = outer.unwrap_or(Path::new("."));
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| Failure::new(format!("cannot write `{path}`: {error}"))
    };
    // The folder takes its name when it is complete.
    let unfinished = outer.join(format!(".{name}.{}", std::process::id()));
    let written = write_files(&unfinished, &name, &dependency)
        .and_then(|()| fs::rename(&unfinished, folder))
        .map_err(failed(folder));
    if written.is_err() {
        let _ = fs::remove_dir_all(&unfinished);
    }
    written?;
    print(&format!(
        "`{0}` is ready:\n  cd {0}\n  cargo run --release\n",
        folder.display()
    ));
    Ok(ok())
}

fn write_files(folder: &Path, name: &str, dependency: &str) -> std::io::Result<()> {
    for (file, template) in FILES {
        let path = folder.join(file);
        if let Some(around) = path.parent() {
            fs::create_dir_all(around)?;
        }
        fs::write(
            path,
            template
                .replace("{{name}}", name)
                .replace("{{dependency}}", dependency),
        )?;
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), Failure> {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if begins && name.chars().all(is_plain) && !RESERVED.contains(&name) {
        return Ok(());
    }
    Err(
        Failure::new(format!("`{name}` cannot be the name of a package")).help(
            "begin with a lower-case letter and go on with those, digits, `_` and `-`, such as first_steps",
        ),
    )
}

/// What stands behind `spark = ` in the Cargo.toml.
fn dependency(given: Option<&Path>) -> Result<String, Failure> {
    let found = match given {
        Some(path) => Some(crate_in(path).ok_or_else(|| {
            Failure::new(format!("`{}` holds no crate `spark`", path.display()))
                .help("name the folder with its Cargo.toml, or with that of its workspace")
        })?),
        None => std::env::current_dir()
            .ok()
            .and_then(|folder| folder.ancestors().find_map(crate_in)),
    };
    Ok(match found {
        // A literal string of TOML has no escapes.
        Some(path) => format!("{{ path = '{}' }}", path.display()),
        None => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
    })
}

/// The folder of the crate `spark`, if it is this one, or is in the workspace of this one.
fn crate_in(folder: &Path) -> Option<PathBuf> {
    let is_spark = |folder: &Path| {
        let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        text.lines().any(|line| line.trim() == "name = \"spark\"")
    };
    let candidates = [folder.to_owned(), folder.join("spark")];
    let found = candidates.into_iter().find(|folder| is_spark(folder))?;
    fs::canonicalize(found).ok()
}
