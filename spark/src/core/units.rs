//! Quantities with a unit. The number inside is always in the base unit that the type is named after.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// A number with a unit, or a pure number.
///
/// ```
/// use spark::units::{Ms, Quantity};
/// fn double<Q: Quantity>(quantity: Q) -> Q {
///     Q::new(2.0 * quantity.value())
/// }
/// assert_eq!(double(Ms(4.0)), Ms(8.0));
/// assert_eq!(<Ms as Quantity>::UNIT, "ms");
/// ```
pub trait Quantity: Copy + PartialEq + PartialOrd + fmt::Debug + Send + Sync + 'static {
    /// The unit of [`Quantity::value`]; empty for a pure number.
    const UNIT: &'static str;
    /// From a number in that unit.
    fn new(value: f64) -> Self;
    /// The number in that unit.
    fn value(self) -> f64;
}

impl Quantity for f64 {
    const UNIT: &'static str = "";
    fn new(value: f64) -> Self {
        value
    }
    fn value(self) -> f64 {
        self
    }
}

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        #[repr(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// The unit of the number inside.
            pub const UNIT: &'static str = $unit;

            /// The number inside.
            pub const fn value(self) -> f64 {
                self.0
            }

            /// The magnitude.
            pub const fn abs(self) -> Self {
                $name(self.0.abs())
            }
        }

        impl Quantity for $name {
            const UNIT: &'static str = $unit;
            fn new(value: f64) -> Self {
                $name(value)
            }
            fn value(self) -> f64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)?;
                f.write_str(concat!(" ", $unit))
            }
        }

        impl Add for $name {
            type Output = $name;
            fn add(self, other: $name) -> $name {
                $name(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = $name;
            fn sub(self, other: $name) -> $name {
                $name(self.0 - other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: $name) {
                self.0 += other.0;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: $name) {
                self.0 -= other.0;
            }
        }
        impl Neg for $name {
            type Output = $name;
            fn neg(self) -> $name {
                $name(-self.0)
            }
        }
        impl Mul<f64> for $name {
            type Output = $name;
            fn mul(self, factor: f64) -> $name {
                $name(self.0 * factor)
            }
        }
        impl Mul<$name> for f64 {
            type Output = $name;
            fn mul(self, quantity: $name) -> $name {
                $name(self * quantity.0)
            }
        }
        impl Div<f64> for $name {
            type Output = $name;
            fn div(self, divisor: f64) -> $name {
                $name(self.0 / divisor)
            }
        }
        // Whole numbers too: `2 * 10ms` is what a network says.
        impl Mul<i32> for $name {
            type Output = $name;
            fn mul(self, factor: i32) -> $name {
                self * f64::from(factor)
            }
        }
        impl Mul<$name> for i32 {
            type Output = $name;
            fn mul(self, quantity: $name) -> $name {
                quantity * self
            }
        }
        impl Div<i32> for $name {
            type Output = $name;
            fn div(self, divisor: i32) -> $name {
                self / f64::from(divisor)
            }
        }
        impl Div for $name {
            type Output = f64;
            fn div(self, other: $name) -> f64 {
                self.0 / other.0
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = $name>>(items: I) -> $name {
                items.fold($name(0.0), Add::add)
            }
        }
    };
}

unit!(
    /// Time in milliseconds.
    ///
    /// ```
    /// use spark::units::{Hz, Ms};
    /// let period = Ms(8.0) + 2.0 * Ms(1.0);
    /// assert_eq!(period, Ms(10.0));
    /// assert_eq!(period / Ms(4.0), 2.5);
    /// assert_eq!(period * Hz(100.0), 1.0);
    /// assert_eq!(period.to_string(), "10 ms");
    /// ```
    Ms, "ms"
);
unit!(
    /// Potential in millivolts.
    ///
    /// ```
    /// use spark::units::Mv;
    /// let threshold = Mv(-40.0);
    /// assert_eq!(threshold - Mv(-60.0), Mv(20.0));
    /// assert_eq!((-threshold).value(), 40.0);
    /// ```
    Mv, "mV"
);
unit!(
    /// Frequency in hertz.
    Hz, "Hz"
);
unit!(
    /// Resistance in gigaohms.
    ///
    /// ```
    /// use spark::units::{GOhm, Ms, Mv, PAmp, PFarad};
    /// assert_eq!(GOhm(0.1) * PAmp(300.0), Mv(30.0));
    /// assert_eq!(GOhm(0.1) * PFarad(200.0), Ms(20.0));
    /// ```
    GOhm, "GOhm"
);
unit!(
    /// Current in picoamperes.
    PAmp, "pA"
);
unit!(
    /// Capacitance in picofarads: times a resistance in gigaohms it is a time in milliseconds.
    PFarad, "pF"
);
unit!(
    /// Conductance in nanosiemens.
    ///
    /// ```
    /// use spark::units::{Mv, NSiemens, PAmp};
    /// assert_eq!(NSiemens(2.0) * Mv(60.0), PAmp(120.0));
    /// ```
    NSiemens, "nS"
);

impl Mul<PFarad> for GOhm {
    type Output = Ms;
    /// The membrane time constant, R times C.
    fn mul(self, capacitance: PFarad) -> Ms {
        Ms(self.0 * capacitance.0)
    }
}

impl Mul<PAmp> for GOhm {
    type Output = Mv;
    /// Ohm's law.
    fn mul(self, current: PAmp) -> Mv {
        Mv(self.0 * current.0)
    }
}

impl Mul<Mv> for NSiemens {
    type Output = PAmp;
    /// Ohm's law.
    fn mul(self, potential: Mv) -> PAmp {
        PAmp(self.0 * potential.0)
    }
}

impl Mul<Hz> for Ms {
    type Output = f64;
    /// The mean number of events at this frequency in this time.
    fn mul(self, frequency: Hz) -> f64 {
        self.0 * frequency.0 / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_compute_in_their_unit() {
        assert_eq!(Ms(8.0) + Ms(2.0), Ms(10.0));
        assert_eq!(2.0 * -Mv(40.0), Mv(-80.0));
        assert_eq!(2 * Ms(4.0) / 4, Ms(2.0));
        assert_eq!(Ms(10.0) / Ms(4.0), 2.5);
        assert_eq!(GOhm(0.1) * PFarad(200.0), Ms(20.0));
        assert_eq!(GOhm(0.1) * PAmp(300.0), Mv(30.0));
        assert_eq!(Ms(100.0) * Hz(40.0), 4.0);
        assert!(Hz(1.0) < Hz(2.0));
    }

    #[test]
    fn quantities_print_with_and_serialise_without_their_unit() {
        assert_eq!(Ms(8.0).to_string(), "8 ms");
        assert_eq!(format!("{:.2}", NSiemens(1.5)), "1.50 nS");
        assert_eq!(serde_json::to_string(&Ms(8.5)).unwrap(), "8.5");
        assert_eq!(serde_json::from_str::<Mv>("-40").unwrap(), Mv(-40.0));
    }
}
