//! Checkpoints.

#![no_main]

use spark::checkpoint::{Checkpoint, CheckpointError};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let read = Checkpoint::from_bytes(bytes, spark_fuzz::name()).or_else(|error| {
        // The checksum hides all that is behind it: such a file is read as if its writer had meant it.
        let bytes = with_other_checksum(bytes, &error).ok_or(error)?;
        Checkpoint::from_bytes(&bytes, spark_fuzz::name())
    });
    match read {
        Ok(checkpoint) => {
            write_again(&checkpoint);
            spark_fuzz::use_checkpoint(checkpoint);
        }
        Err(error) => {
            let problems = error.problems();
            assert!(!problems.is_empty(), "{error}");
            assert!(
                problems.iter().all(|problem| problem.code.starts_with("SPK")),
                "{error}"
            );
        }
    }
});

/// What is written of a checkpoint is read as the same.
fn write_again(checkpoint: &Checkpoint) {
    let Ok(bytes) = checkpoint.to_bytes() else { return };
    let again = Checkpoint::from_bytes(&bytes, spark_fuzz::name());
    let again = again.and_then(|checkpoint| checkpoint.to_bytes());
    assert!(
        again.is_ok_and(|again| again == bytes),
        "what is written is read as another checkpoint"
    );
}

/// The same file with the checksum that it should have, which the error tells.
fn with_other_checksum(bytes: &[u8], error: &CheckpointError) -> Option<Vec<u8>> {
    let [problem] = error.problems() else { return None };
    let (expected, found) = (problem.expected.as_deref()?, problem.found.as_deref()?);
    let is_checksum = problem.code == "SPK102" && problem.span == "spark.crc32" && expected.len() == 8;
    let place = bytes
        .windows(8)
        .position(|window| window == expected.as_bytes())?;
    let mut bytes = bytes.to_vec();
    bytes.get_mut(place..place + 8)?.copy_from_slice(found.as_bytes());
    is_checksum.then_some(bytes)
}
