// Fields have names: files write them.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig(pub f64);

fn main() {}
