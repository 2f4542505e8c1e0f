#![doc = include_str!("../../../docs/src/methods/technology.md")]

use zili_world::method::{Accepts, column};
use zili_world::science::{self, Flag, Indicator, Indicators};
use zili_world::{Bloc, Cell, Column, Error, Finding, Method, Parameter, Params, RegionCode, World, row};

pub static METHOD: Method = Method {
    name: "technology",
    page: include_str!("../../../docs/src/methods/technology.md"),
    columns: &[
        Column { description: "year of the figures", ..column::YEAR },
        column::HOME,
        Column { description: "code of home, or of a partner beside it", ..column::REGION },
        column::REGION_NAME,
        Column::share("rd_intensity", "R&D of GDP", "gross expenditure on R&D as a share of GDP; missing for a bloc"),
        Column::integer("rd_rank", "Rank by that", "", "place by `rd_intensity` among the rows of the year, 1 the highest").minor(),
        Column::integer("rd_ranked", "of", "", "how many rows of the year have an `rd_intensity`").minor(),
        Column::share(
            "dependence",
            "Technology dependence",
            "payments for foreign technology as a share of R&D and these payments, all in USD at exchange rates; missing for a bloc",
        ),
        Column::musd(
            "rd_musd",
            "R&D",
            "gross expenditure on R&D at exchange rates: `rd_intensity` times GDP (see Limits on which GDP)",
        )
        .minor(),
        Column::musd("payments", "IP paid", "charges for the use of intellectual property paid abroad"),
        Column::musd("receipts", "IP received", "the same received from abroad").minor(),
        Column::musd("balance", "IP balance", "receipts − payments").minor(),
        Column::number(
            "payments_per_receipt",
            "Paid per received",
            "ratio",
            "payments / receipts: above 1 more is paid than earned; needs no R&D and no conversion; missing for a bloc",
        ),
        Column::number("rd_ppp", "R&D", "million PPP$", "gross expenditure on R&D at purchasing power parities").minor(),
        Column::text(
            "rd_ppp_from",
            "R&D from",
            "what `rd_ppp` adds up: sources (all are stated), kinds (of research, as sources are not), part (the large sources: R&D is at least this, and shares are at most theirs)",
        )
        .result()
        .minor(),
        Column::share(
            "dependence_ppp",
            "With R&D in PPP$",
            "payments in USD as a share of R&D in PPP$ and these payments: two currency concepts, not to be compared between countries; below `dependence` where prices are lower than in the United States, above it where they are higher; missing for a bloc",
        )
        .minor(),
        Column::share("business_share", "Paid by business", "share of R&D that business enterprises pay for").minor(),
        Column::share("government_share", "by government", "share of R&D that government pays for").minor(),
        Column::share("abroad_share", "from abroad", "share of R&D that is paid for from abroad; missing for a bloc").minor(),
        Column::number("patents_resident", "Patents: residents", "applications", "patent applications by residents").minor(),
        Column::number("patents_nonresident", "non-residents", "applications", "patent applications by others; missing for a bloc").minor(),
        Column::share("nonresident_share", "Foreign patents", "share of patent applications that are by non-residents; missing for a bloc"),
        Column::number("researchers", "Researchers", "per million people", "researchers in R&D; missing for a bloc"),
        Column::number("articles", "Articles", "articles", "scientific and technical journal articles, shared out among their authors' countries").minor(),
        Column::musd("hightech_exports", "High-tech exports", "exports of products with high R&D intensity").minor(),
        Column::share("hightech_share", "High-tech share", "the same as a share of manufactured exports; missing for a bloc").minor(),
    ],
    parameters: &[science::OPTION, FROM, TO],
};

pub(crate) const FROM: Parameter =
    Parameter { name: "from", accepts: Accepts::Count { default: 2006, most: 9999 }, description: "first year shown" };
pub(crate) const TO: Parameter = Parameter {
    name: "to",
    accepts: Accepts::Count { default: 2100, most: 9999 },
    description: "last year shown; the figures end earlier than the default",
};

/// Home and its partners year by year, home first.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let set = world.indicators(params.options.name(science::OPTION.name))?;
    let years = span(set, params)?;
    let gdp = Gdp::new(world, set)?;
    let economies: Vec<Economy> =
        [&params.home].into_iter().chain(&params.partners).map(|bloc| Economy::new(bloc, set, world)).collect();

    let mut rows = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    let mut of_tables = Vec::new();
    for &year in &years {
        let of_year: Vec<Line> =
            economies.iter().map(|economy| Line::new(economy, set, &gdp, year)).collect::<Result<_, Error>>()?;
        if gdp.of_table(year) && of_year.iter().any(|line| !line.rd_musd.is_nan()) {
            of_tables.push(year);
        }
        let known: Vec<f64> = of_year.iter().map(|line| line.rd_intensity).filter(|value| !value.is_nan()).collect();
        for (line, economy) in of_year.iter().zip(&economies) {
            let mut cells = row![year, &params.home.code, &economy.bloc.code, &economy.bloc.name];
            cells.extend(line.cells(&known));
            rows.push(cells);
        }
        lines.extend(of_year);
    }

    let mut finding = Finding::apart(&METHOD, params);
    gdp.sign(&mut finding, &of_tables)?;
    finding.evidence.sources.insert(0, set.title.clone());
    finding.evidence.inputs.insert(0, set.file.clone());
    notes(set, &gdp, &economies, &lines, &years).into_iter().for_each(|note| finding.note(note));
    rows.into_iter().for_each(|cells| finding.push(cells));
    Ok(finding)
}

/// Years of the set that are asked for.
fn span(set: &Indicators, params: &Params) -> Result<Vec<i32>, Error> {
    let year = |parameter: &Parameter| params.options.number(parameter.name);
    let (from, to) = (year(&FROM), year(&TO));
    if to < from {
        let expected = format!("a year not before {}, which is {from}", FROM.name);
        return Err(Error::Option { name: TO.name.into(), given: to.to_string(), expected });
    }
    let years: Vec<i32> = set.years().iter().copied().filter(|&y| (from..=to).contains(&f64::from(y))).collect();
    match (years.is_empty(), set.years()) {
        (false, _) => Ok(years),
        (true, [first, .., last]) => Err(Error::Unanswerable(format!(
            "'{}' has no figures of {from} to {to}: it has {first} to {last}",
            set.name
        ))),
        (true, _) => Err(Error::Unanswerable(format!("'{}' has no figures of {from} to {to}", set.name))),
    }
}

/// Home or a partner, as countries.
struct Economy<'a> {
    bloc: &'a Bloc,
    members: Vec<RegionCode>,
}

impl<'a> Economy<'a> {
    fn new(bloc: &'a Bloc, set: &Indicators, world: &World) -> Self {
        let mut members: Vec<RegionCode> = bloc.members.iter().chain(&bloc.absent).cloned().collect();
        // The rest of the world is no country, but has many.
        if members.iter().any(|code| code.as_str() == "ROW") {
            let held = |code: &&RegionCode| bloc.holds(code, world.classification());
            members = set.countries().iter().filter(held).cloned().collect();
        }
        Self { bloc, members }
    }

    /// The one country that it is.
    fn country(&self) -> Option<&RegionCode> {
        let [country] = self.members.as_slice() else { return None };
        Some(country)
    }

    /// What its members have together; not a number if one of them has no figure.
    fn sum(&self, of: impl Fn(&RegionCode) -> Option<f64>) -> f64 {
        let known: Option<Vec<f64>> = self.members.iter().map(of).collect();
        // From 0: a sum of nothing would be −0.
        known.filter(|values| !values.is_empty()).map_or(f64::NAN, |values| values.iter().fold(0.0, |a, b| a + b))
    }
}

/// Gross domestic product in million USD at exchange rates: that of the set if it has any, else the value added of the world's tables and of
/// those of its earlier edition.
struct Gdp<'a> {
    world: &'a World,
    earlier: Option<&'a World>,
    set: &'a Indicators,
    in_set: bool,
}

impl<'a> Gdp<'a> {
    fn new(world: &'a World, set: &'a Indicators) -> Result<Self, Error> {
        let any = |year: &i32| set.countries().iter().any(|code| set.value(Indicator::Gdp, code, *year).is_some());
        let in_set = set.years().iter().any(any);
        Ok(Self { world, earlier: world.earlier()?, set, in_set })
    }

    /// Worlds whose unit is the one that payments are in.
    fn editions(&self) -> impl Iterator<Item = &World> {
        let worlds = [Some(self.world), self.earlier].into_iter().flatten();
        worlds.filter(|world| !self.in_set && world.unit().is_musd())
    }

    /// The edition with a table of a year.
    fn edition(&self, year: i32) -> Option<&World> {
        self.editions().find(|world| world.years().contains(&year))
    }

    fn of_table(&self, year: i32) -> bool {
        self.edition(year).is_some()
    }

    fn of(&self, country: &RegionCode, year: i32) -> Result<Option<f64>, Error> {
        if self.in_set {
            return Ok(self.set.value(Indicator::Gdp, country, year).map(|usd| usd / 1e6));
        }
        let Some(world) = self.edition(year) else { return Ok(None) };
        let Ok(region) = world.classification().region(country.as_str()) else { return Ok(None) };
        Ok(Some(world.value_added_by_region(year)?[region]).filter(|value| *value > 0.0))
    }

    /// Writes into a finding's evidence whose tables of these years were used.
    fn sign(&self, finding: &mut Finding, years: &[i32]) -> Result<(), Error> {
        let mut worlds = Vec::new();
        for world in self.editions() {
            let own: Vec<i32> = years.iter().copied().filter(|year| world.years().contains(year)).collect();
            if own.is_empty() {
                continue;
            }
            let signature = world.signature(&own)?;
            worlds.push(world.manifest().name.clone());
            finding.evidence.sources.extend(signature.sources);
            finding.evidence.inputs.extend(signature.inputs);
            signature.notes.into_iter().for_each(|note| finding.note(note));
        }
        if !worlds.is_empty() {
            finding.evidence.parameters.insert(0, ("world".to_owned(), worlds.join(", ")));
        }
        Ok(())
    }
}

/// R&D in thousand PPP$, by who pays for it.
#[derive(Clone, Copy)]
struct Funding {
    total: f64,
    from: From,
    business: Option<f64>,
    government: Option<f64>,
    abroad: Option<f64>,
    estimated: bool,
}

/// What a total adds up; a sum of several is as good as the last of them here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum From {
    Sources,
    Kinds,
    Part,
}

impl From {
    fn word(self) -> &'static str {
        match self {
            From::Sources => "sources",
            From::Kinds => "kinds",
            From::Part => "part",
        }
    }
}

impl Funding {
    fn of(set: &Indicators, country: &RegionCode, year: i32) -> Option<Self> {
        use Indicator::*;
        let figure = |indicator| set.figure(indicator, country, year);
        let value = |indicator| figure(indicator).map(|f| f.value);
        let sources = [FromBusiness, FromGovernment, FromAbroad, FromHigherEducation, FromNonprofit, FromUnspecified];
        let kinds = [BasicResearch, AppliedResearch, Development, UnspecifiedKind];
        let stated = |of: &[Indicator]| of.iter().filter_map(|i| value(*i)).sum::<f64>();
        let complete = |of: &[Indicator]| of.iter().all(|i| figure(*i).is_some());
        let (by_source, by_kind) = (stated(&sources), stated(&kinds));
        // Kinds are stated for current costs alone by some, and then are less than what the stated sources pay; a hundredth of a
        // per cent is rounding.
        let (total, from, used) = if complete(&sources[..5]) {
            (by_source, From::Sources, &sources[..])
        } else if complete(&kinds[..3]) && by_kind >= by_source * (1.0 - 1e-4) {
            (by_kind.max(by_source), From::Kinds, &kinds[..])
        } else if complete(&sources[..3]) {
            (by_source, From::Part, &sources[..])
        } else {
            return None;
        };
        let estimated = used.iter().any(|i| figure(*i).is_some_and(|f| f.flag == Flag::Estimated));
        let (business, government, abroad) = (value(FromBusiness), value(FromGovernment), value(FromAbroad));
        (total > 0.0).then_some(Self { total, from, business, government, abroad, estimated })
    }
}

/// One economy in one year; what is missing is not a number.
struct Line {
    rd_intensity: f64,
    rd_musd: f64,
    payments: f64,
    receipts: f64,
    dependence: f64,
    payments_per_receipt: f64,
    rd_ppp: f64,
    rd_ppp_from: Option<From>,
    estimated: bool,
    dependence_ppp: f64,
    business_share: f64,
    government_share: f64,
    abroad_share: f64,
    patents_resident: f64,
    patents_nonresident: f64,
    researchers: f64,
    articles: f64,
    hightech_exports: f64,
    hightech_share: f64,
}

impl Line {
    fn new(economy: &Economy, set: &Indicators, gdp: &Gdp, year: i32) -> Result<Self, Error> {
        // What adds up, and what is said of one country only: members pay each other and apply for patents with each other, which
        // is not from abroad for all of them, and of a share per head there is no sum.
        let sum = |indicator| economy.sum(|code| set.value(indicator, code, year));
        let single =
            |indicator| economy.country().and_then(|code| set.value(indicator, code, year)).unwrap_or(f64::NAN);
        let alone = economy.country().map_or(f64::NAN, |_| 1.0);

        let mut amounts = Vec::new();
        for code in &economy.members {
            let intensity = set.value(Indicator::RdIntensity, code, year);
            amounts.push(match intensity {
                Some(percent) => gdp.of(code, year)?.map(|gdp| percent / 100.0 * gdp),
                None => None,
            });
        }
        let rd_musd = match amounts.into_iter().collect::<Option<Vec<f64>>>() {
            Some(amounts) if !amounts.is_empty() => amounts.iter().sum(),
            _ => f64::NAN,
        };

        let funding: Option<Vec<Funding>> = economy.members.iter().map(|code| Funding::of(set, code, year)).collect();
        let funding = funding.filter(|all| !all.is_empty());
        let total = funding.as_ref().map_or(f64::NAN, |all| all.iter().map(|f| f.total).sum());
        let share = |of: fn(&Funding) -> Option<f64>| {
            let paid: Option<f64> = funding.as_ref().and_then(|all| all.iter().map(of).sum());
            paid.map_or(f64::NAN, |paid| paid / total)
        };

        let (payments, receipts) = (sum(Indicator::Payments) / 1e6, sum(Indicator::Receipts) / 1e6);
        // Repayments can exceed payments: no share is to be had of that.
        let paid = if payments >= 0.0 { alone * payments } else { f64::NAN };
        let rd_ppp = total / 1e3;
        Ok(Self {
            rd_intensity: single(Indicator::RdIntensity) / 100.0,
            rd_musd,
            payments,
            receipts,
            dependence: paid / (rd_musd + paid),
            payments_per_receipt: if receipts > 0.0 { paid / receipts } else { f64::NAN },
            rd_ppp,
            rd_ppp_from: funding.as_ref().and_then(|all| all.iter().map(|f| f.from).max()),
            estimated: funding.as_ref().is_some_and(|all| all.iter().any(|f| f.estimated)),
            dependence_ppp: paid / (rd_ppp + paid),
            business_share: share(|f| f.business),
            government_share: share(|f| f.government),
            abroad_share: alone * share(|f| f.abroad),
            patents_resident: sum(Indicator::PatentsResident),
            patents_nonresident: single(Indicator::PatentsNonresident),
            researchers: single(Indicator::Researchers),
            articles: sum(Indicator::Articles),
            hightech_exports: sum(Indicator::HighTech) / 1e6,
            hightech_share: single(Indicator::HighTechShare) / 100.0,
        })
    }

    /// The row's results; `known` are the R&D intensities of its year.
    fn cells(&self, known: &[f64]) -> Vec<Cell> {
        let rank = match self.rd_intensity.is_nan() {
            true => Cell::Missing,
            false => Cell::from(1 + known.iter().filter(|other| **other > self.rd_intensity).count()),
        };
        let applications = self.patents_resident + self.patents_nonresident;
        row![
            self.rd_intensity,
            rank,
            known.len(),
            self.dependence,
            self.rd_musd,
            self.payments,
            self.receipts,
            self.receipts - self.payments,
            self.payments_per_receipt,
            self.rd_ppp,
            self.rd_ppp_from.map_or(Cell::Missing, |from| Cell::from(from.word())),
            self.dependence_ppp,
            self.business_share,
            self.government_share,
            self.abroad_share,
            self.patents_resident,
            self.patents_nonresident,
            self.patents_nonresident / applications,
            self.researchers,
            self.articles,
            self.hightech_exports,
            self.hightech_share,
        ]
    }
}

/// What a reader must know to use the numbers rightly.
fn notes(set: &Indicators, gdp: &Gdp, economies: &[Economy], lines: &[Line], years: &[i32]) -> Vec<String> {
    let mut notes = Vec::new();
    let any = |of: fn(&Line) -> f64| lines.iter().any(|line| !of(line).is_nan());
    if gdp.in_set {
        notes.push("R&D in USD is its share of GDP times the set's GDP".to_owned());
    } else if any(|line| line.rd_musd) {
        notes.push(
            "R&D in USD is its share of GDP times the table's output less inputs, which lacks taxes on final products: dependence is rather too high"
                .to_owned(),
        );
    } else if gdp.editions().next().is_none() {
        notes.push("no dependence: the world's table is not in million USD, and the set has no GDP".to_owned());
    } else {
        notes.push(
            "no dependence: it needs GDP in USD, and neither the world's table nor the set has it for these years and regions"
                .to_owned(),
        );
    }
    if any(|line| line.dependence_ppp) {
        notes.push(
            "dependence_ppp mixes payments in USD at exchange rates with R&D in PPP$: not to be compared between countries"
                .to_owned(),
        );
    }
    let estimates = lines.iter().filter(|line| line.estimated).count();
    if estimates > 0 {
        notes.push(format!("{estimates} amounts of R&D in PPP$ rest on estimates"));
    }
    let last = set
        .years()
        .iter()
        .rev()
        .find(|year| set.countries().iter().any(|code| set.value(Indicator::RdIntensity, code, **year).is_some()));
    if let Some(last) = last {
        notes.push(format!("the set's last R&D intensities are of {last}"));
    }
    for economy in economies {
        let has = |code: &RegionCode| set.countries().binary_search(code).is_ok();
        let without: Vec<&str> = economy.members.iter().filter(|code| !has(code)).map(|code| code.as_str()).collect();
        if !without.is_empty() {
            notes.push(format!("no figures of {}", without.join(", ")));
        }
        if economy.country().is_none() {
            notes.push(format!(
                "{}: sums of {} countries, missing where one has no figure; payments, receipts and high-tech exports count those between members; what has no sum is missing",
                economy.bloc.code,
                economy.members.len()
            ));
            notes.extend(lacking(set, economy, years));
        }
    }
    notes
}

/// Members for want of whom a bloc has no sum of payments or of patents in some year; nothing where they are too many to read.
fn lacking(set: &Indicators, economy: &Economy, years: &[i32]) -> Vec<String> {
    let of = |(what, indicator): (&str, Indicator)| {
        let lacks = |code: &&RegionCode| {
            // Years in which nobody has the figure say nothing of a member.
            let known = |year: i32| economy.members.iter().any(|other| set.value(indicator, other, year).is_some());
            years.iter().any(|&year| known(year) && set.value(indicator, code, year).is_none())
        };
        let without: Vec<&str> = economy.members.iter().filter(lacks).map(|code| code.as_str()).collect();
        (1..=8)
            .contains(&without.len())
            .then(|| format!("{}: {what} of some years are lacking for {}", economy.bloc.code, without.join(", ")))
    };
    [("payments", Indicator::Payments), ("patents", Indicator::PatentsResident)].into_iter().filter_map(of).collect()
}
