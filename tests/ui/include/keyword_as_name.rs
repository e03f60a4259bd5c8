use spark::prelude::*;

include_network!("models/keyword.json" as pub Model);

fn main() {}
