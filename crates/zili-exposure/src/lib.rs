//! Measures: where an economy stands, and on whom it depends.
//!
//! One file a measure. Each is a pure function of the world and a question, listed once in [`MEASURES`];
//! the command line, the report and the book find it there.

mod areas;

pub mod accounts;
pub mod bilateral;
pub mod chains;
pub mod complexity;
pub mod dual_circulation;
pub mod footprint;
pub mod foreign_exposure;
pub mod friends_enemies;
pub mod gains_from_trade;
pub mod import_concentration;
pub mod kww;
pub mod linkages;
pub mod minerals;
pub mod multipliers;
pub mod position;
pub mod power;
pub mod products;
pub mod self_sufficiency;
pub mod technology;

use rayon::prelude::*;
use zili_world::{Bloc, Error, Finding, Method, Options, Params, Watch, World, trade};

/// A method of `expose`.
pub struct Measure {
    pub method: &'static Method,
    pub run: fn(&World, &Params) -> Result<Finding, Error>,
    /// Whether it is about the table of a year; else it has figures of its own years, and is asked once.
    pub dated: bool,
    /// Whether it needs the factors of the table, and not its sums alone.
    pub factors: bool,
}

impl Measure {
    /// Of sums over the table of a year.
    pub const fn of_table(method: &'static Method, run: fn(&World, &Params) -> Result<Finding, Error>) -> Self {
        Self { method, run, dated: true, factors: false }
    }

    /// Of the Leontief system of a year.
    pub const fn of_system(method: &'static Method, run: fn(&World, &Params) -> Result<Finding, Error>) -> Self {
        Self { method, run, dated: true, factors: true }
    }

    /// With figures of its own years.
    pub const fn apart(method: &'static Method, run: fn(&World, &Params) -> Result<Finding, Error>) -> Self {
        Self { method, run, dated: false, factors: false }
    }

    /// Whether these options make it about the table of a year: the table's own trade is.
    pub fn is_dated(&self, options: &Options) -> bool {
        let by_trade = self.method.parameters.iter().any(|parameter| parameter.name == trade::OPTION.name);
        self.dated || by_trade && options.name(trade::OPTION.name) == trade::TABLE
    }
}

/// Every measure, in the order in which they are listed.
pub static MEASURES: &[Measure] = &[
    Measure::of_table(&accounts::METHOD, accounts::run),
    Measure::of_system(&self_sufficiency::METHOD, self_sufficiency::run),
    Measure::of_system(&dual_circulation::METHOD, dual_circulation::run),
    Measure::of_system(&bilateral::METHOD, bilateral::run),
    Measure::of_table(&import_concentration::METHOD, import_concentration::run),
    Measure::of_system(&foreign_exposure::METHOD, foreign_exposure::run),
    Measure::of_table(&friends_enemies::METHOD, friends_enemies::run),
    Measure::of_table(&gains_from_trade::METHOD, gains_from_trade::run),
    Measure::of_system(&power::METHOD, power::run),
    Measure::of_system(&kww::METHOD, kww::run),
    Measure::of_system(&multipliers::METHOD, multipliers::run),
    Measure::of_system(&linkages::METHOD, linkages::run),
    Measure::of_system(&position::METHOD, position::run),
    Measure::of_system(&footprint::METHOD, footprint::run),
    Measure::apart(&minerals::METHOD, minerals::run),
    Measure::apart(&products::dependency::METHOD, products::dependency::run),
    Measure::apart(&products::exposure::METHOD, products::exposure::run),
    Measure::apart(&products::minerals::METHOD, products::minerals::run),
    Measure::apart(&complexity::economies::METHOD, complexity::economies::run),
    Measure::apart(&complexity::products::METHOD, complexity::products::run),
    Measure::apart(&complexity::significance::METHOD, complexity::significance::run),
    Measure::apart(&technology::METHOD, technology::run),
    Measure::apart(&chains::inputs::METHOD, chains::inputs::run),
    Measure::apart(&chains::chokepoints::METHOD, chains::chokepoints::run),
    Measure::apart(&chains::mutual::METHOD, chains::mutual::run),
];

/// A measure by name.
pub fn measure(name: &str) -> Result<&'static Measure, Error> {
    let names = || MEASURES.iter().map(|measure| measure.method.name);
    MEASURES.iter().find(|measure| measure.method.name == name).ok_or_else(|| {
        let accepted: Vec<String> = names().map(str::to_owned).collect();
        Error::unknown("measure", name, names(), &accepted)
    })
}

/// A measure for several homes and years, one finding with the rows of all: years in order, homes within each year.
///
/// Partners are the same blocs for every home, less the home itself; without partners, every other region.
pub fn series(
    world: &World,
    measure: &Measure,
    homes: &[Bloc],
    years: &[i32],
    ask: &Params,
    watch: &dyn Watch,
) -> Result<Finding, Error> {
    watch.begin("years", if measure.is_dated(&ask.options) { years.len() as u64 } else { 0 });
    let run = |year: i32| -> Result<Vec<Finding>, Error> {
        let findings = homes.iter().map(|home| {
            let partners = match ask.partners.is_empty() {
                true => Bloc::partners_of(home, world.classification()),
                false => ask.partners.iter().filter_map(|p| p.without(home)).collect(),
            };
            let params = Params { home: home.clone(), partners, year, ..ask.clone() };
            watch.go_on()?;
            (measure.run)(world, &params)
        });
        findings.collect()
    };
    match (measure.factors, measure.is_dated(&ask.options)) {
        (true, _) => over_years(world, years, watch, &run),
        // It needs the table, and not its factors.
        (false, true) => {
            let of_year = |&year: &i32| run(year).inspect(|_| watch.step(1));
            let by_year: Vec<Vec<Finding>> = years.par_iter().map(of_year).collect::<Result<_, Error>>()?;
            Finding::concatenate(by_year.into_iter().flatten().collect())
        }
        (false, false) => Finding::concatenate(run(years.last().copied().unwrap_or_default())?),
    }
}

/// Runs something for every year, years in parallel, and puts the rows of all findings one after another.
///
/// A year's system is held while its turn lasts, so that whatever runs shares one factorisation; each year is a step for whoever watches.
pub fn over_years(
    world: &World,
    years: &[i32],
    watch: &dyn Watch,
    run: &(dyn Fn(i32) -> Result<Vec<Finding>, Error> + Sync),
) -> Result<Finding, Error> {
    let of_year = |&year: &i32| {
        let _held = world.system(year)?;
        let findings = run(year)?;
        watch.step(1);
        Ok(findings)
    };
    let by_year: Vec<Vec<Finding>> = years.par_iter().map(of_year).collect::<Result<_, Error>>()?;
    Finding::concatenate(by_year.into_iter().flatten().collect())
}
