//! `zili data`: what is there, and bringing in more.

mod show;

use crate::args::{Common, DataArgs, DataCommand, ImportArgs};
use crate::asking;
use crate::failure::Failure;
use crate::output;
use crate::watching::Terminal;
use show::{indented, show_chain, show_trade, span, years};
use zili_engine::{DataKind, Engine, Imported, Importing, KINDS, NO_TARIFFS, Names};
use zili_report::terminal::wrap;
use zili_world::world::DEFAULT;
use zili_world::{Chain, Trade, World, chain};

pub fn run(common: &Common, engine: &Engine, args: DataArgs) -> Result<(), Failure> {
    let library = engine.library();
    match args.command {
        DataCommand::List => list(engine),
        DataCommand::Show { world } => show::show(&library.world(&world)?),
        DataCommand::Check { world } => {
            let found = library.check(&world)?;
            output::to_stdout(found.iter().map(|line| format!("{line}\n")).collect::<String>().as_bytes())
        }
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
        DataCommand::Delete { kind, name } => {
            let kind = match kind {
                Some(word) => DataKind::named(&word)?,
                None => library.kind_of(&name)?,
            };
            library.delete(kind, &name)?;
            output::message(common, &format!("The {} '{name}' is deleted", kind.what));
            Ok(())
        }
    }
}

/// Worlds, then whatever else is kept beside what ships with zili.
fn list(engine: &Engine) -> Result<(), Failure> {
    let library = engine.library();
    let mut text = String::new();
    for name in library.worlds() {
        // One damaged world must not hide the others.
        match library.world(&name) {
            Ok(world) => {
                let manifest = world.manifest();
                let size = format!("{} regions × {} sectors", manifest.regions.len(), manifest.sectors.len());
                text += &format!("{name:<14} {size}, {}\n{:<14} {}\n", years(&world), "", manifest.title);
            }
            Err(error) => text += &format!("{name:<14} cannot be read: {error}\n"),
        }
    }
    for kind in KINDS.iter().filter(|kind| kind.plural() != "worlds") {
        let name = |entry: zili_world::shelf::Entry| match entry.state {
            Ok(()) => entry.name,
            Err(reason) => format!("{} (cannot be read: {reason})", entry.name),
        };
        let names: Vec<String> = library.kept(kind).into_iter().map(name).collect();
        if !names.is_empty() {
            text += &format!("{:<14} {}\n", format!("{}:", kind.plural()), names.join(", "));
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

fn import(common: &Common, engine: &Engine, args: ImportArgs) -> Result<(), Failure> {
    let watch = Terminal::new(common, "importing");
    let asked = Importing {
        format: args.format,
        path: args.path,
        name: args.name,
        year: args.year,
        tolerance: args.tolerance,
        repairs: args.repair,
        replace: args.replace,
    };
    let imported = engine.library().import(&asked, &watch);
    watch.finish();
    let Imported { kind, name, place, what, remarks } = imported?;
    remarks.iter().for_each(|remark| output::message(common, &wrap(remark, output::width().min(100))));
    let how = match (kind.option, kind.plural()) {
        (Some(option), _) => format!("--set {option}={name}"),
        (None, "worlds") => format!("--world {name}"),
        (None, command) => format!("zili shock {command} {name}"),
    };
    output::message(common, &format!("The {} '{name}', {what}, is in {}; ask with {how}", kind.what, place.display()));
    Ok(())
}
