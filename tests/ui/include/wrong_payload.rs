use spark::prelude::*;

include_network!("models/soma.json" as pub Model(current: FloatArray[4]));

fn main() {}
