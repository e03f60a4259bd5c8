// A validator is never constructed.
/// Numbers up to a bound.

use spark::prelude::*;

#[register_cfg_validator]
pub struct AtMost(pub f64);

impl ConfigValidator for AtMost {}

fn main() {}
