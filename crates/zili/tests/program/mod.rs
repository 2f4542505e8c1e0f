//! The program as a user starts it, for every test of the command line. Nothing of the user's own store is seen.
#![allow(dead_code)]

use std::path::Path;
use std::process::{Command, Output};

pub fn zili(words: &[&str]) -> Output {
    zili_in(Path::new("."), words)
}

pub fn zili_in(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zili"));
    command.current_dir(folder).args(words).env_remove("ZILI_STORE").output().expect("started")
}

/// With a store of the test's own: standard output, standard error, exit code.
pub fn with_store(store: &Path, words: &[&str]) -> (String, String, Option<i32>) {
    let store = store.display().to_string();
    let output = zili(&[&["--store", &store], words].concat());
    (String::from_utf8(output.stdout.clone()).expect("text"), err(&output), output.status.code())
}

/// What it writes, where it succeeds.
pub fn out(output: &Output) -> String {
    assert!(output.status.success(), "exit {:?}: {}", output.status.code(), err(output));
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Refused with an exit code and words that help; nothing on standard output.
pub fn refused(words: &[&str], code: i32, says: &[&str]) {
    let output = zili(words);
    assert_eq!(output.status.code(), Some(code), "{words:?}: {}", err(&output));
    assert!(output.stdout.is_empty(), "{words:?} wrote data");
    for say in says {
        assert!(err(&output).contains(say), "{words:?} should say '{say}': {}", err(&output));
    }
}
