// A payload without an array says what it is itself.
/// A mark.

use spark::prelude::*;

#[register_payload]
#[derive(Clone, Debug)]
pub struct Mark {
    set: bool,
}

fn main() {}
