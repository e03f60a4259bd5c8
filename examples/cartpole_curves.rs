//! Draws the learning curves of several cartpole runs and prints their table, from what
//! `cartpole --json --lengths FILE` wrote: `1.txt` and `1.json` for seed 1, and so on.
//!
//! ```text
//! cargo run --release --example cartpole_curves -- --folder target/cartpole --out docs/cartpole.svg
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::Parser;
use plotters::prelude::*;
use serde_json::Value;

/// Draws learning curves of cartpole runs.
#[derive(Parser)]
#[command(about)]
struct Options {
    /// Folder with `SEED.txt` (the length of each episode) and `SEED.json` (the report) per seed.
    #[arg(long)]
    folder: PathBuf,
    /// The picture.
    #[arg(long)]
    out: PathBuf,
}

/// One run.
struct Run {
    seed: u64,
    lengths: Vec<f64>,
    report: Value,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let runs = runs(&options.folder)?;
    if runs.is_empty() {
        return Err(format!("no `SEED.txt` in {}", options.folder.display()).into());
    }
    draw(&runs, &options.out)?;
    table(&runs);
    Ok(())
}

fn runs(folder: &Path) -> Result<Vec<Run>, Box<dyn Error>> {
    let mut runs = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let seed = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .and_then(|stem| stem.parse().ok());
        if let (Some(seed), Some("txt")) = (seed, path.extension().and_then(|end| end.to_str())) {
            let lengths: Result<Vec<f64>, _> =
                std::fs::read_to_string(&path)?.lines().map(str::parse).collect();
            let report = serde_json::from_str(&std::fs::read_to_string(path.with_extension("json"))?)?;
            runs.push(Run {
                seed,
                lengths: lengths?,
                report,
            });
        }
    }
    runs.sort_by_key(|run| run.seed);
    Ok(runs)
}

/// The mean of the ten episodes up to each one.
fn smooth(lengths: &[f64]) -> Vec<(f64, f64)> {
    (0..lengths.len())
        .map(|i| {
            let last = &lengths[i.saturating_sub(9)..=i];
            ((i + 1) as f64, last.iter().sum::<f64>() / last.len() as f64)
        })
        .collect()
}

fn draw(runs: &[Run], out: &Path) -> Result<(), Box<dyn Error>> {
    let picture = SVGBackend::new(out, (900, 420)).into_drawing_area();
    picture.fill(&WHITE)?;
    let episodes = runs.iter().map(|run| run.lengths.len()).max().unwrap_or(1) as f64;
    let mut chart = ChartBuilder::on(&picture)
        .margin(14)
        .caption(
            "cartpole: steps balanced, mean of the last ten episodes",
            ("sans-serif", 18),
        )
        .x_label_area_size(38)
        .y_label_area_size(48)
        .build_cartesian_2d(1.0..episodes, 0.0..510.0)?;
    chart
        .configure_mesh()
        .x_desc("episode")
        .y_desc("steps")
        .light_line_style(WHITE)
        .draw()?;
    for (i, run) in runs.iter().enumerate() {
        let colour = Palette99::pick(i).to_rgba();
        chart
            .draw_series(LineSeries::new(smooth(&run.lengths), colour.stroke_width(2)))?
            .label(format!("seed {}", run.seed))
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .border_style(BLACK.mix(0.3))
        .draw()?;
    picture.present()?;
    Ok(())
}

fn table(runs: &[Run]) {
    println!("| seed | first 30 | last 30 | ratio | final average | reached 500 | us per step |");
    println!("|---|---|---|---|---|---|---|");
    for run in runs {
        let of = |name: &str| run.report[name].as_f64().unwrap_or(f64::NAN);
        let (first, last) = (of("first30_mean"), of("last30_mean"));
        println!(
            "| {} | {first:.1} | {last:.1} | {:.1} | {:.0} | {} | {:.0} |",
            run.seed,
            last / first,
            of("final_ema"),
            run.report["reached_500"],
            of("us_per_step"),
        );
    }
}
