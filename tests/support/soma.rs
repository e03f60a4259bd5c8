//! A soma by the name of its class, fed with numbers.

use serde_json::Value;
use spark::core::dynamic::DynModule;
use spark::core::module::{AnyInput, Keys, PortInfo};
use spark::units::Ms;
use spark::{Compat, CurrentArray, REGISTRY, Real, Shape, SpikeArray, StateArray, StateMap};

/// A population of one kind.
pub(crate) struct Soma {
    pub(crate) module: Box<dyn DynModule>,
    shape: Shape,
}

impl Soma {
    /// `config` holds what is not as by default, as a file would.
    pub(crate) fn new(class: &str, config: &Value, shape: &[usize], dt: f64, compat: Compat) -> Self {
        let entry = REGISTRY.module(class).expect("a registered soma");
        let mut problems = Vec::new();
        let config = entry.read_config(config.as_object().unwrap(), "", &mut problems);
        config.validate(class, &mut problems);
        assert!(problems.is_empty(), "{class}: {problems:?}");
        let shape = Shape::from(shape);
        let infos = vec![Some(PortInfo::plain(shape.clone())), None];
        let keys = Keys::new(0, Ms(dt), compat, class);
        let module = (entry.build)(&*config, infos, keys).unwrap();
        Soma { module, shape }
    }

    /// One step with a current for each unit, pA. Gives the units that fired.
    pub(crate) fn step(&mut self, current: &[f64]) -> Vec<u32> {
        let current: Vec<Real> = current.iter().map(|&value| value as Real).collect();
        let current = CurrentArray::from_vec(self.shape.clone(), current).unwrap();
        let inputs = [(0, AnyInput::Shared(&current))];
        self.module.step(&mut inputs.into_iter()).unwrap();
        let spikes = self.module.output(0).unwrap();
        spikes.downcast_ref::<SpikeArray>().unwrap().indices().to_vec()
    }

    /// A variable under the Python package's path.
    pub(crate) fn variable(&self, path: &str) -> Vec<f64> {
        self.optional(path).expect("a variable of the soma")
    }

    /// The same, if the soma has it.
    pub(crate) fn optional(&self, path: &str) -> Option<Vec<f64>> {
        let mut state = StateMap::new();
        self.module.spark_state("", &mut state);
        Some(match &state.get(path)?.value {
            StateArray::Float32(array) => array.iter().map(|&value| f64::from(value)).collect(),
            StateArray::Float64(array) => array.iter().copied().collect(),
            StateArray::UInt16(array) => array.iter().map(|&value| f64::from(value)).collect(),
            other => panic!("{path} is {:?}", other.dtype()),
        })
    }
}
