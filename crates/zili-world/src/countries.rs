//! Codes and names of countries (ISO 3166), for data that tell more of them apart than a table does.

use std::collections::HashMap;
use std::sync::LazyLock;

static FILE: &str = include_str!("../../../data/countries.csv");

static NAMES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| listed().collect());

/// Other words for countries: ISO 3166 alpha-2, M49, official names and those that people use. alias,code
static ALIASES: &str = include_str!("../../../data/country-aliases.csv");

static BY_ALIAS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let rows = csv::Reader::from_reader(ALIASES.as_bytes()).into_deserialize();
    rows.filter_map(Result::ok).map(|(alias, code): (String, String)| (alias.to_lowercase(), code)).collect()
});

/// The code of a country by another word for it than its code or name: `UK`, `840`, `Holland`; case does not matter.
pub fn by_alias(word: &str) -> Option<&'static str> {
    BY_ALIAS.get(&word.trim().to_lowercase()).map(String::as_str)
}

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
    let word = by_alias(word).unwrap_or(word);
    listed().find(|(code, name)| code.eq_ignore_ascii_case(word) || name.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_found_by_the_words_that_people_type() {
        let code = |word: &str| find(word).map(|(code, _)| code);
        for (word, expected) in [
            ("Taiwan", "TWN"),
            ("UK", "GBR"),
            ("South Korea", "KOR"),
            ("korea", "KOR"),
            ("Turkey", "TUR"),
            ("Holland", "NLD"),
            ("US", "USA"),
            ("840", "USA"),
            ("NA", "NAM"),
            ("Korea, Republic of", "KOR"),
        ] {
            assert_eq!(code(word), Some(expected), "{word}");
        }
        assert_eq!(code("Utopia"), None);
    }

    #[test]
    fn no_alias_is_the_code_or_name_of_another_country() {
        for (alias, code) in BY_ALIAS.iter() {
            let named =
                listed().find(|(known, name)| known.eq_ignore_ascii_case(alias) || name.eq_ignore_ascii_case(alias));
            assert!(named.is_none_or(|(known, _)| known == code), "{alias} {code}");
        }
    }
}
