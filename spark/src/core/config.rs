//! Configurations: fields with defaults, units and validators, written and read as the Python package does.

use std::any::Any;
use std::fmt::Debug;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};
use spark_ir::format::unread;
use spark_ir::shape::ConstValue;
use spark_ir::table::ConfigTable;

use crate::core::dtype::Dtype;
use crate::core::error::{BuildError, Problem};
use crate::core::field::{FieldValue, FieldView, misfit};
use crate::core::module::Keys;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::units::{Ms, Quantity};
use crate::rt::export::as_problem;

mod walk;

pub(crate) use walk::HEAD;

pub use crate::core::field::{ArrayValue, FieldType, IntoField, Units};
pub use crate::core::init::Init;
pub use crate::core::initializer::{AnyInitializer, Cast};

/// A validator's check, as configurations call it.
pub type Check = fn(&FieldView<'_>) -> Result<(), String>;

/// What a configuration was read from, so that it is written back digit for digit: whether a number was `1` or `1.0`,
/// the metadata that graph editors put there.
#[derive(Debug, Clone, Default)]
pub struct Origin(Option<Box<Map<String, Value>>>);

impl Origin {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }
}

/// `outer.inner`, as errors name places.
pub(crate) fn dotted(outer: &str, inner: &str) -> String {
    if outer.is_empty() {
        inner.to_owned()
    } else {
        format!("{outer}.{inner}")
    }
}

/// A configuration. Written by `#[register_config]` from a struct.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no configuration",
    label = "this is no configuration",
    note = "a configuration is a struct with `#[register_config]`"
)]
pub trait SparkConfig:
    Clone + Default + PartialEq + Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Its fields.
    const TABLE: &'static ConfigTable;
    /// Checks of validators, each with the index of its field.
    const CHECKS: &'static [(usize, Check)] = &[];
    /// Initializers: the class that files name, and behind how many fields they do.
    const CLASS: Option<(usize, &'static str)> = None;

    /// The values, in the order of [`SparkConfig::TABLE`].
    fn fields(&self) -> Vec<&dyn FieldValue> {
        Vec::new()
    }

    /// The values, to be changed.
    fn fields_mut(&mut self) -> Vec<&mut dyn FieldValue> {
        Vec::new()
    }

    /// What it was read from.
    fn origin(&self) -> Option<&Origin> {
        None
    }

    /// What it was read from, to be changed.
    fn origin_mut(&mut self) -> Option<&mut Origin> {
        None
    }

    /// Checks all fields, those of nested configurations too. `path` is its own place: `PushPull.left.soma`.
    fn validate(&self, path: &str, problems: &mut Vec<Problem>) {
        walk::validate((Self::TABLE, Self::CHECKS), self.fields(), path, problems);
    }

    /// The fields as files hold them (the content of `__cfg__`).
    fn to_fields(&self) -> Map<String, Value> {
        walk::to_fields((Self::TABLE, Self::CLASS), self.fields(), self.origin())
    }

    /// Reads fields as files hold them. What a file leaves out keeps its value; what does not fit, and names that are
    /// no fields, are added to `problems` with their JSON pointers.
    fn read_fields(&mut self, fields: &Map<String, Value>, pointer: &str, problems: &mut Vec<Problem>) {
        walk::read_fields(Self::TABLE, self.fields_mut(), fields, pointer, problems);
        if let Some(origin) = self.origin_mut() {
            *origin = Origin(Some(Box::new(fields.clone())));
        }
    }

    /// Numbers and shapes by name, dotted for nested configurations.
    fn known_fields(&self) -> Vec<(String, ConstValue)> {
        walk::known_fields(Self::TABLE, self.fields())
    }

    /// Gives new seeds to this configuration and all in it, as the Python package does: fields are walked in order,
    /// each `seed` and each nested configuration takes the next key of `seed`'s stream.
    fn with_new_seeds(&mut self, seed: u32) {
        walk::seeds(Self::TABLE, self.fields_mut(), seed, false);
    }

    /// The same walk; seeds that are given stay.
    fn fill_seeds(&mut self, seed: u32) {
        walk::seeds(Self::TABLE, self.fields_mut(), seed, true);
    }

    /// The field `seed`, if there is one and it is given.
    fn seed(&self) -> Option<u64> {
        walk::find::<Option<u64>>(Self::TABLE, self.fields(), "seed").copied()?
    }

    /// Gives a seed, unless there is one.
    fn set_seed_if_unset(&mut self, seed: u64) {
        if let Some(own) = walk::find_mut::<Option<u64>>(Self::TABLE, self.fields_mut(), "seed") {
            own.get_or_insert(seed);
        }
    }

    /// The time step, if it is given.
    fn dt(&self) -> Option<Ms> {
        walk::find::<Option<Ms>>(Self::TABLE, self.fields(), "dt").copied()?
    }

    /// Takes over the time step of what surrounds the module; another one of its own is a problem.
    fn adopt_dt(&mut self, dt: Ms, path: &str, problems: &mut Vec<Problem>) {
        walk::adopt_dt(Self::TABLE, self.fields_mut(), dt, path, problems);
    }

    /// The units, if they are given.
    fn units(&self) -> Option<&Shape> {
        walk::find::<Shape>(Self::TABLE, self.fields(), "units").filter(|units| !units.is_empty())
    }

    /// Gives units, unless there are some.
    fn set_units_if_unset(&mut self, units: &Shape) {
        let own = walk::find_mut::<Shape>(Self::TABLE, self.fields_mut(), "units");
        if let Some(own) = own.filter(|own| own.is_empty()) {
            own.clone_from(units);
        }
    }

    /// Takes over the units of the neuron around the module; other ones of its own are a problem.
    fn adopt_units(&mut self, units: &Shape, path: &str, problems: &mut Vec<Problem>) {
        problems.extend(self.units().and_then(|own| walk::other_units(own, units, path)));
        self.set_units_if_unset(units);
    }

    /// The number type of the module.
    fn dtype(&self) -> Dtype {
        walk::find::<Dtype>(Self::TABLE, self.fields(), "dtype")
            .copied()
            .unwrap_or_default()
    }

    /// The parameter that `field`, one of the fields of this configuration, gives to a module of this shape:
    ///
    /// ```
    /// use spark::core::param::Param;
    /// use spark::prelude::*;
    /// # fn main() -> Result<(), BuildError> {
    /// # let config = LeakySomaConfig::default();
    /// # let keys = &mut Keys::new(0, Ms(1.0), Compat::Standard, "soma");
    /// # let shape = Shape::from([3]);
    /// let tau = config.draw(&config.potential_tau, keys, &shape)?;
    /// assert_eq!(tau, Param::Scalar(20.0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// One key is drawn whether it is needed or not, as in the Python package. What was drawn is checked against the
    /// ranges of the field; errors name it.
    fn draw<Q: Quantity>(
        &self,
        field: &Init<Q>,
        keys: &mut Keys,
        shape: &Shape,
    ) -> Result<Param, BuildError> {
        self.draw_with(field, keys, shape, &Cast::to(self.dtype()))
    }

    /// The same, with what the module says about how an initializer draws.
    fn draw_with<Q: Quantity>(
        &self,
        field: &Init<Q>,
        keys: &mut Keys,
        shape: &Shape,
        cast: &Cast,
    ) -> Result<Param, BuildError> {
        let table = walk::table_of(Self::TABLE, self.fields(), field);
        walk::draw(table, field, keys, shape, cast)
    }
}

/// Field number `I` of a configuration, counted in its table.
pub trait ConfigField<const I: usize>: SparkConfig {
    /// Its type.
    type Value;
    /// The field, to be changed.
    fn slot(&mut self) -> &mut Self::Value;
}

/// A configuration whose type is known at run time only.
pub trait DynConfig: Any + Debug + Send + Sync {
    /// Its fields.
    fn table(&self) -> &'static ConfigTable;
    /// A copy.
    fn clone_config(&self) -> Box<dyn DynConfig>;
    /// Its values.
    fn values(&self) -> Vec<&dyn FieldValue>;
    /// Its values, to be changed.
    fn values_mut(&mut self) -> Vec<&mut dyn FieldValue>;
    /// See [`SparkConfig::validate`].
    fn validate(&self, path: &str, problems: &mut Vec<Problem>);
    /// See [`SparkConfig::to_fields`].
    fn to_fields(&self) -> Map<String, Value>;
    /// See [`SparkConfig::read_fields`].
    fn read_fields(&mut self, fields: &Map<String, Value>, pointer: &str, problems: &mut Vec<Problem>);
    /// See [`SparkConfig::known_fields`].
    fn known_fields(&self) -> Vec<(String, ConstValue)>;
    /// See [`SparkConfig::with_new_seeds`].
    fn with_new_seeds(&mut self, seed: u32);
    /// See [`SparkConfig::fill_seeds`].
    fn fill_seeds(&mut self, seed: u32);
    /// See [`SparkConfig::seed`].
    fn seed(&self) -> Option<u64>;
    /// See [`SparkConfig::dt`].
    fn dt(&self) -> Option<Ms>;
    /// See [`SparkConfig::units`].
    fn units(&self) -> Option<&Shape>;
    /// See [`SparkConfig::adopt_dt`].
    fn adopt_dt(&mut self, dt: Ms, path: &str, problems: &mut Vec<Problem>);
    /// See [`SparkConfig::adopt_units`].
    fn adopt_units(&mut self, units: &Shape, path: &str, problems: &mut Vec<Problem>);
}

impl<C: SparkConfig> DynConfig for C {
    fn table(&self) -> &'static ConfigTable {
        C::TABLE
    }
    fn clone_config(&self) -> Box<dyn DynConfig> {
        Box::new(self.clone())
    }
    fn values(&self) -> Vec<&dyn FieldValue> {
        self.fields()
    }
    fn values_mut(&mut self) -> Vec<&mut dyn FieldValue> {
        self.fields_mut()
    }
    fn validate(&self, path: &str, problems: &mut Vec<Problem>) {
        SparkConfig::validate(self, path, problems);
    }
    fn to_fields(&self) -> Map<String, Value> {
        SparkConfig::to_fields(self)
    }
    fn read_fields(&mut self, fields: &Map<String, Value>, pointer: &str, problems: &mut Vec<Problem>) {
        SparkConfig::read_fields(self, fields, pointer, problems);
    }
    fn known_fields(&self) -> Vec<(String, ConstValue)> {
        SparkConfig::known_fields(self)
    }
    fn with_new_seeds(&mut self, seed: u32) {
        SparkConfig::with_new_seeds(self, seed);
    }
    fn fill_seeds(&mut self, seed: u32) {
        SparkConfig::fill_seeds(self, seed);
    }
    fn seed(&self) -> Option<u64> {
        SparkConfig::seed(self)
    }
    fn dt(&self) -> Option<Ms> {
        SparkConfig::dt(self)
    }
    fn units(&self) -> Option<&Shape> {
        SparkConfig::units(self)
    }
    fn adopt_dt(&mut self, dt: Ms, path: &str, problems: &mut Vec<Problem>) {
        SparkConfig::adopt_dt(self, dt, path, problems);
    }
    fn adopt_units(&mut self, units: &Shape, path: &str, problems: &mut Vec<Problem>) {
        SparkConfig::adopt_units(self, units, path, problems);
    }
}

/// Keys of a tagged value that are none of those known.
pub(crate) fn unknown_keys(tagged: &Value, known: &[&str], pointer: &str, problems: &mut Vec<Problem>) {
    let mut found = Vec::new();
    unread::unknown_keys(tagged, known, pointer, &mut found);
    problems.extend(found.iter().map(as_problem));
}

/// `{"__type__": "..._config", "__cfg__": {..}}`.
pub(crate) fn to_tagged<C: SparkConfig>(config: &C) -> Value {
    json!({ "__type__": C::TABLE.key, "__cfg__": config.to_fields() })
}

/// Reads the tagged form, or bare fields.
pub(crate) fn read_tagged<C: SparkConfig>(
    config: &mut C,
    value: &Value,
    pointer: &str,
    problems: &mut Vec<Problem>,
) {
    let Value::Object(object) = value else {
        problems.push(misfit(pointer, &format!("a {}", C::TABLE.key), value));
        return;
    };
    let Some(tag) = object.get("__type__").and_then(Value::as_str) else {
        config.read_fields(object, pointer, problems);
        return;
    };
    match object.get("__cfg__") {
        Some(Value::Object(fields)) if tag == C::TABLE.key || tag == C::TABLE.name => {
            unknown_keys(value, &["__type__", "__cfg__"], pointer, problems);
            config.read_fields(fields, &format!("{pointer}/__cfg__"), problems);
        }
        _ => problems.push(misfit(pointer, &format!("a {}", C::TABLE.key), value)),
    }
}

/// Whether all fields are equal; how a file wrote them does not matter.
pub fn same_fields<C: SparkConfig>(left: &C, right: &C) -> bool {
    left.fields()
        .iter()
        .zip(right.fields())
        .all(|(left, right)| left.same(right))
}

/// Serialises the tagged form.
pub fn serialize_config<C: SparkConfig, S: Serializer>(config: &C, serializer: S) -> Result<S::Ok, S::Error> {
    to_tagged(config).serialize(serializer)
}

/// Reads the tagged form, or bare fields; all problems are in the error.
pub fn deserialize_config<'de, C: SparkConfig, D: Deserializer<'de>>(deserializer: D) -> Result<C, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let mut config = C::default();
    let mut problems = Vec::new();
    read_tagged(&mut config, &value, "", &mut problems);
    if problems.is_empty() {
        return Ok(config);
    }
    let texts: Vec<String> = problems.iter().map(Problem::to_string).collect();
    Err(D::Error::custom(texts.join("\n")))
}

/// A configuration without fields: what stands for one that could not be read.
#[doc(hidden)]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NoConfig {}

#[diagnostic::do_not_recommend]
impl SparkConfig for NoConfig {
    const TABLE: &'static ConfigTable = &ConfigTable {
        name: "NoConfig",
        key: "no_config",
        fields: &[],
        doc: "",
    };
}
