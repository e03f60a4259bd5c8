use spark::prelude::*;

include_network!("models/soma.json");

fn main() {}
