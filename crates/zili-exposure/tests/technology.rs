//! Technology dependence: published figures, a second computation from the sources' own files, closed forms, and what must hold of any
//! indicators.

use proptest::prelude::*;
use zili_exposure::technology::{METHOD, run};
use zili_testkit::{YEAR, column};
use zili_world::science::{self, Indicator, Indicators};
use zili_world::{Bloc, Error, Finding, Matrix, Options, Params, RegionCode, ValueAdded, World};

fn bloc(world: &World, codes: &str) -> Bloc {
    let members: Vec<RegionCode> = codes.split('+').map(RegionCode::new).collect();
    let (members, absent) = members.into_iter().partition(|code| world.classification().region(code.as_str()).is_ok());
    Bloc { code: codes.to_owned(), name: codes.to_owned(), members, absent }
}

fn ask(world: &World, home: &str, partners: &[&str], options: &[(&str, &str)]) -> Result<Finding, Error> {
    run(
        world,
        &Params {
            home: bloc(world, home),
            partners: partners.iter().map(|codes| bloc(world, codes)).collect(),
            year: 2011,
            value_added: ValueAdded::Residual,
            options: Options::parse(&METHOD, options.iter().copied()).expect("options"),
        },
    )
}

/// All years of some economies, from the bundled data.
fn bundled(economies: &[&str]) -> Finding {
    let world = World::bundled("wiod2013").expect("the bundled world");
    ask(&world, economies[0], &economies[1..], &[("from", "1996")]).expect("a finding")
}

fn row(finding: &Finding, region: &str, year: i32) -> usize {
    let (r, y) = (finding.column("region").expect("a column"), finding.column("year").expect("a column"));
    let fits = |row: &Vec<zili_world::Cell>| row[r].text() == region && row[y].number() == Some(f64::from(year));
    finding.rows.iter().position(fits).unwrap_or_else(|| panic!("{region} {year}: no row"))
}

fn value(finding: &Finding, region: &str, year: i32, name: &str) -> f64 {
    column(finding, name)[row(finding, region, year)]
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} against {expected}");
}

/// OECD, Main Science and Technology Indicators, as reported in Nature (news of 7 February 2017) for 2015, in per cent of GDP. The
/// edition here is four years younger: GDP was revised since, by at most a few thousandths.
#[test]
fn research_intensities_of_2015_that_the_oecd_published() {
    let finding = bundled(&["ISR", "KOR", "CHN"]);
    for (region, percent) in [("ISR", 4.25), ("KOR", 4.23), ("CHN", 2.07)] {
        near(100.0 * value(&finding, region, 2015, "rd_intensity"), percent, 0.015, region);
    }
    // Israel edged out Korea.
    assert_eq!(["ISR", "KOR", "CHN"].map(|region| value(&finding, region, 2015, "rd_rank")), [1.0, 2.0, 3.0]);
    // World Bank, series GB.XPD.RSDV.GD.ZS in the edition of 2021, rounded as published.
    for (region, percent) in [("ISR", 4.95), ("KOR", 4.81), ("CHN", 2.19)] {
        near(100.0 * value(&finding, region, 2018, "rd_intensity"), percent, 0.005, region);
    }
}

/// National Science Board, Science and Engineering Indicators 2018, table 4-5: 408.8 and 170.0 billion PPP$ in 2015. Kept to half a
/// per cent: parities are revised from year to year.
#[test]
fn amounts_of_research_of_2015_in_the_science_and_engineering_indicators() {
    let finding = bundled(&["CHN", "JPN"]);
    for (region, billion, from) in [("CHN", 408.8, "kinds"), ("JPN", 170.0, "sources")] {
        near(value(&finding, region, 2015, "rd_ppp") / 1e3, billion, 0.005 * billion, region);
        assert_eq!(finding.rows[row(&finding, region, 2015)][finding.column("rd_ppp_from").expect("one")].text(), from);
    }
    // Who paid for China's R&D in 2011, per cent, as its statistical yearbook and the OECD have it: sources alone would give 76.3.
    for (name, percent) in [("business_share", 73.9), ("government_share", 21.7), ("abroad_share", 1.3)] {
        near(100.0 * value(&finding, "CHN", 2011, name), percent, 0.05, name);
    }
}

/// WIPO, World Intellectual Property Indicators 2018: applications of 2017 at the largest offices.
#[test]
fn patent_applications_of_2017_that_wipo_published() {
    let finding = bundled(&["USA", "KOR", "JPN", "CHN"]);
    // Japan's were revised by two, China's are published as 1.38 million.
    for (region, applications, tolerance) in
        [("USA", 606_956.0, 0.0), ("KOR", 204_775.0, 0.0), ("JPN", 318_479.0, 2.0), ("CHN", 1_380_000.0, 5_000.0)]
    {
        let of = |name| value(&finding, region, 2017, name);
        near(of("patents_resident") + of("patents_nonresident"), applications, tolerance, region);
        near(of("nonresident_share") * applications, of("patents_nonresident"), 0.005 * applications, region);
    }
}

/// Computed with pandas 3.0 from the World Bank's and UNESCO's own files and from the flows of the bundled tables, apart from zili and
/// from the file that ships with it. That file has eight digits: half a unit of the eighth is 5e-8 of a figure.
#[test]
fn a_second_computation_from_the_sources_own_files() {
    let finding = bundled(&["CHN", "USA", "DEU", "KOR", "JPN", "ISL"]);
    for (region, year, name, expected) in [
        ("CHN", 2005, "rd_musd", 29_954.572),
        ("CHN", 2005, "dependence", 0.1508470368),
        ("CHN", 2005, "payments_per_receipt", 33.80682015),
        ("CHN", 2011, "dependence", 0.1005738469),
        ("CHN", 2011, "payments_per_receipt", 19.78484474),
        ("CHN", 2011, "rd_ppp", 247_808.303),
        ("CHN", 2011, "dependence_ppp", 0.05602020),
        ("USA", 1996, "dependence", 0.0390275734),
        ("USA", 2011, "dependence", 0.0727884001),
        ("USA", 2011, "rd_ppp", 429_793.0),
        ("USA", 2011, "dependence_ppp", 0.07112955),
        ("DEU", 1996, "dependence", 0.0866190759),
        ("DEU", 2011, "rd_musd", 97_529.677),
        ("DEU", 2011, "payments_per_receipt", 0.69052809),
        ("DEU", 2014, "rd_ppp", 110_170.028),
        ("KOR", 1996, "payments_per_receipt", 13.72093023),
        ("KOR", 2011, "dependence", 0.1543647939),
        ("KOR", 2015, "dependence_ppp", 0.11932442),
        ("JPN", 2015, "dependence_ppp", 0.09103337),
        ("ISL", 2013, "rd_ppp", 243.554),
        ("CHN", 2019, "nonresident_share", 0.11215633190329423),
        ("JPN", 2017, "nonresident_share", 0.18270791664180908),
    ] {
        // Amounts were written down with three digits after the point.
        near(value(&finding, region, year, name), expected, 1e-7 * expected + 5e-4 * f64::from(expected > 100.0), name);
    }
    let text =
        |region, year| finding.rows[row(&finding, region, year)][finding.column("rd_ppp_from").expect("one")].text();
    assert_eq!((text("USA", 2011), text("CHN", 2011), text("DEU", 2014)), ("sources", "kinds", "part"));
    // China's receipts of 1996 are in no file, and later years are in no table.
    assert!(value(&finding, "CHN", 1996, "payments_per_receipt").is_nan());
    assert!(value(&finding, "CHN", 2012, "dependence").is_nan() && value(&finding, "CHN", 2012, "payments") > 0.0);
}

/// A PPP$ is a USD for the United States: R&D at exchange rates and in PPP$ are one amount, but for what value added lacks of GDP.
#[test]
fn the_two_amounts_of_research_agree_for_the_united_states() {
    let finding = bundled(&["USA", "CHN"]);
    let mut compared = 0;
    for year in 1996..=2011 {
        let ratio = |region| value(&finding, region, year, "rd_musd") / value(&finding, region, year, "rd_ppp");
        // What abroad pays is stated from 2009 on.
        if !ratio("USA").is_nan() {
            assert!((0.94..=1.02).contains(&ratio("USA")), "{year}: {}", ratio("USA"));
            compared += 1;
        }
        // Where prices are lower an amount is larger in PPP$.
        assert!(ratio("CHN").is_nan() || ratio("CHN") < 0.6, "{year}: {}", ratio("CHN"));
    }
    assert_eq!(compared, 3);
}

/// Sums of 27 members by pandas; Cyprus has no payments, Ireland no patents.
#[test]
fn a_bloc_has_sums_where_every_member_has_a_figure() {
    let members =
        "AUT+BEL+BGR+HRV+CYP+CZE+DNK+EST+FIN+FRA+DEU+GRC+HUN+IRL+ITA+LVA+LTU+LUX+MLT+NLD+POL+PRT+ROU+SVK+SVN+ESP+SWE";
    let finding = bundled(&[members, "FRA+ITA+ESP", "USA", "TWN"]);
    near(value(&finding, members, 2018, "articles"), 524_444.25, 0.05, "articles");
    near(value(&finding, members, 2018, "hightech_exports"), 684_598.006746, 1e-4, "exports");
    for name in ["payments", "receipts", "balance", "patents_resident"] {
        assert!(value(&finding, members, 2010, name).is_nan(), "{name}");
    }
    // Croatia is in no table: no GDP.
    assert!(value(&finding, members, 2011, "rd_musd").is_nan());
    near(value(&finding, "FRA+ITA+ESP", 2011, "rd_musd"), 103_235.304_625_1, 1e-2, "R&D");
    near(value(&finding, "FRA+ITA+ESP", 2011, "patents_resident"), 26_879.0, 0.0, "patents");
    for name in
        ["rd_intensity", "dependence", "dependence_ppp", "payments_per_receipt", "nonresident_share", "researchers"]
    {
        assert!(value(&finding, "FRA+ITA+ESP", 2011, name).is_nan(), "{name}: no average nobody asked for");
        assert!(!value(&finding, "USA", 2011, name).is_nan(), "{name}");
    }
    let said = finding.evidence.notes.join("\n");
    assert!(said.contains("FRA+ITA+ESP: sums of 3 countries") && said.contains("no figures of TWN"), "{said}");
    assert!(said.contains("mixes payments in USD"), "{said}");
    assert!(said.contains(": payments of some years are lacking for"), "{said}");
}

#[test]
fn a_finding_names_the_tables_that_gave_gdp() {
    let world = World::bundled("wiod2013").expect("the bundled world");
    let of = |from, to| ask(&world, "CHN", &["USA"], &[("from", from), ("to", to)]).expect("a finding").evidence;
    let evidence = of("2010", "2012");
    let files: Vec<&str> = evidence.inputs.iter().map(|input| input.file.as_str()).collect();
    assert_eq!(files[0], "science-technology/wdi-2021.csv");
    assert!(files.contains(&"2010/flows.parquet") && files.contains(&"2011/flows.parquet"), "{files:?}");
    assert!(evidence.sources[0].starts_with("World Bank") && evidence.sources.len() > 1);
    // Without a table of these years none is named.
    let evidence = of("2015", "2016");
    assert_eq!((evidence.inputs.len(), evidence.sources.len()), (1, 1));
    assert!(evidence.notes.iter().any(|note| note.starts_with("no dependence")), "{:?}", evidence.notes);
}

#[test]
fn what_cannot_be_answered_says_what_could_be() {
    let world = World::bundled("wiod2013").expect("the bundled world");
    let refusal = |options: &[(&str, &str)]| ask(&world, "CHN", &[], options).expect_err("a refusal").to_string();
    assert!(refusal(&[("from", "2015"), ("to", "2014")]).contains("not before from, which is 2015"));
    assert!(refusal(&[("from", "2050")]).contains("it has 1996 to 2020"));
    let said = refusal(&[("indicators", "wdi-2020")]);
    assert!(said.contains("set of indicators 'wdi-2020'") && said.contains("did you mean 'wdi-2021'?"), "{said}");
}

/// A world of four regions, whose value added in the table's year is 400 each, with indicators of a set.
fn world(text: &str) -> World {
    let regions = ["AAA", "BBB", "CCC", "DDD"].map(str::to_owned);
    let mut y = Matrix::zeros(4, 4);
    (0..4).for_each(|r| y[(r, r)] = 400.0);
    zili_testkit::world(&regions, &["S".to_owned()], 1, Matrix::zeros(4, 4), y).with_indicators(set(text))
}

fn set(text: &str) -> Indicators {
    science::read(&format!("# test\n{}\n{text}", science::HEADER.join(",")), "test.csv", "test").expect("sound")
}

const OPTIONS: [(&str, &str); 2] = [("indicators", "test"), ("from", "1")];

#[test]
fn by_hand() {
    // 2.5 % of 400 million USD is 10 million; 30 million are paid.
    let text =
        "AAA,GB.XPD.RSDV.GD.ZS,2000,2.5,\nAAA,BM.GSR.ROYL.CD,2000,30000000,\nAAA,BX.GSR.ROYL.CD,2000,60000000,\n";
    let of =
        |text: &str, name| value(&ask(&world(text), "AAA", &["BBB"], &OPTIONS).expect("a finding"), "AAA", 2000, name);
    assert_eq!((of(text, "rd_musd"), of(text, "dependence")), (10.0, 0.75));
    assert_eq!((of(text, "payments_per_receipt"), of(text, "balance")), (0.5, 30.0));
    // A set with GDP of its own: 2.5 % of 80 billion USD.
    let with_gdp = format!("{text}AAA,NY.GDP.MKTP.CD,2000,80000000000,\n");
    assert_eq!((of(&with_gdp, "rd_musd"), of(&with_gdp, "dependence")), (2000.0, 30.0 / 2030.0));
    // Repayments have no share; nothing received has no ratio.
    let repaid = text.replace(",30000000,", ",-1,").replace(",60000000,", ",0,");
    for name in ["dependence", "dependence_ppp", "payments_per_receipt"] {
        assert!(of(&repaid, name).is_nan(), "{name}");
    }
    // Of 10 million PPP$ sources state 8, of which business 6 and government 2; kinds are stated in full.
    let stated = "AAA,EXPPPP_CUR_SF_BUSENTFS,2000,6000,\nAAA,EXPPPP_CUR_SF_GOVFS,2000,2000,\nAAA,EXPPPP_CUR_TA_BARES,2000,1000,\n\
                  AAA,EXPPPP_CUR_TA_APPRES,2000,2000,\nAAA,EXPPPP_CUR_TA_EXPDEV,2000,7000,estimated\n";
    let text = format!("{text}{stated}");
    assert_eq!((of(&text, "rd_ppp"), of(&text, "dependence_ppp"), of(&text, "business_share")), (10.0, 0.75, 0.6));
    assert!(of(&text, "abroad_share").is_nan());
    // Without kinds nothing is known of the total, unless what abroad pays is stated too, be it nothing.
    let sources: String = stated.lines().take(2).map(|line| format!("{line}\n")).collect();
    assert!(of(&sources, "rd_ppp").is_nan() && of(&sources, "business_share").is_nan());
    let nil = format!("{sources}AAA,EXPPPP_CUR_SF_FUNABFS,2000,0,nil\n");
    assert_eq!((of(&nil, "rd_ppp"), of(&nil, "business_share"), of(&nil, "abroad_share")), (8.0, 0.75, 0.0));
}

/// Some figures of four countries, each there or not.
fn figures() -> impl Strategy<Value = Vec<(usize, usize, Option<f64>)>> {
    let amounts = prop::collection::vec(prop::option::weighted(0.8, 0.0..99.0f64), 4 * Indicator::CODES.len());
    amounts.prop_map(|amounts| {
        let n = Indicator::CODES.len();
        amounts.into_iter().enumerate().map(|(k, amount)| (k / n, k % n, amount)).collect()
    })
}

const REGIONS: [&str; 4] = ["AAA", "BBB", "CCC", "DDD"];

fn written(figures: &[(usize, usize, Option<f64>)], scaled: impl Fn(Indicator) -> f64) -> String {
    let line = |&(country, of, amount): &(usize, usize, Option<f64>)| {
        let (code, indicator) = Indicator::CODES[of];
        Some(format!("{},{code},{YEAR},{},\n", REGIONS[country], amount? * scaled(indicator)))
    };
    figures.iter().filter_map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn shares_are_shares_and_nothing_is_made_of_what_is_missing(figures in figures()) {
        let set = set(&written(&figures, |_| 1.0));
        let finding = ask(&world(&written(&figures, |_| 1.0)), "AAA", &REGIONS[1..], &OPTIONS);
        // A set without any figure has no years.
        prop_assume!(!set.is_empty());
        let finding = finding.expect("a finding");
        for region in REGIONS {
            let of = |name| value(&finding, region, YEAR, name);
            let has = |indicator| set.value(indicator, &region.into(), YEAR).is_some();
            for name in ["dependence", "dependence_ppp", "nonresident_share", "rd_intensity", "business_share", "abroad_share"] {
                prop_assert!(of(name).is_nan() || (0.0..=1.0 + 1e-12).contains(&of(name)), "{name} {}", of(name));
            }
            let shares = of("business_share") + of("government_share") + of("abroad_share");
            prop_assert!(shares.is_nan() || shares <= 1.0 + 1e-12);
            // Without any GDP in the set it is the table's, which every region has.
            let gdp = has(Indicator::Gdp) || !REGIONS.iter().any(|r| set.value(Indicator::Gdp, &(*r).into(), YEAR).is_some());
            let known = gdp && has(Indicator::RdIntensity) && has(Indicator::Payments);
            prop_assert_eq!(!of("dependence").is_nan(), known);
            prop_assert!(has(Indicator::Payments) || of("payments").is_nan() && of("balance").is_nan());
            prop_assert!(has(Indicator::PatentsResident) || of("nonresident_share").is_nan());
        }
    }

    /// One unit for both, whichever it is: payments and GDP in another currency give the same share.
    #[test]
    fn dependence_does_not_hang_on_the_currency(figures in figures(), rate in 0.01..100.0f64) {
        let money = |indicator| if matches!(indicator, Indicator::Gdp | Indicator::Payments | Indicator::Receipts) { rate } else { 1.0 };
        let of = |text: String| ask(&world(&text), "AAA", &REGIONS[1..], &OPTIONS);
        // Without GDP in the set it is that of the table, which keeps its unit.
        prop_assume!(figures.iter().any(|f| f.1 == 0 && f.2.is_some()));
        let (one, other) = (of(written(&figures, |_| 1.0)).expect("one"), of(written(&figures, money)).expect("two"));
        for name in ["dependence", "payments_per_receipt", "rd_intensity"] {
            for (a, b) in column(&one, name).into_iter().zip(column(&other, name)) {
                prop_assert!(a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-12 * a.abs().max(1.0), "{name}: {a} {b}");
            }
        }
    }

    #[test]
    fn who_pays_more_depends_no_less(figures in figures(), factor in 1.0..10.0f64) {
        prop_assume!(figures.iter().any(|f| f.2.is_some()));
        let more = |indicator| if indicator == Indicator::Payments { factor } else { 1.0 };
        let of = |text: String| ask(&world(&text), "AAA", &REGIONS[1..], &OPTIONS).expect("a finding");
        let (less, more) = (of(written(&figures, |_| 1.0)), of(written(&figures, more)));
        for name in ["dependence", "dependence_ppp", "payments_per_receipt"] {
            for (a, b) in column(&less, name).into_iter().zip(column(&more, name)) {
                prop_assert!(a.is_nan() && b.is_nan() || a <= b + 1e-12, "{name}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_bloc_is_the_sum_of_its_members_and_the_order_of_partners_is_nothing(figures in figures()) {
        prop_assume!(figures.iter().any(|f| f.2.is_some()));
        let world = world(&written(&figures, |_| 1.0));
        let finding = ask(&world, "AAA+BBB+CCC", &["AAA", "BBB", "CCC"], &OPTIONS).expect("a finding");
        let sums = ["payments", "receipts", "balance", "rd_musd", "rd_ppp", "patents_resident", "articles", "hightech_exports"];
        for name in sums {
            let values = column(&finding, name);
            let sum: f64 = values[1..].iter().sum();
            prop_assert!(values[0].is_nan() && sum.is_nan() || (values[0] - sum).abs() <= 1e-9, "{name}: {values:?}");
        }
        let turned = ask(&world, "AAA+BBB+CCC", &["CCC", "BBB", "AAA"], &OPTIONS).expect("a finding");
        for region in ["AAA", "BBB", "CCC"] {
            prop_assert_eq!(&finding.rows[row(&finding, region, YEAR)], &turned.rows[row(&turned, region, YEAR)]);
        }
    }
}
