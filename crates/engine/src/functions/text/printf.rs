//! `printf`: values in a pattern of C.

use weir_api::DataType;

use super::super::native::{Args, MAX_TEXT, Native, Out, native, too_long};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[native(
    "printf(string, any…) -> string",
    "The values in the places of a pattern of C: %d, %u, %x, %X, %o, %c, %s, %f, %e, %g, with width, precision and flags; %% is a percent sign.",
    printf,
)];

/// Wider fields are not made.
const MOST: usize = 1000;

#[derive(Default)]
struct Field {
    left: bool,
    plus: bool,
    space: bool,
    zeros: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
}

fn printf(a: &Args<'_>) -> Result<Out, String> {
    let pattern = a.text(0)?;
    let (mut out, mut next) = (String::new(), 1);
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        if out.len() > MAX_TEXT {
            return Err(too_long());
        }
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut field = Field::default();
        while let Some(flag) = rest.next_if(|c| "-+ 0#".contains(*c)) {
            match flag {
                '-' => field.left = true,
                '+' => field.plus = true,
                ' ' => field.space = true,
                '0' => field.zeros = true,
                _ => field.sharp = true,
            }
        }
        field.width = number(&mut rest)?.unwrap_or_default();
        if rest.next_if_eq(&'.').is_some() {
            field.precision = Some(number(&mut rest)?.unwrap_or_default());
        }
        // How long a number is says its type.
        while rest.next_if(|c| "hlqjzt".contains(*c)).is_some() {}
        match rest.next() {
            Some('%') => out.push('%'),
            Some(kind) => {
                if next >= a.len() {
                    return Err(format!("a value for the %{kind} of the pattern is missing"));
                }
                out.push_str(&field.fill(a, next, kind)?);
                next += 1;
            }
            None => return Err("a % ends the pattern: %% is a percent sign".to_string()),
        }
    }
    match next == a.len() {
        true => Ok(out.into()),
        false => Err("there are more values than places in the pattern".to_string()),
    }
}

fn number(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Option<usize>, String> {
    let mut found = None;
    while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
        rest.next();
        let number = found.unwrap_or(0usize).saturating_mul(10) + digit as usize;
        if number > MOST {
            return Err(format!("a place of the pattern is at most {MOST} wide"));
        }
        found = Some(number);
    }
    Ok(found)
}

impl Field {
    fn fill(&self, a: &Args<'_>, index: usize, kind: char) -> Result<String, String> {
        let data_type = a.data_type(index);
        let whole = matches!(
            data_type,
            DataType::Int(_) | DataType::UInt(_) | DataType::Bool
        );
        let float = crate::types::is_float(data_type);
        let wrong = || Err(format!("%{kind} of the pattern does not take {data_type}"));
        let (sign, digits) = match kind {
            'd' | 'i' | 'u' if whole => {
                let number = a.int(index)?;
                (self.sign(number < 0), number.unsigned_abs().to_string())
            }
            'x' if whole => (self.mark("0x"), format!("{:x}", self.bits(a, index)?)),
            'X' if whole => (self.mark("0X"), format!("{:X}", self.bits(a, index)?)),
            'o' if whole => (self.mark("0"), format!("{:o}", self.bits(a, index)?)),
            'c' if whole => {
                let code = u32::try_from(a.int(index)?).ok().and_then(char::from_u32);
                return Ok(self.padded("", &code.unwrap_or(' ').to_string(), false));
            }
            's' if matches!(data_type, DataType::String | DataType::FixedString(_)) => {
                let text = a.text(index)?;
                let most = self.precision.unwrap_or(usize::MAX);
                let text: String = text.chars().take(most).collect();
                return Ok(self.padded("", &text, false));
            }
            'f' | 'F' | 'e' | 'E' | 'g' | 'G' if float => {
                let number = a.float(index)?;
                let text = written(number.abs(), self.precision.unwrap_or(6), kind);
                (self.sign(number.is_sign_negative()), text)
            }
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' | 'c' | 's' | 'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
                return wrong();
            }
            other => return Err(format!("%{other} of the pattern is not known")),
        };
        let digits = match self.precision.filter(|_| whole) {
            Some(least) => format!("{digits:0>least$}"),
            None => digits,
        };
        let zeros = self.zeros && !(whole && self.precision.is_some());
        Ok(self.padded(&sign, &digits, zeros))
    }

    fn sign(&self, negative: bool) -> String {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
        .to_string()
    }

    fn mark(&self, mark: &str) -> String {
        match self.sharp {
            true => mark.to_string(),
            false => String::new(),
        }
    }

    /// A negative number as its type's bits.
    fn bits(&self, a: &Args<'_>, index: usize) -> Result<u128, String> {
        let number = a.int(index)?.cast_unsigned();
        Ok(match a.data_type(index) {
            DataType::Int(bits @ 8..=64) => number & ((1 << (*bits).max(32)) - 1),
            _ => number,
        })
    }

    fn padded(&self, sign: &str, text: &str, zeros: bool) -> String {
        let length = sign.chars().count() + text.chars().count();
        let fill = self.width.saturating_sub(length);
        match (self.left, zeros) {
            (true, _) => format!("{sign}{text}{}", " ".repeat(fill)),
            (false, true) => format!("{sign}{}{text}", "0".repeat(fill)),
            (false, false) => format!("{}{sign}{text}", " ".repeat(fill)),
        }
    }
}

fn written(number: f64, precision: usize, kind: char) -> String {
    let upper = kind.is_ascii_uppercase();
    let text = match kind.to_ascii_lowercase() {
        _ if number.is_nan() => "nan".to_string(),
        _ if number.is_infinite() => "inf".to_string(),
        'f' => format!("{number:.precision$}"),
        'e' => exponent(&format!("{number:.precision$e}")),
        _ => {
            let digits = precision.max(1);
            let scientific = format!("{number:.*e}", digits - 1);
            let power = scientific.rsplit_once('e');
            let power: i32 = power.and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
            if (-4..digits as i32).contains(&power) {
                let places = (digits as i32 - 1 - power).max(0) as usize;
                plain(&format!("{number:.places$}"))
            } else {
                let (front, back) = scientific.split_once('e').unwrap_or((&scientific, "0"));
                exponent(&format!("{}e{back}", plain(front)))
            }
        }
    };
    if upper { text.to_uppercase() } else { text }
}

/// Without zeros at the end of the fraction.
fn plain(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text.to_string(),
    }
}

/// C writes a sign and two digits at least.
fn exponent(text: &str) -> String {
    let (front, power) = text.split_once('e').unwrap_or((text, "0"));
    match power.strip_prefix('-') {
        Some(power) => format!("{front}e-{power:0>2}"),
        None => format!("{front}e+{power:0>2}"),
    }
}
