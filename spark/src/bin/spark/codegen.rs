//! `spark codegen`.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use spark::codegen::{self, Arrays, Options, PortOption};
use spark_ir::format::file::{self, FileError};
use spark_ir::names::camel_case;

use crate::answer::print_to_stderr;

/// The file cannot be read or has no form in Rust source.
const REFUSED: u8 = 1;

/// Arrays with more elements than this become files where there is a folder for them.
const LARGE: usize = 64;

/// Prints a model file as Rust source: a `network!` that declares the same model.
#[derive(Debug, Args)]
#[command(after_help = "\
The source gives the same bits as the file: it has all seeds, and every field that differs from the default of its
module. A neuron of the file becomes its type where one of the same graph is registered, else a `neuron` of its own.
Files say nothing of the shapes of inputs: `--input` does; without it the model is built by `build(config, shapes)`.

Exit status:
  0  the source is printed
  1  the file cannot be read, or something in it has no form in Rust source

Examples:
  spark codegen brain.scfg --name PushPull --input signal=[4] > src/push_pull.rs")]
pub(crate) struct Arguments {
    /// The model: `.scfg` or `.json`.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Name of the network; without it, that of the file.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Shape of an input, such as `signal=[4]`; with its payload where that is not known, `signal=MyPayload[4]`.
    #[arg(long = "input", value_name = "NAME=[SIZES]", value_parser = port)]
    inputs: Vec<PortOption>,
    /// Shape of an output, in the same form.
    #[arg(long = "output", value_name = "NAME=[SIZES]", value_parser = port)]
    outputs: Vec<PortOption>,
    /// The type that stands for a class of the file; a neuron is declared under this name.
    #[arg(long = "type", value_name = "CLASS=TYPE", value_parser = class)]
    types: Vec<(String, String)>,
    /// Writes arrays of more than 64 elements into NumPy files in this folder, which the source names by `npy!`.
    #[arg(long, value_name = "FOLDER")]
    npy_dir: Option<PathBuf>,
    /// Writes the source into a file. The paths of `npy!` are then relative to it, else to the current folder.
    #[arg(long, short, value_name = "FILE")]
    output_file: Option<PathBuf>,
}

fn port(text: &str) -> Result<PortOption, String> {
    text.parse()
        .map_err(|problems: Vec<spark_ir::diagnostic::Diagnostic<String>>| {
            problems
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        })
}

fn class(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((class, ty)) if !class.is_empty() && !ty.is_empty() => Ok((class.to_owned(), ty.to_owned())),
        _ => Err("write the class, `=`, and the type: `my_gain=Gain`".to_owned()),
    }
}

/// Prints the source.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match generate(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(REFUSED)
        }
    }
}

fn generate(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let stem = arguments.file.file_stem().unwrap_or_default().to_string_lossy();
    let mut options = Options::named(arguments.name.clone().unwrap_or_else(|| camel_case(&stem)));
    options.inputs.clone_from(&arguments.inputs);
    options.outputs.clone_from(&arguments.outputs);
    options.types.clone_from(&arguments.types);
    if let Some(folder) = &arguments.npy_dir {
        let beside = arguments.output_file.as_deref().and_then(Path::parent);
        let folder = beside
            .and_then(|beside| folder.strip_prefix(beside).ok())
            .unwrap_or(folder);
        options.arrays = Arrays::Files {
            above: LARGE,
            folder: folder.to_string_lossy().into_owned(),
        };
    }
    let source = codegen::from_file(&arguments.file, &options)?;
    for warning in &source.warnings {
        let file = arguments.file.display();
        print_to_stderr(&format!("warning: {file} at {}: {warning}\n", warning.span));
    }
    if let Some(folder) = &arguments.npy_dir {
        if !source.files.is_empty() {
            std::fs::create_dir_all(folder).map_err(|reason| FileError::Io {
                path: folder.clone(),
                action: "make",
                reason,
            })?;
        }
        for file in &source.files {
            file::write_bytes(&folder.join(&file.name), &file.bytes)?;
        }
    }
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy();
    let program = source.program(&name);
    match &arguments.output_file {
        Some(path) => file::write_bytes(path, program.as_bytes())?,
        // Who closes the pipe wants no more lines.
        None => drop(io::stdout().lock().write_all(program.as_bytes())),
    }
    Ok(())
}
