// Only kernels that are updated in place may be sparse.
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
    fn step(&mut self, #[sparse] _signal: In<FloatArray>, _a: Out<FloatArray>) {}
}

fn main() {}
