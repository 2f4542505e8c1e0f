//! What the findings on a chain say in words. What is certain and what is possible are never added up.

use super::super::words::{capital, counted, in_text, in_title, listed};
use super::super::{Headline, Question, places};
use super::years;
use crate::Error;
use zili_world::chain::{Chain, Share};
use zili_world::{Cell, Finding, World};

/// What the findings say, counted.
pub(super) struct Told {
    /// Inputs that somebody is said to supply.
    pub supplied: usize,
    /// Inputs that stop something and that one region abroad takes away for certain.
    certain: usize,
    /// Such that one perhaps takes away.
    perhaps: usize,
    /// Regions with how many of the first each takes away, and their names.
    by_region: Vec<(String, usize)>,
    /// Inputs of which more than a tenth has no known holder.
    open: usize,
    /// Suppliers without a share, and all.
    shareless: usize,
    suppliers: usize,
    /// Regions that alone stop grades for certain, and which, empty for all; none if there are too many coalitions to say.
    alone: Option<Vec<(String, String)>>,
    /// Inputs that home alone takes away from everybody else for certain, and perhaps; none if nobody else supplies any.
    given: Option<(usize, usize)>,
    given_inputs: String,
}

/// Of an input's supply; as much as is needed by default.
const OPEN: f64 = 0.1;

impl Told {
    pub fn of(
        world: &World,
        chain: &Chain,
        inputs: &Finding,
        points: Option<&Finding>,
        mutual: &Finding,
    ) -> Result<Self, Error> {
        let at = |name: &str| inputs.column(name);
        let (id, stops, alone, maybe) = (at("input")?, at("stops")?, at("alone")?, at("perhaps")?);
        let (low, open) = (at("foreign_low")?, at("not_attributed")?);
        let supplied = || inputs.rows.iter().filter(|row| row[low].number().is_some());
        let says = |row: &&Vec<Cell>, c: usize| !row[c].text().is_empty();
        // Without the product there is no product, which the measure does not say.
        let product = &chain.inputs[chain.product].id;
        let stopping = |row: &&Vec<Cell>| says(row, stops) || row[id].text() == product;
        let certain: Vec<&Vec<Cell>> = supplied().filter(|row| stopping(row) && says(row, alone)).collect();
        let perhaps = supplied().filter(|row| stopping(row) && !says(row, alone) && says(row, maybe)).count();
        let mut by_region: Vec<(String, usize)> = Vec::new();
        for code in certain.iter().flat_map(|row| row[alone].text().split(", ")) {
            let name = in_text(&places::name(world, code));
            match by_region.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => by_region.push((name, 1)),
            }
        }
        by_region.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let stoppers = points.map(|points| stoppers(world, points)).transpose()?;
        let every = |grades: &[&str]| grades.len() == chain.grades.len();
        let grades = |grades: Vec<&str>| if every(&grades) { String::new() } else { listed(&grades) };
        let ours = mutual.rows.first();
        let count = |name: &str| -> Result<usize, Error> {
            let c = mutual.column(name)?;
            Ok(ours.and_then(|row| row[c].number()).map_or(0, |count| count as usize))
        };
        let named = mutual.column("given_inputs")?;
        let given_inputs = ours.map_or("", |row| row[named].text()).split(", ");
        let given_inputs: Vec<&str> =
            given_inputs.filter_map(|id| chain.input(id)).map(|i| chain.inputs[i].name.as_str()).collect();
        Ok(Self {
            supplied: supplied().count(),
            certain: certain.len(),
            perhaps,
            by_region,
            open: supplied().filter(|row| row[open].number().is_some_and(|share| share > OPEN + 1e-9)).count(),
            shareless: chain.supplies.iter().filter(|supply| supply.share == Share::Unknown).count(),
            suppliers: chain.supplies.len(),
            alone: stoppers.map(|all| all.into_iter().map(|(name, list)| (name, grades(list))).collect()),
            given: ours.is_some().then_some((count("given")?, count("given_perhaps")?)),
            given_inputs: listed(&given_inputs),
        })
    }

    /// How many inputs hang on one region, as a sentence.
    pub fn hanging(&self, question: &Question) -> String {
        let home = in_text(&question.home.name);
        let of = format!("of {} with known suppliers", counted(self.supplied, "input"));
        let more = match self.perhaps {
            0 => String::new(),
            more => format!("; {more} more perhaps do{}", if more == 1 { "es" } else { "" }),
        };
        let regions: Vec<String> = self.by_region.iter().map(|(name, count)| format!("{name} {count}")).collect();
        match self.certain {
            0 => format!("Seen from {home}, none {of} hangs on a single region abroad for certain{more}."),
            1 => format!(
                "Seen from {home}, 1 {of} hangs on a single region abroad for certain ({}){more}.",
                listed(&regions)
            ),
            n => format!(
                "Seen from {home}, {n} {of} hang on a single region abroad for certain ({}){more}.",
                listed(&regions)
            ),
        }
    }

    /// Who alone can stop the product.
    fn stopping(&self, chain: &Chain) -> String {
        let product = in_title(&chain.inputs[chain.product].name);
        let Some(alone) = &self.alone else {
            return "The coalitions that can stop it are too many to be listed.".to_owned();
        };
        if alone.is_empty() {
            return format!("No region alone can stop the {product} for certain.");
        }
        let every: Vec<&str> = alone.iter().filter(|(_, g)| g.is_empty()).map(|(name, _)| name.as_str()).collect();
        let mut parts = Vec::new();
        if !every.is_empty() {
            let all = if chain.grades.len() > 1 { " in every grade" } else { "" };
            parts.push(format!("{} alone can stop the {product}{all}", either(&every)));
        }
        let mut grades: Vec<&str> = alone.iter().map(|(_, g)| g.as_str()).filter(|g| !g.is_empty()).collect();
        grades.sort_unstable();
        grades.dedup();
        for grade in grades {
            let who: Vec<&str> = alone.iter().filter(|(_, g)| g == grade).map(|(name, _)| name.as_str()).collect();
            parts.push(format!("{} alone can stop the {grade} one", either(&who)));
        }
        capital(&format!("{}.", parts.join("; ")))
    }

    pub fn lead(&self, question: &Question, chain: &Chain) -> String {
        let home = in_text(&question.home.name);
        let ours = match self.given {
            None => " Nobody else supplies any of it.".to_owned(),
            Some((0, 0)) => format!(" {} itself can take none away from everybody else.", capital(&home)),
            Some((0, _)) => format!(" {} itself can take none away from everybody else for certain.", capital(&home)),
            Some((n, _)) => format!(
                " {} itself can take {} away from everybody else: {}.",
                capital(&home),
                counted(n, "input"),
                self.given_inputs
            ),
        };
        format!("{} {}{ours} {}", self.hanging(question), self.stopping(chain), self.doubt())
    }

    /// What is not known.
    fn doubt(&self) -> String {
        match self.open {
            0 => "The holders of at least nine tenths of every input's supply are known.".to_owned(),
            n => format!(
                "For {n} of them more than a tenth of the supply has no known holder; what follows from that is told apart as possible."
            ),
        }
    }

    pub fn unknown(&self, chain: &Chain) -> String {
        let years = years(chain).map(|years| years.replace("..", "–"));
        let years = years.map_or(String::new(), |years| {
            format!(
                " Shares are of {years}, by place or by headquarters, in units, value or tonnes: each has its own note."
            )
        });
        let shares = match self.shareless {
            0 => "Every supplier that is named has a share.".to_owned(),
            1 => format!("Of {} 1 has no known share.", counted(self.suppliers, "supplier")),
            n => format!("Of {} {n} have no known share.", counted(self.suppliers, "supplier")),
        };
        format!(
            "{shares} A supplier that nobody names counts as foreign.{years} An input without a colour is made of others; nobody is said to supply it as such."
        )
    }

    pub fn headline(&self, chain: &Chain, id: &str) -> Option<Headline> {
        let more = match (self.certain, self.perhaps) {
            (_, 0) => String::new(),
            (0, perhaps) => format!("; {perhaps} perhaps"),
            (_, perhaps) => format!("; {perhaps} more perhaps"),
        };
        (self.certain + self.perhaps > 0).then(|| Headline {
            label: "Hang on one region abroad".to_owned(),
            value: counted(self.certain, "input"),
            detail: format!("of {}{more}", in_title(&chain.title)),
            figure: format!("{id}-inputs"),
            told: false,
        })
    }

    /// For the first screen; none where nothing hangs on one region for certain.
    pub fn sentence(&self, chain: &Chain) -> Option<String> {
        let (first, count) = self.by_region.first()?;
        let alone = self.alone.iter().flatten().any(|(name, grades)| name == first && grades.is_empty());
        let stops = match (alone, chain.grades.len()) {
            (false, _) => "",
            (true, 1) => ", which alone can stop it",
            (true, _) => ", which alone can stop every grade",
        };
        let on = match (self.certain, self.by_region.len()) {
            (1, _) => format!("hangs on a single region abroad, {first}"),
            (_, 1) => format!("hang on a single region abroad, {first}"),
            _ => format!("hang on a single region abroad, {count} of them on {first}"),
        };
        Some(format!("{} of {} {on}{stops}.", capital(&counted(self.certain, "input")), in_title(&chain.title)))
    }
}

/// Regions that alone stop the product for certain, with the grades that they stop.
fn stoppers<'a>(world: &World, points: &'a Finding) -> Result<Vec<(String, Vec<&'a str>)>, Error> {
    let at = |name: &str| points.column(name);
    let (grade, sure, order, who) = (at("grade")?, at("sure")?, at("order")?, at("coalition")?);
    let mut stoppers: Vec<(String, Vec<&str>)> = Vec::new();
    for row in points.rows.iter().filter(|row| row[sure].text() == "certain" && row[order].number() == Some(1.0)) {
        let name = in_text(&places::name(world, row[who].text()));
        match stoppers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, grades)) => grades.push(row[grade].text()),
            None => stoppers.push((name, vec![row[grade].text()])),
        }
    }
    Ok(stoppers)
}

fn either(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
        [] => String::new(),
    }
}
