//! How a value is shown to people. Files hold plain values; this is for eyes.

use zili_world::{Cell, Column, Finding, Format, Unit};

/// A cell as text: shares in per cent, money with separators, missing as a dash.
fn cell(value: &Cell, column: &Column) -> String {
    match (value, column.format) {
        (Cell::Missing, _) => "–".to_owned(),
        (Cell::Text(text), _) => text.clone(),
        (Cell::Integer(v), Format::Year) => v.to_string(),
        (Cell::Integer(v), _) => separated(*v as f64, 0),
        (Cell::Number(v), Format::Share) => percent(*v),
        (Cell::Number(v), Format::Day) => days(*v),
        (Cell::Number(v), Format::Money) => separated(*v, 0),
        (Cell::Number(v), _) => number(*v),
    }
}

/// Every cell of a finding as text, by column and row.
pub fn columns(finding: &Finding) -> Vec<Vec<String>> {
    let of_column = |(c, shown)| column(finding.rows.iter().map(move |row| &row[c]), shown);
    finding.columns.iter().enumerate().map(of_column).collect()
}

/// The cells of a column as text: shares with four decimals where two would say nothing of most of them.
///
/// ```
/// use zili_report::format::column;
/// use zili_world::{Cell, Column};
/// let shares = [-0.001101, 0.000035, -0.000004, 0.0].map(Cell::Number);
/// let shown = column(shares.iter(), &Column::share("loss", "Loss", "of income"));
/// assert_eq!(shown, ["−0.1101 %", "0.0035 %", "−0.0004 %", "0.0000 %"]);
/// ```
pub fn column<'a>(cells: impl Iterator<Item = &'a Cell> + Clone, column: &Column) -> Vec<String> {
    let share = |cell: &Cell| match cell {
        Cell::Number(share) if column.format == Format::Share && *share != 0.0 => Some(share.abs()),
        _ => None,
    };
    let shares: Vec<f64> = cells.clone().filter_map(share).collect();
    let slight = shares.iter().filter(|share| **share < 5e-5).count();
    let fine = 2 * slight > shares.len() && shares.iter().all(|share| *share < 0.1);
    let text = |value: &Cell| match value {
        Cell::Number(share) if fine => format!("{} %", separated(100.0 * share, 4)),
        other => cell(other, column),
    };
    cells.map(text).collect()
}

/// A share in per cent, with two decimals below 10 %.
///
/// ```
/// use zili_report::format::percent;
/// assert_eq!(percent(0.1234), "12.3 %");
/// assert_eq!(percent(-0.0123), "−1.23 %");
/// assert_eq!(percent(0.09999), "10.0 %");
/// ```
pub fn percent(share: f64) -> String {
    let decimals = if share.abs() < 0.09995 { 2 } else { 1 };
    format!("{} %", separated(100.0 * share, decimals))
}

/// An amount in a unit as people say it.
///
/// ```
/// use zili_report::format::money;
/// use zili_world::Unit;
/// let usd = Unit::musd();
/// assert_eq!(money(7_302_546.0, &usd), "7.30 T USD");
/// assert_eq!(money(243_712.0, &usd), "244 bn USD");
/// assert_eq!(money(12.34, &usd), "12.3 m USD");
/// assert_eq!(money(2_760_000.0, &Unit::parse("thousand EUR")), "2.76 bn EUR");
/// assert_eq!(money(12.0, &Unit::parse("EUR")), "12.0 EUR");
/// ```
pub fn money(amount: f64, unit: &Unit) -> String {
    let Some((factor, currency)) = unit.money() else { return format!("{} {}", significant(amount), unit.text()) };
    let million = amount * factor / 1e6;
    let (value, multiple) = match million.abs() {
        m if m >= 999_500.0 => (million / 1e6, "T"),
        m if m >= 999.5 => (million / 1e3, "bn"),
        _ => (million, "m"),
    };
    format!("{} {multiple} {currency}", significant(value))
}

/// Million USD: what strategies are in, whatever the world.
pub fn musd(million: f64) -> String {
    money(million, &Unit::musd())
}

/// With three digits that say something.
fn significant(value: f64) -> String {
    let decimals = if value.abs() < 9.995 {
        2
    } else if value.abs() < 99.95 {
        1
    } else {
        0
    };
    separated(value, decimals)
}

/// A number of no particular unit, with the decimals that its size is worth.
///
/// ```
/// use zili_report::format::number;
/// assert_eq!([number(28_654.9), number(581.336), number(1.2345), number(0.00042)], ["28,655", "581.3", "1.234", "0.000420"]);
/// ```
pub fn number(value: f64) -> String {
    let decimals = match value.abs() {
        v if v >= 1e4 => 0,
        v if v >= 100.0 => 1,
        v if v >= 0.01 || v == 0.0 => 3,
        _ => 6,
    };
    separated(value, decimals)
}

/// Days, with decimals only where there are some.
pub fn days(value: f64) -> String {
    separated(value, if value.fract() == 0.0 { 0 } else { 2 })
}

/// With thousands separators.
pub fn separated(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (k, digit) in whole.chars().enumerate() {
        if k > 0 && (whole.len() - k) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{fraction}") }
}
