// The type is `Variable`.
/// A module.

use spark::prelude::*;

#[derive(Stateful)]
pub struct Gain {
    /// Potential.
    pub potential: Varible<FloatArray>,
}

fn main() {}
