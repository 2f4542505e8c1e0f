//! The published advanced-chip chain (Emerging Technology Observatory, Supply Chain Explorer; editions of 2025 and 2026) as a chain file.
//!
//! What is read as what: `goes_into` is a requirement and `is_type_of` a variant; stages come in their order. A share is a number where one is
//! published and unknown where none is; where countries have shares those of firms are parts of them and left out; a supplier whose share is called negligible has at most [`NEGLIGIBLE`]. Of several years of an input's
//! shares the last is taken. Beside a variant named EUV the others serve mature chips only, and it the leading edge: our reading.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::path::Path;

pub const ABOUT: &str = "a technology chain, from the Supply Chain Explorer's files on advanced chips: inputs.csv, stages.csv, sequence.csv, providers.csv, provision.csv (its licence is non-commercial: for your own use)";

const NEEDED: &str = "inputs.csv, stages.csv, sequence.csv, providers.csv, provision.csv";

/// Most that a share called negligible is taken to be.
const NEGLIGIBLE: f64 = 0.05;

#[derive(Deserialize)]
struct InputRow {
    input_id: String,
    input_name: String,
    #[serde(rename = "type")]
    kind: String,
    stage_id: String,
}

#[derive(Deserialize)]
struct StageRow {
    stage_id: String,
    stage_name: String,
}

#[derive(Deserialize)]
struct SequenceRow {
    input_id: String,
    goes_into_id: String,
    is_type_of_id: String,
}

#[derive(Deserialize)]
struct ProviderRow {
    provider_id: String,
    provider_name: String,
    provider_type: String,
    country: String,
}

#[derive(Deserialize)]
struct ProvisionRow {
    provider_id: String,
    provided_id: String,
    share_provided: String,
    #[serde(default)]
    negligible_market_share: String,
    #[serde(default)]
    year: String,
}

/// A chain file, as it is written.
#[derive(Serialize)]
struct File {
    name: String,
    title: String,
    product: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    grades: Vec<&'static str>,
    description: String,
    licence: String,
    source: Vec<Source>,
    stage: Vec<Stage>,
    input: Vec<Input>,
    supply: Vec<Supply>,
}

#[derive(Serialize)]
struct Source {
    id: &'static str,
    title: &'static str,
    publisher: &'static str,
}

#[derive(Serialize)]
struct Stage {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct Input {
    id: String,
    name: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    goes_into: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    variant_of: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    grades: Vec<&'static str>,
}

#[derive(Serialize)]
struct Supply {
    input: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    firm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
    source: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Share {
    Known(f64),
    Between([f64; 2]),
}

const GRADES: [&str; 2] = ["leading-edge", "mature"];
const SOURCE: &str = "supply-chain-explorer";

/// The folder as a chain file of some name.
pub fn read(folder: &Path, name: &str) -> Result<String, Error> {
    let inputs: Vec<InputRow> = rows(folder, "inputs.csv")?;
    let stages: Vec<StageRow> = rows(folder, "stages.csv")?;
    let sequence: Vec<SequenceRow> = rows(folder, "sequence.csv")?;
    let provided: Vec<ProvisionRow> = rows(folder, "provision.csv")?;
    let mut providers: HashMap<String, ProviderRow> = HashMap::new();
    for row in rows::<ProviderRow>(folder, "providers.csv")? {
        // Aliases repeat an id; the first row has the name.
        providers.entry(row.provider_id.clone()).or_insert(row);
    }
    let known: HashSet<&str> =
        inputs.iter().map(|row| row.input_id.as_str()).chain(stages.iter().map(|row| row.stage_id.as_str())).collect();
    let refuse = |file: &str, id: &str| Error::file(&folder.join(file), format!("'{id}' is no input or stage"));
    for row in &sequence {
        for id in [&row.input_id, &row.goes_into_id, &row.is_type_of_id] {
            if !id.is_empty() && !known.contains(id.as_str()) {
                return Err(refuse("sequence.csv", id));
            }
        }
    }
    let product = inputs.iter().find(|row| row.kind == "ultimate_output");
    let product = product.ok_or_else(|| Error::file(&folder.join("inputs.csv"), "no input is the ultimate_output"))?;
    let graded = leading_edge(&inputs, &sequence);
    let mut nodes = Vec::new();
    for row in &inputs {
        let links = |of: fn(&SequenceRow) -> &String| -> Vec<String> {
            let own = sequence.iter().filter(|link| link.input_id == row.input_id);
            own.map(of).filter(|id| !id.is_empty()).cloned().collect()
        };
        let (goes_into, mut variant_of) = (links(|link| &link.goes_into_id), links(|link| &link.is_type_of_id));
        let loose = goes_into.is_empty() && variant_of.is_empty() && row.input_id != product.input_id;
        // Kinds of design stand beside the sequence: a chip is of one of them.
        if loose && row.kind == "process" && !row.stage_id.is_empty() {
            variant_of.push(row.stage_id.clone());
        }
        nodes.push(Input {
            id: row.input_id.clone(),
            name: row.input_name.trim().to_owned(),
            kind: match row.kind.as_str() {
                "tool_resource" => "tool",
                "material_resource" => "material",
                "design_resource" => "design",
                "ultimate_output" => "product",
                _ => "process",
            },
            stage: (!row.stage_id.is_empty() && !loose).then(|| row.stage_id.clone()),
            goes_into,
            variant_of,
            grades: graded
                .get(row.input_id.as_str())
                .map(|leading| GRADES[usize::from(!leading)])
                .into_iter()
                .collect(),
        });
    }
    let file = File {
        name: name.to_owned(),
        title: format!("{} (Supply Chain Explorer)", product.input_name.trim()),
        product: product.input_id.clone(),
        grades: if graded.is_empty() { Vec::new() } else { GRADES.to_vec() },
        description: "Read from the files of the Supply Chain Explorer; kinds of a tool are variants, and which of them serves the leading edge is a reading of zili's.".to_owned(),
        licence: "CC BY-NC 4.0: for your own, non-commercial use".to_owned(),
        source: vec![Source {
            id: SOURCE,
            title: "Supply Chain Explorer: advanced chips",
            publisher: "Emerging Technology Observatory, Center for Security and Emerging Technology",
        }],
        stage: stages.iter().map(|row| Stage { id: row.stage_id.clone(), name: row.stage_name.clone() }).collect(),
        input: nodes,
        supply: supplies(folder, &provided, &providers, &known)?,
    };
    toml::to_string(&file).map_err(|e| Error::file(folder, e))
}

/// Variants of a tool of which one is named EUV and another ArF: true for the first, which serves the leading edge, and false for those
/// beside it.
fn leading_edge<'a>(inputs: &'a [InputRow], sequence: &[SequenceRow]) -> HashMap<&'a str, bool> {
    let named = |id: &str, word: &str| {
        let name = inputs.iter().find(|row| row.input_id == id).map_or("", |row| row.input_name.as_str());
        name.split_whitespace().any(|w| w == word)
    };
    let mut graded = HashMap::new();
    for row in inputs {
        let groups = sequence.iter().filter(|link| link.input_id == row.input_id && !link.is_type_of_id.is_empty());
        for group in groups {
            let holds = |word: &str| {
                sequence.iter().any(|link| link.is_type_of_id == group.is_type_of_id && named(&link.input_id, word))
            };
            if holds("EUV") && holds("ArF") {
                graded.insert(row.input_id.as_str(), named(&row.input_id, "EUV"));
            }
        }
    }
    graded
}

fn supplies(
    folder: &Path,
    provided: &[ProvisionRow],
    providers: &HashMap<String, ProviderRow>,
    known: &HashSet<&str>,
) -> Result<Vec<Supply>, Error> {
    let path = folder.join("provision.csv");
    let mut last: HashMap<&str, i32> = HashMap::new();
    for row in provided {
        let year = row.year.trim().parse().unwrap_or(0);
        last.entry(&row.provided_id).and_modify(|y| *y = year.max(*y)).or_insert(year);
    }
    let is_firm =
        |row: &ProvisionRow| providers.get(&row.provider_id).is_some_and(|p| p.provider_type == "organization");
    // Where countries' shares are published they are the whole, and firms' are parts of them.
    let by_country: HashSet<&str> = provided
        .iter()
        .filter(|row| !row.share_provided.trim().is_empty() && !is_firm(row))
        .map(|row| row.provided_id.as_str())
        .collect();
    let mut supplies = Vec::new();
    for (k, row) in provided.iter().enumerate() {
        let line = k as u64 + 2;
        if !known.contains(row.provided_id.as_str()) {
            return Err(Error::line(&path, line, format!("'{}' is no input or stage", row.provided_id)));
        }
        let provider = providers.get(&row.provider_id);
        let provider =
            provider.ok_or_else(|| Error::line(&path, line, format!("'{}' is no provider", row.provider_id)))?;
        let year: i32 = row.year.trim().parse().unwrap_or(0);
        if year < last[row.provided_id.as_str()] {
            continue;
        }
        let written = row.share_provided.trim().trim_end_matches('%').trim();
        let negligible = !row.negligible_market_share.trim().is_empty();
        let share = match written {
            "" if negligible => Some(Share::Between([0.0, NEGLIGIBLE])),
            "" => None,
            _ if is_firm(row) && by_country.contains(row.provided_id.as_str()) => None,
            text => {
                let percent: f64 = text.parse().ok().filter(|p| (0.0..=100.0).contains(p)).ok_or_else(|| {
                    Error::line(&path, line, format!("a share of '{text}': give per cent from 0 to 100"))
                })?;
                // As short as it was written.
                Some(Share::Known((percent * 1e6).round() / 1e8))
            }
        };
        let firm = (provider.provider_type == "organization").then(|| provider.provider_name.trim().to_owned());
        let place = if firm.is_some() { provider.country.trim() } else { provider.provider_name.trim() };
        let note = if negligible { "its share is called negligible" } else { "" };
        let year = (year > 0).then_some(year);
        supplies.push(Supply {
            input: row.provided_id.clone(),
            region: region(place),
            firm,
            share,
            year,
            source: SOURCE,
            note,
        });
    }
    Ok(supplies)
}

/// A country's code; none for what is no country.
fn region(place: &str) -> Option<String> {
    match place {
        "MAL" => Some("MYS".to_owned()),
        "EUR" => None,
        code if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => Some(code.to_owned()),
        _ => None,
    }
}

fn rows<T: for<'de> Deserialize<'de>>(folder: &Path, name: &str) -> Result<Vec<T>, Error> {
    let path = folder.join(name);
    if !path.exists() {
        return Err(Error::Missing { path, needed: NEEDED });
    }
    let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let line = |e: csv::Error| {
        let at = e.position().map_or(0, csv::Position::line);
        Error::line(&path, at, e)
    };
    reader.deserialize().collect::<Result<_, _>>().map_err(line)
}
