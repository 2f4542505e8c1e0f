//! Everything that is computed for one picture.

use super::Question;
use crate::Error;
use zili_scenario::Scenario;
use zili_world::{Bloc, Cell, Column, Finding, Method, Options, Params, ValueAdded, World};

/// Every finding the picture is made of.
pub(super) struct Findings {
    pub accounts: Finding,
    pub world_value_added: f64,
    pub trend: Finding,
    /// The series counts value added otherwise than the year's own figures, for the sake of years that publish none.
    pub trend_is_residual: bool,
    pub loops_trend: Finding,
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

impl Findings {
    pub fn gather(world: &World, question: &Question, done: &(dyn Fn(&str) + Sync)) -> Result<Self, Error> {
        let years = world.years();
        // A series has no break in its definition of value added; the year's own picture uses the best there is.
        let trend_basis = match question.value_added {
            ValueAdded::Residual => ValueAdded::Residual,
            ValueAdded::Published => world.value_added_basis(&years)?,
        };
        let trend_is_residual = trend_basis != question.value_added;
        let (trend, loops_trend) = trends(world, question, &years, trend_basis, done)?;
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
            let nothing = Scenario::quiet(question.home.clone(), question.year);
            let finding = (model.run)(world, &nothing, &ask(model.method, partners, &[("over", over)])?)?;
            done(over);
            Ok(finding)
        };
        let mut findings = Findings {
            accounts: measured("accounts")?,
            world_value_added: system.value_added(question.value_added)?.iter().sum(),
            trend,
            trend_is_residual,
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
        for finding in findings.each_mut() {
            world.sign(finding, &[question.year])?;
        }
        world.sign(&mut findings.trend, &years)?;
        world.sign(&mut findings.loops_trend, &years)?;
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
    value_added: ValueAdded,
    done: &(dyn Fn(&str) + Sync),
) -> Result<(Finding, Finding), Error> {
    let measures = [zili_exposure::measure("self-sufficiency")?, zili_exposure::measure("dual-circulation")?];
    let ask = |method: &Method| Params {
        home: question.home.clone(),
        partners: Vec::new(),
        year: question.year,
        value_added,
        options: Options::defaults(method),
    };
    let finding = zili_exposure::over_years(world, years, &|| done("years"), &|year| {
        let params = Params { year, ..ask(measures[0].method) };
        let mut both = (measures[0].run)(world, &params)?;
        let c = both.column("sector")?;
        both.rows.retain(|row| row[c].text() == "*");
        widen(&mut both, &(measures[1].run)(world, &params)?)?;
        Ok(vec![both])
    })?;
    let split = |names: &[&'static str], method: &Method| -> Result<Finding, Error> {
        let mut part = Finding::new(method, &ask(method));
        part.evidence.parameters = finding.evidence.parameters.clone();
        let chosen = names.iter().map(|name| finding.column(name)).collect::<Result<Vec<_>, _>>()?;
        part.columns = chosen.iter().map(|&c| finding.columns[c]).collect();
        part.rows = finding.rows.iter().map(|row| chosen.iter().map(|&c| row[c].clone()).collect()).collect();
        if value_added != question.value_added {
            part.note(format!(
                "value added is output less intermediate inputs in every year of this series, because most years publish no value-added row; {} here is therefore a little different from the year's own figure",
                question.when()
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
