//! Any bytes as a Parquet file: numbers or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = zili_world::columnar::read_numbers(bytes::Bytes::copy_from_slice(data));
});
