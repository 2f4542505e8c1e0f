//! Traded products as parts of their sectors' flows.

use super::Reader;
use crate::control::{Part, What};
use crate::file::ControlEntry;
use crate::flows;
use crate::products::traded;
use std::collections::{BTreeMap, BTreeSet};
use zili_world::code::nearest;
use zili_world::trade::{self, LATEST};
use zili_world::written::Words;
use zili_world::written::diagnostic::Name;
use zili_world::{Bloc, Concordance, SectorCode, Trade};

/// A product with its sector.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Listed {
    hs6: &'static str,
    sector: SectorCode,
}

impl Reader<'_, '_, '_> {
    /// Products as parts of their sectors' flows.
    pub(super) fn products(&mut self, words: &Words, entry: &ControlEntry, by: &Bloc, against: &Bloc) -> Option<What> {
        let concordance = match Concordance::of(self.classification) {
            Ok(concordance) => concordance,
            Err(error) => {
                let message = format!("{error}; or give `sectors` and a `severity` for their flow instead");
                self.findings.error(Name::NoConcordance, &words.span, message);
                return None;
            }
        };
        let listed = self.listed(words, &concordance)?;
        let codes = words.list.iter().map(|word| word.value.trim().to_owned()).collect();
        let parts = match &entry.part {
            Some(part) => {
                let share =
                    self.findings.number(part, "part", "a share above 0, at most 1", |v| v > 0.0 && v <= 1.0)?;
                self.assumed(&listed, share, by, against)
            }
            None => self.traded(words, &listed, by, against)?,
        };
        Some(What::Products { codes, parts })
    }

    /// The products of 6 digits under the codes, with their sectors.
    fn listed(&mut self, words: &Words, concordance: &Concordance) -> Option<Vec<Listed>> {
        let mut listed: Vec<Listed> = Vec::new();
        let mut sound = true;
        for word in &words.list {
            let code = word.value.trim();
            if !matches!(code.len(), 2 | 4 | 6) || !code.bytes().all(|b| b.is_ascii_digit()) {
                let message = format!("'{code}' is not an HS code of 2, 4 or 6 digits, such as \"8486\"");
                self.findings.error(Name::UnknownCode, &word.span, message);
                sound = false;
                continue;
            }
            let under = concordance.under(code);
            if under.is_empty() {
                let near = nearest(code, concordance.codes(code.len()).into_iter());
                let near = near.map(|near| format!(": did you mean '{near}'?")).unwrap_or_default();
                self.findings.error(Name::UnknownCode, &word.span, format!("HS 2017 has no code '{code}'{near}"));
                sound = false;
                continue;
            }
            let known = under.into_iter().filter_map(|(hs6, sector)| Some(Listed { hs6, sector: sector?.clone() }));
            let known: Vec<Listed> = known.collect();
            if known.is_empty() {
                let message = format!("'{code}' is made by no sector that is known; give `sectors` instead");
                self.findings.error(Name::NoConcordance, &word.span, message);
                sound = false;
            }
            listed.extend(known);
        }
        listed.sort();
        listed.dedup();
        sound.then_some(listed)
    }

    /// The same part everywhere.
    fn assumed(&self, listed: &[Listed], share: f64, by: &Bloc, against: &Bloc) -> Vec<Part> {
        let sectors: BTreeSet<&SectorCode> = listed.iter().map(|product| &product.sector).collect();
        let mut parts = Vec::new();
        for seller in &by.members {
            for buyer in &against.members {
                for sector in &sectors {
                    parts.push(Part { by: seller.clone(), against: buyer.clone(), sector: (*sector).clone(), share });
                }
            }
        }
        parts
    }

    /// Traded value of the products over the sector's flow in the table.
    fn traded(&mut self, words: &Words, listed: &[Listed], by: &Bloc, against: &Bloc) -> Option<Vec<Part>> {
        let known = trade::bundled().and_then(|trade| Ok((trade.clone(), trade.flows(trade.year(LATEST)?)?)));
        let (trade, flows) = match known {
            Ok(known) => known,
            Err(error) => {
                self.findings.error(Name::NoTradeData, &words.span, error.to_string());
                return None;
            }
        };
        self.known_trade(words, listed, &trade)?;
        let mut values: BTreeMap<(&str, usize, usize), f64> = BTreeMap::new();
        for product in listed {
            for ((seller, buyer), musd) in traded(&trade, &flows, product.hs6, self.classification) {
                *values.entry((product.sector.as_str(), seller, buyer)).or_insert(0.0) += musd;
            }
        }
        if flows.year != self.table.year {
            let message = format!(
                "parts are trade of {} ({}) over flows of {}: prices and volumes of two years",
                flows.year,
                trade.name(),
                self.table.year
            );
            self.findings.warn(Name::OtherYear, &words.span, message);
        }
        let (parts, capped) = self.parts(&values, by, against);
        if let Some((first, rest)) = capped.split_first() {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            let message = format!(
                "traded products are worth more than the whole flow in the table, and count as all of it: {first}{more}"
            );
            self.findings.warn(Name::Capped, &words.span, message);
        }
        Some(parts)
    }

    /// Shares of flows, at most 1, and the flows for which trade says more.
    fn parts(
        &self,
        values: &BTreeMap<(&str, usize, usize), f64>,
        by: &Bloc,
        against: &Bloc,
    ) -> (Vec<Part>, Vec<String>) {
        let regions = self.classification.regions();
        let (mut parts, mut capped) = (Vec::new(), Vec::new());
        for (&(sector, seller, buyer), &musd) in values {
            let (seller_code, buyer_code) = (&regions[seller].code, &regions[buyer].code);
            let flow = self.flow(seller, sector, buyer);
            if !by.members.contains(seller_code) || !against.members.contains(buyer_code) || musd <= 0.0 || flow <= 0.0
            {
                continue;
            }
            if musd > flow {
                capped
                    .push(format!("{seller_code} to {buyer_code}, {sector} ({musd:.1} against {flow:.1} million USD)"));
            }
            parts.push(Part {
                by: seller_code.clone(),
                against: buyer_code.clone(),
                sector: SectorCode::new(sector),
                share: (musd / flow).min(1.0),
            });
        }
        (parts, capped)
    }

    /// Everything that a sector of a region sells to another region, million USD a year.
    fn flow(&self, seller: usize, sector: &str, buyer: usize) -> f64 {
        let Ok(sector) = self.classification.sector(sector) else { return 0.0 };
        let supplier = self.classification.industries_of(seller).start + sector;
        flows::sum(&self.table.z, supplier, self.classification.industries_of(buyer))
            + flows::sum(&self.table.y, supplier, self.classification.final_columns_of(buyer))
    }

    /// An error for a code none of whose products is in the trade data, a warning for one of which some are.
    fn known_trade(&mut self, words: &Words, listed: &[Listed], trade: &Trade) -> Option<()> {
        let known: BTreeSet<&str> = trade.products().iter().map(|product| product.code.as_str()).collect();
        let mut sound = true;
        for word in &words.list {
            let code = word.value.trim();
            let under: Vec<&str> = listed.iter().map(|p| p.hs6).filter(|hs6| hs6.starts_with(code)).collect();
            let traded: Vec<&str> = under.iter().copied().filter(|hs6| known.contains(hs6)).collect();
            if traded.is_empty() {
                let all: Vec<&str> = known.iter().copied().collect();
                let message = format!(
                    "no trade data for '{code}'; '{}' has {}. State what share of its sector's flow it makes up with `part = ...`, or give `sectors`",
                    trade.name(),
                    all.join(", ")
                );
                self.findings.error(Name::NoTradeData, &word.span, message);
                sound = false;
            } else if traded.len() < under.len() {
                let message = format!(
                    "of the {} products under '{code}' trade is known for {} only ({}): the part is too small; `part = ...` states another",
                    under.len(),
                    traded.len(),
                    traded.join(", ")
                );
                self.findings.warn(Name::PartialTradeData, &word.span, message);
            }
        }
        sound.then_some(())
    }
}
