//! The findings put into sections and charts: which columns are drawn, and how.

use super::findings::Findings;
use super::words::listed;
use super::{Figure, Question, Section};
use crate::Error;
use serde_json::json;
use zili_world::Finding;

pub(super) fn sections(question: &Question, f: Findings, unit: &str) -> Result<Vec<Section>, Error> {
    let (name, year) = (&question.home.name, question.when());
    let spans: Vec<String> =
        f.editions.iter().map(|edition| span(&edition.years).unwrap_or_else(|| year.clone())).collect();
    let span = listed(&spans);
    let segments = (f.editions.len() > 1).then(|| {
        let names: Vec<&str> = f.editions.iter().map(|edition| edition.name.as_str()).collect();
        format!(
            "Two tables ({}) with other sectors and definitions: compare within a segment, not across.",
            names.join(", ")
        )
    });
    let stand = Section {
        id: "stand".to_owned(),
        title: "Where it stands".to_owned(),
        lead: format!("How much of what {name} uses it makes itself, and where the value it earns ends up."),
        figures: vec![
            Figure {
                id: "trend".to_owned(),
                kind: "line",
                title: format!("What {name} uses that is foreign"),
                subtitle: format!("Share of products used (face value) and of the value in final use (look-through), {span}"),
                alt: format!("Line chart of the foreign share in what {name} uses, at face value and look-through, {span}."),
                note: segments.clone(),
                options: json!({"x": "year", "segment": "edition", "series": [
                    {"column": "foreign_look_through", "label": "Look-through"},
                    {"column": "foreign_direct", "label": "Face value"},
                ]}),
                finding: f.trend,
            },
            Figure {
                id: "sectors".to_owned(),
                kind: "dumbbell",
                title: "The same by product".to_owned(),
                subtitle: format!("Foreign share by sector of the product used, {year}: face value against look-through"),
                alt: format!("For each sector, the foreign share in what {name} uses at face value and look-through."),
                note: Some("The two have different bases: all use of the sector's products, and final use of them. A share can leave 0–100 % where stocks fall.".to_owned()),
                options: json!({"label": "sector_name", "code": "sector", "a": "foreign_direct", "b": "foreign_look_through",
                    "a_label": "Face value: imports in all use", "b_label": "Look-through: foreign value in final use", "limit": 20}),
                finding: f.sectors,
            },
            Figure {
                id: "loops".to_owned(),
                kind: "stack",
                title: "Two loops: where its value added ends".to_owned(),
                subtitle: format!("Value added of {name} by the way it takes to its final user, {year}"),
                alt: format!("One bar that divides the value added of {name} into internal loop, traditional trade, simple and complex external loops and what returns."),
                note: None,
                options: json!({"label": "part_name", "value": "value", "share": "share"}),
                finding: f.loops,
            },
            Figure {
                id: "loops-trend".to_owned(),
                kind: "line",
                title: "The external loops over time".to_owned(),
                subtitle: format!("Share of value added that leaves, by the way it leaves, {span}"),
                alt: format!("Line chart of the shares of the value added of {name} in final exports, in inputs across one border and across more, {span}."),
                note: segments,
                options: json!({"x": "year", "segment": "edition", "series": [
                    {"column": "traditional_trade", "label": "In final exports"},
                    {"column": "simple_external", "label": "In inputs, one border"},
                    {"column": "complex_external", "label": "In inputs, more borders"},
                ]}),
                finding: f.loops_trend,
            },
            Figure {
                id: "accounts".to_owned(),
                kind: "table",
                title: "The accounts behind it".to_owned(),
                subtitle: format!("Output, value added, inputs, exports and final use of {name} by sector, {unit}, {year}"),
                alt: format!("Table of gross accounts of {name} by sector."),
                note: None,
                options: json!({}),
                finding: f.accounts,
            },
        ],
    };
    let depend = Section {
        id: "depend".to_owned(),
        title: "On whom it depends".to_owned(),
        lead: "Openly, by what is bought from them, and hidden upstream, by what its suppliers' suppliers buy.".to_owned(),
        figures: vec![
            Figure {
                id: "exposure".to_owned(),
                kind: "heatmap",
                title: "Dependence by partner and sector, open and hidden".to_owned(),
                subtitle: format!("Share of all output needed by each sector of {name} that comes from the partner, {year}"),
                alt: format!("Heat map of the dependence of each sector of {name} on each partner, at face value and look-through; the difference is hidden upstream."),
                note: Some("Shares of gross output needed, with double counting intended; do not compare them with shares of value added.".to_owned()),
                options: json!({"row": "partner_name", "row_code": "partner", "column": "sector_name", "column_code": "sector",
                    "face": "face_value", "look": "look_through", "hidden": "hidden", "total_rows": true, "limit": 15}),
                finding: f.exposure,
            },
            Figure {
                id: "bilateral".to_owned(),
                kind: "bars",
                title: "Whose work it uses, and who uses its own".to_owned(),
                subtitle: format!("Value added in final use, both ways, {year}"),
                alt: format!("Ranked bars: the value added of each partner in the final use of {name}, and of {name} in each partner's."),
                note: None,
                options: json!({"label": "partner_name", "code": "partner", "value": "partner_value_at_home", "opposite": "home_value_there",
                    "value_label": format!("Theirs, used in {name}"), "opposite_label": format!("{name}'s, used there"), "limit": 20}),
                finding: without_rows(f.bilateral, "partner", &question.home.code)?,
            },
            Figure {
                id: "concentration".to_owned(),
                kind: "dots",
                title: "How concentrated its imports are".to_owned(),
                subtitle: format!("Herfindahl–Hirschman index of origins by sector, {year}; 1 is a single origin"),
                alt: format!("Ranked dots: concentration of the imports of {name} by sector, with a mark at 0.4."),
                note: Some("The rest of the world counts as one origin here, which overstates concentration; the table has the lower bound as well.".to_owned()),
                options: json!({"label": "sector_name", "code": "sector", "value": "hhi", "threshold": 0.4,
                    "threshold_label": "0.4, the EU's mark for single products", "limit": 35}),
                finding: without_rows(f.concentration, "sector", "*")?,
            },
        ],
    };
    let loss = Section {
        id: "loss".to_owned(),
        title: "What it loses when they stop supplying".to_owned(),
        lead: format!(
            "Value added that {name} loses in a year for want of what is denied, if nobody replaces it: figures for ranking threats, not forecasts."
        ),
        figures: vec![
            Figure {
                id: "partners".to_owned(),
                kind: "bars",
                title: format!("Who can hurt {name}, and what it costs them"),
                subtitle: format!("Each partner denies {name} everything: loss on either side, value added, {year}"),
                alt: format!(
                    "Butterfly chart: what {name} loses when each partner stops supplying, against what the partner loses in sales."
                ),
                note: Some("The rest of the world is a sum of economies, not somebody who decides.".to_owned()),
                options: json!({"label": "partner_name", "code": "partner", "value": "home_loss", "opposite": "denier_loss",
                    "value_label": format!("{name} loses"), "opposite_label": "The partner loses", "limit": 20}),
                finding: f.partners.clone(),
            },
            Figure {
                id: "blocs".to_owned(),
                kind: "bars",
                title: "Blocs, acting together".to_owned(),
                subtitle: format!("Every member denies {name} everything: value added lost, {year}"),
                alt: format!(
                    "Butterfly chart: what {name} loses when a whole bloc stops supplying, against what the bloc loses in sales."
                ),
                note: None,
                options: json!({"label": "partner_name", "code": "partner", "value": "home_loss", "opposite": "denier_loss",
                    "value_label": format!("{name} loses"), "opposite_label": "The bloc loses", "limit": 20}),
                finding: f.blocs,
            },
            Figure {
                id: "pairs".to_owned(),
                kind: "pairs",
                title: "The twenty most dangerous supplies".to_owned(),
                subtitle: format!("One sector denied by one partner: value added that {name} loses, {year}"),
                alt: format!("Ranked bars of the twenty pairs of partner and sector whose denial costs {name} most."),
                note: None,
                options: json!({"partner": "partner_name", "sector": "sector_name", "value": "home_loss", "share": "home_loss_share", "limit": 20}),
                finding: first_rows(f.pairs, 100),
            },
        ],
    };
    let power = Section {
        id: "power".to_owned(),
        title: format!("{name}'s power in return"),
        lead: format!("What the same partners would lose if {name} denied them, and whose alternatives are worse."),
        figures: vec![
            Figure {
                id: "return".to_owned(),
                kind: "dumbbell",
                title: "Who would be hurt more".to_owned(),
                subtitle: format!(
                    "Value added lost as a share of one's own: {name} if the partner denies, the partner if {name} denies, {year}"
                ),
                alt: format!(
                    "For each partner, the share of its value added {name} loses when the partner denies, and the share the partner loses when {name} denies."
                ),
                note: None,
                options: json!({"label": "partner_name", "code": "partner", "a": "home_loss_share", "b": "return_loss_share",
                    "a_label": format!("{name} loses, if denied"), "b_label": format!("Partner loses, if {name} denies"), "limit": 20}),
                finding: f.partners,
            },
            Figure {
                id: "power-over".to_owned(),
                kind: "dumbbell",
                title: "Power in the long run, with substitution".to_owned(),
                subtitle: format!("Loss of purchasing power without access to the other, log points, {year}"),
                alt: format!("For each partner, its power over {name} and the power of {name} over it."),
                note: None,
                options: json!({"label": "partner_name", "code": "partner", "a": "power_over_home", "b": "home_power",
                    "a_label": format!("Partner over {name}"), "b_label": format!("{name} over partner"), "limit": 20}),
                finding: f.power,
            },
            Figure {
                id: "exports".to_owned(),
                kind: "stack",
                title: "What its exports are made of".to_owned(),
                subtitle: format!("Gross exports of {name} in nine parts, {year}"),
                alt: format!(
                    "One bar that divides the gross exports of {name} into domestic, returned and foreign value added and double counting."
                ),
                note: None,
                options: json!({"label": "part_name", "value": "value", "share": "share", "group": "group"}),
                finding: f.exports,
            },
        ],
    };
    let mut sections = vec![stand, depend, loss, power];
    for section in &mut sections {
        // A line needs two points, a chart something to draw.
        section.figures.retain(|f| !f.finding.rows.is_empty() && (f.kind != "line" || f.finding.rows.len() > 1));
    }
    sections.retain(|section| !section.figures.is_empty());
    Ok(sections)
}

/// "1995–2011"; none for a year alone.
fn span(years: &[i32]) -> Option<String> {
    match years {
        [first, .., last] => Some(format!("{first}–{last}")),
        _ => None,
    }
}

fn without_rows(mut finding: Finding, column: &str, text: &str) -> Result<Finding, Error> {
    let c = finding.column(column)?;
    finding.rows.retain(|row| row[c].text() != text);
    Ok(finding)
}

fn first_rows(mut finding: Finding, count: usize) -> Finding {
    if finding.rows.len() > count {
        finding.note(format!(
            "the first {count} of {} pairs; all of them with `zili shock scan --over pairs`",
            finding.rows.len()
        ));
        finding.rows.truncate(count);
    }
    finding
}
