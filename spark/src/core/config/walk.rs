//! What all configurations do alike, over their values as trait objects: compiled once, not once for each configuration.

use std::any::{Any, TypeId};

use serde_json::{Map, Value, json};
use spark_ir::format::pointer_to;
use spark_ir::format::unread::UNKNOWN_KEY;
use spark_ir::shape::ConstValue;
use spark_ir::suggest;
use spark_ir::table::{ConfigTable, FieldTable, NumberForm};

use super::{Cast, Check, Init, Origin, dotted, to_tagged};
use crate::core::dtype::Dtype;
use crate::core::error::{BuildError, Problem};
use crate::core::field::{FieldValue, reseed_nested};
use crate::core::module::Keys;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::rng::Key;
use crate::core::units::{Ms, Quantity};
use crate::nn::initializers::ConstantInitializer;

type Table = &'static ConfigTable;
/// The values of a configuration, in the order of its table.
type Values<'a> = Vec<&'a dyn FieldValue>;
type Slots<'a> = Vec<&'a mut dyn FieldValue>;

/// The entries with which every configuration in a file begins.
pub(crate) const HEAD: [&str; 4] = [
    "__config_delimiter__",
    "__shared_config_delimiter__",
    "__metadata__",
    "__graph_editor_metadata__",
];

fn head_default(name: &str) -> Value {
    match name {
        "__config_delimiter__" => json!("__"),
        "__shared_config_delimiter__" => json!("_s_"),
        _ => json!({}),
    }
}

pub(super) fn validate(
    (config, checks): (Table, &[(usize, Check)]),
    values: Values<'_>,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    for (index, (table, value)) in config.fields.iter().zip(values).enumerate() {
        let place = dotted(path, table.name);
        if value.is_unset() && table.required {
            problems.push(not_given(&place, config, table));
            continue;
        }
        let view = value.view();
        for (_, check) in checks.iter().filter(|(field, _)| *field == index) {
            if let Err(reason) = check(&view) {
                problems.push(Problem::new(&place, format!("SPK043: {reason}")).found(excerpt(value, table)));
            }
        }
        if let Some(nested) = value.nested() {
            nested.validate(&place, problems);
        }
    }
}

pub(super) fn to_fields(
    (config, class): (Table, Option<(usize, &'static str)>),
    values: Values<'_>,
    origin: Option<&Origin>,
) -> Map<String, Value> {
    let mut fields = Map::new();
    let raw = |name: &str| origin.and_then(|origin| origin.get(name));
    for name in HEAD {
        fields.insert(
            name.to_owned(),
            raw(name).cloned().unwrap_or_else(|| head_default(name)),
        );
    }
    for (index, (table, value)) in config.fields.iter().zip(values).enumerate() {
        insert_class(class, index, &mut fields);
        let json = match raw(table.name) {
            Some(raw) if value.written_as(raw) => raw.clone(),
            _ => in_form(value.to_json(), table.number),
        };
        fields.insert(table.name.to_owned(), json);
    }
    insert_class(class, config.fields.len(), &mut fields);
    fields
}

pub(super) fn read_fields(
    config: Table,
    slots: Slots<'_>,
    fields: &Map<String, Value>,
    pointer: &str,
    problems: &mut Vec<Problem>,
) {
    for (table, slot) in config.fields.iter().zip(slots) {
        if let Some(value) = fields.get(table.name) {
            slot.read_json(value, &format!("{pointer}/{}", table.name), problems);
        }
    }
    problems.extend(unknown_fields(config, fields, pointer));
}

pub(super) fn known_fields(config: Table, values: Values<'_>) -> Vec<(String, ConstValue)> {
    let mut known = Vec::new();
    for (table, value) in config.fields.iter().zip(values) {
        match value.known() {
            ConstValue::Unknown => {}
            value => known.push((table.name.to_owned(), value)),
        }
        if let Some(nested) = value.nested() {
            let inner = nested.known_fields().into_iter();
            known.extend(inner.map(|(name, value)| (dotted(table.name, &name), value)));
        }
    }
    known
}

pub(super) fn seeds(config: Table, slots: Slots<'_>, seed: u32, keep: bool) {
    let mut key = Key::from_seed(u64::from(seed));
    for (table, slot) in config.fields.iter().zip(slots) {
        if table.name == "seed" {
            let drawn = u64::from(key.next().0[0]);
            let slot: &mut dyn Any = slot;
            if let Some(own) = slot.downcast_mut::<Option<u64>>() {
                *own = Some(own.filter(|_| keep).unwrap_or(drawn));
            }
        } else {
            reseed_nested(slot, &mut key, keep);
        }
    }
}

pub(super) fn adopt_dt(config: Table, slots: Slots<'_>, dt: Ms, path: &str, problems: &mut Vec<Problem>) {
    for (table, slot) in config.fields.iter().zip(slots) {
        if let Some(nested) = slot.nested_mut() {
            nested.adopt_dt(dt, &dotted(path, table.name), problems);
            continue;
        }
        let slot: &mut dyn Any = slot;
        let Some(own) = slot.downcast_mut::<Option<Ms>>().filter(|_| table.name == "dt") else {
            continue;
        };
        if own.is_some_and(|own| own != dt) {
            problems.push(
                Problem::new(dotted(path, "dt"), "the time step is that of the whole network")
                    .expected(dt)
                    .found(own.unwrap_or(dt))
                    .help("set `dt` in the header of the outermost network only"),
            );
        }
        *own = Some(dt);
    }
}

pub(super) fn other_units(own: &Shape, units: &Shape, path: &str) -> Option<Problem> {
    let problem = || {
        Problem::new(dotted(path, "units"), "the units are those of the neuron")
            .expected(units)
            .found(own)
            .help("leave `units` out here")
    };
    (own != units).then(problem)
}

fn index_of(config: Table, name: &str) -> Option<usize> {
    config.fields.iter().position(|field| field.name == name)
}

/// The value of a field, if it is a `T`.
pub(super) fn find<'a, T: 'static>(config: Table, values: Values<'a>, name: &str) -> Option<&'a T> {
    let value: &dyn Any = *values.get(index_of(config, name)?)?;
    value.downcast_ref()
}

/// The same, to be changed.
pub(super) fn find_mut<'a, T: 'static>(config: Table, slots: Slots<'a>, name: &str) -> Option<&'a mut T> {
    let slot: &mut dyn Any = slots.into_iter().nth(index_of(config, name)?)?;
    slot.downcast_mut()
}

/// The entry of the table that belongs to a field, told by where the field lies.
pub(super) fn table_of<Q: Quantity>(
    config: Table,
    values: Values<'_>,
    field: &Init<Q>,
) -> Option<&'static FieldTable> {
    entry_at(
        config,
        values,
        std::ptr::from_ref(field).cast(),
        TypeId::of::<Init<Q>>(),
    )
}

fn entry_at(
    config: Table,
    values: Values<'_>,
    address: *const (),
    ty: TypeId,
) -> Option<&'static FieldTable> {
    let index = values.into_iter().position(|value| {
        let value: &dyn Any = value;
        value.type_id() == ty && std::ptr::eq(std::ptr::from_ref(value).cast(), address)
    })?;
    config.fields.get(index)
}

pub(super) fn draw<Q: Quantity>(
    table: Option<&FieldTable>,
    field: &Init<Q>,
    keys: &mut Keys,
    shape: &Shape,
    cast: &Cast,
) -> Result<Param, BuildError> {
    let place = dotted(keys.path(), table.map_or("", |table| table.name));
    let param = field
        .resolve_with(keys, shape, cast)
        .map_err(|error| error.inside(&place))?;
    if let (Init::Initializer(_), Some(table)) = (field, table) {
        check_drawn(&param, table, &place)?;
    }
    Ok(param)
}

fn check_drawn(param: &Param, table: &FieldTable, place: &str) -> Result<(), BuildError> {
    let numbers = param.numbers();
    for range in table.validators.iter().filter_map(|validator| validator.range) {
        if let Some(outside) = numbers.iter().find(|number| !range.contains(**number)) {
            let problem = Problem::new(
                place,
                "SPK043: the initializer drew a number outside of the field's range",
            );
            return Err(problem.expected(range.text).found(outside).into());
        }
    }
    Ok(())
}

fn excerpt(value: &dyn FieldValue, table: &FieldTable) -> String {
    let text = crate::core::field::excerpt(&value.to_json());
    if table.unit.is_empty() {
        text
    } else {
        format!("{text} {}", table.unit)
    }
}

fn not_given(place: &str, config: &ConfigTable, table: &FieldTable) -> Problem {
    Problem::new(
        place,
        format!("SPK040: `{}` of `{}` must be given", table.name, config.name),
    )
    .expected(format!("a value of type {}", table.ty))
    .help(format!("write `{}: ..`", table.name))
}

/// A plain number in the form that the Python package takes for the field.
fn in_form(value: Value, form: NumberForm) -> Value {
    match (value.as_f64(), form) {
        (Some(number), NumberForm::Array) => json!({
            "__type__": "jax_array",
            "dtype": Dtype::Float32.name(),
            "shape": [],
            "data": number,
        }),
        (Some(scale), NumberForm::Constant) => to_tagged(&ConstantInitializer {
            scale,
            ..ConstantInitializer::default()
        }),
        _ => value,
    }
}

fn insert_class(class: Option<(usize, &'static str)>, index: usize, fields: &mut Map<String, Value>) {
    if let Some((_, name)) = class.filter(|(position, _)| *position == index) {
        fields.insert("__class_ref__".to_owned(), json!(name));
    }
}

/// Names in a file that are no fields.
fn unknown_fields(table: &'static ConfigTable, fields: &Map<String, Value>, pointer: &str) -> Vec<Problem> {
    let names = || table.fields.iter().map(|field| field.name);
    let own = |name: &str| HEAD.contains(&name) || name == "__class_ref__";
    let unknown = fields
        .keys()
        .filter(|name| !own(name) && !names().any(|known| known == name.as_str()));
    unknown
        .map(|name| {
            let problem = Problem::new(
                pointer_to(pointer, name),
                format!("{UNKNOWN_KEY}: `{}` has no field `{name}`", table.name),
            )
            .expected(names().collect::<Vec<_>>().join(", "));
            match suggest::nearest(name, names()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            }
        })
        .collect()
}
