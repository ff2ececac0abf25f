// The words of Timeplus streaming SQL that the editor colours; functions come from Rust.
import { SQLDialect } from "@codemirror/lang-sql";

const keywords = `add after all alter and any as asc asof before between by case cast changelog
changelog_kv column columns create cross database default delay delete desc describe distinct drop
else emit end engine except exists explain external fill final first format from full function global
group having if ilike in inner insert interval into is join key kill last latest left like limit
materialized modify mutable not null nulls offset on or order outer over partition periodic
primary processing query range rename replace right rows sample seek_to select set settings show
stream streams table tables then ties time timeout to totals true false ttl union update using
values versioned_kv view views watermark when where window with`;

const types = `array bool boolean bigint date date32 datetime datetime64 decimal decimal32 decimal64
decimal128 decimal256 double enum enum8 enum16 fixed_string float float32 float64 int int8 int16
int32 int64 int128 int256 integer ipv4 ipv6 json low_cardinality map nullable smallint string text
tinyint tuple uint8 uint16 uint32 uint64 uint128 uint256 uuid varchar`;

const words = (text) => text.split(/\s+/).join(" ");

export const timeplus = (functions) =>
  SQLDialect.define({
    keywords: words(keywords),
    types: words(types),
    builtin: functions.join(" "),
    backslashEscapes: true,
    identifierQuotes: '`"',
    operatorChars: "*+-%<>!=&|~^/:",
  });
