//! Configurations are changed by name, and told apart by name.

use proptest::prelude::*;
use serde_json::json;
use spark::core::overrides::Overrides;
use spark::nn::controllers::ModelConfig;
use spark::prelude::*;

fn overrides(entries: serde_json::Value) -> Overrides {
    entries.as_object().unwrap().clone()
}

#[test]
fn all_mistakes_are_told_and_nothing_is_changed() {
    let mut config = LIFNeuron::config();
    let error = config
        .merge(&overrides(json!({
            "soma__threshold": -45.0,
            "soma__treshold": 1.0,
            "somma__threshold": 1.0,
            "soma": 1.0,
            "soma__threshold__x": 1.0,
            "_s_unit": [3],
            "synapses__kernel__scale": "much",
        })))
        .unwrap_err();
    let text = error.to_string();
    for part in [
        "`threshold`?",
        "`soma`?",
        "`soma` is a node",
        "no configuration",
        "`unit`",
        "synapses__kernel__scale",
        "much",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(error.problems().len(), 6, "{text}");
    assert_eq!(config, LIFNeuron::config());
}

#[test]
fn a_field_takes_another_initializer() {
    let mut config = LIFNeuron::config();
    let constant = ConstantInitializer {
        scale: 4.0,
        ..Default::default()
    };
    config
        .set("synapses__kernel", serde_json::to_value(&constant).unwrap())
        .unwrap();
    assert_eq!(config.synapses.kernel, Init::Initializer(constant.into()));
}

#[test]
fn a_shared_field_reaches_everything_inside() {
    let mut config = LIFNeuron::config();
    config.set("_s_dt", 0.5).unwrap();
    assert_eq!(
        (config.dt, config.soma.dt, config.hebbian_rule.dt),
        (Some(Ms(0.5)), Some(Ms(0.5)), Some(Ms(0.5)))
    );
}

#[test]
fn a_model_from_a_file_is_changed_like_a_declared_one() {
    let mut declared = LIFNeuronConfig {
        units: Shape::from(4),
        ..LIFNeuron::config()
    };
    let mut loaded = ModelConfig::from_json(&declared.to_json().unwrap()).unwrap();
    declared = LIFNeuronConfig::from_json(&loaded.to_json().unwrap()).unwrap();
    assert_eq!(declared.diff(&loaded), Overrides::new());
    declared.set("soma__threshold", -45.0).unwrap();
    assert_eq!(
        declared.diff(&loaded),
        overrides(json!({ "soma__threshold": -45.0 }))
    );
    loaded.set("soma__threshold", -45.0).unwrap();
    assert_eq!(declared.diff(&loaded), Overrides::new());
}

proptest! {
    #[test]
    fn what_differs_makes_two_configurations_equal(tau in 1.0f64..50.0, scale in 0.1f64..9.0, units in 1usize..20, eta in -1.0f64..1.0, seed: u32) {
        let mut config = LIFNeuronConfig { units: Shape::from(units), ..LIFNeuron::config() }.with_new_seeds(seed);
        config.soma.potential_tau = Init::Value(Ms(tau));
        config.hebbian_rule.eta = eta;
        config.set("synapses__kernel__scale", scale).unwrap();
        let mut other = LIFNeuron::config();
        let changed = config.diff(&other);
        other.merge(&changed).unwrap();
        prop_assert_eq!(&other, &config);
        prop_assert!(config.diff(&other).is_empty());
    }
}
