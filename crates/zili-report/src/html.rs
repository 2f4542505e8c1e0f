//! The report: one HTML file that needs nothing else. Every number stands once, in a table; the charts are drawn from the tables.

use crate::Error;
use crate::assess::{Assessment, Figure, Origin};
use crate::format;
use minijinja::value::{Serde, Value as Jinja};
use minijinja::{AutoEscape, Environment};
use serde_json::{Value, json};
use zili_world::{Bloc, Cell, Evidence, Finding, World};

const TEMPLATE: &str = include_str!("../templates/report.html.j2");
const STYLE: &str = include_str!("../templates/report.css");
const SCRIPT: &str = include_str!("../templates/report.js");

/// Renders the page.
pub fn render(world: &World, assessment: &Assessment) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("report.html.j2", TEMPLATE)?;
    let context = context(world, assessment)?;
    Ok(environment.get_template("report.html.j2")?.render(Jinja::from(Serde(&context)))?)
}

/// A number and its unit stay on one line.
fn unbroken(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
        .replace(" USD", "\u{a0}USD")
        .replace(" bn", "\u{a0}bn")
        .replace(" T\u{a0}", "\u{a0}T\u{a0}")
        .replace(" m\u{a0}", "\u{a0}m\u{a0}")
}

fn context(world: &World, assessment: &Assessment) -> Result<Value, Error> {
    let question = &assessment.question;
    let manifest = world.manifest();
    let hash = manifest.entry(question.year)?.files.get("flows.parquet").cloned().unwrap_or_default();
    let sources = manifest.sources.iter().map(|s| {
        json!({"id": s.id, "title": s.title, "publisher": s.publisher, "edition": s.edition, "licence": s.licence,
               "citation": s.citation, "changes": s.changes, "sha256": format!("{hash} (flows of {}; the other files are in manifest.json)", question.when())})
    });
    let origins = assessment.origins.iter().map(|o| {
        let s = &o.source;
        json!({"id": s.id, "title": s.title, "publisher": s.publisher, "edition": s.edition, "licence": s.licence,
               "citation": s.citation, "changes": s.changes, "sha256": o.sha256, "references": o.references})
    });
    let headlines = assessment.headlines.iter().map(
        |h| json!({"label": h.label, "value": unbroken(&h.value), "detail": unbroken(&h.detail), "figure": h.figure}),
    );
    let sections = assessment.sections.iter().map(|s| {
        json!({"id": s.id, "title": s.title, "lead": unbroken(&s.lead), "figures": s.figures.iter().map(|f| figure(f, &assessment.origins)).collect::<Vec<_>>()})
    });
    Ok(json!({
        "title": format!("{}: how far can it stand on its own?", question.home.name),
        "subtitle": subtitle(assessment),
        "home": home(&question.home, world)?,
        "year": question.when(),
        "years": years(&assessment.years),
        "world": {"name": manifest.name, "title": manifest.title, "unit": manifest.unit},
        "version": env!("CARGO_PKG_VERSION"),
        "summary": assessment.summary.iter().map(|s| unbroken(s)).collect::<Vec<_>>(),
        "headlines": headlines.collect::<Vec<_>>(),
        "sections": sections.collect::<Vec<_>>(),
        "caveats": assessment.caveats,
        "sources": sources.chain(origins).collect::<Vec<_>>(),
        "css": STYLE,
        "js": SCRIPT,
    }))
}

fn years(years: &[i32]) -> String {
    match years {
        [first, .., last] => format!("{first}–{last}"),
        [0] | [] => "undated".to_owned(),
        [year] => year.to_string(),
    }
}

fn subtitle(assessment: &Assessment) -> String {
    let question = &assessment.question;
    let focus = question.focus.as_ref().map(|f| format!(", with an eye on {}", f.name)).unwrap_or_default();
    format!(
        "Where {} stood ({}), on whom it depended, and what it would lose if they stopped supplying{focus}.",
        question.home.name,
        question.when()
    )
}

fn home(bloc: &Bloc, world: &World) -> Result<Value, Error> {
    let regions = world.classification().regions();
    let members = bloc
        .positions(world.classification())?
        .into_iter()
        .map(|r| json!({"code": regions[r].code, "name": regions[r].name}));
    let members: Vec<Value> = if bloc.is_single() { Vec::new() } else { members.collect() };
    Ok(json!({"code": bloc.code, "name": bloc.name, "members": members}))
}

fn figure(figure: &Figure, origins: &[Origin]) -> Value {
    json!({"id": figure.id, "kind": figure.kind, "title": figure.title, "subtitle": unbroken(&figure.subtitle), "alt": figure.alt,
           "note": figure.note.as_deref().map(unbroken), "when": asked_year(&figure.finding), "options": figure.options, "finding": finding(&figure.finding, origins)})
}

/// The year or span of years that a finding is about.
fn asked_year(finding: &Finding) -> String {
    let named = |(name, _): &&(String, String)| name == "year" || name == "years";
    let asked = finding.evidence.parameters.iter().find(named).map(|(_, year)| year.as_str());
    match asked {
        None | Some("0") => "undated".to_owned(),
        Some(years) => years.replace("..", "–"),
    }
}

fn finding(finding: &Finding, origins: &[Origin]) -> Value {
    let evidence = &finding.evidence;
    let parameters = evidence.parameters.iter().map(|(name, value)| json!({"name": name, "value": value}));
    let shown = format::columns(finding);
    let text = |row: usize, c: usize| match &finding.rows[row][c] {
        // Texts are keys of the charts too.
        Cell::Text(text) => text.clone(),
        _ => unbroken(&shown[c][row]),
    };
    let cell = |row: usize, c: usize| json!({"value": raw(&finding.rows[row][c]), "text": text(row, c)});
    let rows = (0..finding.rows.len()).map(|row| (0..shown.len()).map(|c| cell(row, c)).collect::<Vec<_>>());
    json!({"method": evidence.method, "title": evidence.title, "citation": evidence.citation, "equation": evidence.equation,
           "parameters": parameters.collect::<Vec<_>>(), "notes": evidence.notes, "sources": cited(evidence, origins),
           "columns": finding.columns.iter().map(column).collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>()})
}

/// A column for the charts: how money is shown hangs on its unit.
fn column(column: &zili_world::Column) -> Value {
    let mut shown = json!(column);
    if column.format == zili_world::Format::Money {
        shown["format"] = json!(format!("money:{}", column.unit));
    }
    shown
}

/// Ids of the page's sources that a finding rests on. A chain cites dozens, which stand together under the chain.
fn cited(evidence: &Evidence, origins: &[Origin]) -> Vec<String> {
    let read = |origin: &&Origin| evidence.inputs.iter().any(|input| Some(&input.file) == origin.file.as_ref());
    let chains: Vec<String> = origins.iter().filter(read).map(|origin| origin.source.id.clone()).collect();
    if chains.is_empty() { evidence.sources.clone() } else { chains }
}

/// Ten significant digits are enough for a page; files have them all.
fn raw(cell: &Cell) -> Value {
    match cell {
        Cell::Number(v) => json!(format!("{v:.9e}").parse::<f64>().unwrap_or(*v)),
        other => json!(other),
    }
}
