//! Model files, compressed.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use spark_fuzz::LIMITS;
use spark_ir::format::{file, json};

fuzz_target!(|bytes: &[u8]| {
    match file::from_bytes(bytes, spark_fuzz::name(), &LIMITS) {
        Ok(json) => spark_fuzz::use_model(&json),
        Err(error) => drop(error.to_string()),
    }
});

// A changed byte in compressed text is found by its checksum. Now and then the text itself is changed.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed.is_multiple_of(8)
        && let Ok(value) = file::from_bytes(&data[..size], spark_fuzz::name(), &LIMITS)
        && let Some(bytes) = with_other_text(json::to_text(&value).into_bytes())
        && bytes.len() <= max_size
    {
        data[..bytes.len()].copy_from_slice(&bytes);
        return bytes.len();
    }
    fuzzer_mutate(data, size, max_size)
});

fn with_other_text(mut text: Vec<u8>) -> Option<Vec<u8>> {
    let size = text.len();
    text.resize(size + 64, 0);
    let size = fuzzer_mutate(&mut text, size, size + 64);
    file::deflate(&text[..size]).ok()
}
