// The value is an array.
/// A mark.

use spark::prelude::*;

#[register_payload]
#[derive(Clone, Debug)]
pub struct Mark {
    #[value]
    numbers: Vec<f32>,
}

fn main() {}
