//! Values in files that people write: where each stands, words in lists or alone, numbers, days and dates.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::value::Datetime;

/// Bytes of the text.
pub type Span = Range<usize>;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct At<T> {
    pub value: T,
    pub span: Span,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        let span = spanned.span();
        Ok(Self { value: spanned.into_inner(), span })
    }
}

/// The schema of what it holds, under the same name.
impl<T: JsonSchema> JsonSchema for At<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// One word, or a list of words.
#[derive(Clone, Debug)]
pub struct Words {
    pub list: Vec<At<String>>,
    pub span: Span,
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = At::<OneOrMany>::deserialize(deserializer)?;
        let list = match given.value {
            OneOrMany::One(value) => vec![At { value, span: given.span.clone() }],
            OneOrMany::Many(list) => list.into_iter().map(|word| At { value: word.value.0, span: word.span }).collect(),
        };
        Ok(Self { list, span: given.span })
    }
}

impl JsonSchema for Words {
    fn schema_name() -> Cow<'static, str> {
        "Words".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }] })
    }
}

enum OneOrMany {
    One(String),
    Many(Vec<At<Word>>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = OneOrMany;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word in quotes or a list of such words")
    }
    fn visit_str<E: Error>(self, word: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(word.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<OneOrMany, A::Error> {
        let mut list = Vec::new();
        while let Some(word) = sequence.next_element()? {
            list.push(word);
        }
        Ok(OneOrMany::Many(list))
    }
    fn visit_i64<E: Error>(self, code: i64) -> Result<OneOrMany, E> {
        Err(unquoted(code))
    }
}

struct Word(String);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(WordsVisitor)? {
            OneOrMany::One(word) => Ok(Word(word)),
            OneOrMany::Many(_) => Err(D::Error::custom("a list in a list; give one list of words")),
        }
    }
}

fn unquoted<E: Error>(code: i64) -> E {
    E::custom(format!("{code} is a number; codes are words: write \"{code}\""))
}

/// A number, whole or not.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub struct Number(#[serde(deserialize_with = "number")] pub f64);

impl JsonSchema for Number {
    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

/// Two numbers or more, each with its place.
pub type Amounts = At<Vec<At<Number>>>;

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
        Err(E::custom(not_a_number(text)))
    }
}

/// What to say of text where a number is wanted.
pub fn not_a_number(text: &str) -> String {
    let percent = text.strip_suffix('%').and_then(|share| share.trim().parse::<f64>().ok());
    match percent {
        Some(percent) => format!("\"{text}\" is text; a share is a plain number: write {}", percent / 100.0),
        None => {
            format!("\"{text}\" is text; give a plain number in the unit of the key (shares 0-1, days, million USD)")
        }
    }
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    deserializer.deserialize_any(NumberVisitor)
}

/// A calendar day, as days from 1970-01-01 and as written.
#[derive(Clone, Debug)]
pub struct Date {
    pub day: i64,
    pub text: String,
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(MomentVisitor)? {
            Moment::Date(date) => Ok(date),
            Moment::Day(_) => Err(D::Error::custom("give a date without quotes, such as 2026-01-01")),
        }
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

/// A day of the scenario, or a date.
#[derive(Clone, Debug)]
pub enum Moment {
    Day(f64),
    Date(Date),
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MomentVisitor)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "number", "minimum": 0 }, { "type": "string", "format": "date" }] })
    }
}

struct MomentVisitor;

impl<'de> Visitor<'de> for MomentVisitor {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day number or a date")
    }
    fn visit_i64<E: Error>(self, day: i64) -> Result<Moment, E> {
        Ok(Moment::Day(day as f64))
    }
    fn visit_f64<E: Error>(self, day: f64) -> Result<Moment, E> {
        Ok(Moment::Day(day))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
        Err(E::custom(format!("\"{text}\" is text; give a day number, or a date without quotes such as 2026-01-01")))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Moment, A::Error> {
        let given = Datetime::deserialize(MapAccessDeserializer::new(map))?;
        match (given.date, given.time) {
            (Some(date), None) => Ok(Moment::Date(Date {
                day: days_from_epoch(i64::from(date.year), i64::from(date.month), i64::from(date.day)),
                text: date.to_string(),
            })),
            _ => Err(A::Error::custom("a date without a time of day is wanted, such as 2026-01-01")),
        }
    }
}

/// Days from 1970-01-01 in the Gregorian calendar, counted in years that begin in March so that a leap day comes last.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let in_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - 719_468
}

/// The value of a model's option.
pub struct Setting(pub String);

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SettingVisitor)
    }
}

struct SettingVisitor;

impl Visitor<'_> for SettingVisitor {
    type Value = Setting;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a word in quotes")
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Setting, E> {
        Ok(Setting(value.to_string()))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Setting, E> {
        Ok(Setting(value.to_string()))
    }
    fn visit_str<E: Error>(self, word: &str) -> Result<Setting, E> {
        Ok(Setting(word.to_owned()))
    }
}

impl JsonSchema for Setting {
    fn schema_name() -> Cow<'static, str> {
        "Setting".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"] })
    }
}
