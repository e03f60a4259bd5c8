//! Models as JSON text.

#![no_main]

use spark_ir::format::file;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The text alone: what is compressed is read by the target `scfg`.
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match file::parse(text, spark_fuzz::name()) {
        Ok(json) => spark_fuzz::use_model(&json),
        Err(error) => drop(error.to_string()),
    }
});
