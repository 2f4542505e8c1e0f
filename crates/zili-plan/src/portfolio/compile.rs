//! From a strategy to what the optimiser is asked.
//!
//! Money is discounted to the first year: δ^t with δ = 1/(1 + discount). Programmes come first, then levers, each started at most once; a lever
//! that changes how others work gives them a way of their own, open while it lasts.

use super::instance::*;
use crate::draws::Stream;
use crate::strategy::{self, Effect, Strategy};
use zili_world::Bloc;

/// Steps in which experience lowers cost.
const STEPS: usize = 5;
/// A programme that so many levers change is offered with any set of them; one that more change, with one of them or none.
const MOST_LEVERS: usize = 3;

/// Draws of what succeeds, for each outcome.
#[derive(Clone, Copy, Debug)]
pub struct Luck {
    pub draws: usize,
    pub seed: u64,
}

/// The strategy in numbers; without luck every programme delivers what is to be expected of it.
pub fn compile(strategy: &Strategy, luck: Option<Luck>) -> Instance {
    Compiler::new(strategy).instance(luck)
}

struct Compiler<'a> {
    strategy: &'a Strategy,
    years: usize,
    /// δ^t.
    discount: Vec<f64>,
}

impl<'a> Compiler<'a> {
    fn new(strategy: &'a Strategy) -> Self {
        let factor = 1.0 / (1.0 + strategy.discount);
        let discount = (0..strategy.years).map(|t| factor.powi(t as i32)).collect();
        Self { strategy, years: strategy.years, discount }
    }

    fn instance(&self, luck: Option<Luck>) -> Instance {
        let outcomes = self.outcomes();
        let adversary = self.adversary();
        let mut inputs: Vec<Input> = self.strategy.inputs.iter().map(|input| self.input(input)).collect();
        let cuts = outcomes.iter().flat_map(|outcome| &outcome.cuts);
        for cut in cuts.chain(adversary.iter().flat_map(|a| &a.moves).flat_map(|step| &step.cuts)) {
            let calm = &mut inputs[cut.input].calm;
            *calm = (*calm).min(cut.from);
        }
        for input in &mut inputs {
            if let Some(reserve) = &mut input.reserve {
                reserve.cost.truncate(input.calm);
            }
        }
        Instance {
            years: self.years,
            programmes: self.programmes().into_iter().chain(self.levers()).collect(),
            resources: self.resources(),
            intakes: self.intakes(),
            inputs,
            outcomes: match luck {
                Some(luck) => drawn(&outcomes, luck, self.strategy.programmes.len()),
                None => outcomes,
            },
            adversary,
            weight: self.strategy.risk.weight,
            tail: self.strategy.risk.tail,
        }
    }

    fn discounted(&self, amounts: &[f64]) -> Vec<f64> {
        amounts.iter().zip(&self.discount).map(|(amount, factor)| amount * factor).collect()
    }

    /// Levels first, skills after them.
    fn level(&self, name: &str) -> Option<usize> {
        self.strategy.budgets.iter().position(|budget| budget.level == name)
    }

    fn skill(&self, name: &str) -> Option<usize> {
        let at = self.strategy.skills.iter().position(|skill| skill.name == name)?;
        Some(self.strategy.budgets.len() + at)
    }

    fn input_named(&self, name: &str) -> Option<usize> {
        self.strategy.inputs.iter().position(|input| input.name == name)
    }

    fn paid(&self, level: Option<&String>, amount: f64) -> Option<(usize, f64)> {
        Some((self.level(level?)?, amount))
    }

    fn resources(&self) -> Vec<Resource> {
        let budgets = self.strategy.budgets.iter().map(|budget| Resource {
            name: budget.level.clone(),
            limit: budget.amount.clone(),
            carry: budget.carry,
        });
        let skills = self.strategy.skills.iter().map(|skill| {
            let mut people = skill.people;
            let limit = (0..self.years).map(|year| {
                if year > 0 {
                    people = people * (1.0 - skill.attrition) + skill.graduates[year] + skill.returnees[year]
                        - skill.lost[year];
                }
                people.max(0.0)
            });
            Resource { name: skill.name.clone(), limit: limit.collect(), carry: 0.0 }
        });
        budgets.chain(skills).collect()
    }

    fn intakes(&self) -> Vec<Intake> {
        let of_skill = |skill: &strategy::Skill| {
            let levers = self.strategy.levers.iter().enumerate();
            let more = levers.flat_map(|(l, lever)| {
                lever.effects.iter().filter_map(move |effect| match effect {
                    Effect::Intake { skill: of, amount } if *of == skill.name => {
                        Some((self.strategy.programmes.len() + l, lever.duration, *amount))
                    }
                    _ => None,
                })
            });
            let more: Vec<_> = more.collect();
            if skill.intake == 0.0 && more.is_empty() {
                return None;
            }
            Some(Intake {
                skill: self.skill(&skill.name)?,
                most: vec![skill.intake; self.years],
                more,
                cost: self.discounted(&vec![skill.cost; self.years]),
                paid: self.paid(skill.level.as_ref(), skill.cost),
                training: skill.training,
                retention: skill.retention,
                survival: 1.0 - skill.attrition,
            })
        };
        self.strategy.skills.iter().filter_map(of_skill).collect()
    }

    fn input(&self, input: &strategy::Input) -> Input {
        let suppliers = self.strategy.suppliers.iter().filter(|supplier| supplier.input == input.name);
        let links = suppliers.map(|supplier| Link {
            name: supplier.region.code.clone(),
            capacity: supplier.capacity.clone(),
            price: self.discounted(&supplier.price),
        });
        let reserve = input.reserve.as_ref().map(|reserve| Reserve {
            initial: reserve.initial,
            most: reserve.most,
            // What is bought is held to the end: what is released earlier costs less than this.
            cost: (0..self.years)
                .map(|t| reserve.cost * self.discount[t] + reserve.holding * self.discount[t..].iter().sum::<f64>())
                .collect(),
            paid: self.paid(reserve.level.as_ref(), reserve.cost),
        });
        let floor = input.target.as_ref().filter(|target| target.must);
        Input {
            name: input.name.clone(),
            demand: input.demand.clone(),
            home: input.home.clone(),
            home_cost: self.discounted(&input.home_cost),
            penalty: self.discounted(&input.penalty),
            links: links.collect(),
            calm: self.years,
            reserve,
            expansion: input.expansion.as_ref().map(|expansion| self.expansion(input, expansion)),
            depreciation: input.depreciation,
            floor: floor.map(|target| (self.offset(target.by), target.share)),
        }
    }

    fn expansion(&self, input: &strategy::Input, expansion: &strategy::Expansion) -> Expansion {
        let steps = match &expansion.learning {
            Some(learning) if learning.exponent > 0.0 && learning.so_far > 0.0 => {
                let most = input.demand.iter().fold(0.0, |a, &b| f64::max(a, b));
                let ratio = (learning.so_far + most) / learning.so_far;
                let step = |k: usize| {
                    let experience = ratio.powf(k as f64 / STEPS as f64);
                    (learning.so_far * (experience - 1.0), experience.powf(-learning.exponent))
                };
                (0..STEPS).map(step).collect()
            }
            _ => vec![(0.0, 1.0)],
        };
        let levers = self.strategy.levers.iter().enumerate();
        let purchases = levers.flat_map(|(l, lever)| {
            lever.effects.iter().filter_map(move |effect| match effect {
                Effect::Purchase { input: of, amount } if *of == input.name => {
                    Some((self.strategy.programmes.len() + l, lever.duration, *amount))
                }
                _ => None,
            })
        });
        Expansion {
            clause: expansion.capability.as_ref().and_then(|name| self.clause(std::slice::from_ref(name))),
            cost: self.discounted(&vec![expansion.cost; self.years]),
            paid: self.paid(expansion.level.as_ref(), expansion.cost),
            lag: expansion.lag,
            seed: expansion.seed,
            growth: expansion.growth,
            steps,
            purchases: purchases.collect(),
        }
    }

    /// Programmes of which one is enough for one of some names; nothing where one of them is at hand.
    fn clause(&self, names: &[String]) -> Option<Vec<usize>> {
        let at_hand = |name: &String| self.strategy.capabilities.iter().any(|c| c.name == *name && c.at_hand);
        if names.iter().any(at_hand) {
            return None;
        }
        let programmes = self.strategy.programmes.iter().enumerate();
        let enough =
            programmes.filter(|(_, p)| names.contains(&p.name) || p.capabilities.iter().any(|c| names.contains(c)));
        Some(enough.map(|(at, _)| at).collect())
    }

    fn programmes(&self) -> Vec<Programme> {
        let of = |programme: &strategy::Programme| {
            let all = programme.requires.iter().map(std::slice::from_ref);
            let clauses = all.chain(programme.any.iter().map(Vec::as_slice)).filter_map(|names| self.clause(names));
            let cofunding = programme.cofunding.as_ref().and_then(|c| {
                Some(Cofunding { level: self.level(&c.level)?, beside: self.level(&c.beside)?, ratio: c.ratio })
            });
            let modes = programme.modes.iter().flat_map(|mode| self.modes(programme, mode, cofunding));
            Programme {
                name: programme.name.clone(),
                modes: modes.collect(),
                must: false,
                clauses: clauses.collect(),
                cofunding,
            }
        };
        self.strategy.programmes.iter().map(of).collect()
    }

    /// A mode as it is, and as levers change it.
    fn modes(&self, programme: &strategy::Programme, mode: &strategy::Mode, cofunding: Option<Cofunding>) -> Vec<Mode> {
        let levers = self.strategy.levers.iter().enumerate();
        let helpful: Vec<usize> = levers
            .filter(|(_, lever)| lever.effects.iter().any(|e| changes(e, &programme.name)))
            .map(|(l, _)| l)
            .collect();
        let sets: Vec<Vec<usize>> = match helpful.len() {
            0..=MOST_LEVERS => (0..1usize << helpful.len())
                .map(|set| helpful.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1).map(|(_, &l)| l).collect())
                .collect(),
            _ => std::iter::once(Vec::new()).chain(helpful.iter().map(|&l| vec![l])).collect(),
        };
        sets.iter().map(|set| self.mode(programme, mode, cofunding, set)).collect()
    }

    fn mode(
        &self,
        programme: &strategy::Programme,
        mode: &strategy::Mode,
        cofunding: Option<Cofunding>,
        levers: &[usize],
    ) -> Mode {
        let (mut factor, mut shorter, mut failure) = (1.0, 0, 1.0 - mode.success);
        for effect in levers.iter().flat_map(|&l| &self.strategy.levers[l].effects) {
            match effect {
                Effect::Cost { factor: by, .. } if changes(effect, &programme.name) => factor *= by,
                Effect::Duration { years, .. } if changes(effect, &programme.name) => shorter += years,
                Effect::Failure { factor: by, .. } if changes(effect, &programme.name) => failure *= by,
                _ => {}
            }
        }
        let duration = mode.duration.saturating_sub(shorter).max(1);
        let mut uses = Vec::new();
        let mut pooled = Vec::new();
        let mut spent = vec![0.0; mode.duration];
        for (level, amounts) in &mode.cost {
            let Some(resource) = self.level(level) else { continue };
            let shared = cofunding.is_some_and(|c| c.level == resource || c.beside == resource);
            // What was to be paid in years that are saved is paid in the last year left.
            for (offset, amount) in amounts.iter().enumerate() {
                let (offset, amount) = (offset.min(duration - 1), amount * factor);
                spent[offset] += amount;
                match shared {
                    true => pooled.push((offset, amount)),
                    false => uses.push(Use { resource, offset, amount }),
                }
            }
        }
        for (skill, people) in &mode.talent {
            let Some(resource) = self.skill(skill) else { continue };
            let at_work = people.iter().take(duration).enumerate();
            uses.extend(at_work.map(|(offset, &amount)| Use { resource, offset, amount }));
        }
        let delivers = programme.delivers.iter().filter_map(|d| Some((self.input_named(&d.input)?, d.capacity)));
        let with: Vec<&str> = levers.iter().map(|&l| self.strategy.levers[l].name.as_str()).collect();
        Mode {
            name: if with.is_empty() { mode.name.clone() } else { format!("{} with {}", mode.name, with.join(", ")) },
            duration,
            starts: self.starts(programme.starts, self.years.checked_sub(duration)),
            objective: self.objective(&spent),
            spent: spent.iter().sum(),
            uses,
            pooled,
            delivers: delivers.collect(),
            success: 1.0 - failure,
            during: levers
                .iter()
                .map(|&l| (self.strategy.programmes.len() + l, self.strategy.levers[l].duration))
                .collect(),
        }
    }

    fn levers(&self) -> Vec<Programme> {
        let of = |lever: &strategy::Lever| {
            let mut spent = vec![0.0; lever.duration];
            let mut uses = Vec::new();
            for (level, amounts) in &lever.cost {
                let Some(resource) = self.level(level) else { continue };
                for (offset, &amount) in amounts.iter().enumerate() {
                    spent[offset] += amount;
                    uses.push(Use { resource, offset, amount });
                }
            }
            for effect in &lever.effects {
                match effect {
                    Effect::Budget { level, amount } => {
                        let Some(resource) = self.level(level) else { continue };
                        let more = amount.iter().enumerate();
                        uses.extend(more.map(|(offset, amount)| Use { resource, offset, amount: -amount }));
                    }
                    Effect::People { skill, amount } => uses.extend(self.people(skill, amount)),
                    _ => {}
                }
            }
            let mut objective = self.objective(&spent);
            for (start, objective) in objective.iter_mut().enumerate() {
                *objective += self.premium(lever, start);
            }
            let mode = Mode {
                name: String::new(),
                duration: lever.duration,
                starts: self.starts(lever.starts, self.years.checked_sub(1)),
                objective,
                spent: spent.iter().sum(),
                uses,
                success: 1.0,
                ..Mode::default()
            };
            Programme { name: lever.name.clone(), modes: vec![mode], ..Programme::default() }
        };
        self.strategy.levers.iter().map(of).collect()
    }

    /// People that join while a lever lasts and stay at work as others do.
    fn people(&self, skill: &str, amount: &[f64]) -> Vec<Use> {
        let Some(resource) = self.skill(skill) else { return Vec::new() };
        let stays = 1.0 - self.strategy.skills[resource - self.strategy.budgets.len()].attrition;
        let mut there = 0.0;
        let of_year = (0..self.years).map(|offset| {
            there = there * stays + amount.get(offset).copied().unwrap_or(0.0);
            Use { resource, offset, amount: -there }
        });
        of_year.collect()
    }

    /// What purchases guaranteed by a lever cost above the world price: q (home cost − cheapest price)⁺ in each of its years.
    fn premium(&self, lever: &strategy::Lever, start: usize) -> f64 {
        let purchases = lever.effects.iter().filter_map(|effect| match effect {
            Effect::Purchase { input, amount } => Some((&self.strategy.inputs[self.input_named(input)?], *amount)),
            _ => None,
        });
        let premium = purchases.map(|(input, amount)| {
            let of_year = (start..self.years.min(start + lever.duration)).map(|t| {
                let suppliers = self.strategy.suppliers.iter().filter(|supplier| supplier.input == input.name);
                let cheapest = suppliers.map(|supplier| supplier.price[t]).fold(f64::INFINITY, f64::min);
                let above = input.home_cost[t] - cheapest;
                if above > 0.0 { amount * above * self.discount[t] } else { 0.0 }
            });
            of_year.sum::<f64>()
        });
        premium.sum()
    }

    /// Costs after the start as the objective counts them, by year of start.
    fn objective(&self, spent: &[f64]) -> Vec<f64> {
        let discount = |t: usize| self.discount.get(t).copied().unwrap_or(0.0);
        let of_start = |start: usize| spent.iter().enumerate().map(|(k, amount)| amount * discount(start + k)).sum();
        (0..self.years).map(of_start).collect()
    }

    /// Years of start that are allowed, counted from the first; none where it would not end in time.
    fn starts(&self, (first, last): (i32, i32), latest: Option<usize>) -> (usize, usize) {
        let Some(latest) = latest else { return (1, 0) };
        if last < self.strategy.from {
            return (1, 0);
        }
        (self.offset(first), self.offset(last).min(latest))
    }

    fn offset(&self, year: i32) -> usize {
        usize::try_from(year - self.strategy.from).unwrap_or(0)
    }

    /// Links that a cut touches.
    fn cuts(&self, cut: &strategy::Cut) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for (i, input) in self.strategy.inputs.iter().enumerate() {
            if !cut.inputs.is_empty() && !cut.inputs.contains(&input.name) {
                continue;
            }
            let suppliers = self.strategy.suppliers.iter().filter(|supplier| supplier.input == input.name);
            for (link, supplier) in suppliers.enumerate() {
                if within(&supplier.region, &cut.regions) {
                    let from = self.offset(cut.from);
                    let until = cut.until.map_or(self.years, |last| self.offset(last) + 1);
                    cuts.push(Cut { input: i, link, severity: cut.severity, from, until });
                }
            }
        }
        cuts
    }

    /// What may happen, and that nothing does.
    fn outcomes(&self) -> Vec<Outcome> {
        let mut outcomes: Vec<Outcome> = Vec::new();
        for denial in &self.strategy.scenarios {
            outcomes.push(Outcome {
                name: denial.name.clone(),
                probability: denial.probability,
                cuts: denial.cuts.iter().flat_map(|cut| self.cuts(cut)).collect(),
                luck: Vec::new(),
            });
        }
        let rest = 1.0 - outcomes.iter().map(|outcome| outcome.probability).sum::<f64>();
        // Less than this is rounding of what was meant to add up.
        if rest > 1e-9 {
            outcomes.push(Outcome { name: "nothing".to_owned(), probability: rest, ..Outcome::default() });
        }
        outcomes
    }

    fn adversary(&self) -> Option<Adversary> {
        let adversary = self.strategy.adversary.as_ref()?;
        let moves = adversary.moves.iter().map(|step| {
            let cuts: Vec<Cut> = step.cuts.iter().flat_map(|cut| self.cuts(cut)).collect();
            Move { name: step.name.clone(), cost: step.cost, own_loss: self.own_loss(&cuts), cuts }
        });
        let moves = moves.collect();
        Some(Adversary { budget: adversary.budget, own_loss: adversary.own_loss.unwrap_or(f64::INFINITY), moves })
    }

    /// Sales given up, million USD a year at the first year's prices and capacities.
    fn own_loss(&self, cuts: &[Cut]) -> f64 {
        let sales = cuts.iter().filter_map(|cut| {
            let input = &self.strategy.inputs[cut.input].name;
            let mut suppliers = self.strategy.suppliers.iter().filter(|supplier| supplier.input == *input);
            let supplier = suppliers.nth(cut.link)?;
            Some(cut.severity * supplier.capacity[0] * supplier.price[0])
        });
        sales.sum()
    }
}

/// Whether a lever's effect changes how a programme works.
fn changes(effect: &Effect, programme: &str) -> bool {
    match effect {
        Effect::Cost { programmes, .. } | Effect::Duration { programmes, .. } | Effect::Failure { programmes, .. } => {
            programmes.iter().any(|name| name == programme)
        }
        _ => false,
    }
}

/// Whether all of a supplier's regions are among those of a cut.
fn within(supplier: &Bloc, cut: &Bloc) -> bool {
    let mut all = supplier.members.iter().chain(&supplier.absent);
    all.all(|code| cut.members.contains(code) || cut.absent.contains(code))
}

/// Every outcome once a draw, with the luck of each programme drawn anew; one stream a draw, so that outcomes meet the same luck.
fn drawn(outcomes: &[Outcome], luck: Luck, programmes: usize) -> Vec<Outcome> {
    let draws = (0..luck.draws).map(|draw| {
        let mut stream = Stream::new(luck.seed, draw as u64);
        (0..programmes).map(|_| stream.unit()).collect::<Vec<f64>>()
    });
    let draws: Vec<Vec<f64>> = draws.collect();
    let of = |outcome: &Outcome| {
        let each = draws.iter().map(|luck| Outcome {
            luck: luck.clone(),
            probability: outcome.probability / draws.len() as f64,
            ..outcome.clone()
        });
        each.collect::<Vec<_>>()
    };
    outcomes.iter().flat_map(of).collect()
}
