//! Named sets of regions from TOML, and turning a user's word into one.

use crate::Error;
use serde::Deserialize;
use zili_world::code::nearest;
use zili_world::{Bloc, Classification, RegionCode, countries};

const BUNDLED: &str = include_str!("../blocs.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    bloc: Vec<Entry>,
}

/// A bloc as written down, before it meets a world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub code: String,
    #[serde(default)]
    pub name: Option<String>,
    /// Other words for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Date of the membership.
    #[serde(default)]
    pub as_of: Option<String>,
    pub members: Vec<String>,
}

/// Every bloc that can be named: the bundled ones and the user's own, which come first.
#[derive(Clone, Debug)]
pub struct BlocBook {
    entries: Vec<(Entry, Origin)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Origin {
    Bundled,
    User,
}

impl BlocBook {
    /// The bundled blocs.
    pub fn bundled() -> Result<Self, Error> {
        let mut book = BlocBook { entries: Vec::new() };
        book.add(BUNDLED, "bundled blocs.toml", Origin::Bundled)?;
        Ok(book)
    }

    /// Adds the user's blocs, which hide bundled ones of the same code. `file` is for messages.
    pub fn with_user_file(mut self, text: &str, file: &str) -> Result<Self, Error> {
        self.add(text, file, Origin::User)?;
        Ok(self)
    }

    fn add(&mut self, text: &str, file: &str, origin: Origin) -> Result<(), Error> {
        let refuse = |text: String| Error::File { file: file.to_owned(), text };
        let parsed: File = toml::from_str(text).map_err(|e| refuse(e.to_string()))?;
        let mut entries: Vec<(Entry, Origin)> = Vec::new();
        for entry in parsed.bloc {
            if entries.iter().any(|(e, _)| e.code.eq_ignore_ascii_case(&entry.code)) {
                return Err(refuse(format!("bloc '{}' is defined twice", entry.code)));
            }
            if entry.code.is_empty() || entry.code.contains(['+', ',', '*']) || entry.code.eq_ignore_ascii_case("all") {
                return Err(refuse(format!("bloc code '{}': a code has no + , * in it and is not 'all'", entry.code)));
            }
            if entry.members.is_empty() {
                return Err(refuse(format!("bloc '{}' has no members", entry.code)));
            }
            entries.push((entry, origin));
        }
        entries.append(&mut self.entries);
        self.entries = entries;
        Ok(())
    }

    fn find(&self, code: &str) -> Option<&(Entry, Origin)> {
        let named = |word: &String| word.eq_ignore_ascii_case(code);
        let by_code = self.entries.iter().find(|(entry, _)| named(&entry.code));
        by_code.or_else(|| self.entries.iter().find(|(entry, _)| entry.name.iter().chain(&entry.aliases).any(named)))
    }

    /// Every bloc that has a member in this world.
    pub fn all(&self, classification: &Classification) -> Result<Vec<Bloc>, Error> {
        let mut blocs: Vec<Bloc> = Vec::new();
        for (entry, origin) in &self.entries {
            let known = entry.members.iter().any(|m| classification.region(m).is_ok());
            let hidden = blocs.iter().any(|b| b.code.eq_ignore_ascii_case(&entry.code));
            if known && !hidden {
                blocs.push(resolve(entry, *origin, classification)?);
            }
        }
        Ok(blocs)
    }

    /// A word is a region's code or name, a bloc's code, or several of these joined by `+`.
    pub fn resolve(&self, word: &str, classification: &Classification) -> Result<Bloc, Error> {
        // The whole word first: a name may hold a plus sign.
        if let Ok(bloc) = self.resolve_one(word.trim(), classification) {
            return Ok(bloc);
        }
        let mut parts: Vec<Bloc> = Vec::new();
        for part in word.split('+').map(str::trim) {
            let bloc = self.resolve_one(part, classification)?;
            if parts.iter().any(|p| p.code == bloc.code) {
                return Err(zili_world::Error::Duplicate { what: "region or bloc", given: bloc.code }.into());
            }
            parts.push(bloc);
        }
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else { return Err(self.unknown(word, classification)) };
        Ok(parts.fold(first, join))
    }

    fn resolve_one(&self, word: &str, classification: &Classification) -> Result<Bloc, Error> {
        if let Ok(region) = classification.region(word) {
            return Ok(Bloc::of_region(classification, region));
        }
        match self.find(word) {
            Some((entry, origin)) => resolve(entry, *origin, classification),
            None => Err(self.unknown(word, classification)),
        }
    }

    fn unknown(&self, word: &str, classification: &Classification) -> Error {
        // A country that there is, but not here, is not taken for one that sounds like it.
        if let Some((code, name)) = countries::find(word) {
            let rest = classification.region("ROW").is_ok();
            return zili_world::Error::NotApart { code: code.to_owned(), name: name.to_owned(), rest }.into();
        }
        let regions = classification.regions().iter().map(|r| r.code.to_string());
        let accepted: Vec<String> = regions.chain(self.entries.iter().map(|(e, _)| e.code.clone())).collect();
        let names = classification.regions().iter().map(|r| r.name.as_str());
        let suggestion = nearest(word, accepted.iter().map(String::as_str).chain(names));
        let code = suggestion
            .map(|s| classification.region(&s).map(|r| classification.regions()[r].code.to_string()).unwrap_or(s));
        zili_world::Error::Unknown { what: "region or bloc", given: word.to_owned(), suggestion: code, accepted }.into()
    }
}

/// The members that the world knows. A bundled bloc may name others; in a user's bloc an unknown code is refused.
fn resolve(entry: &Entry, origin: Origin, classification: &Classification) -> Result<Bloc, Error> {
    let mut members: Vec<RegionCode> = Vec::new();
    let mut absent = Vec::new();
    for member in &entry.members {
        match classification.region(member) {
            Ok(region) => members.push(classification.regions()[region].code.clone()),
            Err(_) if origin == Origin::Bundled => absent.push(RegionCode::new(member.as_str())),
            Err(error) => return Err(error.into()),
        }
    }
    let name = entry.name.clone().unwrap_or_else(|| entry.code.clone());
    Ok(Bloc { absent, ..Bloc::new(entry.code.clone(), name, members)? })
}

/// The members of both, each once.
pub(crate) fn join(mut a: Bloc, b: Bloc) -> Bloc {
    a.code = format!("{}+{}", a.code, b.code);
    a.name = format!("{} + {}", a.name, b.name);
    let new: Vec<RegionCode> = b.members.into_iter().filter(|m| !a.members.contains(m)).collect();
    a.members.extend(new);
    let absent: Vec<RegionCode> = b.absent.into_iter().filter(|m| !a.absent.contains(m)).collect();
    a.absent.extend(absent);
    a
}
