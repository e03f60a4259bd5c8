use spark::prelude::*;

include_network!("models/no_such_model.scfg" as pub Model);

fn main() {}
