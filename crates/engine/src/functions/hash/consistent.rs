//! Hashes that change little when the number of buckets does.

/// Lamping's and Veach's jump hash.
pub(super) fn jump(mut key: u64, buckets: i64) -> i64 {
    let (mut bucket, mut next) = (-1, 0);
    while next < buckets {
        bucket = next;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        let share = (1i64 << 31) as f64 / ((key >> 33) + 1) as f64;
        next = ((bucket + 1) as f64 * share) as i64;
    }
    bucket
}

/// Oblakov's hash: the four quarters of the key say where among the next larger power of two.
pub(super) fn kostik(key: u64, buckets: u64) -> u64 {
    let part = |shift: u32| key >> shift & 0xffff;
    let (a, b, c, d) = (part(0), part(16), part(32), part(48));
    if buckets <= 1 {
        return 0;
    }
    let k = u64::BITS - (buckets - 1).leading_zeros();
    let large = in_power(a, b, c, 1 << k);
    if large < buckets {
        return large;
    }
    let shift = 16 - k;
    let mut rest = d << shift | c >> k;
    rest = rest << (shift + 1) | b >> (k - 1);
    rest = rest << (shift + 1) | a >> (k - 1);
    let half = 1 << (k - 1);
    let between = (rest % (large * (large + 1))) / (1 << k) + half;
    match between < buckets {
        true => between,
        false => in_power(a, b, c, half),
    }
}

fn in_power(a: u64, b: u64, c: u64, power: u64) -> u64 {
    let block = c & (power - 1);
    if block < 2 {
        return block;
    }
    let top = 1 << (u64::BITS - 1 - block.leading_zeros());
    let half = match block.count_ones() % 2 {
        0 => a,
        _ => b,
    };
    top + (half & (top - 1))
}
