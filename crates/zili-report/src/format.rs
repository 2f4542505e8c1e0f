//! How a value is shown to people. Files hold plain values; this is for eyes.

use zili_world::{Cell, Column, Format};

/// A cell as text: shares in per cent, money with separators, missing as a dash.
pub fn cell(value: &Cell, column: &Column) -> String {
    match (value, column.format) {
        (Cell::Missing, _) => "–".to_owned(),
        (Cell::Text(text), _) => text.clone(),
        (Cell::Integer(v), Format::Year) => v.to_string(),
        (Cell::Integer(v), _) => separated(*v as f64, 0),
        (Cell::Number(v), Format::Share) => percent(*v),
        (Cell::Number(v), Format::Day) => days(*v),
        (Cell::Number(v), Format::Musd) => separated(*v, 0),
        (Cell::Number(v), _) => number(*v),
    }
}

/// A share in per cent, with two decimals below 10 %.
///
/// ```
/// use zili_report::format::percent;
/// assert_eq!(percent(0.1234), "12.3 %");
/// assert_eq!(percent(-0.0123), "−1.23 %");
/// ```
pub fn percent(share: f64) -> String {
    let decimals = if share.abs() < 0.1 { 2 } else { 1 };
    format!("{} %", separated(100.0 * share, decimals))
}

/// Million USD as people say it.
///
/// ```
/// use zili_report::format::money;
/// assert_eq!(money(7_302_546.0), "7.30 T USD");
/// assert_eq!(money(243_712.0), "244 bn USD");
/// assert_eq!(money(12.34), "12.3 m USD");
/// ```
pub fn money(million: f64) -> String {
    let (value, unit) = match million.abs() {
        m if m >= 999_500.0 => (million / 1e6, "T USD"),
        m if m >= 999.5 => (million / 1e3, "bn USD"),
        _ => (million, "m USD"),
    };
    let decimals = if value.abs() < 9.995 {
        2
    } else if value.abs() < 99.95 {
        1
    } else {
        0
    };
    format!("{} {unit}", separated(value, decimals))
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
