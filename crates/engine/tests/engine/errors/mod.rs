//! What is refused, in which words, and where.

mod streams;
mod syntax;

use weir_engine::Position;

use crate::fixture::Fixture;

fn fixture() -> Fixture {
    Fixture::new()
        .stream(
            "orders",
            &["id int32", "customer string", "amount decimal(10, 2)"],
        )
        .view_of("broken", "SELECT nothing FROM orders")
        .view_of("loop", "SELECT * FROM loop")
}

/// Message part, line and column.
fn refused(sql: &str, part: &str, line: u64, column: u64) {
    let error = fixture().error(sql);
    assert!(error.message.contains(part), "{sql}: {error}");
    assert_eq!(
        error.position,
        Some(Position { line, column }),
        "{sql}: {error}"
    );
}

#[test]
fn unknown_names_are_named_with_a_close_one() {
    refused(
        "SELECT custmer FROM orders",
        "unknown column 'custmer' (did you mean 'customer'?)",
        1,
        8,
    );
    refused(
        "SELECT id\nFROM order",
        "unknown stream or view 'order' (did you mean 'orders'?)",
        2,
        6,
    );
    refused(
        "SELECT o.idd FROM orders AS o",
        "unknown column 'o.idd' (did you mean 'id'?)",
        1,
        10,
    );
    refused(
        "SELECT\n  cuont(id) FROM orders",
        "unknown function 'cuont' (did you mean 'count'?)",
        2,
        3,
    );
    refused("SELECT zzzzz FROM orders", "unknown column 'zzzzz'", 1, 8);
    refused(
        "SELECT id FROM table(nowhere)",
        "unknown stream or view 'nowhere'",
        1,
        22,
    );
    refused("DESCRIBE ordrs", "did you mean 'orders'", 1, 10);
    refused("SELECT ID FROM orders", "did you mean 'id'", 1, 8);
}

#[test]
fn what_is_outside_the_subset_is_named() {
    refused(
        "SELECT sum(id) OVER () FROM orders",
        "OVER over a followed stream is not supported",
        1,
        8,
    );
    refused(
        "SELECT id FROM cluster(orders)",
        "'cluster()' in FROM",
        1,
        16,
    );
    refused(
        "SELECT id FROM orders EMIT SOMETIMES",
        "EMIT SOMETIMES",
        1,
        28,
    );
    refused(
        "SELECT id FROM orders SETTINGS extremes = 1",
        "setting 'extremes'",
        1,
        32,
    );
    refused(
        "SELECT id FROM (SELECT id FROM orders EMIT PERIODIC 1s)",
        "this EMIT is for aggregations",
        1,
        39,
    );
    refused(
        "SELECT DISTINCT id FROM orders LIMIT 1 BY id",
        "LIMIT … BY",
        1,
        38,
    );
    refused(
        "WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a",
        "WITH RECURSIVE",
        1,
        1,
    );
    refused("UPDATE orders", "UPDATE is not supported", 1, 1);
    refused(
        "CREATE EXTERNAL STREAM x (a int8)",
        "SETTINGS type = '…' is needed",
        1,
        33,
    );
    refused("CREATE SHAPE x (a int8)", "CREATE SHAPE", 1, 8);
}

#[test]
fn types_are_checked_before_a_row_is_read() {
    refused(
        "SELECT customer + 1 FROM orders",
        "+ cannot be applied to string and uint8",
        1,
        8,
    );
    refused(
        "SELECT 1 FROM orders WHERE customer",
        "a condition is a bool, not string",
        1,
        28,
    );
    refused(
        "SELECT 1 FROM orders WHERE id = 'x'",
        "'x' is not a valid int32",
        1,
        28,
    );
    refused(
        "SELECT 1 FROM orders WHERE customer = 5",
        "cannot be compared",
        1,
        28,
    );
    refused(
        "SELECT 1 FROM orders WHERE _tp_time > 'yesterday'",
        "'yesterday' is not a valid datetime64(3)",
        1,
        28,
    );
    refused(
        "SELECT sum(customer) FROM orders",
        "sum: takes a number, not string",
        1,
        8,
    );
    refused(
        "SELECT lower() FROM orders",
        "lower takes 1 arguments, not 0",
        1,
        8,
    );
    refused(
        "SELECT id::strin FROM orders",
        "'strin' is not a known type",
        1,
        8,
    );
    refused("SELECT 5s", "an interval", 1, 8);
    refused("SELECT [1, 'a']", "no type in common", 1, 9);
    refused(
        "SELECT quantile(id, 2) FROM orders",
        "a number from 0 to 1",
        1,
        8,
    );
}

#[test]
fn views_that_cannot_be_read_are_errors() {
    refused(
        "SELECT * FROM broken",
        "in view 'broken': unknown column 'nothing'",
        1,
        15,
    );
    let error = fixture().error("SELECT * FROM loop");
    assert!(error.message.contains("reads itself"), "{error}");
}
