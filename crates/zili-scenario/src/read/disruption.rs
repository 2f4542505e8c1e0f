//! Disruptions.

use super::Reader;
use crate::file::{DisruptionEntry, RebuildEntry};
use crate::scenario::{Disruption, Impact, Rebuild, Recovery, Shape};
use crate::value::RecoveryEntry;
use crate::{Sectors, flows};
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Number, Span};
use zili_world::{Bloc, SectorCode};

impl Reader<'_, '_, '_> {
    pub(super) fn disruption(&mut self, entry: &At<DisruptionEntry>) -> Option<Disruption> {
        let (span, entry) = (&entry.span, &entry.value);
        let (at, sectors) = (self.bloc(&entry.at), self.sectors(entry.sectors.as_ref()));
        let impact = self.impact(entry, span);
        let from = self.beginning(entry.from.as_ref());
        let recovery = self.recovery(entry);
        let lasts = self.lasts(entry, span);
        let (impact, place) = impact?;
        let disruption =
            Disruption { at: at?, sectors: sectors?, impact, from: from?, lasts: lasts?, recovery: recovery? };
        let consistent = self.consistent(entry, &disruption, &place);
        let effective = self.hits_something(entry, &disruption, span);
        (consistent && effective).then_some(disruption)
    }

    /// What is lost, and where that is said.
    fn impact(&mut self, entry: &DisruptionEntry, span: &Span) -> Option<(Impact, Span)> {
        type Kind = fn(f64) -> Impact;
        let all: [(&str, &Option<At<Number>>, Kind); 6] = [
            ("capacity_loss", &entry.capacity_loss, Impact::Capacity),
            ("labour_loss", &entry.labour_loss, Impact::Labour),
            ("capital_loss", &entry.capital_loss, Impact::Capital),
            ("damage_musd", &entry.damage_musd, Impact::Damage),
            ("household_damage_musd", &entry.household_damage_musd, Impact::HouseholdDamage),
            ("demand_loss", &entry.demand_loss, Impact::Demand),
        ];
        let given: Vec<(&str, &At<Number>, Kind)> =
            all.iter().filter_map(|(key, value, kind)| value.as_ref().map(|value| (*key, value, *kind))).collect();
        let [(key, value, kind)] = given.as_slice() else {
            let keys: Vec<&str> = all.iter().map(|(key, ..)| *key).collect();
            let keys = keys.join(", ");
            match given.get(1) {
                Some((key, value, _)) => {
                    let message = format!("`{key}` beside `{}`: a disruption takes one thing; write two", given[0].0);
                    self.findings.error(Name::Contradiction, &value.span, message);
                }
                None => self.findings.error(Name::MissingKey, span, format!("what is lost? Give one of {keys}")),
            }
            return None;
        };
        let amount = match *key {
            "damage_musd" | "household_damage_musd" => self.findings.positive(value, key, "million USD")?,
            "demand_loss" => self
                .findings
                .number(value, key, "a share of at most 1 (negative adds demand)", |v| v <= 1.0 && v.is_finite())?,
            _ => self.findings.share(value, key)?,
        };
        if amount == 0.0 {
            self.findings.error(Name::EmptyEffect, &value.span, format!("{key} = 0 takes nothing"));
            return None;
        }
        Some((kind(amount), value.span.clone()))
    }

    fn lasts(&mut self, entry: &DisruptionEntry, span: &Span) -> Option<f64> {
        match &entry.lasts {
            Some(given) => {
                self.findings.number(given, "lasts", "a number of days from 0 on, or inf for good", |v| v >= 0.0)
            }
            None if comes_back_slowly(entry) => Some(0.0),
            None => {
                let message =
                    "`lasts` is missing: for how many days? (It may be left out with a recovery curve or `rebuild`.)";
                self.findings.error(Name::MissingKey, span, message);
                None
            }
        }
    }

    fn recovery(&mut self, entry: &DisruptionEntry) -> Option<Recovery> {
        match (&entry.recovery, &entry.rebuild) {
            (Some(recovery), Some(_)) => {
                let message = "`recovery` beside `rebuild`: what was lost comes back in one way";
                self.findings.error(Name::Contradiction, &recovery.span, message);
                None
            }
            (None, Some(rebuild)) => self.rebuild(rebuild).map(Recovery::Rebuild),
            (Some(At { value: RecoveryEntry::Curve(curve), .. }), None) => {
                // The time constant of (1 − 1/days)^e is a day at least; the exponent of the concave curve has ln(days/2) below.
                let (least, wanted) = match curve.shape {
                    Shape::Linear => (0.0, "a number of days above 0"),
                    Shape::Convex | Shape::SteepConvex => (1.0, "a number of days of at least 1"),
                    Shape::Concave => (2.0, "a number of days above 2"),
                };
                let open = matches!(curve.shape, Shape::Linear | Shape::Concave);
                let fits = |v: f64| v.is_finite() && if open { v > least } else { v >= least };
                let days = self.findings.number(&curve.days, "days", wanted, fits)?;
                Some(Recovery::Curve { shape: curve.shape, days })
            }
            _ => Some(Recovery::AtOnce),
        }
    }

    fn rebuild(&mut self, entry: &RebuildEntry) -> Option<Rebuild> {
        let days = self.findings.positive(&entry.days, "days", "days");
        let factor = match &entry.factor {
            Some(factor) => self.findings.positive(factor, "factor", "units of demand per unit of damage"),
            None => Some(1.0),
        };
        let mut sectors: Vec<(SectorCode, f64)> = Vec::new();
        let mut sound = true;
        for (word, share) in &entry.sectors.value {
            let position = match self.classification.sector(word) {
                Ok(position) => position,
                Err(error) => {
                    self.findings.error(Name::UnknownCode, &share.span, error.to_string());
                    sound = false;
                    continue;
                }
            };
            let code = self.classification.sectors()[position].code.clone();
            if sectors.iter().any(|(known, _)| *known == code) {
                self.findings.error(Name::Contradiction, &share.span, format!("sector {code} is given twice"));
                sound = false;
            }
            match self.findings.share(share, word) {
                Some(share) => sectors.push((code, share)),
                None => sound = false,
            }
        }
        let sum: f64 = sectors.iter().map(|(_, share)| share).sum();
        if sound && (sum - 1.0).abs() > 1e-6 {
            let message = format!("the shares of those who rebuild sum to {sum}, not to 1");
            self.findings.error(Name::OutOfRange, &entry.sectors.span, message);
            sound = false;
        }
        sound.then_some(Rebuild { days: days?, sectors, factor: factor? })
    }

    /// Whether what is lost can come back as said.
    fn consistent(&mut self, entry: &DisruptionEntry, disruption: &Disruption, impact: &Span) -> bool {
        use {Impact::*, Recovery::*};
        let (name, message) = match (&disruption.impact, &disruption.recovery) {
            (HouseholdDamage(_), AtOnce | Curve { .. }) => {
                (Name::EmptyEffect, "damage to households stops no production; it matters through `rebuild` only")
            }
            (Capacity(_) | Labour(_) | Demand(_), Rebuild(_)) => (
                Name::Contradiction,
                "only what was destroyed is built anew: `rebuild` goes with capital_loss, damage_musd or household_damage_musd",
            ),
            (_, AtOnce) if disruption.lasts == 0.0 => {
                (Name::EmptyEffect, "over as soon as it begins: lasts = 0, and it recovers at once")
            }
            (_, Curve { .. } | Rebuild(_)) if disruption.lasts.is_infinite() => {
                (Name::Contradiction, "it lasts for good, so that nothing recovers")
            }
            _ => return true,
        };
        let span = match &entry.lasts {
            Some(lasts) if disruption.lasts == 0.0 || disruption.lasts.is_infinite() => &lasts.span,
            _ => impact,
        };
        self.findings.error(name, span, message);
        false
    }

    /// Whether there is output, or demand, to lose; a warning for the parts where there is none.
    fn hits_something(&mut self, entry: &DisruptionEntry, disruption: &Disruption, span: &Span) -> bool {
        let (what, sizes) = match disruption.impact {
            Impact::HouseholdDamage(_) => return true,
            Impact::Demand(_) => ("final use of", self.final_uses(&disruption.at, &disruption.sectors)),
            _ => ("output of", self.outputs(&disruption.at, &disruption.sectors)),
        };
        let idle: Vec<String> = sizes.iter().filter(|(_, size)| *size <= 0.0).map(|(label, _)| label.clone()).collect();
        if idle.len() == sizes.len() {
            let message = format!("nothing to lose: in {} there is no {what} {}", self.table.year, idle.join(", "));
            self.findings.error(Name::EmptyEffect, span, message);
            return false;
        }
        if let Some(words) = entry.sectors.as_ref().filter(|_| !idle.is_empty()) {
            let message = format!("there is no {what} {}: that part changes nothing", idle.join(", "));
            self.findings.warn(Name::EmptyEffect, &words.span, message);
        }
        true
    }

    /// Output by industry, million USD a year.
    fn outputs(&self, at: &Bloc, sectors: &Sectors) -> Vec<(String, f64)> {
        let regions = at.positions(self.classification).unwrap_or_default();
        let sectors = sectors.positions(self.classification).unwrap_or_default();
        let industries = regions
            .into_iter()
            .flat_map(|r| sectors.iter().map(move |s| (r, *s)))
            .map(|(r, s)| self.classification.industries_of(r).start + s);
        industries.map(|i| (self.classification.industry_label(i), self.table.output()[i])).collect()
    }

    /// Final use of each sector's products, wherever made, by some regions; million USD a year.
    fn final_uses(&self, by: &Bloc, sectors: &Sectors) -> Vec<(String, f64)> {
        let buyers = by.positions(self.classification).unwrap_or_default();
        let sectors = sectors.positions(self.classification).unwrap_or_default();
        let width = self.classification.sectors().len();
        let use_of = |s: usize| -> f64 {
            (s..self.table.y.rows())
                .step_by(width)
                .flat_map(|i| buyers.iter().map(move |&b| (i, b)))
                .map(|(i, b)| flows::sum(&self.table.y, i, self.classification.final_columns_of(b)))
                .sum()
        };
        sectors.into_iter().map(|s| (self.classification.sectors()[s].code.to_string(), use_of(s))).collect()
    }
}

/// Whether it has an effect even if it lasts no day at full size.
fn comes_back_slowly(entry: &DisruptionEntry) -> bool {
    entry.rebuild.is_some() || matches!(entry.recovery, Some(At { value: RecoveryEntry::Curve(_), .. }))
}
