//! `format`.

use weir_engine::{format, parse};

#[test]
fn clauses_begin_lines_and_comments_stay() {
    let sql = "select a,b  , count(*) as c from tumble(s,5s) -- windows\nwhere x>1 and name in ('select',2) /* why */ group by a, b having c>1 order by 1 desc limit 5 emit periodic 5s settings seek_to='earliest'";
    let expected = "SELECT a,\n  b,\n  count(*) AS c\nFROM tumble(s, 5s) -- windows\nWHERE x > 1 AND name IN ('select', 2) /* why */\nGROUP BY a,\n  b\nHAVING c > 1\nORDER BY 1 DESC\nLIMIT 5\nEMIT periodic 5s\nSETTINGS seek_to = 'earliest'";
    assert_eq!(format(sql).unwrap(), expected);
    assert_eq!(format(expected).unwrap(), expected);
}

#[test]
fn subqueries_are_indented() {
    assert_eq!(
        format("with a as (select 1) select * from (select x from a) as b left join table(c) as d on b.x=d.x").unwrap(),
        "WITH a AS (\n  SELECT 1\n)\nSELECT *\nFROM (\n  SELECT x\n  FROM a\n) AS b\nLEFT JOIN table(c) AS d ON b.x = d.x"
    );
}

#[test]
fn meaning_does_not_change() {
    for sql in [
        "select a.b::int64 , x[1], -1, f( a,b ), `from`, \"Group\" from t",
        "select 'it''s', '--no', 1e5, 5s, interval 5 second from t where a<>-1 and not b",
        "select case when a then 1 else 2 end from table(s)",
        "create stream s (a int8 default 1, b array(string)) settings shards=1",
        "insert into s values (1,'a'), (2,'b')",
        "select count(distinct x), sum(y) filter (where y>1) from t union all select 1, 2",
        "select left('abc',1) as `left`, right(x,1) from s cross join table(t) as u",
    ] {
        let formatted = format(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let squeeze = |text: &str| text.to_lowercase().split_whitespace().collect::<String>();
        assert_eq!(squeeze(&formatted), squeeze(sql));
        assert!(parse(&formatted).is_ok(), "{formatted}");
        assert_eq!(format(&formatted).unwrap(), formatted);
    }
    assert!(format("select from").is_err());
}
