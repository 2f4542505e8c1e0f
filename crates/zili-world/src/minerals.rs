//! Who mines and refines what: the world's production of minerals, as its publisher has it.
//!
//! A figure that is withheld or not known is none; it is never taken for zero.

use crate::finding::Input;
use crate::method::{Accepts, Parameter};
use crate::store::sha256;
use crate::trade::LATEST;
use crate::{Error, RegionCode, label};
use std::collections::HashSet;
use std::sync::LazyLock;

/// The set of production that ships with zili.
pub const BUNDLED_NAME: &str = "mcs";
const PRODUCTION_FILE: &str = "minerals/mcs.csv";
const LEADERS_FILE: &str = "minerals/eu-2023.csv";
const CRITICAL_FILE: &str = "minerals/us-2024.csv";
const USES_FILE: &str = "minerals/uses.csv";
const TRADED_FILE: &str = "products/critical-products.csv";
static PRODUCTION: &str = include_str!("../../../data/minerals/mcs.csv");
static LEADERS: &str = include_str!("../../../data/minerals/eu-2023.csv");
static CRITICAL: &str = include_str!("../../../data/minerals/us-2024.csv");
static USES: &str = include_str!("../../../data/minerals/uses.csv");
static TRADED: &str = include_str!("../../../data/products/critical-products.csv");

/// What ships with zili about minerals.
#[derive(Debug)]
pub struct Minerals {
    pub production: ProductionSet,
    pub leaders: Vec<Leader>,
    pub critical: Vec<Critical>,
    pub traded: Vec<Traded>,
    pub uses: Vec<Use>,
    /// The files, with their checksums, but that of production, which can be another set's.
    pub files: Vec<Input>,
}

/// The option by which a method of minerals is told which production.
pub const OPTION: Parameter = Parameter {
    name: "production",
    accepts: Accepts::Name { default: BUNDLED_NAME },
    description: "which set of production: the one that ships with zili, or one of the store",
};

/// The world's production of minerals, of one or more editions.
#[derive(Clone, Debug)]
pub struct ProductionSet {
    /// As asked for.
    pub name: String,
    /// In the order of the file: series by series, a world's total after its producers.
    pub rows: Vec<Production>,
    /// The file, with its checksum.
    pub file: Input,
}

impl ProductionSet {
    /// Reads a set, see [`read_production`].
    pub fn read(text: &str, file: &str, name: &str) -> Result<Self, Error> {
        let rows = read_production(text, file)?;
        if rows.is_empty() {
            return Err(Error::store(file, "no production in it"));
        }
        let file = Input { file: file.to_owned(), sha256: sha256(text.as_bytes()) };
        Ok(Self { name: name.to_owned(), rows, file })
    }

    /// Editions that there are, the latest first.
    pub fn editions(&self) -> Vec<i32> {
        let mut editions: Vec<i32> = self.rows.iter().map(|row| row.edition).collect();
        editions.sort_unstable_by(|a, b| b.cmp(a));
        editions.dedup();
        editions
    }

    /// An edition by its year, or the latest.
    pub fn edition(&self, word: &str) -> Result<i32, Error> {
        let editions = self.editions();
        let found = match word {
            LATEST => editions.first().copied(),
            word => editions.iter().copied().find(|edition| edition.to_string() == word),
        };
        found.ok_or_else(|| Error::Unknown {
            what: "edition of the production",
            given: word.to_owned(),
            suggestion: None,
            accepted: editions.iter().map(i32::to_string).chain([LATEST.to_owned()]).collect(),
        })
    }
}

/// What one producer made of one mineral at one stage in one year, as one edition has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Production {
    pub edition: i32,
    /// Short name, such as `rare-earths`.
    pub mineral: String,
    pub name: String,
    /// `mine`, `refinery`, `smelter`, `primary`, `plant` or `all`.
    pub stage: String,
    pub producer: Producer,
    pub year: i32,
    /// None: see the flag.
    pub tonnes: Option<f64>,
    pub flag: Flag,
    /// Producers that this total leaves out; empty where it is none.
    pub excludes: Vec<RegionCode>,
}

/// Whose production it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Producer {
    Country(RegionCode),
    /// Countries that the publisher does not tell apart.
    Others,
    /// The total.
    World,
}

/// How a figure is known, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    Reported,
    Estimated,
    Withheld,
    Unknown,
    /// Said only to be below some bound.
    Below,
    /// Counted with another mineral.
    Elsewhere,
}

impl Flag {
    /// Words of the file.
    const WORDS: [(&str, Flag); 6] = [
        ("", Flag::Reported),
        ("estimated", Flag::Estimated),
        ("withheld", Flag::Withheld),
        ("unknown", Flag::Unknown),
        ("below", Flag::Below),
        ("elsewhere", Flag::Elsewhere),
    ];

    /// Whether there is a figure.
    pub fn is_known(self) -> bool {
        matches!(self, Flag::Reported | Flag::Estimated)
    }
}

/// The largest supplier of a material by another assessment.
#[derive(Clone, Debug, PartialEq)]
pub struct Leader {
    pub mineral: String,
    /// `extraction` or `processing`.
    pub stage: String,
    pub country: RegionCode,
    pub share: f64,
}

/// A mineral that the United States hold critical, by their own table.
#[derive(Clone, Debug, PartialEq)]
pub struct Critical {
    pub mineral: String,
    /// The leading producer, where it is told.
    pub country: Option<RegionCode>,
    pub share: Option<f64>,
    /// Net imports over apparent consumption of the United States, from and to.
    pub reliance: Option<(f64, f64)>,
    /// Where most of their imports come from.
    pub import_source: Option<RegionCode>,
}

/// What a mineral is used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub mineral: String,
    /// `battery`, `magnet`, `chip`, or another word.
    pub what: String,
    /// The chain that ships with zili and its input that the mineral goes into, where there is one.
    pub input: Option<(String, String)>,
}

/// A product under which a material is traded.
#[derive(Clone, Debug, PartialEq)]
pub struct Traded {
    pub hs6: String,
    pub name: String,
    /// Short names, as of minerals where they are there.
    pub materials: Vec<String>,
    pub fit: Fit,
}

/// How well a product stands for its material.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Whole,
    /// Other forms of it are traded under other codes.
    Part,
    /// The code holds other goods too.
    Mixed,
}

impl Fit {
    const WORDS: [(&str, Fit); 3] = [("whole", Fit::Whole), ("part", Fit::Part), ("mixed", Fit::Mixed)];

    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, fit)| *fit == self).map_or("", |(word, _)| word)
    }
}

impl Minerals {
    /// What the European Union says of a material, if it holds it critical.
    pub fn leader(&self, mineral: &str) -> Option<&Leader> {
        self.leaders.iter().find(|leader| leader.mineral == mineral)
    }
    /// What the United States say of a mineral, if they hold it critical.
    pub fn critical(&self, mineral: &str) -> Option<&Critical> {
        self.critical.iter().find(|critical| critical.mineral == mineral)
    }
    /// What a mineral is used for, each use once, as a list in words.
    pub fn uses_of(&self, mineral: &str) -> String {
        let mut words: Vec<&str> = self.uses.iter().filter(|u| u.mineral == mineral).map(|u| u.what.as_str()).collect();
        words.dedup();
        words.join(", ")
    }
    /// The product of 6 digits, if it is one of those that stand for materials.
    pub fn traded(&self, hs6: &str) -> Option<&Traded> {
        self.traded.iter().find(|traded| traded.hs6 == hs6)
    }
}

/// The minerals that ship with zili.
pub fn bundled() -> Result<&'static Minerals, Error> {
    static MINERALS: LazyLock<Result<Minerals, String>> = LazyLock::new(|| {
        let read = || -> Result<Minerals, Error> {
            let file = |file: &str, text: &str| Input { file: file.to_owned(), sha256: sha256(text.as_bytes()) };
            Ok(Minerals {
                production: ProductionSet::read(PRODUCTION, PRODUCTION_FILE, BUNDLED_NAME)?,
                leaders: read_leaders(LEADERS, LEADERS_FILE)?,
                critical: read_critical(CRITICAL, CRITICAL_FILE)?,
                traded: read_traded(TRADED, TRADED_FILE)?,
                uses: read_uses(USES, USES_FILE)?,
                files: vec![
                    file(LEADERS_FILE, LEADERS),
                    file(CRITICAL_FILE, CRITICAL),
                    file(TRADED_FILE, TRADED),
                    file(USES_FILE, USES),
                ],
            })
        };
        read().map_err(|refusal| refusal.to_string())
    });
    MINERALS.as_ref().map_err(|refusal| Error::Unanswerable(refusal.clone()))
}

/// Header of a set's file.
pub const HEADER: [&str; 9] = ["edition", "mineral", "name", "stage", "country", "year", "tonnes", "flag", "excludes"];

/// Reads production in the layout of `data/minerals/mcs.csv`; refuses, with its line, what does not fit.
pub fn read_production(text: &str, file: &str) -> Result<Vec<Production>, Error> {
    let mut seen = HashSet::new();
    let mut production = Vec::new();
    for (line, [edition, mineral, name, stage, country, year, tonnes, flag, excludes]) in lines(text, file, HEADER)? {
        let refused = |reason: String| Error::store(file, format!("line {line}: {reason}"));
        let whole = |what: &str, word: &str| -> Result<i32, Error> {
            word.parse().map_err(|_| refused(format!("{what} '{word}' is not a year")))
        };
        let flag = Flag::WORDS.iter().find(|(word, _)| *word == flag).map(|(_, flag)| *flag).ok_or_else(|| {
            let words: Vec<&str> = Flag::WORDS.iter().map(|(word, _)| *word).filter(|word| !word.is_empty()).collect();
            refused(format!("unknown flag '{flag}' (accepted: nothing, {})", words.join(", ")))
        })?;
        let tonnes = match tonnes {
            "" => None,
            word => {
                let amount = word.parse::<f64>().ok().filter(|amount| amount.is_finite() && *amount >= 0.0);
                Some(amount.ok_or_else(|| refused(format!("'{word}' is not an amount in tonnes")))?)
            }
        };
        if tonnes.is_some() != flag.is_known() {
            return Err(refused(format!("{country}: a figure needs no reason to be missing, and a missing one does")));
        }
        let producer = match country {
            "WLD" => Producer::World,
            "OTH" => Producer::Others,
            code => Producer::Country(region(code).ok_or_else(|| refused(not_a_code(code)))?),
        };
        let excludes = excludes
            .split_whitespace()
            .map(|code| region(code).ok_or_else(|| refused(not_a_code(code))))
            .collect::<Result<Vec<_>, _>>()?;
        let (edition, year) = (whole("edition", edition)?, whole("year", year)?);
        if !seen.insert((edition, mineral, stage, producer.clone(), year)) {
            return Err(refused(format!("{mineral}, {stage}, {country}, {year} is given twice")));
        }
        production.push(Production {
            edition,
            mineral: mineral.to_owned(),
            name: name.to_owned(),
            stage: stage.to_owned(),
            producer,
            year,
            tonnes,
            flag,
            excludes,
        });
    }
    Ok(production)
}

/// Reads leading suppliers in the layout of `data/minerals/eu-2023.csv`.
pub fn read_leaders(text: &str, file: &str) -> Result<Vec<Leader>, Error> {
    let mut leaders = Vec::new();
    for (line, [mineral, stage, country, share]) in lines(text, file, ["mineral", "stage", "country", "share"])? {
        let refused = |reason: String| Error::store(file, format!("line {line}: {reason}"));
        let number = share.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
        leaders.push(Leader {
            mineral: mineral.to_owned(),
            stage: stage.to_owned(),
            country: region(country).ok_or_else(|| refused(not_a_code(country)))?,
            share: number.ok_or_else(|| refused(format!("'{share}' is not a share from 0 to 1")))?,
        });
    }
    Ok(leaders)
}

/// Reads critical minerals in the layout of `data/minerals/us-2024.csv`; an empty cell is not known.
pub fn read_critical(text: &str, file: &str) -> Result<Vec<Critical>, Error> {
    let header = ["mineral", "country", "share", "reliance_low", "reliance_high", "import_source"];
    let mut all = Vec::new();
    for (line, [mineral, country, share, low, high, source]) in lines(text, file, header)? {
        let refused = |reason: String| Error::store(file, format!("line {line}: {reason}"));
        let number = |word: &str| match word.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share)) {
            Some(share) => Ok(Some(share)),
            None if word.is_empty() => Ok(None),
            None => Err(refused(format!("'{word}' is not a share from 0 to 1"))),
        };
        let place = |code: &str| match code {
            "" => Ok(None),
            code => region(code).map(Some).ok_or_else(|| refused(not_a_code(code))),
        };
        let reliance = match (number(low)?, number(high)?) {
            (Some(low), Some(high)) if low <= high => Some((low, high)),
            (None, None) => None,
            _ => return Err(refused(format!("'{low}' to '{high}' is not from a share to a share"))),
        };
        let (country, import_source) = (place(country)?, place(source)?);
        all.push(Critical { mineral: mineral.to_owned(), country, share: number(share)?, reliance, import_source });
    }
    Ok(all)
}

/// Reads products of materials in the layout of `data/products/critical-products.csv`.
pub fn read_traded(text: &str, file: &str) -> Result<Vec<Traded>, Error> {
    let mut all = Vec::new();
    for (line, [hs6, name, materials, fit]) in lines(text, file, ["hs6", "name", "materials", "fit"])? {
        let found = Fit::WORDS.iter().find(|(word, _)| *word == fit).map(|(_, fit)| *fit);
        let words = Fit::WORDS.map(|(word, _)| word).join(", ");
        let unknown = || Error::store(file, format!("line {line}: unknown fit '{fit}' (accepted: {words})"));
        let materials = materials.split('+').map(str::to_owned).collect();
        all.push(Traded { hs6: hs6.to_owned(), name: name.to_owned(), materials, fit: found.ok_or_else(unknown)? });
    }
    Ok(all)
}

/// Reads uses in the layout of `data/minerals/uses.csv`.
pub fn read_uses(text: &str, file: &str) -> Result<Vec<Use>, Error> {
    let mut all = Vec::new();
    for (line, [mineral, what, chain, input, _]) in lines(text, file, ["mineral", "use", "chain", "input", "source"])? {
        if chain.is_empty() != input.is_empty() {
            return Err(Error::store(file, format!("line {line}: a chain goes with an input of it")));
        }
        let input = (!chain.is_empty()).then(|| (chain.to_owned(), input.to_owned()));
        all.push(Use { mineral: mineral.to_owned(), what: what.to_owned(), input });
    }
    Ok(all)
}

/// Lines with their numbers, cut into as many cells as the header has; no cell of these files holds a comma.
fn lines<'a, const N: usize>(
    text: &'a str,
    file: &str,
    header: [&str; N],
) -> Result<Vec<(usize, [&'a str; N])>, Error> {
    label::check_file(text, file)?;
    let mut all = Vec::new();
    for (k, line) in text.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let count = cells.len();
        let wrong = |_| Error::store(file, format!("line {}: {count} cells in place of {N}", k + 1));
        all.push((k + 1, <[&str; N]>::try_from(cells).map_err(wrong)?));
    }
    match all.first() {
        Some((_, first)) if *first == header => Ok(all.split_off(1)),
        _ => Err(Error::store(file, format!("line 1: the header must read {}", header.join(",")))),
    }
}

fn region(code: &str) -> Option<RegionCode> {
    (code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())).then(|| RegionCode::new(code))
}

fn not_a_code(code: &str) -> String {
    format!("'{code}' is not a code of three capital letters")
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "edition,mineral,name,stage,country,year,tonnes,flag,excludes\n";

    #[test]
    fn the_bundled_files_are_sound() {
        let minerals = bundled().unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(minerals.production.rows.len(), PRODUCTION.lines().count() - 1);
        assert_eq!(minerals.leaders.len(), LEADERS.lines().count() - 1);
    }

    #[test]
    fn uses_name_minerals_and_inputs_that_are_there() {
        let data = bundled().expect("sound");
        for found in &data.uses {
            assert!(data.production.rows.iter().any(|p| p.mineral == found.mineral), "{}", found.mineral);
            let Some((chain, input)) = &found.input else { continue };
            let chain = crate::chain::bundled().iter().find(|c| c.name == *chain).expect("a bundled chain");
            assert!(chain.inputs.iter().any(|known| known.id == *input), "{input}");
        }
    }

    #[test]
    fn a_withheld_figure_is_none() {
        let read = read_production(&format!("{START}2024,tin,Tin,mine,USA,2023,,withheld,\n"), "x.csv").expect("read");
        assert_eq!((read[0].tonnes, read[0].flag), (None, Flag::Withheld));
    }

    #[test]
    fn an_edition_is_one_that_is_there() {
        let set = &bundled().expect("sound").production;
        assert_eq!(set.editions(), [2024, 2023, 2022]);
        assert_eq!((set.edition(LATEST).ok(), set.edition("2023").ok()), (Some(2024), Some(2023)));
        let refusal = set.edition("2025").expect_err("not there").to_string();
        assert!(refusal.contains("2025") && refusal.contains("2024, 2023, 2022, latest"), "{refusal}");
        assert!(ProductionSet::read(START, "x.csv", "x").is_err());
    }

    #[test]
    fn a_slip_is_named_with_its_line() {
        for (line, expected) in [
            ("2024,tin,Tin,mine,USA,2023,,,", "line 2: USA: a figure needs no reason"),
            ("2024,tin,Tin,mine,USA,2023,5,withheld,", "line 2: USA: a figure needs no reason"),
            ("2024,tin,Tin,mine,USA,2023,-5,,", "line 2: '-5' is not an amount"),
            ("2024,tin,Tin,mine,USA,2023,NaN,,", "line 2: 'NaN' is not an amount"),
            ("2024,tin,Tin,mine,usa,2023,5,,", "line 2: 'usa' is not a code"),
            ("2024,tin,Tin,mine,USA,2023,5,guessed,", "unknown flag 'guessed' (accepted: nothing, estimated"),
            ("last,tin,Tin,mine,USA,2023,5,,", "line 2: edition 'last' is not a year"),
            ("2024,tin,Tin,mine,USA,2023,5", "line 2: 7 cells in place of 9"),
            ("2024,tin,Tin,mine,USA,2023,5,,\n2024,tin,Tin,mine,USA,2023,6,,", "line 3: tin, mine, USA, 2023 is given"),
        ] {
            let refusal = read_production(&format!("{START}{line}\n"), "x.csv").expect_err(line).to_string();
            assert!(refusal.starts_with("x.csv: ") && refusal.contains(expected), "{line}: {refusal}");
        }
        assert!(read_production("edition\n", "x.csv").is_err() && read_production("", "x.csv").is_err());
    }
}
