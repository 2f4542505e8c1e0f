//! The chapter of a scenario: what happens week by week, what held production back, what it costs.

use super::{Figure, Headline, Question, Section};
use crate::Error;
use crate::format::{days, money, percent};
use serde_json::{Value, json};
use zili_scenario::{Scenario, Window};
use zili_shock::inventory::{self, Ask, Detail, Record, Stage, bottlenecks, comparison, losses, paths};
use zili_world::method::Column;
use zili_world::{Cell, Classification, Finding, Options, Params, Quiet, Unit, Watch, World, row};

/// Panels in a chart of paths.
const PANELS: usize = 12;
/// Points in a path: enough for the eye.
const POINTS: usize = 150;
/// Spells listed.
const SPELLS: usize = 300;

/// The chapter, and home's loss under the first scenario; none where the scenario reaches no table.
pub(super) struct Course {
    pub section: Section,
    loss: Option<(f64, f64)>,
    name: String,
    unit: Unit,
}

impl Course {
    pub fn headline(&self) -> Option<Headline> {
        let (loss, share) = self.loss?;
        Some(Headline {
            label: "Loss if it happens".to_owned(),
            value: money(loss, &self.unit),
            detail: format!("{} of its value added: {}", percent(share), self.name),
            figure: "course-losses".to_owned(),
            told: false,
        })
    }
}

/// Plays the scenarios of a question with its home in view; none if it has none.
pub(super) fn course(world: &World, question: &Question, watch: &dyn Watch) -> Result<Option<Course>, Error> {
    let Some(first) = question.scenarios.first() else { return Ok(None) };
    let params: Vec<Params> =
        question.scenarios.iter().map(|s| params(world, question, s)).collect::<Result<_, _>>()?;
    let stage = Stage::new(world, first, &params[0])?;
    if let Some(k) = (1..params.len()).find(|&k| !stage.fits(&question.scenarios[k], &params[k])) {
        let (odd, first) = (&question.scenarios[k].name, &first.name);
        let text = format!("'{odd}' has another year, step or mixing than '{first}'; give them the same");
        return Err(zili_shock::Error::Nothing(text).into());
    }
    let ask = |k: usize, detail: Detail| Ask { scenario: &question.scenarios[k], params: &params[k], detail };
    let mut asks = vec![ask(0, Detail::Regions), ask(0, Detail::Industries)];
    asks.extend((1..params.len()).map(|k| ask(k, Detail::Totals)));
    let mut records = stage.play(&asks, &Quiet(watch))?;
    let by_industry = records.remove(1);
    let sign = |mut finding: Finding| -> Result<Finding, Error> {
        world.sign(&mut finding)?;
        Ok(finding)
    };
    let (record, classification) = (&records[0], stage.classification());
    let losses = sign(losses(&stage, first, &params[0], record)?)?;
    let spells = sign(bottlenecks::bottlenecks(&stage, first, &params[0], record)?)?;
    let all = sign(paths::paths(&stage, first, &params[0], record)?)?;
    let home = Home::of(&losses, &params[0], classification)?;
    let nowhere = first.is_only_on_chains();
    let mut figures = if nowhere {
        Vec::new()
    } else {
        vec![
            regions(&all, &losses, &question.home.members, first)?,
            sectors(&all, &by_industry, &params[0], classification, first)?,
            calendar(spells, first, question.home.is_single())?,
            parts(&losses, &home, first),
            table(losses),
        ]
    };
    if params.len() > 1 {
        let asks: Vec<Ask> = (0..params.len()).map(|k| ask(k, Detail::Totals)).collect();
        figures.push(side_by_side(sign(comparison::comparison(&stage, &asks, &records)?)?));
    }
    let section = Section {
        id: "course".to_owned(),
        title: format!("If it happens: {}", first.name),
        lead: lead(question, first, &home, &world.unit()),
        figures,
    };
    let loss = (!nowhere).then_some((home.loss, home.loss / home.value_added));
    Ok(Some(Course { section, loss, name: first.name.clone(), unit: world.unit() }))
}

fn params(world: &World, question: &Question, scenario: &Scenario) -> Result<Params, Error> {
    let none = Vec::new();
    let given = scenario.settings.get(inventory::METHOD.name).unwrap_or(&none);
    let words = given.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| *n != "detail");
    Ok(Params {
        home: question.home.clone(),
        partners: zili_world::Bloc::partners_of(&question.home, world.classification()),
        year: scenario.year,
        value_added: if scenario.year == question.year {
            question.value_added
        } else {
            world.value_added_basis(&[scenario.year])?
        },
        options: Options::parse(&inventory::METHOD, words.chain([("detail", "sectors")]))?,
    })
}

/// Home's losses, its members added up.
struct Home {
    value_added: f64,
    loss: f64,
    capacity: f64,
    inputs: f64,
    orders: f64,
    caught_up: f64,
}

impl Home {
    fn of(losses: &Finding, params: &Params, classification: &Classification) -> Result<Self, Error> {
        let members: Vec<&str> =
            params.home.positions(classification)?.iter().map(|&r| classification.regions()[r].code.as_str()).collect();
        let (region, sector) = (losses.column("region")?, losses.column("sector")?);
        let sum = |name: &str| -> Result<f64, Error> {
            let c = losses.column(name)?;
            let of_home = |row: &&Vec<Cell>| row[sector].text() == "*" && members.contains(&row[region].text());
            Ok(losses.rows.iter().filter(of_home).filter_map(|row| row[c].number()).sum())
        };
        Ok(Self {
            value_added: sum("value_added")?,
            loss: sum("value_added_lost")?,
            capacity: sum("lost_capacity")?,
            inputs: sum("lost_inputs")?,
            orders: sum("lost_orders")?,
            caught_up: sum("caught_up")?,
        })
    }
}

fn lead(question: &Question, scenario: &Scenario, home: &Home, unit: &Unit) -> String {
    let mut text = String::new();
    if !scenario.description.is_empty() {
        text += scenario.description.trim();
        text += " ";
    }
    if scenario.home != question.home {
        text += &format!("It was written for {}, and is seen from {} here. ", scenario.home.name, question.home.name);
    }
    if scenario.is_only_on_chains() {
        text += "All that it denies are inputs of technology chains, or what some firms make. None of that is a flow of the table, where nothing is lost, therefore: what can still be made is said in the chapters on the chains. An entry [[chain]] in the file would bring the loss onto the table.";
        return text;
    }
    text += &format!(
        "Played for {} days on the table of {}: {} loses {} of value added, {} of the usual",
        days(scenario.horizon),
        scenario.year,
        question.home.name,
        money(home.loss, unit),
        percent(home.loss / home.value_added)
    );
    let caught_up =
        if home.caught_up > 0.0 { format!(", {} made up for", money(home.caught_up, unit)) } else { String::new() };
    text += &format!(
        " ({} to capacity that is gone, {} for want of inputs, {} for want of orders{caught_up}). Stocks, thresholds and speeds are assumptions; figures to compare scenarios by, not forecasts.",
        money(home.capacity, unit),
        money(home.inputs, unit),
        money(home.orders, unit)
    );
    text
}

/// When something is in force, for shading.
pub(super) fn windows(scenario: &Scenario) -> Value {
    let control = |w: &Window, label: &str| json!({"from": w.from, "until": w.until.is_finite().then_some(w.until), "label": label});
    let controls =
        scenario.controls.iter().map(|c| control(&c.window, if c.retaliation { "retaliation" } else { "control" }));
    let disruptions = scenario.disruptions.iter().map(|d| {
        let until = d.from + d.lasts;
        json!({"from": d.from, "until": until.is_finite().then_some(until), "label": "disruption"})
    });
    let mut all: Vec<Value> = Vec::new();
    controls.chain(disruptions).for_each(|window| {
        if !all.contains(&window) {
            all.push(window);
        }
    });
    json!(all)
}

/// Steps to show of a path: every few, and the lowest of each panel.
fn thinned(steps: usize, lowest: impl Iterator<Item = usize>) -> Vec<usize> {
    let stride = steps.div_ceil(POINTS).max(1);
    let mut kept: Vec<usize> = (0..steps).step_by(stride).chain(lowest).chain(steps.checked_sub(1)).collect();
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// Paths of home and of the regions that lose most.
fn regions(
    all: &Finding,
    losses: &Finding,
    home: &[zili_world::RegionCode],
    scenario: &Scenario,
) -> Result<Figure, Error> {
    let (code, sector) = (losses.column("region")?, losses.column("sector")?);
    // Home's members stand first; a large bloc leaves half of the panels to others.
    let lines = || losses.rows.iter().filter(|row| row[sector].text() == "*").map(|row| row[code].text());
    let own = home.len().min(PANELS / 2);
    let chosen: Vec<&str> = lines().take(own).chain(lines().skip(home.len())).take(PANELS).collect();
    let (place, share) = (all.column("region")?, all.column("production_share")?);
    let of = |region: &str| -> Vec<&Vec<Cell>> { all.rows.iter().filter(|row| row[place].text() == region).collect() };
    let mut shown = Finding { rows: Vec::new(), ..all.clone() };
    for region in chosen {
        let path = of(region);
        let lowest = (0..path.len()).min_by(|&a, &b| {
            let of = |k: usize| path[k][share].number().unwrap_or(f64::INFINITY);
            of(a).total_cmp(&of(b))
        });
        shown.rows.extend(thinned(path.len(), lowest.into_iter()).into_iter().map(|t| path[t].clone()));
    }
    shown.note("every few days and the lowest only; all with `zili shock run FILE --model inventory-paths`");
    Ok(Figure {
        id: "course-regions".to_owned(),
        kind: "paths",
        title: "Production by region".to_owned(),
        subtitle: format!("Share of the usual, day by day: {}", scenario.name),
        alt: "Small line charts of production as a share of the usual, for home and the regions that lose most."
            .to_owned(),
        note: None,
        options: json!({"x": "day", "x_label": "Days", "facet": "region_name", "facet_code": "region", "y": "production_share",
            "y_label": "Production", "baseline": 1, "limit": PANELS, "windows": windows(scenario)}),
        finding: shown,
    })
}

/// Paths of home's sectors that lose most, members added up.
fn sectors(
    all: &Finding,
    record: &Record,
    params: &Params,
    classification: &Classification,
    scenario: &Scenario,
) -> Result<Figure, Error> {
    let positions = params.home.positions(classification)?;
    let count = classification.sectors().len();
    let industries = |s: usize| positions.iter().map(move |r| r * count + s);
    let mut ranked: Vec<(f64, usize)> =
        (0..count).map(|s| (industries(s).map(|i| record.losses[i].net()).sum::<f64>(), s)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let width = record.followed.len().max(1);
    let place = |i: usize| record.followed.iter().position(|&f| f == i);
    let mut shown = Finding { rows: Vec::new(), ..all.clone() };
    for (_, s) in ranked.into_iter().take(PANELS) {
        let usual: f64 = industries(s).map(|i| record.before[i]).sum();
        let places: Vec<usize> = industries(s).filter_map(place).collect();
        if usual <= 0.0 {
            continue;
        }
        let made = |t: usize| -> f64 { places.iter().map(|&k| record.points[t * width + k].production).sum() };
        let lowest = (0..record.steps).min_by(|&a, &b| made(a).total_cmp(&made(b)));
        let sector = &classification.sectors()[s];
        for t in thinned(record.steps, lowest.into_iter()) {
            let mut cells = row![
                t as f64 * record.step,
                params.home.code.as_str(),
                params.home.name.as_str(),
                sector.code.as_str(),
                sector.name.as_str(),
                made(t) / usual,
                made(t) / record.step,
            ];
            cells.resize(shown.columns.len(), Cell::Missing);
            shown.push(cells);
        }
    }
    shown.note("every few days and the lowest only; all with `zili shock run FILE --model inventory-paths --set detail=sectors`");
    Ok(Figure {
        id: "course-sectors".to_owned(),
        kind: "paths",
        title: format!("Production in {} by sector", params.home.name),
        subtitle: format!("Share of the usual, day by day, the sectors that lose most: {}", scenario.name),
        alt: format!(
            "Small line charts of production as a share of the usual, for the sectors of {} that lose most.",
            params.home.name
        ),
        note: None,
        options: json!({"x": "day", "x_label": "Days", "facet": "sector_name", "facet_code": "sector", "y": "production_share",
            "y_label": "Production", "baseline": 1, "limit": PANELS, "windows": windows(scenario)}),
        finding: shown,
    })
}

fn calendar(mut spells: Finding, scenario: &Scenario, single: bool) -> Result<Figure, Error> {
    // A bloc has the same sector several times.
    let (region, name) = (spells.column("region")?, spells.column("sector_name")?);
    if !single {
        for row in &mut spells.rows {
            row[name] = Cell::from(format!("{}, {}", row[region].text(), row[name].text()));
        }
    }
    if spells.rows.len() > SPELLS {
        spells.note(format!(
            "the costliest {SPELLS} of {} spells; all with `zili shock run FILE --model inventory-bottlenecks`",
            spells.rows.len()
        ));
        spells.rows.truncate(SPELLS);
    }
    Ok(Figure {
        id: "course-bottlenecks".to_owned(),
        kind: "calendar",
        title: "What held production back, and when".to_owned(),
        subtitle: "One line an industry, coloured by the input that was short; thicker where production was lower"
            .to_owned(),
        alt: "Calendar of the times in which each industry was held back, by cause.".to_owned(),
        note: Some(
            "Only what kept an industry below its orders; an industry with too few orders is not held back.".to_owned(),
        ),
        options: json!({"row": "sector_name", "from": "from_day", "to": "to_day", "cause": "cause",
            "cause_name": "input_name", "weight": "loss", "share": "worst_share", "limit": 20, "horizon": scenario.horizon}),
        finding: spells,
    })
}

/// The loss in three parts.
fn parts(losses: &Finding, home: &Home, scenario: &Scenario) -> Figure {
    let gross = home.capacity + home.inputs + home.orders;
    let columns = vec![
        Column::text("part", "Part", "direct, downstream or upstream"),
        Column::text("part_name", "Part", "in words"),
        Column::musd("value", "Value added lost", "value added lost over the horizon"),
        Column::share("share", "Share", "share of what is lost before anything is made up for"),
    ];
    let line = |part: &str, name: &str, value: f64| {
        row![part, name, value, if gross > 0.0 { value / gross } else { f64::NAN }]
    };
    let rows = vec![
        line("direct", "Direct: its own capacity is gone", home.capacity),
        line("downstream", "Downstream: inputs are missing", home.inputs),
        line("upstream", "Upstream: customers order less", home.orders),
    ];
    Figure {
        id: "course-parts".to_owned(),
        kind: "stack",
        title: "Where the loss comes from".to_owned(),
        subtitle: format!("Value added lost by home over {} days", days(scenario.horizon)),
        alt: "One bar that divides home's loss into direct, downstream and upstream.".to_owned(),
        note: None,
        options: json!({"label": "part_name", "value": "value", "share": "share"}),
        finding: Finding {
            columns,
            rows: if gross > 0.0 { rows } else { Vec::new() },
            evidence: losses.evidence.clone(),
        },
    }
}

fn table(losses: Finding) -> Figure {
    Figure {
        id: "course-losses".to_owned(),
        kind: "table",
        title: "Losses by region, and by sector of home".to_owned(),
        subtitle: "Over the horizon".to_owned(),
        alt: "Table of losses.".to_owned(),
        note: None,
        options: json!({}),
        finding: losses,
    }
}

fn side_by_side(finding: Finding) -> Figure {
    Figure {
        id: "course-comparison".to_owned(),
        kind: "table",
        title: "Scenarios side by side".to_owned(),
        subtitle: "Loss of home, of the world and of every region".to_owned(),
        alt: "Table of losses by scenario.".to_owned(),
        note: None,
        options: json!({}),
        finding,
    }
}
