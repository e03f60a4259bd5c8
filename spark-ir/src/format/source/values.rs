//! Values of fields: from what files hold to what `network!` takes.

use serde_json::{Map, Value};

use super::layout::Doc;
use super::{Arrays, NpyFile, Writer};
use crate::diagnostic::Diagnostic;
use crate::format::npy;
use crate::format::pointer_to;
use crate::format::tags::{ArrayDoc, as_config, as_dtype, is_bookkeeping, type_of};
use crate::format::unread::{UNKNOWN_KEY, unknown_keys};
use crate::format::vocabulary::{ConfigWords, FieldWords};
use crate::suggest::nearest;

/// Fields as written: a dotted path and a value.
pub(super) type Fields = Vec<(String, Doc)>;

/// What a field takes, as its type says.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Number,
    Whole,
    Flag,
    Text,
    Dtype,
    /// A list of sizes; one number is a list of one.
    Sizes,
    /// Its type is not known, or is a configuration: the value tells.
    Any,
}

impl Kind {
    fn of(ty: &str) -> Kind {
        // `Option<Init<units::Ms>>`, `[Ms; 4]`: the innermost type, without its path.
        let inner = ty.rsplit(['<', '[']).next().unwrap_or(ty);
        let inner = inner.split(['>', ';', ']']).next().unwrap_or(inner);
        let ty = inner.rsplit("::").next().unwrap_or(inner).trim();
        match ty {
            "f64" | "Ms" | "Mv" | "Hz" | "GOhm" | "PAmp" | "PFarad" | "NSiemens" => Kind::Number,
            "usize" | "u64" | "i64" => Kind::Whole,
            "bool" => Kind::Flag,
            "String" => Kind::Text,
            "Dtype" => Kind::Dtype,
            "Units" | "Shape" => Kind::Sizes,
            _ => Kind::Any,
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Kind::Number => "a number, a list of numbers, an array or an initializer",
            Kind::Whole => "a whole number",
            Kind::Flag => "true or false",
            Kind::Text => "a text",
            Kind::Dtype => "a number type such as {\"__type__\": \"dtype\", \"name\": \"float32\"}",
            Kind::Sizes => "a shape: a list of sizes",
            Kind::Any => "a value that a field can hold",
        }
    }
}

/// A field: what is known of it, and its place in the file.
struct Place<'a> {
    words: Option<&'a FieldWords>,
    kind: Kind,
    pointer: &'a str,
}

impl Place<'_> {
    fn unit(&self) -> &str {
        self.words.map_or("", |words| &words.unit)
    }
}

impl Writer<'_> {
    /// The fields of a configuration that differ from its defaults, and its seed. `unless` names fields that are left out.
    pub(super) fn fields(
        &mut self,
        words: Option<&ConfigWords>,
        defaults: Option<&Map<String, Value>>,
        given: &Map<String, Value>,
        pointer: &str,
        unless: &dyn Fn(&str, &Value) -> bool,
    ) -> Fields {
        let mut fields = Fields::new();
        for (name, json) in given.iter().filter(|(name, _)| !is_bookkeeping(name)) {
            let pointer = pointer_to(pointer, name);
            let field = words.and_then(|words| words.field(name));
            if let Some(words) = words.filter(|_| field.is_none()) {
                self.problems.push(unknown_field(words, name, pointer));
                continue;
            }
            if unless(name, json) {
                continue;
            }
            self.identifier(name, &pointer);
            let Some(value) = self.value(field, json, &pointer) else {
                continue;
            };
            let always = name == "seed" || field.is_some_and(|field| field.required);
            let default = defaults.and_then(|defaults| defaults.get(name));
            // Seeds of a default are not drawn yet.
            let same = default
                .filter(|_| !always)
                .and_then(|default| self.value(field, default, &pointer))
                .is_some_and(|default| default.flat() == value.flat());
            let is_unset_seed = name == "seed" && json.is_null();
            if !same && !is_unset_seed {
                fields.push((name.clone(), value));
            }
        }
        fields
    }

    fn value(&mut self, words: Option<&FieldWords>, json: &Value, pointer: &str) -> Option<Doc> {
        let kind = words.map_or(Kind::Any, |words| Kind::of(&words.ty));
        let place = Place { words, kind, pointer };
        let value = match json {
            Value::Null => Some(Doc::text("None")),
            Value::Object(_) => match type_of(json) {
                Some("dtype") => {
                    unknown_keys(json, &["__type__", "name"], pointer, &mut self.problems);
                    dtype(json)
                }
                Some("jax_array" | "numpy_array") => return self.array(json, &place),
                Some(_) => return self.config(json, pointer),
                None => None,
            },
            Value::Array(items) => list(items, &place),
            _ => scalar(json, &place),
        };
        if value.is_none() {
            let found = match json.to_string() {
                text if text.chars().count() > 60 => {
                    format!("{}..", text.chars().take(60).collect::<String>())
                }
                text => text,
            };
            let problem = Diagnostic::error("SPK090", pointer.to_owned(), "the value has the wrong type");
            self.problems.push(problem.expected(kind.expected()).found(found));
        }
        value
    }

    /// A configuration in place: `UniformInitializer { scale: 2.0 }`.
    fn config(&mut self, json: &Value, pointer: &str) -> Option<Doc> {
        let tag = type_of(json).unwrap_or_default();
        let Some((_, given)) = as_config(json) else {
            let problem = Diagnostic::error(
                "SPK091",
                pointer.to_owned(),
                format!("a `{tag}` needs its `__cfg__`"),
            );
            self.problems.push(problem);
            return None;
        };
        unknown_keys(json, &["__type__", "__cfg__"], pointer, &mut self.problems);
        let vocabulary = self.vocabulary;
        let words = vocabulary.value(tag);
        let known = || vocabulary.values.iter().map(|config| config.key.as_str());
        let name = match words {
            Some(words) => words.name.clone(),
            None => self.type_of_class(tag, "initializer", &format!("{pointer}/__type__"), known())?,
        };
        let defaults = words.map(|words| &words.default);
        let fields = self.fields(words, defaults, given, &format!("{pointer}/__cfg__"), &|_, _| {
            false
        });
        Some(Doc::config(&name, fields))
    }

    /// An array: a list where one says the same, else a NumPy file, or an expression.
    fn array(&mut self, json: &Value, place: &Place<'_>) -> Option<Doc> {
        let array = ArrayDoc::from_value(json, place.pointer, &mut self.problems)?;
        if !array.data.iter().all(|number| number.is_finite()) {
            let problem = Diagnostic::error(
                "SPK090",
                place.pointer.to_owned(),
                "an array has a number that is none",
            );
            self.problems.push(problem.expected("finite numbers"));
            return None;
        }
        let Some(dtype) = dtype_name(&array.dtype) else {
            let message = format!("the numeric type `{}` is not known here", array.dtype);
            self.problems.push(Diagnostic::error(
                "SPK094",
                pointer_to(place.pointer, "dtype"),
                message,
            ));
            return None;
        };
        if let ([], [number], Some(true)) = (
            &*array.shape,
            &*array.data,
            place.words.map(|words| words.scalar_array),
        ) {
            return Some(Doc::text(number_text(*number, place)));
        }
        match self.arrays {
            Arrays::Inline => {}
            Arrays::Files { above, folder } if array.data.len() > *above || !listable(&array.shape) => {
                return Some(self.npy_file(&array, dtype, folder, place.pointer));
            }
            Arrays::Embedded { above } if array.data.len() > *above || !listable(&array.shape) => {
                return Some(embedded(&array, dtype, place.pointer));
            }
            Arrays::Files { .. } | Arrays::Embedded { .. } => {}
        }
        if !array.shape.is_empty() && !listable(&array.shape) {
            let message = format!("an array of shape {:?} has no form in Rust source", array.shape);
            let problem = Diagnostic::error("SPK049", place.pointer.to_owned(), message);
            self.problems
                .push(problem.help("have arrays written into NumPy files: `--npy-dir`"));
            return None;
        }
        Some(array_list(&array, dtype, place))
    }

    fn npy_file(&mut self, array: &ArrayDoc, dtype: &str, folder: &str, pointer: &str) -> Doc {
        let stem = pointer.trim_start_matches("/__cfg__/modules_specs/");
        let stem: Vec<&str> = stem
            .split('/')
            .filter(|part| {
                !part.is_empty() && !matches!(*part, "__data__" | "config" | "modules_specs" | "__cfg__")
            })
            .collect();
        let name = format!("{}_{}.npy", self.file_stem(), stem.join("_"));
        self.files.push(NpyFile {
            name: name.clone(),
            bytes: npy::bytes(&array.shape, &array.data),
        });
        let path = if folder.is_empty() {
            name
        } else {
            format!("{}/{name}", folder.trim_end_matches('/'))
        };
        Doc::text(format!("npy!({path:?}).of_type(Dtype::{dtype})"))
    }
}

/// A list, or an expression where a list alone would be taken as an array of another type.
fn array_list(array: &ArrayDoc, dtype: &str, place: &Place<'_>) -> Doc {
    let is_map = place.words.is_some_and(|words| words.ty.contains("ArrayValue"));
    let plain = match array.shape.len() {
        0 => false,
        dims if is_map => dims == 1 && dtype == "Int32",
        _ => dtype == "Float32",
    };
    let number = |number: &f64| {
        Doc::text(match (plain, is_map) {
            (true, true) => number.to_string(),
            (true, false) => number_text(*number, place),
            (false, _) => float(*number),
        })
    };
    let row = |row: &[f64]| Doc::list("[", row.iter().map(number), "]");
    let list = match *array.shape {
        [] => number(array.data.first().unwrap_or(&0.0)),
        [_, columns] => Doc::list("[", array.data.chunks(columns.max(1)).map(row), "]"),
        _ => row(&array.data),
    };
    if plain {
        return list;
    }
    let make = if array.shape.len() == 1 { "vector" } else { "from" };
    Doc::text(format!(
        "ArrayValue::{make}({}).of_type(Dtype::{dtype})",
        list.flat()
    ))
}

/// Whether a list in Rust source is taken as an array of this shape.
fn listable(shape: &[usize]) -> bool {
    matches!(shape.len(), 1 | 2) && shape.iter().all(|&size| size > 0)
}

/// The content of a NumPy file in the text itself.
fn embedded(array: &ArrayDoc, dtype: &str, pointer: &str) -> Doc {
    let bytes = npy::bytes(&array.shape, &array.data);
    let text: String = bytes.iter().map(|byte| byte.escape_ascii().to_string()).collect();
    Doc::text(format!(
        "{{ const ARRAY: ::spark::core::npy::NpyArray<'static> = ::spark::core::npy::check(b\"{text}\", {pointer:?}); \
         ARRAY.read().of_type(::spark::Dtype::{dtype}) }}"
    ))
}

fn unknown_field(words: &ConfigWords, name: &str, pointer: String) -> Diagnostic<String> {
    let known = || words.fields.iter().map(|field| field.name.as_str());
    let message = format!("`{}` has no field `{name}`", words.name);
    Diagnostic::error(UNKNOWN_KEY, pointer, message)
        .expected(known().collect::<Vec<_>>().join(", "))
        .did_you_mean(nearest(name, known()))
}

fn dtype(json: &Value) -> Option<Doc> {
    let name = dtype_name(as_dtype(json)?)?;
    Some(Doc::text(format!("Dtype::{name}")))
}

/// The variant of `Dtype` with this name in files.
fn dtype_name(name: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 12] = [
        ("float16", "Float16"),
        ("float32", "Float32"),
        ("float64", "Float64"),
        ("uint8", "UInt8"),
        ("uint16", "UInt16"),
        ("uint32", "UInt32"),
        ("uint64", "UInt64"),
        ("int8", "Int8"),
        ("int16", "Int16"),
        ("int32", "Int32"),
        ("int64", "Int64"),
        ("bool", "Bool"),
    ];
    NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, variant)| *variant)
}

fn scalar(json: &Value, place: &Place<'_>) -> Option<Doc> {
    let text = match (place.kind, json) {
        (Kind::Dtype, Value::String(_)) => return dtype(json),
        (Kind::Text | Kind::Any, Value::String(text)) if !text.starts_with('\0') => format!("{text:?}"),
        (Kind::Flag, _) => flag(json)?.to_string(),
        (Kind::Any, Value::Bool(flag)) => flag.to_string(),
        (Kind::Number, Value::Number(number)) => number_text(number.as_f64()?, place),
        (Kind::Whole, _) => whole(json)?,
        (Kind::Sizes, _) => return Some(Doc::list("[", [Doc::text(size(json)?)], "]")),
        (Kind::Any, Value::Number(number)) if number.is_f64() => float(number.as_f64()?),
        (Kind::Any, Value::Number(_)) => whole(json)?,
        _ => return None,
    };
    Some(Doc::text(text))
}

fn list(items: &[Value], place: &Place<'_>) -> Option<Doc> {
    if items.is_empty() {
        let ty = if matches!(place.kind, Kind::Whole | Kind::Sizes) {
            "usize"
        } else {
            "f64"
        };
        return Some(Doc::text(format!("Vec::<{ty}>::new()")));
    }
    let floats = items.iter().any(Value::is_f64);
    let one = |item: &Value| match place.kind {
        Kind::Sizes => size(item).map(Doc::text),
        // Numbers of one list are of one type.
        Kind::Any if floats && item.is_number() => Some(Doc::text(float(item.as_f64()?))),
        _ => match item {
            Value::Array(inner) => list(inner, place),
            _ => scalar(item, place),
        },
    };
    let items: Option<Vec<Doc>> = items.iter().map(one).collect();
    Some(Doc::list("[", items?, "]"))
}

fn flag(json: &Value) -> Option<bool> {
    match json {
        Value::Bool(flag) => Some(*flag),
        _ => match json.as_f64()? {
            0.0 => Some(false),
            1.0 => Some(true),
            _ => None,
        },
    }
}

/// A whole number, as Python's JSON may write it: `3` or `3.0`. One beyond `i64` says what it is.
fn whole(json: &Value) -> Option<String> {
    if let Some(number) = json.as_i64() {
        return Some(number.to_string());
    }
    if let Some(number) = json.as_u64() {
        return Some(format!("{number}u64"));
    }
    let number = json.as_f64()?;
    (number.fract() == 0.0 && number.abs() < 1e15).then(|| format!("{number:.0}"))
}

fn size(json: &Value) -> Option<String> {
    whole(json).filter(|text| !text.starts_with('-'))
}

/// A number in the unit of its field.
fn number_text(number: f64, place: &Place<'_>) -> String {
    match place.unit() {
        "" => float(number),
        unit => with_unit(number, unit),
    }
}

/// `5ms`, `10.75268817204301ms`.
pub(super) fn with_unit(number: f64, unit: &str) -> String {
    let digits = float(number);
    format!("{}{unit}", digits.strip_suffix(".0").unwrap_or(&digits))
}

/// The shortest digits that read back as this double, as Rust writes a float.
pub(super) fn float(number: f64) -> String {
    format!("{number:?}")
}
