//! The product space as a network: the products of the most trade, and the proximities that are worth a line.
//!
//! Hidalgo et al. (2007): a maximum spanning tree of the proximities, so that every product has its nearest neighbour, and every
//! other proximity from a threshold on. The threshold rises from theirs until these are no more than there are products.

use super::products::METHOD;
use super::standing::Standing;
use zili_world::{Cell, Column, Error, Finding, Params, World, row};

/// Where the threshold begins, in twentieths: 0.55.
const FIRST: u32 = 11;
/// From here on no other proximity is drawn: 1 is the largest there is.
const LAST: u32 = 20;

/// Two products that go together: positions in the rows of the finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    pub from: usize,
    pub to: usize,
    pub proximity: f64,
    /// Whether it is of the spanning tree.
    pub of_tree: bool,
}

/// Products as rows, and their links.
pub struct Network {
    pub finding: Finding,
    /// Those of the tree first, the nearest first.
    pub links: Vec<Link>,
    /// How many products are compared, of which those of the most trade are in the finding.
    pub compared: usize,
    /// From which proximity on products are linked that the tree does not link.
    pub threshold: f64,
}

const COLUMNS: [Column; 9] = [
    Column::text("product", "Product", "code of the product"),
    Column::text("product_name", "Product", "its name"),
    Column::text("makes", "Makes", "yes if home has comparative advantage in it"),
    Column::number("rca", "RCA", "ratio", "home's comparative advantage; 1 is the world's average"),
    Column::musd("world", "World trade", "what the economies compared export"),
    Column::musd("exports", "Exports", "home's exports, of members to each other too"),
    Column::share("density", "Density", "share of what lies near the product that home makes"),
    Column::number("pci", "PCI", "deviations", "product complexity index"),
    Column::text("linked", "Linked to", "the products that it is linked to, with their proximity, the nearest first"),
];

/// The network of at most so many products; the options are those of the measure of products.
pub fn network(world: &World, params: &Params, most: usize) -> Result<Network, Error> {
    let standing = Standing::new(world, params)?;
    let home = standing.home(params);
    let traded = standing.exports.column_sums();
    let mut shown: Vec<usize> = (0..traded.len()).collect();
    shown.sort_by(|a, b| traded[*b].total_cmp(&traded[*a]).then(a.cmp(b)));
    shown.truncate(most);
    shown.sort_unstable();
    let near: Vec<Vec<f64>> = shown.iter().map(|p| standing.presence.proximities(*p)).collect();
    let (links, threshold) = links(shown.len(), |a, b| near[a][shown[b]]);
    let products = standing.market.trade.products();
    let code = |k: usize| &products[standing.products[shown[k]]].code;
    let mut finding = Finding { columns: COLUMNS.to_vec(), ..standing.finding(&METHOD, params) };
    for (k, &p) in shown.iter().enumerate() {
        let product = &products[standing.products[p]];
        let makes = if home.makes[p] > 0.0 { "yes" } else { "no" };
        let mut cells = row![&product.code, &product.name, makes, home.rca[p], traded[p], home.exports[p]];
        cells.push(home.place.as_ref().map_or(Cell::Missing, |place| Cell::from(place.density[p])));
        let mut near: Vec<&Link> = links.iter().filter(|link| link.from == k || link.to == k).collect();
        near.sort_by(|a, b| b.proximity.total_cmp(&a.proximity));
        let named = near.iter().map(|link| {
            let other = if link.from == k { link.to } else { link.from };
            format!("{} {:.2}", code(other), link.proximity)
        });
        cells.extend(row![standing.indicators.pci[p], named.collect::<Vec<_>>().join(", ")]);
        finding.push(cells);
    }
    Ok(Network { finding, links, compared: traded.len(), threshold })
}

/// The tree, the links from a threshold on, and that threshold. Products that nobody makes together stay apart.
fn links(count: usize, proximity: impl Fn(usize, usize) -> f64) -> (Vec<Link>, f64) {
    let mut near: Vec<Link> = Vec::new();
    for to in 1..count {
        let pairs = (0..to).map(|from| Link { from, to, proximity: proximity(from, to), of_tree: false });
        near.extend(pairs.filter(|link| link.proximity > 0.0));
    }
    let place = |link: &Link| (link.from, link.to);
    near.sort_by(|a, b| b.proximity.total_cmp(&a.proximity).then_with(|| place(a).cmp(&place(b))));
    // Kruskal: the nearest first, and what would close a circle not at all.
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut k: usize) -> usize {
        while parent[k] != k {
            parent[k] = parent[parent[k]];
            k = parent[k];
        }
        k
    }
    for link in &mut near {
        let (a, b) = (root(&mut parent, link.from), root(&mut parent, link.to));
        link.of_tree = a != b;
        parent[a] = b;
    }
    let others = |threshold: f64| near.iter().filter(|l| !l.of_tree && l.proximity >= threshold).count();
    let threshold = (FIRST..LAST).map(|k| f64::from(k) / 20.0).find(|threshold| others(*threshold) <= count);
    let (tree, rest): (Vec<Link>, Vec<Link>) = near.into_iter().partition(|link| link.of_tree);
    let drawn = rest.into_iter().filter(|link| threshold.is_some_and(|threshold| link.proximity >= threshold));
    (tree.into_iter().chain(drawn).collect(), threshold.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Four products in a square of sides 0.9, 0.8, 0.7, 0.6, and a diagonal of 0.5: the tree drops the weakest side, the threshold
    /// brings it back, and the diagonal stays out.
    #[test]
    fn the_tree_takes_the_nearest_and_the_threshold_the_rest() {
        let phi = |a: usize, b: usize| match (a, b) {
            (0, 1) => 0.9,
            (1, 2) => 0.8,
            (2, 3) => 0.7,
            (0, 3) => 0.6,
            (0, 2) => 0.5,
            _ => 0.0,
        };
        let (links, threshold) = links(4, phi);
        let found: Vec<_> = links.iter().map(|l| (l.from, l.to, l.of_tree)).collect();
        assert_eq!(found, [(0, 1, true), (1, 2, true), (2, 3, true), (0, 3, false)]);
        assert_eq!(threshold, 0.55);
    }

    #[test]
    fn where_all_are_near_the_tree_is_all_that_is_drawn() {
        let (links, threshold) = links(12, |_, _| 1.0);
        assert_eq!((links.len(), threshold), (11, 1.0));
    }

    proptest! {
        /// Cut property: of all proximities between the two sides of a tree's link, the link is the largest.
        #[test]
        fn no_link_between_the_sides_of_a_cut_is_nearer(near in proptest::collection::vec(0u8..20, 9 * 9)) {
            let phi = |a: usize, b: usize| f64::from(near[a.min(b) * 9 + a.max(b)]) / 20.0;
            let (links, threshold) = links(9, phi);
            let tree: Vec<&Link> = links.iter().filter(|link| link.of_tree).collect();
            for cut in tree.iter().copied() {
                let mut side = [false; 9];
                side[cut.from] = true;
                for _ in 0..9 {
                    for link in tree.iter().filter(|link| !std::ptr::eq(**link, cut)) {
                        let joined = side[link.from] || side[link.to];
                        (side[link.from], side[link.to]) = (joined, joined);
                    }
                }
                for a in (0..9).filter(|a| side[*a]) {
                    for b in (0..9).filter(|b| !side[*b]) {
                        prop_assert!(phi(a, b) <= cut.proximity);
                    }
                }
            }
            prop_assert!(links.iter().filter(|link| !link.of_tree).all(|link| link.proximity >= threshold));
            prop_assert!(links.len() <= 8 + 9);
        }
    }
}
