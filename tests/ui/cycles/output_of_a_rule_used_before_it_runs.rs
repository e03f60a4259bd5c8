// A rule that updates a kernel runs last: nothing may wait for it.
/// Counts what it scales.

use spark::prelude::*;

#[register_config]
pub struct ScaleConfig {}

/// Scales a kernel.
#[derive(Stateful)]
pub struct Scale {}

#[register_module(config = ScaleConfig)]
impl Scale {
    fn build(_config: &ScaleConfig, _ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
        Ok(Scale {})
    }
    fn step(&mut self, _kernel: InOut<FloatArray>, #[shape(1)] _current: Out<CurrentArray>) {}
}

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray, currents: CurrentArray) {
        synapses = LinearSynapses;
        scale    = Scale;
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.kernel() <-> scale.kernel;
        synapses.currents -> currents;
        scale.current     -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
