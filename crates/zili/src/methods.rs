//! `zili methods`: what each method tells about itself.

use crate::args::MethodsArgs;
use crate::failure::Failure;
use crate::output;
use zili_report::terminal::wrap;
use zili_world::Method;

pub fn run(args: MethodsArgs) -> Result<(), Failure> {
    let text = match args.name {
        Some(name) => page(&name)?,
        None => list(),
    };
    output::to_stdout(text.as_bytes())
}

/// Every method with the verb it answers to.
fn registers() -> [(&'static str, Vec<&'static Method>); 3] {
    [
        ("expose", zili_exposure::MEASURES.iter().map(|m| m.method).collect()),
        ("shock", zili_shock::methods().collect()),
        ("plan", zili_plan::PLANNERS.iter().map(|p| p.method).chain([&zili_report::penalty::METHOD]).collect()),
    ]
}

fn list() -> String {
    let mut text = String::new();
    for (verb, methods) in registers() {
        text += &format!("zili {verb}\n");
        for method in methods {
            text += &format!("  {:<21} {}\n", method.name, method.title());
            for line in
                wrap(&method.section("Answers").replace('`', ""), output::width().min(100).saturating_sub(26)).lines()
            {
                text += &format!("  {:<21}   {line}\n", "");
            }
        }
        text += "\n";
    }
    text + "`zili methods NAME` gives equation, columns, options, limits and source.\n"
}

fn page(name: &str) -> Result<String, Failure> {
    let all: Vec<&Method> = registers().into_iter().flat_map(|(_, methods)| methods).collect();
    let names: Vec<String> = all.iter().map(|m| m.name.to_owned()).collect();
    let method = all.into_iter().find(|m| m.name == name);
    let unknown = || zili_world::Error::unknown("method", name, names.iter().map(String::as_str), &names);
    Ok(method.ok_or_else(unknown)?.page.to_owned())
}
