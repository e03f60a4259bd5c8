//! Uniform numbers.

use crate::core::initializer::{Cast, Initializer, scaled_uniform};
use crate::prelude::*;

/// Uniform numbers: `scale u` with `u` in [0, 1), clipped to the bounds.
///
/// ```
/// use spark::prelude::*;
/// let uniform = UniformInitializer { scale: 20.0, min_value: Some(5.0), ..Default::default() };
/// let values = Initializer::draw(&uniform, Key::from_seed(0), &Shape::from([100]), &Cast::default());
/// assert!(values.iter().all(|value| (5.0..20.0).contains(value)));
/// ```
#[register_initializer]
pub struct UniformInitializer {
    /// Factor.
    #[field(default = 1.0)]
    pub scale: f64,
    /// Lower bound: what is below becomes the bound.
    #[field(default = None)]
    pub min_value: Option<f64>,
    /// Upper bound: what is above becomes the bound.
    #[field(default = None)]
    pub max_value: Option<f64>,
}

impl Initializer for UniformInitializer {
    fn draw(&self, key: Key, shape: &Shape, cast: &Cast) -> Vec<f32> {
        let values = scaled_uniform(key, shape.count(), cast.scale.unwrap_or(self.scale));
        cast.finish(values, self.min_value, self.max_value)
    }
}
