use spark::prelude::*;

include_network!("models/broken.json" as pub Model);

fn main() {}
