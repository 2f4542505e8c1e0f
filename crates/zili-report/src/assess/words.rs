//! The findings put into sentences and headline figures.

use super::findings::Findings;
use super::{Headline, Question};
use crate::Error;
use crate::format::{money, percent};
use zili_world::{Cell, Finding};

/// A row of a finding by column name.
struct Line<'a>(&'a Finding, &'a [Cell]);

impl Line<'_> {
    fn number(&self, column: &str) -> Result<f64, Error> {
        Ok(self.1[self.0.column(column)?].number().unwrap_or(f64::NAN))
    }
    fn text(&self, column: &str) -> Result<&str, Error> {
        Ok(self.1[self.0.column(column)?].text())
    }
}

/// The first row that fits.
fn find<'a>(finding: &'a Finding, column: &str, fits: impl Fn(&Cell) -> bool) -> Result<Option<Line<'a>>, Error> {
    let c = finding.column(column)?;
    Ok(finding.rows.iter().find(|row| fits(&row[c])).map(|row| Line(finding, row)))
}

fn is(text: &str) -> impl Fn(&Cell) -> bool {
    move |cell: &Cell| cell.text() == text
}

/// The rest of the world is a sum, not somebody who decides.
fn acts(cell: &Cell) -> bool {
    cell.text() != "ROW"
}

/// The findings put into sentences.
pub(super) struct Words<'a> {
    question: &'a Question,
    findings: &'a Findings,
    all_sectors: Line<'a>,
    accounts: Line<'a>,
}

impl<'a> Words<'a> {
    pub fn of(question: &'a Question, findings: &'a Findings) -> Result<Self, Error> {
        let all = |finding: &'a Finding| -> Result<Line<'a>, Error> {
            let missing = || zili_world::Error::Unanswerable("no row for all sectors".to_owned());
            Ok(find(finding, "sector", is("*"))?.ok_or_else(missing)?)
        };
        Ok(Self { question, findings, all_sectors: all(&findings.sectors)?, accounts: all(&findings.accounts)? })
    }

    fn name(&self) -> &str {
        &self.question.home.name
    }

    /// The partner, other than the rest of the world, that home's output needs most of.
    fn most_needed(&self) -> Result<Option<Line<'a>>, Error> {
        let finding = &self.findings.exposure;
        let (sector, partner, look) =
            (finding.column("sector")?, finding.column("partner")?, finding.column("look_through")?);
        let rows = finding.rows.iter().filter(|row| row[sector].text() == "*" && acts(&row[partner]));
        let key = |row: &&Vec<Cell>| row[look].number().unwrap_or(0.0);
        Ok(rows.max_by(|a, b| key(a).total_cmp(&key(b))).map(|row| Line(finding, row)))
    }

    pub fn headlines(&self) -> Result<Vec<Headline>, Error> {
        let mut cards = Vec::new();
        let mut card = |figure: &'static str, label: &str, value: String, detail: String| {
            cards.push(Headline { label: label.to_owned(), value, detail, figure });
        };
        let value_added = self.accounts.number("value_added")?;
        let part = percent(value_added / self.findings.world_value_added);
        card("loops", "Value added", money(value_added), format!("{part} of the world's, {}", self.question.year));
        let (direct, look) = (self.all_sectors.number("direct")?, self.all_sectors.number("look_through")?);
        card(
            "trend",
            "Self-reliance, look-through",
            percent(look),
            format!("of the value in what it finally uses is its own; {} of the products it uses are", percent(direct)),
        );
        if let Some(line) = find(&self.findings.loops, "part", is("internal"))? {
            card(
                "loops",
                "Internal loop",
                percent(line.number("share")?),
                "of its value added never leaves".to_owned(),
            );
        }
        if let Some(line) = self.most_needed()? {
            let (face, look) = (line.number("face_value")?, line.number("look_through")?);
            let detail = format!(
                "{} look-through, {} at face value: {:.1} times as much",
                percent(look),
                percent(face),
                look / face
            );
            card("exposure", "Needs most of", line.text("partner_name")?.to_owned(), detail);
        }
        if let Some(line) = find(&self.findings.partners, "partner", acts)? {
            let detail = format!(
                "{} of its value added, if {} stops supplying",
                percent(line.number("home_loss_share")?),
                line.text("partner_name")?
            );
            card("partners", "Largest loss by one partner", money(line.number("home_loss")?), detail);
        }
        if let Some(line) = find(&self.findings.partners, "partner", acts)? {
            let detail = format!(
                "{} of the value added of {}, if it is denied everything in return",
                percent(line.number("return_loss_share")?),
                line.text("partner_name")?
            );
            card("return", "What that partner would lose", money(line.number("return_loss")?), detail);
        }
        let bloc = match &self.question.focus {
            Some(focus) => find(&self.findings.blocs, "partner", is(&focus.code))?,
            None => find(&self.findings.blocs, "partner", |_| true)?,
        };
        if let Some(line) = bloc {
            let detail = format!(
                "{} of its value added, if {} stops supplying",
                percent(line.number("home_loss_share")?),
                line.text("partner_name")?
            );
            let label = if self.question.focus.is_some() {
                "Loss by the coalition asked about"
            } else {
                "Largest loss by a bloc"
            };
            card("blocs", label, money(line.number("home_loss")?), detail);
        }
        if let Some(line) = find(&self.findings.pairs, "partner", acts)? {
            let detail = format!(
                "{}, {}: {} of value added",
                line.text("partner_name")?,
                line.text("sector_name")?,
                percent(line.number("home_loss_share")?)
            );
            card("pairs", "Most dangerous single supply", money(line.number("home_loss")?), detail);
        }
        Ok(cards)
    }

    /// ", after 20.9 % in 2004", if the series stood higher in between than at both ends.
    fn peak(&self) -> Result<String, Error> {
        let trend = &self.findings.trend;
        let mut values = Vec::new();
        for row in &trend.rows {
            let line = Line(trend, row);
            values.push((line.number("foreign_look_through")?, line.number("year")?));
        }
        let top = values.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        let (Some(top), Some(first), Some(last)) = (top, values.first(), values.last()) else {
            return Ok(String::new());
        };
        let between = top.1 != first.1 && top.1 != last.1;
        Ok(if between { format!(", after {} in {:.0}", percent(top.0), top.1) } else { String::new() })
    }

    pub fn summary(&self) -> Result<Vec<String>, Error> {
        let (name, year) = (self.name(), self.question.year);
        let (direct, look) =
            (self.all_sectors.number("foreign_direct")?, self.all_sectors.number("foreign_look_through")?);
        let mut sentences = vec![format!(
            "In {year}, {} of the products that {name} used came from abroad; traced through every supplier, {} of the value in what it finally used was foreign.",
            percent(direct),
            percent(look)
        )];
        let trend = &self.findings.trend;
        if let (Some(first), Some(last)) = (trend.rows.first(), trend.rows.last())
            && trend.rows.len() > 1
        {
            let (first, last) = (Line(trend, first), Line(trend, last));
            let (from, to) = (first.number("foreign_look_through")?, last.number("foreign_look_through")?);
            let moved = if to > from { "up" } else { "down" };
            sentences.push(format!(
                "Measured alike in all years, that share went {moved} from {} in {:.0} to {} in {:.0}{}.",
                percent(from),
                first.number("year")?,
                percent(to),
                last.number("year")?,
                self.peak()?
            ));
        }
        if let Some(line) = find(&self.findings.partners, "partner", acts)? {
            sentences.push(format!(
                "The one partner that could hurt it most: {}, with {} of value added ({}), against {} of its own lost sales.",
                line.text("partner_name")?, money(line.number("home_loss")?), percent(line.number("home_loss_share")?), money(line.number("denier_loss")?)
            ));
        }
        if let Some(line) = find(&self.findings.pairs, "partner", acts)? {
            sentences.push(format!(
                "The most dangerous single supply is {} from {}: {} of value added.",
                line.text("sector_name")?,
                line.text("partner_name")?,
                money(line.number("home_loss")?)
            ));
        }
        Ok(sentences)
    }
}
