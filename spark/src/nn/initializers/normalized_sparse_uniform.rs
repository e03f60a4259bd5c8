//! Sparse uniform numbers of a fixed sum.

use super::sparse_uniform::sparse;
use crate::core::initializer::{Cast, Initializer};
use crate::prelude::*;

/// Uniform numbers with probability `density`, else 0, divided by their sum over all axes that are not in `norm_axes`, then
/// multiplied by `scale`.
///
/// Synapses set `norm_axes` to the axes of the post units: then the weights into each unit sum up to `scale`.
///
/// ```
/// use spark::prelude::*;
/// let weights = NormalizedSparseUniformInitializer { scale: 3.0, ..Default::default() };
/// let values = Initializer::draw(&weights, Key::from_seed(0), &Shape::from([2, 50]), &Cast::default());
/// for unit in values.chunks(50) {
///     assert!((unit.iter().sum::<f32>() - 3.0).abs() < 1e-5);
/// }
/// ```
#[register_initializer]
pub struct NormalizedSparseUniformInitializer {
    /// The sum.
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
    /// Axes that keep a sum of their own.
    #[field(default = [0])]
    pub norm_axes: Vec<usize>,
}

impl Initializer for NormalizedSparseUniformInitializer {
    fn draw(&self, key: Key, shape: &Shape, cast: &Cast) -> Vec<f32> {
        let mut values = sparse(key, shape.count(), 1.0, self.density);
        let groups = groups(shape, cast.norm_axes.as_deref().unwrap_or(&self.norm_axes));
        let mut sums = vec![0.0f64; groups.iter().max().map_or(0, |last| last + 1)];
        values
            .iter()
            .zip(&groups)
            .for_each(|(value, &group)| sums[group] += f64::from(*value));
        let scale = cast.scale.unwrap_or(self.scale) as f32;
        for (value, &group) in values.iter_mut().zip(&groups) {
            let sum = sums[group] as f32;
            let factor = if sum == 0.0 { 1.0 } else { 1.0 / sum };
            *value = scale * (*value * factor);
        }
        cast.finish(values, self.min_value, self.max_value)
    }
}

/// Which sum each element belongs to, in C order.
fn groups(shape: &[usize], norm_axes: &[usize]) -> Vec<usize> {
    let mut groups = vec![0];
    for (axis, &size) in shape.iter().enumerate() {
        let own = norm_axes.contains(&axis);
        let next = |group: usize| (0..size).map(move |i| if own { group * size + i } else { group });
        groups = groups.into_iter().flat_map(next).collect();
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_into_each_unit_sum_up_to_the_scale() {
        let initializer = NormalizedSparseUniformInitializer {
            scale: 3.0,
            density: 0.5,
            ..Default::default()
        };
        let values = Initializer::draw(
            &initializer,
            Key::from_seed(4),
            &Shape::from([5, 40]),
            &Cast::default(),
        );
        for unit in values.chunks(40) {
            assert!((unit.iter().sum::<f32>() - 3.0).abs() < 1e-5);
        }
    }

    #[test]
    fn sums_are_kept_per_index_of_the_kept_axes() {
        assert_eq!(groups(&[2, 3], &[0]), [0, 0, 0, 1, 1, 1]);
        assert_eq!(groups(&[2, 3], &[1]), [0, 1, 2, 0, 1, 2]);
        assert_eq!(groups(&[2, 2], &[0, 1]), [0, 1, 2, 3]);
    }
}
