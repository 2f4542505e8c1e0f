//! What a reader should know: things that stand in the file and can come to nothing.

use super::super::file::File;
use super::super::{Effect, Input, Strategy};
use super::Reader;
use super::figures::shown;
use super::reach::Years;
use zili_world::written::diagnostic::Name;

/// Relative slack below which demand counts as met: shares seldom add up to the last digit.
const SLACK: f64 = 1e-6;

impl Reader<'_, '_, '_> {
    pub(super) fn checks(&mut self, strategy: &Strategy, file: &File) {
        let years = Years::of(strategy);
        self.too_late(strategy, file, &years);
        self.never_met(strategy, file, &years);
        self.unused(strategy, file);
        self.out_of_means(strategy, file);
    }

    /// Programmes that cannot have ended within the years planned.
    fn too_late(&mut self, strategy: &Strategy, file: &File, years: &Years) {
        for (k, programme) in strategy.programmes.iter().enumerate() {
            let span = &file.programme[k].value.name.span;
            match years.end(k) {
                Some(end) if end <= self.last() => (),
                Some(end) => {
                    let start = years.start(k).unwrap_or(programme.starts.0);
                    let text = format!(
                        "'{}' starts in {start} at the earliest and delivers from {end} on: after {}, the last year planned",
                        programme.name,
                        self.last()
                    );
                    self.findings.warn(Name::EmptyEffect, span, text);
                }
                None => {
                    let text = format!(
                        "'{}' may start until {} only, and what it requires is there too late",
                        programme.name, programme.starts.1
                    );
                    self.findings.warn(Name::EmptyEffect, span, text);
                }
            }
        }
        for (k, lever) in strategy.levers.iter().enumerate() {
            let end = lever.starts.0 + lever.duration as i32 - 1;
            if end > self.last() {
                let text = format!(
                    "'{}' would last until {end} at least: what comes after {} does not count",
                    lever.name,
                    self.last()
                );
                self.findings.warn(Name::EmptyEffect, &file.lever[k].value.duration.span, text);
            }
        }
    }

    /// Demand that is never met while nobody denies anything, and targets beyond everything that could be built.
    fn never_met(&mut self, strategy: &Strategy, file: &File, years: &Years) {
        for (k, input) in strategy.inputs.iter().enumerate() {
            let entry = &file.input[k].value;
            // What can be bought by the unit has no end that is worth working out here.
            if input.expansion.is_some() {
                continue;
            }
            let built = built(strategy, input, years);
            let stock = input.reserve.as_ref().map_or(0.0, |reserve| reserve.initial + reserve.most);
            let foreign = |t: usize| -> f64 {
                let theirs = strategy.suppliers.iter().filter(|supplier| supplier.input == input.name);
                theirs.map(|supplier| supplier.capacity[t]).sum()
            };
            let short = (0..strategy.years).find_map(|t| {
                let most = input.home[t] + built[t] + foreign(t) + stock;
                (most < input.demand[t] * (1.0 - SLACK)).then_some((t, most))
            });
            if let Some((t, most)) = short {
                let text = format!(
                    "home needs {} of {} in {}, and home, all programmes and all suppliers together have {} at most",
                    shown(input.demand[t]),
                    input.name,
                    strategy.from + t as i32,
                    shown(most)
                );
                self.findings.warn(Name::NeverMet, &entry.demand.span, text);
            }
            let (Some(target), Some(at)) = (&input.target, &entry.target) else { continue };
            let first = usize::try_from(target.by - strategy.from).unwrap_or(0);
            let short = (first..strategy.years).find(|&t| {
                let most = input.home[t] + built[t];
                most < target.share * input.demand[t] * (1.0 - SLACK)
            });
            if let Some(t) = short {
                let text = format!(
                    "home's own and all programmes together make {} of {} in {}: the target is {}",
                    shown(input.home[t] + built[t]),
                    input.name,
                    strategy.from + t as i32,
                    shown(target.share * input.demand[t])
                );
                self.findings.warn(Name::NeverMet, &at.value.share.span, text);
            }
        }
    }

    /// Budgets, skills and capabilities that nothing uses.
    fn unused(&mut self, strategy: &Strategy, file: &File) {
        let modes = || strategy.programmes.iter().flat_map(|p| &p.modes);
        let pays = |level: &str| {
            let is = |other: &Option<String>| other.as_deref() == Some(level);
            modes().any(|mode| mode.cost.iter().any(|(other, _)| other == level))
                || strategy.levers.iter().any(|lever| lever.cost.iter().any(|(other, _)| other == level))
                || strategy
                    .programmes
                    .iter()
                    .any(|p| p.cofunding.as_ref().is_some_and(|c| c.level == level || c.beside == level))
                || strategy.skills.iter().any(|skill| is(&skill.level))
                || strategy.inputs.iter().any(|input| {
                    input.reserve.as_ref().is_some_and(|reserve| is(&reserve.level))
                        || input.expansion.as_ref().is_some_and(|expansion| is(&expansion.level))
                })
        };
        for entry in file.budget.iter().filter(|entry| !pays(&entry.value.level.value)) {
            let text = format!("nothing is paid from '{}'", entry.value.level.value);
            self.findings.warn(Name::EmptyEffect, &entry.value.level.span, text);
        }
        let works = |skill: &str| modes().any(|mode| mode.talent.iter().any(|(other, _)| other == skill));
        for entry in file.skill.iter().filter(|entry| !works(&entry.value.name.value)) {
            let text = format!("no programme needs people of '{}'", entry.value.name.value);
            self.findings.warn(Name::EmptyEffect, &entry.value.name.span, text);
        }
        for entry in &file.capability {
            let name = entry.value.name.value.as_str();
            let opens = |input: &Input| input.expansion.as_ref().is_some_and(|x| x.capability.as_deref() == Some(name));
            if !self.required.contains(name) && !strategy.inputs.iter().any(opens) {
                let text = format!("no programme and no expansion needs '{name}'");
                self.findings.warn(Name::EmptyEffect, &entry.value.name.span, text);
            }
        }
    }

    /// Steps that the adversary can never afford, and programmes that need more people than there can be.
    fn out_of_means(&mut self, strategy: &Strategy, file: &File) {
        if let (Some(adversary), Some(entry)) = (&strategy.adversary, &file.adversary) {
            for (step, at) in adversary.moves.iter().zip(&entry.moves) {
                if step.cost > adversary.budget {
                    let text = format!(
                        "'{}' costs {}, more than the adversary has ({}): it is never taken",
                        step.name,
                        shown(step.cost),
                        shown(adversary.budget)
                    );
                    self.findings.warn(Name::EmptyEffect, &at.value.cost.span, text);
                }
            }
        }
        for (k, programme) in strategy.programmes.iter().enumerate() {
            let payable = programme.modes.iter().any(|mode| {
                mode.cost.iter().all(|(level, musd)| musd.iter().sum::<f64>() <= means(strategy, level) * (1.0 + SLACK))
            });
            // Levels that share a cost may help each other out.
            if !payable && programme.cofunding.is_none() {
                let text = format!(
                    "every mode of '{}' costs some level more than it has in all years together",
                    programme.name
                );
                self.findings.warn(Name::EmptyEffect, &file.programme[k].value.name.span, text);
            }
        }
    }
}

/// Capacity that programmes can have added by each year, all of them together.
fn built(strategy: &Strategy, input: &Input, years: &Years) -> Vec<f64> {
    let added = |year: i32| -> f64 {
        let programmes = strategy.programmes.iter().enumerate();
        let ended = programmes.filter(|(k, _)| years.end(*k).is_some_and(|end| end <= year));
        let capacities = ended.flat_map(|(_, p)| p.delivers.iter().filter(|d| d.input == input.name));
        capacities.map(|delivery| delivery.capacity).sum()
    };
    (0..strategy.years).map(|t| added(strategy.from + t as i32)).collect()
}

/// All that a level has, levers included.
fn means(strategy: &Strategy, level: &str) -> f64 {
    let own = strategy.budgets.iter().filter(|budget| budget.level == level).flat_map(|budget| &budget.amount);
    let effects = strategy.levers.iter().flat_map(|lever| &lever.effects);
    let more = effects.filter_map(|effect| match effect {
        Effect::Budget { level: other, amount } if other == level => Some(amount),
        _ => None,
    });
    own.chain(more.flatten()).sum()
}
