// The attribute registers; the trait checks.
/// Numbers from one on.

use spark::prelude::*;

#[register_cfg_validator]
pub struct FromOne;

fn main() {}
