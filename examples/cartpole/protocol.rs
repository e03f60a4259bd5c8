//! How the brain is trained: what it sees, what it is told, and when.

use std::fmt;
use std::time::{Duration, Instant};

use spark::{BuildError, FloatArray, Key};

use crate::brain::{PushPull, PushPullInputs};
use crate::world::{CartPole, LONGEST, Outcome};

/// Network steps per step of the world.
const STEPS: usize = 50;
/// Modulation of the excitatory populations while acting; the inhibitory ones get a quarter.
const ACTING: f32 = -1e-4;
/// Modulation of the side that failed.
const PUNISHMENT: f32 = -25.0;
/// What the other side gets of it.
const OTHER_SIDE: f32 = -0.1;
/// Time constant, in steps, with which the punishment fades.
const FADING: f32 = 0.5;

/// Which side of the brain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    A,
    B,
}

/// Runs episodes.
pub struct Trainer {
    brain: PushPull,
    world_key: Key,
    /// Exponential average of the lengths of the episodes so far.
    average: f64,
    network_steps: u64,
    network_time: Duration,
}

/// Modulation of the two excitatory populations.
#[derive(Clone, Copy)]
struct Modulation {
    a: f32,
    b: f32,
}

impl Trainer {
    /// With the seeds that the authors saved, or all drawn from one.
    pub fn new(seed: Option<u32>) -> Result<Self, BuildError> {
        let mut config = PushPull::config();
        if let Some(seed) = seed {
            config = config.with_new_seeds(seed);
        }
        let declared = PushPull::new()?.shapes().clone();
        Ok(Trainer {
            brain: PushPull::build(config, declared)?,
            world_key: Key::from_seed(u64::from(seed.unwrap_or(0))),
            average: 0.0,
            network_steps: 0,
            network_time: Duration::ZERO,
        })
    }

    /// The exponential average of the episodes' lengths.
    pub fn average(&self) -> f64 {
        self.average
    }

    /// One episode; gives the number of steps that the pole stood.
    pub fn episode(&mut self) -> usize {
        let scale = (1.0 - self.average / LONGEST as f64).max(0.0).sqrt() as f32;
        self.present([0.0; 4], |_| Modulation { a: 0.0, b: 0.0 });
        let mut world = CartPole::start(&mut self.world_key);
        let acting = Modulation {
            a: ACTING * scale,
            b: ACTING * scale,
        };
        loop {
            let seen = world.observation();
            let push_right = self.present(seen, |_| acting);
            match world.step(push_right) {
                Outcome::Balanced => {}
                Outcome::Failed => {
                    self.punish(blame(&world), seen, scale);
                    break;
                }
                Outcome::Solved => break,
            }
        }
        self.average = 0.8 * self.average + 0.2 * world.steps() as f64;
        world.steps()
    }

    /// Shows the last observation before the failure while the punishment fades.
    fn punish(&mut self, side: Side, seen: [f32; 4], scale: f32) {
        let (blamed, other) = (PUNISHMENT * scale, PUNISHMENT * scale * OTHER_SIDE);
        let (a, b) = if side == Side::A {
            (blamed, other)
        } else {
            (other, blamed)
        };
        self.present(seen, |step| {
            let faded = (-(step as f32) / FADING).exp();
            Modulation {
                a: a * faded,
                b: b * faded,
            }
        });
    }

    /// Holds an observation for 50 steps; gives the action at the last of them: whether to push to the right.
    fn present(&mut self, seen: [f32; 4], modulation: impl Fn(usize) -> Modulation) -> bool {
        let start = Instant::now();
        let signal = FloatArray::from(seen);
        let mut action = [0.0; 2];
        for step in 0..STEPS {
            let now = modulation(step);
            let one = |value: f32| FloatArray::from([value]);
            let out = self.brain.step(PushPullInputs {
                signal: &signal,
                mod_a_ex: &one(now.a),
                mod_b_ex: &one(now.b),
                mod_a_in: &one(now.a / 4.0),
                mod_b_in: &one(now.b / 4.0),
            });
            action.copy_from_slice(out.action.as_slice());
        }
        self.network_steps += STEPS as u64;
        self.network_time += start.elapsed();
        // The first of equal outputs wins.
        action[1] > action[0]
    }
}

/// The side that is to blame: the one that pushed the cart off the track, or the one the pole fell to.
fn blame(world: &CartPole) -> Side {
    let [x, _, angle, _] = world.observation();
    let left_the_track = x.abs() >= 1.0 && angle.abs() < 0.05;
    let side_a = if left_the_track { x < 0.0 } else { angle > 0.0 };
    if side_a { Side::A } else { Side::B }
}

/// What came of a training.
pub struct Report {
    seed: Option<u32>,
    lengths: Vec<usize>,
    average: f64,
    wall: Duration,
    per_step: Duration,
}

impl Report {
    /// Of these episodes.
    pub fn new(seed: Option<u32>, lengths: &[usize], trainer: &Trainer, wall: Duration) -> Self {
        let steps = u32::try_from(trainer.network_steps).unwrap_or(u32::MAX).max(1);
        Report {
            seed,
            lengths: lengths.to_vec(),
            average: trainer.average,
            wall,
            per_step: trainer.network_time / steps,
        }
    }

    fn reached(&self) -> usize {
        self.lengths.iter().filter(|&&length| length == LONGEST).count()
    }

    fn first(&self) -> f64 {
        mean(&self.lengths[..self.lengths.len().min(30)])
    }

    fn last(&self) -> f64 {
        mean(&self.lengths[self.lengths.len().saturating_sub(30)..])
    }

    /// One line of JSON.
    pub fn json(&self) -> String {
        serde_json::json!({
            "seed": self.seed,
            "episodes": self.lengths.len(),
            "first30_mean": self.first(),
            "last30_mean": self.last(),
            "final_ema": self.average,
            "reached_500": self.reached(),
            "wall_s": self.wall.as_secs_f64(),
            "us_per_step": self.per_step.as_secs_f64() * 1e6,
        })
        .to_string()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "steps balanced, means of ten episodes (a full bar is {LONGEST}):"
        )?;
        for (i, ten) in self.lengths.chunks(10).enumerate() {
            let mean = mean(ten);
            let bar = "#".repeat((mean / LONGEST as f64 * 50.0).round() as usize);
            writeln!(f, "{:>4}-{:<4} {mean:>6.1} {bar}", 10 * i + 1, 10 * i + ten.len())?;
        }
        let (reached, all) = (self.reached(), self.lengths.len());
        let share = 100.0 * reached as f64 / all.max(1) as f64;
        writeln!(
            f,
            "first 30 episodes: {:.1} steps on average, last 30: {:.1}",
            self.first(),
            self.last()
        )?;
        writeln!(
            f,
            "{reached} of {all} episodes reached {LONGEST} steps ({share:.0} %)"
        )?;
        writeln!(
            f,
            "{:.1} s in all, {:.0} us per network step",
            self.wall.as_secs_f64(),
            self.per_step.as_secs_f64() * 1e6
        )
    }
}

fn mean(lengths: &[usize]) -> f64 {
    if lengths.is_empty() {
        0.0
    } else {
        lengths.iter().sum::<usize>() as f64 / lengths.len() as f64
    }
}
