//! `docs/models.md` says what is registered.

use std::path::{Path, PathBuf};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/models.md")
}

/// The page on disk, without what Windows does to ends of lines.
fn page() -> String {
    std::fs::read_to_string(path())
        .unwrap_or_default()
        .replace("\r\n", "\n")
}

#[test]
fn the_page_of_models_is_that_of_the_registry() {
    let written = spark::core::catalog::markdown("spark");
    if std::env::var_os("SPARK_BLESS").is_some() {
        std::fs::write(path(), &written).unwrap();
    }
    let page = page();
    let mut lines = page.lines().zip(written.lines()).enumerate();
    let differing = lines.find(|(_, (is, should))| is != should);
    assert!(
        page == written,
        "docs/models.md is not up to date: {differing:?}\nhelp: `just models`, or `SPARK_BLESS=1 cargo test -p spark-tests --test registry page_of_models`",
    );
}

#[test]
fn every_model_is_on_the_page_and_none_of_another_crate() {
    let page = page();
    for entry in spark::REGISTRY.modules().iter().chain(spark::REGISTRY.neurons()) {
        let named = page.contains(&format!("`{}`", entry.table.name));
        assert_eq!(
            named,
            entry.place.origin.starts_with("spark::"),
            "{}",
            entry.place
        );
    }
    assert!(spark::core::catalog::markdown("registry").contains("### `LeakyRate`"));
}

#[test]
fn the_readme_names_every_class() {
    let readme = include_str!("../../README.md");
    let modules = spark::REGISTRY.modules().iter().chain(spark::REGISTRY.neurons());
    for entry in modules.filter(|entry| entry.place.origin.starts_with("spark::")) {
        let (name, table) = (entry.table.name, entry.table);
        // A class that is there once per payload is named once.
        let named = table.key != table.class || readme.contains(&format!("`{name}`"));
        assert!(named, "the table of models in README.md does not name `{name}`");
    }
}

#[test]
fn all_rows_of_a_table_have_as_many_cells_as_its_head() {
    let page = page();
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut head = None;
    for line in page.lines() {
        head = line.starts_with('|').then(|| head.unwrap_or_else(|| cells(line)));
        assert_eq!(head.unwrap_or_else(|| cells(line)), cells(line), "{line}");
    }
}
