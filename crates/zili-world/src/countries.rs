//! Codes and names of countries (ISO 3166), for data that tell more of them apart than a table does.

use std::collections::HashMap;
use std::sync::LazyLock;

static FILE: &str = include_str!("../../../data/countries.csv");

static NAMES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| listed().collect());

/// Code and name of every country, in the order of codes.
pub fn listed() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILE.lines().skip(1).filter_map(|line| line.split_once(','))
}

/// A country's name; its code where it has none.
pub fn name(code: &str) -> &str {
    NAMES.get(code).copied().unwrap_or(code)
}

/// A country by code or name; case does not matter.
pub fn find(word: &str) -> Option<(&'static str, &'static str)> {
    let word = word.trim();
    listed().find(|(code, name)| code.eq_ignore_ascii_case(word) || name.eq_ignore_ascii_case(word))
}
