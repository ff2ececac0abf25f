use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;
use crate::object::Object;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Thing {
    text: String,
    count: i64,
    big: u64,
    small: u8,
    rate: f64,
    on: bool,
    maybe: Option<i32>,
    list: Vec<Inner>,
    map: BTreeMap<String, String>,
    inner: Inner,
    word: Word,
    kept: Object,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Inner {
    n: i64,
}

crate::word::words! {
    #[derive(Default)]
    pub enum Word {
        #[default]
        Known = "known",
    }
}

fn read(text: &str) -> Thing {
    let answer = from_slice::<Thing>(text.as_bytes());
    answer.unwrap_or_else(|e| panic!("{e:?}: {text}")).value
}

#[test]
fn null_is_nothing() {
    let fields = [
        "text", "count", "big", "small", "rate", "on", "maybe", "list", "map", "inner", "kept",
    ];
    for field in fields {
        let thing = read(&format!(r#"{{"{field}":null,"unknown":[null]}}"#));
        assert_eq!(thing, Thing::default(), "{field}");
    }
    assert_eq!(read("null"), Thing::default());
}

#[test]
fn numbers_and_texts_stand_for_each_other() {
    let thing = read(
        r#"{"text":12.50,"count":"-7","big":"18446744073709551615","small":3.0,"rate":"0.5",
            "on":"true","maybe":"4","inner":{"n":""}}"#,
    );
    assert_eq!((thing.text.as_str(), thing.count), ("12.50", -7));
    assert_eq!((thing.big, thing.small), (u64::MAX, 3));
    assert_eq!((thing.rate, thing.on, thing.maybe), (0.5, true, Some(4)));
    assert!(!read(r#"{"on":0}"#).on);
    assert_eq!(read(r#"{"text":{"a": [1]}}"#).text, r#"{"a": [1]}"#);
}

#[test]
fn unknown_words_come_as_they_are() {
    assert_eq!(read(r#"{"word":"known"}"#).word, Word::Known);
    assert_eq!(
        read(r#"{"word":"newer"}"#).word,
        Word::Other("newer".into())
    );
    assert_eq!(read(r#"{"word":7}"#).word, Word::Other("7".into()));
}

#[test]
fn one_element_is_a_list_of_one() {
    assert_eq!(read(r#"{"list":{"n":1}}"#).list, [Inner { n: 1 }]);
    assert_eq!(read(r#"{"map":[]}"#).map, BTreeMap::new());
}

#[test]
fn an_odd_element_hides_no_other() {
    let body = br#"[{"count":1},{"count":{"no":"number"}},7,{"count":3}]"#;
    let answer = from_slice::<Vec<Thing>>(body).expect("read");
    let counts: Vec<i64> = answer.value.iter().map(|thing| thing.count).collect();
    // The field alone is nothing; what is no object is left out.
    assert_eq!(counts, [1, 0, 3]);
    assert_eq!(answer.unread.len(), 2);
    let inside = read(r#"{"text":"x","list":[{"n":1},7,{"n":2}]}"#);
    assert_eq!(inside.list, [Inner { n: 1 }, Inner { n: 2 }]);
    assert_eq!(inside.text, "x");
}

#[test]
fn an_odd_field_hides_no_other() {
    let odd = r#"{"text":"x","count":"many","rate":[1],"on":"perhaps","maybe":{"a":1},
        "inner":"none","small":300}"#;
    let thing = read(odd);
    let plain = Thing {
        text: "x".into(),
        ..Thing::default()
    };
    assert_eq!(thing, plain);
    let answer = from_slice::<Thing>(odd.as_bytes()).expect("read");
    assert_eq!(answer.unread.len(), 6, "{:?}", answer.unread);
    // However many there are.
    let many = format!(
        "[{}]",
        vec![r#"{"count":"many","text":"x"}"#; 500].join(",")
    );
    let answer = from_slice::<Vec<Thing>>(many.as_bytes()).expect("read");
    assert_eq!(answer.value.len(), 500);
}

#[test]
fn what_is_kept_keeps_its_digits() {
    let text = r#"{"a":18446744073709551616.10,"b":null}"#;
    let thing = read(&format!(r#"{{"kept":{text}}}"#));
    assert_eq!(serde_json::to_string(&thing.kept).expect("text"), text);
}

#[test]
fn the_last_of_two_keys_holds() {
    assert_eq!(read(r#"{"count":1,"count":2}"#).count, 2);
}

#[test]
fn what_is_no_json_or_too_deep_is_an_error() {
    assert!(from_slice::<Thing>(b"{").is_err());
    assert!(from_slice::<Thing>(b"{} {}").is_err());
    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Deep {
        #[allow(dead_code)]
        d: Vec<Deep>,
    }
    let deep = format!("{}{}", r#"{"d":["#.repeat(5000), "]}".repeat(5000));
    let answer = from_slice::<Deep>(deep.as_bytes());
    assert!(answer.is_err() || !answer.expect("read").unread.is_empty());
}

#[test]
fn what_is_not_read_is_told_by_the_name_of_its_field() {
    let told = |text: &str| from_slice::<Thing>(text.as_bytes()).expect("read").unread;
    let odd = r#"{"inner":{"n":"many"},"list":[{"n":1},{"n":"few"},7],"text":"x"}"#;
    let told_now = told(odd);
    assert_eq!(told_now.len(), 3, "{told_now:?}");
    for place in ["inner.n: \"many\"", "list.n: \"few\"", "list: "] {
        let of = told_now.iter().filter(|one| one.starts_with(place));
        assert_eq!(of.count(), 1, "{place} in {told_now:?}");
    }
    // A name is the one of what follows it, also after a value that was skipped.
    let after = told(r#"{"list":[7],"unknown":{"count":"no"},"rate":"fast"}"#);
    assert!(
        after.iter().any(|one| one.starts_with("rate: ")),
        "{after:?}"
    );
}

#[test]
fn whoever_watches_is_told_once_of_each_thing() {
    let odd = br#"[{"count":"many"},{"count":"many"},{"count":1}]"#;
    let (read, unread) = watched(|| {
        // Tried in vain: nothing of it is shown, so nothing of it is missing.
        assert!(from_slice::<Vec<Thing>>(b"[{\"count\":\"few\"}").is_err());
        (from_slice::<Vec<Thing>>(odd), from_slice::<Vec<Thing>>(odd))
    });
    assert_eq!(read.0.expect("read").value.len(), 3);
    assert_eq!(unread, ["count: \"many\" is not a whole number"]);
    // What is read later is not theirs.
    assert!(from_slice::<Vec<Thing>>(odd).is_ok());
    assert!(watched(|| ()).1.is_empty());
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Whole {
    #[serde(alias = "title")]
    name: String,
    inner: Inner,
    #[serde(rename = "$beside")]
    beside: Object,
}

#[test]
fn what_a_type_does_not_know_is_kept_as_it_came() {
    let read = |text: &str| from_slice::<Vec<Whole>>(text.as_bytes()).expect("read");
    let answer = read(
        r#"[{"later":{"name":1.10,"deep":[{"x":null}]},"title":7,"inner":{"n":"2","m":3},"none":null},
            {"name":"plain"},null,{"$beside":{"a":1},"name":"theirs"},"odd"]"#,
    );
    let [first, plain, nothing, theirs] = answer.value.as_slice() else {
        panic!("{answer:?}");
    };
    assert_eq!((first.name.as_str(), first.inner.n), ("7", 2));
    let kept = serde_json::to_string(&first.beside).expect("text");
    assert_eq!(
        kept,
        r#"{"later":{"name":1.10,"deep":[{"x":null}]},"none":null}"#
    );
    assert!(plain.beside.is_empty() && nothing == &Whole::default());
    assert_eq!(
        (theirs.name.as_str(), theirs.beside.is_empty()),
        ("theirs", true)
    );
    assert_eq!(answer.unread.len(), 1, "{:?}", answer.unread);
}
