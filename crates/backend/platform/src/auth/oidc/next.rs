//! Where a browser goes on when it is signed in.

/// `next` where it is a path of the console at `base`, which it is not for everybody to choose, and
/// `base` otherwise. With the rest it fits in a cookie.
pub(super) fn inside<'a>(base: &'a str, next: &'a str) -> &'a str {
    let usable = |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '"');
    let plain = next.len() <= 2000 && next.chars().all(usable);
    let path = next.split(['?', '#']).next().unwrap_or_default();
    // Browsers take them for `..`, which leads out of the console, however they are encoded.
    let leads_out = path.split('/').any(|part| {
        let part = part.to_ascii_lowercase().replace("%2e", ".");
        part == "." || part == ".."
    });
    match plain && path.starts_with(base) && !path.contains("//") && !leads_out {
        true => next,
        false => base,
    }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn it_goes_on_within_the_console_only() {
        for (base, next, safe) in [
            ("/", "/c/local/streams?q=a%20b", "/c/local/streams?q=a%20b"),
            ("/", "", "/"),
            ("/", "//evil.example", "/"),
            ("/", "/\\evil.example", "/"),
            ("/", "https://evil.example", "/"),
            ("/", "/a\r\nSet-Cookie: x", "/"),
            ("/", "/\tevil", "/"),
            ("/", "javascript:alert(1)", "/"),
            ("/", "/..//evil.example", "/"),
            ("/", "/.//evil.example", "/"),
            ("/", "/%2e%2E//evil.example", "/"),
            ("/", "/a//evil.example", "/"),
            ("/", "/a\"b", "/"),
            ("/", "/a?x=../b//c", "/a?x=../b//c"),
            ("/", "/...", "/..."),
            ("/weir/", "/weir/../other", "/weir/"),
            ("/weir/", "/weir/%2e%2e/other", "/weir/"),
            ("/weir/", "/weir/.%2E", "/weir/"),
            ("/weir/", "/weir/c/local", "/weir/c/local"),
            ("/weir/", "/c/local", "/weir/"),
            ("/weir/", "/weirdly", "/weir/"),
        ] {
            assert_eq!(inside(base, next), safe, "{next:?}");
        }
        assert_eq!(inside("/", &format!("/{}", "a".repeat(2000))), "/");
    }
}
