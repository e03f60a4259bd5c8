// `pairs` and `flat` are the forms with arguments.
/// A configuration.

use spark::prelude::*;

#[register_config]
pub struct GainConfig {
    /// Gain.
    #[field(default = 2.0)]
    pub gain: f64,
}

/// A module.
#[derive(Stateful)]
pub struct Gain {}

/// Multiplies.
#[register_module(config = GainConfig)]
impl Gain {
    fn build(_config: &GainConfig, _ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
        Ok(Gain {})
    }
    fn step(&mut self, _signal: In<FloatArray>, #[shape(paris(signal, signal))] _a: Out<FloatArray>) {}
}

fn main() {}
