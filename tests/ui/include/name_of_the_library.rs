use spark::prelude::*;

include_network!("models/soma.json" as pub LifNeuron);

fn main() {}
