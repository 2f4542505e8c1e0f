//! Files to start from.

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
pub fn template(kind: Kind, home: &Bloc, world: &World) -> String {
    let other = other(home, world);
    let sectors = sectors(world);
    let (name, entries) = match kind {
        Kind::Control => (format!("Control by {other} on {}", home.code), control(&other, &sectors)),
        Kind::Lockdown => (format!("Lockdown in {other}, seen from {}", home.code), lockdown(&other, &sectors)),
        Kind::Blockade => (format!("Blockade of {other}, seen from {}", home.code), blockade(&other)),
        Kind::Retaliation => {
            (format!("Control by {other} and retaliation by {}", home.code), retaliation(&other, &sectors))
        }
    };
    let year =
        world.latest().map(|year| format!("year = {year}                # year of the table\n")).unwrap_or_default();
    format!(
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
    )
}

/// As TOML writes it.
fn quoted(word: &str) -> String {
    toml::Value::from(word).to_string()
}

fn other(home: &Bloc, world: &World) -> String {
    let regions = world.classification().regions();
    let known =
        ["CHN", "USA", "DEU", "JPN"].into_iter().filter(|code| regions.iter().any(|r| r.code.as_str() == *code));
    let mut candidates = known.chain(regions.iter().map(|r| r.code.as_str()));
    let free = candidates.find(|code| !home.members.iter().any(|m| m.as_str() == *code));
    free.unwrap_or("!home").to_owned()
}

/// Machinery and electrical equipment where the world has them, else its first sector.
fn sectors(world: &World) -> String {
    let classification = world.classification();
    let known = ["29", "30t33"].into_iter().filter(|code| classification.sector(code).is_ok());
    let known: Vec<String> = known.map(quoted).collect();
    match (known.is_empty(), classification.sectors().first()) {
        (true, Some(first)) => format!("[{}]", quoted(first.code.as_str())),
        _ => format!("[{}]", known.join(", ")),
    }
}

fn control(other: &str, sectors: &str) -> String {
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
         \n\
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
