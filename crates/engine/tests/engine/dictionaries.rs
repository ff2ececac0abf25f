//! Dictionaries: how they are defined, and what lookups in them find.

use weir_engine::{Ddl, DictionaryInfo, Statement, parse};

use crate::fixture::Fixture;

fn defined(sql: &str) -> (String, DictionaryInfo) {
    match parse(sql) {
        Ok(Statement::Ddl(ddl, _)) => match *ddl {
            Ddl::CreateDictionary { name, info, .. } => (name, info),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// A stream that keeps the last row of each key, one that keeps all rows, networks, and prices that
/// hold for some days.
fn fixture() -> Fixture {
    let fixture = Fixture::new()
        .stream(
            "products",
            &["id string", "name nullable(string)", "price int64"],
        )
        .keyed("products")
        .stream("log", &["a int32", "b string", "seen string"])
        .stream("networks", &["prefix string", "asn uint32", "cca2 string"])
        .stream(
            "rates",
            &[
                "item string",
                "since date",
                "until nullable(date)",
                "rate int64",
            ],
        )
        .stream("orders", &["id int32", "product string"]);
    for row in [r#"["p1","apple",3,0]"#, r#"["p2",null,7,0]"#] {
        fixture.insert("products", row);
    }
    for row in [
        r#"[1,"x","old",0]"#,
        r#"[2,"x","other",0]"#,
        r#"[1,"x","new",0]"#,
    ] {
        fixture.insert("log", row);
    }
    for row in [
        r#"["202.79.32.0/20",17501,"NP",0]"#,
        r#"["202.79.32.0/24",1,"XX",0]"#,
        r#"["2001:db8::/32",65536,"ZZ",0]"#,
    ] {
        fixture.insert("networks", row);
    }
    for row in [
        r#"["a","2024-01-01","2024-01-31",1,0]"#,
        r#"["a","2024-01-20",null,2,0]"#,
    ] {
        fixture.insert("rates", row);
    }
    let mut fixture = fixture;
    for sql in [
        "CREATE DICTIONARY d (id string, name string DEFAULT 'none', price int64, dear bool EXPRESSION price > 5)
         PRIMARY KEY id SOURCE(TIMEPLUS(STREAM 'products' USER 'admin' PASSWORD 'secret'))
         LAYOUT(complex_key_direct()) LIFETIME(MIN 1 MAX 10)",
        "CREATE DICTIONARY two (a int32, b string, seen string DEFAULT '?') PRIMARY KEY (a, b)
         SOURCE(TIMEPLUS(QUERY 'SELECT a, b, seen FROM table(log)')) LAYOUT(COMPLEX_KEY_HASHED())",
        "CREATE DICTIONARY nets (prefix string, asn uint32, cca2 string DEFAULT '??') PRIMARY KEY prefix
         SOURCE(TIMEPLUS(STREAM 'networks')) LAYOUT(IP_TRIE) LIFETIME(10)",
        "CREATE DICTIONARY ranges (item string, since date, until nullable(date), rate int64)
         PRIMARY KEY item SOURCE(TIMEPLUS(STREAM 'rates')) LAYOUT(RANGE_HASHED(range_lookup_strategy 'max'))
         RANGE(MIN since MAX until)",
    ] {
        let (name, info) = defined(sql);
        fixture = fixture.dictionary(&name, info);
    }
    fixture
}

#[test]
fn lookups_find_the_row_of_a_key_or_what_stands_for_none() {
    let fixture = fixture();
    for (expr, value, data_type) in [
        ("dict_get('d', 'name', 'p1')", r#""apple""#, "string"),
        ("dict_get('default.d', 'price', 'p2')", "7", "int64"),
        // NULL of the source, and no row.
        ("dict_get('d', 'name', 'p2')", r#""none""#, "string"),
        ("dict_get('d', 'name', 'p9')", r#""none""#, "string"),
        ("dict_get('d', 'price', 'p9')", "0", "int64"),
        ("dict_get('d', 'dear', 'p2')", "true", "bool"),
        ("dict_get_or_default('d', 'price', 'p9', -1)", "-1", "int64"),
        (
            "dict_get_or_default('d', 'name', 'p9', -1)",
            r#""-1""#,
            "string",
        ),
        (
            "dict_get_or_null('d', 'price', 'p9')",
            "null",
            "nullable(int64)",
        ),
        (
            "dict_get_or_null('d', 'price', 'p1')",
            "3",
            "nullable(int64)",
        ),
        ("dict_has('d', 'p1')", "1", "uint8"),
        ("dict_has('d', 'p9')", "0", "uint8"),
        (
            "dict_get('d', ('name', 'price'), 'p1')",
            r#"["apple",3]"#,
            "tuple(name string, price int64)",
        ),
        // Of equal keys the last row counts.
        ("dict_get('two', 'seen', (1, 'x'))", r#""new""#, "string"),
        (
            "dict_get('two', 'seen', tuple(2, 'x'))",
            r#""other""#,
            "string",
        ),
        ("dict_get('two', 'seen', (3, 'x'))", r#""?""#, "string"),
        // The longest network that holds the address.
        (
            "dict_get('nets', 'asn', to_ipv4('202.79.40.1'))",
            "17501",
            "uint32",
        ),
        (
            "dict_get('nets', 'cca2', to_ipv4('202.79.32.10'))",
            r#""XX""#,
            "string",
        ),
        (
            "dict_get('nets', ('asn', 'cca2'), ipv6_string_to_num('2001:db8::1'))",
            r#"[65536,"ZZ"]"#,
            "tuple(asn uint32, cca2 string)",
        ),
        (
            "dict_get('nets', 'cca2', to_ipv4('1.2.3.4'))",
            r#""??""#,
            "string",
        ),
        ("dict_has('nets', '202.79.32.1')", "1", "uint8"),
        // The last of the ranges that hold the day; NULL is no bound.
        (
            "dict_get('ranges', 'rate', 'a', to_date('2024-01-05'))",
            "1",
            "int64",
        ),
        (
            "dict_get('ranges', 'rate', 'a', to_date('2024-01-25'))",
            "2",
            "int64",
        ),
        (
            "dict_get('ranges', 'rate', 'a', to_date('2025-01-25'))",
            "2",
            "int64",
        ),
        (
            "dict_has('ranges', 'a', to_date('2023-01-25'))",
            "0",
            "uint8",
        ),
    ] {
        let found = fixture.value(expr);
        assert_eq!(found, (value.to_string(), data_type.to_string()), "{expr}");
    }
}

#[test]
fn a_dictionary_is_a_table_in_from_and_joins() {
    let fixture = fixture();
    assert_eq!(
        fixture.rows("SELECT * FROM d ORDER BY id"),
        [r#"["p1","apple",3,false]"#, r#"["p2","none",7,true]"#]
    );
    assert_eq!(fixture.rows("SELECT count() FROM two"), ["[2]"]);
    // While a stream is followed, lookups see what is there then.
    let mut joined = fixture.start(
        "SELECT o.id, p.name, dict_get('d', 'price', product) FROM orders AS o JOIN d AS p \
         ON o.product = p.id SETTINGS join_algorithm = 'direct'",
    );
    fixture.insert("orders", r#"[1,"p1",0]"#);
    assert_eq!(joined.rows(), [r#"[1,"apple",3]"#]);
    fixture.insert("products", r#"["p3","fig",9,0]"#);
    fixture.insert("orders", r#"[2,"p3",0]"#);
    assert_eq!(joined.rows(), [r#"[2,"fig",9]"#]);
}

#[test]
fn a_lambda_and_a_group_can_look_up() {
    let fixture = fixture();
    let (value, _) = fixture.value("array_map(id -> dict_get('d', 'price', id), ['p1', 'p9'])");
    assert_eq!(value, "[3,0]");
    assert_eq!(
        fixture.rows(
            "SELECT dict_get('d', 'name', id) AS n, sum(price) FROM table(products) GROUP BY n ORDER BY n"
        ),
        [r#"["apple",3]"#, r#"["none",7]"#]
    );
}

#[test]
fn dictionaries_are_listed_and_shown_without_their_password() {
    let fixture = fixture();
    assert_eq!(
        fixture.rows("SHOW DICTIONARIES"),
        [r#"["d"]"#, r#"["nets"]"#, r#"["ranges"]"#, r#"["two"]"#]
    );
    assert_eq!(
        fixture.rows(
            "SELECT key_names, attribute_names, type FROM system.dictionaries WHERE name = 'two'"
        ),
        [r#"["a, b","seen","COMPLEX_KEY_HASHED"]"#]
    );
    assert_eq!(
        fixture.rows("DESCRIBE DICTIONARY nets"),
        [
            r#"["prefix","string"]"#,
            r#"["asn","uint32"]"#,
            r#"["cca2","string"]"#
        ]
    );
    let shown = fixture.rows("SHOW CREATE DICTIONARY ranges");
    assert!(!shown[0].contains("secret"));
    // What is shown makes the same dictionary.
    for name in ["d", "two", "nets", "ranges"] {
        let text = fixture.rows(&format!("SHOW CREATE DICTIONARY {name}"));
        let text: Vec<String> = serde_json::from_str(&text[0]).unwrap();
        assert!(!text[0].contains("secret"), "{}", text[0]);
        let again = defined(&text[0]);
        assert_eq!(
            (again.0.as_str(), again.1),
            (name, fixture.dictionaries(name))
        );
    }
}

#[test]
fn what_a_dictionary_cannot_do_is_named() {
    let fixture = fixture();
    for (sql, words) in [
        ("SELECT dict_get('x', 'a', 1)", "unknown dictionary 'x'"),
        (
            "SELECT dict_get('d', 'nam', 'p1')",
            "no attribute 'nam' (did you mean 'name'?)",
        ),
        (
            "SELECT dict_get('two', 'seen', 1)",
            "the key has 2 parts (a, b), not 1",
        ),
        (
            "SELECT dict_get('d', 'name')",
            "takes a dictionary's name and an attribute",
        ),
        (
            "SELECT dict_get('ranges', 'rate', 'a')",
            "a point in the range",
        ),
    ] {
        let error = fixture.error(sql);
        assert!(error.to_string().contains(words), "{sql}: {error}");
        assert!(error.position.is_some(), "{sql}");
    }
    let start = "CREATE DICTIONARY d (k int, v string) PRIMARY KEY k ";
    for (rest, words) in [
        (
            "SOURCE(MYSQL(HOST 'x' TABLE 't')) LAYOUT(FLAT())",
            "type = 'mysql'",
        ),
        (
            "SOURCE(HTTP(URL 'https://x' FORMAT 'CSV')) LAYOUT(FLAT())",
            "SOURCE(HTTP(…)) is not supported: import the file",
        ),
        (
            "SOURCE(TIMEPLUS(STREAM 's' HOST 'elsewhere')) LAYOUT(FLAT())",
            "another server",
        ),
        ("SOURCE(TIMEPLUS(STREAM 's')) LAYOUT(ODD())", "LAYOUT(ODD)"),
        ("LAYOUT(FLAT())", "a dictionary needs SOURCE"),
        (
            "SOURCE(TIMEPLUS(STREAM 's')) RANGE(MIN a MAX b)",
            "'a' is not among",
        ),
    ] {
        let error = parse(&format!("{start}{rest}")).expect_err(rest);
        assert!(error.to_string().contains(words), "{rest}: {error}");
        assert!(error.position.is_some(), "{rest}");
    }
}
