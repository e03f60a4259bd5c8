// A registry name stands for one type.
/// A configuration.

use spark::prelude::*;

#[register_config(plain)]
pub struct GainConfig {}

/// A module.
pub struct Gain<T>(T);

#[register_module(config = GainConfig)]
impl<T> Gain<T> {
    fn build(_config: &GainConfig, _ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
        unimplemented!()
    }
    fn step(&mut self, _signal: In<FloatArray>, _scaled: Out<FloatArray>) {}
}

fn main() {}
