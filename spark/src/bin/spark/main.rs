//! The `spark` command.

mod codegen;
mod parity;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Spiking neural networks: tools around the library.
#[derive(Debug, Parser)]
#[command(name = "spark", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prints a model file as Rust source: a `network!` that declares the same model.
    Codegen(codegen::Arguments),
    /// Replays recordings of the Python package and says whether the results agree.
    Parity(parity::Arguments),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::Parity(arguments) => parity::run(&arguments),
    }
}
