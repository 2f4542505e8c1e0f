//! Words to regions and sectors, numbers to shares and days.

use super::Reader;
use crate::scenario::Window;
use crate::{BlocBook, Error, Sectors, blocs};
use zili_world::written::Findings;
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Moment, Number, Span, Words};
use zili_world::{Bloc, Classification, SectorCode};

/// The bloc that the scenario is about.
pub(super) fn home(
    findings: &mut Findings,
    words: &Words,
    classification: &Classification,
    book: &BlocBook,
) -> Option<Bloc> {
    union(findings, words, |word| book.resolve(word, classification))
}

/// Several words as one bloc.
fn union(findings: &mut Findings, words: &Words, resolve: impl Fn(&str) -> Result<Bloc, Error>) -> Option<Bloc> {
    let mut parts: Vec<Bloc> = Vec::new();
    let mut sound = true;
    for word in &words.list {
        match resolve(&word.value) {
            Ok(bloc) if parts.iter().any(|part| part.code == bloc.code) => {
                findings.error(Name::Contradiction, &word.span, format!("{} is given twice", bloc.code));
                sound = false;
            }
            Ok(bloc) => parts.push(bloc),
            Err(error) => {
                findings.error(Name::UnknownCode, &word.span, error.to_string());
                sound = false;
            }
        }
    }
    let bloc = parts.into_iter().reduce(blocs::join);
    if bloc.is_none() && sound {
        findings.error(Name::EmptyEffect, &words.span, "an empty list names nobody");
    }
    bloc.filter(|_| sound)
}

impl Reader<'_, '_, '_> {
    /// Regions by code or name, blocs, A+B, `home`, `!A`, `all`; several words are one bloc.
    pub(super) fn bloc(&mut self, words: &Words) -> Option<Bloc> {
        let (classification, book, home) = (self.classification, self.book, &self.home);
        let bloc = union(self.findings, words, |word| resolve(word, classification, book, home))?;
        // Home's own are said once, at the top.
        if bloc.absent.iter().any(|m| !self.home.absent.contains(m)) {
            self.left_out(&bloc, &words.span);
        }
        Some(bloc)
    }

    /// The same; home's if not given.
    pub(super) fn bloc_or_home(&mut self, words: Option<&Words>) -> Option<Bloc> {
        match words {
            Some(words) => self.bloc(words),
            None => Some(self.home.clone()),
        }
    }

    pub(super) fn left_out(&mut self, bloc: &Bloc, span: &Span) {
        if let Some(absence) = bloc.absence() {
            self.findings.warn(Name::LeftOut, span, absence);
        }
    }

    /// Sectors by code, alias or name; all if none are named.
    pub(super) fn sectors(&mut self, words: Option<&Words>) -> Option<Sectors> {
        let Some(words) = words else { return Some(Sectors::All) };
        if words.list.is_empty() {
            self.findings.error(Name::EmptyEffect, &words.span, "an empty list names no sector");
            return None;
        }
        if let [word] = words.list.as_slice()
            && word.value.eq_ignore_ascii_case("all")
        {
            return Some(Sectors::All);
        }
        let mut codes: Vec<SectorCode> = Vec::new();
        let mut sound = true;
        for word in &words.list {
            match self.classification.sector(&word.value) {
                Ok(sector) => {
                    let code = &self.classification.sectors()[sector].code;
                    if !codes.contains(code) {
                        codes.push(code.clone());
                    }
                }
                Err(error) => {
                    self.findings.error(Name::UnknownCode, &word.span, error.to_string());
                    sound = false;
                }
            }
        }
        sound.then_some(Sectors::These(codes))
    }

    /// The day of a moment; a date needs the scenario's start.
    pub(super) fn day(&mut self, given: Option<&At<Moment>>, what: &str) -> Option<Option<f64>> {
        let Some(given) = given else { return Some(None) };
        match (&given.value, self.start) {
            (Moment::Day(day), _) if *day >= 0.0 => Some(Some(*day)),
            (Moment::Day(day), _) => {
                let message = format!("{what} = {day}: give a day from 0 on, or a date where `start` is given");
                self.findings.error(Name::OutOfRange, &given.span, message);
                None
            }
            (Moment::Date(date), Some(start)) if date.day >= start => Some(Some((date.day - start) as f64)),
            (Moment::Date(date), Some(_)) => {
                let message = format!("{what} = {} is before `start`, which is day 0", date.text);
                self.findings.error(Name::OutOfRange, &given.span, message);
                None
            }
            (Moment::Date(date), None) => {
                let message = format!("{what} = {} is a date: say with `start` which date is day 0", date.text);
                self.findings.error(Name::MissingKey, &given.span, message);
                None
            }
        }
    }

    /// The day on which something begins, within the days played; 0 if not given.
    pub(super) fn beginning(&mut self, given: Option<&At<Moment>>) -> Option<f64> {
        let day = self.day(given, "from")?.unwrap_or(0.0);
        if day < self.horizon {
            return Some(day);
        }
        let span = given.map_or(0..0, |given| given.span.clone());
        let message = format!("begins on day {day}, but only {} days are played (`horizon`)", self.horizon);
        self.findings.error(Name::EmptyEffect, &span, message);
        None
    }

    /// From when until when something holds.
    pub(super) fn window(
        &mut self,
        from: Option<&At<Moment>>,
        until: Option<&At<Moment>>,
        ramp: Option<&At<Number>>,
    ) -> Option<Window> {
        let beginning = self.beginning(from);
        let end = self.day(until, "until");
        let ramp = self.findings.days(ramp, "ramp");
        let (from, end, ramp) = (beginning?, end?.unwrap_or(f64::INFINITY), ramp?);
        if end <= from {
            let span = until.map_or(0..0, |until| until.span.clone());
            let message = format!("ends on day {end}, but begins on day {from} only: `until` comes after `from`");
            self.findings.error(Name::Contradiction, &span, message);
            return None;
        }
        Some(Window { from, until: end, ramp })
    }
}

fn resolve(word: &str, classification: &Classification, book: &BlocBook, home: &Bloc) -> Result<Bloc, Error> {
    let word = word.trim();
    if let Some(rest) = word.strip_prefix('!') {
        if rest.contains('!') {
            return Err(Error::Nobody(word.to_owned()));
        }
        return everyone_but(&resolve(rest, classification, book, home)?, classification);
    }
    if word.eq_ignore_ascii_case("all") {
        let members = classification.regions().iter().map(|r| r.code.clone()).collect();
        return Ok(Bloc::new("all", "All regions", members)?);
    }
    match book.resolve(word, classification) {
        Ok(bloc) => Ok(bloc),
        Err(_) if word.eq_ignore_ascii_case("home") => Ok(home.clone()),
        // `home` may be joined with others.
        Err(_) if word.contains('+') => {
            let parts: Vec<Bloc> =
                word.split('+').map(|part| resolve(part, classification, book, home)).collect::<Result<_, _>>()?;
            parts.into_iter().reduce(blocs::join).ok_or_else(|| Error::Nobody(word.to_owned()))
        }
        Err(error) => Err(error),
    }
}

/// Every region that is not a member.
fn everyone_but(bloc: &Bloc, classification: &Classification) -> Result<Bloc, Error> {
    let others = classification.regions().iter().map(|r| r.code.clone());
    let members: Vec<_> = others.filter(|code| !bloc.members.contains(code)).collect();
    if members.is_empty() {
        return Err(Error::Nobody(format!("!{}", bloc.code)));
    }
    let name = format!("Everyone but {}", bloc.name);
    Ok(Bloc::new(format!("!{}", bloc.code), name, members)?)
}
