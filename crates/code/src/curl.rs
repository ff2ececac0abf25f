//! A call as a command line.

use weir_api::{ApiRequest, Method, request::above};

/// For a POSIX shell, one option a line. Variables of secrets in the body (`${NAME}`) are expanded
/// by the shell; how the caller signs in stands as `$WEIR_AUTH`, a whole header.
pub fn curl(base: &str, request: &ApiRequest) -> String {
    call("curl --fail-with-body", base, request)
}

/// The same with another command in front of the arguments.
pub(crate) fn call(command: &str, base: &str, request: &ApiRequest) -> String {
    let base = if request.above { above(base) } else { base };
    let mut lines = vec![format!(
        "{command} {}",
        quoted(&format!("{base}{}", request.target()))
    )];
    if request.method != Method::Get {
        lines.push(format!("--request {}", request.method.as_str()));
    }
    lines.push("--header \"$WEIR_AUTH\"".into());
    for (name, value) in &request.headers {
        lines.push(format!("--header {}", quoted(&format!("{name}: {value}"))));
    }
    if let Some(body) = &request.body {
        lines.push(format!(
            "--header {}",
            quoted(&format!("Content-Type: {}", body.content_type))
        ));
        let text = String::from_utf8_lossy(&body.bytes);
        lines.push(format!("--data-raw {}", with_variables(&text)));
    }
    lines.join(" \\\n  ") + "\n"
}

/// Nothing in it is read by the shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Only `${NAME}` with capital letters, digits and `_` is read by the shell.
fn with_variables(text: &str) -> String {
    let mut parts = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let name = &rest[at + 2..];
        let end = name.find('}').unwrap_or_default();
        let variable = end > 0
            && name[..end]
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let cut = if variable { at } else { at + 2 };
        if cut > 0 {
            parts += &quoted(&rest[..cut]);
        }
        if variable {
            parts += &format!("\"${{{}}}\"", &name[..end]);
            rest = &name[end + 1..];
        } else {
            rest = &rest[cut..];
        }
    }
    if !rest.is_empty() || parts.is_empty() {
        parts += &quoted(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_variables_of_secrets_are_read_by_the_shell() {
        let body = br#"{"sql":"select '$x', `id`","password":"${SINK_PASSWORD}","t":"${}"}"#;
        let request = ApiRequest::post("/v1beta2/sinks").bytes("application/json", body.to_vec());
        let text = curl("https://tp.example/default/api", &request);
        assert_eq!(
            text,
            "curl --fail-with-body 'https://tp.example/default/api/v1beta2/sinks' \\\n  \
             --request POST \\\n  \
             --header \"$WEIR_AUTH\" \\\n  \
             --header 'Accept: application/json' \\\n  \
             --header 'Content-Type: application/json' \\\n  \
             --data-raw '{\"sql\":\"select '\\''$x'\\'', `id`\",\"password\":\"'\"${SINK_PASSWORD}\"'\",\"t\":\"${''}\"}'\n"
        );
    }

    /// What a shell makes of it, where there is one.
    #[test]
    fn a_shell_reads_it_as_it_was_meant() {
        let body = br#"{"a":"it's $HOME `x` \"q\" \\ !","p":"${P_W}"}"#;
        let quoted = with_variables(std::str::from_utf8(body).expect("text"));
        let script = format!("P_W='s3 $cret'; printf %s {quoted}");
        let Ok(output) = std::process::Command::new("sh")
            .arg("-c")
            .arg(script)
            .output()
        else {
            return;
        };
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            r#"{"a":"it's $HOME `x` \"q\" \\ !","p":"s3 $cret"}"#
        );
    }
}
