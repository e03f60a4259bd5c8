// One or the other.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Gain.
    #[field(required, default = 2.0)]
    pub gain: f64,
}

fn main() {}
