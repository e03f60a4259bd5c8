//! The same number everywhere.

use crate::core::initializer::{Cast, Initializer};
use crate::prelude::*;

/// The same number everywhere: `scale`. The bounds are not used.
///
/// ```
/// use spark::prelude::*;
/// let same = ConstantInitializer { scale: 2.5, ..Default::default() };
/// assert_eq!(Initializer::draw(&same, Key::from_seed(0), &Shape::from([3]), &Cast::default()), [2.5, 2.5, 2.5]);
/// ```
#[register_initializer]
pub struct ConstantInitializer {
    /// The number.
    #[field(default = 1.0)]
    pub scale: f64,
    /// Not used.
    #[field(default = None)]
    pub min_value: Option<f64>,
    /// Not used.
    #[field(default = None)]
    pub max_value: Option<f64>,
}

impl Initializer for ConstantInitializer {
    fn draw(&self, _key: Key, shape: &Shape, cast: &Cast) -> Vec<f32> {
        let scale = cast.scale.unwrap_or(self.scale) as f32;
        Cast::to(cast.dtype).finish(vec![scale; shape.count()], None, None)
    }
}
