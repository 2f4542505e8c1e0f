//! The findings put into sentences and headline figures. What cannot be said, for want of a number, is left out.

use super::findings::Findings;
use super::{Headline, Question};
use crate::Error;
use crate::format::{money, percent};
use zili_world::{Cell, Finding, Unit};

/// A row of a finding by column name.
pub(super) struct Line<'a>(&'a Finding, &'a [Cell]);

impl Line<'_> {
    /// A number; none where it is missing.
    fn number(&self, column: &str) -> Result<Option<f64>, Error> {
        Ok(self.1[self.0.column(column)?].number())
    }
    fn text(&self, column: &str) -> Result<&str, Error> {
        Ok(self.1[self.0.column(column)?].text())
    }
    /// Name of the partner in running text.
    fn partner(&self) -> Result<String, Error> {
        Ok(in_text(self.text("partner_name")?))
    }
}

/// A region's name in the middle of a sentence.
pub(super) fn in_text(name: &str) -> String {
    match name {
        "Rest of the world" => "the rest of the world".to_owned(),
        "United States"
        | "United Kingdom"
        | "Netherlands"
        | "Czech Republic"
        | "Slovak Republic"
        | "Philippines"
        | "DR Congo"
        | "United Arab Emirates"
        | "Dominican Republic"
        | "Central African Republic"
        | "Quadrilateral Security Dialogue"
        | "Regional Comprehensive Economic Partnership" => {
            format!("the {name}")
        }
        // With their numbers, and less a member perhaps: "Group of Seven without Japan".
        name if ["European Union", "Group of "].iter().any(|begin| name.starts_with(begin)) => format!("the {name}"),
        _ => name.to_owned(),
    }
}

/// A title in the middle of a sentence: its first letter is lowered, unless it begins an abbreviation.
pub(super) fn in_title(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(title.chars().skip(1)).collect()
        }
        _ => title.to_owned(),
    }
}

/// The beginning of a sentence.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// "1 input", "2 inputs".
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// "a", "a and b", "a, b and c".
pub(super) fn listed(parts: &[impl AsRef<str>]) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match parts.as_slice() {
        [rest @ .., before, last] => {
            rest.iter().map(|part| format!("{part}, ")).collect::<String>() + &format!("{before} and {last}")
        }
        _ => parts.concat(),
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

/// How far above the ends of a series its peak must be to be spoken of.
const PEAK: f64 = 1.05;

pub(super) struct Words<'a> {
    question: &'a Question,
    findings: &'a Findings,
    /// Of the world's money.
    unit: Unit,
}

impl<'a> Words<'a> {
    pub fn of(question: &'a Question, findings: &'a Findings, unit: Unit) -> Self {
        Self { question, findings, unit }
    }

    fn name(&self) -> String {
        in_text(&self.question.home.name)
    }

    fn all_sectors(&self, finding: &'a Finding, column: &str) -> Result<Option<f64>, Error> {
        find(finding, "sector", is("*"))?.map_or(Ok(None), |line| line.number(column))
    }

    /// The first row of a ranking whose partner acts and whose loss is more than nothing.
    fn worst(&self, finding: &'a Finding) -> Result<Option<Line<'a>>, Error> {
        let line = find(finding, "partner", acts)?;
        Ok(line.filter(|line| matches!(line.number("home_loss"), Ok(Some(loss)) if loss > 0.0)))
    }

    /// The partner, other than the rest of the world, that home's output needs most of.
    fn most_needed(&self) -> Result<Option<Line<'a>>, Error> {
        let finding = &self.findings.exposure;
        let columns = [finding.column("sector")?, finding.column("partner")?, finding.column("look_through")?];
        let [sector, partner, look] = columns;
        let key = |row: &&Vec<Cell>| row[look].number().unwrap_or(0.0);
        let rows = finding.rows.iter().filter(|row| row[sector].text() == "*" && acts(&row[partner]));
        let most = rows.filter(|row| key(row) > 0.0).max_by(|a, b| key(a).total_cmp(&key(b)));
        Ok(most.map(|row| Line(finding, row)))
    }

    pub fn headlines(&self) -> Result<Vec<Headline>, Error> {
        let mut cards = Vec::new();
        let mut card = |figure: &str, label: &str, value: String, detail: String| {
            // The summary has its sentence on the one supply, share and all.
            let told = figure == "pairs";
            cards.push(Headline { label: label.to_owned(), value, detail, figure: figure.to_owned(), told });
        };
        let f = self.findings;
        if let Some(value) = self.all_sectors(&f.accounts, "value_added")? {
            let part = percent(value / f.world_value_added);
            card("accounts", "Value added", money(value, &self.unit), format!("{part} of the world's"));
        }
        if let (Some(direct), Some(look)) =
            (self.all_sectors(&f.sectors, "direct")?, self.all_sectors(&f.sectors, "look_through")?)
        {
            let detail = format!("of the value it finally uses is its own; {} of the products", percent(direct));
            card("sectors", "Self-reliance, look-through", percent(look), detail);
        }
        if let Some(share) = find(&f.loops, "part", is("internal"))?.map_or(Ok(None), |line| line.number("share"))? {
            card("loops", "Internal loop", percent(share), "of its value added never leaves".to_owned());
        }
        if let Some(line) = self.most_needed()?
            && let (Some(face), Some(look)) = (line.number("face_value")?, line.number("look_through")?)
        {
            let times = if face > 0.0 { format!(": {:.1} times as much", look / face) } else { String::new() };
            let detail = format!("{} look-through, {} at face value{times}", percent(look), percent(face));
            card("exposure", "Needs most of", line.text("partner_name")?.to_owned(), detail);
        }
        if let Some(line) = self.worst(&f.partners)? {
            self.loss_card(&mut card, "partners", "Largest loss by one partner", &line)?;
            if let (Some(loss), Some(share)) = (line.number("return_loss")?, line.number("return_loss_share")?) {
                let detail = format!("{} of its own value added, if denied everything in return", percent(share));
                card("return", "What that partner would lose", money(loss, &self.unit), detail);
            }
        }
        match &self.question.focus {
            Some(focus) => {
                if let Some(line) = find(&f.blocs, "partner", is(&focus.code))? {
                    self.loss_card(&mut card, "blocs", "Loss by those asked about", &line)?;
                }
            }
            None => {
                if let Some(line) = self.worst(&f.blocs)? {
                    self.loss_card(&mut card, "blocs", "Largest loss by a bloc", &line)?;
                }
            }
        }
        if let Some(line) = self.worst(&f.pairs)?
            && let (Some(loss), Some(share)) = (line.number("home_loss")?, line.number("home_loss_share")?)
        {
            let detail = format!(
                "{}, {}: {} of value added",
                line.text("partner_name")?,
                line.text("sector_name")?,
                percent(share)
            );
            card("pairs", "Most dangerous single supply", money(loss, &self.unit), detail);
        }
        Ok(cards)
    }

    fn loss_card(
        &self,
        card: &mut impl FnMut(&str, &str, String, String),
        figure: &str,
        label: &str,
        line: &Line,
    ) -> Result<(), Error> {
        if let (Some(loss), Some(share)) = (line.number("home_loss")?, line.number("home_loss_share")?) {
            let detail = format!("{} of its value added, without supplies from {}", percent(share), line.partner()?);
            card(figure, label, money(loss, &self.unit), detail);
        }
        Ok(())
    }

    pub fn summary(&self) -> Result<Vec<String>, Error> {
        let f = self.findings;
        let mut sentences = Vec::new();
        let foreign =
            (self.all_sectors(&f.sectors, "foreign_direct")?, self.all_sectors(&f.sectors, "foreign_look_through")?);
        if let (Some(direct), Some(look)) = foreign {
            sentences.push(format!(
                "{}{} of the products that {} used came from abroad; traced through every supplier, {} of the value in what it finally used was foreign.",
                self.question.when_then(), percent(direct), self.name(), percent(look)
            ));
        }
        sentences.extend(self.trend()?);
        if let Some(line) = self.worst(&f.partners)?
            && let (Some(loss), Some(share), Some(own)) =
                (line.number("home_loss")?, line.number("home_loss_share")?, line.number("denier_loss")?)
        {
            sentences.push(format!(
                "The one partner that could hurt it most is {}: without its supplies {} of value added would go ({}), and {} of the partner's own, for want of those sales.",
                line.partner()?, money(loss, &self.unit), percent(share), money(own, &self.unit)
            ));
        }
        if let Some(line) = self.worst(&f.pairs)?
            && let (Some(loss), Some(share)) = (line.number("home_loss")?, line.number("home_loss_share")?)
        {
            let (sector, partner) = (line.text("sector_name")?, line.partner()?);
            sentences.push(format!(
                "The most dangerous single supply is {sector} from {partner}: {} of value added ({}).",
                money(loss, &self.unit),
                percent(share)
            ));
        }
        if sentences.is_empty() {
            sentences.push(format!("{} uses nothing and makes nothing in this table.", self.question.home.name));
        }
        Ok(sentences)
    }

    /// How the look-through share moved over the years of one edition, with its peak if that lies between the ends.
    fn trend(&self) -> Result<Option<String>, Error> {
        let trend = &self.findings.trend;
        let Some(edition) = self.findings.editions.iter().find(|edition| edition.years.len() > 1) else {
            return Ok(None);
        };
        let mut values: Vec<(f64, i64)> = Vec::new();
        for row in &trend.rows {
            let line = Line(trend, row);
            if line.text("edition")? != edition.name {
                continue;
            }
            if let (Some(share), Some(year)) = (line.number("foreign_look_through")?, line.number("year")?) {
                values.push((share, year as i64));
            }
        }
        let [first, .., last] = values.as_slice() else { return Ok(None) };
        let top = values.iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or(last);
        // A peak is clearly above both ends.
        let peak = match top.0 > PEAK * first.0.max(last.0) {
            true => format!(", with a peak of {} in {}", percent(top.0), top.1),
            false => String::new(),
        };
        let moved = if last.0 > first.0 { "up" } else { "down" };
        let is_own = self.findings.editions.last().is_some_and(|own| own.name == edition.name);
        let basis = match (is_own, edition.is_residual) {
            (false, _) => {
                format!("In another, earlier table ({}), with other sectors and definitions, that share", edition.name)
            }
            (true, true) => "Measured as output less inputs, which all years have, that share".to_owned(),
            (true, false) => "That share".to_owned(),
        };
        Ok(Some(format!(
            "{basis} went {moved} from {} in {} to {} in {}{peak}.",
            percent(first.0),
            first.1,
            percent(last.0),
            last.1
        )))
    }
}
