#![doc = include_str!("../../../docs/src/methods/allocation.md")]

use crate::distortion::{self, DRAWS, LAW, WEDGE, place};
use crate::draws::SEED;
use crate::economy::IMPORTS;
use crate::research::{self, DISCOUNT, NETWORK, STEP, TODAY};
use crate::verdict::{Dependence, FOREIGN_SHARE};
use zili_world::method::column;
use zili_world::{Column, Finding, Method, Params, World, row};

pub static METHOD: Method = Method {
    name: "allocation",
    page: include_str!("../../../docs/src/methods/allocation.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::number(
            "distortion",
            "Distortion",
            "ratio",
            "ξ of `distortion`: net output gained per unit of money that a subsidy to the sector costs; 1 on average",
        ),
        FOREIGN_SHARE,
        Column::text(
            "verdict",
            "Verdict",
            "worth it: `distortion` above 1, and `research_open` and `research_closed` both above `research_today`; dependent: `foreign_share` above home's in all sectors together; then worth it and dependent, worth it, merely dependent, or neither",
        )
        .result(),
        Column::share("research_today", "Research today", "b of `research`, as given or by the proxy asked for"),
        Column::share("research_open", "Best, open", "γ_open of `research`: best share while knowledge comes from abroad"),
        Column::share("research_closed", "Best, alone", "γ of `research`: best share if all knowledge must be made at home"),
        Column::integer("rank", "Rank", "", "place by `distortion` among home's sectors with output, 1 the highest").minor(),
        Column::integer("rank_best", "Best rank", "", "rank that 5 % of draws of the wedges better or equal").minor(),
        Column::integer("rank_worst", "Worst rank", "", "rank that 95 % of draws better or equal").minor(),
    ],
    parameters: &[WEDGE, IMPORTS, LAW, DRAWS, SEED, DISCOUNT, STEP, TODAY, NETWORK],
};

/// Home's sectors by distortion centrality, with the best shares of research beside it.
pub fn run(world: &World, params: &Params) -> Result<Finding, crate::Error> {
    let system = world.system(params.year)?;
    let subsidies = distortion::Answer::new(&system, params)?;
    let knowledge = research::Answer::new(world, &system, params)?;
    let dependence = Dependence::new(system.table(), &params.home)?;
    let sectors = system.classification().sectors();
    let mut finding = Finding::new(&METHOD, params);
    for s in subsidies.order() {
        let worth = subsidies.worth(s).zip(knowledge.worth(s)).map(|(subsidy, research)| subsidy && research);
        finding.push(row![
            params.year,
            &params.home.code,
            sectors[s].code.as_str(),
            &sectors[s].name,
            subsidies.base.distortion[s],
            dependence.by_sector[s],
            dependence.verdict(s, worth),
            knowledge.today[s],
            knowledge.open[s],
            knowledge.closed[s],
            place(&subsidies.ranks, s),
            subsidies.spread(s, 0.05),
            subsidies.spread(s, 0.95),
        ]);
    }
    subsidies.notes(params).into_iter().for_each(|note| finding.note(note));
    knowledge.sign(world, params, &mut finding);
    finding.note(dependence.note());
    Ok(finding)
}
