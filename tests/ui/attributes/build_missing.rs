// A module is built from its configuration.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Gain.
    #[field(default = 2.0)]
    pub gain: f64,
}

/// A module.
#[derive(Stateful)]
pub struct Gain {}

/// Multiplies.
#[register_module(config = GainConfig)]
impl Gain {
    fn step(&mut self, _signal: In<FloatArray>, _scaled: Out<FloatArray>) {}
}

fn main() {}
