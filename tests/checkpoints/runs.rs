//! A run that is saved in the middle and loaded elsewhere is one run, to the bit.

use std::any::Any;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use spark::checkpoint::Checkpointed;
use spark::nn::controllers::Model;
use spark::prelude::*;
use spark::rt::table::ModuleTable;
use spark::{StateArray, StateMap, snapshot};

use crate::brains::{
    Interfaces, InterfacesInputs, InterfacesShapes, Rules, RulesInputs, RulesShapes, Somas, SomasInputs,
    SomasShapes, Synapses, SynapsesInputs, SynapsesShapes,
};

const HALF: usize = 40;
const END: usize = 80;

fn signal(t: usize) -> FloatArray {
    let value = |i: usize| (0.5 + 0.5 * (0.2 * t as Real + i as Real).sin()).abs();
    FloatArray::from_vec(6, (0..6).map(value).collect()).unwrap()
}

fn current(t: usize) -> CurrentArray {
    let value = |i: usize| 300.0 * i as Real + 100.0 * (0.3 * t as Real).sin();
    CurrentArray::from_vec(6, (0..6).map(value).collect()).unwrap()
}

fn reward(t: usize) -> FloatArray {
    FloatArray::from([0.3 * (0.1 * t as Real).cos()])
}

/// The state after each of these steps.
type Trail = Vec<StateMap>;

/// A brain that is driven by a function of the step alone.
pub trait Driven: Checkpointed + Send + 'static {
    fn fresh(compat: Compat) -> Self;
    fn drive(&mut self, t: usize);

    fn trail(&mut self, steps: Range<usize>) -> Trail {
        steps
            .map(|t| {
                self.drive(t);
                snapshot(self)
            })
            .collect()
    }
}

macro_rules! driven {
    ($brain:ident, $config:ident, $shapes:ident { $($shape:ident: $sizes:expr),* }, $inputs:ident { $($input:ident),* }) => {
        impl Driven for $brain {
            fn fresh(compat: Compat) -> Self {
                let mut config = $brain::config();
                config.compat = Some(compat);
                $brain::build(config, $shapes { $($shape: $sizes.into()),* }).unwrap()
            }
            fn drive(&mut self, t: usize) {
                self.step($inputs { $($input: &$input(t)),* });
            }
        }
    };
}
driven!(
    Rules,
    RulesConfig,
    RulesShapes {
        signal: [6],
        reward: [1]
    },
    RulesInputs { signal, reward }
);
driven!(
    Somas,
    SomasConfig,
    SomasShapes { current: [6] },
    SomasInputs { current }
);
driven!(
    Synapses,
    SynapsesConfig,
    SynapsesShapes { current: [6] },
    SynapsesInputs { current }
);
driven!(
    Interfaces,
    InterfacesConfig,
    InterfacesShapes { signal: [6] },
    InterfacesInputs { signal }
);

fn drive_model(model: &mut Model, t: usize) {
    let names = model.table().inputs.iter().map(|port| port.name);
    let inputs: Vec<(&str, Box<dyn Any>)> = names
        .map(|name| match name {
            "signal" => (name, Box::new(signal(t)) as Box<dyn Any>),
            "current" => (name, Box::new(current(t)) as Box<dyn Any>),
            _ => (name, Box::new(reward(t)) as Box<dyn Any>),
        })
        .collect();
    model
        .step(inputs.iter().map(|(name, value)| (*name, &**value)))
        .unwrap();
}

fn model_trail(model: &mut Model, steps: Range<usize>) -> Trail {
    steps
        .map(|t| {
            drive_model(model, t);
            snapshot(model)
        })
        .collect()
}

fn fired(state: &StateMap) -> bool {
    let spikes = |entry: &StateArray| matches!(entry, StateArray::UInt8(bytes) if bytes.iter().any(|byte| byte & 1 == 1));
    state.iter().any(|(_, entry)| spikes(&entry.value))
}

fn assert_same(found: &Trail, expected: &Trail, what: &str) {
    assert_eq!(found.len(), expected.len());
    for (step, (found, expected)) in found.iter().zip(expected).enumerate() {
        let paths: BTreeSet<&str> = found.paths().chain(expected.paths()).collect();
        let other: Vec<&&str> = paths
            .iter()
            .filter(|path| found.get(path) != expected.get(path))
            .collect();
        assert!(other.is_empty(), "{what}, step {step} behind the file: {other:?}");
    }
}

/// Builds and runs in a thread of its own: unoptimized code takes a large stack for large brains.
pub fn in_thread<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(16 << 20).spawn(run);
    thread
        .unwrap()
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Saved by either form, loaded by either form in another thread, in both modes.
fn goes_on<D: Driven>() {
    let folder = tempfile::tempdir().unwrap();
    for compat in [Compat::Standard, Compat::SparkSnn1] {
        let path = |name: &str| folder.path().join(format!("{compat}-{name}.safetensors"));
        let to = path("declared");
        let expected = in_thread(move || {
            let mut whole = D::fresh(compat);
            whole.trail(0..HALF);
            spark::checkpoint::save(&whole, to).unwrap();
            whole.trail(HALF..END)
        });
        assert!(fired(expected.last().unwrap()), "{compat}: spikes are under way");

        let again = |path: &Path| {
            let path = path.to_owned();
            in_thread(move || spark::checkpoint::load::<D>(path).unwrap().trail(HALF..END))
        };
        let as_model = |path: &Path| model_trail(&mut Model::load(path).unwrap(), HALF..END);
        assert_same(&again(&path("declared")), &expected, "declared to declared");
        assert_same(&as_model(&path("declared")), &expected, "declared to model");

        Model::load(path("declared"))
            .unwrap()
            .save(path("model"))
            .unwrap();
        assert_same(&again(&path("model")), &expected, "model to declared");
        assert_same(&as_model(&path("model")), &expected, "model to model");
    }
}

#[test]
fn every_plasticity_rule_goes_on_from_a_file() {
    goes_on::<Rules>();
}

#[test]
fn every_rule_has_something_to_learn_behind_the_file() {
    let trail = in_thread(|| Rules::fresh(Compat::Standard).trail(0..END));
    let (saved, end) = (&trail[HALF - 1], &trail[END - 1]);
    let kernels = saved
        .paths()
        .filter(|path| path.ends_with("synapses/weights/kernel"))
        .collect::<Vec<_>>();
    assert_eq!(kernels.len(), 8);
    let idle: Vec<&&str> = kernels
        .iter()
        .filter(|path| saved.get(path) == end.get(path))
        .collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_soma_goes_on_from_a_file() {
    goes_on::<Somas>();
}

#[test]
fn all_synapses_and_delays_go_on_from_a_file() {
    goes_on::<Synapses>();
}

#[test]
fn all_interfaces_go_on_from_a_file() {
    goes_on::<Interfaces>();
}

#[test]
fn every_module_of_spark_goes_on_from_a_file() {
    fn collect(table: &ModuleTable, names: &mut BTreeSet<&'static str>) {
        for node in table.graph.into_iter().flat_map(|graph| graph.nodes) {
            names.insert(node.module.name);
            collect(node.module, names);
        }
    }
    let mut tested = BTreeSet::new();
    for brain in [Rules::TABLE, Somas::TABLE, Synapses::TABLE, Interfaces::TABLE] {
        collect(brain, &mut tested);
    }
    let of_spark = spark::REGISTRY.modules().iter().map(|entry| entry.table);
    let forgotten: Vec<&str> = of_spark
        .filter(|table| table.origin.starts_with("spark::") && !tested.contains(table.name))
        .map(|table| table.name)
        .collect();
    assert!(forgotten.is_empty(), "add them to `brains.rs`: {forgotten:?}");
}
