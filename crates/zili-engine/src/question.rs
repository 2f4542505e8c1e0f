//! Everything that is asked, in one value that can be written down.

use crate::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is asked. A field that a method has no use for must be left out; `zili methods NAME --format json` has the fields of one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Question {
    /// The method, by name.
    pub method: String,
    /// The world, by name; the bundled one of the latest year if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub world: Option<String>,
    /// Whose reliance: codes or names of regions or blocs, or `all`.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub home: Words,
    /// On whom; every other region if left out.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub partner: Words,
    /// One year, a span such as "1995..2011", or "all"; the world's latest if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<Years>,
    /// What counts as value added: the published rows, or output less intermediate inputs (auto: published where every year has it).
    #[serde(skip_serializing_if = "is_auto")]
    pub value_added: Basis,
    /// A scenario file; several where they are compared.
    #[serde(skip_serializing_if = "Documents::is_empty")]
    pub scenario: Documents,
    /// One denial, in place of a scenario file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denial: Option<Denial>,
    /// A strategy file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<Document>,
    /// Starts of an earlier plan, from which the search goes on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub start: Vec<Start>,
    /// Trade with tariffs before and after: a name in the library, or a folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariffs: Option<String>,
    /// Today's research by sector (csv with the columns sector, research).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub research: Option<Document>,
    /// Which sectors' patents cite whose (csv with the columns citing, cited, citations).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citations: Option<Document>,
    /// Technology chains beside those of the library (TOML).
    #[serde(skip_serializing_if = "Documents::is_empty")]
    pub chains: Documents,
    /// Blocs beside those that ship with zili (TOML).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocs: Option<Document>,
    /// The method's own options, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "each_once")]
    pub options: BTreeMap<String, Setting>,
    /// The model whose answer is drawn again and again; the inventory model if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How often, a million times at most.
    #[schemars(range(min = 4, max = 1_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draws: Option<u32>,
    /// Seed of the draws; 1 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

fn is_auto(basis: &Basis) -> bool {
    *basis == Basis::Auto
}

/// Draws that can be asked for.
pub const MOST_DRAWS: u32 = 1_000_000;

/// Options by name; one that is given twice is refused.
fn each_once<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<BTreeMap<String, Setting>, D::Error> {
    struct Each;
    impl<'de> serde::de::Visitor<'de> for Each {
        type Value = BTreeMap<String, Setting>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("options by name, such as {\"sigma\": 4}")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut options = BTreeMap::new();
            while let Some((name, value)) = map.next_entry::<String, Setting>()? {
                if options.insert(name.clone(), value).is_some() {
                    return Err(serde::de::Error::custom(format!("option '{name}' is given twice")));
                }
            }
            Ok(options)
        }
    }
    reader.deserialize_map(Each)
}

/// A word, or several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Words {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl Words {
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    pub fn as_slice(&self) -> &[String] {
        match self {
            Words::None => &[],
            Words::One(word) => std::slice::from_ref(word),
            Words::Several(words) => words,
        }
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a code or name, or a list of them")]
        enum Given {
            One(String),
            Several(Vec<String>),
        }
        Ok(match Given::deserialize(reader)? {
            Given::One(word) => Words::One(word),
            Given::Several(words) => Words::Several(words),
        })
    }
}

impl From<Vec<String>> for Words {
    fn from(words: Vec<String>) -> Self {
        Words::Several(words)
    }
}

impl From<&str> for Words {
    fn from(word: &str) -> Self {
        Words::One(word.to_owned())
    }
}

/// A year, or a span in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a year, a span such as \"1995..2011\", or \"all\"")]
pub enum Years {
    One(i32),
    Words(String),
}

impl std::fmt::Display for Years {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Years::One(year) => year.fmt(f),
            Years::Words(words) => words.fmt(f),
        }
    }
}

/// What counts as value added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    #[default]
    Auto,
    Published,
    Residual,
}

/// A file that is part of the question: by its text, or by where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields, expecting = "{\"file\": PATH} or {\"name\": NAME, \"text\": TEXT}")]
pub enum Document {
    Text {
        /// What messages call it.
        name: String,
        text: String,
    },
    File {
        /// Its place, from the folder of the question.
        file: PathBuf,
    },
}

impl Document {
    /// A file, not read yet.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Document::File { file: path.into() }
    }

    /// Name and text; refuses a file that was not read ([`Question::read_files`]).
    pub fn read(&self) -> Result<(&str, &str), Error> {
        match self {
            Document::Text { name, text } => Ok((name, text)),
            Document::File { file } => {
                Err(Error::Question(format!("{}: files are not read here; give name and text", file.display())))
            }
        }
    }

    /// Its place, or what stands for it.
    pub fn path(&self) -> PathBuf {
        match self {
            Document::Text { name, .. } => PathBuf::from(name),
            Document::File { file } => file.clone(),
        }
    }

    /// Its name without folder and ending.
    pub fn stem(&self) -> String {
        self.path().file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn take_in(&mut self, folder: &Path) -> Result<(), Error> {
        if let Document::File { file } = self {
            let place = folder.join(&*file);
            let text = read_text(&place)?;
            *self = Document::Text { name: file.display().to_string(), text };
        }
        Ok(())
    }
}

/// Largest file that is taken into a question.
const LARGEST: u64 = 64 << 20;

/// The text of a regular file of bounded size.
fn read_text(place: &Path) -> Result<String, Error> {
    let about = std::fs::metadata(place).map_err(Error::io(place))?;
    if about.is_dir() {
        return Err(Error::Question(format!("{}: is a folder; give a file", place.display())));
    }
    if about.len() > LARGEST {
        return Err(Error::Question(format!("{}: larger than {} MB", place.display(), LARGEST >> 20)));
    }
    std::fs::read_to_string(place).map_err(Error::io(place))
}

/// A file, or several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Documents {
    #[default]
    None,
    One(Document),
    Several(Vec<Document>),
}

impl Documents {
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    pub fn as_slice(&self) -> &[Document] {
        match self {
            Documents::None => &[],
            Documents::One(one) => std::slice::from_ref(one),
            Documents::Several(several) => several,
        }
    }

    fn as_mut_slice(&mut self) -> &mut [Document] {
        match self {
            Documents::None => &mut [],
            Documents::One(one) => std::slice::from_mut(one),
            Documents::Several(several) => several,
        }
    }
}

impl<'de> Deserialize<'de> for Documents {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "{\"file\": PATH} or {\"name\": NAME, \"text\": TEXT}, or a list of them")]
        enum Given {
            One(Document),
            Several(Vec<Document>),
        }
        Ok(match Given::deserialize(reader)? {
            Given::One(one) => Documents::One(one),
            Given::Several(several) => Documents::Several(several),
        })
    }
}

impl From<Vec<Document>> for Documents {
    fn from(documents: Vec<Document>) -> Self {
        Documents::Several(documents)
    }
}

impl From<Document> for Documents {
    fn from(document: Document) -> Self {
        Documents::One(document)
    }
}

/// One denial: who denies what to whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Denial {
    /// Who denies: codes or names of regions or blocs.
    pub by: Words,
    /// Who is denied.
    pub against: Words,
    /// What: codes or names of sectors; all if left out.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub sectors: Words,
    /// Share of the flow denied, 0–1.
    #[schemars(range(min = 0, max = 1))]
    #[serde(default = "whole")]
    pub severity: f64,
    /// Which uses are denied.
    #[serde(default)]
    pub flows: Uses,
}

fn whole() -> f64 {
    1.0
}

/// Which uses are denied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Uses {
    #[default]
    Both,
    Intermediate,
    Final,
}

/// When something of an earlier plan starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Programme or lever.
    pub programme: String,
    pub mode: String,
    pub start: i32,
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a number or a word")]
pub enum Setting {
    Number(f64),
    Word(String),
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Setting::Number(value) => value.fmt(f),
            Setting::Word(word) => word.fmt(f),
        }
    }
}

impl From<&str> for Setting {
    fn from(word: &str) -> Self {
        Setting::Word(word.to_owned())
    }
}

impl Question {
    /// A question to a method, with nothing else said.
    pub fn of(method: &str) -> Self {
        Self { method: method.to_owned(), ..Self::default() }
    }

    /// One written as JSON; the refusal has line and column.
    pub fn parse(text: &str, file: &str) -> Result<Self, Error> {
        // Some editors begin a file with a mark of its encoding.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return Err(Error::Question(format!("{file}: the question is empty; give {{\"method\": NAME, …}}")));
        }
        let refuse = |e: serde_json::Error| {
            let (line, column, said) = (e.line(), e.column(), e.to_string());
            let said = said.split(" at line ").next().unwrap_or_default();
            Error::Question(format!("{file}:{line}:{column}: {said}"))
        };
        // Fields have names: a list of values is no question, nor is it a denial.
        let shape: serde_json::Value = serde_json::from_str(text).map_err(refuse)?;
        let denial = shape.get("denial").filter(|denial| !denial.is_null());
        if !shape.is_object() || denial.is_some_and(|denial| !denial.is_object()) {
            let what = if shape.is_object() { "a denial" } else { "a question" };
            return Err(Error::Question(format!(
                "{file}: {what} is written with the names of its fields: {{\"NAME\": VALUE, …}}"
            )));
        }
        serde_json::from_str(text).map_err(refuse)
    }

    /// Takes in the files that it names, from a folder: afterwards it stands alone.
    pub fn read_files(&mut self, folder: &Path) -> Result<(), Error> {
        let single = [&mut self.strategy, &mut self.research, &mut self.citations, &mut self.blocs];
        let several = [&mut self.scenario, &mut self.chains].into_iter().flat_map(|d| d.as_mut_slice().iter_mut());
        several.chain(single.into_iter().flatten()).try_for_each(|document| document.take_in(folder))?;
        if let Some(tariffs) = &mut self.tariffs
            && folder.join(&*tariffs).is_dir()
        {
            *tariffs = folder.join(&*tariffs).display().to_string();
        }
        Ok(())
    }
}
