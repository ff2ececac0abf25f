//! Bits of whole numbers.

use weir_api::DataType;

use super::native::{Args, Native, Out, native};

pub(super) const FUNCTIONS: &[Native] = &[
    native(
        "bit_and(integer, integer) -> integers",
        "Bits set in both.",
        |a| wrapped(a, a.int(0)? & a.int(1)?),
    ),
    native(
        "bit_or(integer, integer) -> integers",
        "Bits set in one of both.",
        |a| wrapped(a, a.int(0)? | a.int(1)?),
    ),
    native(
        "bit_xor(integer, integer) -> integers",
        "Bits set in only one of both.",
        |a| wrapped(a, a.int(0)? ^ a.int(1)?),
    ),
    native(
        "bit_not(integer) -> integer",
        "Every bit turned over.",
        |a| wrapped(a, !a.int(0)?),
    ),
    native(
        "bit_shift_left(integer, integer) -> integer",
        "Bits moved up; those beyond are lost.",
        |a| {
            let by = shift(a)?;
            wrapped(
                a,
                if by > 127 {
                    0
                } else {
                    a.int(0)?.wrapping_shl(by)
                },
            )
        },
    ),
    native(
        "bit_shift_right(integer, integer) -> integer",
        "Bits moved down; those beyond are lost.",
        |a| wrapped(a, a.int(0)? >> shift(a)?.min(127)),
    ),
    native(
        "bit_rotate_left(integer, integer) -> integer",
        "Bits moved up; those beyond come in below.",
        |a| rotated(a, shift(a)?),
    ),
    native(
        "bit_rotate_right(integer, integer) -> integer",
        "Bits moved down; those beyond come in above.",
        |a| {
            let width = bits(a);
            rotated(a, width - shift(a)? % width)
        },
    ),
    native(
        "bit_test(integer, integer) -> bool",
        "Whether the bit of that number, from 0, is set.",
        |a| Ok(bit(a, 1)?.into()),
    ),
    native(
        "bit_test_all(integer, integer, integer…) -> bool",
        "Whether all bits of those numbers are set.",
        |a| {
            let all = (1..a.len())
                .map(|index| bit(a, index))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(all.into_iter().all(|set| set).into())
        },
    ),
    native(
        "bit_test_any(integer, integer, integer…) -> bool",
        "Whether one of the bits of those numbers is set.",
        |a| {
            let all = (1..a.len())
                .map(|index| bit(a, index))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(all.into_iter().any(|set| set).into())
        },
    ),
    native("bit_count(integer) -> uint8", "Bits that are set.", |a| {
        Ok(pattern(a, 0)?.count_ones().into())
    }),
    native(
        "bit_hamming_distance(integer, integer) -> uint8",
        "Bits that differ.",
        // As numbers of 64 bits.
        |a| Ok(((a.int(0)? ^ a.int(1)?) as u64).count_ones().into()),
    ),
    native(
        "byte_swap(integer) -> integer",
        "The bytes from last to first.",
        |a| {
            let bytes = pattern(a, 0)?.swap_bytes() >> (128 - bits(a));
            wrapped(a, bytes.cast_signed())
        },
    ),
    native(
        "bitmask_to_array(integer) -> array(integer)",
        "The powers of two of which the number is the sum.",
        |a| {
            let number = pattern(a, 0)?;
            let set = (0..64).filter(|bit| number >> bit & 1 == 1);
            let signed = matches!(a.data_type(0), DataType::Int(_));
            let power = |bit: u32| match signed && bit + 1 == bits(a) {
                true => (-1i128 << bit).to_string(),
                false => (1i128 << bit).to_string(),
            };
            Ok(Out::array(set.map(power)))
        },
    ),
    native(
        "bit_positions_to_array(integer) -> array(uint64)",
        "The numbers, from 0, of the bits that are set.",
        |a| {
            let number = pattern(a, 0)?;
            let set = (0..64).filter(|bit| number >> bit & 1 == 1);
            Ok(Out::array(set.map(|bit: u32| bit.to_string())))
        },
    ),
];

fn width(data_type: &DataType) -> u32 {
    match data_type {
        DataType::Int(bits) | DataType::UInt(bits) => u32::from(*bits),
        _ => 8,
    }
}

/// Of the first argument.
fn bits(a: &Args<'_>) -> u32 {
    width(a.data_type(0)).min(64)
}

/// The bits of an argument as an unsigned number.
fn pattern(a: &Args<'_>, index: usize) -> Result<u128, String> {
    let number = a.int(index)?.cast_unsigned();
    let width = width(a.data_type(index)).min(128);
    Ok(if width < 128 {
        number & ((1 << width) - 1)
    } else {
        number
    })
}

fn bit(a: &Args<'_>, index: usize) -> Result<bool, String> {
    let at = u32::try_from(a.int(index)?).ok().filter(|at| *at < bits(a));
    let at = at.ok_or_else(|| {
        format!(
            "argument {} is a bit's number from 0 to {}",
            index + 1,
            bits(a) - 1
        )
    })?;
    Ok(a.int(0)? >> at & 1 == 1)
}

fn shift(a: &Args<'_>) -> Result<u32, String> {
    u32::try_from(a.int(1)?).map_err(|_| "argument 2 is a number of bits from 0".to_string())
}

fn rotated(a: &Args<'_>, by: u32) -> Result<Out, String> {
    let (width, number) = (bits(a), pattern(a, 0)?);
    let by = by % width;
    wrapped(a, (number << by | number >> (width - by)).cast_signed())
}

/// The lowest bits of a number as the result's type has them.
fn wrapped(a: &Args<'_>, number: i128) -> Result<Out, String> {
    Ok(Out::Int(match a.result() {
        DataType::Int(bits @ 8..=64) => number << (128 - bits) >> (128 - bits),
        DataType::UInt(bits @ 8..=64) => number & ((1 << bits) - 1),
        _ => number,
    }))
}
