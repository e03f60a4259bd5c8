// All options stand in one attribute.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Gain.
    #[field(default = 2.0)]
    #[field(validate(PositiveValidator))]
    pub gain: f64,
}

fn main() {}
