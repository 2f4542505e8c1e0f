//! Numbers as a strategy writes them: alone, with a source of their own, or over the years.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use zili_world::written::value::not_a_number;
use zili_world::written::{At, Number};

/// A number, and who says so where it is not who says the rest of its entry.
#[derive(Clone, Debug)]
pub(crate) struct Amount {
    pub number: f64,
    pub source: Option<At<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sourced {
    value: Number,
    source: At<String>,
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        amount()
    }
}

fn amount() -> Schema {
    json_schema!({ "anyOf": [{ "type": "number" }, sourced(json_schema!({ "type": "number" }))] })
}

fn sourced(value: Schema) -> Schema {
    json_schema!({
        "type": "object",
        "properties": {
            "value": { "description": "The number or numbers.", "anyOf": [value] },
            "source": { "description": "Who says so: the id of a source, or \"assumption\".", "type": "string" }
        },
        "required": ["value", "source"],
        "additionalProperties": false
    })
}

struct AmountVisitor;

impl<'de> Visitor<'de> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or { value = ..., source = \"...\" }")
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Amount, E> {
        Ok(Amount { number: value as f64, source: None })
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Amount, E> {
        Ok(Amount { number, source: None })
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Amount, E> {
        Err(E::custom(not_a_number(text)))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Amount, A::Error> {
        let Sourced { value, source } = Sourced::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Amount { number: value.0, source: Some(source) })
    }
}

/// A number a year.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub shape: Shape,
    pub source: Option<At<String>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// The same every year.
    Every(f64),
    /// One a year.
    List(Vec<At<Amount>>),
    /// Growing by a share a year.
    Growth { start: At<Number>, growth: At<Number> },
    /// Together so much, the same every year.
    Total(At<Number>),
    /// In some calendar years; in a straight line between.
    Points(Vec<(At<i32>, At<Number>)>),
}

impl<'de> Deserialize<'de> for Course {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CourseVisitor)
    }
}

impl JsonSchema for Course {
    fn schema_name() -> Cow<'static, str> {
        "Course".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = json_schema!({ "type": "number" });
        let list = json_schema!({ "type": "array", "items": amount(), "minItems": 1 });
        let growth = json_schema!({
            "type": "object",
            "properties": {
                "start": { "description": "The number of the first year.", "type": "number" },
                "growth": { "description": "Share by which it grows a year.", "type": "number" },
                "source": { "description": "Who says so: the id of a source, or \"assumption\".", "type": "string" }
            },
            "required": ["start", "growth"],
            "additionalProperties": false
        });
        let total = json_schema!({
            "type": "object",
            "properties": {
                "total": { "description": "Of all years together, the same every year.", "type": "number" },
                "source": { "description": "Who says so: the id of a source, or \"assumption\".", "type": "string" }
            },
            "required": ["total"],
            "additionalProperties": false
        });
        let points = json_schema!({
            "type": "object",
            "properties": {
                "source": { "description": "Who says so: the id of a source, or \"assumption\".", "type": "string" }
            },
            "patternProperties": {
                "^[0-9]{4}$": { "description": "The number of this year; in a straight line between.", "type": "number" }
            },
            "additionalProperties": false
        });
        let plain = json_schema!({ "anyOf": [number, list] });
        json_schema!({ "anyOf": [number, list, sourced(plain), growth, total, points] })
    }
}

struct CourseVisitor;

const KEYS: [&str; 6] = ["value", "start", "growth", "total", "source", "a year such as 2030"];

impl<'de> Visitor<'de> for CourseVisitor {
    type Value = Course;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a number, a list with one a year, { start = ..., growth = ... }, { total = ... } or { 2026 = ..., 2030 = ... }",
        )
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Course, E> {
        Ok(Course { shape: Shape::Every(value as f64), source: None })
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Course, E> {
        Ok(Course { shape: Shape::Every(value), source: None })
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Course, E> {
        Err(E::custom(not_a_number(text)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Course, A::Error> {
        let mut list = Vec::new();
        while let Some(amount) = sequence.next_element()? {
            list.push(amount);
        }
        Ok(Course { shape: Shape::List(list), source: None })
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Course, A::Error> {
        let (mut value, mut source) = (None::<Plain>, None::<At<String>>);
        let (mut start, mut growth, mut total) = (None, None, None);
        let mut points: Vec<(At<i32>, At<Number>)> = Vec::new();
        while let Some(key) = map.next_key::<At<String>>()? {
            match key.value.as_str() {
                "value" => value = Some(map.next_value()?),
                "source" => source = Some(map.next_value()?),
                "start" => start = Some(map.next_value()?),
                "growth" => growth = Some(map.next_value()?),
                "total" => total = Some(map.next_value()?),
                word => {
                    let year = word.parse().map_err(|_| A::Error::unknown_field(word, &KEYS))?;
                    points.push((At { value: year, span: key.span }, map.next_value()?));
                }
            }
        }
        points.sort_by_key(|(year, _)| year.value);
        let shape = match (value, start, growth, total) {
            (Some(Plain(shape)), None, None, None) if points.is_empty() => shape,
            (None, Some(start), Some(growth), None) if points.is_empty() => Shape::Growth { start, growth },
            (None, None, None, Some(total)) if points.is_empty() => Shape::Total(total),
            (None, None, None, None) if !points.is_empty() => Shape::Points(points),
            _ => {
                let text = "numbers by year, or `start` with `growth`, or `total`, or `value`: give one of these";
                return Err(A::Error::custom(text));
            }
        };
        Ok(Course { shape, source })
    }
}

/// What stands under `value`: a number or a list.
struct Plain(Shape);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let course = Course::deserialize(deserializer)?;
        match course.shape {
            Shape::Every(_) | Shape::List(_) => Ok(Plain(course.shape)),
            _ => Err(D::Error::custom("`value` is a number or a list; `source` may stand beside `start` or the years")),
        }
    }
}

/// Entries under names of the user's, such as amounts by level.
#[derive(Clone, Debug)]
pub(crate) struct Named<T>(pub Vec<(At<String>, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedVisitor(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}ByName", T::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let of = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": of })
    }
}

struct NamedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for NamedVisitor<T> {
    type Value = Named<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table with a name for each, such as { central = 100 }")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = map.next_entry()? {
            list.push(entry);
        }
        Ok(Named(list))
    }
}
