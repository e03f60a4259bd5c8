//! The brain of the cartpole example is the one that its authors saved.

#![allow(clippy::unwrap_used, missing_docs, unreachable_pub, dead_code)]

#[path = "../../examples/cartpole/brain.rs"]
mod brain;

use std::path::Path;

use brain::{PushPull, PushPullConfig};
use serde_json::Value;

/// Numbers as doubles, arrays as their data, without the package's book-keeping: `1` and `1.0` say the same.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64().unwrap()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(object) if object.get("__type__").is_some_and(|tag| tag == "jax_array") => {
            plain(&object["data"])
        }
        Value::Object(object) => {
            let fields = object.iter().filter(|(key, _)| !key.contains("metadata"));
            Value::Object(fields.map(|(key, value)| (key.clone(), plain(value))).collect())
        }
        other => other.clone(),
    }
}

/// Lists where two values differ, by JSON pointer.
fn compare(a: &Value, b: &Value, pointer: &str, differences: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let get = |of: &serde_json::Map<String, Value>| of.get(key).cloned().unwrap_or(Value::Null);
                compare(&get(a), &get(b), &format!("{pointer}/{key}"), differences);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                compare(a, b, &format!("{pointer}/{i}"), differences);
            }
        }
        _ if a == b => {}
        _ => differences.push(format!("{pointer}: {a} is not {b}")),
    }
}

#[test]
fn the_declared_brain_has_every_wire_parameter_and_seed_of_the_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/upstream-models/ab_brain.scfg");
    let file = PushPullConfig::from_file(path).unwrap().to_json().unwrap();
    let declared = PushPull::config().to_json().unwrap();
    let nodes = |json: &Value| plain(&json["__cfg__"]["modules_specs"]);
    let mut differences = Vec::new();
    compare(&nodes(&declared), &nodes(&file), "", &mut differences);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert_eq!(declared["__cfg__"]["seed"], file["__cfg__"]["seed"]);
}
