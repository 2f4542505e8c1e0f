//! Instruments, and what each changes.

use super::super::file::{EffectEntry, EffectWord, LeverEntry};
use super::super::{Effect, Lever};
use super::Reader;
use super::figures::{AMOUNT, Entry, FACTOR, YEARS};
use super::one_line;
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Span};

impl Reader<'_, '_, '_> {
    pub(super) fn levers(&mut self, entries: &[At<LeverEntry>]) -> Vec<Lever> {
        entries.iter().filter_map(|entry| self.lever(&entry.value)).collect()
    }

    fn lever(&mut self, e: &LeverEntry) -> Option<Lever> {
        let mut entry = self.entry(format!("lever {}", e.name.value), e.source.as_ref());
        let starts = self.starts(e.starts.as_ref());
        let duration = self.number(&mut entry, "duration", &e.duration, YEARS).map(|years| years as usize);
        let cost = duration.and_then(|years| self.costs(&mut entry, &e.cost, years));
        if e.effect.is_empty() && !self.damaged {
            let text = format!("'{}' changes nothing: add a [[lever.effect]]", e.name.value);
            self.findings.error(Name::EmptyEffect, &e.name.span, text);
        }
        let mut effects = Vec::new();
        for (k, at) in e.effect.iter().enumerate() {
            let what = format!("effect {} on {}", k + 1, at.value.on.value.as_str());
            let mut inner = self.within(&entry, &what, at.value.source.as_ref());
            effects.push(duration.and_then(|years| self.effect(&mut inner, at, years)));
        }
        Some(Lever {
            name: e.name.value.clone(),
            title: one_line(e.title.as_deref().unwrap_or(&e.name.value)),
            kind: e.kind,
            starts: starts?,
            duration: duration?,
            cost: cost?,
            effects: effects.into_iter().collect::<Option<_>>()?,
            evidence: one_line(&e.evidence),
        })
    }

    fn effect(&mut self, entry: &mut Entry, at: &At<EffectEntry>, years: usize) -> Option<Effect> {
        let e = &at.value;
        self.no_other_keys(e)?;
        match e.on.value {
            EffectWord::Budget => {
                let level = self.wanted(&e.level, "level", at).and_then(|word| self.level_named(word));
                let amount = self.amounts(entry, at, years);
                Some(Effect::Budget { level: level?, amount: amount? })
            }
            EffectWord::People => {
                let skill = self.wanted(&e.skill, "skill", at).and_then(|word| self.skill_named(word));
                let amount = self.amounts(entry, at, years);
                Some(Effect::People { skill: skill?, amount: amount? })
            }
            EffectWord::Intake => {
                let skill = self.wanted(&e.skill, "skill", at).and_then(|word| self.skill_named(word));
                let amount = self.same(entry, at);
                Some(Effect::Intake { skill: skill?, amount: amount? })
            }
            EffectWord::Purchase => {
                let input = self.wanted(&e.input, "input", at).and_then(|word| self.input_named(word));
                let amount = self.same(entry, at);
                Some(Effect::Purchase { input: input?, amount: amount? })
            }
            EffectWord::Cost | EffectWord::Failure => {
                let programmes = self.whose(e);
                let factor = self.wanted(&e.factor, "factor", at);
                let factor = factor.and_then(|given| {
                    let factor = self.number(entry, "factor", given, FACTOR)?;
                    self.changes(factor != 1.0, &given.span, "a factor of 1 changes nothing")?;
                    Some(factor)
                });
                let (programmes, factor) = (programmes?, factor?);
                Some(match e.on.value {
                    EffectWord::Cost => Effect::Cost { programmes, factor },
                    _ => Effect::Failure { programmes, factor },
                })
            }
            EffectWord::Duration => {
                let programmes = self.whose(e);
                let years = self.wanted(&e.years, "years", at);
                let years = years.and_then(|given| self.number(entry, "years", given, YEARS));
                Some(Effect::Duration { programmes: programmes?, years: years? as usize })
            }
        }
    }

    /// Programmes named; all if none is.
    fn whose(&mut self, e: &EffectEntry) -> Option<Vec<String>> {
        match &e.programmes {
            None => Some(self.programmes.list().iter().map(|name| (*name).to_owned()).collect()),
            words => self.all_named(words.as_ref(), |reader, word| {
                reader.programmes.find(reader.findings, word, reader.damaged)
            }),
        }
    }

    fn wanted<'e, T>(&mut self, given: &'e Option<T>, key: &str, at: &At<EffectEntry>) -> Option<&'e T> {
        if given.is_none() {
            let text = format!("`{key}` is missing: an effect on {} needs it", at.value.on.value.as_str());
            self.findings.error(Name::MissingKey, &at.value.on.span, text);
        }
        given.as_ref()
    }

    /// One amount for each year of the lever.
    fn amounts(&mut self, entry: &mut Entry, at: &At<EffectEntry>, years: usize) -> Option<Vec<f64>> {
        let given = self.wanted(&at.value.amount, "amount", at)?;
        let amounts = self.over(entry, "amount", given, AMOUNT, years)?;
        self.changes(amounts.iter().any(|amount| *amount != 0.0), &given.span, "an amount of 0 changes nothing")?;
        Some(amounts)
    }

    /// One amount that holds in every year of the lever.
    fn same(&mut self, entry: &mut Entry, at: &At<EffectEntry>) -> Option<f64> {
        let amounts = self.amounts(entry, at, 1)?;
        amounts.first().copied()
    }

    fn changes(&mut self, does: bool, span: &Span, text: &str) -> Option<()> {
        if !does {
            self.findings.error(Name::EmptyEffect, span, text);
        }
        does.then_some(())
    }

    /// Keys that belong to other kinds of effects would be read past in silence.
    fn no_other_keys(&mut self, e: &EffectEntry) -> Option<()> {
        let given: [(&str, Option<&Span>); 7] = [
            ("level", e.level.as_ref().map(|at| &at.span)),
            ("skill", e.skill.as_ref().map(|at| &at.span)),
            ("input", e.input.as_ref().map(|at| &at.span)),
            ("programmes", e.programmes.as_ref().map(|at| &at.span)),
            ("amount", e.amount.as_ref().map(|at| &at.span)),
            ("factor", e.factor.as_ref().map(|at| &at.span)),
            ("years", e.years.as_ref().map(|at| &at.span)),
        ];
        let keys = e.on.value.keys();
        let strange = given.into_iter().find(|(key, span)| span.is_some() && !keys.contains(key));
        let Some((key, Some(span))) = strange else { return Some(()) };
        let text = format!("an effect on {} has no `{key}` (accepted: {})", e.on.value.as_str(), keys.join(", "));
        self.findings.error(Name::UnknownKey, span, text);
        None
    }
}

impl EffectWord {
    fn as_str(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::People => "people",
            Self::Intake => "intake",
            Self::Cost => "cost",
            Self::Duration => "duration",
            Self::Failure => "failure",
            Self::Purchase => "purchase",
        }
    }

    /// The keys that say how much of what.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Budget => &["level", "amount"],
            Self::People | Self::Intake => &["skill", "amount"],
            Self::Cost | Self::Failure => &["programmes", "factor"],
            Self::Duration => &["programmes", "years"],
            Self::Purchase => &["input", "amount"],
        }
    }
}
