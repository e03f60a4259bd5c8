//! What the networks of the field share: options, initial potentials, a timed run, one line of JSON.

use std::time::Instant;

use clap::Args;
use spark::batch::Step;
use spark::core::state::StateArray;
use spark::parallel::{Parallel, Parted};
use spark::prelude::*;

#[path = "../timing/mod.rs"]
#[allow(dead_code, reason = "networks of the field run once")]
mod timing;

/// Options of all of these networks.
#[derive(Args)]
pub struct Standard {
    /// Time step, ms.
    #[arg(long, default_value_t = 0.1)]
    pub dt: f64,
    /// Simulated seconds.
    #[arg(long, default_value_t = 1.0)]
    pub seconds: f64,
    /// Seed of the connections, the noise and the initial potentials.
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
    /// Threads; the spikes are the same for any number.
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

impl Standard {
    /// The number of steps.
    pub fn steps(&self) -> usize {
        (self.seconds * 1000.0 / self.dt).round() as usize
    }
}

/// Draws the potentials of the soma of a pool evenly from a range, in mV above rest. `number` tells pools apart.
pub fn spread<M>(state: &mut State<M>, pool: &str, range: std::ops::Range<Real>, seed: u32, number: u64) {
    let path = format!("{pool}/soma/potential");
    let key = Key::from_seed(u64::from(seed)).child(number);
    let entry = state.map_mut().get_mut(&path).map(|entry| &mut entry.value);
    if let Some(StateArray::Float32(potentials)) = entry {
        for (i, potential) in potentials.iter_mut().enumerate() {
            *potential = range.start + key.uniform_f32_at(i as u64) * (range.end - range.start);
        }
    }
}

/// The number of synapses of a network: its kernels hold one number for each.
pub fn synapses<M>(state: &State<M>) -> usize {
    let kernels = state.map().iter().filter(|(path, _)| path.ends_with("/kernel"));
    kernels
        .map(|(_, kernel)| kernel.value.shape().iter().product::<usize>())
        .sum()
}

/// A network, on one thread or several.
pub enum Runner<M: Parted> {
    Alone(M),
    Parallel(Parallel<M>),
}

impl<M: Parted> Runner<M> {
    /// With as many threads as the options say.
    pub fn of(network: M, options: &Standard) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(match options.threads {
            0 | 1 => Runner::Alone(network),
            threads => Runner::Parallel(Parallel::of(network, threads)?),
        })
    }

    /// Runs a network without inputs, and shows the outputs of each step.
    pub fn run<I>(
        &mut self,
        steps: usize,
        inputs: impl Fn() -> I + Sync,
        mut observe: impl FnMut(&M::Outputs) + Send,
    ) -> Result<(), Box<dyn std::error::Error>>
    where
        M: Step<I>,
    {
        match self {
            Runner::Alone(network) => {
                for _ in 0..steps {
                    network.try_step(inputs())?;
                    observe(network.written());
                }
            }
            Runner::Parallel(parallel) => parallel.run(steps, |_| inputs(), |_, outputs| observe(outputs))?,
        }
        Ok(())
    }

    /// The network, in the state that it has reached.
    #[allow(dead_code, reason = "not every network of the field learns")]
    pub fn into_network(self) -> M {
        match self {
            Runner::Alone(network) => network,
            Runner::Parallel(parallel) => parallel.into_network(),
        }
    }
}

/// A run and what it took.
pub struct Run {
    pub name: String,
    pub neurons: usize,
    pub synapses: usize,
    pub build_s: f64,
    pub run_s: f64,
    pub cpu_s: Option<f64>,
    pub spikes: usize,
}

impl Run {
    /// Times `run`, which gives the number of spikes.
    pub fn of(
        name: impl Into<String>,
        neurons: usize,
        synapses: usize,
        build_s: f64,
        run: impl FnOnce() -> Result<usize, Box<dyn std::error::Error>>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let (start, cpu) = (Instant::now(), cpu_seconds());
        let spikes = run()?;
        let run_s = start.elapsed().as_secs_f64();
        Ok(Run {
            name: name.into(),
            neurons,
            synapses,
            build_s,
            run_s,
            cpu_s: cpu.zip(cpu_seconds()).map(|(from, to)| to - from),
            spikes,
        })
    }

    /// Mean rate of all neurons, Hz.
    pub fn rate(&self, options: &Standard) -> f64 {
        self.spikes as f64 / self.neurons as f64 / options.seconds
    }

    /// Prints what was measured; `more` are figures of this network only.
    pub fn report(&self, options: &Standard, more: &[(&str, f64)]) {
        let (rate, bio) = (self.rate(options), options.seconds);
        let events = self.spikes as f64 * self.synapses as f64 / self.neurons as f64;
        if !options.json {
            println!(
                "{}: {} neurons, {} synapses, dt {} ms, {bio} s",
                self.name, self.neurons, self.synapses, options.dt
            );
            println!(
                "{:.4} s per simulated second, {:.2} ns per synaptic event, built in {:.3} s",
                self.run_s / bio,
                self.run_s * 1e9 / events.max(1.0),
                self.build_s
            );
            println!("mean rate {rate:.2} Hz");
            more.iter()
                .for_each(|(name, value)| println!("{name} {value:.4}"));
            return;
        }
        let mut line = serde_json::json!({
            "bench": self.name,
            "peer": "spark-rs",
            "version": env!("CARGO_PKG_VERSION"),
            "n_neurons": self.neurons,
            "n_synapses": self.synapses,
            "dt_ms": options.dt,
            "threads": options.threads,
            "bio_s": bio,
            "build_s": self.build_s,
            "run_s": self.run_s,
            "cpu_s": self.cpu_s,
            "run_s_per_bio_s": self.run_s / bio,
            "cpu_s_per_bio_s": self.cpu_s.map(|cpu| cpu / bio),
            "mean_rate_hz": rate,
            "syn_events_per_s": events / self.run_s,
            "peak_rss_mb": timing::peak_memory(),
        });
        if let Some(fields) = line.as_object_mut() {
            fields.extend(
                more.iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).into())),
            );
        }
        println!("{line}");
    }
}

/// Processor time of the process so far, where the system tells: user and system ticks of 10 ms.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}
