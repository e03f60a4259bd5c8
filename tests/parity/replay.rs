//! Replay of recorded cases, as `spark parity` does it.

use std::path::{Path, PathBuf};

use spark::parity;

/// All cases in a room of the fixtures, with their classes.
fn cases(room: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/goldens")
        .join(room);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let class = |path: &PathBuf| {
        let case: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        case["class"].as_str().unwrap().to_owned()
    };
    paths
        .into_iter()
        .map(|path| (path.clone(), class(&path)))
        .collect()
}

/// Cases in which single precision overflows: in double precision nothing does, and all that follows is another run.
const OVERFLOWS: [&str; 2] = ["brain_30_4", "izhikevichsoma_10_7"];

/// Replays a case, which must agree.
pub(crate) fn agrees(path: &Path) {
    let report = parity::replay(path).unwrap();
    if cfg!(spark_f64) && OVERFLOWS.contains(&report.case.as_str()) {
        return;
    }
    // In half precision the package changes its number type on the way.
    assert!(report.ok || report.informative, "{report:#?}");
}

/// Replays all cases of a class; there must be `count` of them.
pub(crate) fn replay(class: &str, count: usize) {
    of_class("modules", class, count);
}

/// Replays all cases of a tracer.
pub(crate) fn tracer(class: &str, count: usize) {
    of_class("tracers", class, count);
}

fn of_class(room: &str, class: &str, count: usize) {
    let cases: Vec<PathBuf> = cases(room)
        .into_iter()
        .filter(|case| case.1 == class)
        .map(|case| case.0)
        .collect();
    assert_eq!(cases.len(), count, "cases of {class}");
    cases.iter().for_each(|path| agrees(path));
}

/// Replays the run of a model.
pub(crate) fn model(name: &str) {
    agrees(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/goldens/models")
            .join(name)
            .join("run.json.gz"),
    );
}

/// Replays draws.
pub(crate) fn draws(name: &str) {
    agrees(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/goldens/rng")
            .join(format!("{name}.json")),
    );
}
