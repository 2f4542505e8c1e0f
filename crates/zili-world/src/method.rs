//! What a method tells about itself: one page of text, its columns, its options.
//!
//! The page is a Markdown file under `docs/src/methods/`. The book shows it, rustdoc includes it and `zili methods` prints it: one text, three places.

use serde::{Deserialize, Serialize};

/// A measure of `expose`, a model of `shock` or a planner of `plan`.
#[derive(Debug)]
pub struct Method {
    /// As typed on the command line.
    pub name: &'static str,
    /// The page, with the sections [`SECTIONS`] in this order.
    pub page: &'static str,
    pub columns: &'static [Column],
    pub parameters: &'static [Parameter],
}

/// Headings that every method's page has.
pub const SECTIONS: [&str; 6] = ["Answers", "Equation", "Columns", "Options", "Limits", "Source"];

impl Method {
    /// The page's title.
    pub fn title(&self) -> &'static str {
        self.page.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// The text under a `## heading`, without its surrounding blank lines; empty if the page lacks it.
    pub fn section(&self, heading: &str) -> &'static str {
        let mut inside = false;
        let (mut start, mut end) = (0, 0);
        let mut at = 0;
        for line in self.page.split_inclusive('\n') {
            if let Some(title) = line.strip_prefix("## ") {
                if inside {
                    break;
                }
                if title.trim() == heading {
                    inside = true;
                    start = at + line.len();
                }
            }
            at += line.len();
            if inside {
                end = at;
            }
        }
        self.page.get(start..end).unwrap_or_default().trim()
    }

    /// The equation in one block, without Markdown's fences.
    pub fn equation(&self) -> String {
        let text = self.section("Equation");
        let block = text.split("```").nth(1).unwrap_or(text);
        block.trim_start_matches("text").trim().to_owned()
    }

    pub fn citation(&self) -> &'static str {
        self.section("Source")
    }

    /// The section "Columns" as it must read: made from the code, so that the page cannot drift.
    pub fn columns_section(&self) -> String {
        let mut text = String::from("| column | unit | what |\n|---|---|---|\n");
        for c in self.columns {
            text +=
                &format!("| `{}` | {} | {} |\n", c.name, if c.unit.is_empty() { "–" } else { c.unit }, c.description);
        }
        text.trim().to_owned()
    }

    /// The section "Options" as it must read.
    pub fn options_section(&self) -> String {
        if self.parameters.is_empty() {
            return "None.".to_owned();
        }
        let mut text = String::from("| option | default | accepts | what |\n|---|---|---|---|\n");
        for p in self.parameters {
            let (default, accepts) = match p.accepts {
                Accepts::Number { default, above, below } => {
                    let range = if below.is_finite() {
                        format!("{} < value < {below}", plain(above))
                    } else {
                        format!("value > {}", plain(above))
                    };
                    (plain(default), range)
                }
                Accepts::Share { default } => (plain(default), "0 < value ≤ 1".to_owned()),
                Accepts::Fraction { default } => (plain(default), "0 ≤ value ≤ 1".to_owned()),
                Accepts::Amount { default, most } => (plain(default), format!("0 ≤ value ≤ {}", plain(most))),
                Accepts::Count { default, most } => (default.to_string(), format!("1, 2, 3, … {most}")),
                Accepts::Choice(choices) => (choices[0].to_owned(), choices.join(", ")),
                Accepts::Name { default } => (default.to_owned(), "a name".to_owned()),
            };
            text += &format!("| `{}` | {default} | {accepts} | {} |\n", p.name, p.description);
        }
        text.trim().to_owned()
    }
}

/// A number as one would type it: tiny and huge ones with an exponent.
pub(crate) fn plain(value: f64) -> String {
    let far = value != 0.0 && (value.abs() < 1e-4 || value.abs() >= 1e15);
    if far { format!("{value:e}") } else { value.to_string() }
}

/// A column of a finding: stable name, unit, how to show it, what it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Column {
    pub name: &'static str,
    /// For a reader's eye.
    pub label: &'static str,
    /// Empty for text.
    pub unit: &'static str,
    pub format: Format,
    pub description: &'static str,
    /// Left out first where a table is too narrow for all.
    #[serde(skip)]
    pub minor: bool,
    /// Tells rows apart rather than reporting a result.
    #[serde(skip)]
    pub key: bool,
}

/// How a column is shown to people; files always hold the plain value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Text,
    Year,
    Integer,
    /// A share of one, shown in per cent.
    Share,
    /// Days, shown without decimals they do not have.
    Day,
    /// Money, in the unit of the column.
    Money,
    Number,
}

impl Column {
    /// The column, marked as one that a narrow table leaves out first.
    pub const fn minor(self) -> Self {
        Self { minor: true, ..self }
    }
    /// The column, marked as one that tells rows apart; text is so without being marked.
    pub const fn key(self) -> Self {
        Self { key: true, ..self }
    }
    /// The column, marked as a result although it is text.
    pub const fn result(self) -> Self {
        Self { key: false, ..self }
    }
    pub const fn text(name: &'static str, label: &'static str, description: &'static str) -> Self {
        Self { name, label, unit: "", format: Format::Text, description, minor: false, key: true }
    }
    pub const fn share(name: &'static str, label: &'static str, description: &'static str) -> Self {
        Self { name, label, unit: "share 0–1", format: Format::Share, description, minor: false, key: false }
    }
    /// A logarithmic change, close to a share while it is small and shown like one.
    pub const fn power(name: &'static str, label: &'static str, description: &'static str) -> Self {
        Self { name, label, unit: "log points", format: Format::Share, description, minor: false, key: false }
    }
    pub const fn musd(name: &'static str, label: &'static str, description: &'static str) -> Self {
        Self { name, label, unit: crate::unit::DECLARED, format: Format::Money, description, minor: false, key: false }
    }
    pub const fn number(
        name: &'static str,
        label: &'static str,
        unit: &'static str,
        description: &'static str,
    ) -> Self {
        Self { name, label, unit, format: Format::Number, description, minor: false, key: false }
    }
    pub const fn day(name: &'static str, label: &'static str, description: &'static str) -> Self {
        Self { name, label, unit: "days", format: Format::Day, description, minor: false, key: false }
    }
    pub const fn integer(
        name: &'static str,
        label: &'static str,
        unit: &'static str,
        description: &'static str,
    ) -> Self {
        Self { name, label, unit, format: Format::Integer, description, minor: false, key: false }
    }
}

/// Columns that many findings share.
pub mod column {
    use super::{Column, Format};
    pub const YEAR: Column = Column {
        name: "year",
        label: "Year",
        unit: "year",
        format: Format::Year,
        description: "year of the table",
        minor: false,
        key: true,
    };
    pub const HOME: Column = Column::text("home", "Home", "the region or bloc whose reliance is asked about");
    pub const PARTNER: Column = Column::text("partner", "Partner", "code of the region or bloc on whom");
    pub const PARTNER_NAME: Column = Column::text("partner_name", "Partner", "its name");
    pub const SECTOR: Column = Column::text("sector", "Sector", "code of the sector");
    pub const SECTOR_NAME: Column = Column::text("sector_name", "Sector", "its name");
    pub const REGION: Column = Column::text("region", "Region", "code of the region or bloc");
    pub const REGION_NAME: Column = Column::text("region_name", "Region", "its name");
}

/// An option of a method.
#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub accepts: Accepts,
    /// What it is, its unit, and where the default comes from.
    pub description: &'static str,
}

/// What an option accepts.
#[derive(Clone, Copy, Debug)]
pub enum Accepts {
    /// A number strictly between two bounds.
    Number { default: f64, above: f64, below: f64 },
    /// A share above 0 and at most 1.
    Share { default: f64 },
    /// A share from 0 to 1, both included.
    Fraction { default: f64 },
    /// A number from 0 to a largest one.
    Amount { default: f64, most: f64 },
    /// A whole number from 1 to a largest one, which bounds work and memory.
    Count { default: u32, most: u32 },
    /// One of these words; the first is the default.
    Choice(&'static [&'static str]),
    /// The name of something in the world, which the method looks up.
    Name { default: &'static str },
}

impl Accepts {
    /// Whether it is a number, which can be drawn and varied.
    pub fn is_number(&self) -> bool {
        !matches!(self, Accepts::Choice(_) | Accepts::Name { .. })
    }

    /// Whether a number is accepted; never where words are.
    pub fn admits(&self, value: f64) -> bool {
        match *self {
            Accepts::Number { above, below, .. } => value > above && value < below,
            Accepts::Share { .. } => value > 0.0 && value <= 1.0,
            Accepts::Fraction { .. } => (0.0..=1.0).contains(&value),
            Accepts::Amount { most, .. } => (0.0..=most).contains(&value),
            Accepts::Count { most, .. } => value >= 1.0 && value.fract() == 0.0 && value <= f64::from(most),
            Accepts::Choice(_) | Accepts::Name { .. } => false,
        }
    }

    /// What to give, for a refusal.
    pub fn expected(&self) -> String {
        match *self {
            Accepts::Number { above, below, .. } if below.is_finite() => {
                format!("a number above {} and below {below}", plain(above))
            }
            Accepts::Number { above, .. } => format!("a number above {}", plain(above)),
            Accepts::Share { .. } => "a share above 0 and at most 1".to_owned(),
            Accepts::Fraction { .. } => "a share from 0 to 1".to_owned(),
            Accepts::Amount { most, .. } => format!("a number from 0 to {}", plain(most)),
            Accepts::Count { most, .. } => format!("a whole number from 1 to {most}"),
            Accepts::Choice(choices) => format!("one of {}", choices.join(", ")),
            Accepts::Name { .. } => "a name".to_owned(),
        }
    }
}
