//! Everything that is computed for one picture.

use super::Question;
use crate::Error;
use zili_exposure::{
    accounts, bilateral, dual_circulation, foreign_exposure, import_concentration, kww, power, self_sufficiency,
};
use zili_shock::scan;
use zili_world::{Bloc, Cell, Column, Finding, Method, Options, Params, ValueAdded, Watch, World};

/// Every finding the picture is made of.
pub(super) struct Findings {
    pub accounts: Finding,
    pub world_value_added: f64,
    pub trend: Finding,
    pub loops_trend: Finding,
    /// The editions of the two series, in their order.
    pub editions: Vec<Edition>,
    pub sectors: Finding,
    pub loops: Finding,
    pub bilateral: Finding,
    pub exposure: Finding,
    pub concentration: Finding,
    pub partners: Finding,
    pub blocs: Finding,
    pub pairs: Finding,
    pub power: Finding,
    pub exports: Finding,
}

/// A world whose years are a segment of a series. No line leads from one to the next: they count sectors and value added otherwise.
pub(super) struct Edition {
    pub name: String,
    pub years: Vec<i32>,
    /// Value added is output less inputs here and published in the year asked about, for the sake of years that publish none.
    pub is_residual: bool,
}

impl Findings {
    pub fn gather(world: &World, question: &Question, watch: &dyn Watch) -> Result<Self, Error> {
        // Held from here on: the series asks for it too.
        let system = world.system(question.year)?;
        let (trend, loops_trend, editions) = series(world, question, watch)?;
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
        let measured = |method: &Method| -> Result<Finding, Error> {
            let measure = zili_exposure::measure(method.name)?;
            let finding = (measure.run)(world, &ask(method, &partners, &[])?)?;
            watch.next()?;
            Ok(finding)
        };
        let scanned = |over: &str, partners: &[Bloc]| -> Result<Finding, Error> {
            let finding = scan::run(world, &ask(&scan::METHOD, partners, &[("over", over)])?)?;
            watch.next()?;
            Ok(finding)
        };
        let mut findings = Findings {
            accounts: measured(&accounts::METHOD)?,
            world_value_added: system.value_added(question.value_added)?.iter().sum(),
            trend,
            loops_trend,
            editions,
            sectors: measured(&self_sufficiency::METHOD)?,
            loops: measured(&dual_circulation::METHOD)?,
            bilateral: measured(&bilateral::METHOD)?,
            exposure: measured(&foreign_exposure::METHOD)?,
            concentration: measured(&import_concentration::METHOD)?,
            partners: scanned("partners", &partners)?,
            blocs: scanned("blocs", &blocs)?,
            pairs: scanned("pairs", &partners)?,
            power: measured(&power::METHOD)?,
            exports: measured(&kww::METHOD)?,
        };
        for finding in findings.each_mut() {
            world.sign(finding)?;
        }
        Ok(findings)
    }

    /// Those of the year asked about.
    fn each_mut(&mut self) -> [&mut Finding; 11] {
        [
            &mut self.accounts,
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

/// Both series over the years of an earlier edition, where home is in it, and of the world itself.
fn series(world: &World, question: &Question, watch: &dyn Watch) -> Result<(Finding, Finding, Vec<Edition>), Error> {
    let earlier = world.earlier()?;
    let there = earlier.and_then(|world| Some((world, question.home.within(world.classification())?)));
    let (mut trends, mut loops, mut editions) = (Vec::new(), Vec::new(), Vec::new());
    for (world, home) in there.into_iter().chain([(world, question.home.clone())]) {
        let years = world.years();
        // A segment has no break in its definition of value added; the year's own picture uses the best there is.
        let basis = match question.value_added {
            ValueAdded::Residual => ValueAdded::Residual,
            ValueAdded::Published => world.value_added_basis(&years)?,
        };
        let segment = Segment { world, home, years: &years, basis, is_residual: basis != question.value_added };
        let (trend, loop_shares) = segment.trends(watch)?;
        trends.push(trend);
        loops.push(loop_shares);
        let (name, is_residual) = (world.manifest().name.clone(), segment.is_residual);
        editions.push(Edition { name, is_residual, years });
    }
    Ok((Finding::concatenate(trends)?, Finding::concatenate(loops)?, editions))
}

/// One edition's part of the series.
struct Segment<'a> {
    world: &'a World,
    home: Bloc,
    years: &'a [i32],
    basis: ValueAdded,
    is_residual: bool,
}

/// Which edition a row of a series is of.
const EDITION: Column = Column::text("edition", "Edition", "the world whose table it is of").minor();

impl Segment<'_> {
    /// Self-sufficiency of all sectors together and the five loops, every year; both from one factorisation a year.
    fn trends(&self, watch: &dyn Watch) -> Result<(Finding, Finding), Error> {
        let methods = [&self_sufficiency::METHOD, &dual_circulation::METHOD];
        let last = self.years.last().copied().unwrap_or_default();
        let ask = |method: &Method, year: i32| Params {
            home: self.home.clone(),
            partners: Vec::new(),
            year,
            value_added: self.basis,
            options: Options::defaults(method),
        };
        let finding = zili_exposure::over_years(self.world, self.years, watch, &|year| {
            let mut both = self_sufficiency::run(self.world, &ask(methods[0], year))?;
            let c = both.column("sector")?;
            both.rows.retain(|row| row[c].text() == "*");
            widen(&mut both, &dual_circulation::run(self.world, &ask(methods[1], year))?)?;
            Ok(vec![both])
        })?;
        let split = |names: &[&'static str], method: &Method| -> Result<Finding, Error> {
            let mut part = Finding::new(method, &ask(method, last));
            part.evidence.parameters = finding.evidence.parameters.clone();
            let chosen = names.iter().map(|name| finding.column(name)).collect::<Result<Vec<_>, _>>()?;
            part.columns = chosen.iter().map(|&c| finding.columns[c]).chain([EDITION]).collect();
            let name = || Cell::from(&self.world.manifest().name);
            part.rows = finding
                .rows
                .iter()
                .map(|row| chosen.iter().map(|&c| row[c].clone()).chain([name()]).collect())
                .collect();
            part.evidence.tables = self.years.to_vec();
            self.world.sign(&mut part)?;
            if self.is_residual {
                part.note(format!(
                    "value added of {} is output less intermediate inputs in every year, because most of its years publish no value-added row",
                    self.world.manifest().name
                ));
            }
            Ok(part)
        };
        let trend = split(&["year", "foreign_direct", "foreign_look_through", "direct", "look_through"], methods[0])?;
        let loops: Vec<&str> = LOOPS.iter().map(|c| c.name).collect();
        let loops = split(&[&["year"], loops.as_slice()].concat(), methods[1])?;
        Ok((trend, loops))
    }
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
