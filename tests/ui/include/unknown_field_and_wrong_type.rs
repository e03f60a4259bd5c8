use spark::prelude::*;

include_network!("models/unknown_field.json" as pub Model);

fn main() {}
