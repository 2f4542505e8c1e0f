//! The file's shape: TOML, keys and types. One slip in an entry does not hide those of the others.

use super::Findings;
use crate::diagnostic::Name;
use crate::file::{File, ResponseEntry};
use crate::value::{At, Span};
use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};
use zili_world::code::nearest;

/// The file, or none if its head cannot be read or any entry of it is not as it should be.
pub(super) fn parse(findings: &mut Findings) -> Option<File> {
    let (root, errors) = DeTable::parse_recoverable(findings.text);
    for error in &errors {
        findings.error(Name::Syntax, &error.span().unwrap_or(0..0), error.message());
    }
    if !errors.is_empty() {
        return None;
    }
    let mut root = root;
    let table = root.get_mut();
    let control = entries(findings, table, "control", typed);
    let disruption = entries(findings, table, "disruption", typed);
    let response = entries(findings, table, "response", response);
    let stock = entries(findings, table, "stock", typed);
    let criticality = entries(findings, table, "criticality", typed);
    let uncertain = entries(findings, table, "uncertain", typed);
    let head: Result<File, Error> = serde::Deserialize::deserialize(root.into_deserializer());
    match head {
        Ok(head) => Some(File { control, disruption, response, stock, criticality, uncertain, ..head }),
        Err(error) => {
            said(findings, &error, 0..0);
            None
        }
    }
}

/// The entries under a key, taken out of the table, each read by itself.
fn entries<T>(
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

fn typed<T: DeserializeOwned>(findings: &mut Findings, value: Spanned<DeValue>) -> Option<At<T>> {
    let span = value.span();
    match T::deserialize(value.into_deserializer()) {
        Ok(value) => Some(At { value, span }),
        Err(error) => {
            said(findings, &error, span);
            None
        }
    }
}

/// A response is read by its kind.
fn response(findings: &mut Findings, mut value: Spanned<DeValue>) -> Option<At<ResponseEntry>> {
    const KINDS: [&str; 4] = ["stockpile", "procurement", "diversification", "retaliation"];
    let span = value.span();
    let kind = match value.get_mut() {
        DeValue::Table(table) => table.remove("kind"),
        _ => None,
    };
    let Some(kind) = kind else {
        findings.error(Name::MissingKey, &span, format!("a response has a `kind`: {}", KINDS.join(", ")));
        return None;
    };
    fn wrapped<T: DeserializeOwned>(
        findings: &mut Findings,
        value: Spanned<DeValue>,
        wrap: impl Fn(T) -> ResponseEntry,
    ) -> Option<At<ResponseEntry>> {
        typed(findings, value).map(|At { value, span }| At { value: wrap(value), span })
    }
    match kind.get_ref().as_str().unwrap_or_default() {
        "stockpile" => wrapped(findings, value, ResponseEntry::Stockpile),
        "procurement" => wrapped(findings, value, ResponseEntry::Procurement),
        "diversification" => wrapped(findings, value, ResponseEntry::Diversification),
        "retaliation" => wrapped(findings, value, |entry| ResponseEntry::Retaliation(Box::new(entry))),
        word => {
            let message = format!("unknown kind of response '{word}'{}", accepted(word, &KINDS));
            findings.error(Name::UnknownWord, &kind.span(), message);
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

fn accepted(given: &str, known: &[&str]) -> String {
    let near = nearest(given, known.iter().copied()).map(|near| format!(": did you mean '{near}'?"));
    format!("{} (accepted: {})", near.unwrap_or_default(), known.join(", "))
}
