//! What data hold, and where they come from, for a reader.

use crate::failure::Failure;
use crate::output;
use zili_report::format::percent;
use zili_report::terminal::wrap;
use zili_world::chain::{Chain, Share};
use zili_world::store::Source;
use zili_world::{Trade, World};

/// What trade data hold, and where they come from.
pub(super) fn show_trade(trade: &Trade) -> Result<(), Failure> {
    let manifest = trade.manifest();
    let width = output::width().min(100);
    let mut text = format!("{}\n{}\n", manifest.name, manifest.title);
    if !manifest.nomenclature.is_empty() {
        text += &format!("Products: {}\n", manifest.nomenclature);
    }
    text += "\nYears\n";
    for entry in &manifest.years {
        let buyers = if entry.partners { "" } else { ", buyers not told apart" };
        text += &format!("  {:<8} {} flows{buyers}\n", span(&[entry.year]), entry.flows);
    }
    text += "\nEconomies\n";
    let codes: Vec<&str> = trade.economies().iter().map(|economy| economy.code.as_str()).collect();
    text += &format!("{}\n\nProducts\n", indented(&codes.join(" "), width));
    const SHOWN: usize = 100;
    for product in trade.products().iter().take(SHOWN) {
        text += &format!("{}\n", indented(&format!("{}  {}", product.code, product.name), width));
    }
    if let Some(more) = trade.products().len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text += &format!("  and {more} more\n");
    }
    text += "\nSources\n";
    manifest.sources.iter().for_each(|source| text += &source_text(source, width));
    if !manifest.caveats.is_empty() {
        text += "\nMind\n";
        manifest.caveats.iter().for_each(|caveat| text += &format!("{}\n", indented(caveat, width)));
    }
    output::to_stdout(text.as_bytes())
}

/// A chain's inputs, each with what it needs and who supplies it.
pub(super) fn show_chain(chain: &Chain) -> Result<(), Failure> {
    let width = output::width().min(100);
    let mut text = format!("{}\n{}\nLicence: {}\n", chain.title, wrap(&chain.description, width), chain.licence);
    if chain.grades.len() > 1 {
        text += &format!("Grades: {}\n", chain.grades.join(", "));
    }
    let names = |inputs: &[usize]| inputs.iter().map(|&i| chain.inputs[i].id.as_str()).collect::<Vec<_>>().join(", ");
    for (i, input) in chain.inputs.iter().enumerate() {
        text += &format!("\n{} ({}): {}\n", input.id, input.kind.as_str(), input.name);
        if !input.requires.is_empty() {
            text += &format!("{}\n", indented(&format!("requires {}", names(&input.requires)), width));
        }
        if !input.variants.is_empty() {
            text += &format!("{}\n", indented(&format!("any of {}", names(&input.variants)), width));
        }
        if input.grades.len() < chain.grades.len() {
            let grades: Vec<&str> = input.grades.iter().map(|&g| chain.grades[g].as_str()).collect();
            text += &format!("  for {} only\n", grades.join(", "));
        }
        for supply in chain.supplies_of(i) {
            let share = match supply.share {
                Share::Known(share) => percent(share),
                Share::Between(low, high) => format!("{} to {}", percent(low), percent(high)),
                Share::Unknown => "share unknown".to_owned(),
            };
            let region = supply.region.as_ref().map_or("–", |code| code.as_str());
            let firm = supply.firm.as_deref().map(|firm| format!(" {firm}")).unwrap_or_default();
            let year = supply.year.map(|year| format!(", {year}")).unwrap_or_default();
            let source = &chain.sources[supply.source].id;
            text += &format!("{}\n", indented(&format!("{region}{firm}: {share}{year} [{source}]"), width));
        }
    }
    text += "\nSources\n";
    for source in &chain.sources {
        let year = source.year.map(|year| format!(" ({year})")).unwrap_or_default();
        let said = format!("[{}] {}{year}: {} {}", source.id, source.publisher, source.title, source.url);
        text += &format!("{}\n", indented(&said, width));
    }
    output::to_stdout(text.as_bytes())
}

pub(super) fn years(world: &World) -> String {
    span(&world.years())
}

pub(super) fn span(years: &[i32]) -> String {
    match years {
        [] => "no years".to_owned(),
        [0] => "undated".to_owned(),
        [year] => year.to_string(),
        [first, .., last] if (last - first) as usize + 1 == years.len() => format!("{first}–{last}"),
        years => years.iter().map(i32::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// Which classification the sectors are of, and whether models that need their places in ISIC Rev. 4 have them.
fn places(world: &World) -> String {
    let labels = world.classification();
    let unplaced: Vec<&str> = labels.sectors().iter().filter(|s| s.isic4.is_empty()).map(|s| s.code.as_str()).collect();
    let of = labels.known().map_or("none that zili knows".to_owned(), str::to_owned);
    match unplaced.as_slice() {
        [] => format!("Classification: {of}; every sector has its place in ISIC Rev. 4"),
        [first, ..] => format!(
            "Classification: {of}; {} of {} sectors have no place in ISIC Rev. 4, '{first}' first: models that need it refuse (see isic4 in the book, Classifications)",
            unplaced.len(),
            labels.sectors().len()
        ),
    }
}

pub(super) fn show(world: &World) -> Result<(), Failure> {
    let manifest = world.manifest();
    let width = output::width().min(100);
    let coded = |entries: Vec<(String, &str)>| {
        entries.into_iter().map(|(code, name)| format!("  {code:<8} {name}\n")).collect::<String>()
    };
    let mut text = format!("{}\n{}\nUnit: {}\nYears: {}\n", manifest.name, manifest.title, manifest.unit, years(world));
    text += &format!("{}\n", wrap(&places(world), width));
    text += "\nRegions\n";
    text += &coded(manifest.regions.iter().map(|r| (r.code.to_string(), r.name.as_str())).collect());
    text += "\nSectors\n";
    text += &coded(world.classification().sectors().iter().map(|s| (s.code.to_string(), s.name.as_str())).collect());
    text += "\nFinal use\n";
    text += &coded(manifest.final_categories.iter().map(|c| (c.code.clone(), c.name.as_str())).collect());
    if let Some(last) = manifest.tables.last() {
        text += &format!("\nPrimary inputs, {}\n", last.year);
        text += &coded(last.primary_inputs.iter().map(|p| (p.code.clone(), p.name.as_str())).collect());
        if !last.remarks.is_empty() {
            text += &format!("\nRemarks on import, {}\n", last.year);
            last.remarks.iter().for_each(|remark| text += &format!("{}\n", indented(remark, width)));
        }
    }
    text += "\nSources\n";
    manifest.sources.iter().for_each(|source| text += &source_text(source, width));
    if !manifest.estimated.is_empty() {
        text += "\nEstimated\n";
        manifest.estimated.iter().for_each(|estimate| text += &format!("{}\n", indented(&estimate.to_string(), width)));
    }
    if !manifest.caveats.is_empty() {
        text += "\nMind\n";
        manifest.caveats.iter().for_each(|caveat| text += &format!("{}\n", indented(caveat, width)));
    }
    output::to_stdout(text.as_bytes())
}

pub(super) fn indented(text: &str, width: usize) -> String {
    wrap(text, width.saturating_sub(2)).lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

fn source_text(source: &Source, width: usize) -> String {
    let mut text = format!("  {} [{}]\n", source.title, source.id);
    let fields = [&source.publisher, &source.edition, &source.licence, &source.citation, &source.changes];
    fields.iter().filter(|f| !f.is_empty()).for_each(|field| text += &format!("{}\n", indented(field, width)));
    text
}
