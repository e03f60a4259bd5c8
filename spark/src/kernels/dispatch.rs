//! Loops compiled for the vectors of the machine they run on.
//!
//! Programs are built for any x86-64, whose vectors hold four numbers. Nearly every machine has vectors of eight (AVX2), newer
//! ones of sixteen (AVX-512): [`vectorised!`] runs a loop compiled for them where the machine has them, and as it is elsewhere.
//! The results are equal to the bit: each element goes through the same operations in the same order; neither sums are
//! reordered nor products and sums fused (the compiler contracts nothing by itself).

#![allow(
    unsafe_code,
    reason = "calling code that is compiled for wider vectors is safe once the processor was asked, which the compiler cannot see"
)]

/// Evaluates an expression that is compiled for the widest vectors of this machine.
///
/// Only what is inlined is compiled for them: let it call `#[inline(always)]` functions with the loops, on slices, without
/// bounds checks and without a branch per element.
///
/// ```ignore
/// #[inline(always)]
/// fn scale(values: &mut [Real], factor: Real) {
///     values.iter_mut().for_each(|value| *value *= factor);
/// }
///
/// vectorised!(scale(values, factor));
/// ```
macro_rules! vectorised {
    ($work:expr) => {
        // Without the attribute a closure of this size would stay a function of its own, for the vectors of any machine.
        $crate::kernels::dispatch::run(
            #[inline(always)]
            || $work,
        )
    };
}
pub(crate) use vectorised;

/// What [`vectorised!`] stands for.
#[inline(always)]
pub(crate) fn run<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    match vectors() {
        // SAFETY: the processor has these instructions: it was asked.
        Vectors::Of16 => return unsafe { with_avx512(work) },
        // SAFETY: as above.
        Vectors::Of8 => return unsafe { with_avx2(work) },
        Vectors::Of4 => {}
    }
    work()
}

/// Single-precision numbers in the vectors of a processor.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
enum Vectors {
    Of4,
    Of8,
    Of16,
}

/// The standard library asks the processor once and remembers: a load and a test per call.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn vectors() -> Vectors {
    use std::arch::is_x86_feature_detected as has;
    if has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl") {
        Vectors::Of16
    } else if has!("avx2") {
        Vectors::Of8
    } else {
        Vectors::Of4
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn with_avx512<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(test)]
mod tests {
    use crate::core::array::Real;

    #[inline(always)]
    fn fall(values: &mut [Real], decay: Real) {
        for value in values {
            *value = *value * decay + 0.1;
        }
    }

    #[test]
    fn wide_vectors_give_the_same_bits() {
        let mut plain: Vec<Real> = (0..1003).map(|i| (i as Real * 0.7).sin()).collect();
        let mut wide = plain.clone();
        for _ in 0..50 {
            fall(&mut plain, 0.93);
            vectorised!(fall(&mut wide, 0.93));
        }
        assert_eq!(plain, wide);
    }

    #[test]
    fn what_the_work_gives_comes_back() {
        assert_eq!(vectorised!(3), 3);
    }
}
