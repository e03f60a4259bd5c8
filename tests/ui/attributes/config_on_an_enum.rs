// A configuration is a struct.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub enum GainConfig {
    /// None.
    Nothing,
}

fn main() {}
