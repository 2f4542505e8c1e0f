//! Files to start from.

use crate::Error;
use zili_world::{Bloc, World};

/// What a new file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Others deny home something.
    Control,
    /// Production stops at a supplier.
    Lockdown,
    /// A supplier's exports are cut off.
    Blockade,
    /// Home denies something in return.
    Retaliation,
}

/// A commented file about a home, ready to be changed. The other side is the first of a few large suppliers that is not home.
///
/// Fails if home is the whole world.
pub fn template(kind: Kind, home: &Bloc, world: &World) -> Result<String, Error> {
    let others: Vec<&str> = others(home, world).collect();
    let Some(&other) = others.first() else {
        return Err(Error::Everyone(home.code.clone()));
    };
    let sectors = sectors(world);
    let (name, entries) = match kind {
        Kind::Control => (format!("Control by {other} on {}", home.code), control(other, &sectors, others.len() > 1)),
        Kind::Lockdown => (format!("Lockdown in {other}, seen from {}", home.code), lockdown(other, &sectors)),
        Kind::Blockade => (format!("Blockade of {other}, seen from {}", home.code), blockade(other)),
        Kind::Retaliation => {
            (format!("Control by {other} and retaliation by {}", home.code), retaliation(other, &sectors))
        }
    };
    let year =
        world.latest().map(|year| format!("year = {year}                # year of the table\n")).unwrap_or_default();
    Ok(format!(
        "# A zili scenario. `zili scenario check FILE` checks it, `zili scenario explain FILE` says what it removes.\n\
         # Shares are numbers from 0 to 1, money is million USD, times are days.\n\
         name = {}\n\
         description = \"\"\n\
         home = {}               # a region, a bloc, or several joined by +\n\
         {year}\
         horizon = 365              # days played\n\
         step = 1                   # days in a step\n\
         \n{entries}",
        quoted(&name),
        quoted(&home.code)
    ))
}

/// As TOML writes it.
fn quoted(word: &str) -> String {
    toml::Value::from(word).to_string()
}

/// Regions that are not home, a few large suppliers first.
fn others<'a>(home: &Bloc, world: &'a World) -> impl Iterator<Item = &'a str> {
    let codes = || world.classification().regions().iter().map(|r| r.code.as_str());
    const LARGE: [&str; 4] = ["CHN", "USA", "DEU", "JPN"];
    let large = LARGE.into_iter().filter_map(move |large| codes().find(|code| *code == large));
    let rest = codes().filter(|code| !LARGE.contains(code));
    large.chain(rest).filter(|code| !home.members.iter().any(|m| m.as_str() == *code))
}

/// Electronics and machinery where the world tells where its sectors stand, else its first sector.
fn sectors(world: &World) -> String {
    let classification = world.classification();
    let sectors = classification.sectors();
    let mut at: Vec<usize> = ["26", "28"].iter().filter_map(|place| classification.sector_at(place)).collect();
    at.dedup();
    let known: Vec<String> = at.into_iter().map(|s| quoted(sectors[s].code.as_str())).collect();
    match (known.is_empty(), sectors.first()) {
        (true, Some(first)) => format!("[{}]", quoted(first.code.as_str())),
        _ => format!("[{}]", known.join(", ")),
    }
}

fn control(other: &str, sectors: &str, others_left: bool) -> String {
    // Who has no other supplier cannot look elsewhere.
    let elsewhere = if others_left { diversification(sectors) } else { String::new() };
    format!(
        "[[control]]\n\
         by = \"{other}\"                 # one word or a list; \"!home\" is everyone but home\n\
         against = \"home\"\n\
         sectors = {sectors}\n\
         severity = 0.8             # share of the flow denied; or amount_musd = million USD a year\n\
         severity_range = [0.5, 1.0] # lowest and highest possible; severity is the most likely\n\
         flows = \"both\"             # or \"intermediate\" (inputs only), \"final\"\n\
         from = 30                  # first day\n\
         until = 330                # first day on which it no longer holds; for good if left out\n\
         ramp = 30                  # days until it is in full force\n\
         {elsewhere}"
    )
}

fn diversification(sectors: &str) -> String {
    format!(
        "\n\
         [[response]]\n\
         kind = \"diversification\"   # look for other suppliers\n\
         sectors = {sectors}\n\
         share = 0.5                # share of what is denied that is found elsewhere\n\
         from = 60\n\
         ramp = 90\n\
         cap = 1.5                  # those who take over sell at most this times their old flows\n"
    )
}

fn lockdown(other: &str, sectors: &str) -> String {
    format!(
        "[[disruption]]\n\
         at = \"{other}\"\n\
         sectors = {sectors}\n\
         capacity_loss = 0.5        # share of production capacity; also labour_loss, capital_loss, damage_musd\n\
         from = 10                  # first day\n\
         lasts = 30                 # days at full size\n\
         recovery = {{ shape = \"linear\", days = 60 }}\n\
         \n\
         [[disruption]]\n\
         at = \"{other}\"\n\
         sectors = {sectors}\n\
         demand_loss = 0.1          # share of final use that falls away; negative adds demand\n\
         from = 10\n\
         lasts = 30\n\
         \n\
         [[response]]\n\
         kind = \"stockpile\"\n\
         sectors = {sectors}\n\
         days = 20                  # days of use, beyond what industries hold anyway\n\
         filled = \"held\"            # or \"bought\": ordered from the day on\n"
    )
}

fn blockade(other: &str) -> String {
    format!(
        "# Nothing leaves the region: every sector, to everyone else.\n\
         [[control]]\n\
         by = \"{other}\"\n\
         against = \"!{other}\"            # everyone but\n\
         severity = 1.0             # share of the flow denied\n\
         from = 30                  # first day\n\
         until = 120                # first day on which it no longer holds\n"
    )
}

fn retaliation(other: &str, sectors: &str) -> String {
    format!(
        "[[control]]\n\
         by = \"{other}\"\n\
         against = \"home\"\n\
         sectors = {sectors}\n\
         severity = 0.5             # share of the flow denied\n\
         from = 30                  # first day\n\
         \n\
         [[response]]\n\
         kind = \"retaliation\"       # a control by home\n\
         against = \"{other}\"\n\
         sectors = {sectors}\n\
         severity = 0.3\n\
         from = 60\n\
         ramp = 30                  # days until it is in full force\n"
    )
}
