//! Mathematics, and numbers for people to read.

use super::super::native::{Args, Native, Out, native};
use crate::value::Num;

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native("sqrt(float) -> float64", "Square root.", |a| {
        of(a, f64::sqrt)
    }),
    native("cbrt(float) -> float64", "Cube root.", |a| of(a, f64::cbrt)),
    native(
        "exp(float) -> float64",
        "e to the power of the number.",
        |a| of(a, f64::exp),
    ),
    native(
        "exp2(float) -> float64",
        "2 to the power of the number.",
        |a| of(a, f64::exp2),
    ),
    native(
        "exp10(float) -> float64",
        "10 to the power of the number.",
        |a| of(a, |x| 10f64.powf(x)),
    ),
    native("log|ln(float) -> float64", "Natural logarithm.", |a| {
        of(a, f64::ln)
    }),
    native("log2(float) -> float64", "Logarithm to base 2.", |a| {
        of(a, f64::log2)
    }),
    native("log10(float) -> float64", "Logarithm to base 10.", |a| {
        of(a, f64::log10)
    }),
    native(
        "log1p(float) -> float64",
        "Natural logarithm of 1 + the number.",
        |a| of(a, f64::ln_1p),
    ),
    native("sin(float) -> float64", "Sine of radians.", |a| {
        of(a, f64::sin)
    }),
    native("cos(float) -> float64", "Cosine of radians.", |a| {
        of(a, f64::cos)
    }),
    native("tan(float) -> float64", "Tangent of radians.", |a| {
        of(a, f64::tan)
    }),
    native("asin(float) -> float64", "Arc sine, in radians.", |a| {
        of(a, f64::asin)
    }),
    native("acos(float) -> float64", "Arc cosine, in radians.", |a| {
        of(a, f64::acos)
    }),
    native("atan(float) -> float64", "Arc tangent, in radians.", |a| {
        of(a, f64::atan)
    }),
    native("sinh(float) -> float64", "Hyperbolic sine.", |a| {
        of(a, f64::sinh)
    }),
    native("cosh(float) -> float64", "Hyperbolic cosine.", |a| {
        of(a, f64::cosh)
    }),
    native("tanh(float) -> float64", "Hyperbolic tangent.", |a| {
        of(a, f64::tanh)
    }),
    native("asinh(float) -> float64", "Inverse hyperbolic sine.", |a| {
        of(a, f64::asinh)
    }),
    native(
        "acosh(float) -> float64",
        "Inverse hyperbolic cosine.",
        |a| of(a, f64::acosh),
    ),
    native(
        "atanh(float) -> float64",
        "Inverse hyperbolic tangent.",
        |a| of(a, f64::atanh),
    ),
    native("degrees(float) -> float64", "Radians as degrees.", |a| {
        of(a, f64::to_degrees)
    }),
    native("radians(float) -> float64", "Degrees as radians.", |a| {
        of(a, f64::to_radians)
    }),
    native("sigmoid(float) -> float64", "1 / (1 + exp(-x)).", |a| {
        of(a, |x| 1.0 / (1.0 + (-x).exp()))
    }),
    native("erf(float) -> float64", "The error function.", |a| {
        of(a, libm::erf)
    }),
    native("erfc(float) -> float64", "1 - erf(x).", |a| {
        of(a, libm::erfc)
    }),
    native("tgamma(float) -> float64", "The gamma function.", |a| {
        of(a, libm::tgamma)
    }),
    native(
        "lgamma(float) -> float64",
        "Logarithm of the gamma function.",
        |a| of(a, libm::lgamma),
    ),
    native(
        "atan2(float, float) -> float64",
        "The angle of the point x, y, given y and x.",
        |a| Ok(a.float(0)?.atan2(a.float(1)?).into()),
    ),
    native(
        "hypot(float, float) -> float64",
        "The hypotenuse of a right triangle.",
        |a| Ok(a.float(0)?.hypot(a.float(1)?).into()),
    ),
    native(
        "pow|power(float, float) -> float64",
        "The first to the power of the second.",
        |a| Ok(a.float(0)?.powf(a.float(1)?).into()),
    ),
    native("e() -> float64", "2.71828…", |_| {
        Ok(std::f64::consts::E.into())
    }),
    native("pi() -> float64", "3.14159…", |_| {
        Ok(std::f64::consts::PI.into())
    }),
    native(
        "factorial(integer) -> uint64",
        "1 × 2 × … × n, for n up to 20.",
        |a| {
            let n = a.int(0)?;
            if n > 20 {
                return Err("the factorial of a number above 20 does not fit uint64".to_string());
            }
            Ok((1..=n).product::<i128>().into())
        },
    ),
    native(
        "gcd(integer, integer) -> integer",
        "The greatest common divisor.",
        |a| Ok(gcd(a.int(0)?, a.int(1)?).into()),
    ),
    native(
        "lcm(integer, integer) -> integer",
        "The least common multiple.",
        |a| {
            let (x, y) = (a.int(0)?, a.int(1)?);
            let divisor = gcd(x, y);
            Ok(if divisor == 0 {
                0
            } else {
                (x / divisor * y).abs()
            }
            .into())
        },
    ),
    native(
        "int_exp2(float) -> uint64",
        "2 to the power of the number, in whole numbers.",
        |a| {
            let n = a.float(0)?;
            Ok(if n < 0.0 {
                0
            } else if n > 63.0 {
                u64::MAX
            } else {
                1u64 << n as u32
            }
            .into())
        },
    ),
    native(
        "int_exp10(float) -> uint64",
        "10 to the power of the number, in whole numbers.",
        |a| {
            let n = a.float(0)?;
            Ok(if n < 0.0 {
                0
            } else if n > 19.0 {
                u64::MAX
            } else {
                10u64.pow(n as u32)
            }
            .into())
        },
    ),
    native(
        "is_finite(float) -> bool",
        "Whether the number is neither infinite nor NaN.",
        |a| Ok(a.float(0)?.is_finite().into()),
    ),
    native(
        "is_infinite(float) -> bool",
        "Whether the number is infinite.",
        |a| Ok(a.float(0)?.is_infinite().into()),
    ),
    native(
        "is_nan(float) -> bool",
        "Whether the value is not a number.",
        |a| Ok(a.float(0)?.is_nan().into()),
    ),
    native(
        "if_not_finite(float, float) -> float64",
        "The first where it is finite, else the second.",
        |a| {
            let number = a.float(0)?;
            Ok(if number.is_finite() {
                number
            } else {
                a.float(1)?
            }
            .into())
        },
    ),
    native(
        "width_bucket(float, float, float, integer) -> uint16",
        "The number, from 1, of so many equal parts between low and high in which the value lies; 0 below.",
        |a| {
            let (value, low, high, count) = (a.float(0)?, a.float(1)?, a.float(2)?, a.int(3)?);
            Ok(if value < low {
                0
            } else if value >= high {
                count + 1
            } else {
                ((value - low) * count as f64 / (high - low)).floor() as i128 + 1
            }
            .into())
        },
    ),
    native(
        "round_to_exp2(number) -> number",
        "Down to a power of two.",
        |a| match a.number(0)? {
            Num::Int(n) if n <= 0 => Ok(0i128.into()),
            Num::Int(n) => Ok((1i128 << n.ilog2()).into()),
            other => {
                let number = other.float();
                let power = 2f64.powf(number.abs().log2().floor());
                Ok(power.copysign(number).into())
            }
        },
    ),
    native(
        "round_duration(number) -> uint16",
        "Down to 1, 10, 30, 60, 120, 180, 240, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000.",
        |a| {
            let steps = [
                1, 10, 30, 60, 120, 180, 240, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000,
            ];
            Ok(below(a.float(0)?, &steps).into())
        },
    ),
    native(
        "round_age(number) -> uint8",
        "Down to 0, 17, 18, 25, 35, 45 or 55, as ages are grouped.",
        |a| {
            let age = a.float(0)?;
            Ok(if (1.0..18.0).contains(&age) {
                17
            } else {
                below(age, &[18, 25, 35, 45, 55])
            }
            .into())
        },
    ),
    native(
        "round_down(number, array) -> number",
        "The greatest element that is not above the number, else the least.",
        |a| {
            let mut steps = a
                .texts(1)?
                .iter()
                .map(|text| text.parse())
                .collect::<Result<Vec<f64>, _>>()
                .map_err(|_| "argument 2 is an array of numbers")?;
            steps.sort_by(f64::total_cmp);
            let number = a.float(0)?;
            let found = steps
                .iter()
                .rev()
                .find(|step| **step <= number)
                .or(steps.first());
            Ok(found.copied().into())
        },
    ),
    native(
        "bar(float, float, float[, float]) -> string",
        "A bar whose width is the value between low and high, with at most the given number of characters (80 by default).",
        |a| {
            let most = if a.len() > 3 { a.float(3)? } else { 80.0 };
            bar(a.float(0)?, a.float(1)?, a.float(2)?, most).map(Out::from)
        },
    ),
];

fn of(a: &Args<'_>, function: fn(f64) -> f64) -> Result<Out, String> {
    Ok(function(a.float(0)?).into())
}

fn gcd(mut x: i128, mut y: i128) -> i128 {
    while y != 0 {
        (x, y) = (y, x % y);
    }
    x.abs()
}

fn below(number: f64, steps: &[i128]) -> i128 {
    steps
        .iter()
        .rev()
        .find(|step| **step as f64 <= number)
        .copied()
        .unwrap_or(0)
}

fn bar(value: f64, low: f64, high: f64, most: f64) -> Result<String, String> {
    if !(1.0..=1000.0).contains(&most) {
        return Err("a bar is 1 to 1000 characters wide".to_string());
    }
    if value.is_nan() || value <= low {
        return Ok(String::new());
    }
    let width = if value >= high {
        most
    } else {
        (value - low) * most / (high - low)
    };
    let eighths = (width * 8.0).floor() as usize;
    let mut text = "█".repeat(eighths / 8);
    text.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]);
    Ok(text)
}
