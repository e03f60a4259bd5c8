//! Arrays from NumPy files.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match spark::core::npy::read(bytes, "input.npy") {
        Ok(array) => assert_eq!(array.data().len(), array.shape().count()),
        Err(problem) => assert!(problem.to_string().contains("SPK047"), "{problem}"),
    }
});
