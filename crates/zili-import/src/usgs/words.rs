//! What the publisher's words mean: types of production, countries, units and marks, as in `data/minerals/usgs-*.csv`.

use crate::Error;
use std::path::Path;
use zili_world::countries;

const KINDS_FILE: &str = "data/minerals/usgs-kinds.csv";
const WORDS_FILE: &str = "data/minerals/usgs-words.csv";
static KINDS: &str = include_str!("../../../../data/minerals/usgs-kinds.csv");
static WORDS: &str = include_str!("../../../../data/minerals/usgs-words.csv");

/// A type of production of a commodity, as our mineral and stage.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    commodities: Vec<String>,
    /// Small letters; beginnings of the type, or after `*` a part of it.
    types: Vec<String>,
    pub mineral: String,
    pub name: String,
    pub stage: String,
    /// Why it is not taken; empty where it is.
    pub left_out: String,
}

impl Kind {
    fn fits(&self, of: &str) -> bool {
        self.types.iter().any(|known| match known.strip_prefix('*') {
            Some(part) => of.contains(part),
            None => of.starts_with(known.as_str()),
        })
    }
}

pub(crate) struct Words {
    kinds: Vec<Kind>,
    /// What kind of word, the word, what it means.
    words: Vec<[String; 3]>,
}

impl Words {
    pub fn bundled() -> Result<Self, Error> {
        let listed = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let kinds =
            rows(KINDS, KINDS_FILE)?.into_iter().map(|[commodities, types, mineral, name, stage, left_out]| Kind {
                commodities: listed(&commodities),
                types: listed(&types.to_lowercase()),
                mineral,
                name,
                stage,
                left_out,
            });
        Ok(Self { kinds: kinds.collect(), words: rows(WORDS, WORDS_FILE)? })
    }

    fn of<'a>(&'a self, what: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.words.iter().filter(move |[kind, ..]| kind == what).map(|[_, word, means]| (word.as_str(), means.as_str()))
    }

    fn accepted(&self, what: &str) -> String {
        self.of(what).map(|(word, _)| format!("'{word}'")).collect::<Vec<_>>().join(", ")
    }

    /// The first type of a commodity that fits.
    pub fn kind(&self, commodity: &str, of: &str) -> Result<&Kind, String> {
        let small = of.to_lowercase();
        let mut known =
            self.kinds.iter().filter(|kind| kind.commodities.iter().any(|known| known == commodity)).peekable();
        if known.peek().is_none() {
            let mut all: Vec<&str> =
                self.kinds.iter().flat_map(|kind| kind.commodities.iter().map(String::as_str)).collect();
            all.dedup();
            return Err(format!("commodity '{commodity}' is not known (accepted: {})", all.join(", ")));
        }
        // The star of a part means: anywhere.
        let types: Vec<String> = known.clone().map(|kind| kind.types.join("' or '").replace('*', "… ")).collect();
        known.find(|kind| kind.fits(&small)).ok_or_else(|| {
            format!("type '{of}' of {commodity} is not known (accepted, as a beginning: '{}')", types.join("', '"))
        })
    }

    /// The code of a name, to which footnotes and remarks may be glued: 'Japane', 'China6', 'Peru (exports)'.
    pub fn country(&self, name: &str) -> Result<String, String> {
        let plain = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
        // What is in brackets or after a comma is a remark, unless it is part of the name.
        let end = [plain.find(" ("), plain.find(',')].into_iter().flatten().min();
        let shorter = &plain[..end.unwrap_or(plain.len())];
        let candidates = [
            name,
            plain,
            shorter,
            plain.strip_suffix('e').unwrap_or(plain),
            shorter.strip_suffix('e').unwrap_or(shorter),
        ];
        let found = candidates.iter().find_map(|candidate| {
            // Our list writes & for "and".
            let ours = || countries::listed().find(|(_, known)| known.replace(" & ", " and ") == **candidate);
            self.of("country")
                .find(|(word, _)| word == candidate)
                .map(|(_, code)| code)
                .or_else(|| ours().map(|(code, _)| code))
        });
        found.map(str::to_owned).ok_or_else(|| {
            let accepted = self.accepted("country");
            format!("country '{name}' is not known (accepted: names as zili lists them under ISO 3166, and {accepted})")
        })
    }

    /// Tonnes in a unit.
    pub fn unit(&self, word: &str) -> Result<f64, String> {
        let found = self.of("unit").find(|(unit, _)| unit.eq_ignore_ascii_case(word)).and_then(|(_, t)| t.parse().ok());
        found.ok_or_else(|| format!("unit '{word}' is not known (accepted: {})", self.accepted("unit")))
    }

    /// Why there is no figure, if the mark says so.
    pub fn mark(&self, word: &str) -> Option<&str> {
        self.of("mark").find(|(mark, _)| mark.to_lowercase() == word.to_lowercase()).map(|(_, flag)| flag)
    }

    pub fn marks(&self) -> String {
        self.accepted("mark")
    }

    /// Who is left out by a total that says so; a code is empty where nobody is. None if it is not understood.
    pub fn excluded(&self, said: &str) -> Option<&str> {
        let said = said.to_lowercase();
        self.of("excludes").find(|(phrase, _)| said.starts_with(&phrase.to_lowercase())).map(|(_, code)| code)
    }

    /// Who is left out by a total that does not say so itself.
    pub fn leaves_out(&self, edition: i32, mineral: &str) -> Option<&str> {
        let wanted = format!("{edition} {mineral}");
        self.of("leaves-out").find(|(word, _)| *word == wanted).map(|(_, code)| code)
    }
}

fn rows<const N: usize>(text: &str, file: &str) -> Result<Vec<[String; N]>, Error> {
    let mut all = Vec::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record.map_err(|e| Error::file(Path::new(file), e))?;
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        all.push(<[String; N]>::try_from(cells).map_err(|_| Error::file(Path::new(file), "a row of the wrong width"))?);
    }
    Ok(all)
}
