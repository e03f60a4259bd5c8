//! Draws what `sweep` measured and writes its tables into docs/performance.md.
//!
//! ```text
//! cargo run --release -p spark-benches --features plots --bin plot -- benches/results/sweeps.jsonl
//! ```

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use plotters::prelude::*;
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const BEGIN: &str = "<!-- sweeps:begin -->";
const END: &str = "<!-- sweeps:end -->";

/// A picture: the sweep, the axis under it, what is held.
const PICTURES: [(&str, &str, &str); 5] = [
    ("size", "neurons", "1024 inputs at 20 Hz"),
    ("rate", "rate of the inputs, Hz", "256 neurons, 1024 inputs"),
    (
        "density",
        "part of synapses that are not 0",
        "256 neurons, 1024 inputs at 20 Hz",
    ),
    ("dt", "time step, ms", "256 neurons, 1024 inputs at 20 Hz"),
    ("delay", "longest delay, ms", "256 neurons, 1024 inputs at 20 Hz"),
];

/// A point of a sweep.
struct Point {
    network: String,
    x: f64,
    us: f64,
    least: f64,
    most: f64,
    rate: f64,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file] = &arguments[..] else {
        return Err("usage: plot FILE, where FILE is what `sweep` printed".into());
    };
    let rows = rows(Path::new(file))?;
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    std::fs::create_dir_all(docs.join("performance"))?;
    let mut page = header(&rows);
    for (sweep, axis, held) in PICTURES {
        let points = points(&rows, sweep);
        if points.is_empty() {
            continue;
        }
        let picture = format!("performance/{sweep}.svg");
        draw(&points, sweep, axis, held, &docs.join(&picture))?;
        write!(
            page,
            "\n![Time per step against {axis}: {held}]({picture})\n\n{}",
            table(&points, axis)
        )?;
    }
    replace_region(&docs.join("performance.md"), &page)
}

fn rows(file: &Path) -> Result<Vec<Value>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let rows = text.lines().enumerate().map(|(number, line)| {
        serde_json::from_str(line)
            .map_err(|error| format!("{}:{}: {error}", file.display(), number + 1).into())
    });
    rows.collect()
}

fn points(rows: &[Value], sweep: &str) -> Vec<Point> {
    let of_sweep = rows.iter().filter(|row| row["sweep"] == sweep);
    let number = |row: &Value, name: &str| row[name].as_f64().unwrap_or(f64::NAN);
    of_sweep
        .map(|row| Point {
            network: row["network"].as_str().unwrap_or("?").to_owned(),
            x: number(row, "x"),
            us: number(row, "us_per_step"),
            least: number(row, "us_min"),
            most: number(row, "us_max"),
            rate: number(row, "mean_rate_hz"),
        })
        .collect()
}

fn networks(points: &[Point]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for point in points {
        if !names.contains(&&*point.network) {
            names.push(&point.network);
        }
    }
    names
}

/// The range of some numbers, with room around them, for a logarithmic axis.
fn range(numbers: impl Iterator<Item = f64> + Clone) -> std::ops::Range<f64> {
    let least = numbers.clone().fold(f64::INFINITY, f64::min);
    let most = numbers.fold(0.0, f64::max);
    least / 1.2..most * 1.2
}

fn draw(points: &[Point], sweep: &str, axis: &str, held: &str, out: &Path) -> Result<()> {
    // A logarithmic axis has no 0.
    let shown: Vec<&Point> = points.iter().filter(|point| point.x > 0.0).collect();
    let xs = range(shown.iter().map(|point| point.x));
    let ys = range(shown.iter().flat_map(|point| [point.least, point.most]));
    let picture = SVGBackend::new(out, (640, 380)).into_drawing_area();
    picture.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&picture)
        .margin(14)
        .caption(format!("cost of a step by {sweep}: {held}"), ("sans-serif", 16))
        .x_label_area_size(38)
        .y_label_area_size(60)
        .build_cartesian_2d(xs.log_scale(), ys.log_scale())?;
    chart
        .configure_mesh()
        .x_desc(axis)
        .y_desc("us per step")
        .x_labels(4)
        .x_label_formatter(&|x| format!("{x}"))
        .y_label_formatter(&|us| format!("{us}"))
        .light_line_style(BLACK.mix(0.05))
        .draw()?;
    for (index, network) in networks(points).into_iter().enumerate() {
        let colour = Palette99::pick(index).to_rgba();
        let of_network: Vec<&Point> = shown
            .iter()
            .copied()
            .filter(|point| point.network == network)
            .collect();
        let line = of_network.iter().map(|point| (point.x, point.us));
        chart
            .draw_series(LineSeries::new(line, colour.stroke_width(2)))?
            .label(network)
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 18, y)], colour.stroke_width(2)));
        // From the fastest to the slowest of the rounds.
        chart.draw_series(of_network.iter().map(|point| {
            PathElement::new(
                vec![(point.x, point.least), (point.x, point.most)],
                colour.mix(0.5),
            )
        }))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .border_style(BLACK.mix(0.3))
        .draw()?;
    picture.present()?;
    Ok(())
}

fn header(rows: &[Value]) -> String {
    let Some(machine) = rows.iter().find(|row| row["bench"] == "machine") else {
        return String::new();
    };
    let text = |name: &str| machine[name].as_str().unwrap_or("unknown").to_owned();
    format!(
        "{}, one of {} cores; load {} at the start. Median of the rounds; thin lines from the fastest to the slowest.\n",
        text("cpu"),
        machine["cores"],
        text("load")
    )
}

fn table(points: &[Point], axis: &str) -> String {
    let networks = networks(points);
    let mut text = format!("| {axis} |");
    networks
        .iter()
        .for_each(|network| text.push_str(&format!(" {network}, us | fires at, Hz |")));
    text.push_str("\n|---|");
    networks.iter().for_each(|_| text.push_str("---|---|"));
    let mut xs: Vec<f64> = points.iter().map(|point| point.x).collect();
    xs.sort_by(f64::total_cmp);
    xs.dedup();
    for x in xs {
        text.push_str(&format!("\n| {x} |"));
        for network in &networks {
            let point = points
                .iter()
                .find(|point| point.x == x && point.network == *network);
            text.push_str(&point.map_or(" | |".to_owned(), |point| {
                format!(" {:.1} | {:.1} |", point.us, point.rate)
            }));
        }
    }
    text.push('\n');
    text
}

/// Replaces what stands between the marks.
fn replace_region(file: &PathBuf, text: &str) -> Result<()> {
    let page = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let missing = || format!("{}: the marks {BEGIN} and {END} are missing", file.display());
    let (before, rest) = page.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    let beside = file.with_extension("md.new");
    std::fs::write(&beside, format!("{before}{BEGIN}\n{text}{END}{after}"))?;
    std::fs::rename(&beside, file)?;
    Ok(())
}
