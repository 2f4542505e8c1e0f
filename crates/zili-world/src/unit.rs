//! The unit of a world's flows: no text names another.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// A multiple of a currency, as "million USD" or "thousand euros"; or whatever else a source says, taken as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    text: String,
    /// Of one of the currency, and the currency; none where the text is not understood.
    money: Option<(f64, String)>,
}

/// The unit of the columns that methods declare, which stands for the world's.
pub const DECLARED: &str = "million USD";

/// Words for multiples.
const MULTIPLES: [(&str, f64); 10] = [
    ("thousand", 1e3),
    ("thousands", 1e3),
    ("1000", 1e3),
    ("million", 1e6),
    ("millions", 1e6),
    ("mio", 1e6),
    ("billion", 1e9),
    ("billions", 1e9),
    ("bn", 1e9),
    ("m", 1e6),
];

impl Unit {
    /// "million USD, current prices": the multiple, the currency, and what follows a comma left out.
    pub fn parse(said: &str) -> Self {
        let head = said.split([',', ';', '(']).next().unwrap_or_default().trim();
        let mut words: Vec<&str> = head.split_whitespace().filter(|word| !word.eq_ignore_ascii_case("of")).collect();
        let multiple = |word: &str| MULTIPLES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, m)| *m);
        let factor = words.first().and_then(|word| multiple(word));
        if factor.is_some() {
            words.remove(0);
        }
        let currency = words.join(" ");
        let money = factor.filter(|_| !currency.is_empty()).map(|factor| (factor, currency));
        let text = if head.is_empty() { "units of the table".to_owned() } else { head.to_owned() };
        Self { text, money }
    }

    /// What strategies and trade in products are in, whatever the world.
    pub fn musd() -> Self {
        Self::parse(DECLARED)
    }

    /// For headings and axes.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The multiple and the currency; none where the text is not understood.
    pub fn money(&self) -> Option<(f64, &str)> {
        self.money.as_ref().map(|(factor, currency)| (*factor, currency.as_str()))
    }

    pub fn is_musd(&self) -> bool {
        self.text == DECLARED
    }

    /// The unit of a column that a method declares, in a world of this unit.
    pub fn of_column(&self, declared: &'static str) -> &'static str {
        match declared.strip_prefix(DECLARED) {
            Some(rest) if !self.is_musd() => interned(format!("{}{rest}", self.text)),
            _ => declared,
        }
    }
}

/// A text that lives as long as the program, once for all who ask: there are as many as units of worlds.
fn interned(text: String) -> &'static str {
    static KNOWN: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    match known.get(text.as_str()) {
        Some(same) => same,
        None => {
            let lasting: &'static str = Box::leak(text.into_boxed_str());
            known.insert(lasting);
            lasting
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Unit;

    #[test]
    fn units_of_official_tables_are_understood() {
        for (said, text, money) in [
            ("million USD, current prices", "million USD", Some((1e6, "USD"))),
            ("thousand euros", "thousand euros", Some((1e3, "euros"))),
            ("Millions of EUR (basic prices)", "Millions of EUR", Some((1e6, "EUR"))),
            ("bn CNY; 2018", "bn CNY", Some((1e9, "CNY"))),
            ("EUR", "EUR", None),
            ("", "units of the table", None),
        ] {
            let unit = Unit::parse(said);
            assert_eq!((unit.text(), unit.money()), (text, money), "{said}");
        }
    }

    #[test]
    fn columns_take_the_unit_of_the_world() {
        let thousand = Unit::parse("thousand EUR");
        assert_eq!(thousand.of_column("million USD"), "thousand EUR");
        assert_eq!(thousand.of_column("million USD a day"), "thousand EUR a day");
        assert_eq!(thousand.of_column("share 0–1"), "share 0–1");
        assert!(std::ptr::eq(thousand.of_column("million USD"), thousand.of_column("million USD")));
        assert_eq!(Unit::musd().of_column("million USD"), "million USD");
    }
}
