//! `spark diff`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use spark_ir::format::{json, pointer_to};

use crate::answer::{Answer, OK, PROBLEMS, help, print, print_json};
use crate::model::{parse_text, read_text};

/// Says in what two models differ: field by field, nodes matched by their names.
///
/// What a graph editor keeps for itself (positions) is left out; 1 and 1.0 are the same number.
#[derive(Debug, Args)]
#[command(after_help = help!("
  spark diff old.scfg new.scfg
  spark diff old.scfg new.scfg --json | jq -r .pointer"))]
pub(crate) struct Arguments {
    /// A model.
    a: PathBuf,
    /// Another one.
    b: PathBuf,
    /// One line of JSON for each difference.
    #[arg(long)]
    json: bool,
}

/// A place where two models differ.
struct Difference<'a> {
    /// In the first file; what is only in the second one, there.
    pointer: String,
    a: Option<&'a Value>,
    b: Option<&'a Value>,
}

pub(crate) fn run(arguments: &Arguments) -> Answer {
    let read = |path: &PathBuf| parse_text(path, &read_text(path)?);
    let (a, b) = (read(&arguments.a)?, read(&arguments.b)?);
    let mut differences = Vec::new();
    compare(&a, &b, "", &mut differences);
    for difference in &differences {
        if arguments.json {
            print_json(&json!({
                "pointer": difference.pointer,
                "a": difference.a,
                "b": difference.b,
            }));
        } else {
            print(&difference.text());
        }
    }
    Ok(ExitCode::from(if differences.is_empty() { OK } else { PROBLEMS }))
}

impl Difference<'_> {
    fn text(&self) -> String {
        let side = |sign, colour, value: Option<&Value>| {
            value.map_or_else(String::new, |value| {
                format!("  \u{1b}[{colour}m{sign} {}\u{1b}[0m\n", excerpt(value))
            })
        };
        format!(
            "{}\n{}{}",
            self.pointer,
            side('-', 31, self.a),
            side('+', 32, self.b)
        )
    }
}

/// A value in one line, cut where it gets long.
fn excerpt(value: &Value) -> String {
    const LONGEST: usize = 120;
    let lines = json::to_text(value);
    let text = lines.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ..", &text[..end]),
        None => text,
    }
}

fn compare<'a>(a: &'a Value, b: &'a Value, pointer: &str, differences: &mut Vec<Difference<'a>>) {
    match (a, b) {
        (Value::Object(left), Value::Object(right)) => {
            let own = left
                .keys()
                .chain(right.keys().filter(|key| !left.contains_key(*key)));
            for key in own.filter(|key| *key != "__graph_editor_metadata__") {
                let pointer = pointer_to(pointer, key);
                compare_entries(left.get(key), right.get(key), pointer, differences);
            }
        }
        (Value::Array(left), Value::Array(right)) => match (names(left), names(right)) {
            (Some(here), Some(there)) if !(here.is_empty() && there.is_empty()) => {
                for (i, name) in here.iter().enumerate() {
                    let other = there.iter().position(|other| other == name);
                    let other = other.and_then(|other| right.get(other));
                    compare_entries(left.get(i), other, pointer_to(pointer, i), differences);
                }
                let known: BTreeSet<&str> = here.into_iter().collect();
                for (i, _) in there
                    .iter()
                    .enumerate()
                    .filter(|(_, name)| !known.contains(*name))
                {
                    compare_entries(None, right.get(i), pointer_to(pointer, i), differences);
                }
            }
            _ => {
                for i in 0..left.len().max(right.len()) {
                    compare_entries(left.get(i), right.get(i), pointer_to(pointer, i), differences);
                }
            }
        },
        _ if same(a, b) => {}
        _ => differences.push(Difference {
            pointer: pointer.to_owned(),
            a: Some(a),
            b: Some(b),
        }),
    }
}

fn compare_entries<'a>(
    a: Option<&'a Value>,
    b: Option<&'a Value>,
    pointer: String,
    differences: &mut Vec<Difference<'a>>,
) {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b, &pointer, differences),
        (None, None) => {}
        (a, b) => differences.push(Difference { pointer, a, b }),
    }
}

/// The names of modules, if the list is one of modules with names of their own.
fn names(values: &[Value]) -> Option<Vec<&str>> {
    let names: Option<Vec<&str>> = values
        .iter()
        .map(|value| value.pointer("/__data__/name")?.as_str())
        .collect();
    names.filter(|names| names.iter().collect::<BTreeSet<_>>().len() == names.len())
}

fn same(a: &Value, b: &Value) -> bool {
    match (json::as_float(a), json::as_float(b)) {
        (Some(left), Some(right)) if a.is_u64() == b.is_u64() => a == b || left.is_nan() && right.is_nan(),
        (Some(left), Some(right)) => left == right,
        _ => a == b,
    }
}
