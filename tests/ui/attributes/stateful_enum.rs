// State has a fixed set of names.
/// A module.

use spark::prelude::*;

#[derive(Stateful)]
pub enum Gain {
    /// Set.
    Set,
}

fn main() {}
