//! The chapter of a strategy: which programmes to start when, with which means, against what, and why.

mod figures;
mod tables;
mod words;

use super::words::counted;
use super::{Figure, Headline, Origin, Question, Section};
use crate::Error;
use words::Told;
use zili_plan::portfolio::{self, Planned};
use zili_plan::{Error as Refusal, Strategy};
use zili_world::{Finding, Options, Quiet, Source, Watch, World};

/// Id of the strategy among the page's sources.
const SOURCE: &str = "strategy";
/// A report is for reading, not for the last per cent: share by which its plan may cost more than the best, and iterations of the simplex method for it.
const GAP: &str = "0.01";
const ITERATIONS: &str = "2000000";
/// Iterations for every further question: why funded, what foresight is worth.
const ITERATIONS_AFTER: u64 = 1_000_000;
/// Share by which a plan may cost more than the best and still count as an alternative.
const NEAR: &str = "0.05";

/// The chapter, and what it adds to the first screen.
pub(super) struct Chapter {
    pub section: Section,
    pub headline: Option<Headline>,
    pub sentence: Option<String>,
    pub origin: Origin,
    pub caveat: String,
}

/// Nothing where the question has no strategy. Where no plan is possible, or none was found in time, the chapter says so.
pub(super) fn chapter(world: &World, question: &Question, watch: &dyn Watch) -> Result<Option<Chapter>, Error> {
    let Some(strategy) = &question.strategy else { return Ok(None) };
    let options = options(&[("gap", GAP), ("iterations", ITERATIONS)])?;
    let answer = portfolio::plan(strategy, &options, &[], &Quiet(watch));
    watch.next()?;
    let (lead, mut figures, told) = match answer {
        Ok(planned) => {
            let (figures, told) = of_plan(world, strategy, planned, &options, watch)?;
            (told.lead(strategy), figures, Some(told))
        }
        Err(refusal @ (Refusal::Infeasible(_) | Refusal::OutOfIterations(_))) => {
            (words::refused(strategy, &refusal), Vec::new(), None)
        }
        Err(refusal) => return Err(refusal.into()),
    };
    watch.next()?;
    figures.extend(figures::numbers(strategy, &options));
    figures.retain(|figure| !figure.finding.rows.is_empty());
    figures.iter_mut().for_each(|figure| sourced(&mut figure.finding, strategy));
    let section =
        Section { id: "plan".to_owned(), title: format!("What to build first: {}", strategy.name), lead, figures };
    Ok(Some(Chapter {
        section,
        headline: told.as_ref().and_then(Told::headline),
        sentence: told.as_ref().map(|told| told.sentence(strategy)),
        origin: origin(strategy),
        caveat: words::caveat(strategy),
    }))
}

/// Figures of a plan, and what they say.
fn of_plan(
    world: &World,
    strategy: &Strategy,
    mut planned: Planned,
    options: &Options,
    watch: &dyn Watch,
) -> Result<(Vec<Figure>, Told), Error> {
    let supply = portfolio::supply::finding(&planned, options);
    let means = portfolio::means::finding(&planned, options);
    let attacks = match strategy.adversary {
        Some(_) => Some(portfolio::attacks::finding(&planned, options)?),
        None => None,
    };
    let mut programmes = portfolio::finding(&planned, options, watch)?;
    // What comes after has work of its own, and what is said of the plan's stays.
    let given = std::mem::replace(&mut planned.iterations, ITERATIONS_AFTER);
    let mut value = portfolio::value::finding(&planned, options, watch)?;
    value.evidence.notes.clone_from(&means.evidence.notes);
    value.note(format!("the other plans that it is compared with had {ITERATIONS_AFTER} iterations each"));
    let mut frontier = portfolio::frontier::finding(&planned, options, watch)?;
    let mut sensitivity = portfolio::sensitivity::finding(&planned, options, watch)?;
    for finding in [&mut frontier, &mut sensitivity] {
        finding.note(format!("the plans beside the best one had {ITERATIONS_AFTER} iterations together"));
    }
    // Why funded is asked of a plan that is known to be near the best one: else its regrets mean little.
    if !planned.found.stopped {
        let asked = self::options(&[("gap", GAP), ("iterations", ITERATIONS), ("near", NEAR)])?;
        programmes = portfolio::finding(&planned, &asked, watch)?;
        programmes.note(format!(
            "verdicts and regrets had {ITERATIONS_AFTER} iterations together; one that is missing was not reached"
        ));
    }
    planned.iterations = given;
    let told = Told::of(&planned, &programmes, &value, attacks.as_ref())?;
    let programmes = tables::with_payers(programmes, &planned)?;
    let covered = tables::covered(&supply, strategy)?;
    let mut found = vec![figures::gantt(programmes.clone(), strategy), figures::means(means, strategy)];
    found.push(figures::supply(supply, strategy));
    found.push(figures::covered(covered)?);
    // One that is not at hand was warned of when the strategy was read.
    if let Some(chain) = strategy.chain.as_ref().and_then(|name| world.chain(name).ok()) {
        found.push(figures::chain(tables::reached(&programmes, &planned, chain), strategy, chain));
    }
    found.extend(attacks.map(|attacks| figures::attacks(attacks, strategy)));
    found.extend(figures::regret(programmes)?);
    found.extend([figures::frontier(frontier), figures::sensitivity(sensitivity)?, figures::value(value)]);
    Ok((found, told))
}

fn options(given: &[(&str, &str)]) -> Result<Options, Error> {
    Ok(Options::parse(&portfolio::METHOD, given.iter().copied())?)
}

/// The years planned, and the strategy as the one source: what it cites in turn stands there.
fn sourced(finding: &mut Finding, strategy: &Strategy) {
    finding.evidence.sources = vec![SOURCE.to_owned()];
    finding.parameter("years", format!("{}..{}", strategy.from, strategy.from + strategy.years as i32 - 1));
}

/// Where the plan's numbers are from.
fn origin(strategy: &Strategy) -> Origin {
    let reference = |source: &zili_plan::strategy::Source| {
        let year = source.year.map(|year| format!(", {year}")).unwrap_or_default();
        let url = if source.url.is_empty() { String::new() } else { format!(", {}", source.url) };
        format!("{}: {}, {}{year}{url}", source.id, source.title, source.publisher)
    };
    Origin {
        source: Source {
            id: SOURCE.to_owned(),
            title: format!("Strategy: {}", strategy.name),
            publisher: match strategy.sources.len() {
                0 => "assumptions only".to_owned(),
                count => format!("{} cited in it", counted(count, "source")),
            },
            edition: String::new(),
            licence: "that of the strategy file".to_owned(),
            citation: strategy.description.clone(),
            changes: String::new(),
        },
        file: None,
        sha256: String::new(),
        references: strategy.sources.iter().map(reference).collect(),
    }
}
