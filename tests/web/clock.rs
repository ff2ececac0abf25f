//! Times and numbers at the axes of charts, as the browser writes them.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/src/js/clock.js")]
extern "C" {
    fn clocks(zone: &str) -> JsValue;
    fn placed(splits: &Array, places: &Array, told: &Array) -> Array;
}

#[wasm_bindgen(module = "/src/js/ticks.js")]
extern "C" {
    fn digits(step: f64) -> u32;
    fn marks(splits: &[f64]) -> Function;
    fn splits(from: f64, to: f64, step: f64) -> Vec<f64>;
    fn flat(low: f64, high: f64) -> JsValue;
    fn amount(value: f64) -> String;
    fn brief(value: f64) -> String;
    #[wasm_bindgen(thread_local_v2, js_name = numberAxis)]
    static NUMBER_AXIS: JsValue;
    #[wasm_bindgen(js_name = placeAxis)]
    fn place_axis(places: &Function) -> JsValue;
}

fn increments(axis: &JsValue) -> Vec<f64> {
    let found = Reflect::get(axis, &"incrs".into()).expect("increments");
    let found = match found.dyn_ref::<Function>() {
        Some(of) => of.call0(&JsValue::UNDEFINED).expect("increments"),
        None => found,
    };
    Array::from(&found)
        .iter()
        .filter_map(|at| at.as_f64())
        .collect()
}

/// An axis without an increment has no marks at all.
#[wasm_bindgen_test]
fn axes_have_marks_however_long_they_are() {
    let all = NUMBER_AXIS.with(increments);
    for length in [1e-30, 0.3, 1e16, 1e33, 2e300, 1.7e308] {
        let fits = |at: &&f64| (2.0..20.0).contains(&(length / **at));
        assert!(all.iter().any(|at| fits(&at)), "{length}");
    }
    for (places, least) in [("return [0, 1, 2]", 1.0), ("return [0, 0.5]", 1e-32)] {
        let axis = place_axis(&Function::new_no_args(places));
        assert_eq!(increments(&axis).first(), Some(&least), "{places}");
    }
}

fn marked(splits: &[f64]) -> Vec<String> {
    let write = marks(splits);
    let mark = |at: &f64| write.call1(&JsValue::UNDEFINED, &JsValue::from_f64(*at));
    let texts = splits
        .iter()
        .map(|at| mark(at).expect("a mark").as_string());
    texts.map(|text| text.expect("a text")).collect()
}

#[wasm_bindgen_test]
fn numbers_too_large_for_the_step_have_marks_as_far_apart_as_they_can_be() {
    let two_to_53 = 9_007_199_254_740_992.0;
    for (from, to, step, wanted) in [
        (0.0, 1.0, 0.25, vec![0.0, 0.25, 0.5, 0.75, 1.0]),
        (-0.15, 0.2, 0.1, vec![-0.1, 0.0, 0.1, 0.2]),
        (1e6, 1e6 + 4.0, 2.0, vec![1e6, 1e6 + 2.0, 1e6 + 4.0]),
        // The next number but one is 4 away.
        (
            two_to_53,
            two_to_53 + 8.0,
            1.0,
            vec![two_to_53, two_to_53 + 4.0, two_to_53 + 8.0],
        ),
        (two_to_53, two_to_53, 0.0, vec![two_to_53]),
        (0.0, 0.0, 0.0, vec![0.0]),
    ] {
        assert_eq!(splits(from, to, step), wanted, "{from} to {to}");
    }
    assert!(splits(1.7e308, 1.79e308, 1.0).len() <= 500);
    assert_eq!(splits(f64::NAN, 1.0, 1.0), Vec::<f64>::new());
}

fn call(clock: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let method: Function = Reflect::get(clock, &method.into())
        .expect("a method")
        .unchecked_into();
    method
        .apply(clock, &arguments.iter().collect::<Array>())
        .expect("an answer")
}

fn labels(clock: &JsValue, splits: &[f64], step: f64) -> Vec<String> {
    let splits: Array = splits.iter().map(|at| JsValue::from_f64(*at)).collect();
    let labels = call(clock, "labels", &[splits.into(), step.into()]);
    let labels: Array = labels.unchecked_into();
    labels
        .iter()
        .filter_map(|label| label.as_string())
        .collect()
}

#[wasm_bindgen_test]
fn an_axis_has_the_date_where_it_changes_and_the_offset_where_an_hour_comes_twice() {
    let berlin = clocks("Europe/Berlin");
    // 25 October 2026 has 25 hours.
    let night: Vec<f64> = (0..5)
        .map(|hour| 1_792_882_800.0 + 3_600.0 * f64::from(hour))
        .collect();
    assert_eq!(
        labels(&berlin, &night, 3_600.0),
        [
            "01:00\n2026-10-25",
            "02:00 +02:00",
            "02:00 +01:00",
            "03:00",
            "04:00"
        ]
    );
    let utc = clocks("UTC");
    assert_eq!(
        labels(&utc, &[0.0, 43_200.0, 86_400.0], 43_200.0),
        ["00:00\n1970-01-01", "12:00", "00:00\n1970-01-02"]
    );
    assert_eq!(
        labels(&utc, &[0.0, 0.25], 0.25),
        ["00:00:00.000\n1970-01-01", "00:00:00.250"]
    );
    assert_eq!(
        labels(&utc, &[-86_400.0, 0.0], 86_400.0),
        ["1969-12-31", "1970-01-01"]
    );
    let stamp = |clock: &JsValue, at: f64| call(clock, "stamp", &[at.into()]).as_string();
    assert_eq!(
        stamp(&berlin, 1_774_746_000.0).as_deref(),
        Some("2026-03-29 03:00:00.000")
    );
    assert_eq!(
        stamp(&utc, -0.25).as_deref(),
        Some("1969-12-31 23:59:59.750")
    );
    assert_eq!(stamp(&clocks("Mars/Base"), 0.0), stamp(&utc, 0.0));
}

#[wasm_bindgen_test]
fn marks_are_at_round_hours_and_midnights_of_the_zone() {
    let splits = |clock: &JsValue, from: f64, to: f64, step: f64| -> Vec<f64> {
        let marks = call(clock, "splits", &[from.into(), to.into(), step.into()]);
        let marks: Array = marks.unchecked_into();
        marks.iter().filter_map(|at| at.as_f64()).collect()
    };
    let berlin = clocks("Europe/Berlin");
    // Midnights around 29 March 2026, a day of 23 hours.
    assert_eq!(
        splits(&berlin, 1_774_652_400.0, 1_774_821_600.0, 86_400.0),
        [1_774_652_400.0, 1_774_738_800.0, 1_774_821_600.0]
    );
    // Around 25 October 2026, a day of 25 hours, and every 6 hours of it.
    let day = splits(&berlin, 1_792_879_200.0, 1_792_969_200.0, 21_600.0);
    let hours: Vec<f64> = day
        .iter()
        .map(|at| (at - 1_792_879_200.0) / 3_600.0)
        .collect();
    assert_eq!(hours, [0.0, 7.0, 13.0, 19.0, 25.0]);
    // Every hour, also the one that comes twice.
    let night = splits(&berlin, 1_792_882_800.0, 1_792_893_600.0, 3_600.0);
    assert_eq!(night.len(), 4);
    // Clocks that are not whole hours ahead.
    let kathmandu = clocks("Asia/Kathmandu");
    assert_eq!(
        splits(&kathmandu, 0.0, 7_200.0, 3_600.0),
        [1_800.0, 5_400.0]
    );
    // First days of months.
    let months = splits(
        &clocks("UTC"),
        1_767_225_600.0,
        1_775_000_000.0,
        30.0 * 86_400.0,
    );
    assert_eq!(months, [1_767_225_600.0, 1_769_904_000.0, 1_772_323_200.0]);
}

#[wasm_bindgen_test]
fn marks_have_the_digits_of_their_step() {
    for (step, needed) in [
        (0.025, 3),
        (0.5, 1),
        (1.0, 0),
        (250.0, 0),
        (2.5, 1),
        (0.000_01, 5),
        (0.0, 0),
    ] {
        assert_eq!(digits(step), needed, "{step}");
    }
    assert_eq!(digits(f64::NAN), 0);
}

#[wasm_bindgen_test]
fn no_two_marks_of_an_axis_are_alike() {
    for (splits, expected) in [
        (
            [1_200_000.0, 1_205_000.0, 1_210_000.0],
            ["1.2M", "1.205M", "1.21M"],
        ),
        (
            [1_000_000.0, 1_002_500.0, 1_005_000.0],
            ["1,000,000", "1,002,500", "1,005,000"],
        ),
        (
            [4_000_000.0, 4_000_004.0, 4_000_008.0],
            ["4,000,000", "4,000,004", "4,000,008"],
        ),
        (
            [999_000.0, 1_000_000.0, 1_001_000.0],
            ["999K", "1M", "1.001M"],
        ),
        ([-2e9, 0.0, 2e9], ["-2B", "0", "2B"]),
        ([1.8, 1.825, 1.85], ["1.8", "1.825", "1.85"]),
        ([0.0, 1e-10, 2e-10], ["0", "1e-10", "2e-10"]),
        ([2e22, 2.5e22, 3e22], ["2e22", "2.5e22", "3e22"]),
        (
            [99.999_999_9, 100.0, 100.000_000_1],
            ["99.9999999", "100", "100.0000001"],
        ),
    ] {
        assert_eq!(marked(&splits), expected);
    }
    assert_eq!(marked(&[7.0]), ["7"]);
}

#[wasm_bindgen_test]
fn equal_values_have_an_axis_from_nothing() {
    let ends = |low, high| -> Option<(f64, f64)> {
        let found: Array = flat(low, high).dyn_into().ok()?;
        Some((found.get(0).as_f64()?, found.get(1).as_f64()?))
    };
    assert_eq!(ends(0.0, 0.0), Some((0.0, 1.0)));
    assert_eq!(ends(4.0, 4.0), Some((0.0, 5.0)));
    assert_eq!(ends(-4.0, -4.0), Some((-5.0, 0.0)));
    // Two ways to add up to the same.
    assert_eq!(ends(89.7, 89.699_999_999_999_99), None);
    assert_eq!(ends(89.699_999_999_999_99, 89.7), Some((0.0, 112.125)));
    assert_eq!(ends(0.0, 1e-9), None);
    assert_eq!(ends(1e9, 1e9 + 1.0), None);
}

#[wasm_bindgen_test]
fn no_value_reads_as_nothing() {
    let words = [0.0, 1e-7, -3e-9, 0.000_12, 0.5, 1234.567, 1e22].map(amount);
    assert_eq!(
        words,
        ["0", "1e-7", "-3e-9", "0.00012", "0.5", "1,234.57", "1e22"]
    );
    let short = [0.0, 1e-7, 0.25, 1_234_567.0].map(brief);
    assert_eq!(short, ["0", "1e-7", "0.25", "1.23M"]);
}

#[wasm_bindgen_test]
fn bars_have_the_date_where_it_changes_among_the_marks_that_there_are() {
    let list = |texts: &[&str]| texts.iter().map(|text| JsValue::from_str(text)).collect();
    let at = |places: &[u32]| places.iter().map(|at| JsValue::from(*at)).collect();
    let written = |splits: &[u32], short: &[&str], whole: &[&str]| {
        let labels = placed(&at(splits), &list(short), &list(whole));
        labels
            .iter()
            .map(|label| label.as_string().expect("a text"))
            .collect::<Vec<_>>()
    };
    let short = ["2026-10-24 23:30", "2026-10-25 00:00", "00:30", "01:00"];
    let whole = [
        "2026-10-24 23:30:00",
        "2026-10-25 00:00:00",
        "2026-10-25 00:30:00",
        "2026-10-25 01:00:00 +02:00",
    ];
    let some = written(&[0, 2, 3], &short, &whole);
    assert_eq!(some, ["23:30\n2026-10-24", "00:30\n2026-10-25", "01:00"]);
    let days = ["2026-10-24", "2026-10-25"];
    let midnights = ["2026-10-24 00:00:00", "2026-10-25 00:00:00"];
    assert_eq!(written(&[0, 1], &days, &midnights), days);
    assert_eq!(written(&[1], &["a", "b"], &["a", "b"]), ["b"]);
}
