//! A denial on the table of 2022, against figures computed elsewhere from the same table.

use zili_scenario::{Control, Flows, Scenario, Sectors};
use zili_testkit::ask;
use zili_world::{Bloc, RegionCode, ValueAdded, World};

fn bloc(codes: &[&str]) -> Bloc {
    let members = codes.iter().map(|code| RegionCode::new(*code)).collect();
    Bloc::new(codes.join("+"), codes.join("+"), members).expect("a bloc")
}

/// USA, NLD, JPN, TWN and KOR deny China C26 and C28: 106,271 million USD for want of inputs, 0.64 %; Taiwan's lost sales 92,490, 12.6 %.
#[test]
fn five_allies_deny_china_electronics_and_machinery() {
    let world = World::bundled("icio2022").expect("bundled");
    let allies = bloc(&["USA", "NLD", "JPN", "TWN", "KOR"]);
    let sectors = Sectors::These(vec!["C26".into(), "C28".into()]);
    let control = Control::new(allies, bloc(&["CHN"]), sectors, 1.0, Flows::Both).expect("a control");
    let scenario = Scenario::of_controls(bloc(&["CHN"]), 2022, vec![control]);
    let model = zili_shock::model("ban").expect("known");
    let mut params = ask(&world, bloc(&["CHN"]), model.method, &[]);
    params.value_added = ValueAdded::Published;
    let finding = model.answer(&world, &scenario, &params, &zili_world::Unwatched).expect("answered");
    let cell = |region: &str, column: &str| {
        let (r, c) = (finding.column("region").expect("a column"), finding.column(column).expect("a column"));
        finding.rows.iter().find(|row| row[r].text() == region).and_then(|row| row[c].number()).expect("a number")
    };
    assert!((cell("CHN", "denied_inputs_value_added") - 106_271.0).abs() < 0.5);
    assert!((cell("CHN", "denied_inputs_share") - 0.0064).abs() < 0.00005);
    assert!((cell("TWN", "lost_sales_value_added") - 92_490.0).abs() < 0.5);
    assert!((cell("TWN", "lost_sales_share") - 0.126).abs() < 0.0005);
}
