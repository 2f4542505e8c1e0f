//! A chain's file: TOML, every slip named with its line and column.

use super::{Chain, Input, Kind, Market, Reference, Share, Supply};
use crate::RegionCode;
use crate::code::nearest;
use crate::countries;
use crate::store::sha256;
use crate::written::diagnostic::Name;
use crate::written::shape::{self, entries, typed};
use crate::written::value::not_a_number;
use crate::written::{At, Diagnostic, Findings, Number, Refusal, Words};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Reads a chain. `file` is for messages. Everything that is wrong is reported at once.
pub fn read(text: &str, file: &str) -> Result<(Chain, Vec<Diagnostic>), Refusal> {
    let mut findings = Findings::new(text, file);
    let shaped = parse(&mut findings);
    // An entry that cannot be read would only make those that name it look wrong.
    let shaped = shaped.filter(|_| !findings.any_error());
    let chain = shaped.and_then(|shaped| Assembly::new(&mut findings, &shaped).chain());
    findings.outcome(chain)
}

/// The JSON Schema of chain files, as text.
pub fn schema() -> String {
    crate::written::schema::of::<Shape>()
}

/// A chain file as a whole, for its schema.
#[derive(JsonSchema)]
#[schemars(title = "zili chain", deny_unknown_fields)]
#[allow(dead_code)]
struct Shape {
    #[serde(flatten)]
    head: Head,
    /// Where figures are from.
    source: Vec<SourceEntry>,
    /// Stages in order: each needs the one before.
    #[serde(default)]
    stage: Vec<StageEntry>,
    /// What the product takes.
    input: Vec<InputEntry>,
    /// Who supplies what.
    #[serde(default)]
    supply: Vec<SupplyEntry>,
}

struct File {
    head: Head,
    stages: Vec<At<StageEntry>>,
    inputs: Vec<At<InputEntry>>,
    supplies: Vec<At<SupplyEntry>>,
    sources: Vec<At<SourceEntry>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
struct Head {
    /// What `--set chain=NAME` asks for.
    name: String,
    /// For headings.
    title: Option<String>,
    /// What it is about.
    #[serde(default)]
    description: String,
    /// On what terms it may be passed on.
    #[serde(default)]
    licence: String,
    /// Id of the input in which the chain ends.
    product: At<String>,
    /// What the product is made for; measures answer for each.
    grades: Option<Words>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
struct StageEntry {
    /// An input of the same id stands for its stage.
    id: At<String>,
    /// For headings.
    name: Option<String>,
    /// What a reader should know.
    #[serde(default)]
    note: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
struct InputEntry {
    /// How others name it.
    id: At<String>,
    /// For headings.
    name: Option<String>,
    /// What it is.
    kind: KindWord,
    /// Stage that it goes into, if it goes into nothing else.
    stage: Option<At<String>>,
    /// Inputs that cannot be made without it.
    goes_into: Option<Words>,
    /// Inputs for which it is one of several that do.
    variant_of: Option<Words>,
    /// Grades for which it is required, or which it serves as a variant; all if left out.
    grades: Option<Words>,
    /// Size of its market, million USD.
    market_musd: Option<At<Number>>,
    /// Year of that.
    market_year: Option<i32>,
    /// Who says so.
    market_source: Option<At<String>>,
    /// What a reader should know.
    #[serde(default)]
    note: String,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum KindWord {
    Process,
    Tool,
    Material,
    Design,
    Product,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
struct SupplyEntry {
    /// What is supplied.
    input: At<String>,
    /// ISO 3166 alpha-3; left out if it is not known where.
    region: Option<At<String>>,
    /// Which firm; a row without one is a whole region.
    firm: Option<String>,
    /// 0 to 1, or [least, most]; left out if it is not known.
    share: Option<At<ShareWord>>,
    /// Year of the figure.
    year: Option<i32>,
    /// Who says so.
    source: At<String>,
    /// What a reader should know.
    #[serde(default)]
    note: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
struct SourceEntry {
    /// How rows name it.
    id: At<String>,
    /// Of the report, article or data.
    title: String,
    /// Who published it.
    publisher: String,
    /// When.
    year: Option<i32>,
    /// Where it can be read.
    #[serde(default)]
    url: String,
}

/// A share, or the least and the most that it is.
#[derive(Clone, Copy)]
struct ShareWord(f64, f64);

impl<'de> Deserialize<'de> for ShareWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShareVisitor)
    }
}

impl JsonSchema for ShareWord {
    fn schema_name() -> Cow<'static, str> {
        "Share".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let share = json_schema!({ "type": "number", "minimum": 0, "maximum": 1 });
        json_schema!({ "anyOf": [share, { "type": "array", "items": share, "minItems": 2, "maxItems": 2 }] })
    }
}

struct ShareVisitor;

impl<'de> Visitor<'de> for ShareVisitor {
    type Value = ShareWord;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a share from 0 to 1, or [least, most]; leave it out if it is not known")
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<ShareWord, E> {
        Ok(ShareWord(value as f64, value as f64))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<ShareWord, E> {
        Ok(ShareWord(value, value))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<ShareWord, E> {
        Err(E::custom(not_a_number(text)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<ShareWord, A::Error> {
        let mut bounds = Vec::new();
        while let Some(Number(bound)) = sequence.next_element()? {
            bounds.push(bound);
        }
        match bounds[..] {
            [low, high] => Ok(ShareWord(low, high)),
            _ => Err(A::Error::custom("an interval has two numbers: [least, most]")),
        }
    }
}

fn parse(findings: &mut Findings) -> Option<File> {
    let mut root = shape::toml(findings)?;
    let table = root.get_mut();
    let stages = entries(findings, table, "stage", typed);
    let inputs = entries(findings, table, "input", typed);
    let supplies = entries(findings, table, "supply", typed);
    let sources = entries(findings, table, "source", typed);
    Some(File { head: shape::head(findings, root)?, stages, inputs, supplies, sources })
}

/// Shares that add up to more than this are not rounding.
const MOST: f64 = 1.05;

struct Assembly<'f, 'x, 't> {
    findings: &'f mut Findings<'t>,
    file: &'x File,
    /// Places of inputs, and after them of stages that no input of the same id stands for.
    ids: HashMap<&'x str, usize>,
    sources: HashMap<&'x str, usize>,
    grades: Vec<String>,
}

impl<'f, 'x, 't> Assembly<'f, 'x, 't> {
    fn new(findings: &'f mut Findings<'t>, file: &'x File) -> Self {
        let mut ids = distinct(findings, file.inputs.iter().map(|entry| &entry.value.id), "input");
        distinct(findings, file.stages.iter().map(|entry| &entry.value.id), "stage");
        for entry in &file.stages {
            let next = ids.len();
            ids.entry(entry.value.id.value.as_str()).or_insert(next);
        }
        let sources = distinct(findings, file.sources.iter().map(|entry| &entry.value.id), "source");
        let grades = file.head.grades.as_ref().map(|words| words.list.iter().map(|word| word.value.clone()).collect());
        Self { findings, file, ids, sources, grades: grades.unwrap_or_else(|| vec![String::new()]) }
    }

    fn chain(mut self) -> Option<Chain> {
        if self.file.head.name.trim().is_empty() {
            self.findings.error(Name::MissingKey, &(0..0), "`name` is empty: what is the chain called?");
        }
        self.twice_listed();
        if let Some(words) = &self.file.head.grades {
            let twice = |k: usize, word: &At<String>| words.list[..k].iter().any(|other| other.value == word.value);
            if words.list.is_empty() {
                self.findings.error(
                    Name::EmptyEffect,
                    &words.span,
                    "no grade: leave `grades` out if there is only one",
                );
            }
            for (k, word) in words.list.iter().enumerate() {
                if word.value.trim().is_empty() || twice(k, word) {
                    self.findings.error(Name::Contradiction, &word.span, "a grade has a name of its own");
                }
            }
        }
        let mut inputs: Vec<Input> = self.file.inputs.iter().map(|entry| self.input(&entry.value)).collect();
        let own = |entry: &&At<StageEntry>| self.ids[entry.value.id.value.as_str()] >= self.file.inputs.len();
        inputs.extend(self.file.stages.iter().filter(own).map(|entry| stage(&entry.value, self.grades.len())));
        self.connect(&mut inputs);
        let supplies = self.file.supplies.iter().filter_map(|entry| self.supply(&entry.value)).collect();
        let head = &self.file.head;
        let product = self.place(&head.product, "input")?;
        if self.findings.any_error() {
            return None;
        }
        let sources = self.file.sources.iter().map(|entry| reference(&entry.value)).collect();
        let chain = Chain {
            name: head.name.clone(),
            title: head.title.clone().unwrap_or_else(|| head.name.clone()),
            description: head.description.trim().to_owned(),
            licence: head.licence.clone(),
            product,
            grades: self.grades.clone(),
            inputs,
            supplies,
            sources,
            sha256: sha256(self.findings.text.as_bytes()),
        };
        self.stages_in_order(chain)
    }

    fn input(&mut self, entry: &InputEntry) -> Input {
        let stage = entry.stage.as_ref().and_then(|stage| self.place(stage, "stage"));
        let grades = match &entry.grades {
            None => (0..self.grades.len()).collect(),
            Some(words) => {
                if words.list.is_empty() {
                    let text = "an input for no grade at all is none: leave `grades` out if it is for all";
                    self.findings.error(Name::EmptyEffect, &words.span, text);
                }
                words.list.iter().filter_map(|word| self.grade(word)).collect()
            }
        };
        let kind = match entry.kind {
            KindWord::Process => Kind::Process,
            KindWord::Tool => Kind::Tool,
            KindWord::Material => Kind::Material,
            KindWord::Design => Kind::Design,
            KindWord::Product => Kind::Product,
        };
        Input {
            id: entry.id.value.clone(),
            name: entry.name.clone().unwrap_or_else(|| entry.id.value.clone()),
            kind,
            stage,
            requires: Vec::new(),
            variants: Vec::new(),
            grades,
            market: self.market(entry),
            note: entry.note.clone(),
        }
    }

    fn market(&mut self, entry: &InputEntry) -> Option<Market> {
        let Some(musd) = &entry.market_musd else {
            if entry.market_year.is_some() || entry.market_source.is_some() {
                let text = "a market without its size: give `market_musd`";
                self.findings.error(Name::MissingKey, &entry.id.span, text);
            }
            return None;
        };
        let (Some(year), Some(source)) = (entry.market_year, &entry.market_source) else {
            let text = "a market has a year and a source: give `market_year` and `market_source`";
            self.findings.error(Name::MissingKey, &musd.span, text);
            return None;
        };
        let source = self.source(source)?;
        Some(Market { musd: self.findings.positive(musd, "market_musd", "million USD")?, year, source })
    }

    /// What each input requires, from what the others say they go into.
    fn connect(&mut self, inputs: &mut [Input]) {
        let file = self.file;
        for (i, entry) in file.inputs.iter().enumerate() {
            let entry = &entry.value;
            for (words, variant) in [(&entry.goes_into, false), (&entry.variant_of, true)] {
                for word in words.iter().flat_map(|words| &words.list) {
                    let Some(user) = self.place(word, "input") else { continue };
                    let list = if variant { &mut inputs[user].variants } else { &mut inputs[user].requires };
                    match list.contains(&i) {
                        true => self.findings.error(Name::Contradiction, &word.span, format!("{} twice", word.value)),
                        false => list.push(i),
                    }
                }
            }
        }
    }

    fn supply(&mut self, entry: &SupplyEntry) -> Option<Supply> {
        let input = self.place(&entry.input, "input");
        let source = self.source(&entry.source);
        let region = match &entry.region {
            None => Some(None),
            Some(code) if code.value.len() == 3 && code.value.bytes().all(|b| b.is_ascii_uppercase()) => {
                // A code of one's own may name a part of a world that one brings.
                if countries::name(&code.value) == code.value {
                    let text = format!("'{}' is no country's code (ISO 3166): is it meant?", code.value);
                    self.findings.warn(Name::UnknownCode, &code.span, text);
                }
                Some(Some(RegionCode::new(&code.value)))
            }
            Some(code) => {
                let text = format!("'{}' is no region: three capital letters (ISO 3166), or no `region`", code.value);
                self.findings.error(Name::UnknownCode, &code.span, text);
                None
            }
        };
        let share = match &entry.share {
            None => Some(Share::Unknown),
            Some(share) => self.share(share),
        };
        if entry.region.is_none() && entry.firm.is_some() && entry.share.is_none() {
            let text = "a firm without a region and without a share says nothing".to_owned();
            self.findings.warn(Name::EmptyEffect, &entry.input.span, text);
        }
        Some(Supply {
            input: input?,
            region: region?,
            firm: entry.firm.clone(),
            share: share?,
            year: entry.year,
            source: source?,
            note: entry.note.clone(),
        })
    }

    fn share(&mut self, share: &At<ShareWord>) -> Option<Share> {
        let ShareWord(low, high) = share.value;
        for bound in [low, high] {
            self.findings.share(&At { value: Number(bound), span: share.span.clone() }, "share")?;
        }
        if low > high {
            self.findings.error(Name::OutOfRange, &share.span, format!("[{low}, {high}]: the least comes first"));
            return None;
        }
        Some(if low == high { Share::Known(low) } else { Share::Between(low, high) })
    }

    /// Two rows of one supplier are added up, which is seldom meant.
    fn twice_listed(&mut self) {
        let file = self.file;
        let mut seen = HashSet::new();
        for entry in &file.supplies {
            let (entry, span) = (&entry.value, &entry.span);
            let region = entry.region.as_ref().map(|code| code.value.as_str());
            let firm = entry.firm.as_ref().map(|firm| firm.to_lowercase());
            if (region.is_some() || firm.is_some()) && !seen.insert((&entry.input.value, region, firm)) {
                let who = entry.firm.as_deref().or(region).unwrap_or_default();
                let text = format!("{who} supplies '{}' in two rows: their shares are added up", entry.input.value);
                self.findings.warn(Name::Contradiction, span, text);
            }
        }
    }

    fn place(&mut self, word: &At<String>, what: &str) -> Option<usize> {
        find(self.findings, &self.ids, word, what)
    }

    fn source(&mut self, word: &At<String>) -> Option<usize> {
        find(self.findings, &self.sources, word, "source")
    }

    fn grade(&mut self, word: &At<String>) -> Option<usize> {
        let grades: HashMap<&str, usize> = self.grades.iter().enumerate().map(|(g, name)| (name.as_str(), g)).collect();
        find(self.findings, &grades, word, "grade")
    }

    /// A stage, or the input of its id, requires what belongs to it and goes into nothing else, and the stage before it; the product
    /// requires the last.
    fn stages_in_order(&mut self, mut chain: Chain) -> Option<Chain> {
        let count = self.file.inputs.len();
        let stages: Vec<usize> = self.file.stages.iter().map(|entry| self.ids[entry.value.id.value.as_str()]).collect();
        let mut used = vec![false; chain.inputs.len()];
        for input in &chain.inputs {
            input.requires.iter().chain(&input.variants).for_each(|&i| used[i] = true);
        }
        let last = chain.product;
        let mut link = |user: usize, needed: usize| {
            let requires = &mut chain.inputs[user].requires;
            if user != needed && !requires.contains(&needed) {
                requires.push(needed);
            }
        };
        stages.windows(2).for_each(|pair| link(pair[1], pair[0]));
        stages.last().into_iter().for_each(|stage| link(last, *stage));
        let loose = (0..count).filter(|i| *i != chain.product && !used[*i] && !stages.contains(i));
        for i in loose.collect::<Vec<_>>() {
            match chain.inputs[i].stage {
                Some(stage) => chain.inputs[stage].requires.push(i),
                None => {
                    let at = &self.file.inputs[i].value.id;
                    let text = format!("'{}' goes into nothing: give `goes_into`, `variant_of` or a `stage`", at.value);
                    self.findings.error(Name::Unreachable, &at.span, text);
                }
            }
        }
        self.check(&chain);
        (!self.findings.any_error()).then_some(chain)
    }

    /// What no single entry shows: circles, inputs that lead nowhere, inputs from nowhere, sums of shares.
    fn check(&mut self, chain: &Chain) {
        if let Some(circle) = circle(chain) {
            let names: Vec<&str> = circle.iter().map(|&i| chain.inputs[i].id.as_str()).collect();
            let at = circle.iter().find(|&&i| i < self.file.inputs.len());
            let span = at.map_or(0..0, |&i| self.file.inputs[i].value.id.span.clone());
            let text = format!("{} needs itself: {} → {}", names[0], names.join(" → "), names[0]);
            self.findings.error(Name::Cycle, &span, text);
            return;
        }
        let mut reached = vec![false; chain.inputs.len()];
        let mut waiting = vec![chain.product];
        while let Some(i) = waiting.pop() {
            if !std::mem::replace(&mut reached[i], true) {
                waiting.extend(chain.inputs[i].requires.iter().chain(&chain.inputs[i].variants));
            }
        }
        let file = self.file;
        for (i, entry) in file.inputs.iter().enumerate() {
            let (input, span) = (&chain.inputs[i], &entry.value.id.span);
            // Who goes into nothing at all has been told so.
            let goes_on = chain.inputs.iter().any(|user| user.requires.contains(&i) || user.variants.contains(&i));
            if !reached[i] && goes_on {
                let text = format!("'{}' never reaches {}", input.id, chain.inputs[chain.product].id);
                self.findings.error(Name::Unreachable, span, text);
            }
            if input.requires.is_empty() && input.variants.is_empty() && chain.supplies_of(i).next().is_none() {
                let text = format!("nobody supplies '{}' and nothing goes into it: add a [[supply]]", input.id);
                self.findings.error(Name::NoSupplier, span, text);
            }
        }
        for (g, grade) in chain.grades.iter().enumerate() {
            let works = chain.works(g, |_| false);
            let broken = chain.in_order().into_iter().find(|&i| !works[i]).filter(|_| !works[chain.product]);
            if let Some(i) = broken {
                let at = file.inputs.get(i).map_or(0..0, |entry| entry.value.id.span.clone());
                let text = format!("no variant of '{}' is for grade {grade}", chain.inputs[i].id);
                self.findings.error(Name::Contradiction, &at, text);
            }
        }
        for (entry, supply) in file.supplies.iter().zip(&chain.supplies) {
            let (whole, Some(region)) = (supply.share.bounds().1, &supply.region) else { continue };
            let theirs =
                chain.supplies_of(supply.input).filter(|s| s.firm.is_some() && s.region.as_ref() == Some(region));
            let firms: f64 = theirs.map(|firm| firm.share.bounds().0).sum();
            // A share of one percent is rounding.
            if supply.firm.is_none() && firms > whole + 0.01 {
                let text = format!(
                    "a row without a firm is all of {region}, and its firms hold {firms:.3} already: name a firm"
                );
                self.findings.error(Name::Contradiction, &entry.span, text);
            }
        }
        for i in 0..chain.inputs.len() {
            let sum = super::Shares::of(chain, i).map_or(1.0, |shares| shares.published_sum);
            let last = file.supplies.iter().rev().find(|entry| entry.value.input.value == chain.inputs[i].id);
            let Some(last) = last.filter(|_| sum > 1.0 + 1e-9) else { continue };
            let text = format!("the shares of '{}' add up to {sum:.3}", chain.inputs[i].id);
            match sum > MOST {
                true => self.findings.error(Name::OutOfRange, &last.span, text),
                false => self.findings.warn(Name::Rounded, &last.span, text + ": taken in proportion"),
            }
        }
    }
}

fn stage(entry: &StageEntry, grades: usize) -> Input {
    Input {
        id: entry.id.value.clone(),
        name: entry.name.clone().unwrap_or_else(|| entry.id.value.clone()),
        kind: Kind::Stage,
        stage: None,
        requires: Vec::new(),
        variants: Vec::new(),
        grades: (0..grades).collect(),
        market: None,
        note: entry.note.clone(),
    }
}

fn reference(entry: &SourceEntry) -> Reference {
    Reference {
        id: entry.id.value.clone(),
        title: entry.title.clone(),
        publisher: entry.publisher.clone(),
        year: entry.year,
        url: entry.url.clone(),
    }
}

/// Ids with their places; the same one twice is an error.
fn distinct<'x>(
    findings: &mut Findings,
    ids: impl Iterator<Item = &'x At<String>>,
    what: &str,
) -> HashMap<&'x str, usize> {
    let mut places = HashMap::new();
    for (k, id) in ids.enumerate() {
        if id.value.trim().is_empty() {
            findings.error(Name::MissingKey, &id.span, format!("an empty id names no {what}"));
        } else if places.insert(id.value.as_str(), k).is_some() {
            findings.error(Name::Contradiction, &id.span, format!("'{}' is another {what} already", id.value));
        }
    }
    places
}

fn find(findings: &mut Findings, known: &HashMap<&str, usize>, word: &At<String>, what: &str) -> Option<usize> {
    let found = known.get(word.value.as_str()).copied();
    if found.is_none() {
        let mut names: Vec<&str> = known.keys().copied().collect();
        names.sort_unstable();
        let near = nearest(&word.value, names.iter().copied()).map(|near| format!(": did you mean '{near}'?"));
        let text = format!("unknown {what} '{}'{}", word.value, near.unwrap_or_default());
        findings.error(Name::UnknownCode, &word.span, text);
    }
    found
}

/// Inputs of which each needs the next and the last the first, if there are such.
fn circle(chain: &Chain) -> Option<Vec<usize>> {
    fn walk(chain: &Chain, i: usize, path: &mut Vec<usize>, done: &mut [bool]) -> Option<Vec<usize>> {
        if let Some(start) = path.iter().position(|&p| p == i) {
            return Some(path[start..].to_vec());
        }
        if done[i] {
            return None;
        }
        path.push(i);
        let needs = chain.inputs[i].requires.iter().chain(&chain.inputs[i].variants);
        let found = needs.copied().find_map(|r| walk(chain, r, path, done));
        path.pop();
        done[i] = true;
        found
    }
    let mut done = vec![false; chain.inputs.len()];
    (0..chain.inputs.len()).find_map(|i| walk(chain, i, &mut Vec::new(), &mut done))
}
