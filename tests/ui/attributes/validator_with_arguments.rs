// A validator is named, not called.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Gain.
    #[field(default = 2.0, validate = PositiveValidator)]
    pub gain: f64,
}

fn main() {}
