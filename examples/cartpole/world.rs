//! CartPole-v1: a cart on a track balances a pole. Gymnasium's constants and integration.

use spark::Key;

/// How far the cart may go, in metres.
const TRACK: f64 = 2.4;
/// How far the pole may lean, in radians: 12 degrees.
const LEAN: f64 = 12.0 * 2.0 * std::f64::consts::PI / 360.0;
/// Steps after which an episode counts as solved.
pub const LONGEST: usize = 500;
/// What the observation is divided by before it is clipped to [-1, 1].
const SCALE: [f64; 4] = [2.4, 2.5, 0.2095, 3.5];

/// The state of the world: position and velocity of the cart, angle and angular velocity of the pole.
#[derive(Debug, Clone, Copy)]
pub struct CartPole {
    state: [f64; 4],
    steps: usize,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It goes on.
    Balanced,
    /// The pole fell, or the cart left the track.
    Failed,
    /// The pole stood for all of the episode.
    Solved,
}

impl CartPole {
    /// A new episode: all four numbers uniform within 0.05 of zero.
    pub fn start(key: &mut Key) -> Self {
        let draws = key.next().uniform_f32(4);
        let mut state = [0.0; 4];
        for (value, draw) in state.iter_mut().zip(draws) {
            *value = (f64::from(draw) - 0.5) * 0.1;
        }
        CartPole { state, steps: 0 }
    }

    /// One step of 20 ms with a force of 10 N to the right or to the left.
    pub fn step(&mut self, push_right: bool) -> Outcome {
        const GRAVITY: f64 = 9.8;
        const POLE_MASS: f64 = 0.1;
        const TOTAL_MASS: f64 = 1.1;
        const HALF_LENGTH: f64 = 0.5;
        const POLE_MOMENT: f64 = POLE_MASS * HALF_LENGTH;
        const STEP: f64 = 0.02;
        let [x, v, angle, spin] = self.state;
        let force = if push_right { 10.0 } else { -10.0 };
        let (sin, cos) = angle.sin_cos();
        let push = (force + POLE_MOMENT * spin * spin * sin) / TOTAL_MASS;
        let turn =
            (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * cos * cos / TOTAL_MASS));
        let acceleration = push - POLE_MOMENT * turn * cos / TOTAL_MASS;
        self.state = [
            x + STEP * v,
            v + STEP * acceleration,
            angle + STEP * spin,
            spin + STEP * turn,
        ];
        self.steps += 1;
        if self.state[0].abs() > TRACK || self.state[2].abs() > LEAN {
            Outcome::Failed
        } else if self.steps == LONGEST {
            Outcome::Solved
        } else {
            Outcome::Balanced
        }
    }

    /// What the brain sees: the state, scaled and clipped to [-1, 1].
    pub fn observation(&self) -> [f32; 4] {
        let mut seen = [0.0; 4];
        for ((seen, value), scale) in seen.iter_mut().zip(self.state).zip(SCALE) {
            *seen = (value / scale).clamp(-1.0, 1.0) as f32;
        }
        seen
    }

    /// Steps so far.
    pub fn steps(&self) -> usize {
        self.steps
    }
}
