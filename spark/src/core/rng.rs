//! Random numbers: the threefry2x32 keys of JAX, bit for bit (partitionable, 64-bit mode off).
//!
//! Every draw is a pure function of a key and an index, so draws do not depend on order or on threads. Salmon et al.,
//! *Parallel random numbers: as easy as 1, 2, 3*, SC 2011.

use half::f16;
use serde::{Deserialize, Serialize};

use crate::kernels::dispatch::vectorised;

const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];

const fn schedule(key: [u32; 2]) -> [u32; 3] {
    [key[0], key[1], key[0] ^ key[1] ^ 0x1BD1_1BDA]
}

/// The threefry2x32 cipher with 20 rounds.
pub const fn threefry2x32(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
    let schedule = schedule(key);
    let mut a = counter[0].wrapping_add(schedule[0]);
    let mut b = counter[1].wrapping_add(schedule[1]);
    let mut group = 0;
    while group < 5 {
        let rotations = ROTATIONS[group % 2];
        let mut round = 0;
        while round < 4 {
            a = a.wrapping_add(b);
            b = b.rotate_left(rotations[round]) ^ a;
            round += 1;
        }
        a = a.wrapping_add(schedule[(group + 1) % 3]);
        b = b
            .wrapping_add(schedule[(group + 2) % 3])
            .wrapping_add(group as u32 + 1);
        group += 1;
    }
    [a, b]
}

/// Enciphers many counters side by side. The rotations are constants, so that whole vectors go through one instruction.
#[inline(always)]
fn encipher(key: [u32; 2], a: &mut [u32], b: &mut [u32]) {
    let [x, y, z] = schedule(key);
    add(a, b, x, y);
    four_rounds::<13, 15, 26, 6>(a, b);
    add(a, b, y, z.wrapping_add(1));
    four_rounds::<17, 29, 16, 24>(a, b);
    add(a, b, z, x.wrapping_add(2));
    four_rounds::<13, 15, 26, 6>(a, b);
    add(a, b, x, y.wrapping_add(3));
    four_rounds::<17, 29, 16, 24>(a, b);
    add(a, b, y, z.wrapping_add(4));
    four_rounds::<13, 15, 26, 6>(a, b);
    add(a, b, z, x.wrapping_add(5));
}

#[inline(always)]
fn add(a: &mut [u32], b: &mut [u32], to_a: u32, to_b: u32) {
    for (a, b) in a.iter_mut().zip(b) {
        *a = a.wrapping_add(to_a);
        *b = b.wrapping_add(to_b);
    }
}

#[inline(always)]
fn four_rounds<const R1: u32, const R2: u32, const R3: u32, const R4: u32>(a: &mut [u32], b: &mut [u32]) {
    round::<R1>(a, b);
    round::<R2>(a, b);
    round::<R3>(a, b);
    round::<R4>(a, b);
}

#[inline(always)]
fn round<const R: u32>(a: &mut [u32], b: &mut [u32]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a = a.wrapping_add(*b);
        *b = b.rotate_left(R) ^ *a;
    }
}

/// The number in [0, 1) that 32 random bits stand for.
#[inline(always)]
const fn unit_interval(bits: u32) -> f32 {
    f32::from_bits((bits >> 9) | 0x3F80_0000) - 1.0
}

#[inline(always)]
fn fill_uniform(key: Key, into: &mut [f32]) {
    const LANES: usize = 16;
    let (blocks, rest) = into.as_chunks_mut::<LANES>();
    let begun = blocks.len() * LANES;
    for (number, block) in blocks.iter_mut().enumerate() {
        let first = (number * LANES) as u64;
        // The low word does not run over within a block: 2^32 is a multiple of its size.
        let words = key.cipher_texts::<{ 2 * LANES }>([(first >> 32) as u32, first as u32]);
        for (lane, number) in block.iter_mut().enumerate() {
            *number = unit_interval(words[lane] ^ words[LANES + lane]);
        }
    }
    for (index, number) in rest.iter_mut().enumerate() {
        *number = key.uniform_f32_at((begun + index) as u64);
    }
}

/// A random key. Draws leave it as it is; [`Key::next`] moves a stream on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(pub [u32; 2]);

impl Key {
    /// The key of a seed: its low 32 bits.
    ///
    /// ```
    /// use spark::Key;
    /// let mut stream = Key::from_seed(42);
    /// let (first, second) = (stream.next(), stream.next());
    /// assert_ne!(first, second);
    /// assert_eq!(Key::from_seed(42).next(), first);
    /// ```
    pub const fn from_seed(seed: u64) -> Key {
        Key([0, seed as u32])
    }

    const fn row(self, index: u64) -> [u32; 2] {
        threefry2x32(self.0, [(index >> 32) as u32, index as u32])
    }

    /// `n` keys that are independent of each other.
    ///
    /// ```
    /// use spark::Key;
    /// let keys = Key::from_seed(1).split(3);
    /// assert_eq!(keys.len(), 3);
    /// assert_ne!(keys[0].uniform_f32_at(0), keys[1].uniform_f32_at(0));
    /// ```
    pub fn split(self, n: usize) -> Vec<Key> {
        (0..n as u64).map(|i| Key(self.row(i))).collect()
    }

    /// The key number `index` of those that [`Key::split`] gives.
    pub const fn child(self, index: u64) -> Key {
        Key(self.row(index))
    }

    /// Two keys that are independent of each other.
    pub const fn split_in_two(self) -> (Key, Key) {
        (Key(self.row(0)), Key(self.row(1)))
    }

    /// Draws a key from the stream: the stream goes on with the first half, the second is returned.
    #[allow(
        clippy::should_implement_trait,
        reason = "a stream of keys has no end and is not iterated over"
    )]
    pub const fn next(&mut self) -> Key {
        let (rest, drawn) = self.split_in_two();
        *self = rest;
        drawn
    }

    /// Draws `n` keys from the stream at once. Not the same keys as `n` calls of [`Key::next`].
    pub fn keys(&mut self, n: usize) -> Vec<Key> {
        let stream = *self;
        *self = Key(stream.row(0));
        (1..=n as u64).map(|i| Key(stream.row(i))).collect()
    }

    /// 32 random bits, number `index`.
    pub const fn bits32_at(self, index: u64) -> u32 {
        let [a, b] = self.row(index);
        a ^ b
    }

    /// `N` times 32 random bits, the block number `block` of them: both words of each cipher text are used, so these are
    /// other bits than those of [`Key::bits32_at`]. Written for vectors: `N` is even, and a multiple of 16 serves best.
    #[inline(always)]
    pub(crate) fn bits_of_block<const N: usize>(self, block: u32) -> [u32; N] {
        self.cipher_texts([0, block.wrapping_mul((N / 2) as u32)])
    }

    /// The cipher texts of `N / 2` counters from this one on: their first words, then their second ones.
    #[inline(always)]
    fn cipher_texts<const N: usize>(self, [high, low]: [u32; 2]) -> [u32; N] {
        let mut words = [high; N];
        let (a, b) = words.split_at_mut(N / 2);
        for (i, b) in b.iter_mut().enumerate() {
            *b = low.wrapping_add(i as u32);
        }
        encipher(self.0, a, b);
        words
    }

    /// A number in [0, 1), number `index`.
    pub const fn uniform_f32_at(self, index: u64) -> f32 {
        unit_interval(self.bits32_at(index))
    }

    /// A half precision number in [0, 1), number `index`.
    pub fn uniform_f16_at(self, index: u64) -> f16 {
        let bits = self.bits32_at(index) as u16;
        // Exact in f32: both are multiples of 2^-10 below 2.
        f16::from_f32(f16::from_bits((bits >> 6) | 0x3C00).to_f32() - 1.0)
    }

    /// `n` times 32 random bits.
    pub fn bits32(self, n: usize) -> Vec<u32> {
        (0..n as u64).map(|i| self.bits32_at(i)).collect()
    }

    /// `n` times 16 random bits.
    pub fn bits16(self, n: usize) -> Vec<u16> {
        (0..n as u64).map(|i| self.bits32_at(i) as u16).collect()
    }

    /// `n` times 8 random bits.
    pub fn bits8(self, n: usize) -> Vec<u8> {
        (0..n as u64).map(|i| self.bits32_at(i) as u8).collect()
    }

    /// `n` numbers in [0, 1).
    ///
    /// ```
    /// use spark::Key;
    /// let key = Key::from_seed(7);
    /// let numbers = key.uniform_f32(100);
    /// assert!(numbers.iter().all(|u| (0.0..1.0).contains(u)));
    /// // A draw depends on key and index only.
    /// assert_eq!(numbers[50], key.uniform_f32_at(50));
    /// ```
    pub fn uniform_f32(self, n: usize) -> Vec<f32> {
        let mut numbers = vec![0.0; n];
        self.fill_uniform_f32(&mut numbers);
        numbers
    }

    /// Fills a slice with numbers in [0, 1): numbers 0, 1, 2, ... of [`Key::uniform_f32_at`], several at once.
    ///
    /// ```
    /// use spark::Key;
    /// let mut numbers = [0.0; 100];
    /// Key::from_seed(7).fill_uniform_f32(&mut numbers);
    /// assert_eq!(numbers.as_slice(), Key::from_seed(7).uniform_f32(100));
    /// ```
    pub fn fill_uniform_f32(self, into: &mut [f32]) {
        vectorised!(fill_uniform(self, into));
    }

    /// `n` half precision numbers in [0, 1).
    pub fn uniform_f16(self, n: usize) -> Vec<f16> {
        (0..n as u64).map(|i| self.uniform_f16_at(i)).collect()
    }

    /// `n` whole numbers in `[low, high)`; all `low` if that is empty.
    pub fn randint_i32(self, n: usize, low: i32, high: i32) -> Vec<i32> {
        let (first, second) = self.split_in_two();
        let span = if high > low {
            high.wrapping_sub(low) as u32
        } else {
            1
        };
        let power = (1u32 << 16) % span;
        let factor = power.wrapping_mul(power) % span;
        let draw = |i| {
            let upper = (first.bits32_at(i) % span).wrapping_mul(factor);
            let offset = upper.wrapping_add(second.bits32_at(i) % span) % span;
            low.wrapping_add(offset as i32)
        };
        (0..n as u64).map(draw).collect()
    }

    /// A random order of `0..n`.
    ///
    /// ```
    /// use spark::Key;
    /// let mut order = Key::from_seed(7).permutation(5);
    /// order.sort();
    /// assert_eq!(order, [0, 1, 2, 3, 4]);
    /// ```
    pub fn permutation(self, n: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..n as u32).collect();
        self.shuffle(&mut order);
        order
    }

    /// Puts the items in a random order.
    pub fn shuffle<T: Clone>(self, items: &mut Vec<T>) {
        let mut stream = self;
        for _ in 0..shuffle_rounds(items.len()) {
            let sort_key = stream.next();
            let mut order: Vec<u32> = (0..items.len() as u32).collect();
            order.sort_by_cached_key(|&i| sort_key.bits32_at(u64::from(i)));
            *items = order.iter().map(|&i| items[i as usize].clone()).collect();
        }
    }
}

/// Rounds of sorting until equal sort keys no longer matter.
fn shuffle_rounds(n: usize) -> usize {
    let rounds = 3.0 * (n.max(1) as f64).ln() / f64::from(u32::MAX).ln();
    rounds.ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cipher_gives_the_known_answers_of_random123() {
        const ZEROS: [u32; 2] = threefry2x32([0, 0], [0, 0]);
        assert_eq!(ZEROS, [0x6b20_0159, 0x99ba_4efe]);
        assert_eq!(
            threefry2x32([u32::MAX; 2], [u32::MAX; 2]),
            [0x1cb9_96fc, 0xbb00_2be7]
        );
        let pi = threefry2x32([0x1319_8a2e, 0x0370_7344], [0x243f_6a88, 0x85a3_08d3]);
        assert_eq!(pi, [0xc492_3a9c, 0x483d_f7a0]);
    }

    #[test]
    fn a_block_of_bits_holds_both_words_of_each_cipher_text() {
        let key = Key([7, 11]);
        let bits: [u32; 32] = key.bits_of_block(3);
        for i in 0..16 {
            assert_eq!([bits[i], bits[16 + i]], threefry2x32(key.0, [0, 48 + i as u32]));
        }
    }

    #[test]
    fn numbers_that_are_drawn_at_once_are_those_that_are_drawn_one_by_one() {
        let key = Key([0x1319_8a2e, 0x0370_7344]);
        for n in [0, 1, 15, 16, 17, 100] {
            let alone: Vec<f32> = (0..n as u64).map(|index| key.uniform_f32_at(index)).collect();
            assert_eq!(key.uniform_f32(n), alone);
        }
    }

    #[test]
    fn only_the_low_32_bits_of_a_seed_count() {
        assert_eq!(Key::from_seed(1 << 32 | 7), Key([0, 7]));
        assert_eq!(Key::from_seed(-1i64 as u64), Key([0, u32::MAX]));
    }

    #[test]
    fn drawing_one_key_is_drawing_a_list_of_one() {
        let (mut a, mut b) = (Key::from_seed(5), Key::from_seed(5));
        assert_eq!(vec![a.next()], b.keys(1));
        assert_eq!(a, b);
    }

    #[test]
    fn draws_stay_in_their_interval() {
        let key = Key::from_seed(3);
        assert!(key.uniform_f32(1000).iter().all(|u| (0.0..1.0).contains(u)));
        assert!(key.randint_i32(1000, -3, 4).iter().all(|n| (-3..4).contains(n)));
        assert_eq!(key.randint_i32(2, 5, 5), [5, 5]);
        let mut order = key.permutation(2000);
        order.sort_unstable();
        assert!(order.iter().copied().eq(0..2000));
    }
}
