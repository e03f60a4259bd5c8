//! Instructions per step of every kernel, counted by valgrind and held against the budget in `benches/budget.json`.
//!
//! ```text
//! cargo run --profile counted -p spark-benches --bin budget -- check          # fails where a count moved by more than 3 %
//! cargo run --profile counted -p spark-benches --bin budget -- write          # writes the file anew
//! cargo run --profile counted -p spark-benches --bin budget -- show somas/    # counts only what begins so
//! ```
//!
//! Unlike times, counts do not move with the load of the machine. They do move with the compiler, which is pinned, and with
//! the instructions that the processor has: the file says which ones it was counted with.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde_json::{Value, json};
use spark_benches::{Case, Kernel, Size, cases};

/// Steps that are counted, after as many that are not.
const STEPS: usize = 64;
/// By how much a count may move.
const TOLERANCE: f64 = 0.03;
/// What valgrind is told to count.
const COUNTED: &str = "budget::counted_steps";

type Result<T> = std::result::Result<T, Box<dyn Error>>;
/// Instructions per step by the name of the case.
type Counts = BTreeMap<String, u64>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let prefix = arguments.get(1).map_or("", String::as_str);
    let done = match arguments.first().map(String::as_str) {
        Some("check") => check(prefix),
        Some("write") => write(),
        Some("show") => show(prefix),
        Some("run") => run(prefix),
        _ => Err("usage: budget check|show [PREFIX], budget write".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn chosen(prefix: &str) -> Result<Vec<Case>> {
    let mut cases = cases(Size::SMALL);
    cases.retain(|case| case.name.starts_with(prefix));
    match cases.is_empty() {
        true => Err(format!("no case begins with `{prefix}`").into()),
        false => Ok(cases),
    }
}

/// What runs under valgrind.
fn run(prefix: &str) -> Result<()> {
    for case in chosen(prefix)? {
        let mut kernel = case.build()?;
        (0..STEPS).for_each(|_| kernel.step());
        counted_steps(&mut kernel);
    }
    Ok(())
}

/// Valgrind counts while this runs, and writes down the count when it ends.
#[inline(never)]
fn counted_steps(kernel: &mut Kernel) {
    (0..STEPS).for_each(|_| kernel.step());
}

/// Runs this program under valgrind.
fn count(prefix: &str) -> Result<Counts> {
    let names: Vec<String> = chosen(prefix)?.into_iter().map(|case| case.name).collect();
    let folder = std::env::temp_dir().join(format!("spark-budget-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let counts = count_in(&folder, prefix, &names);
    std::fs::remove_dir_all(&folder)?;
    counts
}

fn count_in(folder: &Path, prefix: &str, names: &[String]) -> Result<Counts> {
    let file = folder.join("counts");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--quiet", "--combine-dumps=yes"])
        .arg(format!("--toggle-collect={COUNTED}"))
        .arg(format!("--dump-after={COUNTED}"))
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(std::env::current_exe()?)
        .args(["run", prefix]);
    let status = valgrind.status().map_err(|error| {
        format!("valgrind cannot be started ({error}): install it, `apt-get install valgrind`")
    })?;
    if !status.success() {
        return Err("the run under valgrind failed".into());
    }
    let text = std::fs::read_to_string(&file)?;
    let totals: Vec<u64> = text
        .lines()
        .filter_map(|line| line.strip_prefix("totals: "))
        .filter_map(|total| total.trim().parse().ok())
        .collect();
    // The last part is that of the end of the program.
    if totals.len() < names.len() {
        return Err(format!("valgrind gave {} counts for {} cases", totals.len(), names.len()).into());
    }
    let per_step = totals.iter().map(|total| total / STEPS as u64);
    Ok(names.iter().cloned().zip(per_step).collect())
}

fn budget_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("budget.json")
}

/// The instructions that make kernels choose other code.
fn processor() -> Vec<&'static str> {
    #[cfg(target_arch = "x86_64")]
    {
        let known = [
            ("avx2", std::arch::is_x86_feature_detected!("avx2")),
            ("fma", std::arch::is_x86_feature_detected!("fma")),
            ("f16c", std::arch::is_x86_feature_detected!("f16c")),
        ];
        known
            .into_iter()
            .filter(|(_, has)| *has)
            .map(|(name, _)| name)
            .collect()
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        vec![std::env::consts::ARCH]
    }
}

fn write() -> Result<()> {
    let counts = count("")?;
    let budget = json!({
        "what": "instructions per step, counted by valgrind; written by `just budget`",
        "processor": processor(),
        "instructions": counts,
    });
    let file = budget_file();
    let beside = file.with_extension("json.new");
    std::fs::write(&beside, format!("{budget:#}\n"))?;
    std::fs::rename(&beside, &file)?;
    println!("{} counts in {}", counts.len(), file.display());
    Ok(())
}

fn show(prefix: &str) -> Result<()> {
    for (name, count) in count(prefix)? {
        println!("{count:>12}  {name}");
    }
    Ok(())
}

fn check(prefix: &str) -> Result<()> {
    let file = budget_file();
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let budget: Value = serde_json::from_str(&text)?;
    if budget["processor"] != json!(processor()) {
        println!(
            "not checked: the budget was counted with {}, this processor has {:?}",
            budget["processor"],
            processor()
        );
        return Ok(());
    }
    let counts = count(prefix)?;
    let known = budget["instructions"].as_object().cloned().unwrap_or_default();
    let mut moved = Vec::new();
    for (name, count) in &counts {
        let line = match known.get(name).and_then(Value::as_u64) {
            None => format!("{name}: {count} instructions per step, and no budget"),
            Some(before) => {
                let change = *count as f64 / before.max(1) as f64 - 1.0;
                if change.abs() <= TOLERANCE {
                    continue;
                }
                format!(
                    "{name}: {count} instructions per step, budget {before} ({:+.1} %)",
                    100.0 * change
                )
            }
        };
        moved.push(line);
    }
    let gone = known
        .keys()
        .filter(|name| name.starts_with(prefix) && !counts.contains_key(*name));
    moved.extend(gone.map(|name| format!("{name}: has a budget, but is no case any more")));
    if moved.is_empty() {
        println!(
            "{} counts are within {} % of their budget",
            counts.len(),
            100.0 * TOLERANCE
        );
        return Ok(());
    }
    moved.push("if this is meant: `just budget` writes the file anew".to_owned());
    Err(moved.join("\n").into())
}
