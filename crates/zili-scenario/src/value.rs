//! Values that only scenario files have.

use crate::file::CurveEntry;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// `"at-once"`, or a curve.
pub(crate) enum RecoveryEntry {
    AtOnce,
    Curve(CurveEntry),
}

impl<'de> Deserialize<'de> for RecoveryEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RecoveryVisitor)
    }
}

struct RecoveryVisitor;

impl<'de> Visitor<'de> for RecoveryVisitor {
    type Value = RecoveryEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"at-once\" or { shape = ..., days = ... }")
    }
    fn visit_str<E: Error>(self, word: &str) -> Result<RecoveryEntry, E> {
        match word {
            "at-once" => Ok(RecoveryEntry::AtOnce),
            _ => Err(E::unknown_variant(word, &["at-once"])),
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RecoveryEntry, A::Error> {
        Ok(RecoveryEntry::Curve(CurveEntry::deserialize(MapAccessDeserializer::new(map))?))
    }
}

impl JsonSchema for RecoveryEntry {
    fn schema_name() -> Cow<'static, str> {
        "Recovery".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let curve = generator.subschema_for::<CurveEntry>();
        json_schema!({ "anyOf": [{ "const": "at-once" }, curve] })
    }
}

/// In a list of controls `by` is required; home's retaliation has it already.
pub(crate) fn require_by(list: &mut Schema) {
    if let Some(required) = list.pointer_mut("/items/required").and_then(|list| list.as_array_mut()) {
        required.insert(0, "by".into());
    }
}
