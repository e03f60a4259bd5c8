//! JSON as Python's `json` module reads and writes it.
//!
//! Python writes `NaN`, `Infinity` and `-Infinity`, which are no JSON. In a [`Value`] they are strings that no
//! program writes by accident; [`float`] and [`as_float`] translate.

use serde_json::{Map, Value};

/// How the three numbers that are no JSON are kept in a [`Value`].
const SPECIAL: [(&str, &str); 3] = [
    ("NaN", "\u{0}NaN"),
    ("-Infinity", "\u{0}-Infinity"),
    ("Infinity", "\u{0}Infinity"),
];

/// A double as a value; all doubles have one.
pub fn float(value: f64) -> Value {
    match serde_json::Number::from_f64(value) {
        Some(number) => Value::Number(number),
        None if value.is_nan() => Value::String(SPECIAL[0].1.to_owned()),
        None if value < 0.0 => Value::String(SPECIAL[1].1.to_owned()),
        None => Value::String(SPECIAL[2].1.to_owned()),
    }
}

/// A value as a double, if it is a number.
pub fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => match special(text)? {
            "NaN" => Some(f64::NAN),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => Some(f64::INFINITY),
        },
        _ => None,
    }
}

/// The literal that a kept string stands for.
fn special(text: &str) -> Option<&'static str> {
    SPECIAL
        .iter()
        .find(|(_, kept)| *kept == text)
        .map(|(literal, _)| *literal)
}

/// Parses JSON, Python's three literals included. Nesting beyond 128 levels is refused.
pub fn parse(text: &str) -> Result<Value, serde_json::Error> {
    // Python's files begin with no byte order mark, editors on Windows add one.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let has_special = text.contains("NaN") || text.contains("Infinity");
    // `parse` and not `from_str`: the reader of values that `serde_json` holds compiled.
    if has_special {
        without_literals(text).parse()
    } else {
        text.parse()
    }
}

/// Replaces the three literals, outside strings, by the strings that stand for them.
fn without_literals(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find(['"', 'N', 'I', '-']) {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('"') {
            let end = end_of_string(rest);
            result.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if let Some((literal, _)) = SPECIAL.iter().find(|(literal, _)| rest.starts_with(literal)) {
            result.push_str("\"\\u0000");
            result.push_str(literal);
            result.push('"');
            rest = &rest[literal.len()..];
        } else {
            // One of the letters above, each one byte long.
            result.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    result.push_str(rest);
    result
}

/// The end of the string that `text` begins with, behind its closing quote.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (i, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return i + 1,
            _ => {}
        }
    }
    text.len()
}

/// The text that Python's `json.dump(.., indent=4)` writes, byte for byte.
pub fn to_text(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(&number_text(number)),
        Value::String(string) => match special(string) {
            Some(literal) => text.push_str(literal),
            None => write_string(string, text),
        },
        Value::Array(values) => write_array(values, depth, text),
        Value::Object(entries) => write_object(entries, depth, text),
    }
}

fn new_line(depth: usize, text: &mut String) {
    text.push('\n');
    text.extend(std::iter::repeat_n("    ", depth));
}

fn write_array(values: &[Value], depth: usize, text: &mut String) {
    text.push('[');
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        new_line(depth + 1, text);
        write(value, depth + 1, text);
    }
    if !values.is_empty() {
        new_line(depth, text);
    }
    text.push(']');
}

fn write_object(entries: &Map<String, Value>, depth: usize, text: &mut String) {
    text.push('{');
    for (i, (key, value)) in entries.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        new_line(depth + 1, text);
        write_string(key, text);
        text.push_str(": ");
        write(value, depth + 1, text);
    }
    if !entries.is_empty() {
        new_line(depth, text);
    }
    text.push('}');
}

/// Python writes ASCII only.
fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ' '..='~' => text.push(c),
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text.push('"');
}

fn number_text(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(value) if number.is_f64() => float_text(value),
        _ => number.to_string(),
    }
}

/// A double as Python's `repr` writes it: `1.0`, `1e-05`, `1e+16`, `-0.0`, `nan`'s JSON form `NaN`.
pub fn float_text(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN"
        } else {
            if value < 0.0 { "-Infinity" } else { "Infinity" }
        }
        .to_owned();
    }
    // `{:e}` has the fewest digits that read back as this double, as `repr` has. Where two numbers of so many digits are
    // equally near, `repr` takes the even one, and so does rounding to a fixed number of digits.
    let fewest = format!("{value:e}");
    let digits = fewest
        .split('e')
        .next()
        .map_or(1, |mantissa| mantissa.matches(char::is_numeric).count());
    let even = format!("{value:.*e}", digits - 1);
    let (scientific, is_even) = match even.parse::<f64>() {
        Ok(read) if value == read => (even, true),
        _ => (fewest, false),
    };
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
        let plain = if is_even {
            format!("{value:.decimals$}")
        } else {
            format!("{value}")
        };
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn floats_read_as_python_writes_them() {
        for (value, text) in [
            (1.0, "1.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (1.5e-7, "1.5e-07"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            // Half way between two numbers of 16 digits: the even one.
            (89.112_701_416_015_62, "89.11270141601562"),
            (10.752_688_172_043_01, "10.75268817204301"),
            (-1234.5, "-1234.5"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
        ] {
            assert_eq!(float_text(value), text);
        }
    }

    #[test]
    fn python_s_literals_survive_and_strings_are_left_alone() {
        let text = "{\n    \"NaN\": [\n        NaN,\n        -Infinity,\n        Infinity,\n        -1\n    ],\n    \
                    \"a\\\"Infinity\": \"NaN\",\n    \"e\": [],\n    \"o\": {}\n}";
        let value = parse(text).unwrap();
        assert_eq!(to_text(&value), text);
        assert!(as_float(&value["NaN"][0]).unwrap().is_nan());
        assert_eq!(as_float(&value["NaN"][1]), Some(f64::NEG_INFINITY));
        assert_eq!(value["a\"Infinity"], "NaN");
        assert_eq!(as_float(&value["a\"Infinity"]), None);
        assert_eq!(float(f64::INFINITY), value["NaN"][2]);
    }

    #[test]
    fn broken_text_is_an_error() {
        for text in [
            "",
            "\"",
            "\"NaN\\",
            "[NaN",
            "NaNN",
            "{\"a\":-}",
            "-Infinit",
            "[1e999]",
            "\u{feff}",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn strings_are_ascii() {
        let value = Value::String("µ\u{1f600}\u{7f}\n".to_owned());
        assert_eq!(to_text(&value), "\"\\u00b5\\ud83d\\ude00\\u007f\\n\"");
    }
}
