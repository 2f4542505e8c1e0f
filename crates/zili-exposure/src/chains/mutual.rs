#![doc = include_str!("../../../../docs/src/methods/chain-mutual.md")]

use super::{NEEDED, Standing, View};
use zili_world::chain::OPTION;
use zili_world::method::column;
use zili_world::{Cell, Column, Error, Finding, Method, Params, RegionCode, World, row};

pub static METHOD: Method = Method {
    name: "chain-mutual",
    page: include_str!("../../../../docs/src/methods/chain-mutual.md"),
    columns: &[
        column::HOME,
        Column::text("partner", "Partner", "region of a supplier of the chain"),
        Column::integer(
            "takes",
            "Inputs it takes away",
            "inputs",
            "inputs that the partner alone takes away from home for certain",
        ),
        Column::integer(
            "perhaps",
            "and perhaps",
            "inputs",
            "further inputs that it perhaps takes away, given what is not known",
        ),
        Column::text(
            "stops",
            "It stops",
            "grades of the product that home cannot make without the partner, for certain",
        )
        .result(),
        Column::integer(
            "given",
            "Inputs home takes away",
            "inputs",
            "inputs that home alone takes away from the partner for certain",
        ),
        Column::integer("given_perhaps", "and perhaps", "inputs", "further inputs that home perhaps takes away"),
        Column::text("stopped", "Home stops", "grades that the partner cannot make without home, for certain").result(),
        Column::text("inputs", "What it takes away", "the inputs that the partner takes away for certain")
            .result()
            .minor(),
        Column::text("given_inputs", "What home takes away", "the inputs that home takes away for certain")
            .result()
            .minor(),
    ],
    parameters: &[OPTION, NEEDED],
};

/// Whom home can stop, and who can stop home, by partner: those who can do most first.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let standing = Standing::new(world, params)?;
    let chain = standing.chain;
    // Home takes from every partner what it takes from all.
    let ours = side(&standing, |code: &RegionCode| standing.is_home(code));
    let mut lines: Vec<(usize, usize, Vec<Cell>)> = Vec::new();
    for partner in standing.regions().into_iter().filter(|code| !standing.is_home(code)) {
        let theirs = side(&standing, |code: &RegionCode| *code == partner);
        let names = |inputs: &[usize]| -> String {
            inputs.iter().map(|&i| chain.inputs[i].id.as_str()).collect::<Vec<_>>().join(", ")
        };
        let cells = row![
            &params.home.code,
            partner.as_str(),
            theirs.certain.len(),
            theirs.perhaps,
            theirs.stops,
            ours.certain.len(),
            ours.perhaps,
            ours.stops.as_str(),
            names(&theirs.certain),
            names(&ours.certain),
        ];
        lines.push((theirs.certain.len(), theirs.perhaps, cells));
    }
    lines.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)));
    let mut finding = standing.finding(&METHOD, params);
    lines.into_iter().for_each(|(.., cells)| finding.push(cells));
    Ok(finding)
}

/// What somebody alone takes away from everyone else.
struct Side {
    certain: Vec<usize>,
    perhaps: usize,
    stops: String,
}

fn side(standing: &Standing, theirs: impl Fn(&RegionCode) -> bool) -> Side {
    let lost = |i: usize, view: View| standing.lost(i, &theirs, view);
    let all = 0..standing.chain.inputs.len();
    let certain: Vec<usize> = all.clone().filter(|&i| lost(i, View::Certain)).collect();
    let perhaps = all.filter(|&i| lost(i, View::Possible)).count() - certain.len();
    let stops = standing.stopped(|i| certain.contains(&i));
    Side { certain, perhaps, stops }
}
