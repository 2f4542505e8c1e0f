//! What a region gains or loses: exact, and as the linear decomposition of Caliendo & Parro (2015).

use super::economy::Economy;
use super::solve::Equilibrium;

/// Of a region, shares of its income or of its real income.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Welfare {
    /// (I'/I) / Π_j P̂_j^α_j − 1.
    pub exact: f64,
    /// ToT: changes of the prices of what it sells less those of what it buys, at the flows of before.
    pub terms_of_trade: f64,
    /// VoT: tariff revenue gained or lost with volumes, at the tariffs of before.
    pub volume_of_trade: f64,
    /// ŵ / Π_j P̂_j^α_j − 1.
    pub real_wage: f64,
    /// ln Π_j P̂_j^α_j.
    pub consumer_prices: f64,
}

impl Welfare {
    /// The linear measure, terms and volume of trade together.
    pub fn linear(&self) -> f64 {
        self.terms_of_trade + self.volume_of_trade
    }
}

/// By region:
///
/// ```text
/// ToT = (1/I_n) Σ_j Σ_i [E_ni^j (ĉ_n^j − 1) − M_ni^j (ĉ_i^j − 1)]
/// VoT = (1/I_n) Σ_j Σ_i (τ − 1) M_ni^j [(M'/M − 1) − (ĉ_i^j − 1)]
/// ```
///
/// M_ni^j: what n buys from i, E_ni^j: what it sells to i, both of before and net of tariffs (Caliendo & Parro 2015, eq. 15).
pub fn welfare(economy: &Economy, after: &Equilibrium, tariffs: &[f64]) -> Vec<Welfare> {
    let sectors = economy.sectors;
    let incomes = economy.incomes();
    let next = economy.at(after, tariffs);
    let of_region = |n: usize| {
        let (mut terms, mut volume) = (0.0, 0.0);
        for j in 0..sectors {
            let own = after.costs[n * sectors + j].exp_m1();
            for i in (0..economy.regions).filter(|i| *i != n) {
                let dearer = after.costs[i * sectors + j].exp_m1();
                let bought = economy.bought(j, n, i);
                terms += economy.bought(j, i, n) * own - bought * dearer;
                let tariff = economy.tariffs[economy.flow(j, n, i)] - 1.0;
                volume += tariff * (next.bought(j, n, i) - bought - bought * dearer);
            }
        }
        let cells = n * sectors..(n + 1) * sectors;
        let prices = economy.consumption[cells.clone()].iter().zip(&after.prices[economy.finally()][cells]);
        let consumer_prices: f64 = prices.map(|(share, price)| share * price).sum();
        Welfare {
            exact: ((after.incomes[n] / incomes[n]).ln() - consumer_prices).exp_m1(),
            terms_of_trade: terms / incomes[n],
            volume_of_trade: volume / incomes[n],
            real_wage: (after.wages[n] - consumer_prices).exp_m1(),
            consumer_prices,
        }
    };
    (0..economy.regions).map(of_region).collect()
}
