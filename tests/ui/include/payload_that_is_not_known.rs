use spark::prelude::*;

include_network!("models/soma.json" as pub Model { leaky_soma = MySoma; });

fn main() {}
