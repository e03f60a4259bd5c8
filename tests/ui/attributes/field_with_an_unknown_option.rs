// The option is `default`.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Gain.
    #[field(defualt = 2.0, required)]
    pub gain: f64,
}

fn main() {}
