//! `zili expose`: one measure, one finding.

use crate::args::{Common, ExposeArgs};
use crate::asking;
use crate::failure::Failure;
use zili_engine::{Engine, Question, Verb, Years};

pub fn run(common: &Common, engine: &Engine, args: ExposeArgs) -> Result<(), Failure> {
    engine.entry_of(Verb::Expose, &args.measure)?;
    let question = asking::question(common, &args.measure, Some(&args.world), &args.options)?;
    let question = Question {
        home: args.home.into(),
        partner: args.partner.into(),
        year: args.year.map(Years::Words),
        ..question
    };
    asking::show(common, engine, question, &args.output)
}
