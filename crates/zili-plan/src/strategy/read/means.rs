//! Who pays, and who does the work.

use super::super::file::{BudgetEntry, SkillEntry};
use super::super::{Budget, Skill};
use super::Reader;
use super::figures::{AMOUNT, BELOW_ONE, SHARE, SOME_YEARS};
use super::one_line;
use zili_world::written::At;
use zili_world::written::diagnostic::Name;

impl Reader<'_, '_, '_> {
    pub(super) fn budgets(&mut self, entries: &[At<BudgetEntry>]) -> Vec<Budget> {
        let one = |reader: &mut Self, e: &BudgetEntry| {
            let mut entry = reader.entry(format!("budget {}", e.level.value), e.source.as_ref());
            let amount = reader.course(&mut entry, "amount", &e.amount, AMOUNT);
            let carry = reader.number_or(&mut entry, "carry", e.carry.as_ref(), 1.0, SHARE);
            Some(Budget { level: e.level.value.clone(), amount: amount?, carry: carry? })
        };
        entries.iter().filter_map(|entry| one(self, &entry.value)).collect()
    }

    pub(super) fn skills(&mut self, entries: &[At<SkillEntry>]) -> Vec<Skill> {
        entries.iter().filter_map(|entry| self.skill(&entry.value)).collect()
    }

    fn skill(&mut self, e: &SkillEntry) -> Option<Skill> {
        let mut entry = self.entry(format!("skill {}", e.name.value), e.source.as_ref());
        let people = self.number(&mut entry, "people", &e.people, AMOUNT);
        let attrition = self.number_or(&mut entry, "attrition", e.attrition.as_ref(), 0.0, BELOW_ONE);
        let graduates = self.course_or(&mut entry, "graduates", e.graduates.as_ref(), 0.0, AMOUNT);
        let returnees = self.course_or(&mut entry, "returnees", e.returnees.as_ref(), 0.0, AMOUNT);
        let lost = self.course_or(&mut entry, "lost", e.lost.as_ref(), 0.0, AMOUNT);
        let intake = self.number_or(&mut entry, "intake", e.intake.as_ref(), 0.0, AMOUNT);
        let (training, retention, cost) = match &e.intake {
            Some(intake) => {
                for (key, given) in [("training", &e.training), ("cost", &e.cost)] {
                    if given.is_none() {
                        let text =
                            format!("`{key}` is missing: students that are taken in are trained for years, at a cost");
                        self.findings.error(Name::MissingKey, &intake.span, text);
                    }
                }
                let training = e.training.as_ref().map(|given| self.number(&mut entry, "training", given, SOME_YEARS));
                let cost = e.cost.as_ref().map(|given| self.number(&mut entry, "cost", given, AMOUNT));
                let retention = self.number_or(&mut entry, "retention", e.retention.as_ref(), 1.0, SHARE);
                (training.flatten(), retention, cost.flatten())
            }
            // Levers may let students in all the same.
            None => {
                let training = self.number_or(&mut entry, "training", e.training.as_ref(), 4.0, SOME_YEARS);
                let retention = self.number_or(&mut entry, "retention", e.retention.as_ref(), 1.0, SHARE);
                let cost = self.number_or(&mut entry, "cost", e.cost.as_ref(), 0.0, AMOUNT);
                (training, retention, cost)
            }
        };
        let level = self.payer(e.level.as_ref());
        Some(Skill {
            name: e.name.value.clone(),
            title: one_line(e.title.as_deref().unwrap_or(&e.name.value)),
            people: people?,
            attrition: attrition?,
            graduates: graduates?,
            returnees: returnees?,
            lost: lost?,
            intake: intake?,
            training: training? as usize,
            retention: retention?,
            cost: cost?,
            level: level?,
        })
    }
}
