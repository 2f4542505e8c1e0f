//! Entries against each other: controls on the same flow, and suppliers that nobody is left to be.

use super::Reader;
use super::control::{Placed, uses_meet, windows_meet};
use crate::explain::{foreign_final_use, used};
use crate::scenario::Response;
use crate::{Control, Error};
use std::collections::BTreeSet;
use zili_world::written::At;
use zili_world::written::diagnostic::Name;

impl Reader<'_, '_, '_> {
    /// Two controls on the same supplier, sector, buyer and use whose windows share a day.
    pub(super) fn overlaps(&mut self, placed: &[Placed]) -> Result<(), Error> {
        let sectors: Vec<BTreeSet<usize>> =
            placed.iter().map(|placed| placed.sectors(self.classification)).collect::<Result<_, _>>()?;
        for (k, second) in placed.iter().enumerate() {
            for (first, earlier) in placed.iter().zip(&sectors).take(k) {
                let (a, b) = (&first.control, &second.control);
                let shared = sectors[k].intersection(earlier).next();
                let Some(&sector) = shared.filter(|_| same_flow(a, b)) else { continue };
                let line = self.findings.text[..first.span.start].matches('\n').count() + 1;
                let sector = &self.classification.sectors()[sector].code;
                let message = format!(
                    "the same flow as the control in line {line} ({} to {}, sector {sector}, same days): part them, or write overlaps = \"severest\" at the top of the file",
                    shared_member(&a.by, &b.by),
                    shared_member(&a.against, &b.against)
                );
                self.findings.error(Name::Overlap, &second.span, message);
                break;
            }
        }
        Ok(())
    }

    /// Diversification from what nobody denies, and towards nobody.
    pub(super) fn diversifications(&mut self, answers: &[At<Response>], placed: &[Placed]) -> Result<(), Error> {
        for answer in answers {
            let Response::Diversification { at, sectors, window, .. } = &answer.value else { continue };
            let wanted = sectors.positions(self.classification)?;
            let mut denied = false;
            let mut supplied = false;
            for &sector in &wanted {
                let mut deniers = BTreeSet::new();
                for placed in placed {
                    let on = placed.sectors(self.classification)?.contains(&sector)
                        && placed.control.against.overlaps(at)
                        && windows_meet(&placed.control.window, window);
                    if on {
                        deniers.extend(placed.control.by.members.iter().map(|m| m.as_str()));
                    }
                }
                if deniers.is_empty() {
                    continue;
                }
                denied = true;
                let regions = self.classification.regions().iter().enumerate();
                let left = regions.filter(|(_, region)| {
                    !at.members.contains(&region.code) && !deniers.contains(region.code.as_str())
                });
                let industries = left.map(|(r, _)| self.classification.industries_of(r).start + sector);
                supplied |= industries.into_iter().any(|industry| self.table.output()[industry] > 0.0);
            }
            if !denied {
                let message = format!(
                    "nothing of these sectors is denied to {} in that time: no need to look elsewhere",
                    at.code
                );
                self.findings.error(Name::EmptyEffect, &answer.span, message);
            } else if !supplied {
                let message = format!("everyone else denies {} what it looks for: nobody is left to buy from", at.code);
                self.findings.error(Name::Contradiction, &answer.span, message);
            }
        }
        Ok(())
    }
}

impl Reader<'_, '_, '_> {
    /// Stockpiles of what nobody uses, and procurement of what nobody buys abroad.
    pub(super) fn without_flows(&mut self, answers: &[At<Response>]) -> Result<(), Error> {
        for answer in answers {
            let (flow, what) = match &answer.value {
                Response::Stockpile { at, sectors, .. } => {
                    (used(at, sectors, &self.table)?, format!("{} uses none of these products as inputs", at.code))
                }
                Response::Procurement { at, sectors, categories, .. } => (
                    foreign_final_use(at, sectors, categories, &self.table)?,
                    format!("{} buys none of these products abroad for that use", at.code),
                ),
                Response::Diversification { .. } => continue,
            };
            if flow == 0.0 {
                self.findings.error(Name::EmptyEffect, &answer.span, what);
            }
        }
        Ok(())
    }
}

fn same_flow(a: &Control, b: &Control) -> bool {
    a.by.overlaps(&b.by)
        && a.against.overlaps(&b.against)
        && uses_meet(a.flows, b.flows)
        && windows_meet(&a.window, &b.window)
}

fn shared_member<'a>(a: &'a zili_world::Bloc, b: &zili_world::Bloc) -> &'a str {
    a.members.iter().find(|m| b.members.contains(m)).map_or("", |m| m.as_str())
}
