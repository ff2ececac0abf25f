//! CityHash 1.0.2 of 64 bits by Geoff Pike and Jyrki Alakuijala. Later versions differ.

const K0: u64 = 0xc3a5_c85c_97cb_3127;
const K1: u64 = 0xb492_b66f_be98_f273;
const K2: u64 = 0x9ae1_6a3b_2f90_404f;
const K3: u64 = 0xc949_d7c7_509e_6557;

fn word(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

fn half(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u64::from(u32::from_le_bytes(word))
}

fn mixed(value: u64) -> u64 {
    value ^ value >> 47
}

/// Two hashes as one.
pub(super) fn combine(low: u64, high: u64) -> u64 {
    const MUL: u64 = 0x9ddf_ea08_eb38_2d69;
    let mut a = (low ^ high).wrapping_mul(MUL);
    a ^= a >> 47;
    let mut b = (high ^ a).wrapping_mul(MUL);
    b ^= b >> 47;
    b.wrapping_mul(MUL)
}

fn to16(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    if length > 8 {
        let (a, b) = (word(bytes, 0), word(bytes, length - 8));
        return combine(a, b.wrapping_add(length as u64).rotate_right(length as u32)) ^ b;
    }
    if length >= 4 {
        let a = half(bytes, 0);
        return combine(length as u64 + (a << 3), half(bytes, length - 4));
    }
    if length > 0 {
        let (a, b, c) = (bytes[0], bytes[length >> 1], bytes[length - 1]);
        let y = u64::from(a) + (u64::from(b) << 8);
        let z = length as u64 + (u64::from(c) << 2);
        return mixed(y.wrapping_mul(K2) ^ z.wrapping_mul(K3)).wrapping_mul(K2);
    }
    K2
}

fn to32(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    let a = word(bytes, 0).wrapping_mul(K1);
    let b = word(bytes, 8);
    let c = word(bytes, length - 8).wrapping_mul(K2);
    let d = word(bytes, length - 16).wrapping_mul(K0);
    let low = a
        .wrapping_sub(b)
        .rotate_right(43)
        .wrapping_add(c.rotate_right(30))
        .wrapping_add(d);
    let high = a
        .wrapping_add((b ^ K3).rotate_right(20))
        .wrapping_sub(c)
        .wrapping_add(length as u64);
    combine(low, high)
}

fn weak32(bytes: &[u8], at: usize, mut a: u64, mut b: u64) -> (u64, u64) {
    let (w, x, y, z) = (
        word(bytes, at),
        word(bytes, at + 8),
        word(bytes, at + 16),
        word(bytes, at + 24),
    );
    a = a.wrapping_add(w);
    b = b.wrapping_add(a).wrapping_add(z).rotate_right(21);
    let c = a;
    a = a.wrapping_add(x).wrapping_add(y);
    b = b.wrapping_add(a.rotate_right(44));
    (a.wrapping_add(z), b.wrapping_add(c))
}

fn to64(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    let size = length as u64;
    let mut z = word(bytes, 24);
    let mut a =
        word(bytes, 0).wrapping_add(size.wrapping_add(word(bytes, length - 16)).wrapping_mul(K0));
    let mut b = a.wrapping_add(z).rotate_right(52);
    let mut c = a.rotate_right(37);
    a = a.wrapping_add(word(bytes, 8));
    c = c.wrapping_add(a.rotate_right(7));
    a = a.wrapping_add(word(bytes, 16));
    let vf = a.wrapping_add(z);
    let vs = b.wrapping_add(a.rotate_right(31)).wrapping_add(c);
    a = word(bytes, 16).wrapping_add(word(bytes, length - 32));
    z = word(bytes, length - 8);
    b = a.wrapping_add(z).rotate_right(52);
    c = a.rotate_right(37);
    a = a.wrapping_add(word(bytes, length - 24));
    c = c.wrapping_add(a.rotate_right(7));
    a = a.wrapping_add(word(bytes, length - 16));
    let wf = a.wrapping_add(z);
    let ws = b.wrapping_add(a.rotate_right(31)).wrapping_add(c);
    let r = mixed(
        vf.wrapping_add(ws)
            .wrapping_mul(K2)
            .wrapping_add(wf.wrapping_add(vs).wrapping_mul(K0)),
    );
    mixed(r.wrapping_mul(K0).wrapping_add(vs)).wrapping_mul(K2)
}

pub(super) fn hash64(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    match length {
        0..=16 => return to16(bytes),
        17..=32 => return to32(bytes),
        33..=64 => return to64(bytes),
        _ => {}
    }
    let mut x = word(bytes, 0);
    let mut y = word(bytes, length - 16) ^ K1;
    let mut z = word(bytes, length - 56) ^ K0;
    let mut v = weak32(bytes, length - 64, length as u64, y);
    let mut w = weak32(bytes, length - 32, (length as u64).wrapping_mul(K1), K0);
    z = z.wrapping_add(mixed(v.1).wrapping_mul(K1));
    x = z.wrapping_add(x).rotate_right(39).wrapping_mul(K1);
    y = y.rotate_right(33).wrapping_mul(K1);
    for at in (0..(length - 1) & !63).step_by(64) {
        x = x
            .wrapping_add(y)
            .wrapping_add(v.0)
            .wrapping_add(word(bytes, at + 16));
        x = x.rotate_right(37).wrapping_mul(K1);
        y = y.wrapping_add(v.1).wrapping_add(word(bytes, at + 48));
        y = y.rotate_right(42).wrapping_mul(K1);
        x ^= w.1;
        y ^= v.0;
        z = (z ^ w.0).rotate_right(33);
        v = weak32(bytes, at, v.1.wrapping_mul(K1), x.wrapping_add(w.0));
        w = weak32(bytes, at + 32, z.wrapping_add(w.1), y);
        std::mem::swap(&mut z, &mut x);
    }
    combine(
        combine(v.0, w.0)
            .wrapping_add(mixed(y).wrapping_mul(K1))
            .wrapping_add(z),
        combine(v.1, w.1).wrapping_add(x),
    )
}
