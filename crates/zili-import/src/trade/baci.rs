//! BACI (CEPII): bilateral trade by product of 6 digits, a file a year.
//!
//! Codes of countries are the publisher's numbers, which its file of codes turns into ISO 3166; Taiwan has one of its own in newer
//! editions. Values are thousand USD. Quantities are left out.

use super::{ImportedTrade, Rows, TradeSettings, number, text};
use crate::Error;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use zili_world::store::{SCHEMA, Source};
use zili_world::trade::{Collected, Collector, Economy, Manifest, Product, YearEntry};
use zili_world::{RegionCode, countries};

pub const ABOUT: &str = "trade in products, from CEPII's BACI: a folder with BACI_HS…_Y…_V….csv (one or several years; --year picks one), country_codes_V….csv and, \
for names, product_codes_HS…_V….csv; or one yearly file beside its country codes";

const NEEDED: &str = "BACI_HS…_Y…_V….csv and country_codes_V….csv";

/// A yearly file, by its name `BACI_HS17_Y2022_V202601.csv`.
struct Yearly {
    path: PathBuf,
    nomenclature: String,
    year: i32,
    edition: String,
}

impl Yearly {
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_suffix(".csv")?;
        let mut parts = name.split('_');
        let (first, nomenclature, year, edition) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let sound =
            first == "BACI" && nomenclature.starts_with("HS") && edition.starts_with('V') && parts.next().is_none();
        let year = year.strip_prefix('Y')?.parse().ok()?;
        sound.then(|| Self { path: path.to_owned(), nomenclature: nomenclature.into(), year, edition: edition.into() })
    }
}

/// Reads the years of a folder; see [`ABOUT`].
pub fn read(path: &Path, settings: &TradeSettings) -> Result<ImportedTrade, Error> {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new(".")) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let files = files(folder)?;
    let mut yearly: Vec<Yearly> = match path.is_dir() {
        true => files.iter().filter_map(|file| Yearly::of(file)).collect(),
        false => Yearly::of(path).into_iter().collect(),
    };
    yearly.sort_by_key(|file| file.year);
    if let Some(year) = settings.year.filter(|year| !yearly.is_empty() && !yearly.iter().any(|file| file.year == *year))
    {
        let known: Vec<String> = yearly.iter().map(|file| file.year.to_string()).collect();
        return Err(Error::file(path, format!("no file of {year} here; there is {}", known.join(", "))));
    }
    yearly.retain(|file| settings.year.is_none_or(|year| file.year == year));
    let Some(first) = yearly.first() else {
        return Err(Error::file(path, "no file of BACI here, by its name: BACI_HS17_Y2022_V202601.csv, unpacked"));
    };
    if let Some(other) = yearly.iter().find(|f| (&f.nomenclature, &f.edition) != (&first.nomenclature, &first.edition))
    {
        let reason = format!(
            "is of {} {}, others of {} {}",
            other.nomenclature, other.edition, first.nomenclature, first.edition
        );
        return Err(Error::file(&other.path, format!("{reason}: read them one by one")));
    }
    let countries = countries_of(folder, &files, &first.edition)?;
    let mut collector = Collector::default();
    for file in &yearly {
        read_year(file, &countries, &mut collector)?;
    }
    let Collected { economies, products, mut years } = collector.finish()?;
    years.retain(|flows| !flows.is_empty());
    if years.is_empty() {
        return Err(Error::file(&first.path, "no flows with a value"));
    }
    // The publisher gives a code to several numbers where borders changed: the name in use comes first, else that of the lowest number.
    let mut by_number: Vec<(&u32, &(String, String))> = countries.iter().collect();
    by_number.sort_by(|a, b| b.0.cmp(a.0));
    let names: HashMap<&str, &str> = by_number.iter().map(|(_, (code, name))| (code.as_str(), name.as_str())).collect();
    let product_names = products_of(&files, &first.nomenclature, &first.edition)?;
    let economy = |code: String| {
        let name =
            names.get(code.as_str()).map_or_else(|| countries::name(&code).to_owned(), |name| (*name).to_owned());
        Economy { code: RegionCode::new(code), name, population: None }
    };
    let product = |code: String| Product { name: product_names.get(&code).unwrap_or(&code).clone(), code };
    let manifest = Manifest {
        schema: SCHEMA,
        name: settings.name.clone(),
        title: format!("BACI, {}, edition {}", spelled(&first.nomenclature), first.edition),
        nomenclature: spelled(&first.nomenclature),
        economies: economies.into_iter().map(economy).collect(),
        products: products.into_iter().map(product).collect(),
        years: years.iter().map(YearEntry::of).collect(),
        sources: vec![Source {
            id: format!("baci-{}", first.edition.trim_start_matches('V')),
            title: "BACI: international trade by product".to_owned(),
            publisher: "CEPII".to_owned(),
            edition: first.edition.clone(),
            licence: "Etalab 2.0".to_owned(),
            citation: "Gaulier & Zignago (2010), BACI: international trade database at the product level, CEPII working paper 2010-23".to_owned(),
            changes: "USD in place of thousands; codes of countries are ISO 3166 where there is one; quantities left out".to_owned(),
        }],
        caveats: vec!["Trade shows who ships, not who produces".to_owned()],
    };
    Ok((manifest, years))
}

/// `HS17` as "HS 2017".
fn spelled(nomenclature: &str) -> String {
    match nomenclature.trim_start_matches("HS").parse::<u32>() {
        Ok(year) if year < 50 => format!("HS 20{year:02}"),
        Ok(year) => format!("HS 19{year}"),
        Err(_) => nomenclature.to_owned(),
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(folder).map_err(Error::io(folder))?;
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

/// A file of the folder whose name starts like this; that of the edition if there are several.
fn beside<'a>(files: &'a [PathBuf], starts: &str, edition: &str) -> Option<&'a PathBuf> {
    let name = |path: &PathBuf| path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
    let fits = |path: &&PathBuf| name(path).starts_with(starts) && name(path).ends_with(".csv");
    files.iter().filter(fits).find(|path| name(path).contains(edition)).or_else(|| files.iter().find(fits))
}

/// Code and name by the publisher's number.
fn countries_of(folder: &Path, files: &[PathBuf], edition: &str) -> Result<HashMap<u32, (String, String)>, Error> {
    let path = beside(files, "country_codes", edition);
    let path = path
        .ok_or_else(|| Error::Missing { path: folder.join(format!("country_codes_{edition}.csv")), needed: NEEDED })?;
    let rows = Rows::open(path)?;
    let number_at = rows.needed(&["country_code"])?;
    let iso_at = rows.needed(&["country_iso3", "iso_3digit_alpha"])?;
    let name_at = rows.needed(&["country_name", "country_name_full", "country_name_abbreviation"])?;
    let mut countries = HashMap::new();
    rows.each(|_, record| {
        let word = text(record, number_at)?;
        let number: u32 = word.parse().map_err(|_| format!("country code '{word}' is not a number"))?;
        let iso = match text(record, iso_at)? {
            // "Other Asia": Taiwan, under a code of the publisher's own.
            "S19" => "TWN".to_owned(),
            iso if iso.len() == 3 && iso.chars().all(|c| c.is_ascii_alphanumeric()) => iso.to_owned(),
            // No code: the number stands for it.
            _ => number.to_string(),
        };
        let name = match iso.as_str() {
            "TWN" => countries::name("TWN").to_owned(),
            _ => text(record, name_at)?.to_owned(),
        };
        match countries.insert(number, (iso, name)) {
            Some(_) => Err(format!("country code {number} is given twice")),
            None => Ok(()),
        }
    })?;
    Ok(countries)
}

/// Names by code; nothing where there is no such file.
fn products_of(files: &[PathBuf], nomenclature: &str, edition: &str) -> Result<HashMap<String, String>, Error> {
    let Some(path) = beside(files, &format!("product_codes_{nomenclature}"), edition) else {
        return Ok(HashMap::new());
    };
    let rows = Rows::open(path)?;
    let (code, name) = (rows.needed(&["code"])?, rows.needed(&["description"])?);
    let mut names = HashMap::new();
    rows.each(|_, record| {
        names.insert(format!("{:0>6}", text(record, code)?), text(record, name)?.to_owned());
        Ok(())
    })?;
    Ok(names)
}

fn read_year(
    file: &Yearly,
    countries: &HashMap<u32, (String, String)>,
    collector: &mut Collector,
) -> Result<(), Error> {
    let rows = Rows::open(&file.path)?;
    let at = |name: &str| rows.needed(&[name]);
    let (t, i, j, k, v) = (at("t")?, at("i")?, at("j")?, at("k")?, at("v")?);
    rows.each(|_, record| {
        let year = text(record, t)?;
        if year.parse() != Ok(file.year) {
            return Err(format!("year '{year}' in a file of {}", file.year));
        }
        let country = |column: usize| -> Result<&str, String> {
            let word = text(record, column)?;
            let known = word.parse().ok().and_then(|number: u32| countries.get(&number));
            let (code, _) =
                known.ok_or_else(|| format!("country code '{word}' is not in the file of country codes"))?;
            Ok(code)
        };
        let product = text(record, k)?;
        let digits = (5..=6).contains(&product.len()) && product.bytes().all(|b| b.is_ascii_digit());
        if !digits {
            return Err(format!("product '{product}' is not a code of 6 digits, nor of 5 that lost its zero"));
        }
        let thousands = number(record, v, "value")?;
        // Thousands have three decimals: whole dollars.
        let usd = (thousands * 1000.0).round();
        let (exporter, importer) = (country(i)?, country(j)?);
        match product.len() {
            6 => collector.add(file.year, exporter, Some(importer), product, usd),
            // Read as a number somewhere on its way, it lost its leading zero.
            _ => collector.add(file.year, exporter, Some(importer), &format!("{product:0>6}"), usd),
        }
    })
}
