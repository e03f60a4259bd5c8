//! How long a step takes: several runs, their median.

use std::time::Instant;

/// Times of the runs, in microseconds per step, from the fastest to the slowest.
pub struct Timing {
    per_step: Vec<f64>,
}

impl Timing {
    /// Calls `step` so many times in each run, once more before the first.
    pub fn of(runs: usize, steps: usize, mut step: impl FnMut()) -> Self {
        step();
        let mut per_step: Vec<f64> = (0..runs.max(1))
            .map(|_| {
                let start = Instant::now();
                (0..steps).for_each(|_| step());
                start.elapsed().as_secs_f64() * 1e6 / steps.max(1) as f64
            })
            .collect();
        per_step.sort_by(f64::total_cmp);
        Timing { per_step }
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.per_step[self.per_step.len() / 2]
    }

    /// The fastest.
    pub fn min(&self) -> f64 {
        self.per_step[0]
    }

    /// The slowest.
    pub fn max(&self) -> f64 {
        self.per_step[self.per_step.len() - 1]
    }
}

/// The most memory that the process has held so far, in MB, where the system tells.
pub fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some((kilobytes / 102.4).round() / 10.0)
}
