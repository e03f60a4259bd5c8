//! Validators of configuration fields.

pub use spark_ir::table::Range;
use spark_ir::table::ValidatorTable;

use crate::core::config::Check;
use crate::core::field::FieldView;

/// A check of a field's value.
///
/// ```
/// use spark::core::field::FieldValue;
/// use spark::core::validator::Range;
/// use spark::prelude::*;
///
/// /// Angles.
/// #[register_cfg_validator]
/// pub struct AngleValidator;
///
/// impl ConfigValidator for AngleValidator {
///     const RANGE: Option<Range> =
///         Some(Range { min: 0.0, min_open: false, max: 360.0, max_open: true, text: "an angle below 360" });
/// }
///
/// # fn main() {
/// assert!(AngleValidator::check(&90.0.view()).is_ok());
/// assert_eq!(AngleValidator::check(&360.0.view()), Err("an angle below 360 is needed, not 360".to_owned()));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no validator",
    note = "a validator is a unit struct with `#[register_cfg_validator]` and `impl ConfigValidator`"
)]
pub trait ConfigValidator {
    /// The range that every number must lie in: literals are then checked while compiling, and what initializers draw
    /// when a module is built.
    const RANGE: Option<Range> = None;

    /// Whether the value is as it should be, or what should be otherwise. Unless it is written, the range decides.
    fn check(value: &FieldView<'_>) -> Result<(), String> {
        let Some(range) = Self::RANGE else { return Ok(()) };
        match value.numbers().iter().find(|number| !range.contains(**number)) {
            Some(outside) => Err(format!("{} is needed, not {outside}", range.text)),
            None => Ok(()),
        }
    }
}

/// What `#[register_cfg_validator]` adds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no registered validator",
    note = "a validator is a unit struct with `#[register_cfg_validator]` and `impl ConfigValidator`"
)]
pub trait RegisteredValidator {
    /// Name, range, documentation.
    const TABLE: &'static ValidatorTable;
    /// Its check.
    const CHECK: Check;
}
