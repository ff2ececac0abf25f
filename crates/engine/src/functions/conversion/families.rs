//! `to_int8`, `to_int8_or_null` and their kind for each type.

use weir_api::DataType;

use super::{
    super::{Call, Function, time::shift::zone_argument},
    data_type, datetime64, decimal, or_default, or_zero, timed, try_cast,
};

/// Of each type: the value as it, and what comes where it does not fit.
macro_rules! families {
    ($($type:literal: $to:literal, $null:literal, $zero:literal, $default:literal;)*) => {
        &[$([
            Function {
                names: &[$to],
                signature: concat!($to, "(any) -> ", $type),
                help: concat!("The value as ", $type, "; an error where it does not fit."),
                arguments: (1, 1),
                build: |call| call.args[0].cast(&data_type($type)?),
            },
            Function {
                names: &[$null],
                signature: concat!($null, "(any) -> nullable(", $type, ")"),
                help: concat!("The value as ", $type, ", NULL where it does not fit."),
                arguments: (1, 1),
                build: |call| Ok(try_cast(&call.args[0], &data_type($type)?)),
            },
            Function {
                names: &[$zero],
                signature: concat!($zero, "(any) -> ", $type),
                help: concat!("The value as ", $type, ", the type's zero where it does not fit."),
                arguments: (1, 1),
                build: |call| or_zero(call, &data_type($type)?),
            },
            Function {
                names: &[$default],
                signature: concat!($default, "(any[, any]) -> ", $type),
                help: concat!("The value as ", $type, ", the second (or the type's zero) where it does not fit."),
                arguments: (1, 2),
                build: |call| or_default(call, &data_type($type)?, 1),
            },
        ]),*]
    };
}

pub(in crate::functions) const FAMILIES: &[[Function; 4]] = families! {
    "int8": "to_int8", "to_int8_or_null", "to_int8_or_zero", "to_int8_or_default";
    "int16": "to_int16", "to_int16_or_null", "to_int16_or_zero", "to_int16_or_default";
    "int32": "to_int32", "to_int32_or_null", "to_int32_or_zero", "to_int32_or_default";
    "int64": "to_int64", "to_int64_or_null", "to_int64_or_zero", "to_int64_or_default";
    "int128": "to_int128", "to_int128_or_null", "to_int128_or_zero", "to_int128_or_default";
    "int256": "to_int256", "to_int256_or_null", "to_int256_or_zero", "to_int256_or_default";
    "uint8": "to_uint8", "to_uint8_or_null", "to_uint8_or_zero", "to_uint8_or_default";
    "uint16": "to_uint16", "to_uint16_or_null", "to_uint16_or_zero", "to_uint16_or_default";
    "uint32": "to_uint32", "to_uint32_or_null", "to_uint32_or_zero", "to_uint32_or_default";
    "uint64": "to_uint64", "to_uint64_or_null", "to_uint64_or_zero", "to_uint64_or_default";
    "uint128": "to_uint128", "to_uint128_or_null", "to_uint128_or_zero", "to_uint128_or_default";
    "uint256": "to_uint256", "to_uint256_or_null", "to_uint256_or_zero", "to_uint256_or_default";
    "float32": "to_float32", "to_float32_or_null", "to_float32_or_zero", "to_float32_or_default";
    "float64": "to_float64", "to_float64_or_null", "to_float64_or_zero", "to_float64_or_default";
    "int32": "to_int", "to_int_or_null", "to_int_or_zero", "to_int_or_default";
    "uint32": "to_uint", "to_uint_or_null", "to_uint_or_zero", "to_uint_or_default";
    "float64": "to_float", "to_float_or_null", "to_float_or_zero", "to_float_or_default";
    "bool": "to_bool", "to_bool_or_null", "to_bool_or_zero", "to_bool_or_default";
    "uuid": "to_uuid", "to_uuid_or_null", "to_uuid_or_zero", "to_uuid_or_default";
    "ipv4": "to_ipv4", "to_ipv4_or_null", "to_ipv4_or_zero", "to_ipv4_or_default";
    "ipv6": "to_ipv6", "to_ipv6_or_null", "to_ipv6_or_zero", "to_ipv6_or_default";
};

/// To decimals of a width, the scale being the second argument.
macro_rules! decimals {
    ($($precision:literal: $to:literal, $null:literal, $zero:literal, $default:literal;)*) => {
        &[$([
            Function {
                names: &[$to],
                signature: concat!($to, "(any, scale) -> decimal"),
                help: "The value as a decimal with so many fraction digits.",
                arguments: (2, 2),
                build: |call| call.args[0].cast(&decimal(call, $precision)?),
            },
            Function {
                names: &[$null],
                signature: concat!($null, "(any, scale) -> nullable(decimal)"),
                help: "The value as a decimal with so many fraction digits, NULL where it does not fit.",
                arguments: (2, 2),
                build: |call| Ok(try_cast(&call.args[0], &decimal(call, $precision)?)),
            },
            Function {
                names: &[$zero],
                signature: concat!($zero, "(any, scale) -> decimal"),
                help: "The value as a decimal with so many fraction digits, 0 where it does not fit.",
                arguments: (2, 2),
                build: |call| or_zero(call, &decimal(call, $precision)?),
            },
            Function {
                names: &[$default],
                signature: concat!($default, "(any, scale[, any]) -> decimal"),
                help: "The value as a decimal with so many fraction digits, the third (or 0) where it does not fit.",
                arguments: (2, 3),
                build: |call| or_default(call, &decimal(call, $precision)?, 2),
            },
        ]),*]
    };
}

pub(in crate::functions) const DECIMALS: &[[Function; 4]] = decimals! {
    9: "to_decimal32", "to_decimal32_or_null", "to_decimal32_or_zero", "to_decimal32_or_default";
    18: "to_decimal64", "to_decimal64_or_null", "to_decimal64_or_zero", "to_decimal64_or_default";
    38: "to_decimal128", "to_decimal128_or_null", "to_decimal128_or_zero", "to_decimal128_or_default";
    76: "to_decimal256", "to_decimal256_or_null", "to_decimal256_or_zero", "to_decimal256_or_default";
    38: "to_decimal", "to_decimal_or_null", "to_decimal_or_zero", "to_decimal_or_default";
};

/// Times of a type and what comes where the value is none.
macro_rules! times {
    ($($to:literal $(| $alias:literal)*, $zone:literal, $failing:literal, $help:literal, $type:expr;)*) => {
        &[$(Function {
            names: &[$to $(, $alias)*],
            signature: concat!($to, "(any[, …[, 'zone']]) -> time"),
            help: $help,
            arguments: (1, $zone + 1),
            build: |call| {
                let data_type: fn(&Call<'_>) -> Result<DataType, String> = $type;
                timed(call, &data_type(call)?, $zone, $failing)
            },
        }),*]
    };
}

pub(in crate::functions) const TIMES_OR: &[Function] = &[
    Function {
        names: &["to_date_or_default", "to_date32_or_default"],
        signature: "to_date_or_default(any[, date]) -> date",
        help: "As to_date, the second (or 1970-01-01) where the value is none.",
        arguments: (1, 2),
        build: |call| or_default(call, &DataType::Date, 1),
    },
    Function {
        names: &["to_datetime_or_default"],
        signature: "to_datetime_or_default(any[, 'zone'[, time]]) -> datetime",
        help: "As to_datetime, the third (or 1970-01-01) where the value is none.",
        arguments: (1, 3),
        build: |call| {
            let zone = zone_argument(call, 1)?;
            or_default(call, &DataType::DateTime { zone }, 2)
        },
    },
    Function {
        names: &["to_datetime64_or_default"],
        signature: "to_datetime64_or_default(any[, digits[, 'zone'[, time]]]) -> datetime64",
        help: "As to_datetime64, the fourth (or 1970-01-01) where the value is none.",
        arguments: (1, 4),
        build: |call| or_default(call, &datetime64(call)?, 3),
    },
];

pub(in crate::functions) const TIMES: &[Function] = times! {
    "to_date" | "to_date32", 1, "error", "The value as a date, of a time in its zone; numbers are days since 1970, above 65535 seconds.", |_| Ok(DataType::Date);
    "to_date_or_null" | "to_date32_or_null", 1, "null", "As to_date, NULL where the value is none.", |_| Ok(DataType::Date);
    "to_date_or_zero" | "to_date32_or_zero", 1, "zero", "As to_date, 1970-01-01 where the value is none.", |_| Ok(DataType::Date);
    "to_datetime" | "to_datetime32", 1, "error", "The value as a time of whole seconds; numbers are seconds since 1970.", |call| Ok(DataType::DateTime { zone: zone_argument(call, 1)? });
    "to_datetime_or_null", 1, "null", "As to_datetime, NULL where the value is none.", |call| Ok(DataType::DateTime { zone: zone_argument(call, 1)? });
    "to_datetime_or_zero", 1, "zero", "As to_datetime, 1970-01-01 where the value is none.", |call| Ok(DataType::DateTime { zone: zone_argument(call, 1)? });
    "to_datetime64", 2, "error", "The value as a time with a fraction, three digits by default.", datetime64;
    "to_datetime64_or_null", 2, "null", "As to_datetime64, NULL where the value is none.", datetime64;
    "to_datetime64_or_zero", 2, "zero", "As to_datetime64, 1970-01-01 where the value is none.", datetime64;
};
