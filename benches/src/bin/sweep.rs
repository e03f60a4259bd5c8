//! Cost per step against size, rate, density, time step and range of delays.
//!
//! ```text
//! cargo run --release -p spark-benches --bin sweep > benches/results/sweeps.jsonl
//! cargo run --release -p spark-benches --bin sweep -- --quick size rate
//! ```
//!
//! Prints one line of JSON per point, the points of all sweeps in turn and several rounds of them, so that what the machine
//! does besides hits all alike. `plot` draws them.

use std::error::Error;
use std::time::Instant;

use serde_json::{Value, json};
use spark_benches::{Case, Feed, Kernel};

/// Inputs of a population.
const INPUTS: usize = 1024;
/// Neurons of a population, where they are not what is swept.
const UNITS: usize = 256;
/// Rate of its inputs, Hz.
const RATE: f64 = 20.0;
/// Part of synapses that are not 0.
const DENSITY: f64 = 0.2;
/// Longest delay, ms.
const DELAY: f64 = 8.0;

/// One network to be timed.
struct Point {
    sweep: &'static str,
    network: &'static str,
    x: f64,
    case: Case,
}

/// What a population is like.
#[derive(Clone, Copy)]
struct Situation {
    units: usize,
    rate: f64,
    density: f64,
    dt: f64,
    delay: f64,
}

const USUAL: Situation = Situation {
    units: UNITS,
    rate: RATE,
    density: DENSITY,
    dt: 1.0,
    delay: DELAY,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let wanted: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|name| *name != "--quick")
        .collect();
    let mut points = points();
    if let Some(unknown) = wanted
        .iter()
        .find(|name| !points.iter().any(|point| point.sweep == **name))
    {
        return Err(format!("there is no sweep `{unknown}`: size, rate, density, dt, delay").into());
    }
    points.retain(|point| wanted.is_empty() || wanted.contains(&point.sweep));
    let (rounds, seconds) = if quick { (2, 0.02) } else { (5, 0.2) };
    println!("{}", machine());
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); points.len()];
    let mut rates: Vec<f64> = vec![0.0; points.len()];
    for _ in 0..rounds {
        for (index, point) in points.iter().enumerate() {
            let mut kernel = point.case.build()?;
            let (us, spikes) = time(&mut kernel, seconds);
            times[index].push(us);
            rates[index] = spikes / units_of(point) / (point.case.dt * 1e-3);
        }
    }
    for ((point, mut times), rate) in points.iter().zip(times).zip(rates) {
        times.sort_by(f64::total_cmp);
        println!("{}", line(point, &times, rate));
    }
    Ok(())
}

fn line(point: &Point, times: &[f64], rate: f64) -> Value {
    json!({
        "bench": "sweep", "sweep": point.sweep, "network": point.network, "x": point.x, "dt_ms": point.case.dt,
        "us_per_step": rounded(times[times.len() / 2]), "us_min": rounded(times[0]),
        "us_max": rounded(times[times.len() - 1]),
        "mean_rate_hz": rounded(rate),
    })
}

/// Three digits behind the point are more than a clock can tell.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

fn units_of(point: &Point) -> f64 {
    point.case.overrides["units"][0].as_f64().unwrap_or(1.0)
}

/// Microseconds and spikes per step, over this many seconds, after a tenth of them.
fn time(kernel: &mut Kernel, seconds: f64) -> (f64, f64) {
    let mut run = |seconds: f64| {
        let (begin, mut steps, mut spikes) = (Instant::now(), 0, 0);
        while begin.elapsed().as_secs_f64() < seconds {
            for _ in 0..32 {
                kernel.step();
                spikes += kernel.spikes();
            }
            steps += 32;
        }
        let steps = f64::from(steps);
        (begin.elapsed().as_secs_f64() * 1e6 / steps, spikes as f64 / steps)
    };
    run(0.1 * seconds);
    run(seconds)
}

/// All points of all sweeps.
fn points() -> Vec<Point> {
    let mut points = Vec::new();
    for network in ["LIFNeuron", "ALIFNeuron"] {
        let mut sweep = |sweep, xs: &[f64], at: fn(f64) -> Situation| {
            points.extend(xs.iter().map(|&x| Point {
                sweep,
                network,
                x,
                case: population(network, at(x)),
            }));
        };
        sweep(
            "size",
            &[64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0],
            |x| Situation {
                units: x as usize,
                ..USUAL
            },
        );
        sweep("rate", &[0.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0], |x| {
            Situation { rate: x, ..USUAL }
        });
        sweep("density", &[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0], |x| {
            Situation { density: x, ..USUAL }
        });
        sweep("dt", &[0.1, 0.2, 0.5, 1.0, 2.0], |x| Situation { dt: x, ..USUAL });
        sweep("delay", &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0], |x| Situation {
            delay: x,
            ..USUAL
        });
    }
    points
}

/// Adaptive or plain leaky neurons, delays between all pairs, Hebbian learning; weights such that the population fires as
/// much at any density.
fn population(class: &'static str, situation: Situation) -> Case {
    let Situation {
        units,
        rate,
        density,
        dt,
        delay,
    } = situation;
    let scale = if class == "LIFNeuron" { 150.0 } else { 50.0 } * DENSITY / density;
    let overrides = json!({
        "units": [units],
        "delays__max_delay": delay,
        "synapses__kernel__scale": scale,
        "synapses__kernel__density": density,
    });
    // Spikes are drawn for steps of 1 ms.
    let spikes = Feed::Spikes {
        width: INPUTS,
        rate: rate * dt,
    };
    Case {
        dt,
        ..Case::new(format!("{class}/{units}"), class, overrides, vec![spikes])
    }
}

/// Where this runs.
fn machine() -> Value {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = cpu.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split(':').nth(1))
            .map_or("unknown", str::trim)
            .to_owned()
    };
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let date = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    json!({
        "bench": "machine",
        "cpu": field("model name"),
        "cores": cpu.lines().filter(|line| line.starts_with("processor")).count(),
        "load": load.split(' ').next().unwrap_or("unknown"),
        "unix_s": date.map_or(0, |since| since.as_secs()),
        "version": env!("CARGO_PKG_RUST_VERSION"),
    })
}
