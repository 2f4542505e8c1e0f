//! A file's shape: TOML, keys and types. One slip in an entry does not hide those of the others.

use super::diagnostic::Name;
use super::findings::Findings;
use super::value::{At, Span};
use crate::code::nearest;
use crate::label;
use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// The text as TOML, or none if it is not.
pub fn toml<'a>(findings: &mut Findings<'a>) -> Option<Spanned<DeTable<'a>>> {
    let (root, errors) = DeTable::parse_recoverable(findings.text);
    for error in &errors {
        findings.error(Name::Syntax, &error.span().unwrap_or(0..0), error.message());
    }
    if !errors.is_empty() {
        return None;
    }
    shown_in_table(findings, root.get_ref());
    (!findings.any_error()).then_some(root)
}

/// Refuses texts with what a terminal would obey: TOML has escapes for it.
fn shown(findings: &mut Findings, value: &Spanned<DeValue>) {
    match value.get_ref() {
        DeValue::String(text) => shown_text(findings, text, value.span()),
        DeValue::Array(list) => list.iter().for_each(|value| shown(findings, value)),
        DeValue::Table(table) => shown_in_table(findings, table),
        _ => {}
    }
}

fn shown_in_table(findings: &mut Findings, table: &DeTable) {
    for (key, value) in table.iter() {
        shown_text(findings, key.get_ref(), key.span());
        shown(findings, value);
    }
}

fn shown_text(findings: &mut Findings, text: &str, span: Span) {
    if let Some(c) = label::unshown_in_lines(text) {
        let text = format!("this has the character U+{:04X}; write visible characters", u32::from(c));
        findings.error(Name::WrongType, &span, text);
    }
}

/// What is left of a file's table when its lists were taken out.
pub fn head<T: DeserializeOwned>(findings: &mut Findings, root: Spanned<DeTable>) -> Option<T> {
    match T::deserialize(root.into_deserializer()) {
        Ok(head) => Some(head),
        Err(error) => {
            said(findings, &error, 0..0);
            None
        }
    }
}

/// The entries under a key, taken out of the table, each read by itself.
pub fn entries<T>(
    findings: &mut Findings,
    table: &mut DeTable,
    key: &str,
    read: impl Fn(&mut Findings, Spanned<DeValue>) -> Option<At<T>>,
) -> Vec<At<T>> {
    let Some(value) = table.remove(key) else { return Vec::new() };
    let span = value.span();
    match value.into_inner() {
        DeValue::Array(list) => list.into_iter().filter_map(|entry| read(findings, entry)).collect(),
        _ => {
            findings.error(Name::WrongType, &span, format!("`{key}` is a list of tables: write [[{key}]]"));
            Vec::new()
        }
    }
}

/// One entry.
pub fn typed<T: DeserializeOwned>(findings: &mut Findings, value: Spanned<DeValue>) -> Option<At<T>> {
    let span = value.span();
    match T::deserialize(value.into_deserializer()) {
        Ok(value) => Some(At { value, span }),
        Err(error) => {
            said(findings, &error, span);
            None
        }
    }
}

/// What serde refuses, under a name of ours and with the nearest of what it expected.
fn said(findings: &mut Findings, error: &Error, entry: Span) {
    let span = error.span().unwrap_or(entry);
    let message = error.message();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (name, text) = match quoted.as_slice() {
        [given, known @ ..] if message.starts_with("unknown field") => {
            (Name::UnknownKey, format!("unknown key '{given}'{}", accepted(given, known)))
        }
        [given, known @ ..] if message.starts_with("unknown variant") => {
            (Name::UnknownWord, format!("unknown word '{given}'{}", accepted(given, known)))
        }
        [key, ..] if message.starts_with("missing field") => (Name::MissingKey, format!("`{key}` is missing")),
        _ => (Name::WrongType, message.to_owned()),
    };
    findings.error(name, &span, text);
}

/// What comes near, and everything that would do.
pub fn accepted(given: &str, known: &[&str]) -> String {
    let near = nearest(given, known.iter().copied()).map(|near| format!(": did you mean '{near}'?"));
    format!("{} (accepted: {})", near.unwrap_or_default(), known.join(", "))
}
