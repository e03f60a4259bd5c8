//! The `spark` command.

mod answer;
mod check;
mod codegen;
mod completions;
mod convert;
mod diff;
mod draw;
mod inspect;
mod model;
mod modules;
mod new;
mod parity;
mod report;
mod run;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::answer::help;

/// Spiking neural networks: looks at models in files, checks them, runs them.
#[derive(Debug, Parser)]
#[command(name = "spark", version, arg_required_else_help = true)]
#[command(after_help = help!("
  spark new first_steps
  spark check brain.scfg
  spark inspect brain.scfg --input signal=[4]
  spark run brain.scfg --steps 1000 --input signal=const:0.5[4] --out run.npz

Colours are left out where the output is no terminal, and with NO_COLOR=1.
The guide is docs/cli.md; what an error code means stands in docs/errors.md."))]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a project that builds and runs: a small network, its program, a README.
    New(new::Arguments),
    /// Lists the modules that a model may be made of, or shows one: ports, fields, units, shapes.
    Modules(modules::Arguments),
    /// Says everything that is wrong with models in files, each problem at its place.
    Check(check::Arguments),
    /// Shows what a model is made of: nodes, shapes, parameters, memory, latency.
    Inspect(inspect::Arguments),
    /// Draws a model.
    Draw(draw::Arguments),
    /// Runs a model and records what it does.
    Run(run::Arguments),
    /// Converts a file between `.scfg` (xz-compressed) and `.json`; nothing in it changes.
    Convert(convert::Arguments),
    /// Says in what two models differ.
    Diff(diff::Arguments),
    /// Prints a model file as Rust source: a `network!` that declares the same model.
    Codegen(codegen::Arguments),
    /// Replays recordings of the Python package and says whether the results agree.
    Parity(parity::Arguments),
    /// Prints the completions of the command for a shell.
    Completions(completions::Arguments),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::New(arguments) => new::run(&arguments),
        Command::Modules(arguments) => modules::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Draw(arguments) => draw::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Codegen(arguments) => return codegen::run(&arguments),
        Command::Parity(arguments) => return parity::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
    };
    done.unwrap_or_else(|failure| failure.tell())
}
