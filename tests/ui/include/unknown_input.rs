use spark::prelude::*;

include_network!("models/soma.json" as pub Model(curent: CurrentArray[4]) -> (spikes: SpikeArray[4]));

fn main() {}
