//! `zili ask`: the bare door.

use crate::args::{AskArgs, Common};
use crate::failure::Failure;
use crate::output;
use crate::watching::Terminal;
use std::io::Read;
use std::path::Path;
use zili_engine::{Engine, Question};

pub fn run(common: &Common, engine: &Engine, args: &AskArgs) -> Result<(), Failure> {
    let from_stdin = args.question.as_os_str() == "-";
    let (text, name, folder) = match from_stdin {
        true => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(Failure::io(Path::new("standard input")))?;
            (text, "standard input".to_owned(), Path::new("."))
        }
        false => {
            let path = &args.question;
            let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
            (text, path.display().to_string(), path.parent().unwrap_or(Path::new(".")))
        }
    };
    let mut question = Question::parse(&text, &name)?;
    let title = engine.check(&question)?.method.title();
    question.read_files(folder)?;
    let watch = Terminal::new(common, title);
    if args.explain {
        let explained = engine.ready(&question, &watch)?.explain();
        watch.finish();
        return output::to_stdout(format!("{explained:#}\n").as_bytes());
    }
    let finding = engine.answer(&question, &watch);
    watch.finish();
    output::finding(common, &args.output, finding?)
}
