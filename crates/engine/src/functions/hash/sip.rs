//! SipHash 2-4, with the two ends that ClickHouse gives 128 bits: its own, and the author's.

/// State after all bytes.
struct State([u64; 4]);

pub(super) type Key = (u64, u64);

impl State {
    fn new((k0, k1): Key) -> Self {
        Self([
            0x736f_6d65_7073_6575 ^ k0,
            0x646f_7261_6e64_6f6d ^ k1,
            0x6c79_6765_6e65_7261 ^ k0,
            0x7465_6462_7974_6573 ^ k1,
        ])
    }

    fn round(&mut self) {
        let [v0, v1, v2, v3] = &mut self.0;
        *v0 = v0.wrapping_add(*v1);
        *v1 = v1.rotate_left(13) ^ *v0;
        *v0 = v0.rotate_left(32);
        *v2 = v2.wrapping_add(*v3);
        *v3 = v3.rotate_left(16) ^ *v2;
        *v0 = v0.wrapping_add(*v3);
        *v3 = v3.rotate_left(21) ^ *v0;
        *v2 = v2.wrapping_add(*v1);
        *v1 = v1.rotate_left(17) ^ *v2;
        *v2 = v2.rotate_left(32);
    }

    fn rounds(&mut self, count: usize) {
        (0..count).for_each(|_| self.round());
    }

    fn word(&mut self, word: u64) {
        self.0[3] ^= word;
        self.rounds(2);
        self.0[0] ^= word;
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for chunk in &mut words {
            self.word(little_endian(chunk));
        }
        self.word(little_endian(words.remainder()) | (bytes.len() as u64) << 56);
    }
}

fn little_endian(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().rev();
    bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
}

pub(super) fn hash64(key: Key, bytes: &[u8]) -> u64 {
    let mut state = State::new(key);
    state.write(bytes);
    state.0[2] ^= 0xff;
    state.rounds(4);
    let [v0, v1, v2, v3] = state.0;
    v0 ^ v1 ^ v2 ^ v3
}

/// 128 bits as ClickHouse's own variant has them.
pub(super) fn hash128(key: Key, bytes: &[u8]) -> [u8; 16] {
    let mut state = State::new(key);
    state.write(bytes);
    state.0[2] ^= 0xff;
    state.rounds(4);
    let [v0, v1, v2, v3] = state.0;
    joined(v0 ^ v1, v2 ^ v3)
}

/// 128 bits as the author's reference has them.
pub(super) fn reference128(key: Key, bytes: &[u8]) -> [u8; 16] {
    let mut state = State::new(key);
    state.0[1] ^= 0xee;
    state.write(bytes);
    state.0[2] ^= 0xee;
    state.rounds(4);
    let [v0, v1, v2, v3] = state.0;
    let low = v0 ^ v1 ^ v2 ^ v3;
    state.0[1] ^= 0xdd;
    state.rounds(4);
    let [v0, v1, v2, v3] = state.0;
    joined(low, v0 ^ v1 ^ v2 ^ v3)
}

fn joined(low: u64, high: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&low.to_le_bytes());
    bytes[8..].copy_from_slice(&high.to_le_bytes());
    bytes
}
