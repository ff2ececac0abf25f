use std::sync::atomic::{AtomicU32, Ordering};

/// A document-wide id for `aria-…` attributes, for example `why-7`.
pub fn unique(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
