//! Controls, and home's retaliation, which is one.

use super::Reader;
use crate::control::What;
use crate::file::ControlEntry;
use crate::flows::{Denied, denied, total};
use crate::{Control, Error, Flows, Sectors, Window};
use std::collections::BTreeSet;
use zili_world::Bloc;
use zili_world::code::nearest;
use zili_world::written::diagnostic::Name;
use zili_world::written::{Amounts, Span, Words};

/// A control, where it stands in the file, and between which bounds its severity is known to lie.
pub(super) struct Placed {
    pub control: Control,
    pub span: Span,
    pub range: Option<(f64, f64)>,
}

impl Reader<'_, '_, '_> {
    /// A control as written, or as home's retaliation.
    pub(super) fn denial(&mut self, entry: &ControlEntry, span: &Span, retaliation: bool) -> Option<Placed> {
        let by = self.denier(entry, span, retaliation);
        let against = self.bloc(&entry.against);
        let window = self.window(entry.from.as_ref(), entry.until.as_ref(), entry.ramp.as_ref());
        let severity = self.severity(entry, span);
        let (by, against) = (by?, against?);
        if let Some(shared) = by.members.iter().find(|m| against.members.contains(m)) {
            let message = match retaliation {
                true => format!("home would retaliate against itself: {shared} is on both sides"),
                false => format!("{shared} is on both sides; everyone but X is written \"!X\""),
            };
            self.findings.error(Name::Contradiction, &entry.against.span, message);
            return None;
        }
        let what = self.what(entry, span, &by, &against)?;
        let (window, severity) = (window?, severity?);
        let control = Control { by, against, what, severity: 1.0, flows: entry.flows, window, retaliation };
        let control = self.effective(control, entry, span, severity)?;
        let range = match &entry.severity_range {
            Some(range) => Some(self.range(range, entry, control.severity)?),
            None => None,
        };
        Some(Placed { control, span: span.clone(), range })
    }

    fn denier(&mut self, entry: &ControlEntry, span: &Span, retaliation: bool) -> Option<Bloc> {
        match &entry.by {
            None if retaliation => Some(self.home.clone()),
            None => {
                self.findings.error(Name::MissingKey, span, "`by` is missing: who denies?");
                None
            }
            Some(words) => {
                let by = self.bloc(words)?;
                let foreign = by.members.iter().find(|m| !self.home.members.contains(m));
                match foreign.filter(|_| retaliation) {
                    Some(foreign) => {
                        let message = format!("retaliation is home's, and {foreign} is not home; leave out `by`");
                        self.findings.error(Name::Contradiction, &words.span, message);
                        None
                    }
                    None => Some(by),
                }
            }
        }
    }

    /// The severity as a share or as an amount.
    fn severity(&mut self, entry: &ControlEntry, span: &Span) -> Option<Size> {
        match (&entry.severity, &entry.amount_musd) {
            (Some(severity), None) => {
                let share = self.findings.share(severity, "severity")?;
                if share == 0.0 {
                    self.findings.error(Name::EmptyEffect, &severity.span, "a control of severity 0 denies nothing");
                    return None;
                }
                Some(Size::Share(share))
            }
            (None, Some(amount)) => {
                self.findings.positive(amount, "amount_musd", "million USD a year").map(Size::Amount)
            }
            (None, None) => {
                let message = "how much is denied? Give `severity` (share of the flow, 0-1) or `amount_musd` (million USD a year)";
                self.findings.error(Name::MissingKey, span, message);
                None
            }
            (Some(_), Some(amount)) => {
                let message = "both `severity` (a share) and `amount_musd` (an amount): give one of them";
                self.findings.error(Name::Contradiction, &amount.span, message);
                None
            }
        }
    }

    fn what(&mut self, entry: &ControlEntry, span: &Span, by: &Bloc, against: &Bloc) -> Option<What> {
        let given: Vec<(&str, &Words)> = [
            ("sectors", &entry.sectors),
            ("products", &entry.products),
            ("inputs", &entry.inputs),
            ("entities", &entry.entities),
        ]
        .into_iter()
        .filter_map(|(key, words)| words.as_ref().map(|words| (key, words)))
        .collect();
        if let [_, (key, words), ..] = given.as_slice() {
            let message = format!("`{key}` beside `{}`: a control is about one of them; write two", given[0].0);
            self.findings.error(Name::Contradiction, &words.span, message);
            return None;
        }
        if let Some(part) = entry.part.as_ref().filter(|_| entry.products.is_none()) {
            let message = "`part` says what share of their sector products make up; without `products` use `severity`";
            self.findings.error(Name::Contradiction, &part.span, message);
            return None;
        }
        let Some(&(key, words)) = given.first() else { return Some(What::Sectors(Sectors::All)) };
        if words.list.is_empty() {
            self.findings.error(Name::EmptyEffect, &words.span, "an empty list denies nothing");
            return None;
        }
        let names = || words.list.iter().map(|word| word.value.clone()).collect();
        match key {
            "sectors" => self.sectors(Some(words)).map(What::Sectors),
            "products" => self.products(words, entry, by, against),
            "inputs" => {
                let known = self.in_chains(words);
                self.not_on_a_table(
                    span,
                    "inputs of a chain are on no table: only the model `chain` uses this control",
                );
                known.then(|| What::Inputs(names()))
            }
            _ => {
                let known =
                    |word: &str| self.world.chains().flat_map(|c| &c.supplies).any(|supply| supply.is_firm(word));
                let words_of = words.list.iter().map(|word| word.value.as_str());
                let strange: Vec<&str> = words_of.filter(|word| !known(word)).collect();
                let unknown = match strange.as_slice() {
                    [] => String::new(),
                    _ => format!(", and no chain knows {}", strange.join(", ")),
                };
                let message = format!("firms are on no table: only the model `chain` uses this control{unknown}");
                self.not_on_a_table(span, &message);
                Some(What::Entities(names()))
            }
        }
    }

    /// A warning, unless a `[[chain]]` of the file brings what is lost onto the table.
    fn not_on_a_table(&mut self, span: &Span, message: &str) {
        if !self.carries {
            let message = format!("{message}; `[[chain]]` would bring its loss onto the table");
            self.findings.warn(Name::NotOnATable, span, message);
        }
    }

    /// Whether every word is an input of some chain, by id or name.
    fn in_chains(&mut self, words: &Words) -> bool {
        let inputs = || self.world.chains().flat_map(|chain| &chain.inputs);
        let mut known = true;
        for word in &words.list {
            if inputs().any(|input| input.is_named(&word.value)) {
                continue;
            }
            let near = nearest(&word.value, inputs().flat_map(|input| [input.id.as_str(), input.name.as_str()]));
            let near = near.map(|near| format!(": did you mean '{near}'?")).unwrap_or_default();
            let chains: Vec<&str> = self.world.chains().map(|chain| chain.name.as_str()).collect();
            let message = format!("unknown input '{}'{near} (chains: {})", word.value, chains.join(", "));
            self.findings.error(Name::UnknownCode, &word.span, message);
            known = false;
        }
        known
    }

    /// The control with its severity, if it takes anything.
    fn effective(&mut self, control: Control, entry: &ControlEntry, span: &Span, size: Size) -> Option<Control> {
        let on_table = control.is_on_table();
        let flows = match denied(&control, &self.table) {
            Ok(flows) => flows,
            Err(error) => {
                self.findings.error(Name::UnknownCode, span, error.to_string());
                return None;
            }
        };
        let (inputs, final_use) = total(&flows);
        let flow = inputs + final_use;
        if on_table && !flows.iter().any(|flow| flow.inputs != 0.0 || flow.final_use != 0.0) {
            let (year, by, against) = (self.table.year, &control.by.code, &control.against.code);
            let message = match &control.what {
                What::Products { .. } => format!("nothing to deny: no trade in these products from {by} to {against}"),
                _ => format!("nothing to deny: in {year} the table has no such flow from {by} to {against}"),
            };
            self.findings.error(Name::EmptyEffect, span, message);
            return None;
        }
        self.idle_parts(&control, entry, &flows);
        let severity = match size {
            Size::Share(share) => share,
            Size::Amount(_) if !on_table => {
                let message = "an amount is a part of a flow in the table; chain inputs and entities need `severity`";
                self.refuse_amount(entry, Name::Contradiction, message.to_owned());
                return None;
            }
            Size::Amount(amount) if amount <= flow => amount / flow,
            Size::Amount(amount) => {
                let message = format!(
                    "amount_musd = {amount}: the flow is {flow:.1} million USD in {}; give no more than that",
                    self.table.year
                );
                self.refuse_amount(entry, Name::OutOfRange, message);
                return None;
            }
        };
        Some(Control { severity, ..control })
    }

    fn refuse_amount(&mut self, entry: &ControlEntry, name: Name, message: String) {
        let span = entry.amount_musd.as_ref().map_or(0..0, |amount| amount.span.clone());
        self.findings.error(name, &span, message);
    }

    /// Warns of regions and sectors that were named but between which nothing flows.
    fn idle_parts(&mut self, control: &Control, entry: &ControlEntry, flows: &[Denied]) {
        let moving: Vec<&Denied> = flows.iter().filter(|flow| flow.inputs != 0.0 || flow.final_use != 0.0).collect();
        let idle = |all: &[usize], used: BTreeSet<usize>| -> Vec<usize> {
            all.iter().copied().filter(|k| !used.contains(k)).collect()
        };
        let width = self.classification.sectors().len();
        let positions = |bloc: &Bloc| bloc.positions(self.classification).unwrap_or_default();
        let sellers = idle(&positions(&control.by), moving.iter().map(|f| f.supplier / width).collect());
        let buyers = idle(&positions(&control.against), moving.iter().map(|f| f.buyer).collect());
        let named = match &control.what {
            What::Sectors(sectors @ Sectors::These(_)) => sectors.positions(self.classification).unwrap_or_default(),
            What::Sectors(Sectors::All) | What::Products { .. } => Vec::new(),
            What::Inputs(_) | What::Entities(_) => return,
        };
        let sectors = idle(&named, moving.iter().map(|f| f.supplier % width).collect());
        let region = |r: &usize| self.classification.regions()[*r].code.to_string();
        let sector = |s: &usize| self.classification.sectors()[*s].code.to_string();
        let lists = [
            ("from", sellers.iter().map(region).collect::<Vec<_>>(), entry.by.as_ref()),
            ("to", buyers.iter().map(region).collect(), Some(&entry.against)),
            ("of sector", sectors.iter().map(sector).collect(), entry.sectors.as_ref()),
        ];
        for (word, idle, place) in lists {
            if let Some(place) = place.filter(|_| !idle.is_empty()) {
                let message = format!("the table has nothing {word} {}: that part changes nothing", idle.join(", "));
                self.findings.warn(Name::EmptyEffect, &place.span, message);
            }
        }
    }

    /// The bounds of a severity that is not known for sure.
    fn range(&mut self, range: &Amounts, entry: &ControlEntry, severity: f64) -> Option<(f64, f64)> {
        if entry.severity.is_none() {
            let message = "`severity_range` bounds a share: give `severity`, not `amount_musd`";
            self.findings.error(Name::Contradiction, &range.span, message);
            return None;
        }
        let [low, high] = range.value.as_slice() else {
            self.findings.error(Name::WrongType, &range.span, "give two shares, such as [0.5, 1.0]");
            return None;
        };
        let mut share = |bound| self.findings.share(bound, "severity_range");
        let (low, high) = (share(low), share(high));
        let (low, high) = (low?, high?);
        if low < high && (low..=high).contains(&severity) {
            return Some((low, high));
        }
        let message = format!(
            "severity {severity} is the most likely of [{low}, {high}]: give low <= severity <= high, low < high"
        );
        self.findings.error(Name::OutOfRange, &range.span, message);
        None
    }
}

/// How much is denied, before the flow is known.
#[derive(Clone, Copy)]
enum Size {
    /// Share of the flow.
    Share(f64),
    /// Million USD a year.
    Amount(f64),
}

/// Whether two sets of uses share one.
pub(super) fn uses_meet(a: Flows, b: Flows) -> bool {
    a == b || a == Flows::Both || b == Flows::Both
}

/// Whether two windows share a moment.
pub(super) fn windows_meet(a: &Window, b: &Window) -> bool {
    a.from < b.until && b.from < a.until
}

impl Placed {
    /// Sector positions on which it falls.
    pub(super) fn sectors(&self, classification: &zili_world::Classification) -> Result<BTreeSet<usize>, Error> {
        Ok(match &self.control.what {
            What::Sectors(sectors) => sectors.positions(classification)?.into_iter().collect(),
            What::Products { parts, .. } => {
                parts.iter().map(|p| classification.sector(p.sector.as_str())).collect::<Result<_, _>>()?
            }
            What::Inputs(_) | What::Entities(_) => BTreeSet::new(),
        })
    }
}
