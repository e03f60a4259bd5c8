//! Elements of a payload, chosen once.

use crate::core::compat::Compat;
use crate::core::payload::{
    BooleanMask, CurrentArray, FloatArray, IntegerArray, Mask, PotentialArray, SparkPayload, SpikeArray,
};
use crate::core::rng::Key;
use crate::nn::arrivals::each_flat;

/// Which elements are taken.
#[derive(Debug, Clone)]
pub(super) struct Samples {
    /// Sample `k` is element `indices[k]`.
    indices: Vec<u32>,
    /// All samples, by the element that they are; those of element `i` begin at `first[i]`.
    samples: Vec<u32>,
    first: Vec<u32>,
    /// Whether inhibitory spikes are lost, as in the Python package.
    loses_inhibition: bool,
    flat: Vec<u32>,
    /// Version and length of the mask that the mask of the samples was made of.
    mask_of: (u64, usize),
}

impl Samples {
    /// Draws `samples` of `count` elements, each of them independent of the others.
    pub(super) fn draw(key: Key, samples: usize, count: usize, compat: Compat) -> Self {
        let drawn = key.randint_i32(samples, 0, i32::try_from(count).unwrap_or(i32::MAX));
        let indices: Vec<u32> = drawn.into_iter().map(i32::cast_unsigned).collect();
        let mut order: Vec<u32> = (0..samples as u32).collect();
        order.sort_by_key(|&sample| indices[sample as usize]);
        let before =
            |element: u32| order.partition_point(|&sample| indices[sample as usize] < element) as u32;
        Samples {
            first: (0..=count as u32).map(before).collect(),
            samples: order,
            indices,
            loses_inhibition: compat.is_spark_snn_1(),
            flat: Vec::with_capacity(samples),
            mask_of: (0, count),
        }
    }

    pub(super) fn indices(&self) -> &[u32] {
        &self.indices
    }

    /// The samples that are this element.
    fn of(&self, element: usize) -> &[u32] {
        &self.samples[self.first[element] as usize..self.first[element + 1] as usize]
    }
}

/// A payload of which samples can be taken.
pub(super) trait Sampled: SparkPayload {
    /// Makes `into` the samples.
    fn sample(&self, samples: &mut Samples, into: &mut Self);
}

macro_rules! values {
    ($($payload:ident),*) => {$(
        impl Sampled for $payload {
            fn sample(&self, samples: &mut Samples, into: &mut Self) {
                let values = self.as_slice();
                for (sample, &index) in into.as_mut_slice().iter_mut().zip(&samples.indices) {
                    *sample = values[index as usize];
                }
            }
        }
    )*};
}
values!(FloatArray, CurrentArray, PotentialArray, IntegerArray);

impl Sampled for BooleanMask {
    fn sample(&self, samples: &mut Samples, into: &mut Self) {
        let values = self.as_slice();
        into.edit(|bits| {
            for (bit, &index) in bits.iter_mut().zip(&samples.indices) {
                *bit = values[index as usize];
            }
        });
    }
}

impl Sampled for SpikeArray {
    fn sample(&self, samples: &mut Samples, into: &mut Self) {
        let mut flat = std::mem::take(&mut samples.flat);
        flat.clear();
        each_flat(self, |element| {
            if !(samples.loses_inhibition && self.mask_at(element)) {
                flat.extend_from_slice(samples.of(element));
            }
        });
        flat.sort_unstable();
        into.set_indices(&flat);
        samples.flat = flat;
        let mask_of = (self.mask().version(), self.mask().len());
        if !samples.loses_inhibition && samples.mask_of != mask_of {
            samples.mask_of = mask_of;
            let bits = samples.indices.iter().map(|&index| self.mask_at(index as usize));
            into.set_mask(&Mask::new(bits.collect::<Vec<bool>>()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_found_from_its_element() {
        let samples = Samples::draw(Key::from_seed(3), 40, 7, Compat::Standard);
        for element in 0..7 {
            let expected = (0u32..40).filter(|&k| samples.indices[k as usize] == element);
            assert!(samples.of(element as usize).iter().copied().eq(expected));
        }
    }
}
