//! `zili data`: worlds and blocs.

use crate::args::{Common, DataArgs, DataCommand, ImportArgs};
use crate::asking;
use crate::failure::Failure;
use crate::output;
use crate::watching::Terminal;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use zili_engine::{Engine, FOLDERS, NO_TARIFFS, Names};
use zili_import::{Kind, Repair, SetFile, Settings, TradeSettings};
use zili_report::format::percent;
use zili_report::terminal::wrap;
use zili_world::chain::{self, Chain, Share};
use zili_world::minerals::{self, ProductionSet};
use zili_world::store::Source;
use zili_world::tariffs::{self, TariffData};
use zili_world::world::{DEFAULT, bundled_names};
use zili_world::{Trade, Watch, World, science, store, trade};

pub fn run(common: &Common, engine: &Engine, args: DataArgs) -> Result<(), Failure> {
    let library = engine.library();
    match args.command {
        DataCommand::List => list(engine),
        DataCommand::Show { world } => show(&library.world(&world)?),
        DataCommand::Check { world } => match library.world(&world) {
            Ok(world) => check(&world),
            // Trade is checked under its name as a world is.
            Err(refusal) => match asking::named(common, engine, DEFAULT, &[])?.world.trade(&world) {
                Ok(trade) => check_trade(&trade),
                Err(_) => Err(refusal.into()),
            },
        },
        DataCommand::Blocs { world } => blocs(&asking::named(common, engine, &world, &[])?),
        DataCommand::Chains { schema: true, .. } => output::to_stdout(chain::schema().as_bytes()),
        DataCommand::Chains { name, chain_files, .. } => {
            let world = asking::named(common, engine, DEFAULT, &chain_files)?.world;
            match name {
                None => chains(&world),
                Some(name) => show_chain(world.chain(&name)?),
            }
        }
        DataCommand::Trade { name } => {
            let world = asking::named(common, engine, DEFAULT, &[])?.world;
            match name {
                None => trades(&world),
                Some(name) => show_trade(&*world.trade(&name)?),
            }
        }
        DataCommand::Tariffs => list_tariffs(common, engine),
        DataCommand::Import(args) => import(common, engine, args),
    }
}

fn list(engine: &Engine) -> Result<(), Failure> {
    let mut text = String::new();
    for name in engine.library().worlds()? {
        // One damaged world must not hide the others.
        match engine.library().world(&name) {
            Ok(world) => {
                let manifest = world.manifest();
                let size = format!("{} regions × {} sectors", manifest.regions.len(), manifest.sectors.len());
                text += &format!("{name:<14} {size}, {}\n{:<14} {}\n", years(&world), "", manifest.title);
            }
            Err(error) => text += &format!("{name:<14} cannot be read: {error}\n"),
        }
    }
    output::to_stdout(text.as_bytes())
}

fn chains(world: &World) -> Result<(), Failure> {
    let wide = world.chains().map(|chain| chain.name.chars().count()).max().unwrap_or_default();
    let line = |chain: &Chain| {
        let (name, title, sources) = (&chain.name, &chain.title, chain.sources.len());
        let (inputs, supplies) = (chain.inputs.len(), chain.supplies.len());
        format!("{name:<wide$}  {inputs} inputs, {supplies} supplies, {sources} sources\n{:<wide$}  {title}\n", "")
    };
    output::to_stdout(world.chains().map(line).collect::<String>().as_bytes())
}

fn trades(world: &World) -> Result<(), Failure> {
    let line = |trade: &std::sync::Arc<Trade>| {
        let (economies, products) = (trade.economies().len(), trade.products().len());
        let title = &trade.manifest().title;
        let name = trade.name();
        format!(
            "{name:<18} {economies} economies × {products} products, {}\n{:<18} {title}\n",
            span(&trade.years()),
            ""
        )
    };
    output::to_stdout(world.trades()?.iter().map(line).collect::<String>().as_bytes())
}

fn list_tariffs(common: &Common, engine: &Engine) -> Result<(), Failure> {
    let line = |name: String| match engine.library().tariffs(&name) {
        Ok(data) => format!("{name:<18} {} regions × {} sectors\n", data.regions.len(), data.sectors.len()),
        // One damaged set must not hide the others.
        Err(error) => format!("{name:<18} cannot be read: {error}\n"),
    };
    let names = engine.library().tariff_names();
    if names.is_empty() {
        output::message(common, NO_TARIFFS);
    }
    output::to_stdout(names.into_iter().map(line).collect::<String>().as_bytes())
}

/// What trade data hold, and where they come from.
fn show_trade(trade: &Trade) -> Result<(), Failure> {
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
fn show_chain(chain: &Chain) -> Result<(), Failure> {
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

fn years(world: &World) -> String {
    span(&world.years())
}

fn span(years: &[i32]) -> String {
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

fn show(world: &World) -> Result<(), Failure> {
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

fn indented(text: &str, width: usize) -> String {
    wrap(text, width.saturating_sub(2)).lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

fn source_text(source: &Source, width: usize) -> String {
    let mut text = format!("  {} [{}]\n", source.title, source.id);
    let fields = [&source.publisher, &source.edition, &source.licence, &source.citation, &source.changes];
    fields.iter().filter(|f| !f.is_empty()).for_each(|field| text += &format!("{}\n", indented(field, width)));
    text
}

/// Reading verifies every checksum and shape; building the system verifies that L f gives output back.
fn check(world: &World) -> Result<(), Failure> {
    let lines: Vec<String> = world
        .years()
        .into_par_iter()
        .map(|year| {
            let system = world.system(year)?;
            let output: f64 = system.output().iter().sum();
            let remarks = world.manifest().entry(year)?.remarks.len();
            Ok(format!(
                "{year}  files, shapes and inverse sound; gross output {:.0} {}; {remarks} remarks\n",
                output,
                world.manifest().unit
            ))
        })
        .collect::<Result<_, zili_world::Error>>()?;
    output::to_stdout(lines.concat().as_bytes())
}

fn check_trade(trade: &Trade) -> Result<(), Failure> {
    let mut text = String::new();
    for year in trade.years() {
        let flows = trade.flows(year)?;
        text += &format!("{}  file, order and values sound; {} flows\n", span(&[year]), flows.len());
    }
    output::to_stdout(text.as_bytes())
}

fn blocs(names: &Names) -> Result<(), Failure> {
    let mut text = String::new();
    for bloc in names.book.all(names.world.classification())? {
        let members: Vec<&str> = bloc.members.iter().map(|m| m.as_str()).collect();
        text += &format!("{}  {}\n{}\n", bloc.code, bloc.name, indented(&members.join(" "), output::width().min(100)));
        if let Some(absence) = bloc.absence() {
            text += &format!("{}\n", indented(&absence, output::width().min(100)));
        }
    }
    output::to_stdout(text.as_bytes())
}

/// A file that the store keeps, and how later questions name it.
struct File<'a> {
    folder: PathBuf,
    ending: &'a str,
    text: &'a str,
    /// What was left out of it.
    remarks: &'a [String],
    /// The option that names it.
    option: &'a str,
}

/// Text becomes a file in the store, after `read` has read it under its place there, as later questions will, and said what it is.
fn import_file(
    common: &Common,
    args: &ImportArgs,
    file: File,
    read: impl FnOnce(&str) -> Result<String, Failure>,
) -> Result<(), Failure> {
    let place = file.folder.join(format!("{}.{}", args.name, file.ending));
    let said = read(&place.display().to_string())?;
    file.remarks.iter().for_each(|remark| output::message(common, remark));
    keep(&place, file.text, args.replace)?;
    let (option, name) = (file.option, &args.name);
    output::message(common, &format!("{said} in {}; ask with --set {option}={name}", place.display()));
    Ok(())
}

fn import_chain(common: &Common, engine: &Engine, text: &str, args: &ImportArgs) -> Result<(), Failure> {
    let file = File { folder: kept(engine, "chains")?, ending: "toml", text, remarks: &[], option: chain::OPTION.name };
    import_file(common, args, file, |place| {
        let (chain, warnings) = chain::read(text, place).map_err(zili_scenario::Error::Refused)?;
        warnings.iter().for_each(|warning| output::message(common, &format!("{warning}\n")));
        Ok(format!("Chain '{}' is", chain.name))
    })
}

fn import_indicators(common: &Common, engine: &Engine, set: &SetFile, args: &ImportArgs) -> Result<(), Failure> {
    not_our_own(args, &[science::BUNDLED_NAME])?;
    let (text, remarks) = (&set.text, &set.remarks);
    let file = File { folder: kept(engine, "indicators")?, ending: "csv", text, remarks, option: science::OPTION.name };
    import_file(common, args, file, |place| {
        let figures = science::read(text, place, &args.name)?.len();
        Ok(format!("{figures} figures are"))
    })
}

fn import_minerals(common: &Common, engine: &Engine, set: &SetFile, args: &ImportArgs) -> Result<(), Failure> {
    not_our_own(args, &[minerals::BUNDLED_NAME])?;
    let (text, remarks) = (&set.text, &set.remarks);
    let file = File { folder: kept(engine, "minerals")?, ending: "csv", text, remarks, option: minerals::OPTION.name };
    import_file(common, args, file, |place| {
        let set = ProductionSet::read(text, place, &args.name)?;
        let editions: Vec<String> = set.editions().iter().map(i32::to_string).collect();
        Ok(format!("{} figures of {} are", set.rows.len(), editions.join(", ")))
    })
}

/// Refuses the name of what ships with zili.
fn not_our_own(args: &ImportArgs, names: &[&str]) -> Result<(), Failure> {
    match names.contains(&args.name.as_str()) {
        true => Err(Failure::Usage(format!("--name {}: zili has data of that name itself; choose another", args.name))),
        false => Ok(()),
    }
}

/// Writes a file of the store, and its folder if need be.
fn keep(place: &Path, text: &str, replace: bool) -> Result<(), Failure> {
    let name = place.display();
    if place.exists() && !replace {
        return Err(Failure::Usage(format!("{name} is there already; choose another --name, or give --replace")));
    }
    std::fs::create_dir_all(place.parent().unwrap_or(place)).map_err(Failure::io(place))?;
    Ok(zili_report::files::write_whole(place, text.as_bytes())?)
}

/// Trade becomes a folder in the store, which every later question can name with `--set trade=NAME`.
fn import_trade(
    common: &Common,
    engine: &Engine,
    read: zili_import::ReadTrade,
    args: &ImportArgs,
) -> Result<(), Failure> {
    not_our_own(args, &[trade::TABLE, trade::CRITICAL])?;
    let watch = Terminal::new(common, "reading trade");
    let settings = TradeSettings { name: args.name.clone(), year: args.year };
    let (manifest, years) = read(&args.path, &settings)?;
    watch.say("writing");
    let flows: usize = years.iter().map(|year| year.len()).sum();
    let place = trade::write(&kept(engine, "trade")?, manifest, &years, args.replace)?;
    watch.finish();
    let (name, place) = (&args.name, place.display());
    output::message(
        common,
        &format!("Trade data '{name}', {flows} flows, are in {place}; use them with --set trade={name}"),
    );
    Ok(())
}

/// Tariffs before and after become a folder in the store.
fn import_tariffs(common: &Common, engine: &Engine, data: &TariffData, args: &ImportArgs) -> Result<(), Failure> {
    data.remarks().iter().for_each(|remark| output::message(common, remark));
    let place = tariffs::write(&kept(engine, "tariffs")?, &args.name, data, &args.path, args.replace)?;
    let (regions, sectors, name) = (data.regions.len(), data.sectors.len(), &args.name);
    output::message(
        common,
        &format!(
            "Tariffs '{name}', {regions} regions × {sectors} sectors, are in {}; use them with zili shock tariffs {name}",
            place.display()
        ),
    );
    Ok(())
}

fn import(common: &Common, engine: &Engine, args: ImportArgs) -> Result<(), Failure> {
    let plain_name = args.name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && args.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if !plain_name {
        return Err(Failure::Usage(format!(
            "--name '{}': use letters, digits, - and _, a letter or digit first",
            args.name
        )));
    }
    let kind = zili_import::format(&args.format)?.kind;
    std::fs::metadata(&args.path).map_err(Failure::io(&args.path))?;
    if !args.repair.is_empty() && !matches!(kind, Kind::World(_)) {
        return Err(Failure::Usage("--repair is for tables: this format has none".to_owned()));
    }
    if args.year.is_some() && !matches!(kind, Kind::World(_) | Kind::Trade(_)) {
        return Err(Failure::Usage("--year is for tables and trade: this format is read whole".to_owned()));
    }
    match kind {
        Kind::World(read) => import_world(common, engine, read, args),
        Kind::Chain(read) => import_chain(common, engine, &read(&args.path, &args.name)?, &args),
        Kind::Trade(read) => import_trade(common, engine, read, &args),
        Kind::Indicators(read) => import_indicators(common, engine, &read(&args.path)?, &args),
        Kind::Minerals(read) => import_minerals(common, engine, &read(&args.path)?, &args),
        Kind::Tariffs(read) => import_tariffs(common, engine, &read(&args.path)?, &args),
    }
}

/// Where a kind of imported data is kept.
fn kept(engine: &Engine, kind: &str) -> Result<PathBuf, Failure> {
    Ok(engine.library().root()?.join(kind))
}

fn import_world(
    common: &Common,
    engine: &Engine,
    read: zili_import::ReadWorld,
    args: ImportArgs,
) -> Result<(), Failure> {
    if FOLDERS.contains(&args.name.as_str()) {
        return Err(Failure::Usage(format!("--name {}: the store keeps other data there; choose another", args.name)));
    }
    // A bundled world is made again in a folder named with --store; by default its name is taken.
    if bundled_names().any(|bundled| bundled == args.name) && common.store.is_none() {
        return Err(Failure::Usage(format!("--name {}: that is a bundled world's name; choose another", args.name)));
    }
    if !(0.0..0.1).contains(&args.tolerance) {
        return Err(Failure::Usage(format!("--tolerance {}: give a share from 0 to below 0.1", args.tolerance)));
    }
    let settings = Settings {
        name: args.name,
        year: args.year,
        tolerance: args.tolerance,
        repairs: args.repair.iter().map(|name| Repair::parse(name)).collect::<Result<_, _>>()?,
    };
    let imported = read(&args.path, &settings)?;
    for entry in &imported.manifest.tables {
        for remark in &entry.remarks {
            output::message(common, &wrap(&format!("{}: {remark}", entry.year), output::width().min(100)));
        }
    }
    let name = imported.manifest.name.clone();
    let place = store::write(engine.library().root()?, imported.manifest, &imported.tables, args.replace)?;
    output::message(common, &format!("World '{name}' is in {}; use it with --world {name}", place.display()));
    Ok(())
}
