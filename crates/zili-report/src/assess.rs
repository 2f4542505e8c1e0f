//! The main job: every measure and scan that makes up the picture of one home, and what it says in words.

use crate::Error;
use crate::format::{money, percent};
use serde::Serialize;
use serde_json::{Value, json};
use zili_world::{Bloc, Cell, Column, Finding, Method, Options, Params, ValueAdded, World};

/// Whose picture.
#[derive(Clone, Debug)]
pub struct Question {
    pub home: Bloc,
    /// A coalition to look at beside everybody else.
    pub focus: Option<Bloc>,
    /// Blocs to rank, less home's own members.
    pub blocs: Vec<Bloc>,
    pub year: i32,
    pub value_added: ValueAdded,
}

/// One chart with its table.
#[derive(Debug)]
pub struct Figure {
    pub id: &'static str,
    pub kind: &'static str,
    pub title: String,
    pub subtitle: String,
    pub alt: String,
    pub note: Option<String>,
    /// Which columns are drawn, and how.
    pub options: Value,
    pub finding: Finding,
}

#[derive(Debug)]
pub struct Section {
    pub id: &'static str,
    pub title: String,
    pub lead: String,
    pub figures: Vec<Figure>,
}

/// One number to remember.
#[derive(Debug, Serialize)]
pub struct Headline {
    pub label: String,
    pub value: String,
    pub detail: String,
    /// The figure it comes from.
    pub figure: &'static str,
}

/// The whole picture.
#[derive(Debug)]
pub struct Assessment {
    pub question: Question,
    pub summary: Vec<String>,
    pub headlines: Vec<Headline>,
    pub sections: Vec<Section>,
    pub caveats: Vec<String>,
    pub years: Vec<i32>,
}

/// Every finding the picture is made of.
struct Findings {
    accounts: Finding,
    world_value_added: f64,
    trend: Finding,
    loops_trend: Finding,
    sectors: Finding,
    loops: Finding,
    bilateral: Finding,
    exposure: Finding,
    concentration: Finding,
    partners: Finding,
    blocs: Finding,
    pairs: Finding,
    power: Finding,
    exports: Finding,
}

/// Answers the question; `done` is called with the name of each step as it ends.
pub fn assess(world: &World, question: &Question, done: &(dyn Fn(&str) + Sync)) -> Result<Assessment, Error> {
    let findings = Findings::gather(world, question, done)?;
    let words = Words::of(question, &findings)?;
    let headlines = words.headlines()?;
    let summary = words.summary()?;
    let years = world.years();
    let sections = sections(question, findings, &years)?;
    Ok(Assessment {
        question: question.clone(),
        summary,
        headlines,
        sections,
        caveats: caveats(world, question),
        years,
    })
}

impl Findings {
    fn gather(world: &World, question: &Question, done: &(dyn Fn(&str) + Sync)) -> Result<Self, Error> {
        let years = world.years();
        // A series has no break in its definition of value added; the year's own picture uses the best there is.
        let (trend, loops_trend) = trends(world, question, &years, done)?;
        let system = world.system(question.year)?;
        let partners = Bloc::partners_of(&question.home, world.classification());
        let known = question.blocs.iter().filter(|b| question.focus.as_ref().is_none_or(|f| f.code != b.code));
        let blocs: Vec<Bloc> = question.focus.iter().chain(known).cloned().collect();
        let ask = |method: &Method, partners: &[Bloc], given: &[(&str, &str)]| -> Result<Params, Error> {
            Ok(Params {
                home: question.home.clone(),
                partners: partners.to_vec(),
                year: question.year,
                value_added: question.value_added,
                options: Options::parse(method, given.iter().copied())?,
            })
        };
        let measured = |name: &str| -> Result<Finding, Error> {
            let measure = zili_exposure::measure(name)?;
            let finding = (measure.run)(world, &ask(measure.method, &partners, &[])?)?;
            done(name);
            Ok(finding)
        };
        let scanned = |over: &str, partners: &[Bloc]| -> Result<Finding, Error> {
            let model = zili_shock::model("scan")?;
            let finding = (model.run)(world, &[], &ask(model.method, partners, &[("over", over)])?)?;
            done(over);
            Ok(finding)
        };
        let mut findings = Findings {
            accounts: measured("accounts")?,
            world_value_added: system.value_added(question.value_added)?.iter().sum(),
            trend,
            loops_trend,
            sectors: measured("self-sufficiency")?,
            loops: measured("dual-circulation")?,
            bilateral: measured("bilateral")?,
            exposure: measured("foreign-exposure")?,
            concentration: measured("import-concentration")?,
            partners: scanned("partners", &partners)?,
            blocs: scanned("blocs", &blocs)?,
            pairs: scanned("pairs", &partners)?,
            power: measured("power")?,
            exports: measured("kww")?,
        };
        let sources: Vec<String> = world.manifest().sources.iter().map(|s| s.id.clone()).collect();
        findings.each_mut().into_iter().for_each(|f| f.evidence.sources = sources.clone());
        Ok(findings)
    }

    fn each_mut(&mut self) -> [&mut Finding; 13] {
        [
            &mut self.accounts,
            &mut self.trend,
            &mut self.loops_trend,
            &mut self.sectors,
            &mut self.loops,
            &mut self.bilateral,
            &mut self.exposure,
            &mut self.concentration,
            &mut self.partners,
            &mut self.blocs,
            &mut self.pairs,
            &mut self.power,
            &mut self.exports,
        ]
    }
}

/// Self-sufficiency of all sectors together and the five loops, every year; both from one factorisation a year.
fn trends(
    world: &World,
    question: &Question,
    years: &[i32],
    done: &(dyn Fn(&str) + Sync),
) -> Result<(Finding, Finding), Error> {
    let value_added = world.value_added_basis(years)?;
    let measures = [zili_exposure::measure("self-sufficiency")?, zili_exposure::measure("dual-circulation")?];
    let ask = |method: &Method| Params {
        home: question.home.clone(),
        partners: Vec::new(),
        year: question.year,
        value_added,
        options: Options::defaults(method),
    };
    let both = |_: &World, params: &Params| -> Result<Finding, zili_world::Error> {
        let mut first = (measures[0].run)(world, params)?;
        let c = first.column("sector")?;
        first.rows.retain(|row| row[c].text() == "*");
        let loops = (measures[1].run)(world, params)?;
        widen(&mut first, &loops)?;
        Ok(first)
    };
    let finding = series(world, &both, &ask(measures[0].method), years, done)?;
    let split = |names: &[&'static str], method: &Method| -> Result<Finding, Error> {
        let mut part = Finding::new(method, &ask(method));
        part.evidence.parameters = finding.evidence.parameters.clone();
        let chosen = names.iter().map(|name| finding.column(name)).collect::<Result<Vec<_>, _>>()?;
        part.columns = chosen.iter().map(|&c| finding.columns[c]).collect();
        part.rows = finding.rows.iter().map(|row| chosen.iter().map(|&c| row[c].clone()).collect()).collect();
        if value_added == ValueAdded::Residual && question.value_added == ValueAdded::Published {
            part.note(format!(
                "value added is output less intermediate inputs in every year of this series, because most years publish no value-added row; {} alone is therefore a little different from the year's own figure",
                question.year
            ));
        }
        Ok(part)
    };
    let loops: Vec<&str> = LOOPS.iter().map(|c| c.name).collect();
    let trend =
        split(&["year", "foreign_direct", "foreign_look_through", "direct", "look_through"], measures[0].method)?;
    let loops = split(&[&["year"], loops.as_slice()].concat(), measures[1].method)?;
    Ok((trend, loops))
}

/// The five loops as columns, for a series.
const LOOPS: [Column; 5] = [
    Column::share("internal", "Internal loop", "share of home's value added that never leaves"),
    Column::share("traditional_trade", "In final exports", "share that leaves in final products"),
    Column::share("simple_external", "In inputs, one border", "share that leaves in inputs used up by the importer"),
    Column::share("complex_external", "In inputs, more borders", "share that crosses more borders and ends abroad"),
    Column::share("returned", "Returned", "share that leaves in inputs and ends in home's own final use"),
];

fn widen(first: &mut Finding, loops: &Finding) -> Result<(), zili_world::Error> {
    let c = loops.column("share")?;
    first.columns.extend(LOOPS);
    let shares: Vec<Cell> = loops.rows.iter().map(|row| row[c].clone()).collect();
    first.rows.iter_mut().for_each(|row| row.extend(shares.iter().cloned()));
    Ok(())
}

fn series(
    world: &World,
    run: &(dyn Fn(&World, &Params) -> Result<Finding, zili_world::Error> + Sync),
    ask: &Params,
    years: &[i32],
    done: &(dyn Fn(&str) + Sync),
) -> Result<Finding, Error> {
    Ok(zili_exposure::over_years(world, years, &|| done("years"), &|year| {
        Ok(vec![run(world, &Params { year, ..ask.clone() })?])
    })?)
}

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
struct Words<'a> {
    question: &'a Question,
    findings: &'a Findings,
    all_sectors: Line<'a>,
    accounts: Line<'a>,
}

impl<'a> Words<'a> {
    fn of(question: &'a Question, findings: &'a Findings) -> Result<Self, Error> {
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

    fn headlines(&self) -> Result<Vec<Headline>, Error> {
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

    fn summary(&self) -> Result<Vec<String>, Error> {
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

fn sections(question: &Question, f: Findings, years: &[i32]) -> Result<Vec<Section>, Error> {
    let (name, year) = (&question.home.name, question.year);
    let span = format!("{}–{}", years.first().unwrap_or(&year), years.last().unwrap_or(&year));
    let stand = Section {
        id: "stand",
        title: "Where it stands".to_owned(),
        lead: format!("How much of what {name} uses it makes itself, and where the value it earns ends up."),
        figures: vec![
            Figure {
                id: "trend",
                kind: "line",
                title: format!("What {name} uses that is foreign"),
                subtitle: format!("Share of products used (face value) and of the value in final use (look-through), {span}"),
                alt: format!("Line chart of the foreign share in what {name} uses, at face value and look-through, {span}."),
                note: None,
                options: json!({"x": "year", "series": [
                    {"column": "foreign_look_through", "label": "Look-through"},
                    {"column": "foreign_direct", "label": "Face value"},
                ]}),
                finding: f.trend,
            },
            Figure {
                id: "sectors",
                kind: "dumbbell",
                title: "The same by product".to_owned(),
                subtitle: format!("Foreign share by sector of the product used, {year}: face value against look-through"),
                alt: format!("For each sector, the foreign share in what {name} uses at face value and look-through."),
                note: Some("Look-through is the foreign value in final use of the sector's products; face value counts imports in all use of them.".to_owned()),
                options: json!({"label": "sector_name", "code": "sector", "a": "foreign_direct", "b": "foreign_look_through",
                    "a_label": "Face value", "b_label": "Look-through", "limit": 20}),
                finding: without_rows(f.sectors, "sector", "*")?,
            },
            Figure {
                id: "loops",
                kind: "stack",
                title: "Two loops: where its value added ends".to_owned(),
                subtitle: format!("Value added of {name} by the way it takes to its final user, {year}"),
                alt: format!("One bar that divides the value added of {name} into internal loop, traditional trade, simple and complex external loops and what returns."),
                note: None,
                options: json!({"label": "part_name", "value": "value", "share": "share"}),
                finding: f.loops,
            },
            Figure {
                id: "loops-trend",
                kind: "line",
                title: "The external loops over time".to_owned(),
                subtitle: format!("Share of value added that leaves, by the way it leaves, {span}"),
                alt: format!("Line chart of the shares of the value added of {name} in final exports, in inputs across one border and across more, {span}."),
                note: None,
                options: json!({"x": "year", "series": [
                    {"column": "traditional_trade", "label": "In final exports"},
                    {"column": "simple_external", "label": "In inputs, one border"},
                    {"column": "complex_external", "label": "In inputs, more borders"},
                ]}),
                finding: f.loops_trend,
            },
        ],
    };
    let depend = Section {
        id: "depend",
        title: "On whom it depends".to_owned(),
        lead: "Openly, by what is bought from them, and hidden upstream, by what its suppliers' suppliers buy.".to_owned(),
        figures: vec![
            Figure {
                id: "exposure",
                kind: "heatmap",
                title: "Dependence by partner and sector, open and hidden".to_owned(),
                subtitle: format!("Share of all output needed by each sector of {name} that comes from the partner, {year}"),
                alt: format!("Heat map of the dependence of each sector of {name} on each partner, at face value and look-through; the difference is hidden upstream."),
                note: Some("Shares of gross output needed, with double counting intended; do not compare them with shares of value added.".to_owned()),
                options: json!({"row": "partner_name", "row_code": "partner", "column": "sector_name", "column_code": "sector",
                    "face": "face_value", "look": "look_through", "hidden": "hidden", "total_rows": true, "limit": 15}),
                finding: f.exposure,
            },
            Figure {
                id: "bilateral",
                kind: "bars",
                title: "Whose work it uses, and who uses its own".to_owned(),
                subtitle: format!("Value added in final use, both ways, {year}"),
                alt: format!("Ranked bars: the value added of each partner in the final use of {name}, and of {name} in each partner's."),
                note: None,
                options: json!({"label": "partner_name", "code": "partner", "value": "partner_value_at_home", "opposite": "home_value_there",
                    "value_label": format!("Partner's value added used in {name}"), "opposite_label": format!("{name}'s value added used there"), "limit": 20}),
                finding: without_rows(f.bilateral, "partner", &question.home.code)?,
            },
            Figure {
                id: "concentration",
                kind: "dots",
                title: "How concentrated its imports are".to_owned(),
                subtitle: format!("Herfindahl–Hirschman index of origins by sector, {year}; 1 is a single origin"),
                alt: format!("Ranked dots: concentration of the imports of {name} by sector, with a mark at 0.4."),
                note: Some("The rest of the world counts as one origin here, which overstates concentration; the table has the lower bound as well.".to_owned()),
                options: json!({"label": "sector_name", "code": "sector", "value": "hhi", "threshold": 0.4,
                    "threshold_label": "0.4, the EU's mark for single products", "limit": 35}),
                finding: without_rows(f.concentration, "sector", "*")?,
            },
        ],
    };
    let loss = Section {
        id: "loss",
        title: "What it loses when they stop supplying".to_owned(),
        lead: format!(
            "Value added that {name} loses in a year for want of what is denied, if nobody replaces it: figures for ranking threats, not forecasts."
        ),
        figures: vec![
            Figure {
                id: "partners",
                kind: "bars",
                title: format!("Who can hurt {name}, and what it costs them"),
                subtitle: format!("Each partner denies {name} everything: loss on either side, value added, {year}"),
                alt: format!(
                    "Butterfly chart: what {name} loses when each partner stops supplying, against what the partner loses in sales."
                ),
                note: Some("The rest of the world is a sum of economies, not somebody who decides.".to_owned()),
                options: json!({"label": "partner_name", "code": "partner", "value": "home_loss", "opposite": "denier_loss",
                    "value_label": format!("{name} loses"), "opposite_label": "The partner loses", "limit": 20}),
                finding: f.partners.clone(),
            },
            Figure {
                id: "blocs",
                kind: "bars",
                title: "Blocs, acting together".to_owned(),
                subtitle: format!("Every member denies {name} everything: value added lost, {year}"),
                alt: format!(
                    "Butterfly chart: what {name} loses when a whole bloc stops supplying, against what the bloc loses in sales."
                ),
                note: None,
                options: json!({"label": "partner_name", "code": "partner", "value": "home_loss", "opposite": "denier_loss",
                    "value_label": format!("{name} loses"), "opposite_label": "The bloc loses", "limit": 20}),
                finding: f.blocs,
            },
            Figure {
                id: "pairs",
                kind: "pairs",
                title: "The twenty most dangerous supplies".to_owned(),
                subtitle: format!("One sector denied by one partner: value added that {name} loses, {year}"),
                alt: format!("Ranked bars of the twenty pairs of partner and sector whose denial costs {name} most."),
                note: None,
                options: json!({"partner": "partner_name", "sector": "sector_name", "value": "home_loss", "share": "home_loss_share", "limit": 20}),
                finding: first_rows(f.pairs, 100),
            },
        ],
    };
    let power = Section {
        id: "power",
        title: format!("{name}'s power in return"),
        lead: format!("What the same partners would lose if {name} denied them, and whose alternatives are worse."),
        figures: vec![
            Figure {
                id: "return",
                kind: "dumbbell",
                title: "Who would be hurt more".to_owned(),
                subtitle: format!(
                    "Value added lost as a share of one's own: {name} if the partner denies, the partner if {name} denies, {year}"
                ),
                alt: format!(
                    "For each partner, the share of its value added {name} loses when the partner denies, and the share the partner loses when {name} denies."
                ),
                note: None,
                options: json!({"label": "partner_name", "code": "partner", "a": "home_loss_share", "b": "return_loss_share",
                    "a_label": format!("{name} loses, if denied"), "b_label": format!("Partner loses, if {name} denies"), "limit": 20}),
                finding: f.partners,
            },
            Figure {
                id: "power-over",
                kind: "dumbbell",
                title: "Power in the long run, with substitution".to_owned(),
                subtitle: format!("Loss of purchasing power without access to the other, log points, {year}"),
                alt: format!("For each partner, its power over {name} and the power of {name} over it."),
                note: None,
                options: json!({"label": "partner_name", "code": "partner", "a": "power_over_home", "b": "home_power",
                    "a_label": format!("Partner over {name}"), "b_label": format!("{name} over partner"), "limit": 20}),
                finding: f.power,
            },
            Figure {
                id: "exports",
                kind: "stack",
                title: "What its exports are made of".to_owned(),
                subtitle: format!("Gross exports of {name} in nine parts, {year}"),
                alt: format!(
                    "One bar that divides the gross exports of {name} into domestic, returned and foreign value added and double counting."
                ),
                note: None,
                options: json!({"label": "part_name", "value": "value", "share": "share", "group": "group"}),
                finding: f.exports,
            },
        ],
    };
    Ok(vec![stand, depend, loss, power])
}

fn without_rows(mut finding: Finding, column: &str, text: &str) -> Result<Finding, Error> {
    let c = finding.column(column)?;
    finding.rows.retain(|row| row[c].text() != text);
    Ok(finding)
}

fn first_rows(mut finding: Finding, count: usize) -> Finding {
    if finding.rows.len() > count {
        finding.note(format!(
            "the first {count} of {} pairs; all of them with `zili shock scan --over pairs`",
            finding.rows.len()
        ));
        finding.rows.truncate(count);
    }
    finding
}

fn caveats(world: &World, question: &Question) -> Vec<String> {
    let mut caveats = world.manifest().caveats.clone();
    caveats.push("Losses are static: fixed coefficients, no stocks, no prices. They assume that nobody replaces what is denied, which overstates a loss, and that an input counts only by its cost, which understates the loss of one that cannot be done without. Use them to rank threats, not to forecast.".to_owned());
    caveats.push(
        "Denied inputs (supply side) and lost sales (demand side) are two measures of one event; they are never added."
            .to_owned(),
    );
    caveats.push("Trade shows who ships, not who owns the technology or the plant.".to_owned());
    caveats.extend(question.blocs.iter().chain(&question.focus).chain([&question.home]).filter_map(Bloc::absence));
    caveats
}
