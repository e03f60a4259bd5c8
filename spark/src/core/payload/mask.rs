//! Which units are inhibitory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::ArrayD;

use crate::core::array::Real;

/// Counts what must be told apart: masks, rings. 0 is never given out.
pub(crate) fn unique() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Which units are inhibitory: a shared handle, cheap to clone and cheap to compare with what it was.
///
/// ```
/// use spark::Mask;
/// let mask = Mask::new([true, false, false]);
/// assert!(mask.any() && mask.get(0));
/// assert_eq!((mask.sign(0), mask.sign(1)), (-1.0, 1.0));
/// assert_eq!(Mask::none(3).bits(), None);
/// ```
#[derive(Debug, Clone)]
pub struct Mask {
    /// `None` if no unit is inhibitory.
    bits: Option<Arc<[bool]>>,
    len: usize,
    version: u64,
}

impl Mask {
    /// No inhibitory unit among `len`.
    pub const fn none(len: usize) -> Self {
        Mask {
            bits: None,
            len,
            version: 0,
        }
    }

    /// From one entry per unit, `true` for an inhibitory one.
    pub fn new(bits: impl Into<Arc<[bool]>>) -> Self {
        let bits = bits.into();
        if bits.contains(&true) {
            Mask {
                len: bits.len(),
                bits: Some(bits),
                version: unique(),
            }
        } else {
            Mask::none(bits.len())
        }
    }

    /// The number of units.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no unit.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether any unit is inhibitory.
    pub const fn any(&self) -> bool {
        self.bits.is_some()
    }

    /// One entry per unit, or `None` if no unit is inhibitory.
    pub fn bits(&self) -> Option<&[bool]> {
        self.bits.as_deref()
    }

    /// Whether unit `index` is inhibitory.
    pub fn get(&self, index: usize) -> bool {
        self.bits.as_ref().is_some_and(|bits| bits[index])
    }

    /// The sign of the spikes of unit `index`: -1 for an inhibitory one, else 1.
    pub fn sign(&self, index: usize) -> Real {
        if self.get(index) { -1.0 } else { 1.0 }
    }

    /// One entry per unit.
    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..self.len).map(|i| self.get(i))
    }

    /// One entry per unit.
    pub fn to_vec(&self) -> Vec<bool> {
        self.iter().collect()
    }

    /// A number that changes whenever the content may have changed; 0 if no unit is inhibitory.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Whether both are the same handle. `false` says nothing about the content.
    pub const fn same(&self, other: &Mask) -> bool {
        self.version == other.version && self.len == other.len
    }
}

impl PartialEq for Mask {
    fn eq(&self, other: &Mask) -> bool {
        self.same(other) || (self.len == other.len && self.bits == other.bits)
    }
}

impl Eq for Mask {}

impl From<&ArrayD<bool>> for Mask {
    fn from(array: &ArrayD<bool>) -> Self {
        Mask::new(array.iter().copied().collect::<Vec<bool>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_equal_by_content_and_the_same_by_handle() {
        let (a, b) = (Mask::new([true, false]), Mask::new([true, false]));
        assert_eq!(a, b);
        assert!(!a.same(&b) && a.same(&a.clone()));
        assert_ne!(a, Mask::new([false, true]));
        assert_ne!(Mask::none(2), Mask::none(3));
    }

    #[test]
    fn a_mask_without_inhibition_costs_nothing() {
        let mask = Mask::new([false, false]);
        assert!(mask.bits().is_none() && !mask.any() && mask.same(&Mask::none(2)));
        assert_eq!(mask.to_vec(), [false, false]);
        assert_eq!((Mask::new([true, false]).sign(0), mask.sign(0)), (-1.0, 1.0));
    }
}
