//! MetroHash64 by J. Andrew Rogers, its first variant, with the seed 0.

const K0: u64 = 0xc83a_91e1;
const K1: u64 = 0x8648_dbdb;
const K2: u64 = 0x7bde_c03b;
const K3: u64 = 0x2f58_70a5;

fn word(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().rev();
    bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
}

fn mixed(hash: u64, by: u32) -> u64 {
    hash.rotate_right(by).wrapping_mul(K1)
}

pub(super) fn hash64(bytes: &[u8]) -> u64 {
    let mut hash = K2.wrapping_mul(K0).wrapping_add(bytes.len() as u64);
    let mut blocks = bytes.chunks_exact(32);
    if bytes.len() >= 32 {
        let mut v = [hash; 4];
        for block in &mut blocks {
            for (lane, (part, factor)) in block.chunks_exact(8).zip([K0, K1, K2, K3]).enumerate() {
                v[lane] = v[lane].wrapping_add(word(part).wrapping_mul(factor));
                v[lane] = v[lane].rotate_right(29).wrapping_add(v[(lane + 2) % 4]);
            }
        }
        let turned = |a: u64, b: u64, factor: u64, plus: u64| {
            let sum = a.wrapping_add(b).wrapping_mul(factor);
            sum.wrapping_add(plus).rotate_right(33)
        };
        v[2] ^= turned(v[0], v[3], K0, v[1]).wrapping_mul(K1);
        v[3] ^= turned(v[1], v[2], K1, v[0]).wrapping_mul(K0);
        v[0] ^= turned(v[0], v[2], K0, v[3]).wrapping_mul(K1);
        v[1] ^= turned(v[1], v[3], K1, v[2]).wrapping_mul(K0);
        hash = hash.wrapping_add(v[0] ^ v[1]);
    }
    let mut rest = blocks.remainder();
    if let Some((pair, behind)) = rest.split_at_checked(16) {
        rest = behind;
        let lane = |part: &[u8], factor: u64, next: u64| {
            let sum = hash.wrapping_add(word(part).wrapping_mul(factor));
            sum.rotate_right(33).wrapping_mul(next)
        };
        let (mut v0, mut v1) = (lane(&pair[..8], K0, K1), lane(&pair[8..], K1, K2));
        v0 ^= v0.wrapping_mul(K0).rotate_right(35).wrapping_add(v1);
        v1 ^= v1.wrapping_mul(K3).rotate_right(35).wrapping_add(v0);
        hash = hash.wrapping_add(v1);
    }
    for (length, turn) in [(8, 33), (4, 15), (2, 13), (1, 25)] {
        if let Some((part, behind)) = rest.split_at_checked(length) {
            rest = behind;
            hash = hash.wrapping_add(word(part).wrapping_mul(K3));
            hash ^= mixed(hash, turn);
        }
    }
    hash ^= hash.rotate_right(33);
    hash = hash.wrapping_mul(K0);
    hash ^ hash.rotate_right(33)
}
