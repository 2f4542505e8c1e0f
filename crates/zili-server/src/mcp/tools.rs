//! The tools, and what each answers.

use super::watch::Progress;
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use zili_engine::{Engine, Error, Importing, KINDS, Question, Verb, describe};
use zili_report::files::{self, FileFormat};

/// Texts for the other side, the answer first.
pub struct Answer {
    pub texts: Vec<String>,
}

/// Why there is no answer.
pub enum Refusal {
    /// There is no such tool.
    Unknown(String),
    /// What is asked cannot be answered, and why.
    Question(String),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Question(format!("{} ({})", error, error.code()))
    }
}

const LIST_METHODS: &str = "list_methods";
const DESCRIBE_METHOD: &str = "describe_method";
const LIST_DATA: &str = "list_data";
const ASK: &str = "ask";
const IMPORT: &str = "import_data";

/// Rows that an answer has where nothing else is said.
const ROWS: usize = 200;

/// The tools there are; imports only where they are allowed.
pub fn listed(allow_import: bool) -> Vec<Tool> {
    let reads = |name: &'static str, about: &'static str, schema: Value| {
        Tool::new(name, about, object(schema)).with_annotations(ToolAnnotations::new().read_only(true))
    };
    let mut tools = vec![
        reads(
            LIST_METHODS,
            "Lists the methods by verb (expose: where an economy stands and on whom it depends; shock: what happens when others cut it off; plan: \
             what to build first), each with the question it answers.",
            json!({"type": "object", "additionalProperties": false, "properties": {"verb": {"enum": Verb::ALL.map(Verb::as_str)}}}),
        ),
        reads(
            DESCRIBE_METHOD,
            "Everything a method declares: equation, columns with units, options, limits, source, and the JSON Schema of questions to it.",
            json!({"type": "object", "additionalProperties": false, "required": ["name"], "properties": {"name": {"type": "string"}}}),
        ),
        reads(
            LIST_DATA,
            "Lists the data that questions can name, and with a world's name its regions, sectors, years, unit, sources and caveats.",
            json!({"type": "object", "additionalProperties": false, "properties": {"world": {"type": "string"}}}),
        ),
        reads(
            ASK,
            "Asks a method a question (see describe_method for its schema). The answer has typed columns with units, rows, and the evidence: \
             method, parameters, sources with checksums, and notes that a reader must know. Scenarios, strategies and other files are given with \
             their name and text, not by where they are.",
            json!({
                "type": "object", "additionalProperties": false, "required": ["question"],
                "properties": {
                    "question": {"type": "object", "required": ["method"]},
                    "top": {"type": "integer", "minimum": 1, "default": ROWS, "description": "only the first rows"},
                    "explain": {"type": "boolean", "description": "say what would run on which data, and run nothing"},
                },
            }),
        ),
    ];
    if allow_import {
        tools.push(Tool::new(
            IMPORT,
            "Imports files into the library under a name: a table, chain, trade, indicators, production or tariffs.",
            object(json!({
                "type": "object", "additionalProperties": false, "required": ["format", "path", "name"],
                "properties": {
                    "format": {"enum": zili_engine::formats()},
                    "path": {"type": "string"}, "name": {"type": "string"}, "year": {"type": "integer"},
                    "repairs": {"type": "array", "items": {"type": "string"}}, "replace": {"type": "boolean"},
                },
            })),
        ));
    }
    tools
}

fn object(schema: Value) -> Arc<JsonObject> {
    match schema {
        Value::Object(object) => Arc::new(object),
        _ => Arc::default(),
    }
}

/// Runs a tool.
pub fn call(
    engine: &Engine,
    name: &str,
    arguments: JsonObject,
    allow_import: bool,
    watch: &Progress,
) -> Result<Answer, Refusal> {
    let mut texts = match name {
        LIST_METHODS => vec![methods(engine, &read(arguments)?)?],
        DESCRIBE_METHOD => {
            let Named { name } = read(arguments)?;
            vec![pretty(&describe(engine.entry(&name)?))]
        }
        LIST_DATA => vec![data(engine, &read(arguments)?)?],
        ASK => ask(engine, read(arguments)?, watch)?,
        IMPORT if allow_import => vec![import(engine, read(arguments)?, watch)?],
        _ => return Err(Refusal::Unknown(name.to_owned())),
    };
    texts.extend(watch.warnings());
    Ok(Answer { texts })
}

fn read<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, Refusal> {
    serde_json::from_value(Value::Object(arguments)).map_err(|e| Refusal::Question(format!("arguments: {e}")))
}

fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfVerb {
    #[serde(default)]
    verb: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfWorld {
    #[serde(default)]
    world: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    question: Value,
    #[serde(default)]
    top: Option<usize>,
    #[serde(default)]
    explain: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToImport {
    format: String,
    path: PathBuf,
    name: String,
    #[serde(default)]
    year: Option<i32>,
    #[serde(default)]
    repairs: Vec<String>,
    #[serde(default)]
    replace: bool,
}

fn methods(engine: &Engine, asked: &OfVerb) -> Result<String, Refusal> {
    if let Some(verb) = &asked.verb
        && Verb::ALL.iter().all(|known| known.as_str() != verb)
    {
        let known = Verb::ALL.map(Verb::as_str).join(", ");
        return Err(Refusal::Question(format!("unknown verb '{verb}' (accepted: {known})")));
    }
    let chosen = engine.entries().iter().filter(|e| asked.verb.as_deref().is_none_or(|verb| e.verb().as_str() == verb));
    let of = |entry: &zili_engine::Entry| {
        let method = entry.method;
        json!({
            "name": method.name, "verb": entry.verb().as_str(), "title": method.title(),
            "answers": method.section("Answers"), "horizon": entry.horizon(),
        })
    };
    Ok(pretty(&json!(chosen.map(of).collect::<Vec<_>>())))
}

fn data(engine: &Engine, asked: &OfWorld) -> Result<String, Error> {
    let library = engine.library();
    let Some(name) = &asked.world else {
        let of = |kind: &&'static zili_engine::DataKind| (kind.plural().to_owned(), json!(library.names(kind)));
        return Ok(pretty(&Value::Object(KINDS.iter().map(of).collect())));
    };
    let world = library.world(name)?;
    let manifest = world.manifest();
    Ok(pretty(&json!({
        "name": manifest.name, "title": manifest.title, "unit": manifest.unit, "years": world.years(),
        "regions": manifest.regions.iter().map(|r| json!({"code": r.code, "name": r.name})).collect::<Vec<_>>(),
        "sectors": manifest.sectors.iter().map(|s| json!({"code": s.code, "name": s.name})).collect::<Vec<_>>(),
        "sources": manifest.sources, "estimated": manifest.estimated, "caveats": manifest.caveats,
    })))
}

fn ask(engine: &Engine, asked: Asked, watch: &Progress) -> Result<Vec<String>, Refusal> {
    let question = Question::parse(&asked.question.to_string(), "question")?;
    // Files are the other side's, not this one's: an assistant reads none here.
    if let Some(name) = &question.tariffs
        && !engine.library().tariff_names().contains(name)
    {
        return Err(Refusal::Question(format!(
            "there are no tariffs '{name}' in the library; list_data has the names"
        )));
    }
    if asked.top == Some(0) {
        return Err(Refusal::Question("top: give 1 or more".to_owned()));
    }
    if asked.explain {
        return Ok(vec![pretty(&engine.ready(&question, watch)?.explain())]);
    }
    let mut finding = engine.answer(&question, watch)?;
    let (rows, top) = (finding.rows.len(), asked.top.unwrap_or(ROWS));
    finding.rows.truncate(top);
    let bytes = files::encode(&finding, FileFormat::Json).map_err(|e| Refusal::Question(e.to_string()))?;
    let mut texts = vec![String::from_utf8_lossy(&bytes).into_owned()];
    if rows > top {
        texts.push(format!("The answer has {rows} rows; the first {top} are here. Ask with a larger top for more."));
    }
    Ok(texts)
}

fn import(engine: &Engine, asked: ToImport, watch: &Progress) -> Result<String, Error> {
    let ToImport { format, path, name, year, repairs, replace } = asked;
    let importing = Importing { year, repairs, replace, ..Importing::of(&format, path, &name) };
    let imported = engine.library().import(&importing, watch)?;
    Ok(pretty(&json!({
        "kind": imported.kind.what, "name": imported.name, "what": imported.what, "remarks": imported.remarks,
    })))
}
