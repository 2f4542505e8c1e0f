error[unknown-code]: world 'wiod2013' has no table of 2022; it has 1995 to 2011; 'icio2022' has one: --world icio2022
  at examples/scenarios/metals-retaliation.toml:8:8
  8 | year = 2022
    |        ^^^^

zili: 1 of 1 files refused
