//! `zili shock`: one model, one finding.

use crate::args::{
    BanArgs, Common, ExtractionArgs, FlowArg, ScanArgs, ShockArgs, ShockCommand, ShockCommon, TariffsArgs,
};
use crate::context::{self, Context, options};
use crate::failure::Failure;
use crate::output;
use crate::play;
use zili_scenario::{Control, Flows, Scenario, Sectors};
use zili_shock::Model;
use zili_world::world::DEFAULT;
use zili_world::{Bloc, Params, ValueAdded, World};

pub fn run(common: &Common, args: ShockArgs) -> Result<(), Failure> {
    match args.model {
        ShockCommand::Run(args) => play::run(common, &args),
        ShockCommand::Compare(args) => play::compare(common, &args),
        ShockCommand::Ban(args) => ban(common, args),
        ShockCommand::Scan(args) => scan(common, args),
        ShockCommand::Tariffs(args) => tariffs(common, args),
        ShockCommand::Extraction(args) => extraction(common, args),
    }
}

fn ban(common: &Common, args: BanArgs) -> Result<(), Failure> {
    let context = Context::new(common, &args.common.world)?;
    let classification = context.world.classification();
    let (by, against) = (context.coalition(&args.by)?, context.coalition(&args.against)?);
    let sectors = match args.sectors.as_slice() {
        [] => Sectors::All,
        words => {
            let code = |word: &String| Ok(classification.sectors()[classification.sector(word)?].code.clone());
            Sectors::These(words.iter().map(code).collect::<Result<_, zili_world::Error>>()?)
        }
    };
    let flows = match args.flows {
        FlowArg::Both => Flows::Both,
        FlowArg::Intermediate => Flows::Intermediate,
        FlowArg::Final => Flows::Final,
    };
    let control = Control::new(by.clone(), against.clone(), sectors, args.severity, flows)?;
    let model = zili_shock::model("ban")?;
    answer(common, &context, model, vec![control], against, vec![by], &[], &args.common)
}

fn scan(common: &Common, args: ScanArgs) -> Result<(), Failure> {
    let context = Context::new(common, &args.common.world)?;
    let home = context.bloc(&args.home)?;
    let over_blocs = args.over == "blocs" || args.over == "coalitions";
    let partners = if args.partner.is_empty() && over_blocs {
        let known = context.book.all(context.world.classification())?;
        known.iter().filter_map(|bloc| bloc.without(&home)).collect()
    } else {
        context.partners(&home, &args.partner)?
    };
    let severity = args.severity.to_string();
    let own = [("over", args.over.as_str()), ("severity", severity.as_str())];
    answer(common, &context, zili_shock::model("scan")?, Vec::new(), home, partners, &own, &args.common)
}

/// A data set of its own, with no world in it.
fn tariffs(common: &Common, args: TariffsArgs) -> Result<(), Failure> {
    let method = &zili_shock::equilibrium::tariffs::METHOD;
    let world = World::bundled(DEFAULT)?;
    let params = Params {
        home: Bloc::of_region(world.classification(), 0),
        partners: Vec::new(),
        year: world.latest()?,
        value_added: ValueAdded::Residual,
        options: options(method, &args.options, &[])?,
    };
    let data = zili_import::caliendo_parro(&context::tariffs(common, &args.data)?)?;
    let spinner = output::spinner(common, method.title());
    let finding = zili_shock::equilibrium::tariffs::run(&data, &params)?;
    spinner.finish_and_clear();
    output::finding(common, &args.output, finding)
}

fn extraction(common: &Common, args: ExtractionArgs) -> Result<(), Failure> {
    let context = Context::new(common, &args.common.world)?;
    let home = context.bloc(&args.home)?;
    let partners = context.partners(&home, &args.partner)?;
    let own = [("over", args.over.as_str())];
    answer(common, &context, zili_shock::model("extraction")?, Vec::new(), home, partners, &own, &args.common)
}

#[allow(clippy::too_many_arguments)]
fn answer(
    common: &Common,
    context: &Context,
    model: &Model,
    controls: Vec<Control>,
    home: Bloc,
    partners: Vec<Bloc>,
    own: &[(&str, &str)],
    args: &ShockCommon,
) -> Result<(), Failure> {
    let year = context.year(args.year)?;
    let params = Params {
        home,
        partners,
        year,
        value_added: context.value_added(args.world.value_added, &[year])?,
        options: options(model.method, &args.options, own)?,
    };
    let scenario = Scenario::of_controls(params.home.clone(), year, controls);
    let spinner = output::spinner(common, model.method.title());
    let mut finding = (model.run)(&context.world, &scenario, &params)?;
    spinner.finish_and_clear();
    context.world.sign(&mut finding, &[year])?;
    output::finding(common, &args.output, finding)
}
