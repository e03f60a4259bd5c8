// The attribute writes `impl Module` itself.
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
impl Default for Gain {
    fn default() -> Self {
        Gain {}
    }
}

fn main() {}
