//! Words of a question, and what they stand for in a world.

use crate::{Basis, Error, Years};
use std::sync::Arc;
use zili_scenario::BlocBook;
use zili_world::{Bloc, RegionCode, ValueAdded, World, countries};

/// A world, with the blocs that can be named in it.
pub struct Names {
    pub world: Arc<World>,
    pub book: BlocBook,
}

impl Names {
    /// One word, one bloc.
    pub fn bloc(&self, word: &str) -> Result<Bloc, Error> {
        Ok(self.book.resolve(word, self.world.classification())?)
    }

    /// The same, or a country that the world's table does not tell apart, for what is not asked of a table.
    pub fn bloc_or_country(&self, word: &str) -> Result<Bloc, Error> {
        self.bloc(word).or_else(|refusal| {
            let (code, name) = countries::find(word).ok_or(refusal)?;
            Ok(Bloc { code: code.into(), name: name.into(), members: Vec::new(), absent: vec![RegionCode::new(code)] })
        })
    }

    /// A list of words; `all` alone is every region.
    pub fn blocs(&self, words: &[String]) -> Result<Vec<Bloc>, Error> {
        self.listed(words, &|word| self.bloc(word))
    }

    /// The same with countries that the table lacks.
    pub fn blocs_or_countries(&self, words: &[String]) -> Result<Vec<Bloc>, Error> {
        self.listed(words, &|word| self.bloc_or_country(word))
    }

    fn listed(&self, words: &[String], one: &dyn Fn(&str) -> Result<Bloc, Error>) -> Result<Vec<Bloc>, Error> {
        if is_all(words) {
            let classification = self.world.classification();
            return Ok((0..classification.regions().len()).map(|r| Bloc::of_region(classification, r)).collect());
        }
        let mut blocs: Vec<Bloc> = Vec::new();
        for word in words {
            if word.eq_ignore_ascii_case("all") {
                return Err(Error::Question("'all' stands alone, not in a list with others".to_owned()));
            }
            let bloc = one(word)?;
            if blocs.iter().any(|b| b.code == bloc.code) {
                return Err(Error::Question(format!("{} is given twice", bloc.code)));
            }
            blocs.push(bloc);
        }
        Ok(blocs)
    }

    /// Several words as one coalition.
    pub fn coalition(&self, words: &[String]) -> Result<Bloc, Error> {
        self.bloc(&words.join("+"))
    }

    /// The only home that a method is asked about.
    pub fn home(&self, words: &[String]) -> Result<Bloc, Error> {
        match words {
            [word] => self.bloc(word),
            _ => Err(Error::Question(format!("one home at a time; join several by +, as {}", words.join("+")))),
        }
    }

    /// Partners of a home as asked for; every other region if not.
    pub fn partners(&self, home: &Bloc, words: &[String]) -> Result<Vec<Bloc>, Error> {
        if words.is_empty() || is_all(words) {
            return Ok(Bloc::partners_of(home, self.world.classification()));
        }
        let without = |bloc: Bloc| {
            let own = || Error::Question(format!("{} is home itself, not a partner", bloc.code));
            bloc.without(home).ok_or_else(own)
        };
        self.blocs(words)?.into_iter().map(without).collect()
    }

    /// `2022`, `1995..2011`, `all`, or nothing for the latest.
    pub fn years(&self, years: Option<&Years>) -> Result<Vec<i32>, Error> {
        let words = match years {
            None => return Ok(vec![self.world.latest()?]),
            Some(Years::One(year)) => return Ok(vec![self.year(*year)?]),
            Some(Years::Words(words)) => words,
        };
        if words.eq_ignore_ascii_case("all") {
            return Ok(self.world.years());
        }
        let number = |text: &str| {
            let refuse = || Error::Question(format!("'{text}' is not a year; give 2022, 1995..2011 or all"));
            text.trim().parse::<i32>().map_err(|_| refuse())
        };
        let Some((from, to)) = words.split_once("..") else { return Ok(vec![self.year(number(words)?)?]) };
        let (from, to) = (self.year(number(from)?)?, self.year(number(to)?)?);
        let years: Vec<i32> = self.world.years().into_iter().filter(|y| (from..=to).contains(y)).collect();
        match years.is_empty() {
            true => Err(Error::Question(format!("no years in '{words}': the first must not be later"))),
            false => Ok(years),
        }
    }

    /// The only year of a method that is about one.
    pub fn one_year(&self, years: Option<&Years>) -> Result<i32, Error> {
        match self.years(years)?.as_slice() {
            [year] => Ok(*year),
            years => Err(Error::Question(format!("one year at a time, not {}", years.len()))),
        }
    }

    /// A year that the world has.
    fn year(&self, year: i32) -> Result<i32, Error> {
        self.world.has_year(year)?;
        Ok(year)
    }

    /// The value-added basis for these years.
    pub fn value_added(&self, basis: Basis, years: &[i32]) -> Result<ValueAdded, Error> {
        Ok(match basis {
            Basis::Auto => self.world.value_added_basis(years)?,
            Basis::Published => ValueAdded::Published,
            Basis::Residual => ValueAdded::Residual,
        })
    }
}

fn is_all(words: &[String]) -> bool {
    matches!(words, [word] if word.eq_ignore_ascii_case("all"))
}
