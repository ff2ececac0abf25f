//! Between JSON on the wire and SQLite values in storage, by column type.
//!
//! | type | in SQLite | as JSON |
//! |---|---|---|
//! | bool | INTEGER 0/1 | `true`, `false` |
//! | integers up to 64 bits | INTEGER; above `i64::MAX` BLOB of 8 bytes, big-endian | number |
//! | 128 and 256 bits | TEXT of digits | string |
//! | decimal(p, s) | TEXT with exactly s fraction digits | number with those digits |
//! | float32, float64 | REAL; NaN as TEXT `nan` | number, `"inf"`, `"-inf"`, `"nan"` |
//! | string, fixed_string, uuid, ipv4, ipv6, enum | TEXT | string |
//! | date | INTEGER days since 1970 | `"2023-02-01"` |
//! | datetime | INTEGER seconds since 1970 | `"2023-02-01T01:02:03Z"` |
//! | datetime64(p) | INTEGER 10^-p seconds since 1970 | `"2023-02-01T01:02:03.456Z"` (p digits) |
//! | array, map, tuple, json | TEXT of JSON | that JSON |

mod container;
mod decode;
mod default;
mod encode;
mod object;
mod time;
mod wide;

pub use decode::decode;
pub(crate) use decode::{YEARS, enum_number};
pub use default::default_value;
pub use encode::{encode_row, value_text};
pub use object::Object;
pub use time::{datetime64_text, parse_instant};

#[cfg(test)]
mod tests;
