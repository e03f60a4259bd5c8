//! Text that breaks where a line is full: on one line if it fits, else filled paragraph by paragraph.

/// The width of a line.
pub(super) const WIDTH: usize = 110;

/// A piece of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Doc {
    /// Never broken.
    Text(String),
    /// Items between braces or brackets.
    List {
        /// `Name {`, `[`.
        open: String,
        /// Each with the paragraph that it belongs to.
        items: Vec<(String, Doc)>,
        /// `}`, `]`.
        close: &'static str,
        /// Whether blanks stand inside of the ends: `{ a }`, `[a]`.
        spaced: bool,
    },
}

impl Doc {
    pub(super) fn text(text: impl Into<String>) -> Doc {
        Doc::Text(text.into())
    }

    /// `[a, b]`.
    pub(super) fn list(open: &str, items: impl IntoIterator<Item = Doc>, close: &'static str) -> Doc {
        Doc::List {
            open: open.to_owned(),
            items: items.into_iter().map(|item| (String::new(), item)).collect(),
            close,
            spaced: false,
        }
    }

    /// `Name { field: value }`. A field of `soma` stands in the paragraph of `soma`.
    pub(super) fn config(name: &str, fields: impl IntoIterator<Item = (String, Doc)>) -> Doc {
        let item = |(path, value): (String, Doc)| {
            let paragraph = path.rsplit_once('.').map_or("", |(node, _)| node).to_owned();
            (paragraph, value.behind(&format!("{path}: ")))
        };
        let items: Vec<_> = fields.into_iter().map(item).collect();
        let spaced = !items.is_empty();
        let open = format!("{name} {{");
        Doc::List {
            open,
            items,
            close: "}",
            spaced,
        }
    }

    /// The same behind a text.
    pub(super) fn behind(self, head: &str) -> Doc {
        match self {
            Doc::Text(text) => Doc::Text(format!("{head}{text}")),
            Doc::List {
                open,
                items,
                close,
                spaced,
            } => Doc::List {
                open: format!("{head}{open}"),
                items,
                close,
                spaced,
            },
        }
    }

    /// On one line.
    pub(super) fn flat(&self) -> String {
        match self {
            Doc::Text(text) => text.clone(),
            Doc::List {
                open,
                items,
                close,
                spaced,
            } => {
                let items: Vec<String> = items.iter().map(|(_, item)| item.flat()).collect();
                let blank = if *spaced { " " } else { "" };
                format!("{open}{blank}{}{blank}{close}", items.join(", "))
            }
        }
    }

    /// Behind `column` letters on a line that is indented by `indent`; one more letter follows.
    pub(super) fn write(&self, indent: usize, column: usize) -> String {
        let flat = self.flat();
        let Doc::List {
            open, items, close, ..
        } = self
        else {
            return flat;
        };
        if column + flat.chars().count() < WIDTH || items.is_empty() {
            return flat;
        }
        let inner = indent + 4;
        let mut text = open.clone();
        let mut column = WIDTH;
        let mut last = None;
        for (paragraph, item) in items {
            let width = item.flat().chars().count();
            if last != Some(paragraph) || column + 1 + width >= WIDTH {
                text.push('\n');
                text.push_str(&" ".repeat(inner));
                column = inner;
            } else {
                text.push(' ');
                column += 1;
            }
            last = Some(paragraph);
            let written = item.write(inner, column);
            column = match written.rsplit_once('\n') {
                // What was broken ends its line.
                Some(_) => WIDTH,
                None => column + width + 1,
            };
            text.push_str(&written);
            text.push(',');
        }
        format!("{text}\n{}{close}", " ".repeat(indent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_on_one_line() {
        let config = Doc::config("LeakySoma", [("tau".to_owned(), Doc::text("5ms"))]);
        assert_eq!(config.write(8, 8), "LeakySoma { tau: 5ms }");
        assert_eq!(Doc::config("Uniform", []).flat(), "Uniform {}");
        assert_eq!(
            Doc::list("[", [Doc::text("1"), Doc::text("2")], "]").flat(),
            "[1, 2]"
        );
    }

    #[test]
    fn what_does_not_fit_is_filled_and_each_node_begins_a_line() {
        let field = |path: &str| (path.to_owned(), Doc::text("x".repeat(30)));
        let config = Doc::config("Pool", ["units", "a.x", "a.y", "a.z", "b.x"].map(field));
        let x = "x".repeat(30);
        assert_eq!(
            config.write(4, 10),
            format!(
                "Pool {{\n        units: {x},\n        a.x: {x}, a.y: {x},\n        a.z: {x},\n        b.x: {x},\n    }}"
            )
        );
    }
}
