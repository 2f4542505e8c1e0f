//! What a plan says in words.

use super::super::Headline;
use super::super::words::{counted, in_title, listed};
use crate::Error;
use crate::format::{musd, percent};
use zili_plan::portfolio::Planned;
use zili_plan::portfolio::planned::Opponent;
use zili_plan::{Error as Refusal, Strategy};
use zili_world::{Cell, Finding};

/// Programmes named in a sentence.
const NAMED: usize = 3;

/// What the tables of a plan say, counted.
pub(super) struct Told {
    opponent: Opponent,
    /// Programmes and levers that are started.
    programmes: usize,
    levers: usize,
    /// Titles and years of the first that start.
    first: Vec<(String, i64)>,
    /// Of all that is started, not discounted.
    spent: f64,
    /// The plan's cost with what follows, what no plan costs less than, and the distance between them as a share.
    cost: f64,
    bound: f64,
    gap: f64,
    /// Iterations after which it was stopped.
    stopped: Option<u64>,
    /// What follows where nothing is started.
    nothing: Option<f64>,
    /// The worst attack: loss where nothing is started, loss with the plan, and the moves of it against the plan.
    worst: Option<(f64, f64, String)>,
}

impl Told {
    pub fn of(
        planned: &Planned,
        programmes: &Finding,
        value: &Finding,
        attacks: Option<&Finding>,
    ) -> Result<Self, Error> {
        let at = |name: &str| programmes.column(name);
        let (kind, title, start, cost) = (at("kind")?, at("title")?, at("start")?, at("cost")?);
        let started: Vec<&Vec<Cell>> = programmes.rows.iter().filter(|row| row[start].number().is_some()).collect();
        let of_kind = |wanted: &str| started.iter().filter(|row| row[kind].text() == wanted).count();
        let projects = started.iter().filter(|row| row[kind].text() == "programme");
        let named = projects.filter_map(|row| Some((row[title].text().to_owned(), row[start].number()? as i64)));
        let (measure, worth) = (value.column("measure")?, value.column("value")?);
        let nothing = value.rows.iter().find(|row| row[measure].text() == "without any plan");
        let found = &planned.found;
        Ok(Self {
            opponent: planned.opponent,
            programmes: of_kind("programme"),
            levers: of_kind("lever"),
            first: named.take(NAMED).collect(),
            spent: started.iter().filter_map(|row| row[cost].number()).sum(),
            cost: found.cost,
            bound: found.bound,
            gap: found.gap(),
            stopped: found.stopped.then_some(planned.iterations),
            nothing: nothing.and_then(|row| row[worth].number()),
            worst: attacks.map_or(Ok(None), worst)?,
        })
    }

    /// What starts, what it costs, what it averts, how good it is, and on how many assumptions it stands.
    pub fn lead(&self, strategy: &Strategy) -> String {
        let mut text = described(strategy);
        text += &format!("Made against {}, the plan starts {}", self.opponent.words(), self.started(strategy));
        text += &format!(" for {} in all, not discounted. ", musd(self.spent));
        if let Some((before, after, moves)) = &self.worst {
            text +=
                &format!("The worst attack would cost {} without it and costs {} with it", musd(*before), musd(*after));
            text += &if moves.is_empty() { ". ".to_owned() } else { format!(" ({moves}). ") };
        }
        if let Some(nothing) = self.nothing {
            text += &format!(
                "With all that follows it comes to {} discounted, against {} where nothing is started: it is worth {}. ",
                musd(self.cost),
                musd(nothing),
                musd(nothing - self.cost)
            );
        }
        text += &format!("No plan costs less than {} (gap {}). ", musd(self.bound), percent(self.gap));
        if let Some(iterations) = self.stopped {
            text += &format!("The search was ended after {iterations} iterations: a better plan may exist. ");
        }
        text + &assumed(strategy)
    }

    fn started(&self, strategy: &Strategy) -> String {
        let programmes = format!("{} of {}", self.programmes, counted(strategy.programmes.len(), "programme"));
        match strategy.levers.len() {
            0 => programmes,
            all => format!("{programmes} and {} of {}", self.levers, counted(all, "lever")),
        }
    }

    /// For the first screen.
    pub fn sentence(&self, strategy: &Strategy) -> String {
        let first: Vec<String> =
            self.first.iter().map(|(title, year)| format!("{} ({year})", in_title(title))).collect();
        let more = if self.programmes > first.len() { "first of all " } else { "" };
        let what = match first.is_empty() {
            true => "no programme is worth its cost".to_owned(),
            false => format!("{more}{}; {} for {}", listed(&first), self.started(strategy), musd(self.spent)),
        };
        let averted = match &self.worst {
            Some((before, after, _)) => {
                format!(", which takes the worst attack from {} to {}", musd(*before), musd(*after))
            }
            None => String::new(),
        };
        format!("What to build first, by the strategy “{}”: {what}{averted}.", strategy.name)
    }

    pub fn headline(&self) -> Option<Headline> {
        let nothing = self.nothing?;
        Some(Headline {
            label: "Worth of the plan".to_owned(),
            value: musd(nothing - self.cost),
            detail: format!(
                "{} with it and all that follows, {} where nothing is started",
                musd(self.cost),
                musd(nothing)
            ),
            figure: "plan-programmes".to_owned(),
            told: false,
        })
    }
}

/// The worst sets of moves: loss without the plan of the first, loss with it and moves of the second.
fn worst(attacks: &Finding) -> Result<Option<(f64, f64, String)>, Error> {
    let at = |name: &str| attacks.column(name);
    let (attack, moves, before, after) = (at("attack")?, at("moves")?, at("before")?, at("after")?);
    let row = |name: &str| attacks.rows.iter().find(|row| row[attack].text() == name);
    let (Some(without), Some(with)) = (row("worst without the plan"), row("worst against the plan")) else {
        return Ok(None);
    };
    let losses = without[before].number().zip(with[after].number());
    Ok(losses.map(|(before, after)| (before, after, with[moves].text().to_owned())))
}

/// The file's own words, as sentences.
fn described(strategy: &Strategy) -> String {
    let text = strategy.description.trim();
    if text.is_empty() { String::new() } else { format!("{text} ") }
}

fn assumed(strategy: &Strategy) -> String {
    let all = strategy.figures.len();
    match strategy.assumed() {
        0 => format!("All {all} numbers of the strategy have a source."),
        assumed if assumed == all => format!("All {all} numbers of the strategy are assumptions."),
        assumed => format!("{assumed} of the strategy's {all} numbers are assumptions."),
    }
}

/// The lead where there is no plan to show.
pub(super) fn refused(strategy: &Strategy, refusal: &Refusal) -> String {
    let why = match refusal {
        Refusal::OutOfIterations(iterations) => format!(
            "No plan was found in {iterations} iterations; zili plan run gives it more with --set iterations=N, or a wider gap"
        ),
        other => super::super::words::capital(&other.to_string()),
    };
    format!("{}{why}. {}", described(strategy), assumed(strategy))
}

pub(super) fn caveat(strategy: &Strategy) -> String {
    format!(
        "A plan is as good as the numbers of its strategy, which are no part of the table. {} People decide: compare plans by it, do not take it for a forecast.",
        assumed(strategy)
    )
}
