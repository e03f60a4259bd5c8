//! Spikes.

use std::sync::Arc;

use ndarray::IxDyn;
use spark_ir::table::PayloadTable;

use super::arriving::{Arriving, ArrivingCache};
use super::{Concat, DelayPlan, Mask, Shape, SparkPayload, SpikeRing};
use crate::core::array::{ArrayD, Real};
use crate::core::dtype::Dtype;
use crate::core::error::ArrayError;
use crate::core::state::{StateReader, StateValue, StateVisitor};

/// Spikes of one step, as events: the sorted indices of what fired. Cost follows the spikes, not the units.
///
/// There are three forms. *Plain*: one entry per unit. *Per synapse*: one entry per pair of units, `post ++ pre`.
/// *Delayed*: the presynaptic spikes of the last steps with a shared plan of delays; the same content as the second,
/// without ever writing it down.
///
/// ```
/// use spark::{Shape, SpikeArray};
/// # fn main() -> Result<(), spark::ArrayError> {
/// let spikes = SpikeArray::from_indices([2, 2], [3, 0])?;
/// assert_eq!(spikes.indices(), [0, 3]);
/// assert_eq!(spikes.count(), 2);
/// assert_eq!(spikes.value()[[1, 1]], 1.0);
/// assert!(SpikeArray::from_indices([2, 2], [4]).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SpikeArray {
    shape: Shape,
    form: Form,
    mask: Mask,
    /// Versions and lengths of the masks that this one was concatenated from.
    sources: Vec<(u64, usize, usize)>,
}

#[derive(Debug)]
enum Form {
    Plain(Vec<u32>),
    PerSynapse(Vec<u32>),
    Delayed(DelayedSpikes),
}

impl Clone for Form {
    fn clone(&self) -> Self {
        // A copy is as warm as what it was made from: steps do not allocate.
        let with_room = |indices: &Vec<u32>| {
            let mut copy = Vec::with_capacity(indices.capacity());
            copy.extend_from_slice(indices);
            copy
        };
        match self {
            Form::Plain(indices) => Form::Plain(with_room(indices)),
            Form::PerSynapse(indices) => Form::PerSynapse(with_room(indices)),
            Form::Delayed(delayed) => Form::Delayed(delayed.clone()),
        }
    }
}

/// The form of a spike payload, to be read.
#[derive(Debug, Clone, Copy)]
pub enum SpikeForm<'a> {
    /// Sorted indices of units.
    Plain(&'a [u32]),
    /// Sorted flat indices of synapses, `post ++ pre` in C order.
    PerSynapse(&'a [u32]),
    /// Presynaptic spikes of the last steps and the delays of the synapses.
    Delayed(&'a DelayedSpikes),
}

/// Presynaptic spikes of the last steps and the delays of the synapses.
///
/// ```
/// use std::sync::Arc;
/// use spark::SpikeArray;
/// use spark::core::payload::{DelayPlan, SpikeRing};
/// # fn main() -> Result<(), spark::ArrayError> {
/// // One unit with two inputs: from the first a spike takes no time, from the second two steps.
/// let plan = Arc::new(DelayPlan::new(1, 2, vec![0, 2])?);
/// let mut spikes = SpikeArray::delayed([1, 2], plan)?;
/// let mut fired = SpikeRing::new(2, 3);
/// let mut arrived = Vec::new();
/// for step in [&[0, 1][..], &[], &[]] {
///     fired.push(step);
///     spikes.follow(&fired);
///     arrived.push(spikes.to_flat());
/// }
/// assert_eq!(arrived, [vec![0], vec![], vec![1]]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct DelayedSpikes {
    plan: Arc<DelayPlan>,
    ring: SpikeRing,
    arriving: ArrivingCache,
}

impl DelayedSpikes {
    /// Without any spike yet.
    pub fn new(plan: Arc<DelayPlan>) -> Self {
        let ring = SpikeRing::new(plan.pre(), usize::from(plan.max_lag()) + 1);
        DelayedSpikes {
            plan,
            ring,
            arriving: ArrivingCache::default(),
        }
    }

    /// The delays.
    pub fn plan(&self) -> &Arc<DelayPlan> {
        &self.plan
    }

    /// The presynaptic spikes.
    pub fn ring(&self) -> &SpikeRing {
        &self.ring
    }

    /// The presynaptic spikes, to be changed.
    fn ring_mut(&mut self) -> &mut SpikeRing {
        self.arriving.forget();
        &mut self.ring
    }

    /// The presynaptic spikes of `lag` steps ago.
    pub fn past(&self, lag: usize) -> &[u32] {
        self.ring.past(lag)
    }

    /// Calls `event(post, pre)` for every synapse at which a spike arrives in this step; by lag, by presynaptic and by
    /// postsynaptic unit.
    pub fn for_each_event(&self, mut event: impl FnMut(u32, u32)) {
        for class in self.plan.classes() {
            for &pre in self.ring.past(usize::from(class.lag())) {
                class
                    .posts_of(pre as usize)
                    .for_each(|_, post| event(post as u32, pre));
            }
        }
    }

    /// The number of synapses at which a spike arrives in this step.
    pub fn count(&self) -> usize {
        let arriving = |lag: u16| self.ring.past(usize::from(lag));
        let of_class = |class: super::LagClass<'_>| -> usize {
            arriving(class.lag())
                .iter()
                .map(|&pre| class.range_of(pre as usize).len())
                .sum()
        };
        self.plan.classes().map(of_class).sum()
    }

    /// Appends the flat indices of these synapses, sorted, each plus `offset`.
    pub fn append_flat(&self, offset: u32, into: &mut Vec<u32>) {
        let first = into.len();
        let width = self.plan.pre() as u32;
        self.for_each_event(|post, pre| into.push(offset + post * width + pre));
        into[first..].sort_unstable();
    }
}

/// Adds the indices that are not there yet; both lists are sorted.
pub(super) fn merge_sorted(own: &mut Vec<u32>, more: &[u32]) {
    if more.is_empty() || own.as_slice() == more {
        return;
    }
    own.extend_from_slice(more);
    own.sort_unstable();
    own.dedup();
}

fn sorted_indices<I>(shape: &Shape, indices: I) -> Result<Vec<u32>, ArrayError>
where
    I: IntoIterator,
    I::Item: TryInto<u32> + Copy + std::fmt::Display,
{
    let count = shape.count();
    let checked = indices.into_iter().map(|index| match index.try_into() {
        Ok(small) if (small as usize) < count => Ok(small),
        _ => Err(ArrayError::Index {
            index: index.to_string(),
            shape: shape.to_vec(),
            count,
        }),
    });
    let mut sorted = checked.collect::<Result<Vec<u32>, ArrayError>>()?;
    sorted.sort_unstable();
    sorted.dedup();
    Ok(sorted)
}

impl SpikeArray {
    fn with_form(shape: Shape, form: Form) -> Self {
        let mask = Mask::none(shape.count());
        SpikeArray {
            shape,
            form,
            mask,
            sources: Vec::new(),
        }
    }

    /// Plain spikes at these flat indices, in any order; what stands twice counts once.
    pub fn from_indices<I>(shape: impl Into<Shape>, indices: I) -> Result<Self, ArrayError>
    where
        I: IntoIterator,
        I::Item: TryInto<u32> + Copy + std::fmt::Display,
    {
        let shape = shape.into();
        let indices = sorted_indices(&shape, indices)?;
        Ok(SpikeArray::with_form(shape, Form::Plain(indices)))
    }

    /// Spikes per synapse at these flat indices of `post ++ pre`.
    ///
    /// ```
    /// use spark::{SpikeArray, SpikeForm};
    /// # fn main() -> Result<(), spark::ArrayError> {
    /// // Two units with three inputs each: a spike arrives at unit 1 from input 2.
    /// let spikes = SpikeArray::from_synapses([2, 3], [5])?;
    /// assert!(matches!(spikes.form(), SpikeForm::PerSynapse([5])));
    /// assert!(spikes.spikes()[[1, 2]]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_synapses<I>(shape: impl Into<Shape>, indices: I) -> Result<Self, ArrayError>
    where
        I: IntoIterator,
        I::Item: TryInto<u32> + Copy + std::fmt::Display,
    {
        let shape = shape.into();
        let indices = sorted_indices(&shape, indices)?;
        Ok(SpikeArray::with_form(shape, Form::PerSynapse(indices)))
    }

    /// Plain spikes where the array is `true`.
    ///
    /// ```
    /// use spark::{Constant, SpikeArray};
    /// let spikes = SpikeArray::from_dense(&Constant::from([true, false, true]));
    /// assert_eq!(spikes.indices(), [0, 2]);
    /// assert_eq!(spikes.spikes().as_slice(), Some(&[true, false, true][..]));
    /// ```
    pub fn from_dense(spikes: &ArrayD<bool>) -> Self {
        let fired = spikes.iter().enumerate().filter(|(_, spike)| **spike);
        let indices = fired.map(|(index, _)| index as u32).collect();
        SpikeArray::with_form(Shape::from(spikes.shape()), Form::Plain(indices))
    }

    /// No spike per synapse.
    pub fn per_synapse_zeros(shape: &Shape) -> Self {
        SpikeArray::with_form(shape.clone(), Form::PerSynapse(Vec::with_capacity(shape.count())))
    }

    /// Delayed spikes without any spike yet. The shape is `post ++ pre`, of the sizes of the plan.
    pub fn delayed(shape: impl Into<Shape>, plan: Arc<DelayPlan>) -> Result<Self, ArrayError> {
        let shape = shape.into();
        if shape.count() != plan.count() {
            let (expected, found) = (shape.count(), plan.count());
            return Err(ArrayError::Count {
                shape: shape.to_vec(),
                expected,
                found,
            });
        }
        let mask = Mask::none(plan.pre());
        Ok(SpikeArray {
            shape,
            form: Form::Delayed(DelayedSpikes::new(plan)),
            mask,
            sources: Vec::new(),
        })
    }

    /// Becomes delayed spikes with this plan, without any spike yet.
    pub fn set_plan(&mut self, plan: Arc<DelayPlan>) -> Result<(), ArrayError> {
        *self = SpikeArray::delayed(self.shape.clone(), plan)?;
        Ok(())
    }

    /// With a mask of inhibitory units: one entry per unit, or per presynaptic unit.
    ///
    /// ```
    /// use spark::{Mask, SpikeArray};
    /// # fn main() -> Result<(), spark::ArrayError> {
    /// let spikes = SpikeArray::from_indices(3, [0, 2])?.with_mask(Mask::new([false, false, true]))?;
    /// assert_eq!(spikes.value().as_slice(), Some(&[1.0, 0.0, -1.0][..]));
    /// assert!(spikes.mask_at(2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_mask(mut self, mask: Mask) -> Result<Self, ArrayError> {
        if !self.takes_mask(&mask) {
            let (shape, expected, found) = (self.shape.to_vec(), self.shape.count(), mask.len());
            return Err(ArrayError::Mask {
                shape,
                expected,
                found,
            });
        }
        self.replace_mask(mask);
        Ok(self)
    }

    fn replace_mask(&mut self, mask: Mask) {
        self.mask = mask;
        if let Form::Delayed(delayed) = &mut self.form {
            delayed.arriving.forget();
        }
    }

    fn takes_mask(&self, mask: &Mask) -> bool {
        let count = self.shape.count();
        match &self.form {
            Form::Plain(_) => mask.len() == count,
            Form::PerSynapse(_) => {
                mask.len() == count || (!mask.is_empty() && count.is_multiple_of(mask.len()))
            }
            Form::Delayed(delayed) => mask.len() == count || mask.len() == delayed.plan.pre(),
        }
    }

    /// Gives the spikes a mask of inhibitory units. Costs nothing if it is the one they have.
    ///
    /// # Panics
    /// If the mask has another length than [`SpikeArray::with_mask`] takes.
    #[track_caller]
    pub fn set_mask(&mut self, mask: &Mask) {
        if self.mask.same(mask) {
            return;
        }
        let (len, shape) = (mask.len(), &self.shape);
        assert!(
            self.takes_mask(mask),
            "a mask of {len} units does not fit spikes of shape {shape}"
        );
        self.replace_mask(mask.clone());
        self.sources.clear();
    }

    /// Which units are inhibitory: one entry per unit, or per presynaptic unit.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Whether the unit or synapse with this flat index is inhibitory.
    pub fn mask_at(&self, index: usize) -> bool {
        self.mask.any() && self.mask.get(index % self.mask.len())
    }

    /// Its shape.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The form, to be read.
    pub fn form(&self) -> SpikeForm<'_> {
        match &self.form {
            Form::Plain(indices) => SpikeForm::Plain(indices),
            Form::PerSynapse(indices) => SpikeForm::PerSynapse(indices),
            Form::Delayed(delayed) => SpikeForm::Delayed(delayed),
        }
    }

    /// Sorted flat indices of plain spikes or spikes per synapse. Empty for delayed spikes: see
    /// [`SpikeArray::to_flat`].
    pub fn indices(&self) -> &[u32] {
        match &self.form {
            Form::Plain(indices) | Form::PerSynapse(indices) => indices,
            Form::Delayed(_) => &[],
        }
    }

    /// Sorted flat indices, whatever the form.
    pub fn to_flat(&self) -> Vec<u32> {
        let mut flat = Vec::new();
        self.append_flat(0, &mut flat);
        flat
    }

    /// Appends the sorted flat indices, each plus `offset`.
    pub fn append_flat(&self, offset: u32, into: &mut Vec<u32>) {
        match &self.form {
            Form::Plain(indices) | Form::PerSynapse(indices) => {
                into.extend(indices.iter().map(|i| i + offset))
            }
            Form::Delayed(delayed) => delayed.append_flat(offset, into),
        }
    }

    /// The number of spikes.
    pub fn count(&self) -> usize {
        match &self.form {
            Form::Plain(indices) | Form::PerSynapse(indices) => indices.len(),
            Form::Delayed(delayed) => delayed.count(),
        }
    }

    /// Removes all spikes; keeps form and mask.
    pub fn clear(&mut self) {
        match &mut self.form {
            Form::Plain(indices) | Form::PerSynapse(indices) => indices.clear(),
            Form::Delayed(delayed) => delayed.ring_mut().clear(),
        }
    }

    /// Adds a spike. Indices are added in ascending order, after [`SpikeArray::clear`].
    pub fn push(&mut self, index: u32) {
        debug_assert!(
            (index as usize) < self.shape.count(),
            "spike {index} is outside of {}",
            self.shape
        );
        match &mut self.form {
            Form::Plain(indices) | Form::PerSynapse(indices) => {
                debug_assert!(
                    indices.last().is_none_or(|last| *last < index),
                    "spikes are pushed in ascending order"
                );
                indices.push(index);
            }
            Form::Delayed(_) => debug_assert!(false, "delayed spikes follow a ring and take no single spike"),
        }
    }

    /// Spikes where `fired` is `true`, one value per entry: plain spikes or spikes per synapse.
    ///
    /// ```
    /// let mut spikes = spark::SpikeArray::from_indices(3, [1])?;
    /// spikes.set_where(&[true, false, true]);
    /// assert_eq!(spikes.indices(), [0, 2]);
    /// # Ok::<(), spark::ArrayError>(())
    /// ```
    pub fn set_where(&mut self, fired: &[bool]) {
        debug_assert!(fired.len() <= self.shape.count(), "more values than entries");
        let (Form::Plain(indices) | Form::PerSynapse(indices)) = &mut self.form else {
            debug_assert!(false, "delayed spikes follow a ring and take no single spike");
            return;
        };
        indices.clear();
        // Spikes are rare: most blocks are empty.
        for (block, first) in fired.chunks(32).zip((0..).step_by(32)) {
            if block.iter().fold(false, |any, fired| any | fired) {
                let spikes = block.iter().zip(first..).filter(|(fired, _)| **fired);
                indices.extend(spikes.map(|(_, index): (_, u32)| index));
            }
        }
    }

    /// Takes these sorted flat indices over as plain spikes or spikes per synapse.
    pub fn set_indices(&mut self, spikes: &[u32]) {
        match &mut self.form {
            Form::Plain(indices) | Form::PerSynapse(indices) => {
                indices.clear();
                indices.extend_from_slice(spikes);
            }
            Form::Delayed(_) => debug_assert!(false, "delayed spikes follow a ring and take no single spike"),
        }
    }

    /// Lets delayed spikes follow the ring of their source. Does nothing for the other forms.
    pub fn follow(&mut self, ring: &SpikeRing) {
        if let Form::Delayed(delayed) = &mut self.form {
            delayed.ring_mut().sync_from(ring);
        }
    }

    /// Visits the synapses at which a spike arrives in this step, in lists, if the spikes are delayed; all of a neuron have
    /// the sign of the neuron unless the mask has one entry per synapse.
    #[inline(always)]
    pub(crate) fn each_arriving(&self, visit: impl FnMut(&Arriving)) {
        if let Form::Delayed(delayed) = &self.form {
            delayed
                .arriving
                .each(&delayed.plan, &delayed.ring, &self.mask, visit);
        }
    }

    /// Where a spike is.
    pub fn spikes(&self) -> ArrayD<bool> {
        let mut dense = vec![false; self.shape.count()];
        self.to_flat()
            .iter()
            .for_each(|&index| dense[index as usize] = true);
        self.dense(dense)
    }

    /// 1 where an excitatory spike is, -1 where an inhibitory one is, else 0.
    pub fn value(&self) -> ArrayD<Real> {
        let mut dense: Vec<Real> = vec![0.0; self.shape.count()];
        for index in self.to_flat() {
            dense[index as usize] = if self.mask_at(index as usize) { -1.0 } else { 1.0 };
        }
        self.dense(dense)
    }

    /// Which units or synapses are inhibitory.
    pub fn inhibition_mask(&self) -> ArrayD<bool> {
        self.dense((0..self.shape.count()).map(|index| self.mask_at(index)).collect())
    }

    fn dense<T: Default + Clone>(&self, values: Vec<T>) -> ArrayD<T> {
        // As many values as the shape has elements; the fallback is never taken.
        ArrayD::from_shape_vec(IxDyn(&self.shape), values)
            .unwrap_or_else(|_| ArrayD::default(IxDyn(&self.shape)))
    }

    /// Whether there is one entry per synapse instead of one per unit.
    pub fn async_spikes(&self) -> bool {
        !matches!(self.form, Form::Plain(_))
    }

    /// One byte per entry as the Python package has it: bit 0 for a spike, bit 1 for an inhibitory unit.
    pub(crate) fn encoded(&self) -> ArrayD<u8> {
        let mut bytes: Vec<u8> = (0..self.shape.count())
            .map(|index| u8::from(self.mask_at(index)) << 1)
            .collect();
        self.to_flat()
            .into_iter()
            .for_each(|index| bytes[index as usize] |= 1);
        self.dense(bytes)
    }

    fn decode(&mut self, bytes: &ArrayD<u8>) {
        let spikes = bytes.iter().enumerate().filter(|(_, byte)| **byte & 1 == 1);
        if let Form::Plain(indices) | Form::PerSynapse(indices) = &mut self.form {
            indices.clear();
            indices.extend(spikes.map(|(index, _)| index as u32));
        }
        let same = bytes
            .iter()
            .enumerate()
            .all(|(index, byte)| (byte & 2 == 2) == self.mask_at(index));
        if !same {
            self.mask = Mask::new(bytes.iter().map(|byte| byte & 2 == 2).collect::<Vec<bool>>());
            self.sources.clear();
        }
    }
}

/// Spikes are equal if shape, spikes and inhibition are.
impl PartialEq for SpikeArray {
    fn eq(&self, other: &Self) -> bool {
        let same_mask = || self.mask == other.mask || self.inhibition_mask() == other.inhibition_mask();
        self.shape == other.shape
            && self.async_spikes() == other.async_spikes()
            && self.to_flat() == other.to_flat()
            && same_mask()
    }
}

/// Plain spikes and spikes per synapse are saved as bytes, delayed ones as the ring behind them.
impl StateValue for SpikeArray {
    fn save(&self, reader: &mut StateReader<'_>) {
        match &self.form {
            Form::Delayed(delayed) => {
                reader.nested("ring", |reader| delayed.ring.save(reader));
                reader.value("inhibition", &[self.mask.len()], || {
                    ndarray::Array1::from_vec(self.mask.to_vec()).into_dyn()
                });
            }
            _ => reader.value("", &self.shape, || self.encoded()),
        }
    }

    fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
        if let Form::Delayed(delayed) = &mut self.form {
            visitor.nested("ring", |visitor| delayed.ring_mut().visit_value(visitor));
            let take = |mask: &mut Mask| ndarray::Array1::from_vec(mask.to_vec()).into_dyn();
            let load = |mask: &mut Mask, bits: ArrayD<bool>| {
                if !mask.iter().eq(bits.iter().copied()) {
                    *mask = Mask::from(&bits);
                }
            };
            visitor.value("inhibition", &mut self.mask, take, load);
        } else {
            visitor.value(
                "",
                self,
                |spikes| spikes.encoded(),
                |spikes, bytes: ArrayD<u8>| spikes.decode(&bytes),
            );
        }
    }
}

#[diagnostic::do_not_recommend]
impl SparkPayload for SpikeArray {
    const TABLE: &'static PayloadTable = &PayloadTable {
        name: "SpikeArray",
        key: "spike_array",
        origin: module_path!(),
        concatenates: true,
        doc: "Spikes of one step.",
    };

    fn gather(into: &mut Self, parts: &[&Self]) {
        Self::concat_into(into, parts);
    }

    fn zeros(shape: &Shape) -> Self {
        SpikeArray::with_form(shape.clone(), Form::Plain(Vec::with_capacity(shape.count())))
    }

    fn shape(&self) -> &Shape {
        &self.shape
    }

    fn dtype(&self) -> Dtype {
        Dtype::UInt8
    }

    fn clear(&mut self) {
        SpikeArray::clear(self);
    }

    fn latch(&mut self, newer: &Self) {
        let same_form = match (&mut self.form, &newer.form) {
            (Form::Plain(old), Form::Plain(new)) | (Form::PerSynapse(old), Form::PerSynapse(new)) => {
                old.clear();
                old.extend_from_slice(new);
                true
            }
            (Form::Delayed(old), Form::Delayed(new)) if Arc::ptr_eq(&old.plan, &new.plan) => {
                old.ring_mut().sync_from(&new.ring);
                true
            }
            _ => false,
        };
        if !same_form || self.shape != newer.shape {
            *self = newer.clone();
        } else if !self.mask.same(&newer.mask) {
            self.replace_mask(newer.mask.clone());
            self.sources.clear();
        }
    }

    fn unite(&mut self, other: &Self) {
        match (&mut self.form, &other.form) {
            (Form::Plain(own), Form::Plain(more)) | (Form::PerSynapse(own), Form::PerSynapse(more)) => {
                merge_sorted(own, more);
            }
            // What is under way belongs to the ring that it follows.
            _ => {}
        }
    }

    fn per_synapse(&self) -> bool {
        self.async_spikes()
    }

    fn delay_plan(&self) -> Option<Arc<DelayPlan>> {
        match &self.form {
            Form::Delayed(delayed) => Some(Arc::clone(&delayed.plan)),
            _ => None,
        }
    }
}

impl Concat for SpikeArray {
    fn concat_into(into: &mut Self, parts: &[&Self]) {
        let total: usize = parts.iter().map(|part| part.shape.count()).sum();
        if into.shape.len() != 1 || into.shape[0] != total || into.async_spikes() {
            *into = SpikeArray::zeros(&Shape::from(total));
        }
        if let Form::Plain(indices) = &mut into.form {
            indices.clear();
            let mut offset = 0;
            for part in parts {
                part.append_flat(offset as u32, indices);
                offset += part.shape.count();
            }
        }
        let versions = || {
            parts
                .iter()
                .map(|part| (part.mask.version(), part.mask.len(), part.shape.count()))
        };
        if !into.sources.iter().copied().eq(versions()) {
            let bits = parts
                .iter()
                .flat_map(|part| (0..part.shape.count()).map(|index| part.mask_at(index)));
            into.mask = Mask::new(bits.collect::<Vec<bool>>());
            into.sources.clear();
            into.sources.extend(versions());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::state::{Variable, restore, snapshot};

    fn plan() -> Arc<DelayPlan> {
        Arc::new(DelayPlan::new(2, 3, vec![0, 1, 2, 2, 1, 0]).unwrap())
    }

    fn delayed() -> SpikeArray {
        let mut spikes = SpikeArray::delayed([2, 3], plan()).unwrap();
        let mut ring = SpikeRing::new(3, 3);
        [&[0u32][..], &[1, 2], &[0, 2]]
            .iter()
            .for_each(|step| ring.push(step));
        spikes.follow(&ring);
        spikes
    }

    #[test]
    fn spikes_are_sorted_indices_with_dense_views() {
        let mask = Mask::new([false, true, false, false]);
        let spikes = SpikeArray::from_indices([2, 2], [3, 1, 3])
            .unwrap()
            .with_mask(mask)
            .unwrap();
        assert_eq!(spikes.indices(), [1, 3]);
        assert_eq!(spikes.value().as_slice().unwrap(), [0.0, -1.0, 0.0, 1.0]);
        assert_eq!(spikes.spikes().shape(), [2, 2]);
        assert_eq!(SpikeArray::from_dense(&spikes.spikes()).indices(), [1, 3]);
        assert_eq!(spikes.inhibition_mask().iter().filter(|bit| **bit).count(), 1);
    }

    #[test]
    fn an_index_or_a_mask_that_does_not_fit_is_an_error() {
        let text = SpikeArray::from_indices([2, 2], [4usize])
            .unwrap_err()
            .to_string();
        assert!(text.contains("index 4") && text.contains("[2, 2]"), "{text}");
        assert!(SpikeArray::from_indices(3, [-1]).is_err());
        let spikes = SpikeArray::from_indices(4, [0u32]).unwrap();
        assert!(
            spikes
                .with_mask(Mask::none(2))
                .unwrap_err()
                .to_string()
                .contains("4 are needed")
        );
    }

    #[test]
    fn a_delayed_spike_arrives_at_each_synapse_after_its_lag() {
        let spikes = delayed();
        // lag 0: pre 0 -> post 0, pre 2 -> post 1; lag 1: pre 1 -> both; lag 2: pre 0 -> post 1.
        assert_eq!(spikes.to_flat(), [0, 1, 3, 4, 5]);
        assert_eq!(spikes.count(), 5);
        assert!(spikes.async_spikes() && spikes.delay_plan().is_some());
        let same = SpikeArray::from_synapses([2, 3], spikes.to_flat()).unwrap();
        assert_eq!(same, spikes);
    }

    #[test]
    fn a_presynaptic_mask_counts_for_every_postsynaptic_unit() {
        let spikes = delayed().with_mask(Mask::new([true, false, false])).unwrap();
        assert_eq!(
            spikes.inhibition_mask().as_slice().unwrap(),
            [true, false, false, true, false, false]
        );
        assert_eq!(
            spikes.value().as_slice().unwrap(),
            [-1.0, 1.0, 0.0, -1.0, 1.0, 1.0]
        );
    }

    #[test]
    fn every_form_concatenates_to_its_full_count() {
        let plain = SpikeArray::from_indices(2, [1])
            .unwrap()
            .with_mask(Mask::new([false, true]))
            .unwrap();
        let synapses = delayed().with_mask(Mask::new([true, false, false])).unwrap();
        let mut all = SpikeArray::zeros(&Shape::from(8));
        SpikeArray::concat_into(&mut all, &[&plain, &synapses]);
        assert_eq!(all.indices(), [1, 2, 3, 5, 6, 7]);
        assert_eq!(
            all.mask().to_vec(),
            [false, true, true, false, false, true, false, false]
        );
        assert!(!all.async_spikes());
        let handle = all.mask().clone();
        SpikeArray::concat_into(&mut all, &[&plain, &synapses]);
        assert!(all.mask().same(&handle));
        SpikeArray::concat_into(&mut all, &[&plain, &delayed()]);
        assert_eq!(
            all.mask().to_vec(),
            [false, true, false, false, false, false, false, false]
        );
    }

    #[test]
    fn a_latch_takes_every_form_over() {
        let plain = SpikeArray::from_indices(2, [1]).unwrap();
        let mut seen = SpikeArray::zeros(&Shape::from(2));
        seen.latch(&plain);
        assert_eq!(seen, plain);
        seen.latch(&delayed());
        assert_eq!(seen, delayed());
        let mut source = delayed();
        seen.latch(&source);
        source.clear();
        seen.latch(&source);
        assert_eq!(seen.count(), 0);
    }

    #[test]
    fn every_form_is_saved_with_its_mask() {
        let mask = Mask::new([true, false, false]);
        let plain = SpikeArray::from_indices(3, [1])
            .unwrap()
            .with_mask(mask.clone())
            .unwrap();
        let synapses = SpikeArray::from_synapses([2, 3], [5])
            .unwrap()
            .with_mask(mask.clone())
            .unwrap();
        for spikes in [plain, synapses, delayed().with_mask(mask).unwrap()] {
            let state = snapshot(&Variable::new(spikes.clone()));
            let mut other = Variable::new(spikes.clone());
            other.clear();
            assert_ne!(*other, spikes);
            restore(&mut other, state).unwrap();
            assert_eq!(*other, spikes);
        }
    }
}
