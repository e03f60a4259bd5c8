// A field has a default or is required.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Gain.
    pub gain: f64,
}

fn main() {}
