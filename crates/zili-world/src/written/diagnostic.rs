//! What is wrong with a file, or worth knowing: a stable name, a place, and what would be accepted.

use serde::Serialize;
use std::fmt;
use std::ops::Range;

/// Kinds of findings about a file. The names are stable; the texts are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Name {
    Syntax,
    UnknownKey,
    MissingKey,
    WrongType,
    UnknownWord,
    UnknownCode,
    OutOfRange,
    Contradiction,
    Overlap,
    EmptyEffect,
    NoTradeData,
    NoConcordance,
    PartialTradeData,
    OtherYear,
    Capped,
    NotOnATable,
    LeftOut,
    Cycle,
    Unreachable,
    NoSupplier,
    Rounded,
    NoSource,
    NeverMet,
}

impl Name {
    /// Every name with what it stands for, errors first.
    pub const ALL: [(Name, &'static str); 23] = [
        (Name::Syntax, "the text is not TOML"),
        (Name::UnknownKey, "a key, a model or an option that the language does not have"),
        (Name::MissingKey, "something that must be said is not said"),
        (Name::WrongType, "a number where a word belongs, a word where a number belongs, and the like"),
        (Name::UnknownWord, "a word that is not among those a key accepts"),
        (Name::UnknownCode, "a region, bloc, sector, category, product or year that there is not"),
        (Name::OutOfRange, "a number that makes no sense where it stands"),
        (Name::Contradiction, "two things that cannot both hold"),
        (Name::Overlap, "two controls on the same flow at the same time"),
        (Name::EmptyEffect, "an entry, or (as a warning) a part of one, that changes nothing"),
        (Name::NoTradeData, "products whose trade is not known"),
        (Name::NoConcordance, "products in a world whose sectors they cannot be assigned to"),
        (Name::PartialTradeData, "warning: trade is known for some of the products only"),
        (Name::OtherYear, "warning: trade of one year is set against a table of another"),
        (Name::Capped, "warning: traded products are worth more than their sector's flow in the table"),
        (Name::NotOnATable, "warning: a control that only models of chains or firms use"),
        (Name::LeftOut, "warning: members of a bloc that the world does not tell apart"),
        (Name::Cycle, "chains: an input that needs itself; strategies: programmes that wait for each other"),
        (
            Name::Unreachable,
            "chains: an input that never reaches the product; strategies: a programme or capability that can never be had",
        ),
        (Name::NoSupplier, "chains: an input that comes from nowhere"),
        (Name::Rounded, "chains: warning: shares that add up to a little more than 1"),
        (Name::NoSource, "strategies: a number without a source that is not called an assumption either"),
        (Name::NeverMet, "strategies: warning: demand or a target that nothing in the file can meet"),
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Name::Syntax => "syntax",
            Name::UnknownKey => "unknown-key",
            Name::MissingKey => "missing-key",
            Name::WrongType => "wrong-type",
            Name::UnknownWord => "unknown-word",
            Name::UnknownCode => "unknown-code",
            Name::OutOfRange => "out-of-range",
            Name::Contradiction => "contradiction",
            Name::Overlap => "overlap",
            Name::EmptyEffect => "empty-effect",
            Name::NoTradeData => "no-trade-data",
            Name::NoConcordance => "no-concordance",
            Name::PartialTradeData => "partial-trade-data",
            Name::OtherYear => "other-year",
            Name::Capped => "capped",
            Name::NotOnATable => "not-on-a-table",
            Name::LeftOut => "left-out",
            Name::Cycle => "cycle",
            Name::Unreachable => "unreachable",
            Name::NoSupplier => "no-supplier",
            Name::Rounded => "rounded",
            Name::NoSource => "no-source",
            Name::NeverMet => "never-met",
        }
    }
}

/// Whether the file can be used nevertheless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Error,
    Warning,
}

/// One thing said about a file, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnostic {
    pub name: Name,
    pub level: Level,
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub message: String,
    /// The line it is about, and how many characters of it.
    pub source: String,
    pub length: usize,
}

impl Diagnostic {
    /// About these bytes of the text.
    pub fn new(
        name: Name,
        level: Level,
        file: &str,
        text: &str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let start = floor(text, span.start);
        let before = &text[..start];
        let first = before.rfind('\n').map_or(0, |newline| newline + 1);
        let source = text[first..].lines().next().unwrap_or_default();
        let rest = source.get(start - first..).unwrap_or_default();
        let wanted = text[start..floor(text, span.end.max(start))].chars().count();
        Self {
            name,
            level,
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: text[first..start].chars().count() + 1,
            message: message.into(),
            source: source.to_owned(),
            length: wanted.clamp(1, rest.chars().count().max(1)),
        }
    }
}

/// The nearest boundary of a character at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        writeln!(f, "{level}[{}]: {}", self.name.as_str(), self.message)?;
        writeln!(f, "  at {}:{}:{}", self.file, self.line, self.column)?;
        let number = self.line.to_string();
        // Tabs stay tabs under the line, so that the caret stands where the eye looks.
        let indent: String =
            self.source.chars().take(self.column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        writeln!(f, "  {number} | {}", self.source)?;
        write!(f, "  {:1$} | {indent}{2}", "", number.len(), "^".repeat(self.length))
    }
}

/// Everything that is wrong with a file, in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal(pub Vec<Diagnostic>);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (k, diagnostic) in self.0.iter().enumerate() {
            if k > 0 {
                writeln!(f, "\n")?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}
