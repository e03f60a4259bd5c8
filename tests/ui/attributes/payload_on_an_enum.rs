// A payload is a struct.
/// A mark.

use spark::prelude::*;

#[register_payload]
#[derive(Clone, Debug)]
pub enum Mark {
    /// Set.
    Set,
}

fn main() {}
