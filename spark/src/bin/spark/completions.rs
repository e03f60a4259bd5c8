//! `spark completions`.

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::Shell;

use crate::answer::{Answer, help, ok, print};

/// Shells that there are completions for.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Target {
    Bash,
    Zsh,
    Fish,
}

/// Prints the completions of the command for a shell.
#[derive(Debug, Args)]
#[command(after_help = help!("
  spark completions bash > ~/.local/share/bash-completion/completions/spark
  spark completions zsh  > \"${fpath[1]}/_spark\"
  spark completions fish > ~/.config/fish/completions/spark.fish"))]
pub(crate) struct Arguments {
    /// The shell.
    shell: Target,
}

pub(crate) fn run(arguments: &Arguments) -> Answer {
    let shell = match arguments.shell {
        Target::Bash => Shell::Bash,
        Target::Zsh => Shell::Zsh,
        Target::Fish => Shell::Fish,
    };
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut crate::Cli::command(), "spark", &mut text);
    print(&String::from_utf8_lossy(&text));
    Ok(ok())
}
