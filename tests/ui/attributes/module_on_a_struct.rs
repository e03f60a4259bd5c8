// The attribute stands on the `impl` block.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Gain.
    #[field(default = 2.0)]
    pub gain: f64,
}

/// A module.
#[register_module(config = GainConfig)]
pub struct Gain {}

fn main() {}
