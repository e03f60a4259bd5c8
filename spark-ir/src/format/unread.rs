//! Keys that nothing reads.
//!
//! In a file of this crate such a key is a mistake: it was meant to say something. The Python package passes over keys that
//! it does not know, and another version of it may know them: a file of the package is read without them, with a warning
//! for each, and they are written back where they stood.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::scfg::OWN;
use super::{pointer_to, tokens};
use crate::diagnostic::{Diagnostic, Level};
use crate::suggest::nearest;

/// The code of a key that nothing reads.
pub const UNKNOWN_KEY: &str = "SPK092";

/// Where the keys of an object stand.
pub trait Keys {
    /// All of them, in order.
    fn keys(&self) -> impl Iterator<Item = &String>;
}

impl Keys for Map<String, Value> {
    fn keys(&self) -> impl Iterator<Item = &String> {
        Map::keys(self)
    }
}

/// What is no object has no keys.
impl Keys for Value {
    fn keys(&self) -> impl Iterator<Item = &String> {
        self.as_object().into_iter().flat_map(Map::keys)
    }
}

/// Complains of the keys of an object that are none of those known.
pub fn unknown_keys(
    object: &impl Keys,
    known: &[&str],
    pointer: &str,
    problems: &mut Vec<Diagnostic<String>>,
) {
    for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
        let message = format!("`{key}` is not known here");
        let problem = Diagnostic::error(UNKNOWN_KEY, pointer_to(pointer, key), message)
            .expected(format!("one of: {}", known.join(", ")));
        problems.push(problem.did_you_mean(nearest(key, known.iter().copied())));
    }
}

/// Entries of an object in a file that nothing reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Unread {
    /// The pointer of the object.
    around: String,
    /// Where each stood among all entries of the object, its key, what it holds; in order.
    entries: Vec<(usize, String, Value)>,
}

impl Unread {
    /// Takes the entries out of the file that they were found in.
    pub fn remove_from(&self, json: &mut Value) {
        if let Some(Value::Object(entries)) = json.pointer_mut(&self.around) {
            let keys: HashSet<&str> = self.entries.iter().map(|(_, key, _)| key.as_str()).collect();
            entries.retain(|key, _| !keys.contains(key.as_str()));
        }
    }
}

/// What was read of a file, and what of it was not.
#[derive(Debug, Clone)]
pub struct Read<'a, T> {
    /// What was read.
    pub got: T,
    /// The file as far as it was read.
    pub json: Cow<'a, Value>,
    /// A warning for each key that was not.
    pub warnings: Vec<Diagnostic<String>>,
    /// The keys that were not, with what they hold, as they were found.
    pub unread: Vec<Unread>,
}

/// The pointer of a model's fields.
pub fn fields_pointer(json: &Value) -> &'static str {
    if json.get("__version__").is_some() {
        "/__data__/__cfg__"
    } else {
        "/__cfg__"
    }
}

/// Whether this crate wrote a file, or one that it was made from: its head says so.
pub fn is_own(json: &Value) -> bool {
    let metadata = json
        .pointer(fields_pointer(json))
        .and_then(|fields| fields.get("__metadata__"));
    metadata.is_some_and(|metadata| metadata.get(OWN).is_some())
}

/// Reads a file by `read`, which gives what it could read and all problems. As long as it complains of keys in a file that
/// this crate did not write, it is asked once more without them.
pub fn tolerant<'a, T>(
    json: &'a Value,
    mut read: impl FnMut(&Value) -> (T, Vec<Diagnostic<String>>),
) -> (Read<'a, T>, Vec<Diagnostic<String>>) {
    let is_own = is_own(json);
    let mut json = Cow::Borrowed(json);
    let (mut warnings, mut unread) = (Vec::new(), Vec::new());
    loop {
        let (got, problems) = read(&json);
        let unknown = problems
            .iter()
            .filter(|problem| !is_own && problem.code == UNKNOWN_KEY);
        let mut found = Found::new();
        for problem in unknown {
            let pointer = exact(&json, &problem.span);
            let (around, key) = pointer.rsplit_once('/').unwrap_or_default();
            let is_entry = json.pointer(around).is_some_and(Value::is_object);
            if is_entry && json.pointer(&pointer).is_some() {
                found
                    .entry(around.to_owned())
                    .or_default()
                    .extend(tokens(&format!("/{key}")));
                warnings.push(as_warning(problem));
            }
        }
        if found.is_empty() {
            let read = Read {
                got,
                json,
                warnings,
                unread,
            };
            return (read, problems);
        }
        unread.extend(take_out(json.to_mut(), found));
    }
}

fn as_warning(problem: &Diagnostic<String>) -> Diagnostic<String> {
    let mut warning = problem.clone();
    warning.level = Level::Warning;
    warning.help = Some(match &problem.help {
        Some(help) => format!("{help} As it is, it has no effect"),
        None => "it has no effect".to_owned(),
    });
    warning
}

/// The pointer with the `__cfg__` of tagged configurations, which the fields of a module may or may not have.
pub fn exact(json: &Value, pointer: &str) -> String {
    let (mut value, mut found) = (Some(json), String::new());
    for token in tokens(pointer) {
        let next = value.and_then(|value| entry(value, &token));
        let tagged = value.and_then(|value| value.get("__cfg__"));
        if next.is_none() && found.ends_with("/config") && tagged.is_some() {
            found.push_str("/__cfg__");
            value = tagged.and_then(|fields| entry(fields, &token));
        } else {
            value = next;
        }
        found = pointer_to(&found, token);
    }
    found
}

/// An entry of an object or a list.
pub fn entry<'a>(value: &'a Value, token: &str) -> Option<&'a Value> {
    match value {
        Value::Array(values) => values.get(token.parse::<usize>().ok()?),
        _ => value.get(token),
    }
}

/// Keys by the pointer of the object that they stand in.
type Found = BTreeMap<String, HashSet<String>>;

/// Takes entries out, all of an object at once.
fn take_out(json: &mut Value, found: Found) -> Vec<Unread> {
    let mut unread = Vec::new();
    for (around, keys) in found {
        // An object that stands in an entry that was taken out went with it.
        let Some(Value::Object(object)) = json.pointer_mut(&around) else {
            continue;
        };
        let mut entries = Vec::new();
        let (mut kept, all) = (Map::new(), std::mem::take(object));
        for (index, (key, value)) in all.into_iter().enumerate() {
            if keys.contains(&key) {
                entries.push((index, key, value));
            } else {
                kept.insert(key, value);
            }
        }
        *object = kept;
        unread.push(Unread { around, entries });
    }
    unread
}

/// Puts entries back into what was written of the same model. What they stood in may be gone: then they are, too.
pub fn put_back(json: &mut Value, unread: &[Unread]) {
    // The last that was taken out first: so each finds in front of it what stood there.
    for Unread { around, entries } in unread.iter().rev() {
        let Some(object) = written_at(json, around) else {
            continue;
        };
        let mut others = std::mem::take(object).into_iter();
        for (index, key, value) in entries {
            while object.len() < *index
                && let Some((key, value)) = others.next()
            {
                object.insert(key, value);
            }
            object.insert(key.clone(), value.clone());
        }
        object.extend(others);
    }
}

/// The object at a pointer. Files are written without the version around them, and without tags around the configuration
/// of a module.
fn written_at<'a>(json: &'a mut Value, pointer: &str) -> Option<&'a mut Map<String, Value>> {
    let mut value = json;
    for token in tokens(pointer) {
        let is_tag = matches!(token.as_str(), "__cfg__" | "__data__");
        if entry(value, &token).is_none() && is_tag {
            continue;
        }
        value = match value {
            Value::Array(values) => values.get_mut(token.parse::<usize>().ok()?)?,
            value => value.get_mut(&token)?,
        };
    }
    value.as_object_mut()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn complain_of_x(json: &Value) -> (usize, Vec<Diagnostic<String>>) {
        fn walk(value: &Value, pointer: &str, problems: &mut Vec<Diagnostic<String>>) {
            for (key, inner) in value.as_object().into_iter().flatten() {
                let pointer = pointer_to(pointer, key);
                if key.starts_with('x') {
                    problems.push(Diagnostic::error(UNKNOWN_KEY, pointer.clone(), "not known"));
                }
                walk(inner, &pointer, problems);
            }
        }
        let mut problems = Vec::new();
        walk(json, "", &mut problems);
        (problems.len(), problems)
    }

    #[test]
    fn keys_are_taken_out_and_put_back_where_they_stood() {
        let file = json!({"x/1": 1, "__cfg__": {"a": {"b": 2, "x2": {"x3": 3}, "c": 4}, "x4": null}, "d": 5});
        let (read, problems) = tolerant(&file, complain_of_x);
        assert!(problems.is_empty());
        assert_eq!(*read.json, json!({"__cfg__": {"a": {"b": 2, "c": 4}}, "d": 5}));
        assert!(read.warnings.iter().all(|warning| !warning.is_error()));
        let mut written = read.json.into_owned();
        put_back(&mut written, &read.unread);
        assert_eq!(written.to_string(), file.to_string());
    }

    #[test]
    fn in_a_file_of_this_crate_they_stay_mistakes() {
        let file = json!({"__cfg__": {"__metadata__": {"spark_rs": {"format": 1}}, "x": 1}});
        let (read, problems) = tolerant(&file, complain_of_x);
        assert_eq!((problems.len(), read.unread.len(), &*read.json), (1, 0, &file));
        assert!(problems[0].is_error());
    }

    #[test]
    fn what_stood_around_them_may_be_gone() {
        let file = json!({"__cfg__": {"a": {"x": 1}, "x": 2}});
        let (read, _) = tolerant(&file, complain_of_x);
        let mut written = json!({"__cfg__": {"b": 0}});
        put_back(&mut written, &read.unread);
        assert_eq!(written, json!({"__cfg__": {"x": 2, "b": 0}}));
    }
}
