//! Joins that pick one row of their right side, and aliases beside columns of the same name.

use crate::fixture::Fixture;

/// Prices of two items at different times, and orders between them.
fn fixture() -> Fixture {
    let fixture = Fixture::new()
        .stream("orders", &["item string", "at int64"])
        .stream("prices", &["item string", "at int64", "price int64"]);
    for (item, at, price) in [("a", 10, 1), ("a", 20, 2), ("b", 15, 5), ("a", 30, 3)] {
        fixture.insert("prices", &format!(r#"["{item}", {at}, {price}, 0]"#));
    }
    for (item, at) in [("a", 25), ("b", 14), ("b", 15), ("c", 40)] {
        fixture.insert("orders", &format!(r#"["{item}", {at}, 0]"#));
    }
    fixture
}

const SIDES: (&str, &str) = ("table(orders) AS o", "table(prices) AS p");

#[test]
fn one_row_of_the_right_side_is_picked() {
    let fixture = fixture();
    let (left, right) = SIDES;
    for (join, on, rows) in [
        (
            "ASOF JOIN",
            "o.item = p.item AND o.at >= p.at",
            vec![r#"["a",25,2]"#, r#"["b",15,5]"#],
        ),
        (
            "ASOF LEFT JOIN",
            "o.item = p.item AND p.at <= o.at",
            vec![
                r#"["a",25,2]"#,
                r#"["b",14,null]"#,
                r#"["b",15,5]"#,
                r#"["c",40,null]"#,
            ],
        ),
        (
            "LEFT ASOF JOIN",
            "o.item = p.item AND o.at < p.at",
            vec![
                r#"["a",25,3]"#,
                r#"["b",14,5]"#,
                r#"["b",15,null]"#,
                r#"["c",40,null]"#,
            ],
        ),
        (
            "LATEST JOIN",
            "o.item = p.item",
            vec![r#"["a",25,3]"#, r#"["b",14,5]"#, r#"["b",15,5]"#],
        ),
        (
            "LEFT LATEST JOIN",
            "o.item = p.item",
            vec![
                r#"["a",25,3]"#,
                r#"["b",14,5]"#,
                r#"["b",15,5]"#,
                r#"["c",40,null]"#,
            ],
        ),
        (
            "ANY JOIN",
            "o.item = p.item",
            vec![r#"["a",25,1]"#, r#"["b",14,5]"#, r#"["b",15,5]"#],
        ),
        (
            "SEMI JOIN",
            "o.item = p.item AND p.price > 2",
            vec![r#"["a",25,3]"#, r#"["b",14,5]"#, r#"["b",15,5]"#],
        ),
        (
            "ANTI JOIN",
            "o.item = p.item AND p.at <= o.at",
            vec![r#"["b",14,null]"#, r#"["c",40,null]"#],
        ),
        (
            "LEFT ANTI JOIN",
            "o.item = p.item",
            vec![r#"["c",40,null]"#],
        ),
    ] {
        let sql = format!("SELECT o.item, o.at, p.price FROM {left} {join} {right} ON {on}");
        assert_eq!(fixture.rows(&sql), rows, "{join} {on}");
        // The right side can be a query.
        let query = "(SELECT item, at, price FROM table(prices)) AS p";
        let sql = format!("SELECT o.item, o.at, p.price FROM {left} {join} {query} ON {on}");
        assert_eq!(fixture.rows(&sql), rows, "{join} {on} over a query");
    }
    let sql = "SELECT item, price FROM table(orders) LATEST JOIN table(prices) USING (item) \
               ORDER BY item, price";
    assert_eq!(
        fixture.rows(sql),
        [r#"["a",3]"#, r#"["b",5]"#, r#"["b",5]"#]
    );
}

#[test]
fn a_followed_stream_looks_its_partners_up() {
    let fixture = fixture();
    let sql = "SELECT o.item, p.price FROM orders AS o ASOF JOIN table(prices) AS p \
               ON o.item = p.item AND o.at >= p.at";
    let mut query = fixture.start(sql);
    fixture.insert("orders", r#"["a", 30, 0]"#);
    fixture.insert("prices", r#"["a", 40, 4, 0]"#);
    fixture.insert("orders", r#"["a", 41, 0]"#);
    assert_eq!(query.rows(), [r#"["a",3]"#, r#"["a",4]"#]);
}

#[test]
fn what_such_a_join_needs_is_said() {
    let fixture = fixture();
    for (sql, part) in [
        (
            "SELECT 1 FROM table(orders) AS o ASOF JOIN table(prices) AS p ON o.item = p.item",
            "one inequality",
        ),
        (
            "SELECT 1 FROM table(orders) AS o ASOF JOIN table(prices) AS p \
             ON o.at > p.at AND o.at > p.price",
            "one inequality",
        ),
        (
            "SELECT 1 FROM table(orders) AS o ASOF RIGHT JOIN table(prices) AS p ON o.at > p.at",
            "ASOF before RIGHT JOIN",
        ),
        (
            "SELECT 1 FROM table(orders) AS o ANY LATEST JOIN table(prices) AS p ON o.at > p.at",
            "ANY and LATEST",
        ),
    ] {
        let error = fixture.error(sql);
        assert!(error.message.contains(part), "{sql}: {error}");
    }
    // As an alias, said with AS, the words are names like any other.
    let sql = "SELECT any.item FROM table(orders) AS any JOIN table(prices) AS latest \
               ON any.item = latest.item AND latest.price = 5";
    assert_eq!(fixture.rows(sql), [r#"["b"]"#, r#"["b"]"#]);
}

#[test]
fn an_alias_comes_before_a_column_of_its_name() {
    let fixture = Fixture::new().stream("s", &["n int64", "m int64"]);
    fixture.insert("s", "[1, 10, 0]");
    fixture.insert("s", "[2, 20, 0]");
    for (sql, rows) in [
        (
            "SELECT n + 10 AS n FROM table(s) WHERE n > 11",
            vec!["[12]"],
        ),
        (
            "SELECT m AS n, n + 1 AS k FROM table(s)",
            vec!["[10,11]", "[20,21]"],
        ),
        (
            "SELECT n % 2 AS n, count() FROM table(s) GROUP BY n ORDER BY n",
            vec!["[0,1]", "[1,1]"],
        ),
        (
            "SELECT -n AS n FROM table(s) ORDER BY n",
            vec!["[-2]", "[-1]"],
        ),
        // What becomes of all rows is no test of one.
        ("SELECT sum(n) AS n FROM table(s) WHERE n > 1", vec!["[2]"]),
        ("SELECT max(n) AS n FROM table(s) HAVING n > 1", vec!["[2]"]),
    ] {
        assert_eq!(fixture.rows(sql), rows, "{sql}");
    }
}
