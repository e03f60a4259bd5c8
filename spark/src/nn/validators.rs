//! Validators of config fields.

use spark_ir::table::Range;

use crate::core::field::FieldView;
use crate::core::validator::ConfigValidator;
use crate::prelude::*;

/// Takes every value: the type of the field has checked it. Stands where the Python package names it.
///
/// ```
/// use spark::core::field::FieldValue;
/// use spark::prelude::*;
/// assert!(TypeValidator::check(&Ms(-1.0).view()).is_ok());
/// ```
#[register_cfg_validator]
pub struct TypeValidator;

impl ConfigValidator for TypeValidator {}

/// Numbers greater than zero.
///
/// ```
/// use spark::core::field::FieldValue;
/// use spark::prelude::*;
/// assert!(PositiveValidator::check(&Ms(5.0).view()).is_ok());
/// assert_eq!(PositiveValidator::check(&Ms(0.0).view()), Err("a positive number is needed, not 0".to_owned()));
/// ```
#[register_cfg_validator]
pub struct PositiveValidator;

impl ConfigValidator for PositiveValidator {
    const RANGE: Option<Range> = Some(Range {
        min: 0.0,
        min_open: true,
        max: f64::INFINITY,
        max_open: false,
        text: "a positive number",
    });
}

/// Numbers that are zero or greater.
///
/// ```
/// use spark::core::field::FieldValue;
/// use spark::prelude::*;
/// assert!(NonNegativeValidator::check(&Ms(0.0).view()).is_ok());
/// assert!(NonNegativeValidator::check(&Ms(-1.0).view()).is_err());
/// ```
#[register_cfg_validator]
pub struct NonNegativeValidator;

impl ConfigValidator for NonNegativeValidator {
    const RANGE: Option<Range> = Some(Range {
        min: 0.0,
        min_open: false,
        max: f64::INFINITY,
        max_open: false,
        text: "a number of 0 or more",
    });
}

/// Numbers that are 0 or 1.
///
/// ```
/// use spark::core::field::FieldValue;
/// use spark::prelude::*;
/// assert!(BinaryValidator::check(&vec![0.0, 1.0].view()).is_ok());
/// assert!(BinaryValidator::check(&0.5.view()).is_err());
/// ```
#[register_cfg_validator]
pub struct BinaryValidator;

impl ConfigValidator for BinaryValidator {
    fn check(value: &FieldView<'_>) -> Result<(), String> {
        match value
            .numbers()
            .iter()
            .find(|number| **number != 0.0 && **number != 1.0)
        {
            Some(other) => Err(format!("0 or 1 is needed, not {other}")),
            None => Ok(()),
        }
    }
}

/// Numbers from 0 to 1.
///
/// ```
/// use spark::core::field::FieldValue;
/// use spark::prelude::*;
/// assert!(ZeroOneValidator::check(&0.2.view()).is_ok());
/// assert!(ZeroOneValidator::check(&1.5.view()).is_err());
/// ```
#[register_cfg_validator]
pub struct ZeroOneValidator;

impl ConfigValidator for ZeroOneValidator {
    const RANGE: Option<Range> = Some(Range {
        min: 0.0,
        min_open: false,
        max: 1.0,
        max_open: false,
        text: "a number from 0 to 1",
    });
}
