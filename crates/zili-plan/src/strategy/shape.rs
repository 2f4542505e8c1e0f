//! The file's shape: TOML, keys and types. One slip in an entry does not hide those of the others, nor of the entries within it.

use super::file::{File, LeverEntry, MoveEntry, ProgrammeEntry, ScenarioEntry};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use zili_world::written::diagnostic::Name;
use zili_world::written::shape::{self, entries, typed};
use zili_world::written::{At, Findings};

/// The file, or none if its head cannot be read. Entries that cannot be read are said and left out.
pub(super) fn parse(findings: &mut Findings) -> Option<File> {
    let mut root = shape::toml(findings)?;
    let table = root.get_mut();
    let source = entries(findings, table, "source", typed);
    let input = entries(findings, table, "input", typed);
    let supplier = entries(findings, table, "supplier", typed);
    let budget = entries(findings, table, "budget", typed);
    let skill = entries(findings, table, "skill", typed);
    let capability = entries(findings, table, "capability", typed);
    let programme =
        with(findings, table, "programme", "mode", typed, |entry: &mut ProgrammeEntry, list| entry.mode = list);
    let lever = with(findings, table, "lever", "effect", typed, |entry: &mut LeverEntry, list| entry.effect = list);
    let scenario = with(findings, table, "scenario", "cut", typed, |entry: &mut ScenarioEntry, list| entry.cut = list);
    for key in ["adversary", "risk"] {
        single(findings, table, key);
    }
    let mut moves = Vec::new();
    if let Some(DeValue::Table(adversary)) = table.get_mut("adversary").map(Spanned::get_mut) {
        moves = with(findings, adversary, "move", "cut", typed, |entry: &mut MoveEntry, list| entry.cut = list);
    }
    let head: File = shape::head(findings, root)?;
    let mut file = File { source, input, supplier, budget, skill, capability, programme, lever, scenario, ..head };
    if let Some(adversary) = &mut file.adversary {
        adversary.moves = moves;
    }
    Some(file)
}

/// There is one of these, and it is a table; anything else is said and left out.
fn single(findings: &mut Findings, table: &mut DeTable, key: &str) {
    if let Some(value) = table.get(key).filter(|value| !matches!(value.get_ref(), DeValue::Table(_))) {
        let text = format!("there is one `{key}`, and it is a table: write [{key}]");
        findings.error(Name::WrongType, &value.span(), text);
        table.remove(key);
    }
}

/// Entries that have entries of their own, each read by itself.
fn with<T: DeserializeOwned, U: DeserializeOwned>(
    findings: &mut Findings,
    table: &mut DeTable,
    key: &str,
    inner: &str,
    read: impl Fn(&mut Findings, Spanned<DeValue>) -> Option<At<U>>,
    put: impl Fn(&mut T, Vec<At<U>>),
) -> Vec<At<T>> {
    entries(findings, table, key, |findings, mut value| {
        let list = match value.get_mut() {
            DeValue::Table(entry) => {
                if let Some(given) = entry.get(inner).filter(|given| !matches!(given.get_ref(), DeValue::Array(_))) {
                    let text = format!("`{inner}` is a list of tables: write [[{key}.{inner}]]");
                    findings.error(Name::WrongType, &given.span(), text);
                    entry.remove(inner);
                }
                entries(findings, entry, inner, &read)
            }
            _ => Vec::new(),
        };
        let mut entry: At<T> = typed(findings, value)?;
        put(&mut entry.value, list);
        Some(entry)
    })
}
