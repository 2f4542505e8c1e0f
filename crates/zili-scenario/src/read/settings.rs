//! Options of models, and those of them that are not known for sure.

use crate::file::UncertainEntry;
use crate::scenario::{Uncertain, Unknown};
use std::collections::{BTreeMap, BTreeSet};
use zili_world::written::Findings;
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Setting, Span};
use zili_world::{Error, Method, Options};

type Tables = BTreeMap<String, At<BTreeMap<String, At<Setting>>>>;

/// Every option as words, each checked against what its model accepts.
pub(super) fn of_models(
    findings: &mut Findings,
    given: &Tables,
    methods: &[&Method],
) -> BTreeMap<String, Vec<(String, String)>> {
    let mut settings = BTreeMap::new();
    for (model, options) in given {
        let Some(method) = method(findings, model, &options.span, methods) else { continue };
        let mut words = Vec::new();
        for (option, value) in &options.value {
            if accepted(findings, method, option, &value.value.0, &value.span) {
                words.push((option.clone(), value.value.0.clone()));
            }
        }
        settings.insert(model.clone(), words);
    }
    settings
}

/// Every bound that the option would accept, in order.
pub(super) fn uncertain(
    findings: &mut Findings,
    entries: &[At<UncertainEntry>],
    methods: &[&Method],
) -> Vec<Uncertain> {
    let mut seen = BTreeSet::new();
    for At { value: entry, .. } in entries {
        if !seen.insert(&entry.parameter.value) {
            let message = format!("{} is uncertain twice: give one range", entry.parameter.value);
            findings.error(Name::Contradiction, &entry.parameter.span, message);
        }
    }
    entries.iter().filter_map(|entry| one(findings, &entry.value, methods)).collect()
}

fn one(findings: &mut Findings, entry: &UncertainEntry, methods: &[&Method]) -> Option<Uncertain> {
    let parameter = &entry.parameter;
    let Some((model, option)) = parameter.value.split_once('.') else {
        let message = format!("'{}' is not MODEL.OPTION, such as inventory.psi", parameter.value);
        findings.error(Name::UnknownKey, &parameter.span, message);
        return None;
    };
    let method = method(findings, model, &parameter.span, methods)?;
    let numeric = |p: &&zili_world::Parameter| p.name == option && p.accepts.is_number();
    if method.parameters.iter().find(numeric).is_none() {
        let numbers = method.parameters.iter().filter(|p| p.accepts.is_number()).map(|p| p.name);
        let numbers: Vec<&str> = numbers.collect();
        let message = match numbers.as_slice() {
            [] => format!(
                "{model} has no numbers to draw; write severity_range in a control, or name another model's option"
            ),
            _ => format!("{model} has no number '{option}' (accepted: {})", numbers.join(", ")),
        };
        findings.error(Name::UnknownKey, &parameter.span, message);
        return None;
    }
    let bounds = [Some(&entry.low), Some(&entry.high), entry.mode.as_ref()];
    let mut sound = true;
    for bound in bounds.into_iter().flatten() {
        sound &= accepted(findings, method, option, &bound.value.0.to_string(), &bound.span);
    }
    let (low, high, mode) = (entry.low.value.0, entry.high.value.0, entry.mode.as_ref().map(|mode| mode.value.0));
    if sound && !(low < high && mode.is_none_or(|mode| (low..=high).contains(&mode))) {
        findings.error(Name::OutOfRange, &entry.low.span, "give low < high, and mode between them");
        sound = false;
    }
    let what = Unknown::Setting { model: model.to_owned(), option: option.to_owned() };
    sound.then_some(Uncertain { what, low, high, mode })
}

fn method<'a>(findings: &mut Findings, name: &str, span: &Span, methods: &[&'a Method]) -> Option<&'a Method> {
    let found = methods.iter().find(|method| method.name == name).copied();
    if found.is_none() {
        let names: Vec<String> = methods.iter().map(|method| method.name.to_owned()).collect();
        let error = Error::unknown("model", name, names.iter().map(String::as_str), &names);
        findings.error(Name::UnknownKey, span, error.to_string());
    }
    found
}

fn accepted(findings: &mut Findings, method: &Method, option: &str, value: &str, span: &Span) -> bool {
    match Options::parse(method, std::iter::once((option, value))) {
        Ok(_) => true,
        Err(error @ Error::Option { .. }) => {
            findings.error(Name::OutOfRange, span, error.to_string());
            false
        }
        Err(error) => {
            findings.error(Name::UnknownKey, span, format!("{}: {error}", method.name));
            false
        }
    }
}
