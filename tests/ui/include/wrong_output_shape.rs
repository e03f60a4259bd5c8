use spark::prelude::*;

include_network!("models/soma.json" as pub Model(current: CurrentArray[4]) -> (spikes: SpikeArray[5]));

fn main() {}
