//! A brain of four plastic populations learns to balance a pole, online, from a single punishment per failure.
//!
//! Shows: a custom neuron and a brain declared with `network!`, in the mode that computes what the Python package
//! computes; a closed loop of 50 network steps per step of the world; plasticity steered by a reward.
//!
//! ```text
//! cargo run --release --example cartpole
//! cargo run --release --example cartpole -- --seed 3 --episodes 50
//! cargo run --release --example cartpole -- --json
//! ```
//!
//! The model and the protocol are those of the authors of Spark (their cartpole tutorial); the world is CartPole-v1:
//! Barto, Sutton, Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems", IEEE
//! Transactions on Systems, Man, and Cybernetics 13 (1983), doi:10.1109/TSMC.1983.6313077.

mod brain;
mod protocol;
mod world;

use std::time::Instant;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use protocol::{Report, Trainer};

/// Trains a brain of spiking neurons to balance a pole.
#[derive(Parser)]
#[command(about)]
struct Options {
    /// Seed of the network (all of its seeds are drawn anew from it) and of the world. Without it the model runs with
    /// the seeds that its authors saved.
    #[arg(long)]
    seed: Option<u32>,
    /// Number of episodes.
    #[arg(long, default_value_t = 150)]
    episodes: usize,
    /// Print one line of JSON and nothing else.
    #[arg(long)]
    json: bool,
    /// Write the length of every episode to this file, one number a line.
    #[arg(long)]
    lengths: Option<std::path::PathBuf>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let mut trainer = Trainer::new(options.seed)?;
    let bar = progress_bar(&options);
    let start = Instant::now();
    let mut lengths = Vec::with_capacity(options.episodes);
    for _ in 0..options.episodes {
        lengths.push(trainer.episode());
        bar.set_message(format!("steps balanced, average: {:.0}", trainer.average()));
        bar.inc(1);
    }
    bar.finish_and_clear();
    let report = Report::new(options.seed, &lengths, &trainer, start.elapsed());
    if let Some(path) = &options.lengths {
        let text: String = lengths.iter().map(|length| format!("{length}\n")).collect();
        std::fs::write(path, text)?;
    }
    if options.json {
        println!("{}", report.json());
    } else {
        print!("{report}");
    }
    Ok(())
}

fn progress_bar(options: &Options) -> ProgressBar {
    if options.json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(options.episodes as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} episode {pos}/{len}  {msg}  {eta} left") {
        bar.set_style(style);
    }
    bar
}
