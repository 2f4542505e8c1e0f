//! What has been said about a file, and what numbers in it may be.

use super::diagnostic::{Diagnostic, Level, Name, Refusal};
use super::value::{At, Number, Span};

/// What a share is, for messages.
pub const SHARE: &str = "a share from 0 to 1";

/// What has been said about the file so far.
pub struct Findings<'a> {
    pub text: &'a str,
    /// For messages.
    pub file: &'a str,
    list: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    pub fn new(text: &'a str, file: &'a str) -> Self {
        Self { text, file, list: Vec::new() }
    }

    /// What was made of the file with what its reader should know, or everything that is wrong with it.
    pub fn outcome<T>(self, made: Option<T>) -> Result<(T, Vec<Diagnostic>), Refusal> {
        let mut list = self.list;
        list.sort_by_key(|d| (d.line, d.column));
        list.dedup();
        match made {
            Some(made) if list.iter().all(|d| d.level == Level::Warning) => Ok((made, list)),
            _ => Err(Refusal(list.into_iter().filter(|d| d.level == Level::Error).collect())),
        }
    }

    pub fn error(&mut self, name: Name, at: &Span, message: impl Into<String>) {
        self.say(name, Level::Error, at, message);
    }
    pub fn warn(&mut self, name: Name, at: &Span, message: impl Into<String>) {
        self.say(name, Level::Warning, at, message);
    }
    fn say(&mut self, name: Name, level: Level, at: &Span, message: impl Into<String>) {
        self.list.push(Diagnostic::new(name, level, self.file, self.text, at.clone(), message));
    }
    pub fn any_error(&self) -> bool {
        self.list.iter().any(|d| d.level == Level::Error)
    }
}

impl Findings<'_> {
    /// A number that `fits`, or an error that says what is wanted.
    pub fn number(&mut self, given: &At<Number>, what: &str, wanted: &str, fits: impl Fn(f64) -> bool) -> Option<f64> {
        let value = given.value.0;
        if fits(value) {
            return Some(value);
        }
        let percent = wanted.starts_with("a share") && value > 1.0 && value <= 100.0;
        let hint = if percent { format!("; {value} per cent is {}", value / 100.0) } else { String::new() };
        self.error(Name::OutOfRange, &given.span, format!("{what} = {value}: give {wanted}{hint}"));
        None
    }

    /// A share from 0 to 1.
    pub fn share(&mut self, given: &At<Number>, what: &str) -> Option<f64> {
        self.number(given, what, SHARE, |v| (0.0..=1.0).contains(&v))
    }

    /// Days from 0 on; 0 if not given.
    pub fn days(&mut self, given: Option<&At<Number>>, what: &str) -> Option<f64> {
        match given {
            None => Some(0.0),
            Some(given) => {
                self.number(given, what, "a number of days from 0 on", |v| (0.0..f64::INFINITY).contains(&v))
            }
        }
    }

    /// A number above 0.
    pub fn positive(&mut self, given: &At<Number>, what: &str, unit: &str) -> Option<f64> {
        self.number(given, what, &format!("a number of {unit} above 0"), |v| v > 0.0 && v.is_finite())
    }
}
