//! Where nearly all numbers lie, when a few lie so far off that a picture of all shows nothing.

/// Interquartile ranges around the quartiles beyond which a number is far off.
const FAR: f64 = 10.0;
/// How many times longer the whole stretch has to be.
const LONGER: f64 = 20.0;

/// Least and greatest of the numbers that are not far off; `None` where none are, or too many to
/// be exceptions: more than one, and more than a tenth.
pub(crate) fn bulk(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len();
    if count < 4 {
        return None;
    }
    let mut sorted = values.to_vec();
    let mut quartile = |at: usize| *sorted.select_nth_unstable_by(at, f64::total_cmp).1;
    let (lower, upper) = (quartile((count - 1) / 4), quartile((count - 1) * 3 / 4));
    let reach = (upper - lower).max(f64::MIN_POSITIVE) * FAR;
    let near = |value: &&f64| (lower - reach..=upper + reach).contains(*value);
    let ends = |values: &mut dyn Iterator<Item = &f64>| {
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        })
    };
    let (low, high) = ends(&mut values.iter());
    let inner = ends(&mut values.iter().filter(near));
    let off = values.iter().filter(|value| !near(value)).count();
    let exceptions = off > 0 && (off == 1 || off * 10 <= count);
    let longer = high - low > LONGER * (inner.1 - inner.0);
    (exceptions && longer).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_far_off_are_exceptions() {
        let mut values: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(bulk(&values), None);
        values.push(-1e9);
        assert_eq!(bulk(&values), Some((0.0, 99.0)));
        values.push(1e9);
        assert_eq!(bulk(&values), Some((0.0, 99.0)));
        values.extend([-1e9; 9]);
        assert_eq!(bulk(&values), Some((0.0, 99.0)), "a tenth");
        values.extend([1e9; 20]);
        assert_eq!(bulk(&values), None, "too many");
        assert_eq!(bulk(&[0.0, 1e9]), None);
        assert_eq!(bulk(&[5.0, 5.0, 5.0, 1e9]), Some((5.0, 5.0)));
        assert_eq!(bulk(&[5.0; 9]), None);
        assert_eq!(bulk(&[]), None);
    }
}
