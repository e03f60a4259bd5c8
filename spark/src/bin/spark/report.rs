//! Problems as they are shown: the piece of the file around each, or JSON.

use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};
use spark_ir::diagnostic::{Diagnostic, Level as Severity};
use spark_ir::format::place;

use crate::answer::print_to_stderr;

/// A file and what is wrong with it.
pub(crate) struct Source {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its text, decompressed.
    pub(crate) text: String,
    /// Its problems.
    pub(crate) problems: Vec<Diagnostic<String>>,
}

impl Source {
    /// The problems in the order of the text.
    pub(crate) fn new(path: &Path, text: String, mut problems: Vec<Diagnostic<String>>) -> Self {
        problems.sort_by_cached_key(|problem| span_of(&text, problem).start);
        Source {
            path: path.to_owned(),
            text,
            problems,
        }
    }

    /// Whether a problem is an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.problems.iter().any(Diagnostic::is_error)
    }

    /// All problems, each with the piece of the file around it.
    pub(crate) fn render(&self) -> String {
        let renderer = Renderer::styled();
        let path = self.path.display().to_string();
        let mut text = String::new();
        for problem in &self.problems {
            let group = self.group(problem, &path);
            text.push_str(&renderer.render(&[group]));
            text.push_str("\n\n");
        }
        text
    }

    fn group<'a>(&'a self, problem: &'a Diagnostic<String>, path: &'a str) -> Group<'a> {
        let level = match problem.level {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let snippet = Snippet::source(self.text.as_str())
            .path(path)
            .annotation(AnnotationKind::Primary.span(span_of(&self.text, problem)));
        let mut group = level
            .primary_title(problem.message.as_str())
            .id(problem.code)
            .element(snippet);
        let at = format!("{} ({})", problem.place, problem.span);
        group = group.element(Level::NOTE.with_name("at").message(at));
        let notes = [("expected", &problem.expected), ("found", &problem.found)];
        for (name, note) in notes {
            if let Some(note) = note {
                group = group.element(Level::NOTE.with_name(name).message(note.as_str()));
            }
        }
        match &problem.help {
            Some(help) => group.element(Level::HELP.message(help.as_str())),
            None => group,
        }
    }

    /// For programs.
    pub(crate) fn to_json(&self) -> Value {
        let problem = |problem: &Diagnostic<String>| {
            let (line, column) = line_and_column(&self.text, span_of(&self.text, problem).start);
            json!({
                "code": problem.code,
                "level": problem.level,
                "pointer": problem.span,
                "line": line,
                "column": column,
                "place": problem.place,
                "message": problem.message,
                "expected": problem.expected,
                "found": problem.found,
                "help": problem.help,
            })
        };
        json!({
            "file": self.path,
            "ok": !self.has_errors(),
            "problems": self.problems.iter().map(problem).collect::<Vec<_>>(),
        })
    }
}

/// The bytes to underline: a value on one line, or else what leads to it.
fn span_of(text: &str, problem: &Diagnostic<String>) -> std::ops::Range<usize> {
    let Some(place) = place::find(text, &problem.span) else {
        return 0..0;
    };
    let is_long = text[place.value.clone()].contains('\n');
    let is_about_the_name = problem.code == "SPK092" || problem.code == "SPK041";
    match place.key {
        Some(key) if is_about_the_name || is_long => key,
        _ if is_long => place.value.start..place.value.start + 1,
        _ => place.value,
    }
}

/// From 1; columns count characters.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at.min(text.len())];
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// Text that is no JSON: shows where it stops to be.
pub(crate) fn render_broken_text(
    path: &Path,
    text: &str,
    line: usize,
    column: usize,
    reason: &str,
) -> String {
    let start = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let rest = text.get(start..).unwrap_or_default();
    let offset = rest
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(rest.trim_end().len(), |(i, _)| i);
    let at = start + offset;
    let width = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8);
    let path = path.display().to_string();
    let snippet = Snippet::source(text)
        .path(path.as_str())
        .annotation(AnnotationKind::Primary.span(at..at + width));
    let title = format!("this is no JSON: {reason}");
    let group = Level::ERROR.primary_title(title.as_str()).element(snippet);
    format!("{}\n\n", Renderer::styled().render(&[group]))
}

/// An error that has no place in a file.
pub(crate) fn plain_error(message: &str, help: Option<&str>) {
    let mut group = Group::with_title(Level::ERROR.primary_title(message));
    if let Some(help) = help {
        group = group.element(Level::HELP.message(help));
    }
    print_to_stderr(&format!("{}\n", Renderer::styled().render(&[group])));
}
