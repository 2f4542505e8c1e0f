//! A technology chain: inputs that are required, variants that stand in for each other, stages in their order, and who supplies what.
//!
//! ```text
//! works(i) = supplied(i) ∧ ∀ r ∈ requires(i): works(r) ∧ (variants(i) = ∅ ∨ ∃ v ∈ variants(i) that serves the grade: works(v))
//! ```
//!
//! A stage is an input too, or an input of the same id stands for it: it requires what belongs to it and goes into nothing else, and the
//! stage before it. The product requires the last stage. What is known of a supplier's share is a number, an interval, or nothing; nothing is never taken for a number.

mod file;
mod shares;

pub use file::{read, schema};
pub use shares::{Holding, Shares};

use crate::finding::Input as File;
use crate::method::Accepts;
use crate::{Finding, Parameter, RegionCode};
use include_dir::{Dir, include_dir};
use std::sync::LazyLock;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/chains");

/// The chains that ship with zili. A test holds that every file is sound; one that is not would be left out.
pub fn bundled() -> &'static [Chain] {
    static CHAINS: LazyLock<Vec<Chain>> = LazyLock::new(|| {
        let texts = FILES.files().filter_map(|file| Some((file.contents_utf8()?, file.path().display().to_string())));
        texts.filter_map(|(text, file)| Some(read(text, &file).ok()?.0)).collect()
    });
    &CHAINS
}

/// The option by which a method of chains is told which one.
pub const OPTION: Parameter = Parameter {
    name: "chain",
    accepts: Accepts::Name { default: "advanced-chips" },
    description: "which technology chain: one that ships with zili, one of the store, or one given with --chain-file",
};

/// A chain, its inputs in the order of the file and its stages after them.
#[derive(Clone, Debug)]
pub struct Chain {
    pub name: String,
    pub title: String,
    pub description: String,
    pub licence: String,
    /// The input that it all goes into.
    pub product: usize,
    /// What the product is made for; the product is asked about for each. One, without a name, if the file has none.
    pub grades: Vec<String>,
    pub inputs: Vec<Input>,
    /// Suppliers, in the order of the file.
    pub supplies: Vec<Supply>,
    pub sources: Vec<Reference>,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// A node of a chain.
#[derive(Clone, Debug)]
pub struct Input {
    pub id: String,
    pub name: String,
    pub kind: Kind,
    /// The stage it belongs to.
    pub stage: Option<usize>,
    /// Inputs without which there is none of it.
    pub requires: Vec<usize>,
    /// Inputs of which any does.
    pub variants: Vec<usize>,
    /// Grades that it is for: where it is required it is so for these, where it is a variant it serves these.
    pub grades: Vec<usize>,
    pub market: Option<Market>,
    pub note: String,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Process,
    Tool,
    Material,
    Design,
    Product,
    Stage,
}

/// The size of a market.
#[derive(Clone, Debug)]
pub struct Market {
    pub musd: f64,
    pub year: i32,
    pub source: usize,
}

/// Somebody supplies an input.
#[derive(Clone, Debug)]
pub struct Supply {
    pub input: usize,
    /// None: somewhere, it is not known where.
    pub region: Option<RegionCode>,
    pub firm: Option<String>,
    pub share: Share,
    pub year: Option<i32>,
    pub source: usize,
    pub note: String,
}

/// What is known of a share of a market.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Share {
    Known(f64),
    Between(f64, f64),
    Unknown,
}

/// Where a figure is from.
#[derive(Clone, Debug)]
pub struct Reference {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub year: Option<i32>,
    pub url: String,
}

impl Chain {
    /// The position of an input or stage by its id.
    pub fn input(&self, id: &str) -> Option<usize> {
        self.inputs.iter().position(|input| input.id == id)
    }

    /// Makes the evidence of a finding apart from any table say that it is about this chain.
    pub fn sign(&self, finding: &mut Finding) {
        let evidence = &mut finding.evidence;
        evidence.sources = self.sources.iter().map(|source| source.id.clone()).collect();
        evidence.inputs.push(File { file: format!("chains/{}.toml", self.name), sha256: self.sha256.clone() });
    }

    /// Suppliers of one input.
    pub fn supplies_of(&self, input: usize) -> impl Iterator<Item = &Supply> {
        self.supplies.iter().filter(move |supply| supply.input == input)
    }

    /// What an input requires for a grade.
    pub fn requires(&self, input: usize, grade: usize) -> impl Iterator<Item = usize> {
        self.inputs[input].requires.iter().copied().filter(move |&r| self.is_for(r, grade))
    }

    /// The variants of which any does for a grade; none if it has no variants at all.
    pub fn variants(&self, input: usize, grade: usize) -> Option<impl Iterator<Item = usize>> {
        let variants = &self.inputs[input].variants;
        (!variants.is_empty()).then(|| variants.iter().copied().filter(move |&v| self.is_for(v, grade)))
    }

    fn is_for(&self, input: usize, grade: usize) -> bool {
        self.inputs[input].grades.contains(&grade)
    }

    /// Which inputs there are for a grade, where the supply of some is lost.
    pub fn works(&self, grade: usize, lost: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut works = vec![true; self.inputs.len()];
        for i in self.in_order() {
            let required = self.requires(i, grade).all(|r| works[r]);
            let varied = self.variants(i, grade).is_none_or(|mut variants| variants.any(|v| works[v]));
            works[i] = required && varied && !lost(i);
        }
        works
    }

    /// Inputs in an order in which each comes after all that it needs.
    pub fn in_order(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut seen = vec![false; self.inputs.len()];
        (0..self.inputs.len()).for_each(|i| self.visit(i, &mut seen, &mut order));
        order
    }

    fn visit(&self, i: usize, seen: &mut [bool], order: &mut Vec<usize>) {
        if std::mem::replace(&mut seen[i], true) {
            return;
        }
        let input = &self.inputs[i];
        input.requires.iter().chain(&input.variants).for_each(|&r| self.visit(r, seen, order));
        order.push(i);
    }
}

impl Input {
    /// Whether a word names it: its id or its name.
    pub fn is_named(&self, word: &str) -> bool {
        let word = word.trim();
        self.id.eq_ignore_ascii_case(word) || self.name.eq_ignore_ascii_case(word)
    }
}

impl Supply {
    /// Whether a word names its firm.
    pub fn is_firm(&self, word: &str) -> bool {
        self.firm.as_ref().is_some_and(|firm| firm.eq_ignore_ascii_case(word.trim()))
    }
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Process => "process",
            Kind::Tool => "tool",
            Kind::Material => "material",
            Kind::Design => "design",
            Kind::Product => "product",
            Kind::Stage => "stage",
        }
    }
}

impl Share {
    /// The least and the most that it can be.
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Share::Known(share) => (share, share),
            Share::Between(low, high) => (low, high),
            Share::Unknown => (0.0, 1.0),
        }
    }
}
