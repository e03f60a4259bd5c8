//! Whether an array fits into memory, asked before it is made.

use crate::core::error::Problem;

/// The memory that can be had without swapping, in bytes; `None` where the system does not tell (it does on Linux).
fn available() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("MemAvailable:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024.0)
}

/// Refuses what does not fit, with the arithmetic. Says in the log what takes 100 MB or more.
pub(crate) fn afford(place: &str, count: f64, bytes_each: f64, what: &str) -> Result<(), Problem> {
    let bytes = count * bytes_each;
    let needed = format!("{count:.0} {what} of {bytes_each:.0} bytes, {}", amount(bytes));
    if bytes >= 1e8 {
        log::info!("`{place}` takes {needed}");
    }
    match available() {
        Some(free) if bytes > free => {
            let problem = Problem::new(place, "there is not enough memory");
            Err(problem
                .expected(format!("at most {}, which is what is available", amount(free)))
                .found(needed)
                .help("make the network smaller, or its connections sparser"))
        }
        _ => Ok(()),
    }
}

fn amount(bytes: f64) -> String {
    match bytes {
        b if b >= 1e12 => format!("{:.1} TB", b / 1e12),
        b if b >= 1e9 => format!("{:.1} GB", b / 1e9),
        b => format!("{:.1} MB", b / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_the_arithmetic() {
        assert!(afford("kernel", 1e3, 4.0, "weights").is_ok());
        if available().is_some() {
            let text = afford("kernel", 1e14, 6.0, "synapses").unwrap_err().to_string();
            assert!(
                text.contains("100000000000000 synapses of 6 bytes, 600.0 TB"),
                "{text}"
            );
        }
    }
}
