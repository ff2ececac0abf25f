//! Places on the earth and in the plane.

use serde_json::value::RawValue;

use super::native::{Args, MAX_ITEMS, Native, Out, go_on, native};

pub(super) const FUNCTIONS: &[Native] = &[
    native(
        "great_circle_distance(float, float, float, float) -> float64",
        "Metres on a sphere between longitude, latitude and longitude, latitude.",
        |a| Ok((angle(&degrees(a)?) * EARTH_RADIUS).into()),
    ),
    native(
        "geo_distance(float, float, float, float) -> float64",
        "Metres on the WGS-84 ellipsoid between longitude, latitude and longitude, latitude.",
        |a| Ok(ellipsoid(&degrees(a)?).into()),
    ),
    native(
        "great_circle_angle(float, float, float, float) -> float64",
        "Degrees between longitude, latitude and longitude, latitude.",
        |a| Ok(angle(&degrees(a)?).to_degrees().into()),
    ),
    native(
        "point_in_ellipses(float, float, float, float, float, float, float…) -> bool",
        "Whether the point x, y is in one of the ellipses, each x, y, a, b.",
        |a| {
            let (x, y) = (a.float(0)?, a.float(1)?);
            let numbers = (2..a.len())
                .map(|index| a.float(index))
                .collect::<Result<Vec<_>, _>>()?;
            if numbers.len() % 4 != 0 {
                return Err("takes a point and four numbers for each ellipse".to_string());
            }
            let inside =
                |e: &[f64]| ((x - e[0]) / e[2]).powi(2) + ((y - e[1]) / e[3]).powi(2) <= 1.0;
            Ok(numbers.chunks(4).any(inside).into())
        },
    ),
    native(
        "point_in_polygon(any, array, array…) -> bool",
        "Whether the point (x, y) is in the polygon [(x, y), …] and in none of the holes.",
        |a| {
            let point = pair(a.text(0)?)?;
            let ring = |index: usize| -> Result<bool, String> {
                let corners = a.items(index)?;
                let corners = corners.iter().map(|item: &&RawValue| pair(item.get()));
                Ok(inside(point, &corners.collect::<Result<Vec<_>, _>>()?))
            };
            let holes = (2..a.len()).map(ring).collect::<Result<Vec<_>, _>>()?;
            Ok((ring(1)? && !holes.contains(&true)).into())
        },
    ),
    native(
        "geohash_encode(float, float[, integer]) -> string",
        "The geohash of longitude and latitude, with 12 characters by default.",
        |a| {
            let length = usize::try_from(a.int_or(2, 12)?)
                .ok()
                .filter(|n| (1..=12).contains(n));
            Ok(geohash(a.float(0)?, a.float(1)?, length.unwrap_or(12)).into())
        },
    ),
    native(
        "geohash_decode(string) -> tuple(longitude float64, latitude float64)",
        "Longitude and latitude of a geohash.",
        |a| {
            let (longitude, latitude) = place(a.text(0)?);
            Ok(Out::array([longitude, latitude].map(|degrees| {
                serde_json::Value::from(degrees).to_string()
            })))
        },
    ),
    native(
        "geohashes_in_box(float, float, float, float, integer) -> array(string)",
        "The geohashes that cover the box of least longitude and latitude and greatest ones, of so \
         many characters.",
        |a| {
            let length = usize::try_from(a.int(4)?)
                .ok()
                .filter(|n| (1..=12).contains(n))
                .ok_or("a geohash has from 1 to 12 characters")?;
            covering(degrees(a)?, length).map(Out::texts)
        },
    ),
];

/// From west to east within from south to north.
fn covering([west, south, east, north]: [f64; 4], length: usize) -> Result<Vec<String>, String> {
    let of_longitude = (length * 5).div_ceil(2) as i32;
    let of_latitude = (length * 5) as i32 - of_longitude;
    let cell = |degrees: f64, least: f64, bits: i32| {
        let cells = 2f64.powi(bits);
        let size = -2.0 * least / cells;
        (
            ((degrees - least) / size).floor().clamp(0.0, cells - 1.0) as u64,
            size,
        )
    };
    if !(west <= east && south <= north) {
        return Ok(Vec::new());
    }
    let ((left, width), (right, _)) = (
        cell(west, -180.0, of_longitude),
        cell(east, -180.0, of_longitude),
    );
    let ((low, height), (high, _)) = (
        cell(south, -90.0, of_latitude),
        cell(north, -90.0, of_latitude),
    );
    if (right - left + 1).saturating_mul(high - low + 1) > MAX_ITEMS as u64 {
        return Err(format!("the box holds more than {MAX_ITEMS} geohashes"));
    }
    let mut hashes = Vec::new();
    for column in left..=right {
        go_on()?;
        hashes.extend((low..=high).map(|row| {
            let longitude = -180.0 + (column as f64 + 0.5) * width;
            let latitude = -90.0 + (row as f64 + 0.5) * height;
            geohash(longitude, latitude, length)
        }));
    }
    Ok(hashes)
}

const EARTH_RADIUS: f64 = 6_371_007.180_918_474;

fn degrees(a: &Args<'_>) -> Result<[f64; 4], String> {
    Ok([a.float(0)?, a.float(1)?, a.float(2)?, a.float(3)?])
}

/// Radians between two places, by haversines.
fn angle([lon1, lat1, lon2, lat2]: &[f64; 4]) -> f64 {
    let (lat1, lat2) = (lat1.to_radians(), lat2.to_radians());
    let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
    let h = half(lat1, lat2) + lat1.cos() * lat2.cos() * half(lon1.to_radians(), lon2.to_radians());
    2.0 * h.sqrt().min(1.0).asin()
}

/// Metres by Lambert's formula for long lines.
fn ellipsoid(place: &[f64; 4]) -> f64 {
    const A: f64 = 6_378_137.0;
    const F: f64 = 1.0 / 298.257_223_563;
    let [lon1, lat1, lon2, lat2] = *place;
    let reduced = |lat: f64| ((1.0 - F) * lat.to_radians().tan()).atan();
    let (b1, b2) = (reduced(lat1), reduced(lat2));
    let sigma = angle(&[lon1, b1.to_degrees(), lon2, b2.to_degrees()]);
    if sigma == 0.0 {
        return 0.0;
    }
    let (p, q) = (f64::midpoint(b1, b2), (b2 - b1) / 2.0);
    let x = (sigma - sigma.sin()) * (p.sin() * q.cos() / (sigma / 2.0).cos()).powi(2);
    let y = (sigma + sigma.sin()) * (p.cos() * q.sin() / (sigma / 2.0).sin()).powi(2);
    A * (sigma - F / 2.0 * (x + y))
}

fn pair(json: &str) -> Result<(f64, f64), String> {
    serde_json::from_str(json).map_err(|_| "a point is a pair of numbers (x, y)".to_string())
}

/// Crossings of a ray to the right.
fn inside((x, y): (f64, f64), corners: &[(f64, f64)]) -> bool {
    let mut inside = false;
    let mut last = corners.last().copied().unwrap_or_default();
    for corner in corners {
        let ((x1, y1), (x2, y2)) = (last, *corner);
        if (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 {
            inside = !inside;
        }
        last = *corner;
    }
    inside
}

const DIGITS: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";

fn geohash(longitude: f64, latitude: f64, length: usize) -> String {
    let mut ranges = [(-180.0, 180.0, longitude), (-90.0, 90.0, latitude)];
    let mut out = String::with_capacity(length);
    let (mut bit, mut digit) = (0usize, 0usize);
    while out.len() < length {
        let (low, high, value) = &mut ranges[bit % 2];
        let middle = f64::midpoint(*low, *high);
        let upper = *value >= middle;
        *(if upper { low } else { high }) = middle;
        digit = digit << 1 | usize::from(upper);
        bit += 1;
        if bit.is_multiple_of(5) {
            out.push(char::from(DIGITS[digit]));
            digit = 0;
        }
    }
    out
}

/// Longitude and latitude; zeros of what is no geohash.
fn place(hash: &str) -> (f64, f64) {
    let mut ranges = [(-180.0, 180.0), (-90.0, 90.0)];
    let mut bit = 0;
    for c in hash.bytes().take(24) {
        let Some(digit) = DIGITS
            .iter()
            .position(|known| *known == c.to_ascii_lowercase())
        else {
            return (0.0, 0.0);
        };
        for place in (0..5).rev() {
            let (low, high): &mut (f64, f64) = &mut ranges[bit % 2];
            let middle = f64::midpoint(*low, *high);
            *(if digit >> place & 1 == 1 { low } else { high }) = middle;
            bit += 1;
        }
    }
    if bit == 0 {
        return (0.0, 0.0);
    }
    (
        f64::midpoint(ranges[0].0, ranges[0].1),
        f64::midpoint(ranges[1].0, ranges[1].1),
    )
}
