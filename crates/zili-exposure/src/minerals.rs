#![doc = include_str!("../../../docs/src/methods/minerals.md")]

use zili_world::finding::Input;
use zili_world::method::{Accepts, column};
use zili_world::minerals::{self, Critical, Leader, Minerals, Producer, Production, ProductionSet};
use zili_world::{Cell, Column, Error, Finding, Method, Parameter, Params, RegionCode, World, row, trade};

pub static METHOD: Method = Method {
    name: "minerals",
    page: include_str!("../../../docs/src/methods/minerals.md"),
    columns: &[
        column::HOME,
        Column::text("mineral", "Mineral", "short name of the mineral"),
        Column::text("mineral_name", "Mineral", "its name").minor(),
        Column::text("stage", "Stage", "mine, refinery, smelter, primary, plant, or all"),
        Column { description: "year of the production", ..column::YEAR },
        Column::number("world", "World", "tonnes", "the world's production as published; missing if it is not").minor(),
        Column::text("top", "Largest", "the producer with the largest figure").result().minor(),
        Column::share("top_share", "Its share", "its share of the world's production").minor(),
        Column::text("top_foreign", "Largest abroad", "the largest producer outside home").result(),
        Column::share("top_foreign_share", "Its share", "its share of the world's production"),
        Column::share("home_low", "Home at least", "home's share of the world's production at least"),
        Column::share(
            "home_high",
            "at most",
            "the same at most; missing if the world's production leaves a member of home out",
        )
        .minor(),
        Column::number("hhi", "HHI", "index 0–1", "Σ of squared shares of the producers told apart"),
        Column::number("hhi_high", "HHI at most", "index 0–1", "the same if all others were a single producer").minor(),
        Column::integer(
            "producers_for_75",
            "Producers for 75 %",
            "producers",
            "how many of the largest make 75 %; missing if those told apart do not",
        ),
        Column::share("told_apart", "Told apart", "share of producers that have a figure").minor(),
        Column::share(
            "not_told_apart",
            "Not told apart",
            "share of all others, known or not; below 0 where rounding lets those told apart exceed the world",
        ),
        Column::text("withheld", "No figure of", "producers that are named without a figure").result(),
        Column::text("excluded", "World without", "producers that the published world leaves out").result().minor(),
        Column::text("eu_stage", "EU: stage", "stage in the European Union's assessment of 2023").result().minor(),
        Column::text("eu_supplier", "EU: largest", "the world's largest supplier by that assessment").result(),
        Column::share("eu_share", "its share", "its share of world supply by that assessment"),
        Column::text(
            "us_leader",
            "US: largest",
            "the leading producer by the United States' table of critical minerals, edition 2024",
        )
        .result()
        .minor(),
        Column::share("us_share", "its share", "its share of the world's production by that table").minor(),
        Column::share(
            "us_reliance_low",
            "US reliance",
            "net imports of the United States over what they use, at least",
        )
        .minor(),
        Column::share("us_reliance_high", "at most", "the same at most").minor(),
        Column::text("us_source", "US imports from", "where most of their imports come from").result().minor(),
        Column::text("agree", "Agree", "lists (US, EU) that name the same largest producer as `top`").result().minor(),
        Column::text("differ", "Differ", "lists that name another, with the stage where it is another one")
            .result()
            .minor(),
        Column::text(
            "uses",
            "Uses",
            "what it is used for; `battery`, `magnet` and `chip` are inputs of bundled chains",
        )
        .result()
        .minor(),
    ],
    parameters: &[EDITION, minerals::OPTION],
};

pub(crate) const EDITION: Parameter = Parameter {
    name: "edition",
    accepts: Accepts::Name { default: trade::LATEST },
    description: "edition of the Mineral Commodity Summaries, by its year, or the latest of the set; its latest year is shown",
};

/// Every mineral and stage of an edition: those of which one producer abroad makes most first.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let data = minerals::bundled()?;
    let (set, edition) = asked(world, params)?;
    let home: Vec<RegionCode> = params.home.members.iter().chain(&params.home.absent).cloned().collect();
    let is_home = |code: &RegionCode| params.home.holds(code, world.classification());

    let mut lines: Vec<(f64, Vec<Cell>)> = Vec::new();
    let (mut without_total, mut estimates, mut figures) = (0, 0, 0);
    for series in series(set, edition) {
        let known = series.iter().filter(|p| p.tonnes.is_some());
        figures += known.clone().count();
        estimates += known.filter(|p| p.flag == minerals::Flag::Estimated).count();
        let line = Line::new(&series, &home, &is_home);
        without_total += usize::from(line.world.is_nan());
        lines.extend(line.cells(&params.home.code, &series, data));
    }
    // What has no share comes last; the file's order, by name, settles ties.
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));

    let mut finding = Finding::apart(&METHOD, params);
    let evidence = &mut finding.evidence;
    evidence.sources =
        vec![format!("usgs-mcs-{edition}"), "eu-crm-2023".to_owned(), "usgs-mcs-2024-table-5".to_owned()];
    evidence.inputs = files(data, set);
    say_edition(&mut finding, edition);
    finding.note(format!("{estimates} of {figures} figures are the publisher's estimates"));
    if without_total > 0 {
        finding.note(format!("{without_total} rows have no shares: no total for the world is published"));
    }
    lines.into_iter().for_each(|(_, cells)| finding.push(cells));
    Ok(finding)
}

/// The production asked about, and its edition.
pub(crate) fn asked<'a>(world: &'a World, params: &Params) -> Result<(&'a ProductionSet, i32), Error> {
    let set = world.minerals(params.options.name(minerals::OPTION.name))?;
    Ok((set, set.edition(params.options.name(EDITION.name))?))
}

/// Every file that has a say, with its checksum.
pub(crate) fn files(data: &Minerals, set: &ProductionSet) -> Vec<Input> {
    [&set.file].into_iter().chain(&data.files).cloned().collect()
}

/// Which edition the latest was: another set may come under the same name.
pub(crate) fn say_edition(finding: &mut Finding, edition: i32) {
    let parameters = &mut finding.evidence.parameters;
    parameters.iter_mut().filter(|(name, _)| name == EDITION.name).for_each(|(_, value)| *value = edition.to_string());
}

/// The figures of an edition's latest year, by mineral and stage.
pub(crate) fn series(set: &ProductionSet, edition: i32) -> Vec<Vec<&Production>> {
    let of_edition: Vec<&Production> = set.rows.iter().filter(|p| p.edition == edition).collect();
    let mut all: Vec<Vec<&Production>> = Vec::new();
    for chunk in of_edition.chunk_by(|a, b| (&a.mineral, &a.stage) == (&b.mineral, &b.stage)) {
        let latest = chunk.iter().map(|p| p.year).max();
        all.push(chunk.iter().copied().filter(|p| Some(p.year) == latest).collect());
    }
    all
}

/// One mineral at one stage in one year.
pub(crate) struct Line<'a> {
    /// Not a number if none is published.
    pub world: f64,
    /// Producers with a figure, the largest first.
    pub known: Vec<(&'a RegionCode, f64)>,
    /// Producers named without one.
    withheld: Vec<&'a str>,
    /// Producers that the world's figure leaves out.
    excluded: &'a [RegionCode],
    pub foreign: Option<(&'a RegionCode, f64)>,
    /// Share of all that are known.
    told: f64,
    pub home_low: f64,
    pub home_high: f64,
}

impl<'a> Line<'a> {
    pub fn new(series: &[&'a Production], home: &[RegionCode], is_home: &dyn Fn(&RegionCode) -> bool) -> Self {
        let total = series.iter().find(|p| p.producer == Producer::World);
        let world = total.and_then(|p| p.tonnes).filter(|tonnes| *tonnes > 0.0).unwrap_or(f64::NAN);
        let excluded: &[RegionCode] = total.map_or(&[], |p| &p.excludes);
        let (mut known, mut withheld) = (Vec::new(), Vec::new());
        for production in series {
            let Producer::Country(code) = &production.producer else { continue };
            match production.tonnes {
                None => withheld.push(code.as_str()),
                // What the total leaves out has no share of it.
                Some(tonnes) if !excluded.contains(code) => known.push((code, tonnes)),
                Some(_) => {}
            }
        }
        known.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let foreign = known.iter().find(|(code, tonnes)| *tonnes > 0.0 && !is_home(code)).copied();
        // Nothing is known of a share of what is not known, also where there is nothing to add up.
        let sum = |of: &dyn Fn(&RegionCode) -> bool| match world.is_nan() {
            true => f64::NAN,
            // From 0: a sum of nothing would be −0.
            false => known.iter().filter(|(code, _)| of(code)).fold(0.0, |sum, (_, tonnes)| sum + tonnes / world),
        };
        let (told, home_low): (f64, f64) = (sum(&|_| true), sum(is_home));
        // A member without a figure of its own can be among those not told apart.
        let open = home.iter().any(|member| !known.iter().any(|(code, _)| *code == member));
        let home_high = match excluded.iter().any(is_home) {
            true => f64::NAN,
            false if open && told < 1.0 => home_low + (1.0 - told),
            false => home_low,
        };
        Self { world, known, withheld, excluded, foreign, told, home_low, home_high }
    }

    /// The row, after what rows are sorted by.
    fn cells(self, home: &str, series: &[&Production], data: &Minerals) -> Option<(f64, Vec<Cell>)> {
        let first = series.first()?;
        let shares: Vec<f64> = self.known.iter().map(|(_, tonnes)| tonnes / self.world).collect();
        let hhi = if self.world.is_nan() { f64::NAN } else { shares.iter().map(|s| s * s).sum() };
        let rest = 1.0 - self.told;
        let top = self.known.first().filter(|(_, tonnes)| *tonnes > 0.0).copied();
        let named = |producer: Option<(&RegionCode, f64)>| match producer {
            Some((code, tonnes)) => row![code.as_str(), tonnes / self.world],
            None => vec![Cell::Missing, Cell::Missing],
        };
        let excluded: Vec<&str> = self.excluded.iter().map(|code| code.as_str()).collect();
        let mut cells = row![home, &first.mineral, &first.name, &first.stage, first.year, self.world];
        cells.extend(named(top));
        cells.extend(named(self.foreign));
        let hhi_high = if rest > 0.0 { hhi + rest * rest } else { hhi };
        cells.extend(row![self.home_low, self.home_high, hhi, hhi_high]);
        cells.push(count_for(&shares, 0.75).map_or(Cell::Missing, Cell::from));
        cells.extend(row![self.told, rest, self.withheld.join(", "), excluded.join(", ")]);
        let leader = data.leader(&first.mineral);
        match leader {
            Some(leader) => cells.extend(row![&leader.stage, leader.country.as_str(), leader.share]),
            None => cells.extend([Cell::Missing, Cell::Missing, Cell::Missing]),
        }
        let critical = data.critical(&first.mineral);
        cells.extend(american(critical));
        cells.extend(compared(&first.stage, top.map(|(code, _)| code), critical, leader));
        cells.push(Cell::from(data.uses_of(&first.mineral)));
        let by = self.foreign.map(|(_, tonnes)| tonnes / self.world).filter(|share| !share.is_nan());
        Some((by.unwrap_or(f64::NEG_INFINITY), cells))
    }
}

fn american(critical: Option<&Critical>) -> [Cell; 5] {
    let place = |code: Option<&RegionCode>| code.map_or(Cell::Missing, |code| Cell::from(code.as_str()));
    let share = |share: Option<f64>| share.map_or(Cell::Missing, Cell::from);
    let reliance = critical.and_then(|critical| critical.reliance);
    [
        place(critical.and_then(|critical| critical.country.as_ref())),
        share(critical.and_then(|critical| critical.share)),
        share(reliance.map(|(low, _)| low)),
        share(reliance.map(|(_, high)| high)),
        place(critical.and_then(|critical| critical.import_source.as_ref())),
    ]
}

/// Which lists name the same largest producer, and which another.
fn compared(stage: &str, top: Option<&RegionCode>, us: Option<&Critical>, eu: Option<&Leader>) -> [Cell; 2] {
    let mut named: Vec<(&RegionCode, String)> = Vec::new();
    if let Some(country) = us.and_then(|critical| critical.country.as_ref()) {
        named.push((country, "US".to_owned()));
    }
    if let Some(leader) = eu {
        let same = (stage == "mine") == (leader.stage == "extraction");
        named.push((&leader.country, if same { "EU".to_owned() } else { format!("EU ({})", leader.stage) }));
    }
    let listed = |agree: bool| {
        let words = named.iter().filter(|(country, _)| top.is_some_and(|top| (top == *country) == agree));
        Cell::from(words.map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(", "))
    };
    [listed(true), listed(false)]
}

/// How many of the largest it takes to reach a share, if all of them do.
fn count_for(shares: &[f64], wanted: f64) -> Option<usize> {
    let mut sum = 0.0;
    shares
        .iter()
        .position(|share| {
            sum += share;
            // A sum of tenths can miss by its last bit.
            sum >= wanted - 1e-12
        })
        .map(|last| last + 1)
}
