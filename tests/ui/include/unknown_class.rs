use spark::prelude::*;

include_network!("models/unknown_class.json" as pub Model);

fn main() {}
