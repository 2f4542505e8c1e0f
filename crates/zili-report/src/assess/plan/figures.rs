//! The figures of a plan: what is drawn of each table, and how.

use super::super::Figure;
use super::super::chain::graph;
use super::super::layered::lay_out;
use super::super::words::{in_text, in_title};
use super::tables;
use crate::Error;
use serde_json::{Map, Value, json};
use zili_plan::portfolio::METHOD;
use zili_plan::strategy::{Cut, Strategy, explain};
use zili_world::{Cell, Chain, Column, Finding, Options};

/// Names in the file with the titles that people read.
fn titles<'a>(pairs: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    Value::Object(pairs.map(|(name, title)| (name.clone(), json!(title))).collect::<Map<_, _>>()).to_string()
}

fn inputs(strategy: &Strategy) -> String {
    titles(strategy.inputs.iter().map(|input| (&input.name, &input.title)))
}

/// Programmes and levers over the years.
pub(super) fn gantt(finding: Finding, strategy: &Strategy) -> Figure {
    let levels: Vec<&str> = strategy.budgets.iter().map(|budget| budget.level.as_str()).collect();
    Figure {
        id: "plan-programmes".to_owned(),
        kind: "gantt",
        title: "What starts when".to_owned(),
        subtitle: "A bar from the start of a programme to the year in which it delivers, coloured by the level that pays most of it"
            .to_owned(),
        alt: "Bars over the years: programmes and levers that the plan starts, and how long each takes.".to_owned(),
        note: Some("Costs are over all years of a programme, not discounted. What it adds counts with the probability that it succeeds.".to_owned()),
        options: json!({"from": strategy.from, "years": strategy.years, "levels": levels.join("\n"), "names": inputs(strategy)}),
        finding,
    }
}

/// Money and people against what there is.
pub(super) fn means(finding: Finding, strategy: &Strategy) -> Figure {
    let names = strategy.skills.iter().map(|skill| (&skill.name, &skill.title));
    Figure {
        id: "plan-means".to_owned(),
        kind: "means",
        title: "Money and people against what there is".to_owned(),
        subtitle: "What the plan takes of each budget (million USD) and of each skill (people), year by year".to_owned(),
        alt: "Small bar charts of what the plan takes in each year, with a mark at what there is.".to_owned(),
        note: Some(
            "What there is has in it what levers and training add; what is left of a year counts in the next as far as it may be carried over (beyond the scale it is not marked)."
                .to_owned(),
        ),
        options: json!({"facet": "means", "x": "year", "used": "used", "limit_of": "limit", "carried": "carried", "kind_of": "kind",
            "names": titles(names)}),
        finding,
    }
}

/// Where every input comes from, case by case.
pub(super) fn supply(finding: Finding, strategy: &Strategy) -> Figure {
    let told = strategy.inputs.iter().map(|input| {
        let target = input.target.as_ref().map(|target| json!([target.share, target.by]));
        (input.name.clone(), json!({"title": input.title, "unit": input.unit, "target": target}))
    });
    Figure {
        id: "plan-supply".to_owned(),
        kind: "supply",
        title: "Where each input comes from".to_owned(),
        subtitle: "Share of demand that home makes, suppliers deliver, the reserve releases, and nobody meets".to_owned(),
        alt: "Stacked columns by year for every input: home, imports, reserve and unmet demand.".to_owned(),
        note: Some(
            "Self-reliance is what home could make, whether it pays to make it or not; the target is the strategy's own."
                .to_owned(),
        ),
        options: json!({"inputs": Value::Object(told.collect::<Map<_, _>>()).to_string()}),
        finding,
    }
}

/// The fan over the cases.
pub(super) fn covered(finding: Finding) -> Result<Figure, Error> {
    let expected = finding.column("expected")?;
    let known = finding.rows.iter().any(|row| row[expected].number().is_some());
    Ok(Figure {
        id: "plan-covered".to_owned(),
        kind: "paths",
        title: "How much of demand is met, over all cases".to_owned(),
        subtitle: "Shaded: from all of it down to the worst case with the plan; beside it the worst case without"
            .to_owned(),
        alt: "Line charts of the share of demand met, by input: worst case with the plan and without it.".to_owned(),
        note: Some("Each year's worst case is its own: scenarios, and the worst attack on what is built.".to_owned()),
        options: json!({"x": "year", "x_label": "Year", "facet": "input_name", "facet_code": "input", "y": "least",
            "y_label": "With the plan, at worst", "y2": "without", "y2_label": "Without it, at worst",
            "y3": known.then_some("expected"), "y3_label": "With it, to be expected", "baseline": 1, "limit": 12}),
        finding,
    })
}

/// The strategy's chain, coloured by the year in which the plan reaches an input.
pub(super) fn chain(finding: Finding, strategy: &Strategy, chain: &Chain) -> Figure {
    let (plan, links) = graph::plan(chain);
    let drawing = graph::drawing(chain, &plan, &links, &lay_out(&plan.columns, &links));
    Figure {
        id: "plan-chain".to_owned(),
        kind: "chain",
        title: format!("What the plan reaches along the chain: {}", in_title(&chain.title)),
        subtitle: "First year in which home has more of an input, or can do what it takes, than without the plan"
            .to_owned(),
        alt: "Layered graph of the chain, its inputs coloured by the year in which the plan reaches them.".to_owned(),
        note: None,
        options: json!({"graph": drawing.to_string(), "names": "{}", "home": strategy.home.name, "planned": "yes",
            "from": strategy.from, "years": strategy.years}),
        finding,
    }
}

/// The adversary before and after.
pub(super) fn attacks(finding: Finding, strategy: &Strategy) -> Figure {
    let moves = strategy.adversary.iter().flat_map(|adversary| &adversary.moves);
    let said = moves.map(|step| {
        let cuts: Vec<String> = step.cuts.iter().map(Cut::describe).collect();
        (step.name.clone(), json!(cuts.join("; ")))
    });
    Figure {
        id: "plan-attacks".to_owned(),
        kind: "attacks",
        title: "What the adversary can do, before the plan and after".to_owned(),
        subtitle: "Loss from the best sets of moves and from every move alone, over the years planned, discounted"
            .to_owned(),
        alt: "Paired bars: what each attack costs home without the plan and with it.".to_owned(),
        note: Some(
            "A move alone is shown even where the adversary could not afford it; sets are those that it can."
                .to_owned(),
        ),
        options: json!({"says": Value::Object(said.collect::<Map<_, _>>()).to_string(), "limit": 20}),
        finding,
    }
}

/// What it costs to do otherwise; none where that was not asked, or not reached in time.
pub(super) fn regret(mut finding: Finding) -> Result<Option<Figure>, Error> {
    let verdict = finding.column("verdict")?;
    if finding.rows.iter().all(|row| row[verdict].text().is_empty()) {
        return Ok(None);
    }
    let start = finding.column("start")?;
    // Of columns that another figure has, these rows need few.
    let kept: Vec<usize> = ["kind", "programme", "title", "start", "verdict", "regret", "regret_least"]
        .into_iter()
        .map(|name| finding.column(name))
        .collect::<Result<_, _>>()?;
    let funded = |row: &[Cell]| row[start].number().is_some();
    finding.rows.sort_by_key(|row| !funded(row));
    finding.columns = kept.iter().map(|&c| finding.columns[c]).collect();
    for row in &mut finding.rows {
        *row = kept.iter().map(|&c| row[c].clone()).collect();
    }
    Ok(Some(Figure {
        id: "plan-regret".to_owned(),
        kind: "regret",
        title: "Why funded, why not".to_owned(),
        subtitle: "What the best plan without a funded programme costs more, and the best one with a programme that is not funded"
            .to_owned(),
        alt: "Bars of the regret of doing otherwise with each programme and lever, with a verdict.".to_owned(),
        note: Some("Must-have: every plan without it costs over 5 % more than this one. Never: every plan with it does. Option: neither is proven; a value of nothing or less means that the other plan is as good, within the gap.".to_owned()),
        options: json!({"limit": 25}),
        finding,
    }))
}

/// What the plan and foresight are worth.
pub(super) fn value(finding: Finding) -> Figure {
    Figure {
        id: "plan-value".to_owned(),
        kind: "bars",
        title: "What the plan and foresight are worth".to_owned(),
        subtitle: "Million USD, discounted to the first year; what each measure says stands in the table".to_owned(),
        alt: "Bars of what the plan costs, what follows without it, and what caution, foresight and waiting cost."
            .to_owned(),
        note: Some(
            "Cost: of the plan and of what follows. Price of caution: what the plan costs more than the best one if nothing happens. Cost of not foreseeing: what a plan made as if nothing could happen costs more; cost of waiting: the same, changed as soon as something can happen."
                .to_owned(),
        ),
        options: json!({"label": "measure", "code": "measure", "value": "value"}),
        finding,
    }
}

/// What each degree of self-reliance costs.
pub(super) fn frontier(finding: Finding) -> Figure {
    Figure {
        id: "plan-frontier".to_owned(),
        kind: "paths",
        title: "Self-reliance against its cost".to_owned(),
        subtitle: "Plans that may spend less than the best one, and plans that must reach more than it does".to_owned(),
        alt: "Two lines over self-reliance: what plans cost, and what they save of what would follow without any."
            .to_owned(),
        note: Some(
            "Million USD, discounted. Where the line of what is saved rises less than that of what is spent, more self-reliance costs more than it saves: from the best plan on. Self-reliance is of the last year, inputs weighted by what going without them would cost."
                .to_owned(),
        ),
        options: json!({"x": "reliance", "x_label": "Self-reliance in the last year", "facet": "home", "y": "saved",
            "y_label": "Saved", "y2": "spent", "y2_label": "Spent"}),
        finding,
    }
}

/// What the plan hangs on.
pub(super) fn sensitivity(mut finding: Finding) -> Result<Figure, Error> {
    let (numbers, of) = (finding.column("numbers")?, finding.column("of")?);
    finding.columns.push(Column::text("group", "Group", "numbers and whose"));
    for row in &mut finding.rows {
        let group = format!("{}: {}", row[numbers].text(), row[of].text());
        row.push(Cell::from(group));
    }
    Ok(Figure {
        id: "plan-sensitivity".to_owned(),
        kind: "bars",
        title: "What the plan hangs on".to_owned(),
        subtitle: "Swing of the best plan's cost, million USD, if a group of numbers is a fifth smaller or larger".to_owned(),
        alt: "Bars of the swing in cost by group of numbers, the largest first.".to_owned(),
        note: Some(
            "The plan is made anew each time. Which programmes enter (+) and leave (−) stands in the table; swings below the gap of the plan are not told from nothing."
                .to_owned(),
        ),
        options: json!({"label": "group", "code": "group", "value": "swing", "limit": 20, "noun": "groups"}),
        finding,
    })
}

/// On whose word it all stands.
pub(super) fn numbers(strategy: &Strategy, options: &Options) -> Vec<Figure> {
    let explanation = explain::explain(strategy);
    let mut begun = strategy.begun(&METHOD, options);
    begun.evidence.title = "Numbers of the strategy, counted by where they are from".to_owned();
    begun.evidence.method = "plan explain".to_owned();
    begun.evidence.equation.clear();
    begun.evidence.citation.clear();
    begun.evidence.parameters.truncate(2);
    let home = in_text(&strategy.home.name);
    vec![
        Figure {
            id: "plan-numbers".to_owned(),
            kind: "stack",
            title: "On whose word: sourced and assumed numbers".to_owned(),
            subtitle: format!("Numbers of the strategy for {home}, by where they are from"),
            alt: "One bar that divides the strategy's numbers into sourced and assumed ones.".to_owned(),
            note: None,
            options: json!({"label": "source", "value": "numbers", "share": "share", "group": "word"}),
            finding: tables::counts(&begun, &explanation),
        },
        Figure {
            id: "plan-assumptions".to_owned(),
            kind: "list",
            title: "The assumptions, one by one".to_owned(),
            subtitle: "Whoever knows better changes the file, and asks again".to_owned(),
            alt: "Table of the strategy's assumptions.".to_owned(),
            note: None,
            options: json!({}),
            finding: tables::assumptions(&begun, &explanation),
        },
    ]
}
