//! Times as numbers since 1970.

use weir_api::DataType;

use super::{
    super::{Function, built},
    DATETIME, datetime64,
    shift::{time, zone_argument, zoned},
};

macro_rules! unix {
    ($to:literal, $from:literal, $precision:literal, $unit:literal) => {
        [
            Function {
                names: &[$to],
                signature: concat!($to, "(time) -> int64"),
                help: concat!($unit, " since 1970."),
                arguments: (1, 1),
                build: |call| {
                    let time = time(call, 0)?.cast(&datetime64($precision))?;
                    Ok(call.typed(time.sql, DataType::Int(64)))
                },
            },
            Function {
                names: &[$from],
                signature: concat!($from, "(integer[, 'zone']) -> datetime64"),
                help: concat!("The time so many ", $unit, " after 1970."),
                arguments: (1, 2),
                build: |call| {
                    let zone = zone_argument(call, 1)?;
                    Ok(call.typed(
                        call.int(0)?,
                        DataType::DateTime64 {
                            precision: $precision,
                            zone,
                        },
                    ))
                },
            },
        ]
    };
}

pub(in crate::functions) const UNIX: &[[Function; 2]] = &[
    unix!(
        "to_unix_timestamp64_second",
        "from_unix_timestamp64_second",
        0,
        "Seconds"
    ),
    unix!(
        "to_unix_timestamp64_milli",
        "from_unix_timestamp64_milli",
        3,
        "Milliseconds"
    ),
    unix!(
        "to_unix_timestamp64_micro",
        "from_unix_timestamp64_micro",
        6,
        "Microseconds"
    ),
    unix!(
        "to_unix_timestamp64_nano",
        "from_unix_timestamp64_nano",
        9,
        "Nanoseconds"
    ),
];

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["to_unix_timestamp"],
        signature: "to_unix_timestamp(time[, 'zone']) -> uint32",
        help: "Seconds since 1970.",
        arguments: (1, 2),
        build: |call| {
            let seconds = zoned(call, 0, 1)?.cast(&DATETIME)?;
            Ok(call.typed(seconds.sql, DataType::Int(64)))
        },
    },
    Function {
        names: &["from_unix_timestamp"],
        signature: "from_unix_timestamp(integer[, 'format'[, 'zone']]) -> datetime | string",
        help: "The time so many seconds after 1970, as text where there is a format.",
        arguments: (1, 3),
        build: |call| {
            let time = call.typed(call.int(0)?, DATETIME);
            if call.args.len() == 1 {
                return Ok(time);
            }
            let args: Vec<_> = std::iter::once(time)
                .chain(call.args[1..].iter().cloned())
                .collect();
            built("format_datetime", &call.with(&args))
        },
    },
];
