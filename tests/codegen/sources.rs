//! What `spark codegen` prints, and what the macros know of `spark`, is what stands in the repository.
//!
//! After a change of either: `SPARK_BLESS=1 cargo test -p spark-tests --test codegen_sources`, then read what changed.
//! This program declares no networks: the registry has what `spark` has, and broken sources can be written anew.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use spark::codegen::{self, Options};
use spark_ir::names::camel_case;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Holds a file equal to a text.
fn same_or_bless(path: &Path, text: &str) {
    if std::env::var_os("SPARK_BLESS").is_some() {
        std::fs::write(path, text).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{} is not up to date: SPARK_BLESS=1 writes it anew", path.display());
}

#[test]
fn the_sources_of_the_models_are_up_to_date() {
    for line in include_str!("models.txt").lines() {
        let mut words = line.split(' ');
        let (module, file) = (words.next().unwrap(), words.next().unwrap());
        let mut options = Options::named(camel_case(module));
        options.inputs = words.map(|input| input.parse().unwrap()).collect();
        let source = codegen::from_file(folder().join("fixtures").join(file), &options).unwrap();
        assert!(source.files.is_empty());
        same_or_bless(&folder().join(format!("codegen/{module}.rs")), &source.program(file));
    }
}

#[test]
fn the_macros_know_all_of_spark() {
    let text = codegen::vocabulary().to_text().unwrap();
    same_or_bless(&folder().join("../spark-macros/src/include/vocabulary.json"), &text);
}
