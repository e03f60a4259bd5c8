// Registry names are snake_case.
/// A configuration.

use spark::prelude::*;

#[register_config(name = "GainConfig")]
pub struct GainConfig {}

fn main() {}
