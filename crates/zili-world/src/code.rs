//! Typed codes, and looking one up in a list with a helpful refusal.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;

macro_rules! code_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn new(code: impl Into<String>) -> Self {
                Self(code.into())
            }
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                Self::new(code)
            }
        }
    };
}

code_type!(
    /// An economy: ISO 3166 alpha-3 in the bundled world, `ROW` for the rest.
    RegionCode
);
code_type!(
    /// An industry of an input–output table, such as `30t33`.
    SectorCode
);

/// Finds codes, aliases and names in a list; a miss names the nearest and what would be accepted.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    what: &'static str,
    accepted: Vec<String>,
    index: HashMap<String, usize>,
}

impl Lookup {
    /// `entries` gives, for each position, its code first and then every other spelling that is accepted.
    pub fn new<'a>(what: &'static str, entries: impl Iterator<Item = Vec<&'a str>>) -> Self {
        let entries: Vec<Vec<&str>> = entries.collect();
        let accepted = entries.iter().map(|spellings| spellings[0].to_owned()).collect();
        let mut index = HashMap::new();
        // Codes first: another entry's alias or name never hides a code.
        for other_spellings in [false, true] {
            for (position, spellings) in entries.iter().enumerate() {
                let wanted = if other_spellings { &spellings[1..] } else { &spellings[..1] };
                for spelling in wanted {
                    index.entry(spelling.to_lowercase()).or_insert(position);
                }
            }
        }
        Lookup { what, accepted, index }
    }

    /// The position of a code, alias or name; case does not matter.
    pub fn find(&self, code: &str) -> Result<usize, Error> {
        self.index
            .get(&code.trim().to_lowercase())
            .copied()
            .ok_or_else(|| Error::unknown(self.what, code, self.index.keys().map(String::as_str), &self.accepted))
    }
}

/// The accepted spelling most like `given`, if any is close enough to be meant.
///
/// ```
/// use zili_world::code::nearest;
/// assert_eq!(nearest("Chnia", ["China", "Chile"].into_iter()).as_deref(), Some("China"));
/// assert_eq!(nearest("xyz", ["China", "Chile"].into_iter()), None);
/// ```
pub fn nearest<'a>(given: &str, accepted: impl Iterator<Item = &'a str>) -> Option<String> {
    let given = given.to_lowercase();
    let score = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let prefix = !given.is_empty() && candidate.starts_with(&given);
        strsim::jaro_winkler(&given, &candidate).max(if prefix { 0.95 } else { 0.0 })
    };
    // Ties go to the alphabetically first, so that the suggestion never depends on a hash map's order.
    accepted
        .map(|candidate| (score(candidate), candidate))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate.to_owned())
}
