use crate::json;

/// Texts of one column of a chunk, one behind the other. The caller bounds the sum at 4 GiB.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    text: String,
    ends: Vec<u32>,
}

impl Arena {
    pub(crate) fn with_capacity(texts: usize, bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            ends: Vec::with_capacity(texts),
        }
    }

    pub(crate) fn get(&self, index: usize) -> &str {
        let start = match index {
            0 => 0,
            _ => self.ends.get(index - 1).copied().unwrap_or(u32::MAX),
        };
        let end = self.ends.get(index).copied().unwrap_or(0);
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Bytes that are not UTF-8 become U+FFFD.
    #[inline]
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text.push_str(text),
            Err(_) => self.text.push_str(&String::from_utf8_lossy(bytes)),
        }
        self.ends.push(self.text.len() as u32);
    }

    #[cold]
    pub(crate) fn push_unescaped(&mut self, bytes: &[u8]) {
        json::unescape(&String::from_utf8_lossy(bytes), &mut self.text);
        self.ends.push(self.text.len() as u32);
    }

    pub(crate) fn truncate(&mut self, texts: usize) {
        self.ends.truncate(texts);
        self.text
            .truncate(self.ends.last().copied().unwrap_or(0) as usize);
    }

    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub(crate) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + self.ends.len() * 4
    }
}
