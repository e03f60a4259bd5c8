// The configuration is registered.
/// A plain struct.

use spark::prelude::*;

pub struct GainConfig {}

/// A module.
#[derive(Stateful)]
pub struct Gain {}

/// Multiplies.
#[register_module(config = GainConfig)]
impl Gain {
    fn build(_config: &GainConfig, _ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
        Ok(Gain {})
    }
    fn step(&mut self, _signal: In<FloatArray>, _scaled: Out<FloatArray>) {}
}

fn main() {}
