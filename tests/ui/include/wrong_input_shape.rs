use spark::prelude::*;

include_network!("models/soma.json" as pub Model(current: CurrentArray[3]));

fn main() {}
