//! Replay of one module.

use std::any::Any;

use serde_json::Value;
use spark::core::dynamic::DynModule;
use spark::core::module::{AnyInput, Keys};
use spark::core::units::Ms;
use spark::rt::table::PortTable;
use spark::{Compat, FloatArray, REGISTRY, SpikeArray, StateMap};

use crate::case::{Payload, arriving, cases, config, indices, info, numbers, per_synapse, shape, sources};
use crate::compare;

/// Replays all cases of a class; there must be `count` of them.
pub(crate) fn replay(class: &str, count: usize) {
    let cases: Vec<Value> = cases("modules")
        .into_iter()
        .filter(|case| case["class"] == class)
        .collect();
    assert_eq!(cases.len(), count, "cases of {class}");
    cases.iter().for_each(|case| Run::new(case).run());
}

/// Whether a port takes what the case has for it.
fn takes(port: &PortTable, case: &Value) -> bool {
    let fed = case["inputs"].get(port.name);
    fed.is_none_or(|fed| sources(fed).iter().all(|one| one["payload"] == port.payload.name))
}

struct Run<'a> {
    case: &'a Value,
    name: &'a str,
    module: Box<dyn DynModule>,
    /// What feeds back: the value of an in-place port.
    kernel: Option<Payload>,
}

impl<'a> Run<'a> {
    fn new(case: &'a Value) -> Self {
        let name = case["case"].as_str().unwrap();
        let entry = REGISTRY
            .modules_of_class(case["class"].as_str().unwrap())
            .find(|entry| entry.table.inputs.iter().all(|port| takes(port, case)))
            .expect("a module of the class takes these payloads");
        let mut problems = Vec::new();
        let read = entry.read_config(&config(case), "", &mut problems);
        read.validate(name, &mut problems);
        assert!(problems.is_empty(), "{name}: {problems:?}");
        let infos = entry
            .table
            .inputs
            .iter()
            .map(|port| case["inputs"].get(port.name).map(info))
            .collect();
        let seed = case["config"]["seed"].as_i64().unwrap() as u64;
        let dt = Ms(case["config"]["dt"].as_f64().unwrap());
        let mut keys = Keys::new(seed, dt, Compat::SparkSnn1, name);
        let module =
            (entry.build)(&*read, infos, &mut keys).unwrap_or_else(|error| panic!("{name}: {error}"));
        Run {
            case,
            name,
            module,
            kernel: None,
        }
    }

    fn run(mut self) {
        // The hidden calls of a module that stands alone.
        self.step(None);
        self.module.reset();
        self.kernel = None;
        self.compare_state("state_after_build", &self.case["state_after_build"]);
        let resets = indices(&self.case["reset_before_step"]);
        for t in 0..self.case["steps"].as_u64().unwrap() as usize {
            if resets.contains(&(t as u32)) {
                self.module.reset();
                self.compare_state_at(&format!("reset@{t}"));
            }
            self.step(Some(t));
            self.compare_outputs(t);
            self.compare_state_at(&(t + 1).to_string());
        }
    }

    fn step(&mut self, t: Option<usize>) {
        let table = self.module.table();
        let fed = |name: &str| self.case["inputs"].get(name);
        let shared: Vec<(usize, Vec<Payload>)> = (table.inputs.iter().enumerate())
            .filter(|(_, port)| !port.writable)
            .filter_map(|(index, port)| {
                let all = sources(fed(port.name)?).into_iter();
                Some((index, all.map(|one| arriving(one, t)).collect()))
            })
            .collect();
        let any: Vec<(usize, Vec<&dyn Any>)> = shared
            .iter()
            .map(|(index, all)| (*index, all.iter().map(Payload::any).collect()))
            .collect();
        let mut inputs: Vec<(usize, AnyInput<'_>)> = any
            .iter()
            .map(|(index, all)| match table.inputs[*index].many {
                true => (*index, AnyInput::Many(all)),
                false => (*index, AnyInput::Shared(all[0])),
            })
            .collect();
        if let Some((index, port)) = table.inputs.iter().enumerate().find(|(_, port)| port.writable) {
            let kernel = self
                .kernel
                .get_or_insert_with(|| arriving(fed(port.name).unwrap(), t));
            inputs.push((index, AnyInput::InPlace(kernel.any_mut())));
        }
        self.module.step(&mut inputs.into_iter()).unwrap();
    }

    fn compare_outputs(&self, t: usize) {
        for (name, expected) in self.case["outputs"].as_object().unwrap() {
            let what = format!("{} step {t} `{name}`", self.name);
            let index = self
                .module
                .table()
                .outputs
                .iter()
                .position(|port| port.name == name);
            // A port that is updated in place stands for an output of the same name.
            let found = match (index, &self.kernel) {
                (Some(index), _) => self.module.output(index).unwrap(),
                (None, Some(kernel)) => kernel.any(),
                (None, None) => panic!("{what}: no such output"),
            };
            if let Some(spikes) = found.downcast_ref::<SpikeArray>() {
                compare_spikes(spikes, expected, t, &what);
            } else {
                compare_floats(found, expected, t, &what);
            }
        }
    }

    fn compare_state_at(&self, key: &str) {
        if let Some(recorded) = self.case["states"].get(key) {
            self.compare_state(key, recorded);
        }
    }

    fn compare_state(&self, key: &str, recorded: &Value) {
        let mut state = StateMap::new();
        self.module.spark_state("", &mut state);
        compare::state(&state, recorded, &format!("{} {key}", self.name));
    }
}

fn compare_spikes(found: &SpikeArray, expected: &Value, t: usize, what: &str) {
    assert_eq!(found.shape(), &shape(expected), "{what}");
    assert_eq!(found.to_flat(), indices(&expected["spikes"][t]), "{what}");
    assert_eq!(found.async_spikes(), per_synapse(expected), "{what}");
    let per_step = expected.get("inhibition_per_step").map(|steps| &steps[t]);
    if let Some(inhibition) = per_step.or(expected.get("inhibition")) {
        let mask = found.inhibition_mask();
        let found: Vec<u32> = (0u32..)
            .zip(mask.iter())
            .filter(|(_, bit)| **bit)
            .map(|(unit, _)| unit)
            .collect();
        assert_eq!(found, indices(inhibition), "{what}, mask");
    }
}

fn compare_floats(found: &dyn std::any::Any, expected: &Value, t: usize, what: &str) {
    let (sizes, values) = if let Some(found) = found.downcast_ref::<FloatArray>() {
        (found.shape().clone(), found.as_slice())
    } else if let Some(found) = found.downcast_ref::<spark::PotentialArray>() {
        (found.shape().clone(), found.as_slice())
    } else {
        let found = found.downcast_ref::<spark::CurrentArray>().unwrap();
        (found.shape().clone(), found.as_slice())
    };
    assert_eq!(sizes, shape(expected), "{what}");
    let values: Vec<f64> = values.iter().map(|&x| f64::from(x)).collect();
    let expected = expected.get("constant").unwrap_or(&expected["data"][t]);
    compare::close(&values, &numbers(expected), what);
}
