//! Where in the text of a file something stands that a JSON pointer names.
//!
//! No JSON library that keeps places reads the three literals of Python's `json`; the text has been parsed before, so
//! that it is enough to skip over values.

use std::ops::Range;

/// A value in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The key in front of it, quotes included, if it is a member of an object.
    pub key: Option<Range<usize>>,
    /// The value.
    pub value: Range<usize>,
    /// `false` if there is nothing at the pointer: this is the innermost value around it.
    pub exact: bool,
}

/// The place of what a JSON pointer names; of what is around it, if the text has no such value. `None` if the text is
/// no JSON.
///
/// ```
/// let text = r#"{"soma": {"tau": [20.0, 30.0]}}"#;
/// let place = spark_ir::format::place::find(text, "/soma/tau/1").unwrap();
/// assert_eq!(&text[place.value], "30.0");
/// ```
pub fn find(text: &str, pointer: &str) -> Option<Place> {
    let scan = Scan {
        bytes: text.as_bytes(),
    };
    let start = scan.blank(0);
    let mut place = Place {
        key: None,
        value: start..scan.value(start)?,
        exact: true,
    };
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        match scan.entry(text, place.value.start, &token) {
            Some((key, value)) => {
                place = Place {
                    key,
                    value,
                    exact: true,
                }
            }
            None => {
                place.exact = false;
                break;
            }
        }
    }
    Some(place)
}

struct Scan<'a> {
    bytes: &'a [u8],
}

impl Scan<'_> {
    fn at(&self, index: usize) -> Option<u8> {
        self.bytes.get(index).copied()
    }

    /// The first place from `from` on that is no blank.
    fn blank(&self, from: usize) -> usize {
        let is_blank = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf);
        from + self.bytes.iter().skip(from).take_while(is_blank).count()
    }

    /// The end of the string that begins at `from`.
    fn string(&self, from: usize) -> Option<usize> {
        let mut index = from + 1;
        loop {
            match self.at(index)? {
                b'"' => return Some(index + 1),
                b'\\' => index += 2,
                _ => index += 1,
            }
        }
    }

    /// The end of the value that begins at `from`.
    fn value(&self, from: usize) -> Option<usize> {
        match self.at(from)? {
            b'"' => self.string(from),
            b'{' | b'[' => self.brackets(from),
            _ => {
                let is_inside = |byte: &&u8| !byte.is_ascii_whitespace() && !b",]}:".contains(byte);
                let len = self.bytes.iter().skip(from).take_while(is_inside).count();
                (len > 0).then_some(from + len)
            }
        }
    }

    fn brackets(&self, from: usize) -> Option<usize> {
        let (mut depth, mut index) = (0usize, from);
        loop {
            match self.at(index)? {
                b'"' => {
                    index = self.string(index)?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            index += 1;
            if depth == 0 {
                return Some(index);
            }
        }
    }

    /// The entry `token` of the object or list that begins at `from`.
    fn entry(&self, text: &str, from: usize, token: &str) -> Option<(Option<Range<usize>>, Range<usize>)> {
        let is_object = match self.at(from)? {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        let mut index = self.blank(from + 1);
        let mut count = 0usize;
        // As in the parser, the last of several members with one name counts.
        let mut found = None;
        while !matches!(self.at(index)?, b'}' | b']') {
            let mut key = None;
            if is_object {
                key = Some(index..self.string(index)?);
                index = self.blank(self.string(index)?) + 1;
                index = self.blank(index);
            }
            let value = index..self.value(index)?;
            index = self.blank(value.end);
            let is_it = match &key {
                Some(key) => serde_json::from_str::<String>(&text[key.clone()]).is_ok_and(|key| key == token),
                None => token.parse() == Ok(count),
            };
            if is_it {
                found = Some((key, value));
            }
            count += 1;
            if self.at(index)? == b',' {
                index = self.blank(index + 1);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::format::{json, pointer_to};
    use serde_json::Value;

    fn visit(value: &Value, pointer: &str, see: &mut impl FnMut(&str, &Value)) {
        see(pointer, value);
        match value {
            Value::Object(entries) => entries
                .iter()
                .for_each(|(key, value)| visit(value, &pointer_to(pointer, key), see)),
            Value::Array(values) => values
                .iter()
                .enumerate()
                .for_each(|(i, value)| visit(value, &pointer_to(pointer, i), see)),
            _ => {}
        }
    }

    #[test]
    fn every_pointer_leads_to_its_value() {
        let text = r#" {"a": [1, -2.5e3, [], {}, {"x/y": "q\"}]", "~": NaN}], "b\u0041": [[true], null], "e" : -Infinity}"#;
        let value = json::parse(text).unwrap();
        visit(&value, "", &mut |pointer, value| {
            let place = find(text, pointer).unwrap();
            assert!(place.exact, "{pointer}");
            assert_eq!(&json::parse(&text[place.value]).unwrap(), value, "{pointer}");
        });
    }

    #[test]
    fn what_is_not_there_is_shown_by_what_is_around_it() {
        let text = r#"{"a": {"b": 1}}"#;
        let place = find(text, "/a/c/d").unwrap();
        assert_eq!((&text[place.value], place.exact), (r#"{"b": 1}"#, false));
        assert_eq!(place.key.map(|key| &text[key]), Some("\"a\""));
        assert!(!find("[1]", "/7").unwrap().exact);
    }

    #[test]
    fn broken_text_has_no_places() {
        for text in ["", "{", "[1", "\"", "{\"a\": ", "{\"a\"", "[[", "{]", "[,]"] {
            let _ = find(text, "/a/0");
        }
    }
}
