//! Fields of declared networks: their tables, and how declared values reach them.

use std::marker::PhantomData;

use spark_ir::shape::ConstValue;
use spark_ir::table::{ConfigTable, FieldTable, NumberForm, Range, ValidatorTable};

use crate::core::config::{ConfigField, SparkConfig};
use crate::core::field::IntoField;

/// The share of inhibitory units of a neuron that says nothing, as in the Python package.
pub const DEFAULT_INHIBITORY_RATE: f64 = 0.2;

/// A configuration that belongs to a declared network.
pub trait Declared {
    /// What the network holds.
    type Nodes;
}

/// Field number `I` of a configuration.
pub struct FieldOf<C, const I: usize>(PhantomData<fn() -> C>);

impl<C: ConfigField<I>, const I: usize> FieldOf<C, I> {
    /// The field, to be assigned.
    pub fn slot(config: &mut C) -> &mut <C as ConfigField<I>>::Value {
        config.slot()
    }
}

/// What a field holds.
pub trait HasValue {
    /// Its type.
    type Value;
}

impl<C: ConfigField<I>, const I: usize> HasValue for FieldOf<C, I> {
    type Value = <C as ConfigField<I>>::Value;
}

/// What may stand as `Name { field: value }` for the value of a field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a configuration or an initializer: it cannot be the value of a field",
    label = "not a configuration",
    note = "a plain Rust struct stands in parentheses: `field: (Name {{ .. }})`"
)]
pub trait Configured {
    /// The configuration.
    type Config: SparkConfig;
}

impl<C: SparkConfig> Configured for C {
    type Config = C;
}

/// Gives a field its declared value.
pub fn assign<T, V: IntoField<T>>(slot: &mut T, value: V) {
    *slot = value.into_field();
}

const fn header_field(name: &'static str, ty: &'static str, doc: &'static str) -> FieldTable {
    FieldTable {
        name,
        ty,
        unit: "",
        required: false,
        number: NumberForm::Number,
        default_text: "",
        default: ConstValue::Unknown,
        validators: &[],
        nested: None,
        doc,
    }
}

static POSITIVE: ValidatorTable = ValidatorTable {
    name: "PositiveValidator",
    key: "positive_validator",
    range: Some(Range {
        min: 0.0,
        min_open: true,
        max: f64::INFINITY,
        max_open: true,
        text: "a positive number",
    }),
    doc: "A positive number.",
};

static ZERO_ONE: ValidatorTable = ValidatorTable {
    name: "ZeroOneValidator",
    key: "zero_one_validator",
    range: Some(Range {
        min: 0.0,
        min_open: false,
        max: 1.0,
        max_open: false,
        text: "a number between 0 and 1",
    }),
    doc: "A number between 0 and 1.",
};

/// `seed` in the header of a network.
pub const SEED_FIELD: FieldTable = header_field("seed", "u64", "Seed from which the nodes' seeds follow.");

/// `dt` in the header of a network.
pub const DT_FIELD: FieldTable = FieldTable {
    unit: "ms",
    validators: &[&POSITIVE],
    ..header_field("dt", "Ms", "Time step.")
};

/// `inhibitory_rate` in the header of a neuron.
pub const INHIBITORY_RATE_FIELD: FieldTable = FieldTable {
    default_text: "0.2",
    default: ConstValue::Number(DEFAULT_INHIBITORY_RATE),
    validators: &[&ZERO_ONE],
    ..header_field("inhibitory_rate", "f64", "Share of inhibitory units.")
};

/// `units` in the header of a neuron: required of whoever uses it, unless the header says it.
pub const fn units_field(given: bool) -> FieldTable {
    FieldTable {
        required: !given,
        ..header_field("units", "Units", "Shape of the population.")
    }
}

/// The field that holds the configuration of a node.
pub const fn node_field(name: &'static str, ty: &'static str, config: &'static ConfigTable) -> FieldTable {
    FieldTable {
        nested: Some(config),
        ..header_field(name, ty, "Configuration of the node.")
    }
}
