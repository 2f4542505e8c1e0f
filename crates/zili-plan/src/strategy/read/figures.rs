//! Numbers: what they may be, and who says so.

use super::super::Figure;
use super::super::value::{Amount, Course, Shape};
use super::Reader;
use zili_world::code::nearest;
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Number, Span};

/// Who says a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    Source(String),
    Assumption,
}

/// The word for what nobody says.
const ASSUMPTION: &str = "assumption";

/// An entry whose numbers are being read.
pub(super) struct Entry {
    /// What it is, for the list of numbers.
    pub what: String,
    origin: Option<Origin>,
    /// Whether it has been said that its numbers have no source: once is enough.
    told: bool,
}

impl Entry {
    pub(super) fn new(what: impl Into<String>, origin: Option<Origin>) -> Self {
        Self { what: what.into(), origin, told: false }
    }
}

/// The years of a course: how many, and the first where it is known.
#[derive(Clone, Copy)]
struct When {
    years: usize,
    first: Option<i32>,
}

/// What a number may be.
#[derive(Clone, Copy)]
pub(super) struct Range {
    wanted: &'static str,
    fits: fn(f64) -> bool,
}

const MOST: f64 = 1e15;

pub(super) const SHARE: Range = Range { wanted: zili_world::written::SHARE, fits: |v| (0.0..=1.0).contains(&v) };
pub(super) const BELOW_ONE: Range = Range { wanted: "a share from 0 to below 1", fits: |v| (0.0..1.0).contains(&v) };
pub(super) const BELOW_HALF: Range = Range { wanted: "a share from 0 to below 0.5", fits: |v| (0.0..0.5).contains(&v) };
pub(super) const ABOVE_ZERO_SHARE: Range =
    Range { wanted: "a share above 0, at most 1", fits: |v| v > 0.0 && v <= 1.0 };
pub(super) const AMOUNT: Range = Range { wanted: "a number from 0 on", fits: |v| (0.0..=MOST).contains(&v) };
pub(super) const POSITIVE: Range = Range { wanted: "a number above 0", fits: |v| v > 0.0 && v <= MOST };
pub(super) const FACTOR: Range = Range { wanted: "a factor from 0 on", fits: |v| (0.0..=MOST).contains(&v) };
/// Years, where none is possible.
pub(super) const SOME_YEARS: Range =
    Range { wanted: "a whole number of years from 0 to 100", fits: |v| (0.0..=100.0).contains(&v) && v.fract() == 0.0 };
pub(super) const YEARS: Range =
    Range { wanted: "a whole number of years from 1 to 100", fits: |v| (1.0..=100.0).contains(&v) && v.fract() == 0.0 };
const RATE: Range = Range { wanted: "a rate a year above -1, at most 10", fits: |v| v > -1.0 && v <= 10.0 };

impl Reader<'_, '_, '_> {
    /// A source may not be called what stands for there being none.
    pub(super) fn reserved_source(&mut self, ids: impl Iterator<Item = At<String>>) {
        for id in ids.filter(|id| id.value == ASSUMPTION) {
            let text = "'assumption' stands for numbers without a source: give the source another id";
            self.findings.error(Name::Contradiction, &id.span, text);
        }
    }

    /// Who is meant by a word under `source`.
    pub(super) fn origin(&mut self, word: &At<String>) -> Option<Origin> {
        if word.value == ASSUMPTION {
            return Some(Origin::Assumption);
        }
        if !self.sources.list().contains(&word.value.as_str()) && !self.damaged {
            let known = self.sources.list().iter().copied().chain([ASSUMPTION]);
            let near = nearest(&word.value, known.clone());
            let near = near.map(|near| format!(": did you mean '{near}'?")).unwrap_or_default();
            let text =
                format!("unknown source '{}'{near} (accepted: {})", word.value, known.collect::<Vec<_>>().join(", "));
            self.findings.error(Name::UnknownCode, &word.span, text);
        }
        Some(Origin::Source(word.value.clone()))
    }

    /// An entry of the file.
    pub(super) fn entry(&mut self, what: String, source: Option<&At<String>>) -> Entry {
        let origin = match source {
            Some(word) => self.origin(word),
            None => self.default.clone(),
        };
        Entry::new(what, origin)
    }

    /// An entry in another, whose source holds for it too unless it names its own.
    pub(super) fn within(&mut self, outer: &Entry, what: &str, source: Option<&At<String>>) -> Entry {
        let origin = match source {
            Some(word) => self.origin(word),
            None => outer.origin.clone(),
        };
        Entry { what: format!("{}, {what}", outer.what), origin, told: outer.told }
    }

    /// A number and who says it; noted in the list of figures.
    pub(super) fn number(&mut self, entry: &mut Entry, key: &str, given: &At<Amount>, range: Range) -> Option<f64> {
        let value = self.fitting(key, given.value.number, &given.span, range);
        self.figure(entry, key, given.value.source.as_ref(), &given.span, || shown(given.value.number));
        value
    }

    /// The same; a default, which is an assumption of zili's, if not given.
    pub(super) fn number_or(
        &mut self,
        entry: &mut Entry,
        key: &str,
        given: Option<&At<Amount>>,
        default: f64,
        range: Range,
    ) -> Option<f64> {
        match given {
            Some(given) => self.number(entry, key, given, range),
            None => {
                self.by_default(entry, key, shown(default));
                Some(default)
            }
        }
    }

    /// A number a year over the years planned.
    pub(super) fn course(
        &mut self,
        entry: &mut Entry,
        key: &str,
        given: &At<Course>,
        range: Range,
    ) -> Option<Vec<f64>> {
        let when = When { years: self.years, first: Some(self.from) };
        self.valued(entry, key, given, range, when)
    }

    /// The same; one number every year by default.
    pub(super) fn course_or(
        &mut self,
        entry: &mut Entry,
        key: &str,
        given: Option<&At<Course>>,
        default: f64,
        range: Range,
    ) -> Option<Vec<f64>> {
        match given {
            Some(given) => self.course(entry, key, given, range),
            None => {
                self.by_default(entry, key, shown(default));
                Some(vec![default; self.years])
            }
        }
    }

    /// A number for each of so many years of something that may begin at any time.
    pub(super) fn over(
        &mut self,
        entry: &mut Entry,
        key: &str,
        given: &At<Course>,
        range: Range,
        years: usize,
    ) -> Option<Vec<f64>> {
        self.valued(entry, key, given, range, When { years, first: None })
    }

    fn valued(
        &mut self,
        entry: &mut Entry,
        key: &str,
        given: &At<Course>,
        range: Range,
        when: When,
    ) -> Option<Vec<f64>> {
        let values = self.values(entry, key, given, range, when);
        // Numbers that all name their own source are counted one by one.
        if matches!(&given.value.shape, Shape::List(list) if list.iter().all(|amount| amount.value.source.is_some())) {
            return values;
        }
        let text = || values.as_deref().map(spread).unwrap_or_default();
        self.figure(entry, key, given.value.source.as_ref(), &given.span, text);
        values
    }

    fn values(
        &mut self,
        entry: &mut Entry,
        key: &str,
        given: &At<Course>,
        range: Range,
        when: When,
    ) -> Option<Vec<f64>> {
        let years = when.years;
        match &given.value.shape {
            Shape::Every(value) => Some(vec![self.fitting(key, *value, &given.span, range)?; years]),
            Shape::Total(total) => {
                Some(vec![self.fitting("total", total.value.0, &total.span, range)? / years as f64; years])
            }
            Shape::List(list) => self.list(entry, key, list, &given.span, range, when),
            Shape::Growth { start, growth } => {
                let from = self.fitting("start", start.value.0, &start.span, range);
                let rate = self.fitting("growth", growth.value.0, &growth.span, RATE);
                let (from, rate) = (from?, rate?);
                let values: Vec<f64> = (0..years).map(|t| from * (1.0 + rate).powi(t as i32)).collect();
                // Growth for a hundred years may lead anywhere.
                let last = values.last().copied().unwrap_or(from);
                self.fitting(&format!("{key} in the last year"), last, &growth.span, range)?;
                Some(values)
            }
            Shape::Points(points) => self.between(key, points, &given.span, range, when),
        }
    }

    fn list(
        &mut self,
        entry: &mut Entry,
        key: &str,
        list: &[At<Amount>],
        span: &Span,
        range: Range,
        When { years, first }: When,
    ) -> Option<Vec<f64>> {
        if list.len() != years {
            let of = match first {
                Some(first) => format!("each of the {years} years {first} to {}", first + years as i32 - 1),
                None => format!("each of its {years} years"),
            };
            let text = format!("{key} has {} numbers: give one for {of}, or one number for all", list.len());
            self.findings.error(Name::OutOfRange, span, text);
            return None;
        }
        let mut values = Vec::new();
        for (t, amount) in list.iter().enumerate() {
            values.push(self.fitting(key, amount.value.number, &amount.span, range));
            if let Some(source) = &amount.value.source {
                let when = first.map_or_else(|| format!("year {}", t + 1), |first| (first + t as i32).to_string());
                self.figure(entry, &format!("{key} in {when}"), Some(source), &amount.span, || {
                    shown(amount.value.number)
                });
            }
        }
        values.into_iter().collect()
    }

    /// In a straight line from each year that is given to the next; the first and the last year planned must be within.
    fn between(
        &mut self,
        key: &str,
        points: &[(At<i32>, At<Number>)],
        span: &Span,
        range: Range,
        When { years, first }: When,
    ) -> Option<Vec<f64>> {
        let Some(first) = first else {
            let text =
                format!("{key}: it is not known when this begins; give a list with one number for each of its years");
            self.findings.error(Name::WrongType, span, text);
            return None;
        };
        let sound: Vec<bool> =
            points.iter().map(|(_, value)| self.fitting(key, value.value.0, &value.span, range).is_some()).collect();
        let last = first + years as i32 - 1;
        let (begin, end) = (points.first()?.0.value, points.last()?.0.value);
        if begin > first || end < last {
            let text = format!("{key} is given from {begin} to {end}: give it for {first} and {last} too");
            self.findings.error(Name::OutOfRange, span, text);
            return None;
        }
        if sound.contains(&false) {
            return None;
        }
        let at = |year: i32| {
            let after = points.iter().position(|(point, _)| point.value >= year)?;
            let (right, high) = (points[after].0.value, points[after].1.value.0);
            if right == year {
                return Some(high);
            }
            let (left, low) = (points[after - 1].0.value, points[after - 1].1.value.0);
            Some(low + (high - low) * f64::from(year - left) / f64::from(right - left))
        };
        (first..=last).map(at).collect()
    }

    fn fitting(&mut self, key: &str, value: f64, span: &Span, range: Range) -> Option<f64> {
        self.findings.number(&At { value: Number(value), span: span.clone() }, key, range.wanted, range.fits)
    }

    fn figure(
        &mut self,
        entry: &mut Entry,
        key: &str,
        own: Option<&At<String>>,
        span: &Span,
        value: impl Fn() -> String,
    ) {
        let origin = match own {
            Some(word) => self.origin(word),
            None => entry.origin.clone(),
        };
        let Some(origin) = origin else {
            if !std::mem::replace(&mut entry.told, true) {
                let text = format!(
                    "who says {key} of {}? Give the entry `source = \"...\"` with the id of a [[source]], or \"assumption\"",
                    entry.what
                );
                self.findings.error(Name::NoSource, span, text);
            }
            return;
        };
        let source = match origin {
            Origin::Source(id) => Some(id),
            Origin::Assumption => None,
        };
        self.figures.push(Figure { what: format!("{}: {key}", entry.what), value: value(), source, by_default: false });
    }

    fn by_default(&mut self, entry: &Entry, key: &str, value: String) {
        self.figures.push(Figure { what: format!("{}: {key}", entry.what), value, source: None, by_default: true });
    }
}

/// A number as one reads it.
pub(super) fn shown(value: f64) -> String {
    // Six digits say what there is to say, and hide what dividing leaves behind.
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    format!("{rounded}")
}

/// Numbers over years: one if they are all the same, else the first and the last.
fn spread(values: &[f64]) -> String {
    match values {
        [] => String::new(),
        [first, rest @ ..] if rest.iter().all(|value| value == first) => shown(*first),
        [first, .., last] => format!("{} to {}", shown(*first), shown(*last)),
        [one] => shown(*one),
    }
}
