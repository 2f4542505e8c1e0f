//! `zili methods`: what each method tells about itself.

use crate::args::{ExplainFormat, MethodsArgs};
use crate::failure::Failure;
use crate::output;
use serde_json::json;
use zili_engine::{Engine, Verb, describe};
use zili_report::terminal::wrap;

pub fn run(engine: &Engine, args: &MethodsArgs) -> Result<(), Failure> {
    let text = match (&args.name, args.format) {
        (Some(name), ExplainFormat::Text) => engine.entry(name)?.method.page.to_owned(),
        (Some(name), ExplainFormat::Json) => format!("{:#}\n", describe(engine.entry(name)?)),
        (None, ExplainFormat::Text) => list(engine),
        (None, ExplainFormat::Json) => {
            format!("{:#}\n", json!(engine.entries().iter().map(describe).collect::<Vec<_>>()))
        }
    };
    output::to_stdout(text.as_bytes())
}

fn list(engine: &Engine) -> String {
    let mut text = String::new();
    for verb in Verb::ALL {
        text += &format!("zili {}\n", verb.as_str());
        for entry in engine.entries().iter().filter(|entry| entry.verb() == verb) {
            let method = entry.method;
            text += &format!("  {:<21} {}\n", method.name, method.title());
            let answers = method.section("Answers").replace('`', "");
            for line in wrap(&answers, output::width().min(100).saturating_sub(26)).lines() {
                text += &format!("  {:<21}   {line}\n", "");
            }
        }
        text += "\n";
    }
    text + "`zili methods NAME` gives equation, columns, options, limits and source.\n"
}
