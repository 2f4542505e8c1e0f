//! What is near to what home makes: the product space, and which products in reach are complex and bought from few.

use super::plane::{self, lay_out};
use super::{Part, ask, origin, without_figures};
use crate::Error;
use crate::assess::words::{counted, in_text, listed};
use crate::assess::{Figure, Question, places};
use serde_json::{Map, Value, json};
use zili_exposure::complexity;
use zili_exposure::complexity::network::{Network, network};
use zili_world::trade::TABLE;
use zili_world::{Cell, Finding, World};

/// Products that are drawn in the network: those of the most trade.
const DRAWN: usize = 600;
/// Products that are listed as within reach: those of the highest score.
const LISTED: usize = 300;
/// From so many products on trade tells of who makes what; that of fewer is an extract.
const FULL: usize = 90;
/// Products within reach that are named.
const NAMED: usize = 3;

pub(super) fn part(world: &World, question: &Question) -> Result<Part, Error> {
    let home = in_text(&question.home.name);
    let left_out = |why: &str| without_figures(format!("The product space is left out: {why}."));
    // Of the user's trade that with the most products; else the table's own, by sector.
    let mut fullest = None;
    for trade in world.trades()? {
        let most = fullest.as_ref().map_or(FULL - 1, |(_, most)| *most);
        if trade.products().len() > most {
            fullest = Some((trade.clone(), trade.products().len()));
        }
    }
    let trade = fullest.as_ref().map_or(TABLE, |(trade, _)| trade.name());
    let asked = ask(world, question, &complexity::products::METHOD, Vec::new(), &[("trade", trade)])?;
    let (mut reach, params) = match asked {
        Ok(answer) => answer,
        Err(why) => return Ok(left_out(&why)),
    };
    let Network { finding: mut nodes, links, compared, threshold } = network(world, &params, DRAWN)?;
    // Trade has years of its own; that of the table is the table's.
    let asked = |wanted: &str| nodes.evidence.parameters.iter().find(|(name, _)| name == wanted);
    let year = asked("years of trade").or_else(|| asked("year"));
    let year = year.map(|(_, year)| year.clone()).unwrap_or_default();
    let year = if year == "0" { question.when() } else { year };
    for finding in [&mut reach, &mut nodes] {
        finding.parameter("years", year.clone());
    }
    if trade == TABLE {
        // Trade of the store names its sources itself.
        world.sign(&mut reach)?;
        world.sign(&mut nodes)?;
    }
    let noun = if trade == TABLE { "sector" } else { "product" };
    let made = nodes.column("makes")?;
    if nodes.rows.iter().all(|row| row[made].text() == "no") && reach.rows.is_empty() {
        return Ok(left_out(&format!("{home} has comparative advantage in no {noun}")));
    }
    let whole = if nodes.rows.len() < compared {
        format!(", of the {} of the most trade out of {compared}", nodes.rows.len())
    } else {
        String::new()
    };
    let few = compared < FULL;
    let mut note = format!(
        "Lines are a maximum spanning tree of the proximities and every other proximity from {threshold:.2} on; the place of a {noun} has no other meaning than what it is near to."
    );
    if few {
        note += &format!(
            " {} are few for this method, made for thousands of products: read it as a sketch, and bring product trade (zili data import).",
            counted(compared, noun)
        );
    }
    let others = reach.rows.len();
    let words = words(&reach, &home, noun, compared, &year, few)?;
    let mut figures = vec![Figure {
        id: "product-space".to_owned(),
        kind: "space",
        title: "The product space".to_owned(),
        subtitle: format!(
            "Each dot is a {noun} in trade{whole}; its size what the world trades of it. Lines join what the same economies make. Filled: {home} has comparative advantage, {year}"
        ),
        alt: format!(
            "Network of {}, those near each other that the same economies make.",
            counted(nodes.rows.len(), noun)
        ),
        note: Some(note),
        options: json!({"graph": graph(&nodes, &links)?.to_string(), "home": question.home.name, "noun": noun}),
        finding: nodes,
    }];
    if others > LISTED {
        reach.rows.truncate(LISTED);
        reach.note(format!("the first {LISTED} of {others} by score; all of them with `zili expose complexity-products --set trade={trade}`"));
    }
    if others > 0 {
        figures.push(Figure {
            id: "product-reach".to_owned(),
            kind: "scatter",
            title: "Reachable and strategic".to_owned(),
            subtitle: format!(
                "{}s that {home} does not make with advantage: how near to what it makes (density), how complex (PCI), and how much it depends on one supplier for them (size), {year}",
                if noun == "sector" { "Sector" } else { "Product" }
            ),
            alt: format!("Scatter of density against complexity of what {} does not make.", question.home.name),
            note: Some("To the right is near to what home makes, up is complex; named and dark are the highest scores, which weigh density, complexity and dependence alike: an assumption. A ring is a product without dependence, or of which that is not known.".to_owned()),
            options: json!({"label": "product_name", "code": "product", "x": "density", "y": "pci", "size": "dependence", "score": "score",
                "who": "top_supplier", "names": names(world, &reach)?.to_string(), "noun": noun}),
            finding: reach,
        });
    }
    let origins = fullest.map(|(trade, _)| trade.manifest().sources.iter().map(origin).collect());
    Ok(Part { words, figures, origins: origins.unwrap_or_default() })
}

/// What lies nearest of what pays most by the score.
fn words(
    reach: &Finding,
    home: &str,
    noun: &str,
    compared: usize,
    year: &str,
    few: bool,
) -> Result<Vec<String>, Error> {
    let (name, score) = (reach.column("product_name")?, reach.column("score")?);
    let best = reach.rows.iter().filter(|row| row[score].number().is_some()).take(NAMED);
    let best: Vec<String> = best.map(|row| format!("“{}”", row[name].text())).collect();
    let made = compared - reach.rows.len();
    let of =
        format!("Of {} in trade in {year}, {home} makes {made} with comparative advantage", counted(compared, noun));
    let sketch = if few { " (so few tell little)" } else { "" };
    Ok(vec![match best.as_slice() {
        [] => format!("{of}."),
        _ => format!(
            "{of}; of the others, by nearness, complexity and dependence together, these come first{sketch}: {}.",
            listed(&best)
        ),
    }])
}

fn names(world: &World, reach: &Finding) -> Result<Value, Error> {
    let who = reach.column("top_supplier")?;
    let codes = reach.rows.iter().map(|row| row[who].text()).filter(|code| !code.is_empty());
    Ok(Value::Object(codes.map(|code| (code.to_owned(), json!(places::name(world, code)))).collect::<Map<_, _>>()))
}

/// Places and sizes of the nodes, in the order of the table, and the links.
fn graph(nodes: &Finding, links: &[zili_exposure::complexity::network::Link]) -> Result<Value, Error> {
    let (code, world) = (nodes.column("product")?, nodes.column("world")?);
    let traded: Vec<f64> = nodes.rows.iter().map(|row| row[world].number().unwrap_or(0.0)).collect();
    let most = traded.iter().copied().fold(0.0, f64::max);
    // Areas as the trade; many nodes are smaller.
    let (least, range) = if traded.len() > 100 { (2.5, 11.0) } else { (5.0, 19.0) };
    let radii: Vec<f64> = traded.iter().map(|usd| least + range * (usd / most).max(0.0).sqrt()).collect();
    let ends: Vec<(usize, usize)> = links.iter().map(|link| (link.from, link.to)).collect();
    let trees = links.iter().filter(|link| link.of_tree).count();
    let laid = lay_out(&radii, &ends, trees);
    let tenth = |v: f64| json!((v * 10.0).round() / 10.0);
    let node = |(k, row): (usize, &Vec<Cell>)| {
        json!([row[code].text(), tenth(laid.at[k].0), tenth(laid.at[k].1), tenth(radii[k])])
    };
    let hundredth = |v: f64| json!((v * 100.0).round() / 100.0);
    let links: Vec<Value> = links.iter().map(|l| json!([l.from, l.to, hundredth(l.proximity)])).collect();
    let nodes: Vec<Value> = nodes.rows.iter().enumerate().map(node).collect();
    Ok(json!({"width": plane::WIDTH, "height": tenth(laid.height), "nodes": nodes, "links": links}))
}
