//! Floating point numbers, of all elements or of the synapses that there are.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayViewD, ArrayViewMutD, IxDyn};
use spark_ir::table::PayloadTable;

use super::arrays::copy_all;
use super::deferred::{Deferrable, Deferral, Deferred};
use super::rows::{Rows, RowsMut, Spread};
use super::{Concat, DelayPlan, Shape, SparkPayload, Topology};
use crate::core::array::{ArrayD, Element, Real, array_from_vec, hollow, standard};
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
#[derive(Debug, Clone)]
pub struct FloatArray {
    shape: Shape,
    /// The values of all elements, or one per synapse.
    array: ArrayD<Real>,
    topology: Option<Arc<Topology>>,
    /// The values in place of `array`, if their rows are spread.
    spread: Option<Spread>,
    /// How many rows to spread the values into whenever they are read back, if they are to be.
    rows: Option<usize>,
    /// The values in place of `array` and `spread`, if updates of them wait.
    deferral: Option<Deferral>,
}

impl FloatArray {
    const PAYLOAD: PayloadTable = PayloadTable {
        name: "FloatArray",
        key: "float_array",
        origin: module_path!(),
        concatenates: true,
        doc: "Floating point numbers.",
    };

    /// From an array.
    pub fn new(array: ArrayD<Real>) -> Self {
        let array = standard(array);
        Self::from_standard(Shape::from(array.shape()), array)
    }

    /// From elements in C order.
    pub fn from_vec(shape: impl Into<Shape>, data: Vec<Real>) -> Result<Self, ArrayError> {
        let shape = shape.into();
        let array = array_from_vec(&shape, data)?;
        Ok(Self::from_standard(shape, array))
    }

    /// The payload of this shape with the same value everywhere.
    pub fn filled(shape: impl Into<Shape>, value: Real) -> Self {
        let shape = shape.into();
        let array = ArrayD::from_elem(IxDyn(&shape), value);
        Self::from_standard(shape, array)
    }

    fn from_standard(shape: Shape, array: ArrayD<Real>) -> Self {
        FloatArray {
            shape,
            array,
            topology: None,
            spread: None,
            rows: None,
            deferral: None,
        }
    }

    /// Its shape.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The values.
    pub fn array(&self) -> &ArrayD<Real> {
        match (self.deferred(), &self.spread) {
            (Some(deferred), _) => deferred.array(&self.shape),
            (None, Some(spread)) => spread.array(&self.shape),
            (None, None) => &self.array,
        }
    }

    /// The values.
    pub fn view(&self) -> ArrayViewD<'_, Real> {
        self.array().view()
    }

    /// The values in C order.
    pub fn as_slice(&self) -> &[Real] {
        // The layout is standard from construction on, so there always is a slice.
        self.array().as_slice().unwrap_or_default()
    }

    /// Gives the values up.
    pub fn into_array(mut self) -> ArrayD<Real> {
        self.gather_rows();
        self.array
    }

    /// The values, to be changed.
    pub fn view_mut(&mut self) -> ArrayViewMutD<'_, Real> {
        self.gather_rows();
        self.array.view_mut()
    }

    /// The values in C order, to be changed.
    pub fn as_mut_slice(&mut self) -> &mut [Real] {
        self.gather_rows();
        self.array.as_slice_mut().unwrap_or_default()
    }

    /// Gives every element the same value.
    pub fn fill(&mut self, value: Real) {
        self.as_mut_slice().fill(value);
    }

    /// Keeps the values so that walking down a column is fast, if it would be slow. Who asks for the values in C order to
    /// change them puts them back for good.
    pub(crate) fn spread_rows(&mut self, rows: usize) {
        if self.topology.is_none() {
            self.rows = Some(rows);
            self.spread_again();
        }
    }

    fn spread_again(&mut self) {
        let Some(rows) = self.rows.filter(|_| self.spread.is_none()) else {
            return;
        };
        self.spread = Spread::of(self.array.as_slice().unwrap_or_default(), rows);
        if self.spread.is_some() {
            self.array = hollow();
        }
    }

    /// Puts spread values back into C order.
    fn gather_rows(&mut self) {
        if self.settle() {
            self.rows = None;
        }
        if let Some(spread) = self.spread.take() {
            self.array = spread.into_array(&self.shape);
            self.rows = None;
        }
    }

    /// Says that these are the weights of synapses with these delays, one per pair, so that the updates of a learning rule
    /// may wait. See [`Deferred`].
    #[doc(hidden)]
    pub fn allow_deferral(&mut self, plan: Arc<DelayPlan>) {
        if self.topology.is_none() && self.shape.count() == plan.count() {
            self.deferral = Some(Deferral::new(plan));
        }
    }

    /// The values, if updates of them wait.
    pub(crate) fn deferred(&self) -> Option<&Deferred> {
        self.deferral.as_ref()?.kept.as_deref()
    }

    /// The values, for the rule that lets updates of them wait; begins it. None if it has to update them itself for now: a
    /// weight is negative, or somebody has written them lately.
    pub(crate) fn defer(&mut self) -> Option<&mut Deferred> {
        if self.deferred().is_none() {
            let rows = match &self.spread {
                Some(spread) => spread.rows(),
                None => Rows::dense(self.array.as_slice().unwrap_or_default()),
            };
            let deferral = self.deferral.as_mut()?;
            deferral.begin(rows);
            deferral.kept.as_ref()?;
            self.spread = None;
            self.array = hollow();
        }
        self.deferral.as_mut()?.kept.as_deref_mut()
    }

    /// Adds what waits and lets nothing wait any more.
    fn settle(&mut self) -> bool {
        let settled = self.deferral.as_mut().and_then(|it| it.settle(&self.shape));
        let any = settled.is_some();
        if let Some(array) = settled {
            self.array = array;
        }
        any
    }

    /// The values row by row: where they stand and how far the rows are apart. Those of a sparse array are one row.
    pub(crate) fn rows(&self) -> Rows<'_> {
        match (self.deferred(), &self.spread) {
            (None, Some(spread)) => spread.rows(),
            _ => Rows::dense(self.as_slice()),
        }
    }

    /// The same, to be changed.
    pub(crate) fn rows_mut(&mut self) -> RowsMut<'_> {
        if self.settle() {
            self.spread_again();
        }
        match &mut self.spread {
            Some(spread) => spread.rows_mut(),
            None => RowsMut::dense(self.array.as_slice_mut().unwrap_or_default()),
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
            spread: None,
            rows: None,
            deferral: None,
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

impl PartialEq for FloatArray {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.topology == other.topology && self.as_slice() == other.as_slice()
    }
}

impl From<ArrayD<Real>> for FloatArray {
    fn from(array: ArrayD<Real>) -> Self {
        FloatArray::new(array)
    }
}

impl From<Vec<Real>> for FloatArray {
    fn from(values: Vec<Real>) -> Self {
        FloatArray::new(ndarray::Array1::from_vec(values).into_dyn())
    }
}

impl<const N: usize> From<[Real; N]> for FloatArray {
    fn from(values: [Real; N]) -> Self {
        FloatArray::from(values.to_vec())
    }
}

impl From<ArrayView1<'_, Real>> for FloatArray {
    fn from(values: ArrayView1<'_, Real>) -> Self {
        FloatArray::new(values.to_owned().into_dyn())
    }
}

impl StateValue for FloatArray {
    fn save(&self, reader: &mut StateReader<'_>) {
        match (self.deferred(), &self.spread) {
            (Some(deferred), _) => reader.value("", &self.shape, || deferred.array(&self.shape).clone()),
            (None, Some(spread)) => reader.value("", &self.shape, || spread.clone().into_array(&self.shape)),
            (None, None) => reader.array("", &self.array),
        }
        if let Some(deferral) = &self.deferral {
            deferral.save(reader);
        }
    }
    fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
        let (rows, kept) = (self.rows, self.deferral.as_mut().and_then(|it| it.kept.take()));
        match &kept {
            Some(deferred) => self.array = deferred.array(&self.shape).clone(),
            None => self.gather_rows(),
        }
        visitor.array("", &mut self.array);
        if let Some(deferral) = &mut self.deferral {
            deferral.visit(visitor, kept, &self.array);
        }
        self.rows = rows;
        if self.deferred().is_some() {
            self.array = hollow();
        } else {
            self.spread_again();
        }
    }
}

impl Concat for FloatArray {
    fn concat_into(into: &mut Self, parts: &[&Self]) {
        let total: usize = parts.iter().map(|part| part.as_slice().len()).sum();
        if into.as_slice().len() != total {
            *into = FloatArray::zeros(&Shape::from(total));
        }
        copy_all(into.as_mut_slice(), parts.iter().map(|part| part.as_slice()));
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
            newer.rows().copy_into(self.as_mut_slice());
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
    fn deferrable(&self) -> Option<&Arc<Deferrable>> {
        self.deferral.as_ref().map(|deferral| &deferral.may)
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
