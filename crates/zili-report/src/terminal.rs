//! A finding as a table that fits the terminal.

use crate::format;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use zili_world::{Cell, Column, Finding, Format, Unit};

/// A finding laid out for a width, and what did not fit.
pub struct Laid {
    pub text: String,
    /// Names of columns left out because the width was used up.
    pub left_out: Vec<&'static str>,
}

/// Longest text shown in a cell before it is cut, where space is short.
const TEXT: usize = 24;
/// Longest line of a heading before it is wrapped.
const HEADING: usize = 12;
/// Blanks between columns.
const GAP: usize = 2;

/// Columns that say in every row what the heading says already are left out; where space is short those that say the same in every row go first,
/// then minor ones, then the last ones.
pub fn lay_out(finding: &Finding, width: usize) -> Laid {
    let mut shown = candidates(finding);
    let mut left_out = Vec::new();
    let cells = format::columns(finding);
    let column_width = |c: usize, cap: usize| {
        let heading = heading(finding, c).lines().map(|line| line.chars().count()).max().unwrap_or(0);
        cells[c].iter().map(|text| shortened(text, cap).chars().count()).fold(heading, usize::max)
    };
    let used = |shown: &[usize], cap: usize| shown.iter().map(|&c| column_width(c, cap) + GAP).sum::<usize>();
    while shown.len() > 1 && used(&shown, TEXT) > width + GAP {
        let same = shown.iter().rposition(|&c| is_text(finding, c) && is_constant(finding, c));
        let minor = shown.iter().rposition(|&c| finding.columns[c].minor);
        left_out.push(finding.columns[shown.remove(same.or(minor).unwrap_or(shown.len() - 1))].name);
    }
    left_out.reverse();
    // Space left over goes to longer texts.
    let cap = (TEXT..width).take_while(|&cap| used(&shown, cap) <= width + GAP).last().unwrap_or(TEXT);

    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(shown.iter().map(|&c| heading(finding, c)));
    let row_texts = |row: usize| shown.iter().map(|&c| shortened(&cells[c][row], cap)).collect::<Vec<_>>();
    table.add_rows((0..finding.rows.len()).map(row_texts));
    for (k, &c) in shown.iter().enumerate() {
        if let Some(column) = table.column_mut(k) {
            column.set_padding((0, GAP as u16));
            let text = finding.columns[c].format == Format::Text;
            column.set_cell_alignment(if text { CellAlignment::Left } else { CellAlignment::Right });
        }
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    Laid { text: lines.join("\n") + "\n", left_out }
}

fn candidates(finding: &Finding) -> Vec<usize> {
    let said = |c: usize| finding.columns[c].minor || heading_says(finding, &finding.rows[0][c]);
    let has = |name: &str| finding.columns.iter().any(|column| column.name == name);
    let redundant = |column: &Column| match column.name {
        // A partner's code says enough; a sector's does not.
        "partner_name" | "region_name" | "extracted_name" | "top_partner_name" => true,
        "part" | "group" => has("part_name"),
        _ => false,
    };
    (0..finding.columns.len())
        .filter(|&c| !redundant(&finding.columns[c]))
        .filter(|&c| !(is_text(finding, c) && is_constant(finding, c) && said(c)))
        .collect()
}

fn is_text(finding: &Finding, c: usize) -> bool {
    matches!(finding.columns[c].format, Format::Text | Format::Year)
}

fn is_constant(finding: &Finding, c: usize) -> bool {
    finding.rows.len() > 1 && finding.rows.iter().all(|row| row[c] == finding.rows[0][c])
}

/// Whether one of the parameters above the table names it: as the whole of one, or as a word.
fn heading_says(finding: &Finding, value: &Cell) -> bool {
    let text = match value {
        Cell::Text(text) => text.clone(),
        Cell::Integer(year) => year.to_string(),
        Cell::Number(_) => return false,
        Cell::Missing => return true,
    };
    // All sectors, or all suppliers, is what a table without the column is about.
    if text == "*" || text.starts_with("All ") {
        return true;
    }
    let in_code = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let names = |value: &str| value == text || value.split(|c| !in_code(c)).any(|word| word == text);
    finding.evidence.parameters.iter().any(|(_, value)| names(value))
}

/// Label and, below it, the unit; a share's unit is the per cent in its cells, and where each row has a unit of its own the heading has none.
fn heading(finding: &Finding, c: usize) -> String {
    let column = &finding.columns[c];
    let own = finding.columns.iter().any(|column| column.name == "unit");
    let unit = match column.format {
        Format::Number if own => String::new(),
        Format::Money => short(column.unit),
        Format::Number | Format::Integer | Format::Day => column.unit.to_owned(),
        Format::Text | Format::Year | Format::Share => String::new(),
    };
    format!("{}\n{}", wrap(column.label, HEADING), wrap(&unit, HEADING)).trim_end().to_owned()
}

/// "million USD" as "m USD": a heading has little room.
fn short(unit: &str) -> String {
    match Unit::parse(unit).money() {
        Some((1e6, currency)) => format!("m {currency}"),
        Some((1e9, currency)) => format!("bn {currency}"),
        _ => unit.to_owned(),
    }
}

fn shortened(text: &str, cap: usize) -> String {
    if text.chars().count() <= cap {
        return text.to_owned();
    }
    text.chars().take(cap - 1).collect::<String>().trim_end().to_owned() + "…"
}

/// Breaks at blanks so that no line is longer than `width`, words permitting.
pub fn wrap(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}
