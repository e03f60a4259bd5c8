//! Changing configurations by name: overrides of nested fields, of shared fields, and what differs between two.

use serde_json::{Map, Value};
use spark_ir::suggest::nearest;

use crate::core::config::DynConfig;
use crate::core::error::{BuildError, Problem};

/// What parts the names of a path: `synapses__kernel__scale`.
const DELIMITER: &str = "__";
/// What a shared override begins with: `_s_units` is `units` here and everywhere inside.
const SHARED: &str = "_s_";

/// Values by path. A path names fields and nodes from the outside in, parted by `__`; behind `_s_` it names a field of
/// this configuration and of all inside that have one of this name.
pub type Overrides = Map<String, Value>;

/// Changes by name, as the Python package makes them with keyword arguments. For every configuration, of modules, declared
/// networks and models from files. Values are as in files: a number in the field's own unit, a list for a shape, a
/// configuration through `serde_json::to_value`.
///
/// ```
/// use serde_json::json;
/// use spark::prelude::*;
///
/// # fn main() -> Result<(), BuildError> {
/// let mut config = LIFNeuron::config();
/// config.set("synapses__kernel__scale", 3.0)?;
/// config.set("_s_units", vec![16])?;
/// assert_eq!(config.units, Shape::from(16));
/// assert_eq!(config.delays.units, Shape::from(16));
///
/// let changed = config.diff(&LIFNeuron::config());
/// assert_eq!(changed["synapses__kernel__scale"], json!(3.0));
/// let mut other = LIFNeuron::config();
/// other.merge(&changed)?;
/// assert_eq!(other, config);
///
/// let error = config.set("soma__treshold", -45.0).unwrap_err();
/// assert!(error.to_string().contains("did you mean `threshold`?"));
/// # Ok(())
/// # }
/// ```
pub trait ConfigExt: DynConfig {
    /// Gives the field at a path a value.
    ///
    /// # Errors
    /// A path that leads nowhere, a value of another type. Nothing is changed then.
    fn set(&mut self, path: &str, value: impl Into<Value>) -> Result<(), BuildError>
    where
        Self: Sized,
    {
        let mut overrides = Overrides::new();
        overrides.insert(path.to_owned(), value.into());
        merge(self, &overrides)
    }

    /// Takes over a part of a configuration.
    ///
    /// # Errors
    /// All paths that lead nowhere and all values of another type. Nothing is changed then.
    fn merge(&mut self, overrides: &Overrides) -> Result<(), BuildError>
    where
        Self: Sized,
    {
        merge(self, overrides)
    }

    /// The values of this configuration that another one has not, by path.
    fn diff(&self, other: &dyn DynConfig) -> Overrides
    where
        Self: Sized,
    {
        let mut changed = Overrides::new();
        differences("", &self.to_fields(), &other.to_fields(), &mut changed);
        changed
    }
}

impl<C: DynConfig> ConfigExt for C {}

/// [`ConfigExt::merge`], for a configuration whose type is known at run time only.
pub fn merge(config: &mut dyn DynConfig, overrides: &Overrides) -> Result<(), BuildError> {
    let mut before = config.to_fields();
    open_fields(&mut before);
    let mut fields = before.clone();
    let mut problems = Vec::new();
    for (path, value) in overrides {
        match apply(&mut fields, path, value) {
            Ok(()) => problems.extend(misfits(config, &before, path, value)),
            Err(problem) => problems.push(problem),
        }
    }
    BuildError::check(problems)?;
    config.read_fields(&fields, "", &mut Vec::new());
    Ok(())
}

fn apply(fields: &mut Map<String, Value>, path: &str, value: &Value) -> Result<(), Problem> {
    match path.strip_prefix(SHARED) {
        Some(name) if share(fields, name, value) == 0 => Err(Problem::new(
            path,
            format!("SPK092: nothing has a field `{name}`"),
        )),
        Some(_) => Ok(()),
        None => assign(fields, path, path, value),
    }
}

/// What a configuration says of one value, tried on a copy.
fn misfits(config: &dyn DynConfig, before: &Map<String, Value>, path: &str, value: &Value) -> Vec<Problem> {
    let mut fields = before.clone();
    let mut problems = Vec::new();
    if apply(&mut fields, path, value).is_ok() {
        config.clone_config().read_fields(&fields, "", &mut problems);
    }
    problems
        .iter_mut()
        .for_each(|problem| path.clone_into(&mut problem.place));
    problems
}

/// Whether a name is that of a field, and not one of the format's own.
fn is_field(name: &str) -> bool {
    !(name.starts_with("__") && name.ends_with("__")) && name != "modules_specs"
}

/// Names the fields of networks that files leave out while they are open.
fn open_fields(fields: &mut Map<String, Value>) {
    if fields.contains_key("modules_specs") {
        for name in ["seed", "dt"] {
            fields.entry(name).or_insert(Value::Null);
        }
        nodes(fields).for_each(|(_, node)| open_fields(node));
    }
}

/// The nodes of a network's fields: name and fields of each.
fn nodes(fields: &mut Map<String, Value>) -> impl Iterator<Item = (String, &mut Map<String, Value>)> {
    let modules = fields.get_mut("modules_specs").and_then(Value::as_array_mut);
    modules.into_iter().flatten().filter_map(|module| {
        let data = module.get_mut("__data__")?.as_object_mut()?;
        let name = data.get("name")?.as_str()?.to_owned();
        Some((name, data.get_mut("config")?.as_object_mut()?))
    })
}

/// The fields of a configuration that is the value of a field, such as an initializer.
fn inner(value: &mut Value) -> Option<&mut Map<String, Value>> {
    value.get_mut("__cfg__")?.as_object_mut()
}

fn assign(fields: &mut Map<String, Value>, whole: &str, path: &str, value: &Value) -> Result<(), Problem> {
    let (name, rest) = match path.split_once(DELIMITER) {
        Some((name, rest)) if !name.is_empty() => (name, Some(rest)),
        _ => (path, None),
    };
    let mut known: Vec<String> = nodes(fields).map(|(name, _)| name).collect();
    known.extend(fields.keys().filter(|name| is_field(name)).cloned());
    if let Some((_, node)) = nodes(fields).find(|(node, _)| node == name) {
        return match rest {
            Some(rest) => assign(node, whole, rest, value),
            None => Err(Problem::new(whole, format!("SPK090: `{name}` is a node"))
                .help(format!("name one of its fields: `{whole}{DELIMITER}..`"))),
        };
    }
    match (fields.get_mut(name).filter(|_| is_field(name)), rest) {
        (Some(slot), None) => {
            *slot = value.clone();
            Ok(())
        }
        (Some(slot), Some(rest)) => match inner(slot) {
            Some(fields) => assign(fields, whole, rest, value),
            None => Err(Problem::new(
                whole,
                format!("SPK090: `{name}` is no configuration, and has no fields"),
            )
            .found(slot.to_string())),
        },
        (None, _) => {
            let problem =
                Problem::new(whole, format!("SPK092: there is no field `{name}`")).expected(known.join(", "));
            Err(match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            })
        }
    }
}

/// Gives the field `name` a value wherever there is one. Gives how many there are.
fn share(fields: &mut Map<String, Value>, name: &str, value: &Value) -> usize {
    let mut found = 0;
    for (field, slot) in fields.iter_mut() {
        if field == name && is_field(field) {
            *slot = value.clone();
            found += 1;
        } else if let Some(fields) = inner(slot) {
            found += share(fields, name, value);
        }
    }
    nodes(fields).for_each(|(_, node)| found += share(node, name, value));
    found
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same =
                |(name, left): (&String, &Value)| right.get(name).is_some_and(|right| equal(left, right));
            left.len() == right.len() && left.iter().all(same)
        }
        _ => left == right,
    }
}

fn differences(path: &str, fields: &Map<String, Value>, other: &Map<String, Value>, changed: &mut Overrides) {
    let (mut fields, mut other) = (fields.clone(), other.clone());
    let mut others: Vec<(String, Map<String, Value>)> = nodes(&mut other)
        .map(|(name, fields)| (name, fields.clone()))
        .collect();
    for (name, node) in nodes(&mut fields) {
        if let Some(index) = others.iter().position(|(other, _)| *other == name) {
            let (_, other) = others.swap_remove(index);
            differences(&below(path, &name), node, &other, changed);
        }
    }
    for (name, value) in fields.iter_mut().filter(|(name, _)| is_field(name)) {
        let Some(theirs) = other.get_mut(name) else {
            changed.insert(below(path, name), value.clone());
            continue;
        };
        let one_type = value.get("__type__") == theirs.get("__type__");
        if let (true, Some(own), Some(theirs)) = (one_type, inner(value), inner(theirs)) {
            differences(&below(path, name), own, theirs, changed);
        } else if !equal(value, theirs) {
            changed.insert(below(path, name), value.clone());
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}{DELIMITER}{name}")
    }
}
