//! Floating point numbers, of all elements or of the synapses that there are.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayViewD, ArrayViewMutD, IxDyn};
use spark_ir::table::PayloadTable;

use super::arrays::{changeable, common, copy_all};
use super::{Concat, Shape, SparkPayload, Topology};
use crate::core::array::{ArrayD, Element, Real, array_from_vec, standard};
use crate::core::dtype::Dtype;
use crate::core::error::ArrayError;
use crate::core::state::{StateReader, StateValue, StateVisitor};

/// Floating point numbers.
///
/// ```
/// use spark::{FloatArray, Shape};
/// # fn main() -> Result<(), spark::ArrayError> {
/// let values = FloatArray::from_vec([2, 1], vec![0.5, -1.0])?;
/// assert_eq!(values.shape(), &Shape::from([2, 1]));
/// assert_eq!(values.as_slice(), [0.5, -1.0]);
/// assert_eq!(FloatArray::from([0.5, -1.0]).shape(), &Shape::from(2));
/// # Ok(())
/// # }
/// ```
///
/// A kernel of few synapses is *sparse*: it has the shape of all pairs of neurons, but holds the values of the synapses of
/// a [`Topology`] only, in its order.
///
/// ```
/// use std::sync::Arc;
/// use spark::{FloatArray, Shape};
/// use spark::core::payload::Topology;
/// # fn main() -> Result<(), spark::ArrayError> {
/// let topology = Arc::new(Topology::from_pairs(2, 2, &[(1, 0), (0, 1)])?);
/// let kernel = FloatArray::sparse([2, 2], topology, vec![1.5, 2.0])?;
/// assert_eq!((kernel.shape(), kernel.as_slice()), (&Shape::from([2, 2]), &[1.5, 2.0][..]));
/// assert_eq!(kernel.to_dense().as_slice(), [0.0, 2.0, 1.5, 0.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FloatArray {
    shape: Shape,
    /// The values of all elements, or one per synapse.
    array: ArrayD<Real>,
    topology: Option<Arc<Topology>>,
}

common!(FloatArray, Real, "float_array", "Floating point numbers.");
changeable!(FloatArray, Real);

impl FloatArray {
    fn from_standard(shape: Shape, array: ArrayD<Real>) -> Self {
        FloatArray {
            shape,
            array,
            topology: None,
        }
    }

    /// The values of the synapses of a topology, in its order; 0 at all other pairs of neurons. The shape has one element
    /// per pair, `post ++ pre`.
    pub fn sparse(
        shape: impl Into<Shape>,
        topology: Arc<Topology>,
        values: Vec<Real>,
    ) -> Result<Self, ArrayError> {
        let shape = shape.into();
        let pairs = topology.post().saturating_mul(topology.pre());
        for (expected, found) in [(shape.count(), pairs), (topology.len(), values.len())] {
            if expected != found {
                return Err(ArrayError::Count {
                    shape: shape.to_vec(),
                    expected,
                    found,
                });
            }
        }
        Ok(FloatArray {
            shape,
            array: ndarray::Array1::from_vec(values).into_dyn(),
            topology: Some(topology),
        })
    }

    /// The synapses whose values it holds, if it is sparse.
    pub fn topology(&self) -> Option<&Arc<Topology>> {
        self.topology.as_ref()
    }

    /// With the values of all elements; those of several synapses between two neurons are added up.
    pub fn to_dense(&self) -> FloatArray {
        let Some(topology) = &self.topology else {
            return self.clone();
        };
        let mut dense = FloatArray::filled(self.shape.clone(), 0.0);
        let values = dense.as_mut_slice();
        for ((post, pre), value) in topology.pairs().zip(self.as_slice()) {
            values[post * topology.pre() + pre] += value;
        }
        dense
    }

    /// Whether both hold the values of the same elements in the same order.
    fn same_layout(&self, other: &Self) -> bool {
        self.shape == other.shape
            && match (&self.topology, &other.topology) {
                (None, None) => true,
                (Some(own), Some(other)) => Arc::ptr_eq(own, other) || own == other,
                _ => false,
            }
    }
}

#[diagnostic::do_not_recommend]
impl SparkPayload for FloatArray {
    const TABLE: &'static PayloadTable = &Self::PAYLOAD;

    fn gather(into: &mut Self, parts: &[&Self]) {
        Self::concat_into(into, parts);
    }

    fn zeros(shape: &Shape) -> Self {
        FloatArray::filled(shape.clone(), 0.0)
    }
    fn shape(&self) -> &Shape {
        &self.shape
    }
    fn dtype(&self) -> Dtype {
        Real::DTYPE
    }
    fn clear(&mut self) {
        self.fill(0.0);
    }
    /// A sparse array takes what an array of all elements holds at its synapses.
    fn latch(&mut self, newer: &Self) {
        if self.same_layout(newer) {
            self.as_mut_slice().copy_from_slice(newer.as_slice());
            return;
        }
        match &self.topology {
            Some(topology) if self.shape == newer.shape && newer.topology.is_none() => {
                let topology = Arc::clone(topology);
                let dense = newer.as_slice();
                let pairs = topology.pairs();
                for ((post, pre), value) in pairs.zip(self.as_mut_slice()) {
                    *value = dense[post * topology.pre() + pre];
                }
            }
            _ => *self = newer.clone(),
        }
    }
    fn topology(&self) -> Option<&Arc<Topology>> {
        self.topology.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernel(values: Vec<Real>) -> FloatArray {
        let topology = Arc::new(Topology::from_pairs(2, 2, &[(1, 0), (0, 1)]).unwrap());
        FloatArray::sparse([2, 2], topology, values).unwrap()
    }

    #[test]
    fn a_sparse_array_needs_one_value_per_synapse_and_an_element_per_pair() {
        let topology = Arc::clone(kernel(vec![1.0, 2.0]).topology().unwrap());
        assert!(FloatArray::sparse([2, 2], Arc::clone(&topology), vec![1.0]).is_err());
        assert!(FloatArray::sparse([2, 3], topology, vec![1.0, 2.0]).is_err());
    }

    #[test]
    fn a_latch_keeps_the_synapses() {
        let mut sparse = kernel(vec![1.0, 2.0]);
        sparse.latch(&kernel(vec![3.0, 4.0]));
        assert_eq!(sparse, kernel(vec![3.0, 4.0]));
        let dense = FloatArray::from_vec([2, 2], vec![9.0, 6.0, 5.0, 9.0]).unwrap();
        sparse.latch(&dense);
        assert_eq!(sparse, kernel(vec![5.0, 6.0]));
        let mut other = dense;
        other.latch(&sparse);
        assert_eq!(other, sparse);
    }

    #[test]
    fn several_synapses_of_a_pair_are_one_dense_element() {
        let topology = Arc::new(Topology::from_pairs(1, 2, &[(0, 1), (0, 1)]).unwrap());
        let sparse = FloatArray::sparse([1, 2], topology, vec![1.0, 2.0]).unwrap();
        assert_eq!(sparse.to_dense().as_slice(), [0.0, 3.0]);
    }
}
