//! Responses, but for retaliation, which is a control.

use super::Reader;
use crate::file::{DiversificationEntry, ProcurementEntry, ResponseEntry, StockpileEntry};
use crate::scenario::Response;
use zili_world::code::nearest;
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Number, Words};

impl Reader<'_, '_, '_> {
    pub(super) fn response(&mut self, entry: &At<ResponseEntry>) -> Option<At<Response>> {
        let value = match &entry.value {
            ResponseEntry::Stockpile(entry) => self.stockpile(entry),
            ResponseEntry::Procurement(entry) => self.procurement(entry),
            ResponseEntry::Diversification(entry) => self.diversification(entry),
            ResponseEntry::Retaliation(_) => None,
        }?;
        Some(At { value, span: entry.span.clone() })
    }

    fn stockpile(&mut self, entry: &StockpileEntry) -> Option<Response> {
        let (at, sectors) = (self.bloc_or_home(entry.at.as_ref()), self.sectors(entry.sectors.as_ref()));
        let days = self.findings.positive(&entry.days, "days", "days");
        let from = self.beginning(entry.from.as_ref());
        Some(Response::Stockpile { at: at?, sectors: sectors?, days: days?, from: from?, filled: entry.filled })
    }

    fn procurement(&mut self, entry: &ProcurementEntry) -> Option<Response> {
        let (at, sectors) = (self.bloc_or_home(entry.at.as_ref()), self.sectors(entry.sectors.as_ref()));
        let categories = self.categories(entry.categories.as_ref());
        let share = self.some_share(&entry.share);
        let window = self.window(entry.from.as_ref(), entry.until.as_ref(), entry.ramp.as_ref());
        Some(Response::Procurement {
            at: at?,
            sectors: sectors?,
            categories: categories?,
            share: share?,
            window: window?,
        })
    }

    fn diversification(&mut self, entry: &DiversificationEntry) -> Option<Response> {
        let (at, sectors) = (self.bloc_or_home(entry.at.as_ref()), self.sectors(entry.sectors.as_ref()));
        let share = self.some_share(&entry.share);
        let window = self.window(entry.from.as_ref(), entry.until.as_ref(), entry.ramp.as_ref());
        let cap = match &entry.cap {
            Some(cap) => Some(
                self.findings.number(cap, "cap", "times the old flow, at least 1", |v| v >= 1.0 && v.is_finite())?,
            ),
            None => None,
        };
        Some(Response::Diversification { at: at?, sectors: sectors?, share: share?, window: window?, cap })
    }

    /// A share that is not 0.
    fn some_share(&mut self, given: &At<Number>) -> Option<f64> {
        let share = self.findings.share(given, "share")?;
        if share == 0.0 {
            self.findings.error(Name::EmptyEffect, &given.span, "a share of 0 changes nothing");
            return None;
        }
        Some(share)
    }

    /// Codes of categories of final use, by code or name; all (none listed) if not given.
    fn categories(&mut self, words: Option<&Words>) -> Option<Vec<String>> {
        let Some(words) = words else { return Some(Vec::new()) };
        if words.list.is_empty() {
            self.findings.error(Name::EmptyEffect, &words.span, "an empty list names no category");
            return None;
        }
        let known = self.classification.categories();
        let mut codes = Vec::new();
        let mut sound = true;
        for word in &words.list {
            let is = |text: &str| text.eq_ignore_ascii_case(word.value.trim());
            match known.iter().find(|c| is(&c.code) || is(&c.name)) {
                Some(category) => codes.push(category.code.clone()),
                None => {
                    let spellings = known.iter().flat_map(|c| [c.code.as_str(), c.name.as_str()]);
                    let near = nearest(&word.value, spellings).map(|near| format!(": did you mean '{near}'?"));
                    let all: Vec<String> = known.iter().map(|c| format!("{} ({})", c.code, c.name)).collect();
                    let message = format!(
                        "unknown category of final use '{}'{} (accepted: {})",
                        word.value,
                        near.unwrap_or_default(),
                        all.join("; ")
                    );
                    self.findings.error(Name::UnknownCode, &word.span, message);
                    sound = false;
                }
            }
        }
        sound.then_some(codes)
    }
}
