//! Sizes of an array.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use spark_ir::shape::{ConstValue, Dims};

/// Sizes of an array, from the outermost on. Without any size it is the shape of a single number; as `units` of a
/// config it means "not said".
///
/// ```
/// use spark::Shape;
/// let units = Shape::from([8, 4]);
/// assert_eq!(units.count(), 32);
/// assert_eq!(units.append(&Shape::from(10)), Shape::from([8, 4, 10]));
/// assert_eq!(units.to_string(), "[8, 4]");
/// ```
#[derive(Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// The number of elements.
    pub fn count(&self) -> usize {
        self.0.iter().copied().fold(1, usize::saturating_mul)
    }

    /// As a slice.
    pub fn as_slice(&self) -> &[usize] {
        &self.0
    }

    /// With the sizes of `other` behind its own.
    pub fn append(&self, other: &Shape) -> Shape {
        Shape(self.0.iter().chain(&other.0).copied().collect())
    }

    /// As the checks of `network!` see it; unknown beyond their number of dimensions.
    pub fn known(&self) -> ConstValue {
        ConstValue::dims(&self.0)
    }
}

impl Clone for Shape {
    fn clone(&self) -> Self {
        Shape(self.0.clone())
    }

    /// Payloads are latched every step: the room is used again.
    fn clone_from(&mut self, source: &Self) {
        self.0.clone_from(&source.0);
    }
}

impl Deref for Shape {
    type Target = [usize];
    fn deref(&self) -> &[usize] {
        &self.0
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(sizes: [usize; N]) -> Self {
        Shape(sizes.to_vec())
    }
}

impl<const N: usize> From<&[usize; N]> for Shape {
    fn from(sizes: &[usize; N]) -> Self {
        Shape(sizes.to_vec())
    }
}

impl From<&[usize]> for Shape {
    fn from(sizes: &[usize]) -> Self {
        Shape(sizes.to_vec())
    }
}

impl From<Vec<usize>> for Shape {
    fn from(sizes: Vec<usize>) -> Self {
        Shape(sizes)
    }
}

impl From<usize> for Shape {
    fn from(size: usize) -> Self {
        Shape(vec![size])
    }
}

impl From<&Shape> for Shape {
    fn from(shape: &Shape) -> Self {
        shape.clone()
    }
}

impl From<Dims> for Shape {
    fn from(dims: Dims) -> Self {
        Shape(dims.as_slice().to_vec())
    }
}

impl<const N: usize> PartialEq<[usize; N]> for Shape {
    fn eq(&self, sizes: &[usize; N]) -> bool {
        self.0 == sizes
    }
}

impl FromIterator<usize> for Shape {
    fn from_iter<I: IntoIterator<Item = usize>>(sizes: I) -> Self {
        Shape(sizes.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_prints_and_serialises_as_a_list() {
        let shape = Shape::from([4, 128]);
        assert_eq!(shape.to_string(), "[4, 128]");
        assert_eq!(serde_json::to_string(&shape).unwrap(), "[4,128]");
        assert_eq!(shape.count(), 512);
        assert_eq!(Shape::default().count(), 1);
        assert_eq!(Shape::from(3).append(&shape), [3, 4, 128]);
    }
}
