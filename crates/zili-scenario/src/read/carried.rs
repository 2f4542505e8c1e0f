//! Chains carried onto the table.

use super::Reader;
use crate::file::ChainEntry;
use crate::scenario::Carried;
use zili_world::written::diagnostic::Name;

impl Reader<'_, '_, '_> {
    pub(super) fn carried(&mut self, entry: &ChainEntry) -> Option<Carried> {
        let sectors = self.sectors(Some(&entry.sectors));
        let share = self.findings.share(&entry.share, "share");
        let chain = match self.world.chain(&entry.name.value) {
            Ok(chain) => chain,
            Err(error) => {
                self.findings.error(Name::UnknownCode, &entry.name.span, error.to_string());
                return None;
            }
        };
        if let Some(grade) = entry.grade.as_ref().filter(|grade| !chain.grades.contains(&grade.value)) {
            let known: Vec<&str> = chain.grades.iter().map(String::as_str).filter(|grade| !grade.is_empty()).collect();
            let accepted = if known.is_empty() { "the chain has none".to_owned() } else { known.join(", ") };
            let message = format!("unknown grade '{}' of {} (accepted: {accepted})", grade.value, chain.name);
            self.findings.error(Name::UnknownCode, &grade.span, message);
            return None;
        }
        if share == Some(0.0) {
            self.findings.error(Name::EmptyEffect, &entry.share.span, "share = 0: nothing needs the product");
            return None;
        }
        let grade = entry.grade.as_ref().map(|grade| grade.value.clone());
        Some(Carried { chain: chain.name.clone(), grade, sectors: sectors?, share: share?, case: entry.case })
    }
}
