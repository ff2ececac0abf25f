// The words of Timeplus streaming SQL that the editor colours; functions come from Rust.
import { SQLDialect } from "@codemirror/lang-sql";

const keywords = `add after all alter and any as asc asof batch before between by case cast changelog changelog_kv
close codec column columns comment create cross database default delay delete desc describe
dictionary distinct drop else emit end engine event except exists expire explain expression external
false family fill final first format from full function global group having identified if ilike in
index inner insert interval into is join key kill last latest layout left lifetime like limit
materialized maxspan modify mutable not null nulls offset on only optimize or order outer over
partition pause per periodic prewhere primary processing proctime query random range recover rename
repeat replace resume right rows sample seek_to select semi session set settings show shuffle source
storing stream streams system table tables then ties time timeout to totals true truncate ttl union
unique update using values versioned_kv view views watermark when where window with`;

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
    hashComments: true,
    identifierQuotes: '`"',
    operatorChars: "*+-%<>!=&|~^/:",
  });
