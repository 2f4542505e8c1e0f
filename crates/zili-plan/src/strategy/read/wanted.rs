//! Inputs that home needs, and those from whom they can be bought.

use super::super::file::{ExpansionEntry, InputEntry, LearningEntry, ReserveEntry, SupplierEntry, TargetEntry};
use super::super::{Expansion, Input, Learning, Reserve, Supplier, Target};
use super::Reader;
use super::figures::{ABOVE_ZERO_SHARE, AMOUNT, BELOW_HALF, BELOW_ONE, Entry, POSITIVE, SOME_YEARS};
use super::one_line;
use zili_world::written::At;
use zili_world::written::diagnostic::Name;

impl Reader<'_, '_, '_> {
    pub(super) fn inputs(&mut self, entries: &[At<InputEntry>]) -> Vec<Input> {
        entries.iter().filter_map(|entry| self.input(&entry.value)).collect()
    }

    fn input(&mut self, e: &InputEntry) -> Option<Input> {
        let mut entry = self.entry(format!("input {}", e.name.value), e.source.as_ref());
        let demand = self.course(&mut entry, "demand", &e.demand, AMOUNT);
        let home = self.course(&mut entry, "home", &e.home, AMOUNT);
        let home_cost = self.course(&mut entry, "home_cost", &e.home_cost, AMOUNT);
        let penalty = self.course(&mut entry, "penalty", &e.penalty, AMOUNT);
        // Full wear each year would leave nothing to build on.
        let depreciation = self.number_or(&mut entry, "depreciation", e.depreciation.as_ref(), 0.0, BELOW_ONE);
        let chain_input = self.chain_input(e.chain_input.as_ref());
        let sector = self.sector(e.sector.as_ref());
        let reserve = e.reserve.as_ref().map(|r| self.reserve(&entry, &r.value));
        let expansion = e.expansion.as_ref().map(|x| self.expansion(&entry, &x.value));
        let target = e.target.as_ref().map(|t| self.target(&entry, &t.value));
        if demand.as_ref().is_some_and(|demand| demand.iter().all(|units| *units == 0.0)) {
            let text = format!("home needs nothing of {}: leave the input out", e.name.value);
            self.findings.error(Name::EmptyEffect, &e.demand.span, text);
        }
        Some(Input {
            name: e.name.value.clone(),
            title: one_line(e.title.as_deref().unwrap_or(&e.name.value)),
            unit: one_line(e.unit.as_deref().unwrap_or("units")),
            chain_input: chain_input?,
            sector: sector?,
            demand: demand?,
            home: home?,
            home_cost: home_cost?,
            penalty: penalty?,
            depreciation: depreciation?,
            reserve: sound(reserve)?,
            expansion: sound(expansion)?,
            target: sound(target)?,
        })
    }

    fn sector(&mut self, word: Option<&At<String>>) -> Option<Option<String>> {
        let Some(word) = word else { return Some(None) };
        let classification = self.world.classification();
        match classification.sector(&word.value) {
            Ok(position) => Some(Some(classification.sectors()[position].code.to_string())),
            Err(error) => {
                self.findings.error(Name::UnknownCode, &word.span, error.to_string());
                None
            }
        }
    }

    fn reserve(&mut self, outer: &Entry, e: &ReserveEntry) -> Option<Reserve> {
        let mut entry = self.within(outer, "reserve", e.source.as_ref());
        let initial = self.number_or(&mut entry, "initial", e.initial.as_ref(), 0.0, AMOUNT);
        let most = self.number(&mut entry, "most", &e.most, AMOUNT);
        let cost = self.number(&mut entry, "cost", &e.cost, AMOUNT);
        let holding = self.number_or(&mut entry, "holding", e.holding.as_ref(), 0.0, AMOUNT);
        let level = self.payer(e.level.as_ref());
        if (most, initial) == (Some(0.0), Some(0.0)) {
            self.findings.error(Name::EmptyEffect, &e.most.span, "a reserve that is empty and stays so: leave it out");
        }
        Some(Reserve { initial: initial?, most: most?, cost: cost?, holding: holding?, level: level? })
    }

    fn expansion(&mut self, outer: &Entry, e: &ExpansionEntry) -> Option<Expansion> {
        let mut entry = self.within(outer, "expansion", e.source.as_ref());
        let capability = e.capability.as_ref().map(|word| self.capability_named(word));
        let cost = self.number(&mut entry, "cost", &e.cost, AMOUNT);
        let lag = self.number(&mut entry, "lag", &e.lag, SOME_YEARS);
        let seed = self.number(&mut entry, "seed", &e.seed, AMOUNT);
        let growth = self.number_or(&mut entry, "growth", e.growth.as_ref(), 0.0, AMOUNT);
        let learning = e.learning.as_ref().map(|l| self.learning(&entry, l));
        let level = self.payer(e.level.as_ref());
        if (seed, growth) == (Some(0.0), Some(0.0)) {
            let text = "seed and growth of 0: nothing can ever be added; leave the expansion out";
            self.findings.error(Name::EmptyEffect, &e.seed.span, text);
        }
        Some(Expansion {
            capability: sound(capability)?,
            cost: cost?,
            lag: lag? as usize,
            seed: seed?,
            growth: growth?,
            learning: sound(learning)?,
            level: level?,
        })
    }

    fn learning(&mut self, outer: &Entry, at: &At<LearningEntry>) -> Option<Learning> {
        let e = &at.value;
        let mut entry = self.within(outer, "learning", e.source.as_ref());
        let so_far = self.number(&mut entry, "so_far", &e.so_far, POSITIVE);
        let exponent = match (&e.exponent, &e.rate) {
            (Some(exponent), None) => self.number(&mut entry, "exponent", exponent, BELOW_ONE),
            // Half a doubling's cost is an exponent of 1, from where on all that is built together costs ever less.
            (None, Some(rate)) => {
                let rate = self.number(&mut entry, "rate", rate, BELOW_HALF);
                rate.map(|rate| -(1.0 - rate).log2())
            }
            _ => {
                let text = "how fast does the cost fall? Give `rate` (share saved with each doubling) or `exponent`, one of them";
                self.findings.error(Name::MissingKey, &at.span, text);
                None
            }
        };
        Some(Learning { exponent: exponent?, so_far: so_far? })
    }

    fn target(&mut self, outer: &Entry, e: &TargetEntry) -> Option<Target> {
        let mut entry = self.within(outer, "target", e.source.as_ref());
        let share = self.number(&mut entry, "share", &e.share, ABOVE_ZERO_SHARE);
        let by = self.planned(&e.by, "by");
        Some(Target { share: share?, by: by?, must: e.must })
    }

    /// A year within those planned.
    pub(super) fn planned(&mut self, year: &At<i32>, key: &str) -> Option<i32> {
        let (first, last) = (self.from, self.last());
        if (first..=last).contains(&year.value) {
            return Some(year.value);
        }
        let text = format!("{key} = {}: the years planned are {first} to {last}", year.value);
        self.findings.error(Name::OutOfRange, &year.span, text);
        None
    }

    pub(super) fn suppliers(&mut self, entries: &[At<SupplierEntry>], inputs: &[Input]) -> Vec<Supplier> {
        let mut suppliers: Vec<Supplier> = Vec::new();
        for at in entries {
            let Some(supplier) = self.supplier(at, inputs) else { continue };
            let same = suppliers.iter().filter(|other| other.input == supplier.input);
            let shared = same.flat_map(|other| &other.region.members).find(|m| supplier.region.members.contains(m));
            if let Some(shared) = shared {
                let text = format!("{shared} supplies {} in two entries: write one", supplier.input);
                self.findings.error(Name::Contradiction, &at.value.region.span, text);
            }
            suppliers.push(supplier);
        }
        suppliers
    }

    fn supplier(&mut self, at: &At<SupplierEntry>, inputs: &[Input]) -> Option<Supplier> {
        let e = &at.value;
        let region = self.bloc(&e.region);
        let whose = region.as_ref().map_or_else(|| "?".to_owned(), |region| region.code.clone());
        let mut entry = self.entry(format!("supplier {whose} of {}", e.input.value), e.source.as_ref());
        let input = self.input_named(&e.input);
        let price = self.course(&mut entry, "price", &e.price, AMOUNT);
        let capacity = match (&e.capacity, &e.share) {
            (Some(capacity), None) => self.course(&mut entry, "capacity", capacity, AMOUNT),
            (None, Some(share)) => {
                let share = self.course(&mut entry, "share", share, AMOUNT);
                let demand = inputs.iter().find(|i| i.name == e.input.value).map(|i| &i.demand);
                share.zip(demand).map(|(share, demand)| share.iter().zip(demand).map(|(s, d)| s * d).collect())
            }
            _ => {
                let text =
                    "how much can it supply? Give `capacity` (units a year) or `share` (of home's demand), one of them";
                self.findings.error(Name::MissingKey, &at.span, text);
                None
            }
        };
        let region = region?;
        if let Some(shared) = region.members.iter().find(|code| self.is_home(code)) {
            let text =
                format!("{shared} is home: what home makes is the input's `home`; everyone but home is \"!home\"");
            self.findings.error(Name::Contradiction, &e.region.span, text);
            return None;
        }
        let capacity: Vec<f64> = capacity?;
        if capacity.iter().all(|units| *units == 0.0) {
            let text = "supplies nothing in any year: leave it out";
            self.findings.error(Name::EmptyEffect, &e.region.span, text);
        }
        Some(Supplier { input: input?, region, capacity, price: price? })
    }
}

/// What was not given, or was given and is sound.
pub(super) fn sound<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    match given {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}
