//! Names that entries give themselves, and looking one up.

use super::Reader;
use zili_world::code::nearest;
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Findings, Words};

/// The names of all entries of a kind, in the order of the file.
pub(super) struct Names<'a> {
    what: &'static str,
    list: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// Refuses a name that is empty or given twice.
    pub(super) fn of(findings: &mut Findings, what: &'static str, names: impl Iterator<Item = &'a At<String>>) -> Self {
        let mut list: Vec<&str> = Vec::new();
        for name in names {
            if name.value.trim().is_empty() || name.value.chars().any(char::is_control) {
                let text = format!("an empty name, or one with a line break, names no {what}");
                findings.error(Name::MissingKey, &name.span, text);
            } else if list.contains(&name.value.as_str()) {
                findings.error(Name::Contradiction, &name.span, format!("'{}' is another {what} already", name.value));
            }
            list.push(&name.value);
        }
        Self { what, list }
    }

    /// For names that are checked elsewhere.
    pub(super) fn unchecked(what: &'static str, names: impl Iterator<Item = &'a At<String>>) -> Self {
        Self { what, list: names.map(|name| name.value.as_str()).collect() }
    }

    pub(super) fn list(&self) -> &[&'a str] {
        &self.list
    }

    /// Whether a name is one of them, or an error that says which are.
    pub(super) fn find(&self, findings: &mut Findings, word: &At<String>, damaged: bool) -> Option<String> {
        if self.list.contains(&word.value.as_str()) {
            return Some(word.value.clone());
        }
        if !damaged {
            let near = nearest(&word.value, self.list.iter().copied());
            let near = near.map(|near| format!(": did you mean '{near}'?")).unwrap_or_default();
            let known = match self.list.as_slice() {
                [] => "there is none".to_owned(),
                list => format!("accepted: {}", list.join(", ")),
            };
            let text = format!("unknown {} '{}'{near} ({known})", self.what, word.value);
            findings.error(Name::UnknownCode, &word.span, text);
        }
        None
    }
}

impl Reader<'_, '_, '_> {
    pub(super) fn input_named(&mut self, word: &At<String>) -> Option<String> {
        self.inputs.find(self.findings, word, self.damaged)
    }
    pub(super) fn level_named(&mut self, word: &At<String>) -> Option<String> {
        self.levels.find(self.findings, word, self.damaged)
    }
    pub(super) fn skill_named(&mut self, word: &At<String>) -> Option<String> {
        self.skills.find(self.findings, word, self.damaged)
    }
    pub(super) fn capability_named(&mut self, word: &At<String>) -> Option<String> {
        self.capabilities.find(self.findings, word, self.damaged)
    }

    /// A level that may be left out.
    pub(super) fn payer(&mut self, word: Option<&At<String>>) -> Option<Option<String>> {
        word.map_or(Some(None), |word| self.level_named(word).map(Some))
    }

    /// Several names, each once.
    pub(super) fn all_named(
        &mut self,
        words: Option<&Words>,
        find: impl Fn(&mut Self, &At<String>) -> Option<String>,
    ) -> Option<Vec<String>> {
        let Some(words) = words else { return Some(Vec::new()) };
        if words.list.is_empty() {
            self.findings.error(Name::EmptyEffect, &words.span, "an empty list names nothing: leave the key out");
            return None;
        }
        let mut list: Vec<String> = Vec::new();
        let mut sound = true;
        for word in &words.list {
            match find(self, word) {
                Some(name) if list.contains(&name) => {
                    self.findings.error(Name::Contradiction, &word.span, format!("'{name}' is given twice"));
                    sound = false;
                }
                Some(name) => list.push(name),
                None => sound = false,
            }
        }
        sound.then_some(list)
    }

    /// The id of an input of the strategy's chain.
    pub(super) fn chain_input(&mut self, word: Option<&At<String>>) -> Option<Option<String>> {
        let Some(word) = word else { return Some(None) };
        let Some(chain) = self.chain else {
            let text = "an input of which chain? Give `chain` at the top of the file";
            self.findings.error(Name::MissingKey, &word.span, text);
            return None;
        };
        if let Some(input) = chain.inputs.iter().find(|input| input.is_named(&word.value)) {
            return Some(Some(input.id.clone()));
        }
        let spellings = chain.inputs.iter().flat_map(|input| [input.id.as_str(), input.name.as_str()]);
        let near = nearest(&word.value, spellings).map(|near| format!(": did you mean '{near}'?")).unwrap_or_default();
        let text = format!("'{}' is no input of {}{near} (zili data chains {1} lists them)", word.value, chain.name);
        self.findings.error(Name::UnknownCode, &word.span, text);
        None
    }
}
