//! Indicators of science and technology by country and year: what is spent on research, paid for technology, patented and published.
//!
//! A figure that is not published is none; it is never taken for zero. Figures stand in their publisher's unit.

use crate::finding::Input;
use crate::method::{Accepts, Parameter};
use crate::store::sha256;
use crate::{Error, RegionCode, label};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The set that ships with zili, and its file.
pub const BUNDLED_NAME: &str = "wdi-2021";
const BUNDLED_FILE: &str = "science-technology/wdi-2021.csv";
static BUNDLED: &str = include_str!("../../../data/science-technology/wdi-2021.csv");

/// The option by which a method of indicators is told which set.
pub const OPTION: Parameter = Parameter {
    name: "indicators",
    accepts: Accepts::Name { default: BUNDLED_NAME },
    description: "which set of indicators: the one that ships with zili, or one of the store",
};

/// Header of a set's file.
pub const HEADER: [&str; 5] = ["iso3", "indicator", "year", "value", "flag"];

/// What is measured, by the code of its publisher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Indicator {
    /// Gross domestic product, current USD. Not in the bundled set; with it R&D can be had in USD for every year.
    Gdp,
    /// Gross domestic expenditure on R&D, % of GDP.
    RdIntensity,
    /// Charges for the use of intellectual property: paid to other countries, current USD.
    Payments,
    /// The same, received from them.
    Receipts,
    PatentsResident,
    PatentsNonresident,
    /// Researchers per million people.
    Researchers,
    Articles,
    /// High-technology exports, current USD.
    HighTech,
    /// The same, % of manufactured exports.
    HighTechShare,
    /// R&D by who pays for it, thousand current PPP$.
    FromBusiness,
    FromGovernment,
    FromHigherEducation,
    FromNonprofit,
    FromAbroad,
    FromUnspecified,
    /// R&D by kind, thousand current PPP$.
    BasicResearch,
    AppliedResearch,
    Development,
    UnspecifiedKind,
}

impl Indicator {
    /// Every indicator with its code.
    pub const CODES: [(&str, Indicator); 20] = [
        ("NY.GDP.MKTP.CD", Indicator::Gdp),
        ("GB.XPD.RSDV.GD.ZS", Indicator::RdIntensity),
        ("BM.GSR.ROYL.CD", Indicator::Payments),
        ("BX.GSR.ROYL.CD", Indicator::Receipts),
        ("IP.PAT.RESD", Indicator::PatentsResident),
        ("IP.PAT.NRES", Indicator::PatentsNonresident),
        ("SP.POP.SCIE.RD.P6", Indicator::Researchers),
        ("IP.JRN.ARTC.SC", Indicator::Articles),
        ("TX.VAL.TECH.CD", Indicator::HighTech),
        ("TX.VAL.TECH.MF.ZS", Indicator::HighTechShare),
        ("EXPPPP_CUR_SF_BUSENTFS", Indicator::FromBusiness),
        ("EXPPPP_CUR_SF_GOVFS", Indicator::FromGovernment),
        ("EXPPPP_CUR_SF_HIEDUFS", Indicator::FromHigherEducation),
        ("EXPPPP_CUR_SF_PRNPFS", Indicator::FromNonprofit),
        ("EXPPPP_CUR_SF_FUNABFS", Indicator::FromAbroad),
        ("EXPPPP_CUR_SF_FSNS", Indicator::FromUnspecified),
        ("EXPPPP_CUR_TA_BARES", Indicator::BasicResearch),
        ("EXPPPP_CUR_TA_APPRES", Indicator::AppliedResearch),
        ("EXPPPP_CUR_TA_EXPDEV", Indicator::Development),
        ("EXPPPP_CUR_TA_ACTNS", Indicator::UnspecifiedKind),
    ];

    pub fn by_code(code: &str) -> Option<Indicator> {
        Self::CODES.iter().find(|(c, _)| *c == code).map(|(_, indicator)| *indicator)
    }

    /// Says what a value would have to be, if it cannot be one of this indicator.
    pub fn refuses(self, value: f64) -> Option<&'static str> {
        use Indicator::{HighTechShare, Payments, RdIntensity, Receipts};
        match self {
            _ if !value.is_finite() => Some("a finite number"),
            // Repayments and corrections can exceed what is paid in a year.
            Payments | Receipts => None,
            RdIntensity | HighTechShare if !(0.0..=100.0).contains(&value) => Some("per cent from 0 to 100"),
            _ if value < 0.0 => Some("a number from 0 on"),
            _ => None,
        }
    }
}

/// How a figure is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    Reported,
    Estimated,
    /// Nil, negligible or not applicable: known to add nothing.
    Nil,
}

impl Flag {
    /// Words of the file.
    const WORDS: [(&str, Flag); 3] = [("", Flag::Reported), ("estimated", Flag::Estimated), ("nil", Flag::Nil)];
}

/// What is known of one indicator of one country in one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// In the publisher's unit.
    pub value: f64,
    pub flag: Flag,
}

/// A set of indicators.
#[derive(Clone, Debug)]
pub struct Indicators {
    /// As asked for.
    pub name: String,
    /// Whose figures, of which edition.
    pub title: String,
    /// The file, with its checksum.
    pub file: Input,
    figures: HashMap<(Indicator, i32), HashMap<RegionCode, Figure>>,
    /// Countries with a figure, sorted.
    countries: Vec<RegionCode>,
    /// Years with a figure, ascending.
    years: Vec<i32>,
}

impl Indicators {
    pub fn figure(&self, indicator: Indicator, country: &RegionCode, year: i32) -> Option<Figure> {
        self.figures.get(&(indicator, year))?.get(country).copied()
    }

    /// A figure's value, in the publisher's unit.
    pub fn value(&self, indicator: Indicator, country: &RegionCode, year: i32) -> Option<f64> {
        self.figure(indicator, country, year).map(|figure| figure.value)
    }

    pub fn countries(&self) -> &[RegionCode] {
        &self.countries
    }

    pub fn years(&self) -> &[i32] {
        &self.years
    }

    /// Number of figures.
    pub fn len(&self) -> usize {
        self.figures.values().map(HashMap::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }
}

/// The indicators that ship with zili.
pub fn bundled() -> Result<&'static Indicators, Error> {
    static INDICATORS: LazyLock<Result<Indicators, String>> =
        LazyLock::new(|| read(BUNDLED, BUNDLED_FILE, BUNDLED_NAME).map_err(|refusal| refusal.to_string()));
    INDICATORS.as_ref().map_err(|refusal| Error::Unanswerable(refusal.clone()))
}

/// Reads a set in the layout of `data/science-technology/wdi-2021.csv`: a title after `#`, a header, a figure a line. Refuses, with its
/// line, what does not fit.
pub fn read(text: &str, file: &str, name: &str) -> Result<Indicators, Error> {
    label::check_file(text, file)?;
    let mut lines = text.lines().enumerate().map(|(k, line)| (k + 1, line));
    let title = lines.next().and_then(|(_, line)| line.strip_prefix('#'));
    let title = title.ok_or_else(|| Error::store(file, "line 1: '# ' and whose figures these are must stand here"))?;
    if lines.next().is_none_or(|(_, line)| line != HEADER.join(",")) {
        return Err(Error::store(file, format!("line 2: the header must read {}", HEADER.join(","))));
    }
    let mut figures: HashMap<(Indicator, i32), HashMap<RegionCode, Figure>> = HashMap::new();
    let (mut countries, mut years) = (Vec::new(), Vec::new());
    for (line, row) in lines {
        let refused = |reason: String| Error::store(file, format!("line {line}: {reason}"));
        let cells: Vec<&str> = row.split(',').collect();
        let &[country, code, year, value, flag] = cells.as_slice() else {
            return Err(refused(format!("{} cells in place of {}", cells.len(), HEADER.len())));
        };
        if country.len() != 3 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(refused(format!("'{country}' is not a code of three capital letters")));
        }
        let indicator = Indicator::by_code(code).ok_or_else(|| {
            let codes: Vec<&str> = Indicator::CODES.iter().map(|(code, _)| *code).collect();
            refused(format!("unknown indicator '{code}' (accepted: {})", codes.join(", ")))
        })?;
        let year: i32 = (year.len() == 4)
            .then(|| year.parse().ok())
            .flatten()
            .filter(|y| *y >= 1000)
            .ok_or_else(|| refused(format!("'{year}' is not a year of four digits")))?;
        let flag = Flag::WORDS
            .iter()
            .find(|(word, _)| *word == flag)
            .map(|(_, flag)| *flag)
            .ok_or_else(|| refused(format!("unknown flag '{flag}' (accepted: nothing, estimated, nil)")))?;
        let number: f64 = value.parse().map_err(|_| refused(format!("'{value}' is not a number")))?;
        if let Some(wanted) = indicator.refuses(number) {
            return Err(refused(format!("{code} of {country} is {value}, not {wanted}")));
        }
        if flag == Flag::Nil && number != 0.0 {
            return Err(refused(format!("{code} of {country} is called nil and is {value}")));
        }
        let country = RegionCode::new(country);
        let of_year = figures.entry((indicator, year)).or_default();
        if of_year.insert(country.clone(), Figure { value: number, flag }).is_some() {
            return Err(refused(format!("{code} of {country} in {year} is given twice")));
        }
        countries.push(country);
        years.push(year);
    }
    countries.sort();
    countries.dedup();
    years.sort_unstable();
    years.dedup();
    Ok(Indicators {
        name: name.to_owned(),
        title: title.trim().to_owned(),
        file: Input { file: file.to_owned(), sha256: sha256(text.as_bytes()) },
        figures,
        countries,
        years,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "# whose\niso3,indicator,year,value,flag\n";

    #[test]
    fn the_bundled_file_is_sound() {
        let indicators = bundled().unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(indicators.len(), BUNDLED.lines().count() - 2);
        assert_eq!(indicators.years().first(), Some(&1996));
        assert!(indicators.title.starts_with("World Bank"));
    }

    #[test]
    fn the_bundled_file_is_the_one_that_the_sources_name() {
        let file = &bundled().expect("sound").file;
        let sources = include_str!("../../../data/SOURCES.md");
        let row = sources.lines().find(|line| line.contains(&format!("`{}`", file.file)));
        assert!(row.is_some_and(|row| row.contains(&file.sha256)), "{}: {}", file.file, file.sha256);
    }

    /// Every code of an aggregate that the World Bank's file has among its countries.
    #[test]
    fn no_aggregate_is_among_the_countries() {
        let aggregates = "AFE AFW ARB CEB CSS EAP EAR EAS ECA ECS EMU EUU FCS HIC HPC IBD IBT IDA IDB IDX INX LAC LCN LDC LIC \
            LMC LMY LTE MEA MIC MNA NAC OED OSS PRE PSS PST SAS SSA SSF SST TEA TEC TLA TMN TSA TSS UMC WLD";
        let countries = bundled().expect("sound").countries();
        assert!(countries.len() > 190 && countries.len() < 220, "{}", countries.len());
        assert!(aggregates.split_whitespace().all(|code| !countries.contains(&code.into())));
    }

    #[test]
    fn what_is_nil_is_known_and_what_is_not_there_is_not() {
        let text = format!("{START}ISL,EXPPPP_CUR_SF_HIEDUFS,2001,0,nil\nISL,IP.PAT.RESD,2001,7,\n");
        let read = read(&text, "x.csv", "x").expect("read");
        let iceland = RegionCode::new("ISL");
        let nil = read.figure(Indicator::FromHigherEducation, &iceland, 2001);
        assert_eq!(nil, Some(Figure { value: 0.0, flag: Flag::Nil }));
        assert_eq!(read.value(Indicator::FromHigherEducation, &iceland, 2002), None);
        assert_eq!(read.value(Indicator::PatentsNonresident, &iceland, 2001), None);
        assert_eq!((read.len(), read.years(), read.countries()), (2, &[2001][..], &[iceland][..]));
    }

    #[test]
    fn a_slip_is_named_with_its_line() {
        for (line, expected) in [
            ("USA,IP.PAT.RESD,2001,7", "line 3: 4 cells in place of 5"),
            ("usa,IP.PAT.RESD,2001,7,", "line 3: 'usa' is not a code"),
            ("USA,IP.PAT,2001,7,", "line 3: unknown indicator 'IP.PAT' (accepted: NY.GDP.MKTP.CD"),
            ("USA,IP.PAT.RESD,last,7,", "line 3: 'last' is not a year"),
            ("USA,IP.PAT.RESD,20010,7,", "line 3: '20010' is not a year"),
            ("USA,IP.PAT.RESD,-001,7,", "line 3: '-001' is not a year"),
            ("USA,IP.PAT.RESD,2001,,", "line 3: '' is not a number"),
            ("USA,IP.PAT.RESD,2001,NaN,", "line 3: IP.PAT.RESD of USA is NaN, not a finite number"),
            ("USA,IP.PAT.RESD,2001,-7,", "line 3: IP.PAT.RESD of USA is -7, not a number from 0 on"),
            ("USA,GB.XPD.RSDV.GD.ZS,2001,270,", "is 270, not per cent from 0 to 100"),
            ("USA,IP.PAT.RESD,2001,7,guessed", "line 3: unknown flag 'guessed' (accepted: nothing, estimated, nil)"),
            ("USA,IP.PAT.RESD,2001,7,nil", "line 3: IP.PAT.RESD of USA is called nil and is 7"),
            ("USA,IP.PAT.RESD,2001,7,\nUSA,IP.PAT.RESD,2001,8,", "line 4: IP.PAT.RESD of USA in 2001 is given twice"),
        ] {
            let refusal = read(&format!("{START}{line}\n"), "x.csv", "x").expect_err(line).to_string();
            assert!(refusal.starts_with("x.csv: ") && refusal.contains(expected), "{line}: {refusal}");
        }
        for text in ["", "iso3,indicator\n", "# whose\n", "# whose\niso3,year\n"] {
            assert!(read(text, "x.csv", "x").expect_err(text).to_string().starts_with("x.csv: line "));
        }
        // Repayments can make payments negative.
        assert!(read(&format!("{START}YEM,BX.GSR.ROYL.CD,2007,-13920000,\n"), "x.csv", "x").is_ok());
    }
}
