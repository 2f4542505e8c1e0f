//! Files to start from: a small one that shows every key, or one with a programme for each chokepoint of a chain.

use zili_world::chain::{Chain, Holding, Shares};
use zili_world::{Bloc, RegionCode, World};

/// An input of a chain that somebody abroad can stop, and why a programme for it is suggested.
#[derive(Clone, Debug)]
pub struct Chokepoint {
    /// Its position in the chain.
    pub input: usize,
    /// Regions that can each take it away, for certain or perhaps.
    pub alone: String,
    /// Grades of the product that end without it.
    pub stops: String,
}

/// A commented file about a home that checks clean, every number of it a placeholder.
pub fn template(home: &Bloc, from: i32) -> String {
    format!("{}\n{}", head(&format!("Strategy of {}", home.code), home, from, None), dated(PLAIN, from))
}

/// The same with the chokepoints of a chain: what is known of suppliers from the chain, the rest placeholders.
pub fn of_chain(home: &Bloc, from: i32, chain: &Chain, chokepoints: &[Chokepoint], world: &World) -> String {
    let mut cited: Vec<usize> = Vec::new();
    let mut body = String::from(WITH_CHAIN);
    for point in chokepoints {
        body += &entry(home, chain, point, world, &mut cited);
    }
    cited.sort_unstable();
    let mut sources = String::from("\n# Where figures are from, as the chain has them.\n");
    for source in cited.into_iter().filter_map(|at| chain.sources.get(at)) {
        let year = source.year.map(|year| format!("year = {year}\n")).unwrap_or_default();
        sources += &format!(
            "[[source]]\nid = {}\ntitle = {}\npublisher = {}\n{year}url = {}\n\n",
            quoted(&source.id),
            quoted(&source.title),
            quoted(&source.publisher),
            quoted(&source.url)
        );
    }
    let name = format!("{}: chokepoints of {}", home.code, chain.name);
    format!("{}{sources}{body}{}", head(&name, home, from, Some(chain)), dated(AGAINST, from))
}

fn head(name: &str, home: &Bloc, from: i32, chain: Option<&Chain>) -> String {
    let chain = chain.map(|chain| format!("chain = {}\n", quoted(&chain.name))).unwrap_or_default();
    format!(
        "# A zili strategy. `zili plan check FILE` checks it, `zili plan explain FILE` says what it holds.\n\
         # Money is million USD, shares are numbers from 0 to 1. A number a year is one number, a list, or\n\
         # {{ start = 10, growth = 0.03 }} or {{ {from} = 10, {until} = 20 }}.\n\
         # Every number has a source or is called an assumption: replace the placeholders.\n\
         name = {}\n\
         description = \"\"\n\
         home = {}\n\
         from = {from}                # first year planned\n\
         years = 10\n\
         {chain}\
         default_source = \"assumption\"   # of entries that name no source\n\
         discount = 0.03            # a year\n",
        quoted(name),
        quoted(&home.code),
        until = from + 9,
    )
}

/// Years that are so many after the first, written `@3`.
fn dated(text: &str, from: i32) -> String {
    (0..10).fold(text.to_owned(), |text, k| text.replace(&format!("@{k}"), &(from + k).to_string()))
}

/// As TOML writes it.
fn quoted(word: &str) -> String {
    toml::Value::from(word).to_string()
}

/// One chokepoint: what is needed of it, who supplies it, and a programme.
fn entry(home: &Bloc, chain: &Chain, point: &Chokepoint, world: &World, cited: &mut Vec<usize>) -> String {
    let Some(input) = chain.inputs.get(point.input) else { return String::new() };
    let Some(shares) = Shares::of(chain, point.input) else { return String::new() };
    let is_home = |code: &RegionCode| home.holds(code, world.classification());
    let id = quoted(&input.id);
    let stops = if point.stops.is_empty() { String::new() } else { format!(", and with it {}", point.stops) };
    let own = shares.held_by(is_home);
    let (own_share, own_note) = match placeholder(own) {
        (share, _) if share == 0.0 && own.is_known() => {
            (share, "   # others hold all of the world's supply".to_owned())
        }
        other => other,
    };
    let mut source_of = |theirs: &dyn Fn(&RegionCode) -> bool| -> String {
        let supply = chain.supplies_of(point.input).find(|supply| supply.region.as_ref().is_some_and(theirs));
        match supply {
            Some(supply) => {
                if !cited.contains(&supply.source) {
                    cited.push(supply.source);
                }
                chain.sources.get(supply.source).map_or("assumption".to_owned(), |source| source.id.clone())
            }
            None => "assumption".to_owned(),
        }
    };
    let own_source = if own.is_known() { source_of(&is_home) } else { "assumption".to_owned() };
    let mut text = format!(
        "\n# {}: {} can take it away alone{stops}.\n\
         [[input]]\n\
         name = {id}\n\
         title = {}\n\
         chain_input = {id}\n\
         unit = \"per cent of demand\"\n\
         demand = 100\n\
         home = {{ value = {}, source = {} }}{own_note}\n\
         home_cost = 10             # placeholder\n\
         penalty = 100              # placeholder\n",
        input.name.replace(char::is_control, " "),
        point.alone,
        quoted(&input.name),
        rounded(100.0 * own_share),
        quoted(&own_source),
    );
    let mut foreign = 0.0;
    for (code, holding) in shares.regions.iter().filter(|(code, _)| !is_home(code)) {
        let (share, note) = placeholder(*holding);
        if share <= 0.0 {
            text += &format!("# {code} supplies an unknown part.\n");
            continue;
        }
        foreign += share;
        let source = if holding.is_known() { source_of(&|other| other == code) } else { "assumption".to_owned() };
        text += &format!(
            "\n[[supplier]]\n\
             input = {id}\n\
             region = {}\n\
             share = {{ value = {share}, source = {} }}{note}\n\
             price = 10                 # placeholder\n",
            quoted(code.as_str()),
            quoted(&source)
        );
    }
    let rest = 1.0 - own_share - foreign;
    let known = |code: &str| shares.regions.iter().any(|(region, _)| region.as_str() == code);
    if rest > 1e-9 && world.classification().region("ROW").is_ok() && !known("ROW") && !is_home(&RegionCode::new("ROW"))
    {
        text += &format!(
            "\n[[supplier]]\n\
             input = {id}\n\
             region = \"ROW\"\n\
             share = {}               # what is left: nobody says whose it is\n\
             price = 10                 # placeholder\n",
            (rest * 1e4).ceil() / 1e4
        );
    }
    let missing = rounded(100.0 * (1.0 - own_share) / 2.0).max(1.0);
    text += &format!(
        "\n[[programme]]\n\
         name = {}\n\
         title = {}\n\
         delivers = {{ {id} = {missing} }}   # placeholder: half of what comes from abroad\n\
         \n\
         [[programme.mode]]\n\
         duration = 4               # placeholder\n\
         cost = {{ central = 100 }}   # placeholder, a year\n\
         talent = {{ engineers = 100 }}\n\
         success = 0.5              # placeholder\n",
        quoted(&format!("build-{}", input.id)),
        quoted(&format!("{} at home", input.name)),
    );
    text
}

/// A share to start from, and what a reader should know of it: the middle of what is possible where it is not known.
fn placeholder(holding: Holding) -> (f64, String) {
    match holding.is_known() {
        true => (rounded(holding.low), "   # share of the world's supply".to_owned()),
        // From nothing to something is no more than nobody having looked.
        false if holding.low <= 0.0 => (0.0, "   # not known".to_owned()),
        false => {
            let (low, high) = (rounded(holding.low), rounded(holding.high));
            (rounded((holding.low + holding.high) / 2.0), format!("   # between {low} and {high}"))
        }
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

const WITH_CHAIN: &str = "\
# Shares are those of the world's supply, taken for shares of home's demand: an assumption, in plain sight.

[[budget]]
level = \"central\"
amount = 1000               # placeholder, a year

[[skill]]
name = \"engineers\"
people = 1000               # placeholder
graduates = 100
attrition = 0.03
";

const AGAINST: &str = "
# With some probability everybody abroad denies everything for three years; change both.
[[scenario]]
name = \"embargo\"
probability = 0.1

[[scenario.cut]]
regions = \"!home\"
severity = 0.8
from = @3
until = @5

[risk]
weight = 0.5                # how much the worst cases weigh beside the expectation
tail = 0.9                  # the worst tenth
";

const PLAIN: &str = "\
# Where figures are from. Entries name it with `source = \"yearbook\"`.
# [[source]]
# id = \"yearbook\"
# title = \"Statistical yearbook\"
# publisher = \"Statistical office\"
# year = 2025
# url = \"https://example.org\"

# What home cannot do without.
[[input]]
name = \"magnets\"
title = \"Permanent magnets\"
unit = \"tonnes\"
demand = { start = 1000, growth = 0.05 }
home = 100                  # what home makes without any programme
home_cost = 0.08            # million USD a unit made at home
penalty = 2                 # million USD lost for each unit that is missing
depreciation = 0.02         # share of added capacity that wears out in a year

[input.reserve]             # what may be bought in calm years
most = 300
cost = 0.07
holding = 0.002
level = \"central\"

[input.expansion]           # capacity by the unit, once a capability is there
capability = \"sintering\"
cost = 0.2
lag = 2
seed = 50
growth = 0.3
learning = { rate = 0.15, so_far = 100 }
level = \"firms\"

[input.target]
share = 0.4                 # home capacity as a share of demand
by = @7
must = false                # true: a plan that misses it is no plan

[[supplier]]
input = \"magnets\"
region = \"!home\"            # a region, a bloc, a list of them
share = 1                   # of home's demand; or capacity = units a year
price = 0.07

# With what.
[[budget]]
level = \"central\"
amount = 100
carry = 1                   # share of what is left that can be spent a year later

[[budget]]
level = \"firms\"
amount = 50

[[skill]]
name = \"engineers\"
people = 200
attrition = 0.03
graduates = 15
intake = 20                 # more students than today that can be taken in, a year
training = 4
retention = 0.8
cost = 0.05
level = \"central\"

# What could be funded.
[[capability]]
name = \"sintering\"
title = \"Sintering of rare-earth alloys\"

[[programme]]
name = \"pilot-line\"
title = \"Pilot line\"
capabilities = \"sintering\"

[[programme.mode]]
name = \"normal\"
duration = 3
cost = { central = 20 }     # million USD in each year of it; a list gives one for each
talent = { engineers = 40 }
success = 0.7

[[programme.mode]]
name = \"crash\"
duration = 2
cost = { central = 45 }
talent = { engineers = 80 }
success = 0.6

[[programme]]
name = \"plant\"
title = \"First plant\"
requires = \"sintering\"      # all of these; any = [[\"a\", \"b\"]] one of each list
delivers = { magnets = 300 }

[[programme.mode]]
duration = 2
cost = { central = 30, firms = 30 }
talent = { engineers = 60 }
success = 0.9

[[lever]]
name = \"guarantee\"
title = \"Guaranteed purchases\"
kind = \"procurement\"
duration = 5
evidence = \"Placeholder: say why it should work, and by how much.\"

[[lever.effect]]
on = \"purchase\"             # or budget, people, intake, cost, duration, failure
input = \"magnets\"
amount = 100

# Against what. What is left to 1 is the probability that nothing happens.
[[scenario]]
name = \"embargo\"
probability = 0.1

[[scenario.cut]]
regions = \"!home\"
inputs = \"magnets\"
severity = 0.8
from = @3
until = @5

# [adversary]               # who knows the plan and chooses the worst
# budget = 2
# [[adversary.move]]
# name = \"stop-magnets\"
# cost = 1
# [[adversary.move.cut]]
# regions = \"!home\"
# inputs = \"magnets\"
# severity = 1
# from = @4

[risk]
weight = 0.5                # how much the worst cases weigh beside the expectation
tail = 0.9                  # the worst tenth
";
