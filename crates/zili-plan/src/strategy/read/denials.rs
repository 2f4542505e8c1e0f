//! What others may do: with a probability, or by choosing the worst.

use super::super::file::{AdversaryEntry, CutEntry, MoveEntry, ScenarioEntry};
use super::super::{Adversary, Cut, Denial, Move, Supplier};
use super::Reader;
use super::figures::{ABOVE_ZERO_SHARE, AMOUNT, Entry, SHARE};
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Span};

/// Probabilities that add up to more than this are no rounding.
const ONE: f64 = 1.0 + 1e-9;

impl Reader<'_, '_, '_> {
    pub(super) fn scenarios(&mut self, entries: &[At<ScenarioEntry>], suppliers: &[Supplier]) -> Vec<Denial> {
        self.distinct(entries.iter().map(|at| &at.value.name), "scenario");
        let mut sum = 0.0;
        let mut list = Vec::new();
        for at in entries {
            let e = &at.value;
            let mut entry = self.entry(format!("scenario {}", e.name.value), e.source.as_ref());
            let probability = self.number(&mut entry, "probability", &e.probability, SHARE);
            let before = sum;
            sum += probability.unwrap_or(0.0);
            if sum > ONE && before <= ONE {
                let text = format!(
                    "the probabilities add up to {:.3}: together they are at most 1, and what is left is the probability that nothing happens",
                    entries.iter().map(|at| at.value.probability.value.number).sum::<f64>()
                );
                self.findings.error(Name::OutOfRange, &e.probability.span, text);
            }
            let cuts = self.cuts(&entry, &e.cut, &e.name, "scenario.cut", suppliers);
            if let (Some(probability), Some(cuts)) = (probability, cuts) {
                list.push(Denial { name: e.name.value.clone(), probability, cuts });
            }
        }
        list
    }

    pub(super) fn adversary(
        &mut self,
        given: Option<&AdversaryEntry>,
        suppliers: &[Supplier],
    ) -> Option<Option<Adversary>> {
        let Some(e) = given else { return Some(None) };
        let mut entry = self.entry("adversary".to_owned(), e.source.as_ref());
        let budget = self.number(&mut entry, "budget", &e.budget, AMOUNT);
        let own_loss = match &e.own_loss {
            Some(given) => self.number(&mut entry, "own_loss", given, AMOUNT).map(Some),
            None => Some(None),
        };
        self.distinct(e.moves.iter().map(|at| &at.value.name), "move");
        if e.moves.is_empty() && !self.damaged {
            let text = "an adversary without a step to take: add an [[adversary.move]]";
            self.findings.error(Name::EmptyEffect, &e.budget.span, text);
        }
        let moves: Vec<_> = e.moves.iter().map(|at| self.step(&entry, &at.value, suppliers)).collect();
        Some(Some(Adversary { budget: budget?, own_loss: own_loss?, moves: moves.into_iter().collect::<Option<_>>()? }))
    }

    fn step(&mut self, outer: &Entry, e: &MoveEntry, suppliers: &[Supplier]) -> Option<Move> {
        let mut entry = self.within(outer, &format!("move {}", e.name.value), e.source.as_ref());
        let cost = self.number(&mut entry, "cost", &e.cost, AMOUNT);
        let cuts = self.cuts(&entry, &e.cut, &e.name, "adversary.move.cut", suppliers);
        Some(Move { name: e.name.value.clone(), cost: cost?, cuts: cuts? })
    }

    fn cuts(
        &mut self,
        outer: &Entry,
        entries: &[At<CutEntry>],
        name: &At<String>,
        key: &str,
        suppliers: &[Supplier],
    ) -> Option<Vec<Cut>> {
        if entries.is_empty() && !self.damaged {
            let text = format!("'{}' denies nothing: add a [[{key}]]", name.value);
            self.findings.error(Name::EmptyEffect, &name.span, text);
        }
        let cuts: Vec<_> = entries.iter().enumerate().map(|(k, at)| self.cut(outer, k, at, suppliers)).collect();
        cuts.into_iter().collect()
    }

    fn cut(&mut self, outer: &Entry, k: usize, at: &At<CutEntry>, suppliers: &[Supplier]) -> Option<Cut> {
        let e = &at.value;
        let mut entry = self.within(outer, &format!("cut {}", k + 1), e.source.as_ref());
        let regions = self.bloc(&e.regions);
        let inputs = self.all_named(e.inputs.as_ref(), Self::input_named);
        let severity = self.number(&mut entry, "severity", &e.severity, ABOVE_ZERO_SHARE);
        let from = match &e.from {
            Some(year) => self.planned(year, "from"),
            None => Some(self.from),
        };
        let until = match &e.until {
            Some(year) => self.planned(year, "until").map(Some),
            None => Some(None),
        };
        let (regions, inputs, from, until) = (regions?, inputs?, from?, until?);
        if let (Some(last), Some(year)) = (until, &e.until)
            && last < from
        {
            let text = format!("ends in {last}, but begins in {from} only: `until` is the last year of it");
            self.findings.error(Name::Contradiction, &year.span, text);
            return None;
        }
        let cut = Cut { regions, inputs, severity: severity?, from, until };
        self.suppliers_hit(&cut, &e.regions.span, suppliers);
        Some(cut)
    }

    /// A supplier is hit as a whole or not at all, and a cut hits one.
    fn suppliers_hit(&mut self, cut: &Cut, span: &Span, suppliers: &[Supplier]) {
        let mut any = false;
        for supplier in suppliers.iter().filter(|s| cut.inputs.is_empty() || cut.inputs.contains(&s.input)) {
            let members = &supplier.region.members;
            let theirs = members.iter().filter(|code| cut.regions.members.contains(code)).count();
            any |= theirs > 0;
            if theirs > 0 && theirs < members.len() {
                let text = format!(
                    "hits a part of the supplier {} of {} only: give that part a [[supplier]] of its own",
                    supplier.region.code, supplier.input
                );
                self.findings.error(Name::Contradiction, span, text);
            }
        }
        // A supplier that could not be read is not known here.
        if !any && !self.findings.any_error() {
            let text = format!("{} supplies none of that: nothing is denied", cut.regions.code);
            self.findings.error(Name::EmptyEffect, span, text);
        }
    }

    fn distinct<'e>(&mut self, names: impl Iterator<Item = &'e At<String>>, what: &'static str) {
        super::names::Names::of(self.findings, what, names);
    }
}
