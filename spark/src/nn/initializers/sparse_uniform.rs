//! Uniform numbers at some places.

use crate::core::initializer::{Cast, Initializer, scaled_uniform, sparse_mask};
use crate::prelude::*;

/// Uniform numbers with probability `density`, else 0.
///
/// The bounds are applied last, so a lower bound above 0 lifts the zeros too. The draw that decides and `density` are
/// compared in half precision.
///
/// ```
/// use spark::prelude::*;
/// let sparse = SparseUniformInitializer { scale: 2.0, density: 0.25, ..Default::default() };
/// let values = Initializer::draw(&sparse, Key::from_seed(0), &Shape::from([100, 100]), &Cast::default());
/// let share = values.iter().filter(|value| **value > 0.0).count() as f64 / 10_000.0;
/// assert!((0.23..0.27).contains(&share));
/// ```
#[register_initializer]
pub struct SparseUniformInitializer {
    /// Factor.
    #[field(default = 1.0)]
    pub scale: f64,
    /// Lower bound: what is below becomes the bound.
    #[field(default = None)]
    pub min_value: Option<f64>,
    /// Upper bound: what is above becomes the bound.
    #[field(default = None)]
    pub max_value: Option<f64>,
    /// Expected part of elements that are not 0.
    #[field(default = 0.2, validate(TypeValidator, ZeroOneValidator))]
    pub density: f64,
}

impl Initializer for SparseUniformInitializer {
    fn draw(&self, key: Key, shape: &Shape, cast: &Cast) -> Vec<f32> {
        let values = sparse(key, shape.count(), cast.scale.unwrap_or(self.scale), self.density);
        cast.finish(values, self.min_value, self.max_value)
    }
}

/// Uniform numbers up to `scale` with probability `density`, else 0.
pub(super) fn sparse(key: Key, count: usize, scale: f64, density: f64) -> Vec<f32> {
    let (values_key, mask_key) = key.split_in_two();
    let mut values = scaled_uniform(values_key, count, scale);
    for (value, keep) in values.iter_mut().zip(sparse_mask(mask_key, count, density)) {
        if !keep {
            *value = 0.0;
        }
    }
    values
}
