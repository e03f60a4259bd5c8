//! Units and dimensions: what `20ms`, `-40mV` or `0.1GOhm` mean.
//!
//! Every dimension has one base unit, in which fields keep their numbers. The base units fit together: GOhm * pA is
//! mV, GOhm * pF is ms, nS * mV is pA.

use crate::suggest::distance;

/// What a number measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Milliseconds.
    Time,
    /// Millivolts.
    Potential,
    /// Hertz.
    Frequency,
    /// Gigaohms.
    Resistance,
    /// Picoamperes.
    Current,
    /// Picofarads.
    Capacitance,
    /// Nanosiemens.
    Conductance,
    /// A pure number.
    None,
}

impl Dimension {
    /// The unit of a bare number.
    pub const fn base_unit(self) -> &'static str {
        match self {
            Dimension::Time => "ms",
            Dimension::Potential => "mV",
            Dimension::Frequency => "Hz",
            Dimension::Resistance => "GOhm",
            Dimension::Current => "pA",
            Dimension::Capacitance => "pF",
            Dimension::Conductance => "nS",
            Dimension::None => "",
        }
    }

    /// The type in `spark::units`.
    pub const fn type_name(self) -> &'static str {
        match self {
            Dimension::Time => "Ms",
            Dimension::Potential => "Mv",
            Dimension::Frequency => "Hz",
            Dimension::Resistance => "GOhm",
            Dimension::Current => "PAmp",
            Dimension::Capacitance => "PFarad",
            Dimension::Conductance => "NSiemens",
            Dimension::None => "f64",
        }
    }

    /// In words: "time".
    pub const fn name(self) -> &'static str {
        match self {
            Dimension::Time => "time",
            Dimension::Potential => "potential",
            Dimension::Frequency => "frequency",
            Dimension::Resistance => "resistance",
            Dimension::Current => "current",
            Dimension::Capacitance => "capacitance",
            Dimension::Conductance => "conductance",
            Dimension::None => "number",
        }
    }

    /// The dimension whose base unit this is; the empty text is that of a pure number.
    pub fn of_base_unit(unit: &str) -> Option<Dimension> {
        ALL.into_iter().find(|dimension| dimension.base_unit() == unit)
    }

    /// What a product of two base units is, and the factor that makes it one base unit: ms * Hz is 0.001.
    pub fn product(self, other: Dimension) -> Option<(Dimension, f64)> {
        match (self, other) {
            (Dimension::None, d) | (d, Dimension::None) => Some((d, 1.0)),
            (a, b) => PRODUCTS
                .iter()
                .find(|(left, right, ..)| (*left == a && *right == b) || (*left == b && *right == a))
                .map(|&(.., product, factor)| (product, factor)),
        }
    }

    /// What a quotient of two base units is, and the factor that makes it one base unit: mV / GOhm is 1 pA.
    pub fn quotient(self, by: Dimension) -> Option<(Dimension, f64)> {
        if self == by {
            return Some((Dimension::None, 1.0));
        }
        if by == Dimension::None {
            return Some((self, 1.0));
        }
        PRODUCTS.iter().find_map(|&(left, right, product, factor)| {
            let other = if left == by { right } else { left };
            (product == self && (left == by || right == by)).then_some((other, 1.0 / factor))
        })
    }
}

const ALL: [Dimension; 8] = [
    Dimension::Time,
    Dimension::Potential,
    Dimension::Frequency,
    Dimension::Resistance,
    Dimension::Current,
    Dimension::Capacitance,
    Dimension::Conductance,
    Dimension::None,
];

/// `left * right = factor * product`, in base units.
const PRODUCTS: [(Dimension, Dimension, Dimension, f64); 5] = [
    (
        Dimension::Resistance,
        Dimension::Current,
        Dimension::Potential,
        1.0,
    ),
    (
        Dimension::Resistance,
        Dimension::Capacitance,
        Dimension::Time,
        1.0,
    ),
    (
        Dimension::Conductance,
        Dimension::Potential,
        Dimension::Current,
        1.0,
    ),
    (
        Dimension::Resistance,
        Dimension::Conductance,
        Dimension::None,
        1.0,
    ),
    (Dimension::Time, Dimension::Frequency, Dimension::None, 1e-3),
];

/// A unit: the suffix of a literal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// As written: `ms`.
    pub suffix: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// How many base units it is. For conversions take [`Unit::to_base`] or [`Unit::literal`], which round once.
    pub factor: f64,
    /// The type in `spark::units` that holds it: `Ms`.
    pub type_name: &'static str,
    /// `factor` is `count * 10^power`.
    power: i32,
    count: f64,
}

const fn unit(suffix: &'static str, dimension: Dimension, power: i32, count: f64) -> Unit {
    let mut factor = count;
    let mut i = power;
    while i > 0 {
        factor *= 10.0;
        i -= 1;
    }
    let mut divisor = 1.0;
    while i < 0 {
        divisor *= 10.0;
        i += 1;
    }
    Unit {
        suffix,
        dimension,
        factor: factor / divisor,
        type_name: dimension.type_name(),
        power,
        count,
    }
}

/// All units, by dimension and size.
pub const UNITS: &[Unit] = &[
    unit("us", Dimension::Time, -3, 1.0),
    unit("ms", Dimension::Time, 0, 1.0),
    unit("s", Dimension::Time, 3, 1.0),
    unit("min", Dimension::Time, 3, 60.0),
    unit("uV", Dimension::Potential, -3, 1.0),
    unit("mV", Dimension::Potential, 0, 1.0),
    unit("V", Dimension::Potential, 3, 1.0),
    unit("Hz", Dimension::Frequency, 0, 1.0),
    unit("kHz", Dimension::Frequency, 3, 1.0),
    unit("MHz", Dimension::Frequency, 6, 1.0),
    unit("Ohm", Dimension::Resistance, -9, 1.0),
    unit("kOhm", Dimension::Resistance, -6, 1.0),
    unit("MOhm", Dimension::Resistance, -3, 1.0),
    unit("GOhm", Dimension::Resistance, 0, 1.0),
    unit("fA", Dimension::Current, -3, 1.0),
    unit("pA", Dimension::Current, 0, 1.0),
    unit("nA", Dimension::Current, 3, 1.0),
    unit("uA", Dimension::Current, 6, 1.0),
    unit("pF", Dimension::Capacitance, 0, 1.0),
    unit("nF", Dimension::Capacitance, 3, 1.0),
    unit("nS", Dimension::Conductance, 0, 1.0),
    unit("uS", Dimension::Conductance, 3, 1.0),
];

impl Unit {
    /// A number of this unit in base units. Small units divide (50 / 1000 is the double nearest to 0.05, 50 * 0.001
    /// need not be).
    pub fn to_base(&self, value: f64) -> f64 {
        match self.power {
            0 => value * self.count,
            power if power > 0 => value * self.factor,
            power => value * self.count / 10f64.powi(-power),
        }
    }

    /// The digits of a literal of this unit in base units: exactly the double nearest to the decimal value.
    /// Underscores are skipped. `None` if the digits are no decimal number.
    pub fn literal(&self, digits: &str) -> Option<f64> {
        let digits: String = digits.chars().filter(|c| *c != '_').collect();
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '-') {
            return None;
        }
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (digits.as_str(), 0),
        };
        let shifted = format!("{mantissa}e{}", exponent.checked_add(self.power)?);
        let value = shifted.parse::<f64>().ok()? * self.count;
        value.is_finite().then_some(value)
    }
}

/// One spelling for all: both micro signs are `u`, both omegas are `Ohm`.
fn normalised(suffix: &str) -> String {
    suffix
        .replace(['\u{b5}', '\u{3bc}'], "u")
        .replace(['\u{3a9}', '\u{2126}'], "Ohm")
}

/// The unit of a suffix.
pub fn parse(suffix: &str) -> Option<&'static Unit> {
    let suffix = normalised(suffix);
    UNITS.iter().find(|unit| unit.suffix == suffix)
}

/// The unit that was probably meant by a suffix that is none.
pub fn suggest(suffix: &str) -> Option<&'static Unit> {
    let suffix = normalised(suffix);
    let in_words = match suffix.to_ascii_lowercase().as_str() {
        "sec" | "second" | "seconds" => "s",
        "msec" | "millis" | "millisecond" | "milliseconds" => "ms",
        "usec" | "micros" | "microsecond" | "microseconds" => "us",
        "mins" | "minute" | "minutes" | "m" => "min",
        "volt" | "volts" => "V",
        "hertz" => "Hz",
        "ohms" => "Ohm",
        _ => "",
    };
    let same_letters = |unit: &&Unit| unit.suffix.eq_ignore_ascii_case(&suffix);
    UNITS
        .iter()
        .find(|unit| unit.suffix == in_words)
        .or_else(|| UNITS.iter().find(same_letters))
        .or_else(|| {
            // One slip; in a suffix of one letter that is no likeness any more.
            let near = |unit: &&Unit| {
                suffix.len() > 1 && unit.suffix.len() > 1 && distance(&suffix, unit.suffix) == 1
            };
            UNITS.iter().find(near)
        })
}

/// All suffixes, for messages: "us, ms, s, ...".
pub fn suffixes() -> String {
    UNITS
        .iter()
        .map(|unit| unit.suffix)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn decimal_literals_become_the_nearest_double() {
        for (digits, suffix, expected) in [
            ("50", "us", 0.05),
            ("0.1", "s", 100.0),
            ("1_000", "us", 1.0),
            ("1.5e3", "mV", 1500.0),
            ("50e-3", "s", 50.0),
            ("100", "MOhm", 0.1),
            ("2", "min", 120_000.0),
            ("0.35", "nA", 350.0),
            ("1.1", "kHz", 1100.0),
        ] {
            assert_eq!(
                parse(suffix).unwrap().literal(digits),
                Some(expected),
                "{digits}{suffix}"
            );
        }
        assert_eq!(parse("us").unwrap().to_base(50.0), 0.05);
        assert_eq!(parse("ms").unwrap().literal("0x10"), None);
        assert_eq!(parse("ms").unwrap().literal(""), None);
        assert_eq!(parse("ms").unwrap().literal("nan"), None);
    }

    #[test]
    fn every_spelling_of_micro_and_ohm_is_known() {
        assert_eq!(parse("\u{b5}s").unwrap().suffix, "us");
        assert_eq!(parse("\u{3bc}s").unwrap().suffix, "us");
        assert_eq!(parse("G\u{3a9}").unwrap().suffix, "GOhm");
        assert_eq!(parse("mv"), None);
    }

    #[test]
    fn the_likely_unit_is_suggested() {
        assert_eq!(suggest("mv").unwrap().suffix, "mV");
        assert_eq!(suggest("msec").unwrap().suffix, "ms");
        assert_eq!(suggest("GOm").unwrap().suffix, "GOhm");
        assert_eq!(suggest("parsec"), None);
    }

    #[test]
    fn base_units_fit_together() {
        use Dimension::*;
        assert_eq!(Resistance.product(Current), Some((Potential, 1.0)));
        assert_eq!(Capacitance.product(Resistance), Some((Time, 1.0)));
        assert_eq!(Potential.quotient(Resistance), Some((Current, 1.0)));
        assert_eq!(Time.product(Frequency), Some((None, 1e-3)));
        assert_eq!(None.quotient(Time), Some((Frequency, 1000.0)));
        assert_eq!(Time.quotient(Time), Some((None, 1.0)));
        assert_eq!(Time.product(Time), Option::None);
        assert_eq!(Dimension::of_base_unit("mV"), Some(Potential));
    }
}
