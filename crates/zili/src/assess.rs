//! `zili assess`: the main job.

use crate::args::{AssessArgs, Common};
use crate::asking;
use crate::failure::Failure;
use crate::output;
use crate::watching::Terminal;
use crate::{scenario, strategy};
use std::path::{Path, PathBuf};
use zili_engine::{Engine, Names, Years};
use zili_plan::Strategy;
use zili_report::assess::{Assessment, Question, assess};
use zili_report::{folder, terminal};
use zili_scenario::Scenario;
use zili_world::{Bloc, Watch};

pub fn run(common: &Common, engine: &Engine, args: AssessArgs) -> Result<(), Failure> {
    let context = asking::names(common, engine, &args.world)?;
    let home = context.bloc(&args.home)?;
    let year = context.one_year(args.year.map(Years::One).as_ref())?;
    let words: Vec<String> = args.bloc.into_iter().chain(args.partner).collect();
    let focus = match words.is_empty() {
        true => None,
        false => {
            let coalition = context.coalition(&words)?;
            let own = || Failure::Usage(format!("{} is home itself, not a partner", coalition.code));
            Some(coalition.without(&home).ok_or_else(own)?)
        }
    };
    let classification = context.world.classification();
    let known = context.book.all(classification)?;
    let strategy = args.strategy.map(|path| strategy_of(common, &context, &path, &home)).transpose()?;
    let question = Question {
        blocs: known.iter().filter_map(|bloc| bloc.without(&home)).collect(),
        value_added: context.value_added(args.world.value_added.into(), &[year])?,
        home,
        focus,
        year,
        scenarios: scenarios(common, &context, &args.scenario)?,
        draws: args.draws,
        strategy,
    };
    // Thirteen findings, each year of the series, three findings a chain, minerals, three of products and technology, and two of a plan.
    let earlier = context.world.earlier()?.filter(|world| question.home.within(world.classification()).is_some());
    let years = context.world.years().len() + earlier.map_or(0, |world| world.years().len());
    let chains = context.world.chains().count();
    let steps = 17
        + years
        + 3 * chains
        + 3 * usize::from(!question.scenarios.is_empty())
        + 2 * usize::from(question.strategy.is_some());
    let watch = Terminal::new(common, "assessing");
    watch.begin("assessing", steps as u64);
    let assessment = assess(&context.world, &question, &watch)?;
    folder::write(&context.world, &assessment, &args.out)?;
    watch.finish();
    output::to_stdout(screen(&assessment).as_bytes())?;
    if let Some(note) = context.world.errors_note() {
        output::message(common, &terminal::wrap(&format!("Note: {note}."), output::width().min(100)));
    }
    output::message(common, &format!("Report: {}", args.out.join("report.html").display()));
    Ok(())
}

/// Scenario files, with what they warn of.
fn scenarios(common: &Common, context: &Names, files: &[PathBuf]) -> Result<Vec<Scenario>, Failure> {
    let mut scenarios = Vec::new();
    for path in files {
        let reading = scenario::read(path, &context.world, &context.book)?;
        scenario::warn(common, &reading);
        scenarios.push(reading.scenario);
    }
    Ok(scenarios)
}

/// A strategy file; whose plan it is must be who is asked about.
fn strategy_of(common: &Common, context: &Names, path: &Path, home: &Bloc) -> Result<Strategy, Failure> {
    let strategy = strategy::read(common, path, context)?;
    let members = |bloc: &Bloc| {
        let mut members: Vec<String> = bloc.members.iter().map(|code| code.to_string()).collect();
        members.sort();
        members
    };
    if members(&strategy.home) != members(home) {
        let (whose, code, asked) = (&strategy.home.name, &strategy.home.code, &home.code);
        return Err(Failure::Usage(format!(
            "{}: the strategy is for {whose}, the report for {asked}; ask zili assess {code}, or give a strategy with home = \"{asked}\"",
            path.display()
        )));
    }
    Ok(strategy)
}

/// One screen: the answer in words, then the headline figures that it has not said.
fn screen(assessment: &Assessment) -> String {
    let width = output::width().min(100);
    let question = &assessment.question;
    let mut text = format!("{} ({}), {}\n\n", question.home.name, question.home.code, question.when());
    for sentence in &assessment.summary {
        text += &format!("{}\n", terminal::wrap(sentence, width));
    }
    text.push('\n');
    let shown = || assessment.headlines.iter().filter(|headline| !headline.told);
    let label = shown().map(|h| h.label.chars().count()).max().unwrap_or(0);
    let value = shown().map(|h| h.value.chars().count()).max().unwrap_or(0);
    for headline in shown() {
        let detail = terminal::wrap(&headline.detail, width.saturating_sub(label + value + 4).max(20));
        for (k, line) in detail.lines().enumerate() {
            let (l, v) = if k == 0 { (headline.label.as_str(), headline.value.as_str()) } else { ("", "") };
            text += format!("{l:<label$}  {v:>value$}  {line}\n").trim_end();
            text.push('\n');
        }
    }
    text
}
