//! Mistakes and what the compiler says of them, word for word: `<topic>/<mistake_in_words>.rs` beside its `.stderr`.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p spark-tests --test ui`, then read what changed.
//! One topic only: `cargo test -p spark-tests --test ui -- mistakes trybuild=fields`.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use spark_ir::diagnostic::CODES;

#[test]
fn mistakes_are_told_in_the_users_words() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

/// The sections of `docs/errors.md`: `## SPK002: a wire names a node that does not exist`.
fn sections() -> Vec<(String, String)> {
    include_str!("../../docs/errors.md")
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .filter_map(|title| title.split_once(": "))
        .filter(|(code, _)| code.starts_with("SPK"))
        .map(|(code, meaning)| (code.to_owned(), meaning.to_owned()))
        .collect()
}

#[test]
fn every_code_has_a_section_and_every_section_a_code() {
    let codes: Vec<(String, String)> = CODES
        .iter()
        .map(|(code, meaning)| ((*code).to_owned(), (*meaning).to_owned()))
        .collect();
    assert_eq!(
        sections(),
        codes,
        "docs/errors.md: same codes, same meanings, same order as spark_ir::diagnostic::CODES"
    );
}

/// The codes that stand in the expected messages of all mistakes.
fn told() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for topic in std::fs::read_dir("ui")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
    {
        for file in std::fs::read_dir(topic)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if file.extension().is_some_and(|extension| extension == "stderr") {
                let text = std::fs::read_to_string(file).unwrap();
                codes.extend(
                    text.match_indices("SPK")
                        .filter_map(|(at, _)| text.get(at..at + 6))
                        .map(str::to_owned),
                );
            }
        }
    }
    codes
}

#[test]
fn every_code_of_the_compiler_is_shown_by_a_mistake() {
    let told = told();
    let silent: Vec<&str> = CODES
        .iter()
        .map(|(code, _)| *code)
        .filter(|code| *code < "SPK090" && !told.contains(*code))
        .collect();
    assert!(silent.is_empty(), "no test in tests/ui shows {silent:?}");
    let unknown: Vec<&String> = told
        .iter()
        .filter(|code| !CODES.iter().any(|(known, _)| known == code))
        .collect();
    assert!(
        unknown.is_empty(),
        "{unknown:?} are not in spark_ir::diagnostic::CODES"
    );
}
