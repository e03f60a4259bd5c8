//! Payloads put together, one after the other.

use crate::core::compat::Compat;
use crate::core::module::Many;
use crate::core::payload::{
    BooleanMask, CurrentArray, FloatArray, IntegerArray, Mask, PotentialArray, SparkPayload, SpikeArray,
};

/// What is kept from step to step to put payloads together.
#[derive(Debug, Clone)]
pub(super) struct Joint {
    /// Whether inhibitory spikes are lost, as in the Python package.
    loses_inhibition: bool,
    flat: Vec<u32>,
    /// Version and length of the masks that the mask of the output was made of.
    masks: Vec<(u64, usize)>,
}

impl Joint {
    /// For so many elements.
    pub(super) fn new(count: usize, compat: Compat) -> Self {
        Joint {
            loses_inhibition: compat.is_spark_snn_1(),
            flat: Vec::with_capacity(count),
            masks: Vec::new(),
        }
    }
}

/// A payload that can be put together.
pub(super) trait Joined: SparkPayload {
    /// Makes `into` the flattened parts, one after the other; its shape stays.
    fn join(parts: Many<'_, Self>, joint: &mut Joint, into: &mut Self);
}

macro_rules! values {
    ($($payload:ident),*) => {$(
        impl Joined for $payload {
            fn join(parts: Many<'_, Self>, _joint: &mut Joint, into: &mut Self) {
                let mut at = 0;
                for part in parts.iter().map($payload::as_slice) {
                    if let Some(place) = into.as_mut_slice().get_mut(at..at + part.len()) {
                        place.copy_from_slice(part);
                    }
                    at += part.len();
                }
            }
        }
    )*};
}
values!(FloatArray, CurrentArray, PotentialArray, IntegerArray);

impl Joined for BooleanMask {
    fn join(parts: Many<'_, Self>, _joint: &mut Joint, into: &mut Self) {
        into.edit(|bits| {
            let joined = parts.iter().flat_map(|part| part.as_slice());
            for (bit, &joined) in bits.iter_mut().zip(joined) {
                *bit = joined;
            }
        });
    }
}

impl Joined for SpikeArray {
    fn join(parts: Many<'_, Self>, joint: &mut Joint, into: &mut Self) {
        joint.flat.clear();
        let mut offset = 0;
        for part in parts.iter() {
            let from = joint.flat.len();
            part.append_flat(offset as u32, &mut joint.flat);
            if joint.loses_inhibition && part.mask().any() {
                keep(&mut joint.flat, from, |index| {
                    !part.mask_at(index as usize - offset)
                });
            }
            offset += part.shape().count();
        }
        into.set_indices(&joint.flat);
        if !joint.loses_inhibition {
            join_masks(parts, &mut joint.masks, into);
        }
    }
}

/// Removes what is not wanted from position `from` on.
fn keep(flat: &mut Vec<u32>, from: usize, wanted: impl Fn(u32) -> bool) {
    let mut kept = from;
    for place in from..flat.len() {
        if wanted(flat[place]) {
            flat[kept] = flat[place];
            kept += 1;
        }
    }
    flat.truncate(kept);
}

/// A new mask, if one of the parts has a new one.
fn join_masks(parts: Many<'_, SpikeArray>, masks: &mut Vec<(u64, usize)>, into: &mut SpikeArray) {
    let of = |part: &SpikeArray| (part.mask().version(), part.mask().len());
    if parts.iter().map(of).eq(masks.iter().copied()) {
        return;
    }
    masks.clear();
    masks.extend(parts.iter().map(of));
    let bits = |part| move |index| SpikeArray::mask_at(part, index);
    let bits = parts
        .iter()
        .flat_map(|part| (0..part.shape().count()).map(bits(part)));
    into.set_mask(&Mask::new(bits.collect::<Vec<bool>>()));
}
