//! "Did you mean ...?": the nearest of the names that exist. Works in `const` code.

const LONGEST: usize = 64;

/// Whether two texts are equal (`==` on `str` is not `const`).
pub const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn smaller(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

/// The Levenshtein distance of two texts, in bytes; texts beyond 64 bytes count as far away.
pub const fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut row = [0usize; LONGEST + 1];
    let mut j = 0;
    while j <= b.len() {
        row[j] = j;
        j += 1;
    }
    let mut i = 1;
    while i <= a.len() {
        let mut diagonal = row[0];
        row[0] = i;
        let mut j = 1;
        while j <= b.len() {
            let above = row[j];
            let replace = diagonal + (a[i - 1] != b[j - 1]) as usize;
            row[j] = smaller(smaller(above + 1, row[j - 1] + 1), replace);
            diagonal = above;
            j += 1;
        }
        i += 1;
    }
    row[b.len()]
}

/// Whether `candidate` is near enough to `wrong` to be worth naming: a third of its letters may differ.
pub const fn is_near(wrong: &str, candidate: &str) -> bool {
    distance(wrong, candidate) <= smaller(1 + wrong.len() / 3, 4)
}

/// The nearest of `candidates`, if one is near enough.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .filter(|candidate| is_near(wrong, candidate))
        .min_by_key(|candidate| distance(wrong, candidate))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        assert_eq!(
            nearest("in_spike", ["in_spikes", "modulation"]),
            Some("in_spikes")
        );
        assert_eq!(
            nearest("treshold", ["threshold", "threshold_tau"]),
            Some("threshold")
        );
        assert_eq!(nearest("voltage", ["in_spikes", "modulation"]), None);
    }
}
