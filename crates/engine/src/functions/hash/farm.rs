//! FarmHash of 64 bits as machines without SSE 4.1 have it. Short texts are the crate's; those of more
//! than a block are here, since the crate takes the last block of a text of whole blocks twice.

const K0: u64 = 0xc3a5_c85c_97cb_3127;
const K1: u64 = 0xb492_b66f_be98_f273;
const K2: u64 = 0x9ae1_6a3b_2f90_404f;
const BLOCK: usize = 64;

pub(super) fn hash64(bytes: &[u8]) -> u64 {
    match bytes.len() {
        0..=96 => farmhash::hash64(bytes),
        97..=256 => blocks(bytes),
        _ => long(bytes),
    }
}

pub(super) fn fingerprint64(bytes: &[u8]) -> u64 {
    if bytes.len() <= BLOCK {
        farmhash::fingerprint64(bytes)
    } else {
        blocks(bytes)
    }
}

/// The eight numbers of each block but the last, and those of the last 64 bytes.
fn cut(bytes: &[u8]) -> (impl Iterator<Item = [u64; 8]>, [u64; 8]) {
    let before = (bytes.len() - 1) / BLOCK * BLOCK;
    let blocks = bytes[..before].chunks_exact(BLOCK).map(numbers);
    (blocks, numbers(&bytes[bytes.len() - BLOCK..]))
}

fn numbers(block: &[u8]) -> [u64; 8] {
    let mut out = [0; 8];
    for (number, eight) in out.iter_mut().zip(block.as_chunks().0) {
        *number = u64::from_le_bytes(*eight);
    }
    out
}

fn shift_mix(n: u64) -> u64 {
    n ^ (n >> 47)
}

fn mixed(u: u64, v: u64, by: u64) -> u64 {
    let a = shift_mix((u ^ v).wrapping_mul(by));
    shift_mix((v ^ a).wrapping_mul(by)).wrapping_mul(by)
}

/// Four numbers and two seeds in two.
fn weak(n: &[u64], a: u64, b: u64) -> (u64, u64) {
    let a = a.wrapping_add(n[0]);
    let b = b.wrapping_add(a).wrapping_add(n[3]).rotate_right(21);
    let sum = a.wrapping_add(n[1]).wrapping_add(n[2]);
    let b = b.wrapping_add(sum.rotate_right(44));
    (sum.wrapping_add(n[3]), b.wrapping_add(a))
}

type State = (u64, u64, u64, (u64, u64), (u64, u64));

/// `farmhashna`, of more than one block.
fn blocks(bytes: &[u8]) -> u64 {
    let (all, last) = cut(bytes);
    let y = 2_480_279_821_605_975_764_u64;
    let z = shift_mix(y.wrapping_mul(K2).wrapping_add(113)).wrapping_mul(K2);
    let first = numbers(&bytes[..BLOCK])[0];
    let mut state: State = (
        81_u64.wrapping_mul(K2).wrapping_add(first),
        y,
        z,
        (0, 0),
        (0, 0),
    );
    for n in all {
        let (x, y, z, v, w) = state;
        let x = x.wrapping_add(y).wrapping_add(v.0).wrapping_add(n[1]);
        let x = x.rotate_right(37).wrapping_mul(K1) ^ w.1;
        let y = y.wrapping_add(v.1).wrapping_add(n[6]).rotate_right(42);
        let y = y.wrapping_mul(K1).wrapping_add(v.0).wrapping_add(n[5]);
        let z = z.wrapping_add(w.0).rotate_right(33).wrapping_mul(K1);
        let v = weak(&n[..4], v.1.wrapping_mul(K1), x.wrapping_add(w.0));
        let w = weak(&n[4..], z.wrapping_add(w.1), y.wrapping_add(n[2]));
        state = (z, y, x, v, w);
    }
    let (x, y, z, mut v, mut w) = state;
    let by = K1.wrapping_add((z & 0xff) << 1);
    w.0 = w.0.wrapping_add((bytes.len() as u64 - 1) & 63);
    v.0 = v.0.wrapping_add(w.0);
    w.0 = w.0.wrapping_add(v.0);
    let x = x.wrapping_add(y).wrapping_add(v.0).wrapping_add(last[1]);
    let x = x.rotate_right(37).wrapping_mul(by) ^ w.1.wrapping_mul(9);
    let y = y.wrapping_add(v.1).wrapping_add(last[6]).rotate_right(42);
    let y = y
        .wrapping_mul(by)
        .wrapping_add(v.0.wrapping_mul(9))
        .wrapping_add(last[5]);
    let z = z.wrapping_add(w.0).rotate_right(33).wrapping_mul(by);
    let v = weak(&last[..4], v.1.wrapping_mul(by), x.wrapping_add(w.0));
    let w = weak(&last[4..], z.wrapping_add(w.1), y.wrapping_add(last[2]));
    let left = mixed(v.0, w.0, by)
        .wrapping_add(shift_mix(y).wrapping_mul(K0))
        .wrapping_add(x);
    mixed(left, mixed(v.1, w.1, by).wrapping_add(z), by)
}

/// `farmhashuo`, of more than one block, with the seeds 81 and 0.
fn long(bytes: &[u8]) -> u64 {
    let (all, last) = cut(bytes);
    let (mut x, mut y) = (81_u64, 113_u64);
    let mut z = shift_mix(y.wrapping_mul(K2)).wrapping_mul(K2);
    let (mut v, mut w) = ((81_u64, 0_u64), (0_u64, 0_u64));
    let mut u = x.wrapping_sub(z);
    x = x.wrapping_mul(K2);
    let by = K2.wrapping_add(u & 0x82);
    for n in all {
        x = x
            .wrapping_add(n[0])
            .wrapping_add(n[1])
            .rotate_right(26)
            .wrapping_mul(9);
        y = y.wrapping_add(n[2]).rotate_right(29);
        z = z.wrapping_add(n[3]).wrapping_mul(by);
        v.0 = v.0.wrapping_add(n[4]).rotate_right(33);
        v.1 = v.1.wrapping_add(n[5]).wrapping_add(n[1]).rotate_right(30);
        w.0 = (w.0.wrapping_add(n[6]) ^ x).wrapping_mul(9);
        w.1 = w.1.wrapping_add(n[7]);
        z = z.rotate_right(32).wrapping_add(w.1);
        w.1 = w.1.wrapping_add(z);
        z = z.wrapping_mul(9);
        std::mem::swap(&mut u, &mut y);
        z = z.wrapping_add(n[0]).wrapping_add(n[6]);
        v.0 = v.0.wrapping_add(n[2]);
        v.1 = v.1.wrapping_add(n[3]);
        w.0 = w.0.wrapping_add(n[4]);
        w.1 = w.1.wrapping_add(n[5]).wrapping_add(n[6]);
        x = x.wrapping_add(n[1]);
        y = y.wrapping_add(n[7]).wrapping_add(v.0);
        v.0 = v.0.wrapping_add(x).wrapping_sub(y);
        v.1 = v.1.wrapping_add(w.0);
        w.0 = w.0.wrapping_add(v.1);
        w.1 = w.1.wrapping_add(x).wrapping_sub(y);
        x = x.wrapping_add(w.1);
        w.1 = w.1.rotate_right(34);
        std::mem::swap(&mut u, &mut z);
    }
    u = u.wrapping_mul(9);
    v = (v.0.rotate_right(20), v.1.rotate_right(28));
    w.0 = w.0.wrapping_add((bytes.len() as u64 - 1) & 63);
    u = u.wrapping_add(y);
    y = y.wrapping_add(u);
    x = y.wrapping_sub(x).wrapping_add(v.0).wrapping_add(last[1]);
    x = x.rotate_right(37).wrapping_mul(by) ^ w.1.wrapping_mul(9);
    y = (y ^ v.1 ^ last[6]).rotate_right(42).wrapping_mul(by);
    y = y.wrapping_add(v.0).wrapping_add(last[5]);
    z = z.wrapping_add(w.0).rotate_right(33).wrapping_mul(by);
    v = weak(&last[..4], v.1.wrapping_mul(by), x.wrapping_add(w.0));
    w = weak(&last[4..], z.wrapping_add(w.1), y.wrapping_add(last[2]));
    let left = mixed(v.0.wrapping_add(x), w.0 ^ y, by)
        .wrapping_add(z)
        .wrapping_sub(u);
    let right = turned(v.1.wrapping_add(y), w.1.wrapping_add(z), 30) ^ x;
    turned(left, right, 31)
}

fn turned(x: u64, y: u64, by: u32) -> u64 {
    let a = shift_mix((x ^ y).wrapping_mul(K2));
    (y ^ a).wrapping_mul(K2).rotate_right(by).wrapping_mul(K2)
}
