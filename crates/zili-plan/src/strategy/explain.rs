//! What a strategy says, for eyes and programs: what is wanted, what could be done, with which means, against what, and on whose word.

use super::{Cut, Effect, Lever, LeverKind, Mode, Programme, Source, Strategy};
use serde::Serialize;

/// A strategy as a reader wants it. Money in million USD, shares from 0 to 1.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    pub name: String,
    pub description: String,
    pub home: String,
    pub home_name: String,
    pub from: i32,
    pub until: i32,
    pub discount: f64,
    pub chain: Option<String>,
    pub inputs: Vec<Wanted>,
    pub programmes: Vec<Fundable>,
    pub levers: Vec<Instrument>,
    pub budgets: Vec<Means>,
    pub skills: Vec<People>,
    /// Probability that nothing happens.
    pub calm: f64,
    pub scenarios: Vec<Possible>,
    pub adversary: Option<Opponent>,
    /// Weight of the bad outcomes, and the quantile beyond which they are bad.
    pub risk_weight: f64,
    pub risk_tail: f64,
    pub figures: Figures,
}

/// An input that is wanted.
#[derive(Clone, Debug, Serialize)]
pub struct Wanted {
    pub name: String,
    pub title: String,
    pub unit: String,
    pub chain_input: Option<String>,
    pub sector: Option<String>,
    pub demand_first: f64,
    pub demand_last: f64,
    /// Home's capacity without any programme, as a share of demand; none where nothing is demanded.
    pub home_first: Option<f64>,
    pub home_last: Option<f64>,
    /// The same with every programme of the file.
    pub with_all_programmes: Option<f64>,
    /// What a year without any of it would cost, in the first year.
    pub loss_of_all_musd: f64,
    pub target: Option<Aim>,
    pub reserve_most: Option<f64>,
    /// Whether capacity can be bought by the unit.
    pub expandable: bool,
    pub suppliers: Vec<Seller>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Aim {
    pub share: f64,
    pub by: i32,
    pub must: bool,
}

/// A supplier of an input.
#[derive(Clone, Debug, Serialize)]
pub struct Seller {
    pub region: String,
    /// Of home's demand in the first year; none where nothing is demanded.
    pub share: Option<f64>,
    pub price_first_musd: f64,
}

/// A programme that could be funded.
#[derive(Clone, Debug, Serialize)]
pub struct Fundable {
    pub name: String,
    pub title: String,
    pub region: Option<String>,
    pub modes: Vec<Way>,
    /// What it delivers, and what it needs first, in words.
    pub delivers: String,
    pub needs: String,
    pub starts: (i32, i32),
}

#[derive(Clone, Debug, Serialize)]
pub struct Way {
    pub name: String,
    pub years: usize,
    pub cost_musd: f64,
    pub cost_by_level_musd: Vec<(String, f64)>,
    /// Most people at a time, over all skills.
    pub people: f64,
    pub success: f64,
}

/// A lever that could be taken up.
#[derive(Clone, Debug, Serialize)]
pub struct Instrument {
    pub name: String,
    pub title: String,
    pub kind: &'static str,
    pub years: usize,
    pub cost_musd: f64,
    pub effects: Vec<String>,
    pub evidence: String,
}

/// A level that pays.
#[derive(Clone, Debug, Serialize)]
pub struct Means {
    pub level: String,
    pub first_musd: f64,
    pub last_musd: f64,
    pub total_musd: f64,
    pub carry: f64,
    /// What every programme in its cheapest mode would ask of it.
    pub asked_musd: f64,
}

/// A skill.
#[derive(Clone, Debug, Serialize)]
pub struct People {
    pub name: String,
    pub title: String,
    pub people: f64,
    /// Net of those who come and go, students beyond today's not counted: at the end.
    pub people_last: f64,
    /// What every programme in the mode that needs fewest would need, were they all at work at once.
    pub asked: f64,
    pub intake: f64,
}

/// A denial with a probability, or a step of the adversary with its cost.
#[derive(Clone, Debug, Serialize)]
pub struct Possible {
    pub name: String,
    pub probability: f64,
    pub cuts: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Opponent {
    pub budget: f64,
    pub own_loss_musd: Option<f64>,
    pub moves: Vec<Step>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub name: String,
    pub cost: f64,
    pub cuts: Vec<String>,
}

/// On whose word the numbers stand.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub sourced: usize,
    /// Called assumptions in the file.
    pub assumed: usize,
    /// Not in the file at all.
    pub by_default: usize,
    pub by_source: Vec<Cited>,
    pub assumptions: Vec<Assumption>,
    pub defaults: Vec<Assumption>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Cited {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub year: Option<i32>,
    pub url: String,
    pub figures: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct Assumption {
    pub what: String,
    pub value: String,
}

/// A strategy explained.
pub fn explain(strategy: &Strategy) -> Explanation {
    let s = strategy;
    let probability: f64 = s.scenarios.iter().map(|scenario| scenario.probability).sum();
    Explanation {
        name: s.name.clone(),
        description: s.description.clone(),
        home: s.home.code.clone(),
        home_name: s.home.name.clone(),
        from: s.from,
        until: s.from + s.years as i32 - 1,
        discount: s.discount,
        chain: s.chain.clone(),
        inputs: s.inputs.iter().map(|input| wanted(s, input)).collect(),
        programmes: s.programmes.iter().map(fundable).collect(),
        levers: s.levers.iter().map(instrument).collect(),
        budgets: s.budgets.iter().map(|budget| means(s, budget)).collect(),
        skills: s.skills.iter().map(|skill| people(s, skill)).collect(),
        calm: (1.0 - probability).max(0.0),
        scenarios: s
            .scenarios
            .iter()
            .map(|scenario| Possible {
                name: scenario.name.clone(),
                probability: scenario.probability,
                cuts: scenario.cuts.iter().map(Cut::describe).collect(),
            })
            .collect(),
        adversary: s.adversary.as_ref().map(|adversary| Opponent {
            budget: adversary.budget,
            own_loss_musd: adversary.own_loss,
            moves: adversary
                .moves
                .iter()
                .map(|step| Step {
                    name: step.name.clone(),
                    cost: step.cost,
                    cuts: step.cuts.iter().map(Cut::describe).collect(),
                })
                .collect(),
        }),
        risk_weight: s.risk.weight,
        risk_tail: s.risk.tail,
        figures: figures(s),
    }
}

fn first(course: &[f64]) -> f64 {
    course.first().copied().unwrap_or(0.0)
}

fn last(course: &[f64]) -> f64 {
    course.last().copied().unwrap_or(0.0)
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

fn wanted(s: &Strategy, input: &super::Input) -> Wanted {
    let deliveries = s.programmes.iter().flat_map(|p| &p.delivers).filter(|d| d.input == input.name);
    let built: f64 = deliveries.map(|delivery| delivery.capacity).sum();
    let suppliers = s.suppliers.iter().filter(|supplier| supplier.input == input.name);
    Wanted {
        name: input.name.clone(),
        title: input.title.clone(),
        unit: input.unit.clone(),
        chain_input: input.chain_input.clone(),
        sector: input.sector.clone(),
        demand_first: first(&input.demand),
        demand_last: last(&input.demand),
        home_first: ratio(first(&input.home), first(&input.demand)),
        home_last: ratio(last(&input.home), last(&input.demand)),
        with_all_programmes: ratio(last(&input.home) + built, last(&input.demand)),
        loss_of_all_musd: first(&input.demand) * first(&input.penalty),
        target: input.target.as_ref().map(|target| Aim { share: target.share, by: target.by, must: target.must }),
        reserve_most: input.reserve.as_ref().map(|reserve| reserve.initial + reserve.most),
        expandable: input.expansion.is_some(),
        suppliers: suppliers
            .map(|supplier| Seller {
                region: supplier.region.code.clone(),
                share: ratio(first(&supplier.capacity), first(&input.demand)),
                price_first_musd: first(&supplier.price),
            })
            .collect(),
    }
}

fn total(costs: &[(String, Vec<f64>)]) -> f64 {
    costs.iter().flat_map(|(_, musd)| musd).sum()
}

fn fundable(p: &Programme) -> Fundable {
    let units = p.delivers.iter().map(|d| format!("{} of {}", d.capacity, d.input));
    let delivers: Vec<String> = units.chain(p.capabilities.iter().cloned()).collect();
    let all = p.requires.iter().cloned();
    let needs: Vec<String> = all.chain(p.any.iter().map(|list| list.join(" or "))).collect();
    let way = |mode: &Mode| Way {
        name: mode.name.clone(),
        years: mode.duration,
        cost_musd: total(&mode.cost),
        cost_by_level_musd: mode.cost.iter().map(|(level, musd)| (level.clone(), musd.iter().sum())).collect(),
        people: most_people(mode, None),
        success: mode.success,
    };
    Fundable {
        name: p.name.clone(),
        title: p.title.clone(),
        region: p.region.clone(),
        modes: p.modes.iter().map(way).collect(),
        delivers: delivers.join(", "),
        needs: needs.join("; "),
        starts: p.starts,
    }
}

/// Most people that a mode needs at a time, of one skill or of all.
fn most_people(mode: &Mode, skill: Option<&str>) -> f64 {
    let of = |t: usize| -> f64 {
        let these = mode.talent.iter().filter(|(name, _)| skill.is_none_or(|skill| skill == name));
        these.filter_map(|(_, people)| people.get(t)).sum()
    };
    (0..mode.duration).map(of).fold(0.0, f64::max)
}

fn instrument(lever: &Lever) -> Instrument {
    Instrument {
        name: lever.name.clone(),
        title: lever.title.clone(),
        kind: lever.kind.as_str(),
        years: lever.duration,
        cost_musd: total(&lever.cost),
        effects: lever.effects.iter().map(Effect::describe).collect(),
        evidence: lever.evidence.clone(),
    }
}

fn means(s: &Strategy, budget: &super::Budget) -> Means {
    let theirs = |mode: &Mode| -> f64 {
        let these = mode.cost.iter().filter(|(level, _)| *level == budget.level);
        these.flat_map(|(_, musd)| musd).sum()
    };
    let cheapest = |p: &Programme| p.modes.iter().min_by(|a, b| total(&a.cost).total_cmp(&total(&b.cost))).map(theirs);
    Means {
        level: budget.level.clone(),
        first_musd: first(&budget.amount),
        last_musd: last(&budget.amount),
        total_musd: budget.amount.iter().sum(),
        carry: budget.carry,
        asked_musd: s.programmes.iter().filter_map(cheapest).sum(),
    }
}

fn people(s: &Strategy, skill: &super::Skill) -> People {
    let asked = |p: &Programme| p.modes.iter().map(|mode| most_people(mode, Some(&skill.name))).min_by(f64::total_cmp);
    // Those who come in a year are at work in the next.
    let net = skill.graduates.iter().zip(&skill.returnees).zip(&skill.lost).map(|((g, r), lost)| g + r - lost);
    let last = net
        .take(s.years.saturating_sub(1))
        .fold(skill.people, |people, net| (people * (1.0 - skill.attrition) + net).max(0.0));
    People {
        name: skill.name.clone(),
        title: skill.title.clone(),
        people: skill.people,
        people_last: last,
        asked: s.programmes.iter().filter_map(asked).sum(),
        intake: skill.intake,
    }
}

fn figures(s: &Strategy) -> Figures {
    let list = |wanted: &dyn Fn(&super::Figure) -> bool| -> Vec<Assumption> {
        let these = s.figures.iter().filter(|figure| wanted(figure));
        these.map(|figure| Assumption { what: figure.what.clone(), value: figure.value.clone() }).collect()
    };
    let assumptions = list(&|figure| figure.source.is_none() && !figure.by_default);
    let defaults = list(&|figure| figure.by_default);
    let count = |source: &Source| s.figures.iter().filter(|f| f.source.as_deref() == Some(&source.id)).count();
    Figures {
        sourced: s.figures.iter().filter(|figure| figure.source.is_some()).count(),
        assumed: assumptions.len(),
        by_default: defaults.len(),
        by_source: s
            .sources
            .iter()
            .map(|source| Cited {
                id: source.id.clone(),
                title: source.title.clone(),
                publisher: source.publisher.clone(),
                year: source.year,
                url: source.url.clone(),
                figures: count(source),
            })
            .collect(),
        assumptions,
        defaults,
    }
}

impl Cut {
    /// Who denies how much of what, when.
    pub fn describe(&self) -> String {
        let what = if self.inputs.is_empty() { "everything".to_owned() } else { self.inputs.join(", ") };
        let share = format!("{} %", (self.severity * 1e4).round() / 100.0);
        let until = self.until.map(|year| format!(" to {year}")).unwrap_or_default();
        format!("{} denies {share} of {what}, from {}{until}", self.regions.code, self.from)
    }
}

impl Effect {
    /// What changes, and by how much.
    pub fn describe(&self) -> String {
        let sum = |amount: &[f64]| (amount.iter().sum::<f64>() * 1e3).round() / 1e3;
        match self {
            Effect::Budget { level, amount } => format!("{} million USD more for {level} in all", sum(amount)),
            Effect::People { skill, amount } => format!("{} more {skill} in all", sum(amount)),
            Effect::Intake { skill, amount } => format!("{amount} more students of {skill} a year"),
            Effect::Cost { programmes, factor } => format!("cost times {factor} for {}", whose(programmes)),
            Effect::Duration { programmes, years } => format!("{years} years less for {}", whose(programmes)),
            Effect::Failure { programmes, factor } => format!("failure times {factor} for {}", whose(programmes)),
            Effect::Purchase { input, amount } => format!("{amount} of {input} a year bought at home"),
        }
    }
}

fn whose(programmes: &[String]) -> String {
    match programmes {
        [_, _, _, _, ..] => format!("{} programmes", programmes.len()),
        few => few.join(", "),
    }
}

impl LeverKind {
    /// As the file writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            LeverKind::StateFund => "state-fund",
            LeverKind::RegionalFund => "regional-fund",
            LeverKind::Procurement => "procurement",
            LeverKind::TaxCredit => "tax-credit",
            LeverKind::BasicResearch => "basic-research",
            LeverKind::TalentScheme => "talent-scheme",
            LeverKind::Cluster => "cluster",
            LeverKind::IntellectualProperty => "intellectual-property",
            LeverKind::Regulation => "regulation",
        }
    }
}
