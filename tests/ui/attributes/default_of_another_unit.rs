// A time in millivolt.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Time constant.
    #[field(default = 20mV)]
    pub tau: Ms,
}

fn main() {}
