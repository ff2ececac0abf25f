//! Types as they are written, read once from left to right.

use super::{DataType, MAX_DEPTH, MAX_PARTS};

/// The whole text is one type. Errors name the part that is wrong.
pub(super) fn parse(text: &str) -> Result<DataType, String> {
    let mut reader = Reader {
        text,
        at: 0,
        parts: 0,
    };
    let data_type = reader.data_type(1)?;
    reader.space();
    match reader.rest() {
        "" => Ok(data_type),
        rest => Err(format!("'{}' after the type {data_type}", shortened(rest))),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Types read so far.
    parts: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn accept(&mut self, wanted: char) -> bool {
        self.space();
        let found = self.rest().starts_with(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn expect_close(&mut self, start: usize) -> Result<(), String> {
        match self.accept(')') {
            true => Ok(()),
            false if self.rest().is_empty() => Err(format!(
                "type '{}' lacks a closing bracket",
                shortened(&self.text[start..])
            )),
            false => Err(format!(
                "unexpected '{}' in '{}'",
                shortened(self.rest()),
                shortened(&self.text[start..])
            )),
        }
    }

    /// Up to a bracket, a comma or white space.
    fn word(&mut self) -> &'a str {
        self.space();
        let rest = self.rest();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ','))
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn data_type(&mut self, depth: usize) -> Result<DataType, String> {
        self.parts += 1;
        if depth > MAX_DEPTH {
            return Err(format!("a type has at most {MAX_DEPTH} levels"));
        }
        if self.parts > MAX_PARTS {
            return Err(format!("a type has at most {MAX_PARTS} parts"));
        }
        self.space();
        let start = self.at;
        let name = self.word();
        let lower = name.to_ascii_lowercase();
        if !self.accept('(') {
            return simple_type(&lower)
                .ok_or_else(|| format!("'{}' is not a known type", shortened(name)));
        }
        let made = match lower.as_str() {
            "array" => DataType::Array(Box::new(self.data_type(depth + 1)?)),
            "nullable" => DataType::Nullable(Box::new(self.data_type(depth + 1)?)),
            "low_cardinality" => DataType::LowCardinality(Box::new(self.data_type(depth + 1)?)),
            "map" => {
                let key = self.data_type(depth + 1)?;
                if !self.accept(',') {
                    return Err(format!(
                        "'{}' takes a key and a value type",
                        shortened(&self.text[start..])
                    ));
                }
                DataType::Map(Box::new(key), Box::new(self.data_type(depth + 1)?))
            }
            "tuple" => self.tuple(depth)?,
            "enum" | "enum8" | "enum16" => {
                self.arguments(start)?;
                // As it is written.
                return Ok(DataType::Enum(self.text[start..self.at].to_string()));
            }
            _ => {
                let arguments = self.arguments(start)?;
                return with_arguments(&lower, &arguments, &self.text[start..self.at]);
            }
        };
        self.expect_close(start)?;
        Ok(made)
    }

    fn tuple(&mut self, depth: usize) -> Result<DataType, String> {
        let mut fields = Vec::new();
        loop {
            let name = self.field_name()?;
            fields.push((name, self.data_type(depth + 1)?));
            if !self.accept(',') {
                return Ok(DataType::Tuple(fields));
            }
        }
    }

    /// Empty where the field has only a type: a name is followed by another word.
    fn field_name(&mut self) -> Result<String, String> {
        self.space();
        let before = self.at;
        for quote in ['`', '"'] {
            if self.accept(quote) {
                return self.quoted(quote);
            }
        }
        let name = self.word();
        self.space();
        if matches!(self.rest().chars().next(), None | Some('(' | ')' | ',')) {
            self.at = before;
            return Ok(String::new());
        }
        Ok(name.to_string())
    }

    /// Up to the quote that closes; the quote itself is written twice.
    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let (start, mut name) = (self.rest(), String::new());
        loop {
            let rest = self.rest();
            let end = rest.find(quote).ok_or_else(|| {
                format!("the name '{}' lacks its closing quote", shortened(start))
            })?;
            name.push_str(&rest[..end]);
            self.at += end + quote.len_utf8();
            if !self.rest().starts_with(quote) {
                return Ok(name);
            }
            name.push(quote);
            self.at += quote.len_utf8();
        }
    }

    /// Up to the bracket that closes, split at commas outside quotes and brackets.
    fn arguments(&mut self, start: usize) -> Result<Vec<&'a str>, String> {
        let text = self.text;
        let (mut arguments, mut from) = (Vec::new(), self.at);
        let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
        for (index, c) in self.rest().char_indices() {
            let here = self.at + index;
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '\'' => quoted = !quoted,
                _ if quoted => {}
                '(' => depth += 1,
                ')' if depth > 0 => depth -= 1,
                ')' => {
                    arguments.push(text[from..here].trim());
                    self.at = here + 1;
                    return Ok(arguments);
                }
                ',' if depth == 0 => {
                    arguments.push(text[from..here].trim());
                    from = here + 1;
                }
                _ => {}
            }
        }
        Err(format!(
            "type '{}' lacks a closing bracket",
            shortened(&text[start..])
        ))
    }
}

fn simple_type(name: &str) -> Option<DataType> {
    Some(match name {
        "bool" | "boolean" => DataType::Bool,
        "int8" | "tinyint" => DataType::Int(8),
        "int16" | "smallint" => DataType::Int(16),
        "int32" | "int" | "integer" => DataType::Int(32),
        "int64" | "bigint" => DataType::Int(64),
        "int128" => DataType::Int(128),
        "int256" => DataType::Int(256),
        "uint8" => DataType::UInt(8),
        "uint16" => DataType::UInt(16),
        "uint32" | "uint" => DataType::UInt(32),
        "uint64" => DataType::UInt(64),
        "uint128" => DataType::UInt(128),
        "uint256" => DataType::UInt(256),
        "float32" | "float" | "real" => DataType::Float32,
        "float64" | "double" => DataType::Float64,
        "decimal" => DataType::Decimal {
            precision: 10,
            scale: 0,
        },
        "string" | "varchar" | "text" => DataType::String,
        "uuid" => DataType::Uuid,
        "ipv4" => DataType::Ipv4,
        "ipv6" => DataType::Ipv6,
        // The other form of a date has a wider range at the vendor; here both have it.
        "date" | "date32" => DataType::Date,
        "datetime" | "datetime32" => DataType::DateTime { zone: None },
        "datetime64" => DataType::DateTime64 {
            precision: 3,
            zone: None,
        },
        "json" => DataType::Json,
        _ => return None,
    })
}

fn with_arguments(name: &str, arguments: &[&str], text: &str) -> Result<DataType, String> {
    let text = &*shortened(text);
    match (name, arguments) {
        ("decimal", [precision, scale]) => {
            decimal(number(precision, text)?, number(scale, text)?, text)
        }
        ("decimal", [precision]) => decimal(number(precision, text)?, 0, text),
        ("decimal", _) => Err(format!("'{text}' takes a precision and a scale")),
        ("decimal32", [scale]) => decimal(9, number(scale, text)?, text),
        ("decimal64", [scale]) => decimal(18, number(scale, text)?, text),
        ("decimal128", [scale]) => decimal(38, number(scale, text)?, text),
        ("decimal256", [scale]) => decimal(76, number(scale, text)?, text),
        ("fixed_string", [length]) => Ok(DataType::FixedString(number(length, text)?)),
        ("datetime" | "datetime32", [zone]) => Ok(DataType::DateTime {
            zone: Some(unquote(zone)),
        }),
        ("datetime64", [precision]) => datetime64(precision, None, text),
        ("datetime64", [precision, zone]) => datetime64(precision, Some(unquote(zone)), text),
        ("datetime64", _) => Err(format!(
            "'{text}' takes a precision and perhaps a time zone"
        )),
        (
            "datetime" | "fixed_string" | "decimal32" | "decimal64" | "decimal128" | "decimal256",
            _,
        ) => Err(format!("'{text}' takes one argument")),
        _ => Err(format!("'{text}' is not a known type")),
    }
}

fn decimal(precision: u8, scale: u8, text: &str) -> Result<DataType, String> {
    if precision == 0 || precision > 76 || scale > precision {
        return Err(format!(
            "'{text}': precision is 1 to 76 and scale at most precision"
        ));
    }
    Ok(DataType::Decimal { precision, scale })
}

fn datetime64(precision: &str, zone: Option<String>, text: &str) -> Result<DataType, String> {
    let precision: u8 = number(precision, text)?;
    if precision > 9 {
        return Err(format!("'{text}': precision is 0 to 9"));
    }
    Ok(DataType::DateTime64 { precision, zone })
}

fn number<N: std::str::FromStr>(argument: &str, text: &str) -> Result<N, String> {
    argument.parse().map_err(|_| {
        format!(
            "'{}' in '{text}' is not a valid number",
            shortened(argument)
        )
    })
}

fn unquote(text: &str) -> String {
    text.trim_matches(|c| c == '\'' || c == '"').to_string()
}

/// For messages.
fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn aliases_and_case_are_accepted() {
        assert_eq!(DataType::parse("BIGINT"), Ok(DataType::Int(64)));
        assert_eq!(DataType::parse(" Double "), Ok(DataType::Float64));
        assert_eq!(
            DataType::parse("Decimal64(3)"),
            Ok(DataType::Decimal {
                precision: 18,
                scale: 3
            })
        );
        assert_eq!(
            DataType::parse("tuple( `a b` Int8 , Array( string ))").map(|t| t.to_string()),
            Ok("tuple(`a b` int8, array(string))".to_string())
        );
    }

    #[test]
    fn errors_name_the_part_that_is_wrong() {
        for (text, part) in [
            ("strin", "strin"),
            ("array(strin)", "strin"),
            ("decimal(80, 1)", "precision"),
            ("datetime64(12)", "precision"),
            ("array(int8", "closing bracket"),
            ("array(int8))", "')'"),
            ("array(int8, int8)", ", int8"),
            ("tuple(a)", "'a'"),
            ("enum8('a' = 1", "closing bracket"),
            ("int8 int8", "int8"),
            ("", "''"),
        ] {
            let error = DataType::parse(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    /// Deep and wide types are refused at once, with the bound, on a thread with a small stack.
    #[test]
    fn no_type_exhausts_the_stack_or_the_time() {
        let nested = |open: &str, depth: usize, close: &str| {
            format!("{}int8{}", open.repeat(depth), close.repeat(depth))
        };
        let levels = format!("at most {MAX_DEPTH} levels");
        let parts = format!("at most {MAX_PARTS} parts");
        let mut attacks = Vec::new();
        for open in [
            "array(",
            "tuple(",
            "tuple(a ",
            "nullable(",
            "low_cardinality(",
            "map(string, ",
            "tuple(x tuple(",
        ] {
            let close = ")".repeat(open.matches('(').count());
            for depth in [40, 1_000, 100_000] {
                attacks.push((nested(open, depth, &close), levels.clone()));
                attacks.push((nested(open, depth, ""), levels.clone()));
            }
        }
        attacks.push((format!("tuple({}int8)", "int8, ".repeat(100_000)), parts));
        attacks.push(("(".repeat(100_000), "bracket".into()));
        attacks.push((
            format!("enum8({}", "'a' = 1, ".repeat(100_000)),
            "bracket".into(),
        ));
        attacks.push(("x".repeat(1_000_000), "not a known type".into()));
        let small = std::thread::Builder::new().stack_size(256 << 10);
        let attacked = small.spawn(move || {
            for (text, wanted) in attacks {
                let started = Instant::now();
                let error = DataType::parse(&text).expect_err("refused");
                assert!(error.contains(&wanted), "{}: {error}", shortened(&text));
                assert!(error.len() < 500, "{} bytes of error", error.len());
                assert!(started.elapsed() < Duration::from_secs(1));
            }
            // What is allowed is read, written, compared and dropped.
            let deepest = nested("tuple(a ", MAX_DEPTH - 1, ")");
            let parsed = DataType::parse(&deepest).expect("the deepest type");
            assert_eq!(DataType::parse(&parsed.to_string()), Ok(parsed));
        });
        attacked.expect("a thread").join().expect("no panic");
    }
}
