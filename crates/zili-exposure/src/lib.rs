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
use zili_world::{Bloc, Error, Finding, Method, Options, Params, World, trade};

/// A method of `expose`.
pub struct Measure {
    pub method: &'static Method,
    pub run: fn(&World, &Params) -> Result<Finding, Error>,
    /// Whether it is about the table of a year; else it has figures of its own years, and is asked once.
    pub dated: bool,
}

impl Measure {
    /// Whether these options make it about the table of a year: the table's own trade is.
    pub fn is_dated(&self, options: &Options) -> bool {
        let by_trade = self.method.parameters.iter().any(|parameter| parameter.name == trade::OPTION.name);
        self.dated || by_trade && options.name(trade::OPTION.name) == trade::TABLE
    }
}

/// Every measure, in the order in which they are listed.
pub static MEASURES: &[Measure] = &[
    Measure { method: &accounts::METHOD, run: accounts::run, dated: true },
    Measure { method: &self_sufficiency::METHOD, run: self_sufficiency::run, dated: true },
    Measure { method: &dual_circulation::METHOD, run: dual_circulation::run, dated: true },
    Measure { method: &bilateral::METHOD, run: bilateral::run, dated: true },
    Measure { method: &import_concentration::METHOD, run: import_concentration::run, dated: true },
    Measure { method: &foreign_exposure::METHOD, run: foreign_exposure::run, dated: true },
    Measure { method: &friends_enemies::METHOD, run: friends_enemies::run, dated: true },
    Measure { method: &gains_from_trade::METHOD, run: gains_from_trade::run, dated: true },
    Measure { method: &power::METHOD, run: power::run, dated: true },
    Measure { method: &kww::METHOD, run: kww::run, dated: true },
    Measure { method: &multipliers::METHOD, run: multipliers::run, dated: true },
    Measure { method: &linkages::METHOD, run: linkages::run, dated: true },
    Measure { method: &position::METHOD, run: position::run, dated: true },
    Measure { method: &footprint::METHOD, run: footprint::run, dated: true },
    Measure { method: &minerals::METHOD, run: minerals::run, dated: false },
    Measure { method: &products::dependency::METHOD, run: products::dependency::run, dated: false },
    Measure { method: &products::exposure::METHOD, run: products::exposure::run, dated: false },
    Measure { method: &products::minerals::METHOD, run: products::minerals::run, dated: false },
    Measure { method: &complexity::economies::METHOD, run: complexity::economies::run, dated: false },
    Measure { method: &complexity::products::METHOD, run: complexity::products::run, dated: false },
    Measure { method: &complexity::significance::METHOD, run: complexity::significance::run, dated: false },
    Measure { method: &technology::METHOD, run: technology::run, dated: false },
    Measure { method: &chains::inputs::METHOD, run: chains::inputs::run, dated: false },
    Measure { method: &chains::chokepoints::METHOD, run: chains::chokepoints::run, dated: false },
    Measure { method: &chains::mutual::METHOD, run: chains::mutual::run, dated: false },
];

/// A measure by name.
pub fn measure(name: &str) -> Result<&'static Measure, Error> {
    let names = || MEASURES.iter().map(|m| m.method.name);
    MEASURES.iter().find(|m| m.method.name == name).ok_or_else(|| {
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
    done: &(dyn Fn() + Sync),
) -> Result<Finding, Error> {
    let run = |year: i32| -> Result<Vec<Finding>, Error> {
        let findings = homes.iter().map(|home| {
            let partners = match ask.partners.is_empty() {
                true => Bloc::partners_of(home, world.classification()),
                false => ask.partners.iter().filter_map(|p| p.without(home)).collect(),
            };
            let params = Params { home: home.clone(), partners, year, ..ask.clone() };
            let mut finding = (measure.run)(world, &params)?;
            // One that is not about a table names its sources itself.
            if measure.is_dated(&ask.options) {
                world.sign(&mut finding, &[year])?;
            }
            Ok(finding)
        });
        findings.collect()
    };
    match (measure.dated, measure.is_dated(&ask.options)) {
        (true, _) => over_years(world, years, done, &run),
        // It needs the table, and not its inverse.
        (false, true) => {
            let of_year = |&year: &i32| run(year).inspect(|_| done());
            let by_year: Vec<Vec<Finding>> = years.par_iter().map(of_year).collect::<Result<_, Error>>()?;
            Finding::concatenate(by_year.into_iter().flatten().collect())
        }
        (false, false) => Finding::concatenate(run(years.last().copied().unwrap_or_default())?),
    }
}

/// Runs something for every year, years in parallel, and puts the rows of all findings one after another.
///
/// A year's system is held while its turn lasts, so that whatever runs shares one factorisation; `done` is called after each year.
pub fn over_years(
    world: &World,
    years: &[i32],
    done: &(dyn Fn() + Sync),
    run: &(dyn Fn(i32) -> Result<Vec<Finding>, Error> + Sync),
) -> Result<Finding, Error> {
    let of_year = |&year: &i32| {
        let _held = world.system(year)?;
        let findings = run(year)?;
        done();
        Ok(findings)
    };
    let by_year: Vec<Vec<Finding>> = years.par_iter().map(of_year).collect::<Result<_, Error>>()?;
    Finding::concatenate(by_year.into_iter().flatten().collect())
}
