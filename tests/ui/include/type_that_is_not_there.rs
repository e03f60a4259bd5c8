use spark::prelude::*;

include_network!(
    "models/soma.json" as pub Model(current: CurrentArray[4]) -> (spikes: SpikeArray) { leaky_soma = MySoma; }
);

fn main() {}
