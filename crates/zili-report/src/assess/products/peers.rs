//! Research and technology of home over the years, beside the largest economies of the table.

use super::{Part, ask, origin, without_figures};
use crate::Error;
use crate::assess::words::{capital, in_text, listed};
use crate::assess::{Figure, Question};
use crate::format::percent;
use serde_json::json;
use zili_exposure::technology;
use zili_world::science::{self, Indicators};
use zili_world::{Bloc, Cell, Finding, Source, World};

/// How many others stand beside home.
const PEERS: usize = 5;

/// A line chart: its id, the column drawn, columns that go with it in the table, and its words.
struct Chart {
    id: &'static str,
    column: &'static str,
    beside: &'static [&'static str],
    title: &'static str,
    what: &'static str,
    note: Option<&'static str>,
}

const CHARTS: [Chart; 3] = [
    Chart {
        id: "rd-intensity",
        column: "rd_intensity",
        beside: &["rd_rank", "rd_ranked"],
        title: "What is spent on research",
        what: "Expenditure on research and development as a share of GDP",
        note: None,
    },
    Chart {
        id: "technology-dependence",
        column: "dependence",
        beside: &["payments", "receipts", "rd_musd"],
        title: "What is paid for foreign technology",
        what: "Payments abroad for intellectual property as a share of these and of own research and development",
        note: Some(
            "Payments pass where firms book them: tax havens stand high without using the technology. The share needs GDP in USD, and ends with the years that have it.",
        ),
    },
    Chart {
        id: "foreign-patents",
        column: "nonresident_share",
        beside: &["patents_resident", "patents_nonresident"],
        title: "Whose patents are applied for",
        what: "Share of the applications at the country's own office that are by non-residents",
        note: Some(
            "A small share can mean strength of one's own, or a market that others do not care for. Applications within a regional office are not counted at a country's own.",
        ),
    },
];

pub(super) fn part(world: &World, question: &Question) -> Result<Part, Error> {
    let set = world.indicators(science::BUNDLED_NAME)?;
    let peers = peers(world, question, set)?;
    let first = set.years().first().copied().unwrap_or_default().to_string();
    let mut all = match ask(world, question, &technology::METHOD, peers, &[("from", &first)])? {
        Ok((all, _)) => all,
        Err(why) => return Ok(without_figures(format!("Technology beside others is left out: {why}."))),
    };
    // The set is named by its title; the page's sources have ids.
    all.evidence.sources.iter_mut().filter(|id| **id == set.title).for_each(|id| *id = set.name.clone());
    let home = in_text(&question.home.name);
    let (mut words, mut figures, mut lacking) = (Vec::new(), Vec::new(), Vec::new());
    for chart in &CHARTS {
        let Some((drawn, last)) = drawn(&all, set, question, chart)? else {
            lacking.push(in_words(chart.column));
            continue;
        };
        if let Some((year, value)) = last {
            words.push(match chart.column {
                "rd_intensity" => {
                    format!("in {year} {home} spent {} of its GDP on research and development", percent(value))
                }
                "dependence" => format!(
                    "in {year} payments abroad for technology were {} of these and its own research together",
                    percent(value)
                ),
                _ => format!("in {year} {} of the patent applications at its office came from abroad", percent(value)),
            });
        }
        figures.push(figure(question, chart, drawn)?);
    }
    let mut said = Vec::new();
    if !words.is_empty() {
        said.push(format!("{}.", capital(&words.join("; "))));
    }
    if !lacking.is_empty() {
        let charts = capital(&format!("no chart of {}", either(&lacking)));
        said.push(match question.home.is_single() {
            true => format!("{charts}: there are no figures of {home} for it."),
            false => format!("{charts}: {home} is a bloc, for which there is no such share."),
        });
    }
    let origins = if figures.is_empty() { Vec::new() } else { vec![origin(&source(set))] };
    Ok(Part { words: said, figures, origins })
}

fn in_words(column: &str) -> &'static str {
    match column {
        "rd_intensity" => "research and development",
        "dependence" => "technology dependence",
        _ => "foreign patents",
    }
}

/// "a, b or c".
fn either(parts: &[&str]) -> String {
    let text = listed(parts);
    text.rsplit_once(" and ").map_or(text.clone(), |_| {
        let (last, rest) = (parts[parts.len() - 1], &parts[..parts.len() - 1]);
        format!("{} or {last}", rest.join(", "))
    })
}

/// The economies of the table that add most value, without home and the rest of the world, as far as the set has figures of them.
fn peers(world: &World, question: &Question, set: &Indicators) -> Result<Vec<Bloc>, Error> {
    let labels = world.classification();
    let value_added = world.value_added_by_region(question.year)?;
    let mut order: Vec<usize> = (0..labels.regions().len()).collect();
    order.sort_by(|a, b| value_added[*b].total_cmp(&value_added[*a]).then(a.cmp(b)));
    let fits = |r: &usize| {
        let code = &labels.regions()[*r].code;
        code.as_str() != "ROW" && !question.home.holds(code, labels) && set.countries().binary_search(code).is_ok()
    };
    Ok(order.into_iter().filter(fits).take(PEERS).map(|r| Bloc::of_region(labels, r)).collect())
}

/// A chart's table, and home's last year with a figure.
type Drawn = (Finding, Option<(i64, f64)>);

/// The columns of one chart in the years in which anybody has a figure, and home's last figure; none where home has no figure.
fn drawn(all: &Finding, set: &Indicators, question: &Question, chart: &Chart) -> Result<Option<Drawn>, Error> {
    let names: Vec<&str> =
        ["year", "region", "region_name", chart.column].into_iter().chain(chart.beside.iter().copied()).collect();
    let kept = names.iter().map(|name| all.column(name)).collect::<Result<Vec<_>, _>>()?;
    let (year, region, value) = (kept[0], kept[1], kept[3]);
    let known = |row: &&Vec<Cell>| row[value].number().is_some();
    let own = all.rows.iter().filter(|row| row[region].text() == question.home.code);
    let own: Vec<&Vec<Cell>> = own.filter(known).collect();
    // A line needs two points.
    if own.len() < 2 {
        return Ok(None);
    }
    let years = || all.rows.iter().filter(known).filter_map(|row| row[year].number());
    let (first, last) = (years().fold(f64::INFINITY, f64::min), years().fold(f64::NEG_INFINITY, f64::max));
    let within = |row: &&Vec<Cell>| row[year].number().is_some_and(|year| (first..=last).contains(&year));
    let mut finding = Finding {
        columns: kept.iter().map(|c| all.columns[*c]).collect(),
        rows: all.rows.iter().filter(within).map(|row| kept.iter().map(|c| row[*c].clone()).collect()).collect(),
        evidence: all.evidence.clone(),
    };
    // Only the share of what is paid needs the table, for its GDP.
    if chart.column != "dependence" {
        finding.evidence.sources.retain(|id| *id == set.name);
        finding.evidence.inputs.retain(|input| *input == set.file);
    }
    finding.parameter("years", format!("{first}..{last}"));
    let latest = own.last().and_then(|row| Some((row[year].number()? as i64, row[value].number()?)));
    Ok(Some((finding, latest)))
}

fn figure(question: &Question, chart: &Chart, finding: Finding) -> Result<Figure, Error> {
    let (code, name, value) =
        (finding.column("region")?, finding.column("region_name")?, finding.column(chart.column)?);
    let mut regions: Vec<(&str, &str)> = Vec::new();
    for row in &finding.rows {
        if !regions.iter().any(|(known, _)| *known == row[code].text()) {
            regions.push((row[code].text(), row[name].text()));
        }
    }
    let has = |code_: &str| finding.rows.iter().any(|row| row[code].text() == code_ && row[value].number().is_some());
    let without: Vec<String> = regions.iter().filter(|(code, _)| !has(code)).map(|(_, name)| in_text(name)).collect();
    let mut note = chart.note.map(str::to_owned).unwrap_or_default();
    note = format!("{note} Years without a figure are gaps.").trim_start().to_owned();
    if !without.is_empty() {
        note += &format!(" No figures of {}.", listed(&without));
    }
    let labels: Vec<&str> = regions.iter().map(|(_, name)| *name).collect();
    Ok(Figure {
        id: chart.id.to_owned(),
        kind: "line",
        title: chart.title.to_owned(),
        subtitle: format!(
            "{}: {} and the largest economies of the table beside it",
            chart.what,
            in_text(&question.home.name)
        ),
        alt: format!("Line chart over the years, a line for each economy: {}.", chart.what.to_lowercase()),
        note: Some(note),
        options: json!({"x": "year", "y": chart.column, "compare": {"column": "region_name", "labels": labels}}),
        finding,
    })
}

/// Where the set is from. What ships with zili is known; of another the title says it.
fn source(set: &Indicators) -> Source {
    let bundled = science::bundled().is_ok_and(|bundled| bundled.file == set.file);
    let text = |known: &str| if bundled { known.to_owned() } else { String::new() };
    Source {
        id: set.name.clone(),
        title: if bundled {
            "World Development Indicators, science and technology; expenditure on R&D".to_owned()
        } else {
            set.title.clone()
        },
        publisher: text("World Bank; UNESCO Institute for Statistics"),
        edition: text("2021-09-15; 1996–2016"),
        licence: if bundled { "CC BY 4.0; PDDL".to_owned() } else { "that of the file that was imported".to_owned() },
        citation: text("World Bank (2021), World Development Indicators, topic Science & Technology"),
        changes: text("countries only, from 1996 on, the indicators that a method uses"),
    }
}
