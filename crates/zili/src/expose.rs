//! `zili expose`: one measure, one finding.

use crate::args::{Common, ExposeArgs};
use crate::context::{Context, options};
use crate::failure::Failure;
use crate::output;
use zili_world::Params;

pub fn run(common: &Common, args: ExposeArgs) -> Result<(), Failure> {
    let measure = zili_exposure::measure(&args.measure)?;
    let context = Context::new(common, &args.world)?;
    let options = options(measure.method, &args.options, &[])?;
    let dated = measure.is_dated(&options);
    // What is not asked of a table may know more countries than the table does.
    let blocs = |words: &[String]| match dated {
        true => context.blocs(words),
        false => context.blocs_or_countries(words),
    };
    let homes = blocs(&args.home)?;
    let years = context.years(args.year.as_deref())?;
    let ask = Params {
        home: homes[0].clone(),
        partners: blocs(&args.partner)?,
        year: years[0],
        value_added: context.value_added(args.world.value_added, &years)?,
        options,
    };
    // One home that is its own only partner is a slip; among many homes it is left out in silence.
    if let [home] = homes.as_slice()
        && let Some(own) =
            ask.partners.iter().find(|partner| partner.code == home.code || partner.without(home).is_none())
    {
        return Err(Failure::Usage(format!("{} is home itself, not a partner", own.code)));
    }
    let bar = match dated {
        true => output::progress(common, years.len(), "years"),
        false => output::spinner(common, measure.method.title()),
    };
    let finding = zili_exposure::series(&context.world, measure, &homes, &years, &ask, &|| bar.inc(1))?;
    bar.finish_and_clear();
    output::finding(common, &args.output, finding)
}
