//! Kinds of data: each is declared in a file of its own, and all are kept in the same way.

use super::{chains, indicators, minerals, tariffs, trade, worlds};
use crate::Error;
use std::path::Path;
use zili_world::shelf::Shelf;
use zili_world::{World, store};

/// A kind of data that a library keeps.
pub struct Kind {
    /// Its folder; empty for worlds, which lie in the library's own.
    pub folder: &'static str,
    /// One of it, in words.
    pub what: &'static str,
    /// Ending of the file that one is; empty where one is a folder.
    pub ending: &'static str,
    /// The option of a method that names one, where an option does.
    pub option: Option<&'static str>,
    /// Names of those that ship with zili.
    pub bundled: fn() -> Vec<&'static str>,
    /// Whether one of the user's hides the one of the same name that ships with zili; else no import may take its name.
    pub hides: bool,
    /// Reads one whole, by its place or, where it ships with zili, by its name; says of each part what was found.
    pub check: fn(Option<&Path>, &str) -> Result<Vec<String>, Error>,
    /// Reads one and adds it to a world, where it is found by its name.
    pub add: Option<Add>,
}

/// Reads data by their place and name.
pub type Add = fn(&Path, &str) -> Result<Addition, Error>;

/// What puts data into a world.
pub type Addition = Box<dyn FnOnce(World) -> World>;

/// Every kind, worlds first.
pub static KINDS: &[&Kind] =
    &[&worlds::KIND, &chains::KIND, &trade::KIND, &indicators::KIND, &minerals::KIND, &tariffs::KIND];

impl Kind {
    /// Several of it, in one word.
    pub fn plural(&self) -> &'static str {
        if self.folder.is_empty() { "worlds" } else { self.folder }
    }

    /// The kind of a word.
    pub fn named(word: &str) -> Result<&'static Kind, Error> {
        let words = || KINDS.iter().map(|kind| kind.plural());
        KINDS.iter().copied().find(|kind| kind.plural() == word).ok_or_else(|| {
            let accepted: Vec<String> = words().map(str::to_owned).collect();
            zili_world::Error::unknown("kind of data", word, words(), &accepted).into()
        })
    }

    /// Where it is kept in a library.
    pub(crate) fn shelf(&self, root: &Path) -> Shelf {
        match self.folder {
            "" => store::worlds(root),
            // Earlier versions kept tariffs in folders without a manifest.
            folder => Shelf::new(root.join(folder)).with_bare_folders(),
        }
    }
}
