//! A module steps the same whether its type is known while compiling or not.

use spark::REGISTRY;
use spark::prelude::*;
use spark::rt::{AnyInput, DynModule, PortInfo};

use crate::models::{LeakyRate, LeakyRateConfig, RateArray};

fn config() -> LeakyRateConfig {
    LeakyRateConfig {
        units: Shape::from(3),
        tau: [5.0, 10.0, 20.0].into_field(),
        ..LeakyRateConfig::default()
    }
}

fn infos() -> Vec<Option<PortInfo>> {
    vec![
        Some(PortInfo::plain(Shape::from(2))),
        None,
        Some(PortInfo::plain(Shape::from(2))),
    ]
}

fn keys() -> Keys {
    Keys::new(7, Ms(1.0), Compat::default(), "Net.rate")
}

fn current(t: usize) -> CurrentArray {
    CurrentArray::from_vec(2, vec![t as Real * 0.37, 1.0 - t as Real * 0.11]).unwrap()
}

fn dynamic() -> Box<dyn DynModule> {
    let entry = REGISTRY.module("leaky_rate").unwrap();
    let mut problems = Vec::new();
    let fields = serde_json::to_value(config().to_fields()).unwrap();
    let config = entry.read_config(fields.as_object().unwrap(), "", &mut problems);
    assert_eq!(problems, []);
    (entry.build)(&*config, infos(), keys()).unwrap()
}

#[test]
fn static_and_dynamic_steps_are_equal_to_the_bit() {
    let config = config();
    let ports = Ports::<LeakyRate>::new(infos());
    let mut module = <LeakyRate as Module>::build(&config, &ports, &mut keys()).unwrap();
    let mut outputs = module.outputs(&config, &ports).unwrap();
    let mut twin = dynamic();
    let extra = FloatArray::filled(2, 0.25);
    for t in 0..20 {
        let current = current(t);
        let sources = [&extra, &extra];
        module.run((Some(&current), None, Some(Many::of(&sources))), &mut outputs);
        let any_sources: [&dyn std::any::Any; 2] = [&extra, &extra];
        let mut fed = [(0, AnyInput::Shared(&current)), (2, AnyInput::Many(&any_sources))].into_iter();
        twin.step(&mut fed).unwrap();
        let rates: &RateArray = twin.output(0).unwrap().downcast_ref().unwrap();
        let bits = |values: &[Real]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(rates.values()), bits(outputs.0.values()), "step {t}");
    }
    assert_eq!(outputs.1.shape(), &Shape::from(7));
    assert!(twin.property(0).unwrap().is::<FloatArray>() && twin.property_mut(0).is_some());
    assert!(twin.property(1).is_none() && twin.output(2).is_none());
}

#[test]
fn a_dynamic_module_says_what_is_wrong_with_its_inputs() {
    let mut twin = dynamic();
    let text = twin.step(&mut std::iter::empty()).unwrap_err().to_string();
    assert!(text.contains("without its input `current`"), "{text}");
    let wrong = FloatArray::filled(2, 1.0);
    let text = twin
        .step(&mut [(0, AnyInput::Shared(&wrong))].into_iter())
        .unwrap_err()
        .to_string();
    assert!(text.contains("CurrentArray"), "{text}");
}

#[test]
fn building_for_the_wrong_inputs_tells_all_of_them() {
    let ports = Ports::<LeakyRate>::new(vec![None, Some(PortInfo::plain(Shape::from(4))), None]);
    let error = <LeakyRate as Module>::build(&config(), &ports, &mut keys())
        .err()
        .unwrap()
        .to_string();
    for part in [
        "2 problems",
        "Net.rate.current",
        "Net.rate.scale",
        "expected: [3]",
        "found: [4]",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn another_modules_configuration_is_refused() {
    let entry = REGISTRY.module("leaky_rate").unwrap();
    let other = spark::rt::NoConfig::default();
    let error = (entry.build)(&other, infos(), keys()).err().unwrap().to_string();
    assert!(error.contains("LeakyRateConfig"), "{error}");
}

#[test]
fn the_state_has_the_same_paths_in_both_forms() {
    let mut map = StateMap::new();
    dynamic().spark_state("rate", &mut map);
    assert_eq!(
        map.paths().collect::<Vec<_>>(),
        ["rate/kernel", "rate/rates", "rate/rng"]
    );
}
