//! A strategy in words and small tables, for a terminal.

use crate::format::{musd, number as decimals, percent, separated};
use crate::terminal::wrap;
use zili_plan::strategy::explain::{Assumption, Explanation, Figures, Fundable, Wanted};

/// Headings, sentences and tables, no line longer than `width`.
pub fn text(e: &Explanation, width: usize) -> String {
    let mut page = Page { width, text: String::new() };
    page.say(&e.name, 0);
    if !e.description.is_empty() {
        page.say(&e.description, 0);
    }
    let chain = e.chain.as_ref().map(|chain| format!(" Inputs of the chain {chain}.")).unwrap_or_default();
    let home = if e.home == e.home_name { e.home.clone() } else { format!("{} ({})", e.home_name, e.home) };
    page.say(
        &format!("Home: {home}. Years {} to {}, discounted at {} a year.{chain}", e.from, e.until, percent(e.discount)),
        0,
    );
    wanted(&mut page, e);
    suppliers(&mut page, &e.inputs);
    programmes(&mut page, &e.programmes);
    levers(&mut page, e);
    means(&mut page, e);
    denials(&mut page, e);
    figures(&mut page, &e.figures);
    page.text
}

/// Without decimals where there are none.
fn number(value: f64) -> String {
    if value.fract() == 0.0 { separated(value, 0) } else { decimals(value) }
}

fn share(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{} %", separated(100.0 * value, 0)))
}

fn wanted(page: &mut Page, e: &Explanation) {
    page.heading("What is wanted");
    let rows = e.inputs.iter().map(|input| {
        let target = input.target.as_ref().map_or(String::new(), |target| {
            format!("{} by {}{}", share(Some(target.share)), target.by, if target.must { "!" } else { "" })
        });
        let demand = match input.demand_first == input.demand_last {
            true => number(input.demand_first),
            false => format!("{} → {}", number(input.demand_first), number(input.demand_last)),
        };
        vec![
            input.name.clone(),
            demand,
            input.unit.clone(),
            share(input.home_first),
            share(input.with_all_programmes),
            target,
        ]
    });
    page.table(&["input", "demand a year", "unit", "home now", "with all", "target"], &[1, 3, 4], rows.collect());
    page.say("Home now and, in the last year, with every programme of the file: capacity as a share of demand. A target with ! is a must.", 2);
    for input in &e.inputs {
        let mut also = Vec::new();
        if let Some(most) = input.reserve_most {
            also.push(format!("up to {} may be held in reserve", number(most)));
        }
        if input.expandable {
            also.push("capacity can be bought by the unit".to_owned());
        }
        if !also.is_empty() {
            page.say(&format!("{}: {}.", input.name, also.join("; ")), 2);
        }
    }
    let mut by_loss: Vec<&Wanted> = e.inputs.iter().collect();
    by_loss.sort_by(|a, b| b.loss_of_all_musd.total_cmp(&a.loss_of_all_musd));
    if let Some(most) = by_loss.first() {
        page.say(
            &format!("A first year without any {} would cost most: {}.", most.name, musd(most.loss_of_all_musd)),
            2,
        );
    }
}

fn suppliers(page: &mut Page, inputs: &[Wanted]) {
    let rows: Vec<Vec<String>> = inputs
        .iter()
        .filter(|input| !input.suppliers.is_empty())
        .map(|input| {
            let list = input.suppliers.iter().map(|seller| format!("{} {}", seller.region, share(seller.share)));
            vec![input.name.clone(), list.collect::<Vec<_>>().join(", ")]
        })
        .collect();
    if !rows.is_empty() {
        page.heading("From whom it can be bought, as shares of demand in the first year");
        page.table(&["input", "suppliers"], &[], rows);
    }
}

fn programmes(page: &mut Page, programmes: &[Fundable]) {
    if programmes.is_empty() {
        return;
    }
    page.heading("What could be funded");
    let mut rows = Vec::new();
    for p in programmes {
        for (k, way) in p.modes.iter().enumerate() {
            let first = |text: &str| if k == 0 { text.to_owned() } else { String::new() };
            rows.push(vec![
                first(&p.name),
                way.name.clone(),
                way.years.to_string(),
                musd(way.cost_musd),
                if way.people > 0.0 { number(way.people) } else { "–".to_owned() },
                share(Some(way.success)),
            ]);
        }
    }
    page.table(&["programme", "mode", "years", "cost", "people", "success"], &[2, 3, 4, 5], rows);
    page.say("Cost over all years of the programme; people: most at a time.", 2);
    for p in programmes {
        let delivers = if p.delivers.is_empty() { "nothing by itself" } else { &p.delivers };
        let needs = if p.needs.is_empty() { String::new() } else { format!("; needs {}", p.needs) };
        page.say(&format!("{} delivers {delivers}{needs}.", p.name), 2);
    }
}

fn levers(page: &mut Page, e: &Explanation) {
    if e.levers.is_empty() {
        return;
    }
    page.heading("Levers");
    for lever in &e.levers {
        let cost = if lever.cost_musd > 0.0 { format!(", {}", musd(lever.cost_musd)) } else { String::new() };
        page.say(
            &format!("{} ({}, {} years{cost}): {}.", lever.title, lever.kind, lever.years, lever.effects.join("; ")),
            2,
        );
        if !lever.evidence.is_empty() {
            page.say(&lever.evidence, 4);
        }
    }
}

fn means(page: &mut Page, e: &Explanation) {
    if !e.budgets.is_empty() {
        page.heading("With which money");
        let rows = e.budgets.iter().map(|b| {
            vec![
                b.level.clone(),
                musd(b.first_musd),
                musd(b.last_musd),
                musd(b.total_musd),
                share(Some(b.carry)),
                musd(b.asked_musd),
            ]
        });
        page.table(
            &["level", "first year", "last year", "in all", "carried", "asked for"],
            &[1, 2, 3, 4, 5],
            rows.collect(),
        );
        page.say("Asked for: by every programme, each in its cheapest mode.", 2);
    }
    if !e.skills.is_empty() {
        page.heading("With which people");
        let rows = e
            .skills
            .iter()
            .map(|s| vec![s.name.clone(), number(s.people), number(s.people_last), number(s.intake), number(s.asked)]);
        page.table(&["skill", "now", "last year", "more students", "asked for"], &[1, 2, 3, 4], rows.collect());
        page.say("Last year: without more students than today. Asked for: by every programme, were they all at work at once.", 2);
    }
}

fn denials(page: &mut Page, e: &Explanation) {
    page.heading("Against what");
    for scenario in &e.scenarios {
        page.say(&format!("{} ({}): {}.", scenario.name, percent(scenario.probability), scenario.cuts.join("; ")), 2);
    }
    page.say(&format!("Nothing happens: {}.", percent(e.calm)), 2);
    if e.risk_weight > 0.0 {
        let worst = percent(1.0 - e.risk_tail);
        page.say(
            &format!("The mean of the worst {worst} weighs {}, the expectation the rest.", percent(e.risk_weight)),
            2,
        );
    }
    let Some(adversary) = &e.adversary else { return };
    let loss = adversary.own_loss_musd.map(|m| format!(", giving up at most {} a year of own sales", musd(m)));
    page.say(
        &format!(
            "An adversary with {} to spend{} chooses the worst of:",
            number(adversary.budget),
            loss.unwrap_or_default()
        ),
        2,
    );
    for step in &adversary.moves {
        page.say(&format!("{} (costs {}): {}.", step.name, number(step.cost), step.cuts.join("; ")), 4);
    }
}

fn figures(page: &mut Page, f: &Figures) {
    page.heading("On whose word");
    let (sourced, assumed, defaults) = (f.sourced, f.assumed, f.by_default);
    page.say(
        &format!("{} numbers: {sourced} with a source, {assumed} assumed in the file, {defaults} that zili assumes where the file says nothing.", sourced + assumed + defaults),
        2,
    );
    for source in f.by_source.iter().filter(|source| source.figures > 0) {
        let year = source.year.map(|year| format!(", {year}")).unwrap_or_default();
        page.say(&format!("{} × {}: {}{year}.", source.figures, source.publisher, source.title), 2);
    }
    for (heading, list) in
        [("Assumed in the file", &f.assumptions), ("Assumed where the file says nothing", &f.defaults)]
    {
        if list.is_empty() {
            continue;
        }
        page.heading(heading);
        for (entry, numbers) in grouped(list) {
            page.say(&format!("{entry}: {numbers}"), 2);
        }
    }
}

/// One line for each entry: `input chips` and its numbers.
fn grouped(list: &[Assumption]) -> Vec<(String, String)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for one in list {
        let (entry, key) = one.what.rsplit_once(": ").unwrap_or(("", &one.what));
        let number = format!("{key} {}", one.value);
        match groups.last_mut() {
            Some((last, numbers)) if last == entry => numbers.push(number),
            _ => groups.push((entry.to_owned(), vec![number])),
        }
    }
    groups.into_iter().map(|(entry, numbers)| (entry, numbers.join(", "))).collect()
}

struct Page {
    width: usize,
    text: String,
}

impl Page {
    fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.say(text, 0);
    }

    fn say(&mut self, text: &str, by: usize) {
        for line in wrap(text, self.width.saturating_sub(by)).lines() {
            self.text += &format!("{:by$}{}\n", "", cut(line, self.width.saturating_sub(by)));
        }
    }

    /// Columns as wide as they need; the last one is wrapped into what is left, and long names are cut before it has no room.
    fn table(&mut self, heads: &[&str], right: &[usize], rows: Vec<Vec<String>>) {
        const GAP: usize = 2;
        let last = heads.len() - 1;
        let width = |c: usize| {
            let cells = rows.iter().map(|row| row[c].chars().count()).chain([heads[c].chars().count()]);
            cells.max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..=last).map(width).collect();
        let room = self.width.saturating_sub(2 + GAP * last);
        let least = heads[last].chars().count().max(12).min(widths[last]);
        // Text that takes most gives most, until the last column has room.
        while widths[..last].iter().sum::<usize>() + least > room {
            let texts = (0..last).filter(|c| !right.contains(c));
            let Some(widest) = texts.max_by_key(|&c| widths[c]).filter(|&c| widths[c] > 8) else { break };
            widths[widest] -= 1;
        }
        widths[last] = widths[last].min(room.saturating_sub(widths[..last].iter().sum()).max(1));
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        for row in std::iter::once(&heads).chain(&rows) {
            let wrapped = wrap(&row[last], widths[last]);
            let mut lines = wrapped.lines();
            let mut line = String::from("  ");
            for c in 0..last {
                let (cell, w) = (cut(&row[c], widths[c]), widths[c]);
                line += &if right.contains(&c) { format!("{cell:>w$}  ") } else { format!("{cell:<w$}  ") };
            }
            let ending = cut(lines.next().unwrap_or_default(), widths[last]);
            let w = widths[last];
            line += &if right.contains(&last) { format!("{ending:>w$}") } else { ending };
            self.text += line.trim_end();
            self.text.push('\n');
            for more in lines {
                let indent = 2 + widths[..last].iter().map(|w| w + GAP).sum::<usize>();
                self.text += &format!("{:indent$}{}\n", "", cut(more, widths[last]));
            }
        }
    }
}

fn cut(text: &str, width: usize) -> String {
    match text.chars().count() <= width {
        true => text.to_owned(),
        false => text.chars().take(width.saturating_sub(1)).collect::<String>() + "…",
    }
}
