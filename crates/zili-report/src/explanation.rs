//! What a scenario removes, as text for a terminal.

use crate::format::{days, money, percent};
use crate::terminal::wrap;
use zili_scenario::Explanation;
use zili_scenario::explain::{ControlEffect, DisruptionEffect, ResponseEffect};
use zili_world::Unit;

/// Headings and short sentences, no line longer than `width`; amounts are in the unit of the world.
pub fn text(explanation: &Explanation, unit: &Unit, width: usize) -> String {
    let e = explanation;
    let mut page = Page { width, text: String::new() };
    page.line(&e.name);
    if !e.description.is_empty() {
        page.line(&e.description);
    }
    let start = e.start.as_ref().map(|start| format!(", day 0 is {start}")).unwrap_or_default();
    page.line(&format!(
        "Home: {} ({}). Table of {}. {} days played in steps of {}{start}.",
        e.home_name,
        e.home,
        e.year,
        days(e.horizon_days),
        days(e.step_days)
    ));
    page.section("Controls", e.controls.iter().map(|c| control(c, unit)));
    page.section("Disruptions", e.disruptions.iter().map(|d| disruption(d, unit)));
    page.section("Responses", e.responses.iter().map(|r| response(r, unit)));
    page.section("Assumptions", e.assumptions.iter().map(|line| (sentence(line), Vec::new())));
    page.section("Not on a table", e.ignored.iter().map(|line| (sentence(line), Vec::new())));
    page.line("");
    page.line("Amounts are flows of the table's year, before anyone adapts. What follows from them is for the models.");
    page.text
}

/// A heading line and what is said under it.
type Entry = (String, Vec<String>);

fn control(c: &ControlEffect, unit: &Unit) -> Entry {
    let kind = if c.retaliation { "Retaliation: " } else { "" };
    let both = c.inputs_musd_a_year + c.final_use_musd_a_year;
    let mut said = vec![format!(
        "At full force it removes {} a year: {} of inputs, {} of final use.",
        money(both, unit),
        money(c.inputs_musd_a_year, unit),
        money(c.final_use_musd_a_year, unit)
    )];
    let part = |share: Option<f64>, of: &str| share.map(|share| format!("{} of {of}", percent(share)));
    let inputs =
        [part(c.share_of_these_inputs, "its inputs of these products"), part(c.share_of_all_inputs, "all its inputs")];
    let finals = [part(c.share_of_this_final_use, "its final use of these products")];
    let losses = [
        ("inputs", c.side_inputs_musd_a_year, inputs.as_slice()),
        ("final use", c.side_final_use_musd_a_year, finals.as_slice()),
    ];
    for (what, musd, shares) in losses {
        let shares: Vec<&str> = shares.iter().flatten().map(String::as_str).collect();
        if musd != 0.0 && !shares.is_empty() {
            said.push(format!(
                "{} loses {what} of {} a year: {}.",
                c.denied_side,
                money(musd, unit),
                shares.join(", ")
            ));
        }
    }
    said.push(format!(
        "In force for {} days; {} over the days played.",
        days(c.days_in_force),
        money(c.total_musd, unit)
    ));
    (format!("{kind}{}", c.what), said)
}

fn disruption(d: &DisruptionEffect, unit: &Unit) -> Entry {
    let mut said = Vec::new();
    if let Some(base) = d.base_musd_a_year {
        said.push(match d.lost_musd_a_year {
            Some(lost) if lost < 0.0 => {
                format!("Hits {} a year, and adds {} to it.", money(base, unit), money(-lost, unit))
            }
            Some(lost) => {
                format!("Hits {} a year, of which {} is lost at full size.", money(base, unit), money(lost, unit))
            }
            None => format!("Hits industries with an output of {} a year.", money(base, unit)),
        });
    }
    said.push(format!("At full size for {} days; recovery {}.", days(d.days_at_full_size), d.recovery));
    (sentence(&d.what), said)
}

fn response(r: &ResponseEffect, unit: &Unit) -> Entry {
    let stock = r.stock_musd.map(|musd| format!("Worth {}.", money(musd, unit)));
    let shifted = r.shifted_musd_a_year.map(|musd| format!("At most {} a year.", money(musd, unit)));
    let days = format!("In force for {} days.", days(r.days_in_force));
    (sentence(&r.what), vec![stock.or(shifted).into_iter().chain([days]).collect::<Vec<_>>().join(" ")])
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

struct Page {
    width: usize,
    text: String,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.indented(text, 0);
    }

    fn indented(&mut self, text: &str, by: usize) {
        let wrapped = wrap(text, self.width.saturating_sub(by));
        let mut lines = wrapped.lines().peekable();
        if lines.peek().is_none() {
            self.text.push('\n');
        }
        lines.for_each(|line| self.text += &format!("{:by$}{line}\n", ""));
    }

    fn section(&mut self, heading: &str, entries: impl Iterator<Item = Entry>) {
        for (k, (what, said)) in entries.enumerate() {
            if k == 0 {
                self.line("");
                self.line(heading);
            }
            self.indented(&what, 2);
            said.iter().for_each(|line| self.indented(line, 4));
        }
    }
}
