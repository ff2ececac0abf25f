//! What followed streams, windows and aggregates cannot do.
use super::refused;

#[test]
fn what_a_followed_stream_cannot_do_is_told() {
    refused(
        "SELECT id FROM orders ORDER BY id",
        "ORDER BY over a followed stream",
        1,
        32,
    );
    refused(
        "SELECT id FROM (SELECT id FROM orders LIMIT 5)",
        "LIMIT in a subquery",
        1,
        45,
    );
    refused(
        "WITH a AS (SELECT id, count() AS c FROM orders GROUP BY id) SELECT count() FROM tumble(a, 5s) GROUP BY window_end",
        "a window over an aggregation without windows",
        1,
        81,
    );
    refused(
        "SELECT id FROM orders UNION ALL SELECT 1",
        "UNION takes followed streams on both sides",
        1,
        33,
    );
    refused(
        "SELECT 1 FROM table(orders) AS t LEFT JOIN orders AS o ON o.id = t.id",
        "LEFT JOIN cannot follow",
        1,
        44,
    );
    refused(
        "SELECT count() FROM orders EMIT AFTER WATERMARK",
        "window_start or window_end",
        1,
        28,
    );
    refused(
        "SELECT count() FROM table(orders) EMIT PERIODIC 5s",
        "follow a stream",
        1,
        35,
    );
    refused(
        "SELECT id FROM orders EMIT PERIODIC 5s",
        "EMIT is for aggregations",
        1,
        23,
    );
    refused(
        "SELECT count() FROM session(orders, 5s) GROUP BY window_end EMIT PERIODIC 5s REPEAT",
        "sessions are sent when they end",
        1,
        61,
    );
    refused("SELECT id FROM orders LIMIT 5 OFFSET 3", "OFFSET", 1, 29);
}

#[test]
fn aggregates_stand_where_they_can() {
    refused(
        "SELECT id, count() FROM orders GROUP BY customer",
        "column 'id' is neither in GROUP BY",
        1,
        8,
    );
    refused(
        "SELECT 1 FROM orders WHERE count() > 1",
        "cannot be used in WHERE",
        1,
        28,
    );
    refused(
        "SELECT sum(count()) FROM orders",
        "cannot be used in WHERE, GROUP BY, ON or another aggregate",
        1,
        12,
    );
    refused(
        "SELECT * FROM orders GROUP BY id",
        "* cannot be selected from groups",
        1,
        8,
    );
    refused(
        "SELECT id FROM orders HAVING id > 1",
        "HAVING takes GROUP BY",
        1,
        30,
    );
    refused(
        "SELECT id FROM orders GROUP BY 7",
        "position 7 is not in the select list",
        1,
        32,
    );
}

#[test]
fn windows_are_checked() {
    refused("SELECT 1 FROM tumble(orders)", "tumble takes", 1, 15);
    refused(
        "SELECT 1 FROM tumble(orders, customer, 5s)",
        "a time, not string",
        1,
        30,
    );
    refused("SELECT 1 FROM tumble(orders, 0M)", "from 1 to 1200", 1, 30);
    refused("SELECT 1 FROM hop(orders, 5s, 1s)", "hop's length", 1, 15);
    refused("SELECT tumble(1)", "is a relation: write it in FROM", 1, 8);
}
