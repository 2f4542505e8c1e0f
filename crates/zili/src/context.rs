//! From words to a validated question: worlds, blocs, years, options.

use crate::args::{Basis, Common, OptionArgs, WorldArgs};
use crate::failure::Failure;
use crate::output;
use std::path::{Path, PathBuf};
use zili_scenario::BlocBook;
use zili_world::minerals::ProductionSet;
use zili_world::world::bundled_names;
use zili_world::{
    Bloc, Chain, Method, Options, RegionCode, Trade, ValueAdded, World, countries, science, store, trade,
};

/// Where imported worlds are kept.
pub fn store_folder(common: &Common) -> Result<PathBuf, Failure> {
    if let Some(folder) = &common.store {
        return Ok(folder.clone());
    }
    let variable = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")));
    let none = || Failure::Usage("no HOME to keep worlds in; give --store DIR".to_owned());
    Ok(data.ok_or_else(none)?.join("zili/worlds"))
}

/// A world by name: a bundled one, or one from the store.
pub fn open_world(common: &Common, name: &str) -> Result<World, Failure> {
    if bundled_names().any(|bundled| bundled == name) {
        return Ok(World::bundled(name)?);
    }
    let folder = store_folder(common)?;
    let mut known: Vec<String> = bundled_names().map(str::to_owned).collect();
    known.extend(store::list(&folder)?);
    if !known.iter().any(|k| k == name) {
        return Err(zili_world::Error::unknown("world", name, known.iter().map(String::as_str), &known).into());
    }
    Ok(World::open(&folder.join(name))?)
}

/// A world with the chains of the store, and with those of some files.
pub fn with_chains(common: &Common, world: World, files: &[PathBuf]) -> Result<World, Failure> {
    let mut world = world;
    for path in kept(&chain_folder(common).unwrap_or_default(), "toml") {
        // One damaged chain of the store must not stop the others; warnings were said on import.
        match chain(&Common { quiet: true, ..common.clone() }, &path) {
            Ok(chain) => world = world.with_chain(chain),
            Err(_) => output::message(common, &format!("{}: not a sound chain, and left out", path.display())),
        }
    }
    files.iter().try_fold(world, |world, path| Ok(world.with_chain(chain(common, path)?)))
}

/// A world with the trade data of the store.
pub fn with_trade(common: &Common, world: World) -> Result<World, Failure> {
    let kept = trade::list(&trade_folder(common).unwrap_or_default())?;
    // One damaged set must not stop the others.
    // The first by name is listed first.
    Ok(kept.into_iter().rev().fold(world, |world, (name, place)| match Trade::open(&place) {
        Ok(trade) => world.with_trade(trade),
        Err(error) => {
            output::message(common, &format!("trade data '{name}' are left out: {error}"));
            world
        }
    }))
}

/// Where imported trade data are kept.
pub fn trade_folder(common: &Common) -> Result<PathBuf, Failure> {
    Ok(store_folder(common)?.join("trade"))
}

/// Where imported tariffs are kept.
pub fn tariff_folder(common: &Common) -> Result<PathBuf, Failure> {
    Ok(store_folder(common)?.join("tariffs"))
}

/// A folder of tariffs: itself, or the one of that name in the store.
pub fn tariffs(common: &Common, given: &str) -> Result<PathBuf, Failure> {
    if Path::new(given).is_dir() {
        return Ok(PathBuf::from(given));
    }
    let names = kept_tariffs(common)?;
    match names.iter().any(|name| name == given) {
        true => Ok(tariff_folder(common)?.join(given)),
        false if names.is_empty() => Err(Failure::Usage(format!("'{given}' is no folder, and {NO_TARIFFS}"))),
        false => {
            let names_of = || names.iter().map(String::as_str);
            Err(zili_world::Error::unknown("set of tariffs", given, names_of(), &names).into())
        }
    }
}

pub const NO_TARIFFS: &str =
    "no tariffs are kept yet: import some with zili data import caliendo-parro DIR --name NAME";

/// Names of the tariffs in the store, in order.
pub fn kept_tariffs(common: &Common) -> Result<Vec<String>, Failure> {
    let entries = std::fs::read_dir(tariff_folder(common)?).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    Ok(names)
}

/// Where imported chains are kept.
pub fn chain_folder(common: &Common) -> Result<PathBuf, Failure> {
    Ok(store_folder(common)?.join("chains"))
}

/// Files of a folder with an ending, none if it is not there.
fn kept(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == ending)).collect();
    files.sort();
    files
}

/// A technology chain of the user's.
fn chain(common: &Common, path: &Path) -> Result<Chain, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
    let (chain, warnings) =
        zili_world::chain::read(&text, &path.display().to_string()).map_err(zili_scenario::Error::Refused)?;
    warnings.iter().for_each(|warning| output::message(common, &format!("{warning}\n")));
    Ok(chain)
}

/// A world with the sets of a folder of the store, each read by its text, its file and its name.
fn with_sets<T>(
    common: &Common,
    world: World,
    (folder, what): (Result<PathBuf, Failure>, &str),
    read: impl Fn(&str, &str, &str) -> Result<T, zili_world::Error>,
    add: impl Fn(World, T) -> World,
) -> World {
    kept(&folder.unwrap_or_default(), "csv").iter().fold(world, |world, path| {
        let text = std::fs::read_to_string(path).ok();
        let name = path.file_stem().and_then(|name| name.to_str());
        match text.zip(name).and_then(|(text, name)| read(&text, &path.display().to_string(), name).ok()) {
            Some(set) => add(world, set),
            None => {
                // One damaged set must not stop the others.
                output::message(common, &format!("{}: not a sound set of {what}, and left out", path.display()));
                world
            }
        }
    })
}

/// Where imported indicators are kept.
pub fn indicator_folder(common: &Common) -> Result<PathBuf, Failure> {
    Ok(store_folder(common)?.join("indicators"))
}

/// Where imported production of minerals is kept.
pub fn mineral_folder(common: &Common) -> Result<PathBuf, Failure> {
    Ok(store_folder(common)?.join("minerals"))
}

/// Bundled blocs and the user's.
pub fn bloc_book(common: &Common) -> Result<BlocBook, Failure> {
    let book = BlocBook::bundled()?;
    let Some(path) = &common.blocs else { return Ok(book) };
    let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
    Ok(book.with_user_file(&text, &path.display().to_string())?)
}

/// A world with the blocs that can be named in it.
pub struct Context {
    pub world: World,
    pub book: BlocBook,
}

impl Context {
    pub fn new(common: &Common, world: &WorldArgs) -> Result<Self, Failure> {
        let known = with_chains(common, open_world(common, &world.world)?, &world.chain_files)?;
        let known = with_trade(common, known)?;
        let indicators = (indicator_folder(common), "indicators");
        let known = with_sets(common, known, indicators, science::read, World::with_indicators);
        let production = (mineral_folder(common), "production");
        let known = with_sets(common, known, production, ProductionSet::read, World::with_minerals);
        Ok(Self { world: known, book: bloc_book(common)? })
    }

    /// One word, one bloc.
    pub fn bloc(&self, word: &str) -> Result<Bloc, Failure> {
        Ok(self.book.resolve(word, self.world.classification())?)
    }

    /// The same, or a country that the world's table does not tell apart, for what is not asked of a table.
    pub fn bloc_or_country(&self, word: &str) -> Result<Bloc, Failure> {
        self.bloc(word).or_else(|refusal| {
            let (code, name) = countries::find(word).ok_or(refusal)?;
            Ok(Bloc { code: code.into(), name: name.into(), members: Vec::new(), absent: vec![RegionCode::new(code)] })
        })
    }

    /// A list of words; `all` alone is every region.
    pub fn blocs(&self, words: &[String]) -> Result<Vec<Bloc>, Failure> {
        self.listed(words, &|word| self.bloc(word))
    }

    /// The same with countries that the table lacks.
    pub fn blocs_or_countries(&self, words: &[String]) -> Result<Vec<Bloc>, Failure> {
        self.listed(words, &|word| self.bloc_or_country(word))
    }

    fn listed(&self, words: &[String], one: &dyn Fn(&str) -> Result<Bloc, Failure>) -> Result<Vec<Bloc>, Failure> {
        if let [word] = words
            && word.eq_ignore_ascii_case("all")
        {
            let classification = self.world.classification();
            return Ok((0..classification.regions().len()).map(|r| Bloc::of_region(classification, r)).collect());
        }
        let mut blocs: Vec<Bloc> = Vec::new();
        for word in words {
            let bloc = one(word)?;
            if blocs.iter().any(|b| b.code == bloc.code) {
                return Err(Failure::Usage(format!("{} is given twice", bloc.code)));
            }
            blocs.push(bloc);
        }
        Ok(blocs)
    }

    /// Several words as one coalition.
    pub fn coalition(&self, words: &[String]) -> Result<Bloc, Failure> {
        self.bloc(&words.join("+"))
    }

    /// Partners of a home as asked for; every other region if not.
    pub fn partners(&self, home: &Bloc, words: &[String]) -> Result<Vec<Bloc>, Failure> {
        if words.is_empty() {
            return Ok(Bloc::partners_of(home, self.world.classification()));
        }
        if let [word] = words
            && word.eq_ignore_ascii_case("all")
        {
            return Ok(Bloc::partners_of(home, self.world.classification()));
        }
        let mut partners = Vec::new();
        for bloc in self.blocs(words)? {
            match bloc.without(home) {
                Some(rest) => partners.push(rest),
                None => return Err(Failure::Usage(format!("{} is home itself, not a partner", bloc.code))),
            }
        }
        Ok(partners)
    }

    /// `2022`, `1995..2011`, `all`, or nothing for the latest.
    pub fn years(&self, words: Option<&str>) -> Result<Vec<i32>, Failure> {
        let Some(words) = words else { return Ok(vec![self.world.latest()?]) };
        if words.eq_ignore_ascii_case("all") {
            return Ok(self.world.years());
        }
        let number = |text: &str| {
            let refuse = || Failure::Usage(format!("'{text}' is not a year; give 2022, 1995..2011 or all"));
            text.trim().parse::<i32>().map_err(|_| refuse())
        };
        let Some((from, to)) = words.split_once("..") else { return Ok(vec![self.year(Some(number(words)?))?]) };
        let (from, to) = (self.year(Some(number(from)?))?, self.year(Some(number(to)?))?);
        let years: Vec<i32> = self.world.years().into_iter().filter(|y| (from..=to).contains(y)).collect();
        if years.is_empty() {
            Err(Failure::Usage(format!("no years in '{words}': the first must not be later")))
        } else {
            Ok(years)
        }
    }

    /// A year that the world has; the latest if none is asked for.
    pub fn year(&self, year: Option<i32>) -> Result<i32, Failure> {
        let Some(year) = year else { return Ok(self.world.latest()?) };
        self.world.has_year(year)?;
        Ok(year)
    }

    /// The value-added basis for these years.
    pub fn value_added(&self, basis: Basis, years: &[i32]) -> Result<ValueAdded, Failure> {
        Ok(match basis {
            Basis::Auto => self.world.value_added_basis(years)?,
            Basis::Published => ValueAdded::Published,
            Basis::Residual => ValueAdded::Residual,
        })
    }
}

/// `--set` words, and words of a command's own flags, against what the method declares.
pub fn options(method: &Method, args: &OptionArgs, own: &[(&str, &str)]) -> Result<Options, Failure> {
    let mut words = own.to_vec();
    for word in &args.set {
        let refuse = || Failure::Usage(format!("--set {word}: give OPTION=VALUE"));
        let (name, value) = word.split_once('=').ok_or_else(refuse)?;
        if own.iter().any(|(n, _)| *n == name) {
            return Err(Failure::Usage(format!("--set {word}: this command has --{name} for it")));
        }
        if words.iter().any(|(n, _)| *n == name) {
            return Err(Failure::Usage(format!("--set {word}: {name} is given twice")));
        }
        words.push((name, value));
    }
    Ok(Options::parse(method, words.into_iter())?)
}
