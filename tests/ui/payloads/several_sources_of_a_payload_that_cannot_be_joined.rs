// `Mark` does not say how several of it become one.
/// A mark.

use spark::prelude::*;

#[register_payload]
#[derive(Clone, Debug)]
pub struct Mark {
    array: ArrayD<f32>,
}

/// Passes marks on.
#[register_config]
pub struct PassConfig {}

/// Passes marks on.
#[derive(Stateful)]
pub struct Pass {}

#[register_module(config = PassConfig)]
impl Pass {
    fn build(_config: &PassConfig, _ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
        Ok(Pass {})
    }
    fn step(&mut self, mark: In<Mark>, passed: Out<Mark>) {
        passed.clone_from(mark);
    }
}

network! {
    pub neuron Pool(a: Mark, b: Mark) -> (c: Mark) {
        pass = Pass;

        (a, b)      -> pass.mark;
        pass.passed -> c;
    }
}

fn main() {}
