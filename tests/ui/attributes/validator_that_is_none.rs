// A validator is registered.
/// Nothing.

use spark::prelude::*;

pub struct Positive;

/// A configuration.
#[register_config]
pub struct GainConfig {
    /// Gain.
    #[field(default = 2.0, validate(Positive))]
    pub gain: f64,
}

fn main() {}
