//! The same number everywhere.

use crate::core::initializer::{Cast, Initializer};
use crate::prelude::*;

/// The same number everywhere: `scale`. The bounds are not used.
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
