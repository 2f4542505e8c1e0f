//! What a method is asked: validated, ready to use. Raw words from a command line or a notebook become this type first.

use crate::code::nearest;
use crate::method::{Accepts, Method, Parameter, plain};
use crate::{Bloc, Error};
use std::collections::BTreeMap;

/// Which vector counts as value added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueAdded {
    /// The rows the source calls value added.
    Published,
    /// x − Z'1: value added and whatever else stands between intermediate inputs and output (taxes less subsidies on products, transport margins).
    /// Every table has it, and with it the parts of a decomposition add up to trade flows exactly.
    Residual,
}

impl ValueAdded {
    pub fn as_str(self) -> &'static str {
        match self {
            ValueAdded::Published => "published",
            ValueAdded::Residual => "residual",
        }
    }

    /// For a reader's eye.
    pub fn describe(self) -> &'static str {
        match self {
            ValueAdded::Published => "published: value added at basic prices",
            ValueAdded::Residual => "residual: output less intermediate inputs",
        }
    }
}

/// The question: who asks, about whom, which year, with which options.
#[derive(Clone, Debug)]
pub struct Params {
    pub home: Bloc,
    /// On whom; never overlapping home.
    pub partners: Vec<Bloc>,
    pub year: i32,
    pub value_added: ValueAdded,
    pub options: Options,
}

/// A method's own options, each either given or at its documented default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    numbers: BTreeMap<&'static str, f64>,
    choices: BTreeMap<&'static str, &'static str>,
    names: BTreeMap<&'static str, String>,
}

impl Options {
    /// Defaults of a method.
    pub fn defaults(method: &Method) -> Self {
        let mut options = Self::default();
        for parameter in method.parameters {
            match parameter.accepts {
                Accepts::Number { default, .. }
                | Accepts::Share { default }
                | Accepts::Fraction { default }
                | Accepts::Amount { default, .. } => {
                    options.numbers.insert(parameter.name, default);
                }
                Accepts::Count { default, .. } => {
                    options.numbers.insert(parameter.name, default.into());
                }
                Accepts::Choice(choices) => {
                    options.choices.insert(parameter.name, choices[0]);
                }
                Accepts::Name { default } => {
                    options.names.insert(parameter.name, default.to_owned());
                }
            }
        }
        options
    }

    /// Reads `name=value` words against what the method declares; refuses unknown names and values out of range.
    pub fn parse<'a>(method: &Method, given: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let mut options = Self::defaults(method);
        for (name, value) in given {
            let parameter = declared(method, name)?;
            match parameter.accepts {
                Accepts::Choice(choices) => {
                    let choice = choices.iter().find(|c| **c == value).ok_or_else(|| refused(parameter, value))?;
                    options.choices.insert(parameter.name, choice);
                }
                Accepts::Name { .. } => {
                    options.names.insert(parameter.name, value.trim().to_owned());
                }
                accepts => {
                    let number = value.parse().ok().filter(|v| accepts.admits(*v));
                    options.numbers.insert(parameter.name, number.ok_or_else(|| refused(parameter, value))?);
                }
            }
        }
        Ok(options)
    }

    /// These options with one number changed; refuses what [`Options::parse`] refuses.
    pub fn with_number(mut self, method: &Method, name: &str, value: f64) -> Result<Self, Error> {
        let parameter = declared(method, name)?;
        if !parameter.accepts.admits(value) {
            return Err(refused(parameter, &plain(value)));
        }
        self.numbers.insert(parameter.name, value);
        Ok(self)
    }

    /// A number the method declared. Panics on a name it did not declare: a slip in the method, not in the input.
    pub fn number(&self, name: &str) -> f64 {
        self.numbers[name]
    }
    /// A choice the method declared. Panics on a name it did not declare.
    pub fn choice(&self, name: &str) -> &'static str {
        self.choices[name]
    }

    /// A name the method declared. Panics on one it did not declare.
    pub fn name(&self, name: &str) -> &str {
        &self.names[name]
    }

    /// Names and values, for the evidence.
    pub fn listed(&self) -> Vec<(String, String)> {
        let numbers = self.numbers.iter().map(|(name, value)| (name.to_string(), plain(*value)));
        let choices = self.choices.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let names = self.names.iter().map(|(name, value)| (name.to_string(), value.clone()));
        numbers.chain(choices).chain(names).collect()
    }
}

fn declared(method: &Method, name: &str) -> Result<&'static Parameter, Error> {
    let names = || method.parameters.iter().map(|p| p.name);
    method.parameters.iter().find(|p| p.name == name).ok_or_else(|| Error::Unknown {
        what: "option",
        given: name.to_owned(),
        suggestion: nearest(name, names()),
        accepted: names().map(str::to_owned).collect(),
    })
}

fn refused(parameter: &Parameter, given: &str) -> Error {
    Error::Option { name: parameter.name.into(), given: given.into(), expected: parameter.accepts.expected() }
}
