//! Words to regions. A strategy may name countries that the world's tables do not tell apart: suppliers are seldom large economies.

use super::Reader;
use zili_scenario::{BlocBook, Error};
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Findings, Words};
use zili_world::{Bloc, RegionCode, World, countries};

/// Whose plan it is.
pub(super) fn home(findings: &mut Findings, word: &At<String>, world: &World, book: &BlocBook) -> Option<Bloc> {
    match one(&word.value, world, book) {
        Ok(bloc) => Some(bloc),
        Err(error) => {
            findings.error(Name::UnknownCode, &word.span, error.to_string());
            None
        }
    }
}

/// A region, a bloc, several joined by `+`, or a country that is inside the rest of the world.
fn one(word: &str, world: &World, book: &BlocBook) -> Result<Bloc, Error> {
    let refusal = match book.resolve(word, world.classification()) {
        Ok(bloc) => return Ok(bloc),
        Err(refusal) => refusal,
    };
    let mut parts = Vec::new();
    for part in word.split('+').map(str::trim) {
        match (book.resolve(part, world.classification()), countries::find(part)) {
            (Ok(bloc), _) => parts.push(bloc),
            (Err(_), Some((code, name))) => parts.push(Bloc {
                code: code.into(),
                name: name.into(),
                members: Vec::new(),
                absent: vec![RegionCode::new(code)],
            }),
            (Err(_), None) => return Err(refusal),
        }
    }
    parts.into_iter().reduce(join).ok_or(refusal)
}

/// The members of both, each once.
fn join(mut a: Bloc, b: Bloc) -> Bloc {
    a.code = format!("{}+{}", a.code, b.code);
    a.name = format!("{} + {}", a.name, b.name);
    for (mine, theirs) in [(&mut a.members, b.members), (&mut a.absent, b.absent)] {
        for member in theirs {
            if !mine.contains(&member) {
                mine.push(member);
            }
        }
    }
    a
}

/// Everybody in it, whether tables tell them apart or not: nothing of a strategy but home is looked up in a table.
fn whole(mut bloc: Bloc) -> Bloc {
    bloc.members.append(&mut bloc.absent);
    bloc
}

impl Reader<'_, '_, '_> {
    /// Whether a region is home or of home.
    pub(super) fn is_home(&self, code: &RegionCode) -> bool {
        self.home.members.contains(code) || self.home.absent.contains(code)
    }

    /// Several words as one bloc, with `home`, `!A` (everyone but A) and `all`.
    pub(super) fn bloc(&mut self, words: &Words) -> Option<Bloc> {
        let mut parts: Vec<Bloc> = Vec::new();
        let mut sound = true;
        for word in &words.list {
            match self.resolve(&word.value) {
                Ok(bloc) if parts.iter().any(|part| part.code == bloc.code) => {
                    self.findings.error(Name::Contradiction, &word.span, format!("{} is given twice", bloc.code));
                    sound = false;
                }
                Ok(bloc) => parts.push(bloc),
                Err(error) => {
                    self.findings.error(Name::UnknownCode, &word.span, error.to_string());
                    sound = false;
                }
            }
        }
        let bloc = parts.into_iter().reduce(join);
        if bloc.is_none() && sound {
            self.findings.error(Name::EmptyEffect, &words.span, "an empty list names nobody");
        }
        bloc.filter(|_| sound).map(whole)
    }

    fn resolve(&self, word: &str) -> Result<Bloc, Error> {
        let word = word.trim();
        if let Some(rest) = word.strip_prefix('!') {
            let but = match rest.contains('!') {
                true => return Err(Error::Nobody(word.to_owned())),
                false => self.resolve(rest)?,
            };
            let everyone = self.everyone();
            let but = |code: &&RegionCode| !but.members.contains(code) && !but.absent.contains(code);
            let members: Vec<RegionCode> = everyone.iter().filter(but).cloned().collect();
            return match members.is_empty() {
                true => Err(Error::Nobody(word.to_owned())),
                false => Ok(Bloc::new(word, format!("Everyone but {rest}"), members)?),
            };
        }
        if word.eq_ignore_ascii_case("all") {
            return Ok(Bloc::new("all", "All regions", self.everyone())?);
        }
        match one(word, self.world, self.book) {
            Err(_) if word.eq_ignore_ascii_case("home") => Ok(self.home.clone()),
            found => found,
        }
    }

    /// Every region of the world, and every country beside.
    fn everyone(&self) -> Vec<RegionCode> {
        let mut codes: Vec<RegionCode> =
            self.world.classification().regions().iter().map(|region| region.code.clone()).collect();
        let others = countries::listed().map(|(code, _)| RegionCode::new(code));
        let others: Vec<RegionCode> = others.filter(|code| !codes.contains(code)).collect();
        codes.extend(others);
        codes
    }
}
