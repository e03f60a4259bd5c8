// `mz` is no unit.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Time constant.
    #[field(default = 20mz)]
    pub tau: Ms,
}

fn main() {}
