//! From the source to text and the tokens of its actions.

use crate::Fault;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// `.` alone.
    Dot,
    /// `.name`.
    Field(String),
    /// `$` or `$name`, without the dollar sign.
    Variable(String),
    /// A keyword or a function.
    Word(String),
    Text(String),
    Number(String),
    Open,
    Close,
    Pipe,
    Comma,
    /// `:=`
    Declare,
    /// `=`
    Assign,
}

#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub kind: Kind,
    /// Bytes from the start of the source.
    pub at: usize,
    /// Nothing stands between it and the token before.
    pub glued: bool,
}

#[derive(Debug)]
pub(crate) enum Piece {
    Text(String),
    /// What stands between `{{` and `}}`.
    Action {
        tokens: Vec<Token>,
        at: usize,
    },
}

pub(crate) fn pieces(source: &str) -> Result<Vec<Piece>, Fault> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut trim_next = false;
    loop {
        let open = source[at..].find("{{").map(|found| at + found);
        let mut text = &source[at..open.unwrap_or(source.len())];
        if trim_next {
            text = text.trim_start();
        }
        let Some(open) = open else {
            push_text(&mut pieces, text);
            return Ok(pieces);
        };
        let mut inside = open + 2;
        let trims = source[inside..].starts_with('-')
            && source[inside + 1..].starts_with(|c: char| c.is_ascii_whitespace());
        if trims {
            text = text.trim_end();
            inside += 1;
        }
        push_text(&mut pieces, text);
        let start = source[inside..].trim_start();
        if start.starts_with("/*") {
            let from = source.len() - start.len();
            let Some(end) = start.find("*/") else {
                return Err(Fault::new(open, "this comment is not closed with */"));
            };
            let rest = &source[from + end + 2..];
            let trimmed = rest.trim_start();
            let (close, trim) = match trimmed.strip_prefix("-}}") {
                Some(after) if trimmed.len() < rest.len() => (after, true),
                _ => match trimmed.strip_prefix("}}") {
                    Some(after) => (after, false),
                    None => return Err(Fault::new(open, "a comment must end its action: */}}")),
                },
            };
            at = source.len() - close.len();
            trim_next = trim;
            continue;
        }
        let (tokens, end, trim) = tokens(source, open, inside)?;
        pieces.push(Piece::Action { tokens, at: open });
        at = end;
        trim_next = trim;
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

/// Tokens up to `}}`, the place after it, and whether white space after it is trimmed.
fn tokens(source: &str, open: usize, from: usize) -> Result<(Vec<Token>, usize, bool), Fault> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = from;
    let mut glued = false;
    loop {
        let rest = &source[at..];
        let Some(first) = rest.chars().next() else {
            return Err(Fault::new(open, "this action is not closed with }}"));
        };
        if first.is_whitespace() {
            at += first.len_utf8();
            glued = false;
            if source[at..].starts_with("-}}") {
                return Ok((tokens, at + 3, true));
            }
            continue;
        }
        if rest.starts_with("}}") {
            return Ok((tokens, at + 2, false));
        }
        let (kind, length) = token(rest).map_err(|message| Fault::new(at, message))?;
        tokens.push(Token { kind, at, glued });
        at += length;
        glued = true;
    }
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    &text[..end.unwrap_or(text.len())]
}

fn token(rest: &str) -> Result<(Kind, usize), String> {
    let first = rest.chars().next().unwrap_or_default();
    let simple = |kind| Ok((kind, 1));
    match first {
        '(' => simple(Kind::Open),
        ')' => simple(Kind::Close),
        '|' => simple(Kind::Pipe),
        ',' => simple(Kind::Comma),
        '=' => simple(Kind::Assign),
        ':' if rest.starts_with(":=") => Ok((Kind::Declare, 2)),
        '.' => {
            let name = word(&rest[1..]);
            if name.is_empty() {
                simple(Kind::Dot)
            } else if name.starts_with(|c: char| c.is_ascii_digit()) {
                number(rest)
            } else {
                Ok((Kind::Field(name.into()), 1 + name.len()))
            }
        }
        '$' => {
            let name = word(&rest[1..]);
            Ok((Kind::Variable(name.into()), 1 + name.len()))
        }
        '"' => quoted(rest),
        '`' => {
            let end = rest[1..]
                .find('`')
                .ok_or("this text is not closed with `")?;
            Ok((Kind::Text(rest[1..=end].into()), end + 2))
        }
        c if c.is_ascii_digit() || c == '-' || c == '+' => number(rest),
        c if c.is_alphabetic() || c == '_' => {
            let name = word(rest);
            Ok((Kind::Word(name.into()), name.len()))
        }
        c => Err(format!("unexpected '{c}'")),
    }
}

fn number(rest: &str) -> Result<(Kind, usize), String> {
    let mut before = ' ';
    let end = rest.find(|c: char| {
        let part = c.is_ascii_alphanumeric()
            || c == '.'
            || (matches!(c, '-' | '+') && matches!(before, ' ' | 'e' | 'E'));
        before = c;
        !part
    });
    let text = &rest[..end.unwrap_or(rest.len())];
    let digits = text.trim_start_matches('+');
    let digits = if digits.starts_with('.') {
        format!("0{digits}")
    } else {
        digits.to_owned()
    };
    match digits.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Kind::Number(digits), text.len())),
        _ => Err(format!("'{text}' is not a number")),
    }
}

/// A text in double quotes with the escapes of Go.
fn quoted(rest: &str) -> Result<(Kind, usize), String> {
    let open = "this text is not closed with \"";
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((Kind::Text(text), at + 1)),
            '\n' => return Err(open.into()),
            '\\' => {
                let (_, escape) = chars.next().ok_or(open)?;
                let digits = match escape {
                    'n' => {
                        text.push('\n');
                        continue;
                    }
                    't' => {
                        text.push('\t');
                        continue;
                    }
                    'r' => {
                        text.push('\r');
                        continue;
                    }
                    '"' | '\\' | '\'' => {
                        text.push(escape);
                        continue;
                    }
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    other => return Err(format!("unknown escape \\{other}")),
                };
                let code: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
                let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                text.push(code.ok_or("this escape is no character")?);
            }
            c => text.push(c),
        }
    }
    Err(open.into())
}
