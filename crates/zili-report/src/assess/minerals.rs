//! The chapter on minerals: which ones one country abroad makes most of, and a map of who makes each.

use super::words::{counted, in_text, listed};
use super::{Figure, Headline, Origin, Question, Section, places};
use crate::Error;
use crate::format::percent;
use serde_json::{Map, Value, json};
use zili_world::method::column;
use zili_world::minerals::{self, Flag, Producer, Production};
use zili_world::{Cell, Column, Finding, Options, Params, Source, Watch, World, row};

/// The chapter, and what it adds to the first screen.
pub(super) struct Chapter {
    pub section: Section,
    pub headline: Option<Headline>,
    pub sentence: Option<String>,
    pub origins: Vec<Origin>,
    pub caveat: String,
}

pub(super) fn chapter(world: &World, question: &Question, watch: &dyn Watch) -> Result<Chapter, Error> {
    let method = &zili_exposure::minerals::METHOD;
    let params = Params {
        home: question.home.clone(),
        partners: Vec::new(),
        year: question.year,
        value_added: question.value_added,
        options: Options::defaults(method),
    };
    let mut ranked = zili_exposure::minerals::run(world, &params)?;
    let edition = ranked.evidence.parameters.iter().find(|(name, _)| name == "edition");
    let edition = edition.map(|(_, value)| value.clone()).unwrap_or_default();
    let mut producers = producers(world, &ranked, &edition)?;
    let year = latest(&producers)?;
    ranked.parameter("years", year.clone());
    producers.parameter("years", year.clone());
    producers.evidence.sources = vec![format!("usgs-mcs-{edition}"), "natural-earth".to_owned()];
    watch.next()?;
    let told = Told::of(world, &ranked)?;
    let home = in_text(&question.home.name);
    let names = names(world, &ranked)?;
    let figures = vec![
        Figure {
            id: "minerals".to_owned(),
            kind: "minerals",
            title: format!("Who makes most of each mineral, outside {home}"),
            subtitle: format!("Share of the world's production of the largest producer abroad, and of {home}, {year}"),
            alt: format!("Ranked bars: the share of the largest producer of each mineral outside {home}, and {home}'s own."),
            note: Some("Production is where a mineral is mined or refined, not from where home buys it; stages of one mineral are ranked apart.".to_owned()),
            options: json!({"label": "mineral_name", "stage": "stage", "who": "top_foreign", "value": "top_foreign_share",
                "low": "home_low", "high": "home_high", "home": question.home.name, "names": names.to_string(), "limit": 20}),
            finding: ranked,
        },
        Figure {
            id: "minerals-map".to_owned(),
            kind: "map",
            title: "Where each mineral comes from".to_owned(),
            subtitle: format!("Share of the world's production by country, {year}"),
            alt: "World map of the producers of one mineral, coloured by their share; the list below it says the same.".to_owned(),
            note: Some("Borders as in the source, Natural Earth; no opinion on any of them is meant.".to_owned()),
            options: json!({"places": sheet(), "home": question.home.name,
                "members": question.home.members.iter().chain(&question.home.absent).map(|m| m.as_str()).collect::<Vec<_>>().join(" ")}),
            finding: producers,
        },
    ];
    let section = Section {
        id: "raw-materials".to_owned(),
        title: "Minerals".to_owned(),
        lead: told.lead(&home, &year),
        figures,
    };
    Ok(Chapter {
        section,
        headline: told.headline(),
        sentence: told.sentence(),
        origins: origins(&edition),
        caveat: format!(
            "Production of minerals is of {year}, not of the table's year, and partly the publisher's estimates; producers whose figures are withheld have no share, not a share of zero."
        ),
    })
}

/// The map's countries, a line each.
fn sheet() -> String {
    places::all().iter().map(|place| format!("{}\t{}\t{}\n", place.code, place.name, place.shape)).collect()
}

/// Names of the countries that the ranking names.
fn names(world: &World, ranked: &Finding) -> Result<Value, Error> {
    let who = ranked.column("top_foreign")?;
    let codes = ranked.rows.iter().map(|row| row[who].text()).filter(|code| !code.is_empty());
    Ok(Value::Object(codes.map(|code| (code.to_owned(), json!(places::name(world, code)))).collect::<Map<_, _>>()))
}

/// Every producer of every mineral that has a total, the minerals in the order of the ranking.
fn producers(world: &World, ranked: &Finding, edition: &str) -> Result<Finding, Error> {
    let columns = vec![
        Column::text("mineral", "Mineral", "short name of the mineral"),
        Column::text("mineral_name", "Mineral", "its name"),
        Column::text("stage", "Stage", "mine, refinery, smelter, primary, plant, or all"),
        Column { description: "year of the production", ..column::YEAR },
        Column::text("producer", "Code", "the producer; OTH for those that the publisher does not tell apart"),
        Column::text("producer_name", "Producer", "its name"),
        Column::number("tonnes", "Production", "tonnes", "what it made; missing if it is not known"),
        Column::share(
            "share",
            "Share",
            "share of the world's production; missing if its own figure is, or the world's leaves it out",
        ),
        Column::text("flag", "Figure", "reported or estimated; or why there is none"),
    ];
    let (mineral, stage, year, total) =
        (ranked.column("mineral")?, ranked.column("stage")?, ranked.column("year")?, ranked.column("world")?);
    let all = &minerals::bundled()?.production.rows;
    let mut rows = Vec::new();
    for line in &ranked.rows {
        let Some(tonnes) = line[total].number() else { continue };
        let of_line = |p: &&Production| {
            p.edition.to_string() == edition
                && p.mineral == line[mineral].text()
                && p.stage == line[stage].text()
                && line[year].number() == Some(f64::from(p.year))
        };
        let series: Vec<&Production> = all.iter().filter(of_line).collect();
        let excluded = series.iter().find(|p| p.producer == Producer::World).map_or(&[][..], |p| &p.excludes);
        let mut own: Vec<&Production> = series.iter().copied().filter(|p| p.producer != Producer::World).collect();
        own.sort_by(|a, b| b.tonnes.unwrap_or(-1.0).total_cmp(&a.tonnes.unwrap_or(-1.0)));
        for p in own {
            let (code, name, counts) = match &p.producer {
                Producer::Country(code) => {
                    (code.as_str(), places::name(world, code.as_str()), !excluded.contains(code))
                }
                _ => ("OTH", "Others, not told apart".to_owned(), true),
            };
            let mut cells = row![&p.mineral, &p.name, &p.stage, p.year, code, name];
            cells.push(p.tonnes.map_or(Cell::Missing, Cell::from));
            cells.push(p.tonnes.filter(|_| counts).map_or(Cell::Missing, |own| Cell::from(own / tonnes)));
            cells.push(Cell::from(if counts { reason(p.flag) } else { "left out of the world's figure" }));
            rows.push(cells);
        }
    }
    Ok(Finding { columns, rows, evidence: ranked.evidence.clone() })
}

fn reason(flag: Flag) -> &'static str {
    match flag {
        Flag::Reported => "reported",
        Flag::Estimated => "estimated",
        Flag::Withheld => "withheld",
        Flag::Unknown => "not known",
        Flag::Below => "below a bound",
        Flag::Elsewhere => "counted with another mineral",
    }
}

/// The years of the production.
fn latest(producers: &Finding) -> Result<String, Error> {
    let year = producers.column("year")?;
    let years = || producers.rows.iter().filter_map(|row| row[year].number()).map(|year| year as i64);
    Ok(match (years().min(), years().max()) {
        (Some(first), Some(last)) if first < last => format!("{first}–{last}"),
        (_, last) => last.unwrap_or(0).to_string(),
    })
}

fn origins(edition: &str) -> Vec<Origin> {
    let origin = |id: &str, title: &str, publisher: &str, edition: &str, licence: &str, citation: &str| Origin {
        source: Source {
            id: id.to_owned(),
            title: title.to_owned(),
            publisher: publisher.to_owned(),
            edition: edition.to_owned(),
            licence: licence.to_owned(),
            citation: citation.to_owned(),
            changes: String::new(),
        },
        file: None,
        sha256: String::new(),
        references: Vec::new(),
    };
    vec![
        origin(
            &format!("usgs-mcs-{edition}"),
            "Mineral Commodity Summaries",
            "U.S. Geological Survey",
            edition,
            "US government work, public domain",
            "",
        ),
        origin(
            "eu-crm-2023",
            "Study on the critical raw materials for the EU 2023, final report",
            "European Commission",
            "2023",
            "CC BY 4.0",
            "Grohol & Veeh (2023), doi 10.2873/725585",
        ),
        origin(
            "usgs-mcs-2024-table-5",
            "Mineral Commodity Summaries, table 5: critical minerals of the United States",
            "U.S. Geological Survey",
            "2024",
            "US government work, public domain",
            "",
        ),
        origin(
            "natural-earth",
            "Natural Earth, 1:110m countries",
            "Natural Earth",
            "world-atlas 2.0.2",
            "public domain",
            "",
        ),
    ]
}

/// What the ranking says, counted.
struct Told {
    /// Minerals and stages with a share.
    ranked: usize,
    /// Of these, those of which one country abroad makes more than half.
    one_sided: usize,
    /// The first: mineral, country, share.
    first: Option<(String, String, f64)>,
    /// Those of which home makes more than half, the largest share first.
    own: Vec<String>,
}

/// Names of home's own that are said.
const NAMED: usize = 5;

impl Told {
    fn of(world: &World, ranked: &Finding) -> Result<Self, Error> {
        let at = |name: &str| ranked.column(name);
        let (name, stage) = (at("mineral_name")?, at("stage")?);
        let (who, share, home) = (at("top_foreign")?, at("top_foreign_share")?, at("home_low")?);
        let named = |row: &Vec<Cell>| format!("{} ({})", row[name].text().to_lowercase(), row[stage].text());
        let known = || ranked.rows.iter().filter_map(|row| Some((row, row[share].number()?)));
        let first = known().next();
        let first = first.map(|(row, share)| (named(row), in_text(&places::name(world, row[who].text())), share));
        let over_half = |row: &&Vec<Cell>| row[home].number().is_some_and(|share| share > 0.5);
        let mut own: Vec<&Vec<Cell>> = ranked.rows.iter().filter(over_half).collect();
        own.sort_by(|a, b| b[home].number().unwrap_or(0.0).total_cmp(&a[home].number().unwrap_or(0.0)));
        let one_sided = known().filter(|(_, share)| *share > 0.5).count();
        Ok(Self { ranked: known().count(), one_sided, first, own: own.into_iter().map(named).collect() })
    }

    fn lead(&self, home: &str, year: &str) -> String {
        let Some((mineral, country, share)) = &self.first else {
            return "No mineral has a published world total.".to_owned();
        };
        let own = match self.own.as_slice() {
            [] => format!("{home} makes more than half of none."),
            all if all.len() <= NAMED => format!("{home} makes more than half of {}: {}.", all.len(), listed(all)),
            all => format!("{home} makes more than half of {}, above all of {}.", all.len(), listed(&all[..NAMED])),
        };
        format!(
            "Of {} whose production in all the world is published ({year}; mines and refineries apart), one country outside {home} makes more than half of {}; the most one-sided is {mineral}, {} from {country}. {}",
            counted(self.ranked, "mineral"),
            self.one_sided,
            percent(*share),
            super::words::capital(&own)
        )
    }

    fn headline(&self) -> Option<Headline> {
        let (mineral, country, share) = self.first.as_ref()?;
        Some(Headline {
            label: "Minerals from one country".to_owned(),
            value: format!("{} of {}", self.one_sided, self.ranked),
            detail: format!("more than half from one country abroad; first {mineral}: {country} {}", percent(*share)),
            figure: "minerals".to_owned(),
            told: true,
        })
    }

    fn sentence(&self) -> Option<String> {
        let (mineral, country, share) = self.first.as_ref()?;
        Some(format!(
            "{} of {} minerals come by more than half from one country abroad; the most one-sided is {mineral}, {} from {country}.",
            self.one_sided,
            self.ranked,
            percent(*share)
        ))
    }
}
