#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pocketdesk_fuzz::run("query_text", data));
