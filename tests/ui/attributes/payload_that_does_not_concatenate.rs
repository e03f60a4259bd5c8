// `concat` promises `impl spark::Concat`.
/// A mark.

use spark::prelude::*;

#[register_payload(concat)]
#[derive(Clone, Debug)]
pub struct Mark {
    array: ArrayD<f32>,
}

fn main() {}
