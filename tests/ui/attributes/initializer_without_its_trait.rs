// The attribute registers; the trait draws.
/// Ones.

use spark::prelude::*;

#[register_initializer]
pub struct OnesInitializer {}

fn main() {}
