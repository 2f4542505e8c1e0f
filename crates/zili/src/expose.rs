//! `zili expose`: one measure, one finding.

use crate::args::{Common, ExposeArgs};
use crate::context::{Context, options};
use crate::failure::Failure;
use crate::output;
use zili_world::Params;

pub fn run(common: &Common, args: ExposeArgs) -> Result<(), Failure> {
    let measure = zili_exposure::measure(&args.measure)?;
    let context = Context::new(common, &args.world)?;
    let homes = context.blocs(&args.home)?;
    let years = context.years(args.year.as_deref())?;
    let ask = Params {
        home: homes[0].clone(),
        partners: context.blocs(&args.partner)?,
        year: years[0],
        value_added: context.value_added(args.world.value_added, &years)?,
        options: options(measure.method, &args.options, &[])?,
    };
    // One home that is its own only partner is a slip; among many homes it is left out in silence.
    if let [home] = homes.as_slice()
        && !args.partner.is_empty()
    {
        context.partners(home, &args.partner)?;
    }
    let bar = output::progress(common, years.len(), "years");
    let finding = zili_exposure::series(&context.world, measure, &homes, &years, &ask, &|| bar.inc(1))?;
    bar.finish_and_clear();
    output::finding(common, &args.output, finding)
}
