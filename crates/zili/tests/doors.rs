//! Every door asks the same engine: the same bytes by a command and by `ask`, for any number of threads, from anywhere; and a method that is
//! registered is at all of them.

mod program;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use zili_engine::{Entry, Field, Need, Verb, register};

/// Three economies and three industries in the plain layout, balanced to the unit.
fn small_world(store: &Path) -> PathBuf {
    let folder = store.join("small");
    std::fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    write("regions.csv", "code,name\nCHN,China\nUSA,United States\nROW,Rest of the world\n");
    write("sectors.csv", "code,name,isic4\nC26,Electronics,26\nC28,Machinery,28\nG,Trade,45 46 47\n");
    write("final_demand.csv", "code,name\nhh,Households\n");
    write("primary_inputs.csv", "code,name,role\nVA,Value added,value-added\n");
    write(
        "world.toml",
        "title = \"Small\"\nunit = \"million USD\"\nyear = 2020\n[[source]]\nid = \"s\"\ntitle = \"Invented\"\nlicence = \"Apache-2.0\"\n",
    );
    let n = 9;
    let z = |i: usize, j: usize| ((i * 7 + j * 5) % 9 + 1) as f64;
    let y = |i: usize, r: usize| ((i * 3 + r * 4) % 11 + 20) as f64;
    let output = |i: usize| (0..n).map(|j| z(i, j)).sum::<f64>() + (0..3).map(|r| y(i, r)).sum::<f64>();
    let table = |rows: usize, columns: usize, cell: &dyn Fn(usize, usize) -> f64| {
        let line = |i: usize| (0..columns).map(|j| cell(i, j).to_string()).collect::<Vec<_>>().join(",") + "\n";
        (0..rows).map(line).collect::<String>()
    };
    write("Z.csv", &table(n, n, &z));
    write("Y.csv", &table(n, 3, &y));
    write("V.csv", &table(1, n, &|_, j| output(j) - (0..n).map(|i| z(i, j)).sum::<f64>()));
    folder
}

fn import(store: &Path) {
    let folder = small_world(store);
    let (_, said, code) =
        program::with_store(store, &["data", "import", "plain", &folder.display().to_string(), "--name", "tiny"]);
    assert_eq!(code, Some(0), "{said}");
}

const SCENARIO: &str = "home = \"CHN\"\nhorizon = 60\nstep = 5\n[[control]]\nby = \"USA\"\nagainst = \"CHN\"\nsectors = [\"C26\"]\nseverity = 0.5\nseverity_range = [0.3, 0.7]\n";

/// The flags and the fields by which the same is asked of a method; none where only one of the doors has a way.
fn asked(entry: &Entry, example: &str) -> (Vec<String>, serde_json::Value) {
    let name = entry.method.name;
    let must = |field: Field| entry.need(field) == Need::Must;
    let has = |field: Field| entry.need(field) != Need::Never;
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
    let mut question = serde_json::json!({"method": name});
    if has(Field::World) {
        question["world"] = "tiny".into();
    }
    let mut command = match (entry.verb(), entry.command()) {
        (Verb::Expose, _) => words(&["expose", name, "--home", "CHN", "--partner", "USA"]),
        (Verb::Shock, _) if must(Field::Draws) => {
            words(&["shock", "run", "s.toml", "--model", "ban", "--draws", "8", "--seed", "5"])
        }
        (Verb::Shock, _) if entry.is_of_scenario() => words(&["shock", "run", "s.toml", "--model", name]),
        (Verb::Shock, _) if must(Field::Scenario) => words(&["shock", "compare", "s.toml", "t.toml"]),
        (Verb::Shock, _) if must(Field::Tariffs) => words(&["shock", "tariffs", &format!("{example}/tariffs")]),
        (Verb::Shock, _) => words(&["shock", name, "--home", "CHN", "--partner", "USA"]),
        (Verb::Plan, Some("run")) => words(&["plan", "run", "p.toml", "--show", name]),
        (Verb::Plan, Some("allocate")) => words(&["plan", "allocate", "--home", "CHN", "--method", name]),
        (Verb::Plan, Some("governance")) if !must(Field::Strategy) => {
            words(&["plan", "governance", "--method", name, "--set", "draws=500"])
        }
        (Verb::Plan, Some("governance")) => words(&["plan", "governance", "p.toml", "--set", "draws=2"]),
        (Verb::Plan, command) => words(&["plan", command.unwrap_or_default(), "p.toml"]),
    };
    if must(Field::Home) {
        question["home"] = "CHN".into();
    }
    if has(Field::Partner) {
        question["partner"] = serde_json::json!(["USA"]);
    }
    if has(Field::Scenario) {
        question["scenario"] = serde_json::json!({"file": "s.toml"});
    }
    if must(Field::Scenario) {
        question["scenario"] = serde_json::json!([{"file": "s.toml"}, {"file": "t.toml"}]);
    }
    if must(Field::Draws) {
        (question["draws"], question["seed"], question["model"]) = (8.into(), 5.into(), "ban".into());
    }
    if must(Field::Tariffs) {
        question["tariffs"] = format!("{example}/tariffs").into();
    }
    if must(Field::Strategy) {
        question["strategy"] = serde_json::json!({"file": "p.toml"});
    }
    if entry.command() == Some("governance") {
        question["options"] = serde_json::json!({"draws": if must(Field::Strategy) { 2 } else { 500 }});
    }
    if entry.draws() {
        question["options"] = serde_json::json!({"draws": 2});
        command.extend(words(&["--set", "draws=2"]));
    }
    // What is given by flags of their own at one door is an option at the other.
    if has(Field::World) {
        command.extend(words(&["--world", "tiny"]));
    }
    (command, question)
}

fn run(store: &Path, folder: &Path, threads: &str, words: &[&str], locale: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zili"));
    command.current_dir(folder).arg("--store").arg(store).args(["--threads", threads, "--quiet"]).args(words);
    command.env_remove("ZILI_STORE").env("LC_ALL", locale).output().expect("started")
}

/// Method by method: its command and `ask`, at one, two and eight threads, twice, from two folders, in two locales.
#[test]
fn every_method_gives_the_same_bytes_by_its_command_and_by_ask() {
    let store = tempfile::tempdir().expect("a folder");
    import(store.path());
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let strategy = std::fs::read_to_string(examples.join("strategies/by-hand.toml")).expect("an example");
    let (here, there) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    for folder in [&here, &there] {
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
        write("s.toml", SCENARIO);
        write("t.toml", &SCENARIO.replace("severity = 0.5", "severity = 0.4"));
        write("p.toml", &strategy);
    }
    let mut answered = 0;
    for entry in register() {
        let (command, question) = asked(&entry, &examples.display().to_string());
        for folder in [&here, &there] {
            std::fs::write(folder.path().join("q.json"), question.to_string()).expect("written");
        }
        let words: Vec<&str> = command.iter().map(String::as_str).chain(["--format", "json"]).collect();
        let ask = ["ask", "q.json", "--format", "json"];
        let first = run(store.path(), here.path(), "1", &words, "C");
        answered += usize::from(first.status.success());
        for (threads, folder, words, locale) in [
            ("2", here.path(), &ask[..], "C"),
            ("1", here.path(), &ask[..], "de_DE.UTF-8"),
            ("8", there.path(), &words[..], "tr_TR.UTF-8"),
            ("2", there.path(), &words[..], "C"),
        ] {
            let other = run(store.path(), folder, threads, words, locale);
            let name = entry.method.name;
            assert_eq!(first.status.code(), other.status.code(), "{name}: {}", program::err(&other));
            assert!(first.stdout == other.stdout, "{name}: {words:?} with {threads} threads gives other bytes");
            assert_eq!(program::err(&first), program::err(&other), "{name}: {words:?}");
        }
    }
    // Some refuse a table as small as this, in the same words by either door.
    assert!(answered > 45, "{answered} methods answered");
}

#[test]
fn words_that_a_terminal_would_obey_come_back_written_out() {
    program::refused(&["expose", "power", "--home", "no\u{7}bo\u{1b}[31mdy"], 1, &["no\\u{7}bo"]);
    let output = program::zili(&["expose", "power", "--home", "no\u{7}body"]);
    assert!(!program::err(&output).contains('\u{7}'));
}

/// What was done when Ctrl-C came is kept, and the same command goes on from there.
#[cfg(unix)]
#[test]
fn many_scenarios_that_are_called_off_go_on_where_they_stopped() {
    let store = tempfile::tempdir().expect("a folder");
    import(store.path());
    let folder = store.path().join("many");
    std::fs::create_dir_all(&folder).expect("a folder");
    // Different steps cannot be run side by side: one result comes after another.
    for k in 0..40 {
        let long = SCENARIO.replace("horizon = 60\nstep = 5", &format!("horizon = {}\nstep = 0.05", 3000 + k));
        std::fs::write(folder.join(format!("s{k}.toml")), long).expect("written");
    }
    let files: Vec<String> = (0..40).map(|k| format!("s{k}.toml")).collect();
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zili"));
        command.current_dir(&folder).arg("--store").arg(store.path()).args(["shock", "run"]).args(&files);
        command.args(["--model", "inventory", "--world", "tiny", "--out", "results"]).env_remove("ZILI_STORE");
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started")
    };
    let mut child = start();
    let results = || std::fs::read_dir(folder.join("results")).map_or(0, Iterator::count);
    while results() < 4 {
        let ended = child.try_wait().expect("its state");
        assert!(ended.is_none(), "it ended before anything was done: {ended:?}");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let signalled = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("a signal");
    assert!(signalled.success());
    let stopped = child.wait_with_output().expect("ended");
    assert_eq!(stopped.status.code(), Some(130), "{}", program::err(&stopped));
    assert!(program::err(&stopped).contains("goes on from there"), "{}", program::err(&stopped));
    let rest = start().wait_with_output().expect("ended");
    assert!(program::err(&rest).contains("were there already"), "{}", program::err(&rest));
    // One result each, and the list of them; nothing half.
    assert_eq!(results(), 41);
}

/// The example program has a measure more than zili.
fn one_more() -> Command {
    let bin = Path::new(env!("CARGO_BIN_EXE_zili"));
    let example = bin.parent().expect("a folder").join("examples").join("one_more_measure");
    let mut command = Command::new(example);
    command.env_remove("ZILI_STORE");
    command
}

#[test]
fn a_method_that_is_registered_is_at_every_door() {
    let said = |words: &[&str]| program::out(&one_more().args(words).output().expect("started"));
    let by_command = said(&["expose", "output-share", "--home", "CHN", "--format", "json"]);
    assert!(by_command.contains("\"share\""), "{by_command}");
    assert!(said(&["methods"]).contains("output-share"));
    assert!(said(&["methods", "output-share"]).starts_with("# Share of the world's output"));
    assert!(said(&["methods", "--format", "json"]).contains("\"output-share\""));
    assert!(said(&["completions", "bash"]).contains("output-share"));
    let folder = tempfile::tempdir().expect("a folder");
    let question = folder.path().join("q.json");
    std::fs::write(&question, r#"{"method": "output-share", "home": "CHN"}"#).expect("written");
    assert_eq!(said(&["ask", &question.display().to_string(), "--format", "json"]), by_command);
    let mut assistant = Assistant::of(one_more().arg("mcp"));
    assert!(assistant.call("list_methods", "{}").contains("output-share"));
    assert!(assistant.call("describe_method", r#"{"name": "output-share"}"#).contains("additionalProperties"));
    let answer = assistant.call("ask", r#"{"question": {"method": "output-share", "home": "CHN"}}"#);
    assert_eq!(answer, by_command);
}

/// Speaks the Model Context Protocol with a program.
struct Assistant {
    child: std::process::Child,
    lines: BufReader<std::process::ChildStdout>,
    asked: u64,
}

impl Assistant {
    fn of(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("started");
        let lines = BufReader::new(child.stdout.take().expect("its output"));
        let mut assistant = Self { child, lines, asked: 0 };
        let hello = r#"{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"0"}}"#;
        let answer = assistant.request("initialize", hello);
        assert_eq!(answer["result"]["serverInfo"]["name"], "zili");
        assistant.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
        assistant
    }

    fn send(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().expect("its input");
        writeln!(stdin, "{line}").and_then(|()| stdin.flush()).expect("written");
    }

    fn request(&mut self, method: &str, params: &str) -> serde_json::Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#));
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).expect("a line") > 0, "it went away");
            let value: serde_json::Value = serde_json::from_str(&line).expect("json alone is on standard output");
            if value["id"] == id {
                return value;
            }
        }
    }

    /// The first text of a tool's answer.
    fn call(&mut self, tool: &str, arguments: &str) -> String {
        let answer = self.request("tools/call", &format!(r#"{{"name":"{tool}","arguments":{arguments}}}"#));
        answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }
}

impl Drop for Assistant {
    fn drop(&mut self) {
        // Standard input closes first: that ends it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

#[test]
fn an_assistant_reads_and_writes_nothing_unless_it_may() {
    let store = tempfile::tempdir().expect("a folder");
    let folder = small_world(store.path()).display().to_string();
    let shelf = store.path().join("library");
    let start = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zili"));
        Assistant::of(command.env_remove("ZILI_STORE").arg("--store").arg(&shelf).arg("mcp").args(more))
    };
    let import = format!(r#"{{"format": "plain", "path": "{folder}", "name": "tiny"}}"#);
    let mut reader = start(&[]);
    let tools = reader.request("tools/list", "{}").to_string();
    assert!(tools.contains("\"ask\"") && !tools.contains("import_data"), "{tools}");
    let refused = reader.request("tools/call", &format!(r#"{{"name":"import_data","arguments":{import}}}"#));
    assert!(refused["error"]["message"].as_str().is_some_and(|text| text.contains("import_data")), "{refused}");
    let question = r#"{"question": {"method": "power", "home": "CHN", "partner": "USA", "options": {"sigma": 0}}}"#;
    assert!(reader.call("ask", question).contains("sigma"), "a refusal says why");
    let file = r#"{"question": {"method": "ban", "scenario": {"file": "/etc/passwd"}}}"#;
    assert!(reader.call("ask", file).contains("files are not read here"));
    let mut writer = start(&["--allow-import"]);
    assert!(writer.call("import_data", &import).contains("3 regions × 3 sectors"));
    let asked = r#"{"question": {"method": "accounts", "home": "CHN", "world": "tiny"}, "top": 2}"#;
    assert!(writer.call("ask", asked).contains("\"C28\""));
}
