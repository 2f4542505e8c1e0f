//! Critical materials that home buys from few, in the last year of the trade and the one before.

use super::{Part, ask, origin, without_figures};
use crate::Error;
use crate::assess::words::{counted, in_text, in_title, listed};
use crate::assess::{Figure, Question, places};
use crate::format::percent;
use serde_json::{Map, Value, json};
use zili_exposure::products::dependency;
use zili_world::{Cell, Finding, World, trade};

/// Products that are named in words.
const NAMED: usize = 5;

/// The part, and its sentence for the first screen.
pub(super) fn part(world: &World, question: &Question) -> Result<(Part, Option<String>), Error> {
    let trade = world.trade(trade::CRITICAL)?;
    let mut finding = match ask(world, question, &dependency::METHOD, Vec::new(), &[])? {
        Ok((finding, _)) => finding,
        Err(why) => return Ok((without_figures(format!("Dependence on products is left out: {why}.")), None)),
    };
    let years = trade.years();
    let spoken: Vec<String> = years.iter().map(i32::to_string).collect();
    finding.parameter("years", spoken.join(", "));
    let home = in_text(&question.home.name);
    let told = Told::of(world, &finding, &years)?;
    if told.known == 0 {
        let words = format!("What {home} buys of critical materials is not known: it buys none in these trade data.");
        return Ok((without_figures(words), None));
    }
    let threshold = finding.evidence.parameters.iter().find(|(name, _)| name == "cdi1").map(|(_, value)| value.clone());
    let figure = Figure {
        id: "product-dependence".to_owned(),
        // Nothing to draw where no product is flagged; the table says so.
        kind: if told.ever > 0 { "products" } else { "list" },
        title: "Critical materials bought from few".to_owned(),
        subtitle: format!(
            "Concentration of the suppliers abroad (CDI1) of products that are dependent, or were, {}; a full dot is dependent by all three of the EU's indicators, a hollow one is not",
            spoken.join(" and ")
        ),
        alt: format!("Dot plot of the concentration of suppliers of the critical materials that {} depends on.", question.home.name),
        note: Some("Dependent: few suppliers (CDI1 above 0.4), more than half of all imports from outside (CDI2), and imports from outside larger than all exports (CDI3). A flag of one year says little; what ships may have been mined or refined elsewhere.".to_owned()),
        options: json!({"label": "product_name", "code": "product", "x": "year", "value": "cdi1", "flag": "dependent", "change": "change",
            "who": "top_supplier", "share": "top_share", "threshold": threshold, "names": names(world, &finding)?.to_string(), "limit": 24}),
        finding,
    };
    let sentence = told.sentence();
    let origins = trade.manifest().sources.iter().map(origin).collect();
    Ok((Part { words: told.words(&home), figures: vec![figure], origins }, sentence))
}

/// Names of the suppliers.
fn names(world: &World, finding: &Finding) -> Result<Value, Error> {
    let who = finding.column("top_supplier")?;
    let codes = finding.rows.iter().map(|row| row[who].text()).filter(|code| !code.is_empty());
    Ok(Value::Object(codes.map(|code| (code.to_owned(), json!(places::name(world, code)))).collect::<Map<_, _>>()))
}

/// What the indicators say, counted.
struct Told {
    /// Products in the trade.
    all: usize,
    /// Those that home buys from outside in some year.
    known: usize,
    /// Those dependent in some year.
    ever: usize,
    last: i32,
    /// Dependent in the last year: product, largest supplier, its share.
    now: Vec<(String, String, f64)>,
    /// How many were so in the year before, how many of them no longer are, and how many are new.
    before: Option<(i32, usize, usize, usize)>,
}

impl Told {
    fn of(world: &World, finding: &Finding, years: &[i32]) -> Result<Self, Error> {
        let at = |name: &str| finding.column(name);
        let (code, name, year, flag) = (at("product")?, at("product_name")?, at("year")?, at("dependent")?);
        let (who, share) = (at("top_supplier")?, at("top_share")?);
        let of_year = |row: &Vec<Cell>, wanted: i32| row[year].number() == Some(f64::from(wanted));
        let dependent = |row: &Vec<Cell>| row[flag].text() == "yes";
        let flagged = |wanted: i32| -> Vec<&str> {
            finding
                .rows
                .iter()
                .filter(|row| of_year(row, wanted) && dependent(row))
                .map(|row| row[code].text())
                .collect()
        };
        let distinct = |fits: &dyn Fn(&Vec<Cell>) -> bool| {
            let mut codes: Vec<&str> =
                finding.rows.iter().filter(|row| fits(row)).map(|row| row[code].text()).collect();
            codes.sort_unstable();
            codes.dedup();
            codes.len()
        };
        let last = years.last().copied().unwrap_or_default();
        let now = finding.rows.iter().filter(|row| of_year(row, last) && dependent(row)).map(|row| {
            let supplier = in_text(&places::name(world, row[who].text()));
            (in_title(row[name].text()), supplier, row[share].number().unwrap_or(f64::NAN))
        });
        let before = match years {
            [.., before, last] => {
                let (old, new) = (flagged(*before), flagged(*last));
                let gone = old.iter().filter(|product| !new.contains(product)).count();
                let come = new.iter().filter(|product| !old.contains(product)).count();
                Some((*before, old.len(), gone, come))
            }
            _ => None,
        };
        Ok(Self {
            all: distinct(&|_| true),
            known: distinct(&|row| row[flag] != Cell::Missing),
            ever: distinct(&dependent),
            last,
            now: now.collect(),
            before,
        })
    }

    fn words(&self, home: &str) -> Vec<String> {
        let named: Vec<String> = self
            .now
            .iter()
            .take(NAMED)
            .map(|(product, supplier, share)| format!("{product} ({} from {supplier})", percent(*share)))
            .collect();
        let which = match (named.is_empty(), self.now.len() > NAMED) {
            (true, _) => String::new(),
            (false, true) => format!(": above all {}", listed(&named)),
            (false, false) => format!(": {}", listed(&named)),
        };
        let mut words = vec![format!(
            "Of {} of critical materials in trade, {home} depended in {} on few suppliers for {}{which}.",
            counted(self.all, "product"),
            self.last,
            self.now.len()
        )];
        if let Some((year, count, gone, new)) = self.before {
            words.push(match (gone, new) {
                (0, 0) => format!("The same {count} were so in {year}."),
                (gone, new) => {
                    let gone = match gone {
                        0 => "none has gone".to_owned(),
                        1 => "1 has gone".to_owned(),
                        _ => format!("{gone} have gone"),
                    };
                    let new = match new {
                        0 => "none is new".to_owned(),
                        1 => "1 is new".to_owned(),
                        _ => format!("{new} are new"),
                    };
                    format!("In {year} it was {count}; since then {gone} and {new}.")
                }
            });
        }
        words
    }

    /// Short enough for one line of the first screen.
    fn sentence(&self) -> Option<String> {
        let of = format!("of {} critical materials in trade ({})", self.all, self.last);
        Some(format!("It depends on few suppliers for {} {of}.", self.now.len()))
    }
}
