//! `docs/fidelity.md` is a ledger: every row names the tests that show it, and all of them exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../../docs/fidelity.md");

/// The rows of the table in a section, as cells.
fn rows(section: &str) -> Vec<Vec<&'static str>> {
    let lines = PAGE.lines().skip_while(|line| *line != section).skip(1);
    let table = lines
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    // Without head and rule.
    let rows = table
        .skip(2)
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect());
    rows.collect()
}

fn differing() -> Vec<Vec<&'static str>> {
    rows("## Results that differ")
}

/// What stands between backticks.
fn names(cell: &str) -> BTreeSet<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// All test functions of the repository.
fn tests() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = BTreeSet::new();
    for folder in [
        "tests",
        "spark/src",
        "spark-ir/src",
        "spark-ir/tests",
        "spark-macros/src",
    ] {
        collect(&root.join(folder), &mut found);
    }
    found
}

fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(tests_of(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The functions that stand behind `#[test]`, also those inside of `proptest!`.
fn tests_of(source: &str) -> Vec<String> {
    let mut marked = false;
    let mut found = Vec::new();
    for line in source.lines().map(str::trim) {
        if let Some(function) = line.strip_prefix("fn ") {
            if marked {
                found.extend(function.split('(').next().map(str::to_owned));
            }
            marked = false;
        } else if line == "#[test]" {
            marked = true;
        } else if !line.starts_with('#') && !line.starts_with("//") {
            marked = false;
        }
    }
    found
}

#[test]
fn every_difference_is_shown_from_both_sides() {
    let tests = tests();
    let rows = differing();
    assert!(rows.len() > 20, "the table is not found");
    for row in rows {
        let [what, _, _, _, default, package] = row[..] else {
            panic!(
                "six cells are needed: what, the package, this crate, `SparkSnn1`, and a test for each mode: {row:?}"
            );
        };
        let (default, package) = (names(default), names(package));
        assert!(
            !default.is_empty() && !package.is_empty(),
            "{what}: a test for each of the two modes is needed"
        );
        assert!(default.is_disjoint(&package), "{what}: one test for both modes");
        for name in default.union(&package) {
            assert!(tests.contains(*name), "{what}: there is no test `{name}`");
        }
    }
}

#[test]
fn what_does_not_differ_is_shown_by_tests_too() {
    let tests = tests();
    for row in rows("## Results that do not differ, though one might expect it") {
        let [what, _, shown_by] = row[..] else {
            panic!("three cells are needed: {row:?}");
        };
        assert!(!names(shown_by).is_empty(), "{what}: no test");
        for name in names(shown_by) {
            assert!(tests.contains(name), "{what}: there is no test `{name}`");
        }
    }
}

/// Rows that need not be told when a network is written to a file: this crate refuses what they speak of, or writes it out,
/// or the package stops and says so itself.
const NOT_IN_FILES: &[&str] = &[
    "A delay beyond the longest one",
    "`ExponentialIntegrator`, more outputs than inputs, or an `output_map` that does not fit",
    "`LinearSpiker`, `TopologicalLinearSpiker`, `cd` times `max_freq` of 1 or more",
    "`RUTracer`",
    "Node that says another `dt` or `units` than the network around",
    "Unknown fields in a file",
    "Seeds that are not given",
    "Initializers in fields that must be positive, such as time constants",
    "A population that hears from another one only",
    "Properties in a brain: updated in place, written, or given as outputs",
    "Several inputs of a network in one port",
    "`inhibition_mask` of a soma that is not wired",
];

#[test]
fn exports_name_the_rows_and_every_row_is_named_or_need_not_be() {
    let rows: BTreeSet<&str> = differing().iter().map(|row| row[0]).collect();
    let named: BTreeSet<&str> = spark::rt::all_differences().collect();
    for name in named.iter().chain(NOT_IN_FILES) {
        assert!(rows.contains(name), "`{name}` is no row of docs/fidelity.md");
    }
    for row in rows {
        let once = named.contains(row) ^ NOT_IN_FILES.contains(&row);
        assert!(
            once,
            "`{row}`: name it for its modules in spark/src/rt/differences.rs, or here if no file is concerned"
        );
    }
}

#[test]
fn classes_with_differences_exist() {
    for class in spark::rt::classes_with_differences() {
        assert!(
            spark::REGISTRY.modules_of_class(class).next().is_some(),
            "{class}"
        );
    }
}

#[test]
fn a_test_is_a_function_behind_its_mark() {
    let source = "#[test]\n#[cfg(unix)]\n// Why.\nfn one() {}\nfn two() {}\nproptest! {\n    #[test]\n    fn three(x in 0..1) {}\n}";
    assert_eq!(tests_of(source), ["one", "three"]);
}
