//! The file's shape: TOML, keys and types. One slip in an entry does not hide those of the others.

use crate::file::{File, ResponseEntry};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeValue;
use zili_world::written::diagnostic::Name;
use zili_world::written::shape::{self, accepted, entries, typed};
use zili_world::written::{At, Findings};

/// The file, or none if its head cannot be read or any entry of it is not as it should be.
pub(super) fn parse(findings: &mut Findings) -> Option<File> {
    let mut root = shape::toml(findings)?;
    let table = root.get_mut();
    let control = entries(findings, table, "control", typed);
    let disruption = entries(findings, table, "disruption", typed);
    let response = entries(findings, table, "response", response);
    let stock = entries(findings, table, "stock", typed);
    let criticality = entries(findings, table, "criticality", typed);
    let uncertain = entries(findings, table, "uncertain", typed);
    let head: File = shape::head(findings, root)?;
    Some(File { control, disruption, response, stock, criticality, uncertain, ..head })
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
