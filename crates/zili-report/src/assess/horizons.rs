//! The chapter of every horizon: what the scenario costs in weeks, in a year, in the end, whom, and on what that hangs.

use super::{Figure, Question, Section};
use crate::Error;
use crate::format::percent;
use serde_json::json;
use std::collections::BTreeSet;
use zili_scenario::Scenario;
use zili_shock::horizons::study::Study;
use zili_shock::horizons::{self, drivers};
use zili_shock::severity_curve;
use zili_world::{Cell, Finding, Method, Options, Params, Quiet, Watch, World};

/// The chapter; none without a scenario that denies something of the table.
pub(super) fn chapter(world: &World, question: &Question, watch: &dyn Watch) -> Result<Option<Section>, Error> {
    let Some(scenario) = question.scenarios.first() else { return Ok(None) };
    if scenario.controls_on_table().is_empty() {
        return Ok(None);
    }
    let draws = question.draws.to_string();
    let asked = params(world, question, scenario, &horizons::METHOD, &[("draws", &draws)])?;
    let study = match horizons::asked(world, scenario, &asked, &Quiet(watch)) {
        Ok(study) => study,
        // The first weeks have a chapter of their own.
        Err(zili_shock::Error::NoEquilibrium(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    watch.next()?;
    let sign = |mut finding: Finding| -> Result<Finding, Error> {
        world.sign(&mut finding)?;
        Ok(finding)
    };
    let all = sign(named(horizons::finding(&study, scenario, &asked))?)?;
    let lead = lead(&study, scenario);
    let mut figures = vec![side_by_side(all)];
    let asked = params(world, question, scenario, &severity_curve::METHOD, &[])?;
    figures.push(curve(sign(severity_curve::run(world, scenario, &asked, &Quiet(watch))?)?));
    let asked = params(world, question, scenario, &drivers::METHOD, &[("draws", &draws)])?;
    figures.push(hangs_on(sign(of_home(drivers::finding(&study, scenario, &asked))?)?));
    figures.retain(|figure| !figure.finding.rows.is_empty());
    watch.next()?;
    Ok(Some(Section {
        id: "horizons".to_owned(),
        title: format!("From weeks to decades: {}", scenario.name),
        lead,
        figures,
    }))
}

fn params(
    world: &World,
    question: &Question,
    scenario: &Scenario,
    method: &Method,
    set: &[(&str, &str)],
) -> Result<Params, Error> {
    Ok(Params {
        home: question.home.clone(),
        partners: Vec::new(),
        year: scenario.year,
        value_added: if scenario.year == question.year {
            question.value_added
        } else {
            world.value_added_basis(&[scenario.year])?
        },
        options: Options::parse(method, set.iter().copied())?,
    })
}

/// Who and when in one cell, for the labels of a chart.
fn named(mut finding: Finding) -> Result<Finding, Error> {
    let (role, regions) = (finding.column("role")?, finding.column("regions")?);
    for row in &mut finding.rows {
        let who = match row[role].text() {
            "home" => row[regions].text().to_owned(),
            role => role.to_owned(),
        };
        row[role] = Cell::from(who);
    }
    Ok(finding)
}

/// Only home's rows.
fn of_home(mut finding: Finding) -> Result<Finding, Error> {
    let role = finding.column("role")?;
    finding.rows.retain(|row| row[role].text() == "home");
    Ok(finding)
}

fn lead(study: &Study, scenario: &Scenario) -> String {
    let models: BTreeSet<&str> = study.lines.iter().map(|line| line.model).collect();
    let mut text = match models.len() {
        1 => format!("{} by one model. ", scenario.name),
        several => format!(
            "The same scenario by {several} models, each for its own time: {}. They are not one model, and where they disagree they are about different times. ",
            scenario.name
        ),
    };
    let told: Vec<String> = study
        .lines
        .iter()
        .map(|line| format!("{} {}", percent(line.outcomes[0].lost / line.outcomes[0].base), line.when_in_text()))
        .collect();
    if study.actors.first().is_some_and(|actor| actor.role == "home") {
        text += &format!("Home loses {}. ", told.join(", "));
    }
    if !study.notes.is_empty() {
        text += &format!("Without an answer: {}. ", study.notes.join("; "));
    }
    text.trim_end().to_owned()
}

fn side_by_side(finding: Finding) -> Figure {
    Figure {
        id: "horizons-losses".to_owned(),
        kind: "intervals",
        title: "What is lost, by when and by whom".to_owned(),
        subtitle: "Share of value added of that time, or of a year's real spending; lines from 5 to 95 % of what may be".to_owned(),
        alt: "Losses of home, of those who deny and of others at each horizon, with intervals.".to_owned(),
        note: Some("Right of zero a loss. Intervals cover severities and elasticities that were drawn, not what the models leave out.".to_owned()),
        options: json!({"group": "role", "label": "when", "value": "loss", "low": "low", "high": "high"}),
        finding,
    }
}

fn curve(finding: Finding) -> Figure {
    Figure {
        id: "horizons-severity".to_owned(),
        kind: "line",
        title: "Who loses more, by severity".to_owned(),
        subtitle: "Real income lost in the long run when every denial has the same severity".to_owned(),
        alt: "Lines of what the denied and the deniers lose, from a tenth of severity to all.".to_owned(),
        note: None,
        options: json!({"x": "severity", "series": [
            {"column": "denied_loss", "label": "The denied"},
            {"column": "deniers_loss", "label": "Deniers"},
        ]}),
        finding,
    }
}

fn hangs_on(finding: Finding) -> Figure {
    Figure {
        id: "horizons-drivers".to_owned(),
        kind: "table",
        title: "What home's loss hangs on".to_owned(),
        subtitle: "Share of the spread of each answer that goes away if the number were known (Sobol indices)"
            .to_owned(),
        alt: "Table of first-order and total Sobol indices by horizon.".to_owned(),
        note: None,
        options: json!({}),
        finding,
    }
}
