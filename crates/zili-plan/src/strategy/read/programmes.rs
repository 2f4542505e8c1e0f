//! What could be funded, and what it makes possible.

use super::super::file::{CapabilityEntry, CofundingEntry, ModeEntry, ProgrammeEntry};
use super::super::value::{Course, Named};
use super::super::{Capability, Cofunding, Delivery, Mode, Programme};
use super::Reader;
use super::figures::{ABOVE_ZERO_SHARE, AMOUNT, Entry, POSITIVE, YEARS};
use super::one_line;
use super::wanted::sound;
use zili_world::written::At;
use zili_world::written::diagnostic::Name;

impl Reader<'_, '_, '_> {
    pub(super) fn capabilities(&mut self, entries: &[At<CapabilityEntry>]) -> Vec<Capability> {
        let one = |reader: &mut Self, e: &CapabilityEntry| {
            Some(Capability {
                name: e.name.value.clone(),
                title: one_line(e.title.as_deref().unwrap_or(&e.name.value)),
                chain_input: reader.chain_input(e.chain_input.as_ref())?,
                at_hand: e.at_hand,
            })
        };
        entries.iter().filter_map(|entry| one(self, &entry.value)).collect()
    }

    pub(super) fn programmes(&mut self, entries: &[At<ProgrammeEntry>]) -> Vec<Programme> {
        entries.iter().filter_map(|entry| self.programme(entry)).collect()
    }

    fn programme(&mut self, at: &At<ProgrammeEntry>) -> Option<Programme> {
        let e = &at.value;
        let mut entry = self.entry(format!("programme {}", e.name.value), e.source.as_ref());
        let delivers = self.deliveries(&mut entry, &e.delivers);
        let capabilities = self.all_named(e.capabilities.as_ref(), Self::capability_named);
        let step = |reader: &mut Self, word: &At<String>| reader.steps.find(reader.findings, word, reader.damaged);
        let requires = self.all_named(e.requires.as_ref(), step);
        let any: Vec<_> = e.any.iter().map(|words| self.all_named(Some(words), step)).collect();
        let starts = self.starts(e.starts.as_ref());
        let cofunding = e.cofunding.as_ref().map(|c| self.cofunding(&entry, &c.value));
        let modes = self.modes(&entry, e);
        if let (Some(Some(shared)), Some(modes), Some(at)) = (&cofunding, &modes, &e.cofunding) {
            let pays =
                |mode: &Mode| mode.cost.iter().any(|(level, _)| *level == shared.level || *level == shared.beside);
            if !modes.iter().any(pays) {
                let text = format!("neither {} nor {} pays for '{}'", shared.level, shared.beside, e.name.value);
                self.findings.error(Name::EmptyEffect, &at.span, text);
            }
        }
        let nothing =
            e.delivers.0.is_empty() && e.capabilities.is_none() && !self.required.contains(e.name.value.as_str());
        if nothing {
            let text = format!("'{}' delivers nothing: give `delivers`, `capabilities`, or both", e.name.value);
            self.findings.error(Name::EmptyEffect, &e.name.span, text);
        }
        Some(Programme {
            name: e.name.value.clone(),
            title: one_line(e.title.as_deref().unwrap_or(&e.name.value)),
            region: e.region.as_deref().map(one_line),
            modes: modes?,
            delivers: delivers?,
            capabilities: capabilities?,
            requires: requires?,
            any: any.into_iter().collect::<Option<_>>()?,
            starts: starts?,
            cofunding: sound(cofunding)?,
        })
    }

    fn deliveries(
        &mut self,
        entry: &mut Entry,
        given: &Named<At<super::super::value::Amount>>,
    ) -> Option<Vec<Delivery>> {
        let mut list = Vec::new();
        for (input, capacity) in &given.0 {
            let name = self.input_named(input);
            let key = format!("delivers {}", input.value);
            let capacity = self.number(entry, &key, capacity, POSITIVE);
            list.push(name.zip(capacity).map(|(input, capacity)| Delivery { input, capacity }));
        }
        list.into_iter().collect()
    }

    fn modes(&mut self, outer: &Entry, e: &ProgrammeEntry) -> Option<Vec<Mode>> {
        if e.mode.is_empty() && !self.damaged {
            let text = format!("'{}' has no way of being done: add a [[programme.mode]]", e.name.value);
            self.findings.error(Name::MissingKey, &e.name.span, text);
        }
        let modes: Vec<Option<Mode>> = e.mode.iter().map(|mode| self.mode(outer, &mode.value)).collect();
        for (k, at) in e.mode.iter().enumerate() {
            let name = |at: &At<ModeEntry>| at.value.name.as_ref().map_or(NORMAL, |name| &name.value).to_owned();
            if e.mode[..k].iter().any(|other| name(other) == name(at)) {
                let span = at.value.name.as_ref().map_or(&at.span, |name| &name.span);
                let text = format!("'{}' is another mode of {} already", name(at), e.name.value);
                self.findings.error(Name::Contradiction, span, text);
            }
        }
        modes.into_iter().collect()
    }

    fn mode(&mut self, outer: &Entry, e: &ModeEntry) -> Option<Mode> {
        let name = e.name.as_ref().map_or(NORMAL, |name| &name.value).to_owned();
        let mut entry = self.within(outer, &format!("mode {name}"), e.source.as_ref());
        let duration = self.number(&mut entry, "duration", &e.duration, YEARS).map(|years| years as usize);
        let cost = duration.and_then(|years| self.costs(&mut entry, &e.cost, years));
        let talent = duration.and_then(|years| {
            let talent = e.talent.0.iter().map(|(skill, course)| {
                let name = self.skill_named(skill);
                let people = self.over(&mut entry, &format!("talent {}", skill.value), course, AMOUNT, years);
                name.zip(people)
            });
            // All of them, so that everything wrong is said.
            talent.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()
        });
        let success = self.number_or(&mut entry, "success", e.success.as_ref(), 1.0, ABOVE_ZERO_SHARE);
        Some(Mode { name, duration: duration?, cost: cost?, talent: talent?, success: success? })
    }

    /// Million USD a year, by level.
    pub(super) fn costs(
        &mut self,
        entry: &mut Entry,
        given: &Named<At<Course>>,
        years: usize,
    ) -> Option<Vec<(String, Vec<f64>)>> {
        let costs = given.0.iter().map(|(level, course)| {
            let name = self.level_named(level);
            let musd = self.over(entry, &format!("cost {}", level.value), course, AMOUNT, years);
            name.zip(musd)
        });
        costs.collect::<Vec<_>>().into_iter().collect()
    }

    fn cofunding(&mut self, outer: &Entry, e: &CofundingEntry) -> Option<Cofunding> {
        let mut entry = self.within(outer, "cofunding", e.source.as_ref());
        let (level, beside) = (self.level_named(&e.level), self.level_named(&e.beside));
        let ratio = self.number(&mut entry, "ratio", &e.ratio, POSITIVE);
        let (level, beside) = (level?, beside?);
        if level == beside {
            let text = format!("{level} cannot pay beside itself: name two levels");
            self.findings.error(Name::Contradiction, &e.beside.span, text);
            return None;
        }
        Some(Cofunding { level, beside, ratio: ratio? })
    }

    /// First and last year in which something may start.
    pub(super) fn starts(&mut self, given: Option<&At<Vec<i32>>>) -> Option<(i32, i32)> {
        let (from, until) = (self.from, self.last());
        let Some(given) = given else { return Some((from, until)) };
        let [first, last] = given.value[..] else {
            let text = "starts = [first, last]: give the first and the last year in which it may start";
            self.findings.error(Name::OutOfRange, &given.span, text);
            return None;
        };
        if first > last || first < from || last > until {
            let text = format!(
                "starts = [{first}, {last}]: give two of the years planned, {from} to {until}, the first first"
            );
            self.findings.error(Name::OutOfRange, &given.span, text);
            return None;
        }
        Some((first, last))
    }
}

/// What a mode without a name is called.
const NORMAL: &str = "normal";
