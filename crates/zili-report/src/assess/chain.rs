//! The chapter of a technology chain: its graph, who supplies what, who can stop it, and whom home can stop.

pub(super) mod graph;
mod words;

#[cfg(test)]
mod tests;

use super::course::windows;
use super::layered::lay_out;
use super::words::{counted, in_text, in_title};
use super::{Figure, Headline, Origin, Question, Section, places};
use crate::Error;
use crate::format::{days, percent};
use serde_json::{Map, Value, json};
use words::Told;
use zili_exposure::chains::{chokepoints, inputs, mutual};
use zili_scenario::Scenario;
use zili_world::chain::{Chain, Share, Shares, Supply};
use zili_world::method::column;
use zili_world::{Cell, Column, Finding, Method, Options, Params, Source, Watch, World, row};

/// The chapter, and what it adds to the first screen.
pub(super) struct Chapter {
    pub section: Section,
    pub headline: Option<Headline>,
    pub sentence: Option<String>,
    pub origin: Origin,
    /// What is left of the product under the first scenario.
    pub left: Option<Left>,
}

/// What home can still make of a product, at least, when it is worst.
pub(super) struct Left {
    pub share: f64,
    /// The grade, or the product where there are none.
    of: String,
    day: f64,
    scenario: String,
    figure: String,
}

impl Left {
    fn of(chain: &Chain, scenario: &Scenario, figure: &Figure) -> Result<Option<Self>, Error> {
        let at = |name: &str| figure.finding.column(name);
        let (grade, day, low) = (at("grade")?, at("day")?, at("capacity_low")?);
        let known = figure.finding.rows.iter().filter_map(|row| Some((row, row[low].number()?, row[day].number()?)));
        let product = in_title(&chain.inputs[chain.product].name);
        Ok(known.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(row, share, day)| Self {
            share,
            of: if chain.grades.len() > 1 { format!("{product}, {}", row[grade].text()) } else { product },
            day,
            scenario: scenario.name.clone(),
            figure: figure.id.clone(),
        }))
    }

    pub fn headline(self) -> Headline {
        let (share, of, day, scenario) = (percent(self.share), self.of, days(self.day), self.scenario);
        Headline {
            label: "Still made if it happens".to_owned(),
            value: share,
            detail: format!("of the {of}, at least, on day {day}: {scenario}"),
            figure: self.figure,
            told: false,
        }
    }
}

/// Every chain that can be named, each once: a user's hides the one of the same name that ships with zili.
pub(super) fn chains(world: &World) -> Vec<&Chain> {
    let mut chains: Vec<&Chain> = Vec::new();
    for chain in world.chains() {
        if !chains.iter().any(|known| known.name == chain.name) {
            chains.push(chain);
        }
    }
    chains
}

/// A chain's name as part of an id and of a file's name. Names that would look the same are told apart by their place.
pub(super) fn slug(chains: &[&Chain], k: usize) -> String {
    let plain = |chain: &Chain| -> String {
        let letters = chain.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        format!("chain-{}", letters.collect::<String>())
    };
    let own = plain(chains[k]);
    let same = chains.iter().filter(|chain| plain(chain) == own).count();
    if same > 1 { format!("{own}-{}", k + 1) } else { own }
}

/// The chapter of one chain; `id` begins the ids of its figures.
pub(super) fn chapter(
    world: &World,
    question: &Question,
    chain: &Chain,
    id: &str,
    watch: &dyn Watch,
) -> Result<Chapter, Error> {
    let ask = |method: &Method, options: &[(&str, &str)]| -> Result<Finding, Error> {
        let measure = zili_exposure::measure(method.name)?;
        let given = [("chain", chain.name.as_str())].into_iter().chain(options.iter().copied());
        let params = Params {
            home: question.home.clone(),
            partners: Vec::new(),
            year: question.year,
            value_added: question.value_added,
            options: Options::parse(measure.method, given)?,
        };
        let mut finding = (measure.run)(world, &params)?;
        if let Some(years) = years(chain) {
            finding.parameter("years", years);
        }
        watch.next()?;
        Ok(finding)
    };
    let inputs = widened(ask(&inputs::METHOD, &[])?, world, question, chain)?;
    let mutual = ask(&mutual::METHOD, &[])?;
    let points = points(&ask)?;
    let told = Told::of(world, chain, &inputs, points.as_ref(), &mutual)?;
    let names = names(world, chain);
    let supplies = supplies(world, chain, &inputs);
    let figures = vec![
        drawn(world, question, chain, id, &told, inputs)?,
        Figure {
            id: format!("{id}-suppliers"),
            kind: "list",
            title: "Who supplies what, and who says so".to_owned(),
            subtitle: format!(
                "{} of {}, each with its own source and year",
                counted(chain.supplies.len(), "supplier"),
                counted(told.supplied, "input")
            ),
            alt: "Table of suppliers.".to_owned(),
            note: Some(
                "An empty share is a supplier whose share is not known: it is neither zero nor an equal part."
                    .to_owned(),
            ),
            options: json!({}),
            finding: supplies,
        },
        Figure {
            id: format!("{id}-mutual"),
            kind: "reach",
            title: "What each can take away alone, and what home can".to_owned(),
            subtitle: format!(
                "Inputs that a partner alone takes away from {0}, and inputs that {0} alone takes away from everybody else",
                in_text(&question.home.name)
            ),
            alt: format!(
                "Ranked bars: the number of inputs that each partner takes away from {}, for certain and perhaps.",
                question.home.name
            ),
            note: Some("An input taken away need not stop the product: another variant may stand in.".to_owned()),
            options: json!({"partner": "partner", "takes": "takes", "perhaps": "perhaps", "stops": "stops", "inputs": "inputs",
                "given": "given", "given_perhaps": "given_perhaps", "stopped": "stopped", "given_inputs": "given_inputs",
                "home": question.home.name, "names": names.to_string(), "limit": 20}),
            finding: mutual,
        },
    ];
    let mut figures = figures;
    let courses = courses(world, question, chain, id)?;
    // Scenarios that deny home nothing of the chain have no figure.
    let first = question.scenarios.first().zip(courses.iter().find(|figure| figure.id == course_id(id, 0)));
    let left = first.map(|(scenario, figure)| Left::of(chain, scenario, figure)).transpose()?.flatten();
    figures.extend(courses);
    figures.splice(1..1, points.map(|points| coalitions(question, chain, id, &names, points)));
    figures.retain(|figure| !figure.finding.rows.is_empty());
    let section = Section {
        id: id.to_owned(),
        title: format!("Technology chain: {}", chain.title),
        lead: told.lead(question, chain),
        figures,
    };
    let sentence = told.sentence(chain);
    let headline = told.headline(chain, id).map(|headline| Headline { told: sentence.is_some(), ..headline });
    Ok(Chapter { section, headline, sentence, origin: origin(chain, id), left })
}

/// The smallest coalitions that can stop the product, for each grade.
fn coalitions(question: &Question, chain: &Chain, id: &str, names: &Value, finding: Finding) -> Figure {
    Figure {
            id: format!("{id}-coalitions"),
            kind: "coalitions",
            title: format!("Who can stop it for {}", in_text(&question.home.name)),
            subtitle: "The smallest coalitions of regions without whose supply the product cannot be made, none of them dispensable".to_owned(),
            alt: format!(
                "For each smallest coalition, the grades of {} that it can stop, for certain or perhaps.",
                chain.title
            ),
            note: Some("Certain: whatever the unknown shares are. Possible: for some of what they may be.".to_owned()),
            options: json!({"grade": "grade", "coalition": "coalition", "sure": "sure", "inputs": "inputs", "names": names.to_string(), "limit": 20}),
            finding,
        }
}

fn course_id(id: &str, scenario: usize) -> String {
    format!("{id}-course-{}", scenario + 1)
}

/// What home can still make under each scenario that denies it something of the chain.
fn courses(world: &World, question: &Question, chain: &Chain, id: &str) -> Result<Vec<Figure>, Error> {
    let method = &zili_shock::chain::METHOD;
    let mut figures = Vec::new();
    for (k, scenario) in question.scenarios.iter().enumerate() {
        let given = scenario.settings.iter().filter(|(name, _)| name.as_str() == method.name);
        let given = given.flat_map(|(_, words)| words).map(|(name, value)| (name.as_str(), value.as_str()));
        let words = given.filter(|(name, _)| *name != "chain").chain([("chain", chain.name.as_str())]);
        let params = Params {
            home: scenario.home.clone(),
            partners: Vec::new(),
            year: scenario.year,
            value_added: question.value_added,
            options: Options::parse(method, words)?,
        };
        let mut finding = match zili_shock::chain::run(world, scenario, &params) {
            Ok(finding) => finding,
            Err(zili_shock::Error::Nothing(_)) => continue,
            Err(refusal) => return Err(refusal.into()),
        };
        if let Some(years) = years(chain) {
            finding.parameter("years", years);
        }
        figures.push(Figure {
            id: course_id(id, k),
            kind: "paths",
            title: format!("If it happens: {}", scenario.name),
            subtitle: format!("What {} can still make of the product, as a share of before, by grade", in_text(&scenario.home.name)),
            alt: "Line charts of the capacity that is left, at least and at most.".to_owned(),
            note: Some("Stocks, lives of tools and what other suppliers add are assumptions: vary them before believing a figure.".to_owned()),
            options: json!({"x": "day", "x_label": "Days", "facet": "grade", "y": "capacity_low", "y_label": "At least",
                "y2": "capacity_high", "y2_label": "At most", "baseline": 1, "limit": 12, "windows": windows(scenario)}),
            finding,
        });
    }
    Ok(figures)
}

/// A measure by name, with options, asked of the chain.
type Ask<'a> = dyn Fn(&Method, &[(&str, &str)]) -> Result<Finding, Error> + 'a;

/// Coalitions of up to three; a tangled chain has too many of them: then those of two, or of one, or none.
fn points(ask: &Ask) -> Result<Option<Finding>, Error> {
    for order in ["3", "2", "1"] {
        match ask(&chokepoints::METHOD, &[("order", order)]) {
            Err(Error::Engine(zili_engine::Error::World(zili_world::Error::Unanswerable(_)))) => (),
            answer => return answer.map(Some),
        }
    }
    Ok(None)
}

/// First and last year of the shares.
fn years(chain: &Chain) -> Option<String> {
    let years = || chain.supplies.iter().filter_map(|supply| supply.year);
    let (first, last) = (years().min()?, years().max()?);
    Some(if first == last { first.to_string() } else { format!("{first}..{last}") })
}

/// Names of regions and inputs by code and id, for the page.
fn names(world: &World, chain: &Chain) -> Value {
    let regions = chain.supplies.iter().filter_map(|supply| supply.region.as_ref());
    let regions = regions.map(|code| (code.to_string(), json!(places::name(world, code.as_str()))));
    let inputs = chain.inputs.iter().map(|input| (input.id.clone(), json!(input.name)));
    Value::Object(inputs.chain(regions).collect::<Map<String, Value>>())
}

/// Where the chain's figures are from.
fn origin(chain: &Chain, id: &str) -> Origin {
    let reference = |source: &zili_world::chain::Reference| {
        let year = source.year.map(|year| format!(", {year}")).unwrap_or_default();
        let url = if source.url.is_empty() { String::new() } else { format!(", {}", source.url) };
        format!("{}: {}, {}{year}{url}", source.id, source.title, source.publisher)
    };
    Origin {
        source: Source {
            id: id.to_owned(),
            title: format!("Technology chain: {}", chain.title),
            publisher: format!("{} cited in it", counted(chain.sources.len(), "source")),
            edition: String::new(),
            licence: chain.licence.clone(),
            citation: chain.description.clone(),
            changes: String::new(),
        },
        file: Some(format!("chains/{}.toml", chain.name)),
        sha256: chain.sha256.clone(),
        references: chain.sources.iter().map(reference).collect(),
    }
}

/// What the drawing needs besides the measure's own columns.
const STAGE: Column = Column::text("stage", "Stage", "stage that it belongs to");
const UNKNOWN: Column =
    Column::share("not_attributed", "Holder not known", "share of its supply that no region is known to hold");
const FIRM: Column = Column::text("firm", "One firm", "a firm abroad that alone takes it away from home for certain");

fn widened(mut finding: Finding, world: &World, question: &Question, chain: &Chain) -> Result<Finding, Error> {
    let needed = finding.evidence.parameters.iter().find(|(name, _)| name == "needed");
    let needed: f64 = needed.and_then(|(_, value)| value.parse().ok()).unwrap_or(0.0);
    let id = finding.column("input")?;
    finding.columns.extend([STAGE, UNKNOWN, FIRM]);
    for row in &mut finding.rows {
        let i = chain.input(row[id].text());
        let stage = i.and_then(|i| chain.inputs[i].stage).map_or("", |stage| chain.inputs[stage].name.as_str());
        row.push(Cell::from(stage));
        let shares = i.and_then(|i| Shares::of(chain, i));
        let held = shares.map(|shares| shares.regions.iter().map(|(_, holding)| holding.low).sum::<f64>());
        row.push(held.map_or(Cell::Missing, |held| Cell::from((1.0 - held).max(0.0))));
        let firm = i.and_then(|i| sole_firm(world, question, chain, i, needed));
        row.push(Cell::from(firm.unwrap_or_default()));
    }
    Ok(finding)
}

/// A firm abroad that leaves less than is needed to all others together.
fn sole_firm<'a>(world: &World, question: &Question, chain: &'a Chain, input: usize, needed: f64) -> Option<&'a str> {
    let abroad = |supply: &&Supply| {
        supply.region.as_ref().is_some_and(|code| !question.home.holds(code, world.classification()))
    };
    let firms = || chain.supplies_of(input).filter(abroad).filter(|supply| supply.firm.is_some());
    let held = |name: &str| firms().filter(|s| s.is_firm(name)).map(|s| s.share.bounds().0).sum::<f64>();
    firms().filter_map(|supply| supply.firm.as_deref()).find(|name| {
        let left = 1.0 - held(name);
        // Shares are written in decimals: rounding is no shortage.
        left < needed - 1e-9 || left <= 1e-9
    })
}

/// Every supplier with its share and who says so, in the order of the inputs.
fn supplies(world: &World, chain: &Chain, inputs: &Finding) -> Finding {
    let columns = vec![
        Column::text("input", "Input", "id of the input"),
        Column::text("input_name", "Input", "its name"),
        Column::text("region", "Region", "region of the supplier; empty if it is not known"),
        Column::text("region_name", "Region", "its name"),
        Column::text("firm", "Firm", "the firm; empty where all of a region is meant"),
        Column::share(
            "share_low",
            "Share at least",
            "share of the input's supply at least; missing if it is not known",
        ),
        Column::share("share_high", "at most", "the same at most"),
        Column { description: "year of the share", ..column::YEAR },
        Column::text("source", "Source", "title of the source"),
        Column::text("publisher", "Publisher", "who published it, and when"),
        Column::text("note", "Note", "what the share is of, and doubts"),
    ];
    let line = |supply: &Supply| {
        let (input, source) = (&chain.inputs[supply.input], &chain.sources[supply.source]);
        let code = supply.region.as_ref().map_or("", |code| code.as_str());
        let name = if code.is_empty() { String::new() } else { places::name(world, code) };
        let (low, high) = match supply.share {
            Share::Unknown => (Cell::Missing, Cell::Missing),
            known => (Cell::from(known.bounds().0), Cell::from(known.bounds().1)),
        };
        let mut cells = row![&input.id, &input.name, code, name, supply.firm.as_deref().unwrap_or_default()];
        cells.extend([low, high, supply.year.map_or(Cell::Missing, Cell::from)]);
        let published = source.year.map_or(source.publisher.clone(), |year| format!("{}, {year}", source.publisher));
        cells.extend(row![&source.title, published, &supply.note]);
        cells
    };
    let rows = (0..chain.inputs.len()).flat_map(|i| chain.supplies_of(i)).map(line).collect();
    Finding { columns, rows, evidence: inputs.evidence.clone() }
}

/// The graph, with all that its drawing needs.
fn drawn(
    world: &World,
    question: &Question,
    chain: &Chain,
    id: &str,
    told: &Told,
    finding: Finding,
) -> Result<Figure, Error> {
    let (plan, links) = graph::plan(chain);
    let drawing = graph::drawing(chain, &plan, &links, &lay_out(&plan.columns, &links));
    Ok(Figure {
        id: format!("{id}-inputs"),
        kind: "chain",
        title: "The chain, input by input".to_owned(),
        subtitle: format!(
            "What goes into the {}, stage by stage from left to right; how much of it is foreign to {}, and where one region abroad can stop it",
            in_title(&chain.inputs[chain.product].name),
            in_text(&question.home.name)
        ),
        alt: format!("Layered graph of {}. {}", counted(chain.inputs.len(), "input"), told.hanging(question)),
        note: Some(told.unknown(chain)),
        options: json!({"graph": drawing.to_string(), "names": names(world, chain).to_string(), "home": question.home.name,
            "suppliers": format!("{id}-suppliers")}),
        finding,
    })
}
