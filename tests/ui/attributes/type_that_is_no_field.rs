// A field can be written to a file.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Gain.
    #[field(required)]
    pub gain: std::time::Instant,
}

fn main() {}
