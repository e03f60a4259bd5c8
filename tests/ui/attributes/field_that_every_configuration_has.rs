// `seed` is there already.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Seed.
    #[field(default = 1)]
    pub seed: u64,
}

fn main() {}
