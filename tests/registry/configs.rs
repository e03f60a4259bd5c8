//! Configurations: defaults, files, checks, seeds.

use serde_json::{Value, json};
use spark::prelude::*;
use spark::rt::ConfigField;

use crate::models::{CountingInitializer, LeakyRateConfig};

fn read(fields: &Value) -> (LeakyRateConfig, Vec<Problem>) {
    let mut config = LeakyRateConfig::default();
    let mut problems = Vec::new();
    config.read_fields(fields.as_object().unwrap(), "/config", &mut problems);
    (config, problems)
}

#[test]
fn defaults_are_those_of_the_attributes() {
    let config = LeakyRateConfig::default();
    assert_eq!(config.tau, Init::Value(Ms(20.0)));
    assert_eq!(
        (config.gain, config.rest, config.weights),
        (2.0, Mv(-40.0), [1.0, 2.0, 3.0, 4.0])
    );
    assert_eq!(
        (config.seed, config.dtype, config.dt),
        (None, Dtype::Float32, None)
    );
    assert_eq!(config, config.clone());
}

#[test]
fn a_file_comes_back_token_for_token() {
    let fields = json!({
        "__config_delimiter__": "__",
        "__shared_config_delimiter__": "_s_",
        "__metadata__": {"a": 1},
        "__graph_editor_metadata__": {"pos": [1.5, 2]},
        "seed": 4294967295u64,
        "dtype": {"__type__": "dtype", "name": "float16"},
        "dt": 1,
        "tau": {"__type__": "counting_initializer_config", "__cfg__": {
            "__config_delimiter__": "__",
            "__shared_config_delimiter__": "_s_",
            "__metadata__": {},
            "__graph_editor_metadata__": {},
            "dtype": {"__type__": "dtype", "name": "float32"},
            "start": 3,
            "max_value": null,
            "__class_ref__": "CountingInitializer",
        }},
        "gain": 3,
        "units": [2, 3],
        "weights": [1, 2.5, 3.0, 4],
        "rest": -55.0,
    });
    let (mut config, problems) = read(&fields);
    assert_eq!(problems, []);
    let written = |config: &LeakyRateConfig| serde_json::to_string(&config.to_fields()).unwrap();
    // The class of an initializer is written after the fields of its base class, `dtype` here.
    let expected = serde_json::to_string(&fields).unwrap();
    let moved = expected.replace(
        r#""start":3,"max_value":null,"__class_ref__":"CountingInitializer""#,
        r#""__class_ref__":"CountingInitializer","start":3,"max_value":null"#,
    );
    assert_eq!(written(&config), moved);
    assert_eq!(config.dtype, Dtype::Float16);
    // What was changed is written anew.
    config.gain = 4.0;
    assert!(written(&config).contains(r#""gain":4.0"#));
    let back: LeakyRateConfig = serde_json::from_str(&serde_json::to_string(&config).unwrap()).unwrap();
    assert_eq!(back, config);
}

#[test]
fn arrays_come_back_token_for_token() {
    let array = json!({"__type__": "jax_array", "dtype": "float32", "shape": [2, 1], "data": [[1.5], [0.10000000149011612]]});
    let (config, problems) = read(&json!({"tau": array}));
    assert_eq!(problems, []);
    assert_eq!(config.to_fields()["tau"], array);
}

#[test]
fn all_mistakes_of_a_file_are_told_with_pointer_and_suggestion() {
    let (_, problems) = read(
        &json!({"tua": 5.0, "gain": "x", "weights": [1, 2], "tau": {"__type__": "nothing_config", "__cfg__": {}}}),
    );
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let text = text.join("\n");
    for part in [
        "/config/tua",
        "did you mean `tau`",
        "/config/gain",
        "/config/weights",
        "no initializer `nothing_config`",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(problems.len(), 4);
}

#[test]
fn all_fields_are_checked_at_once() {
    let config = LeakyRateConfig {
        tau: Init::Value(Ms(0.5)),
        ..LeakyRateConfig::default()
    };
    let mut problems = Vec::new();
    config.validate("Net.rate", &mut problems);
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(text.len(), 2, "{text:?}");
    assert!(
        text[0].contains("Net.rate.tau") && text[0].contains("a number from 1 on"),
        "{text:?}"
    );
    assert!(
        text[1].contains("Net.rate.units") && text[1].contains("must be given"),
        "{text:?}"
    );
}

#[test]
fn what_is_drawn_is_checked_too_and_a_key_is_always_taken() {
    let mut config = LeakyRateConfig {
        units: Shape::from(2),
        ..LeakyRateConfig::default()
    };
    config.tau = CountingInitializer {
        start: 0.0,
        ..Default::default()
    }
    .into_field();
    let mut keys = Keys::new(1, Ms(1.0), Compat::default(), "Net.rate");
    let error = config
        .draw(&config.tau, &mut keys, &Shape::from(2))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("Net.rate.tau") && error.contains("a number from 1 on"),
        "{error}"
    );
    let mut other = Keys::new(1, Ms(1.0), Compat::default(), "");
    config.tau = Init::Value(Ms(3.0));
    config.draw(&config.tau, &mut other, &Shape::from(2)).unwrap();
    assert_eq!(keys.next_key(), other.next_key());
}

#[test]
fn values_of_many_kinds_fit_a_field() {
    fn given<V: IntoField<Init<Ms>>>(value: V) -> Init<Ms> {
        value.into_field()
    }
    assert_eq!(given(20), Init::Value(Ms(20.0)));
    assert_eq!(given(Ms(2.5)), Init::Value(Ms(2.5)));
    assert_eq!(
        given([Ms(1.0), Ms(2.0)]),
        Init::Array(ArrayValue::vector([1.0, 2.0]))
    );
    assert_eq!(given([1, 2]), given(vec![1.0, 2.0]));
    assert!(matches!(
        given(CountingInitializer::default()),
        Init::Initializer(_)
    ));
    let units: Units = [4, 128].into_field();
    assert_eq!(units, [4, 128]);
}

#[test]
fn fields_are_reached_by_index() {
    let mut config = LeakyRateConfig::default();
    *<LeakyRateConfig as ConfigField<4>>::slot(&mut config) = 7.0;
    assert_eq!(config.gain, 7.0);
}

#[test]
fn time_step_and_units_come_from_the_network_around() {
    let mut config = LeakyRateConfig {
        dt: Some(Ms(0.5)),
        ..LeakyRateConfig::default()
    };
    let mut problems = Vec::new();
    config.adopt_dt(Ms(1.0), "Net.rate", &mut problems);
    config.adopt_units(&Shape::from(3), "Net.rate", &mut problems);
    assert_eq!(config.units(), Some(&Shape::from(3)));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].to_string().contains("Net.rate.dt"));
}

#[test]
fn seeds_are_those_of_the_python_package() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/goldens/rng/spark_draws.json"
    ))
    .unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    let cases = golden["with_new_seeds"].as_array().unwrap();
    for case in cases.iter().filter(|case| case["config"] == "ALIFNeuronConfig") {
        let mut key = Key::from_seed(case["seed"].as_u64().unwrap());
        for (name, expected) in case["modules"].as_object().unwrap() {
            let mut config = LeakyRateConfig::default();
            config.with_new_seeds(key.next().0[0]);
            assert_eq!(config.seed, expected.as_u64(), "{name}");
        }
        assert_eq!(u64::from(key.next().0[0]), case["top"].as_u64().unwrap());
    }
}

#[test]
fn a_given_seed_stays_when_seeds_are_filled_in() {
    let mut config = LeakyRateConfig {
        seed: Some(5),
        ..LeakyRateConfig::default()
    };
    config.fill_seeds(1);
    assert_eq!(config.seed, Some(5));
    config.with_new_seeds(1);
    assert_ne!(config.seed, Some(5));
}
