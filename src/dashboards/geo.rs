//! Points on a map: an equirectangular one, where a degree is as long in both directions.

use weir_live::Ring;

use super::{
    number,
    options::Options,
    pick::{self, Update},
};

const MOST: usize = 2_000;

#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub longitude: f64,
    pub latitude: f64,
    /// Index of its group.
    pub group: usize,
    /// Pixels.
    pub size: f64,
    pub words: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    pub points: Vec<Point>,
    pub groups: Vec<String>,
}

/// `None`: the columns of longitude and latitude are not there.
pub fn map(ring: &Ring, options: &Options) -> Option<Map> {
    let named = |key: &str, usual: &[&str]| {
        let chosen = options.some(key).and_then(|name| ring.column(&name));
        chosen.or_else(|| usual.iter().find_map(|name| ring.column(name)))
    };
    let longitude = named("longitude", &["longitude", "lon", "lng"])?;
    let latitude = named("latitude", &["latitude", "lat"])?;
    let group = named("color", &[]);
    let size = named("size.key", &[]);
    let shown = options.list("visibleColumns");
    let shown: Vec<usize> = shown.iter().filter_map(|name| ring.column(name)).collect();
    let mut map = Map::default();
    let mut sizes: Vec<f64> = Vec::new();
    for row in pick::rows(ring, Update::of(options, ring), MOST) {
        let degrees = |column, most: f64| {
            let value = ring.cell(row, column).as_f64()?;
            (-most..=most).contains(&value).then_some(value)
        };
        let (Some(longitude), Some(latitude)) =
            (degrees(longitude, 180.0), degrees(latitude, 90.0))
        else {
            continue;
        };
        let name = group.map_or_else(String::new, |group| ring.cell(row, group).text());
        let group = match map.groups.iter().position(|known| *known == name) {
            Some(known) => known,
            None => {
                map.groups.push(name.clone());
                map.groups.len() - 1
            }
        };
        sizes.push(
            size.and_then(|size| ring.cell(row, size).as_f64())
                .unwrap_or(f64::NAN),
        );
        let mut words: Vec<String> = shown
            .iter()
            .map(|column| {
                let cell = number::words(ring.cell(row, *column), None);
                format!("{} {cell}", ring.columns()[*column].name)
            })
            .collect();
        if words.is_empty() {
            words = vec![name, format!("{latitude:.3}, {longitude:.3}")];
            words.retain(|word| !word.is_empty());
        }
        map.points.push(Point {
            longitude,
            latitude,
            group,
            size: 0.0,
            words: words.join(", "),
        });
    }
    let (least, most) = reach(options);
    let low = sizes
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .fold(f64::INFINITY, f64::min);
    let high = sizes
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .fold(f64::NEG_INFINITY, f64::max);
    for (point, value) in map.points.iter_mut().zip(sizes) {
        let share = if high > low {
            (value - low) / (high - low)
        } else {
            0.0
        };
        point.size = if share.is_finite() {
            least + share * (most - least)
        } else {
            least
        };
    }
    Some(map)
}

/// Pixels of the smallest and the largest point.
fn reach(options: &Options) -> (f64, f64) {
    let pair: Option<[f64; 2]> = options
        .raw("size.range")
        .and_then(|raw| serde_json::from_str(&raw).ok());
    let usual = options.number("size.value").unwrap_or(8.0).clamp(2.0, 60.0);
    pair.map_or((usual, usual * 3.0), |[a, b]| {
        (a.clamp(2.0, 60.0), b.clamp(2.0, 60.0))
    })
}

/// What part of the world is shown: its middle and its width in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    pub longitude: f64,
    pub latitude: f64,
    pub width: f64,
}

const WORLD: Frame = Frame {
    longitude: 0.0,
    latitude: 10.0,
    width: 360.0,
};

impl Frame {
    /// As configured (`center` and `zoom` as map libraries count it), else around the points.
    pub fn of(options: &Options, map: &Map) -> Self {
        let center: Option<[f64; 2]> = options
            .raw("center")
            .and_then(|raw| serde_json::from_str(&raw).ok());
        let zoom = options.number("zoom");
        if let Some([latitude, longitude]) = center {
            let width = 360.0 / 2f64.powf(zoom.unwrap_or(2.0).clamp(0.0, 16.0));
            return Self {
                longitude,
                latitude,
                width,
            }
            .bounded();
        }
        let ends = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let (west, east) = ends(&mut map.points.iter().map(|p| p.longitude));
        let (south, north) = ends(&mut map.points.iter().map(|p| p.latitude));
        if west > east {
            return WORLD;
        }
        Self {
            longitude: (west + east) / 2.0,
            latitude: (south + north) / 2.0,
            width: ((east - west) * 1.3).max((north - south) * 2.6).max(4.0),
        }
        .bounded()
    }

    fn bounded(self) -> Self {
        Self {
            longitude: self.longitude.clamp(-180.0, 180.0),
            latitude: self.latitude.clamp(-90.0, 90.0),
            width: self.width.clamp(0.01, 400.0),
        }
    }

    /// `factor` below 1 comes closer.
    pub fn zoomed(self, factor: f64) -> Self {
        Self {
            width: self.width * factor,
            ..self
        }
        .bounded()
    }

    /// By shares of the width.
    pub fn moved(self, right: f64, down: f64) -> Self {
        Self {
            longitude: self.longitude + right * self.width,
            latitude: self.latitude - down * self.width,
            ..self
        }
        .bounded()
    }

    /// `viewBox` of a drawing whose y grows to the south; `ratio` is height by width.
    pub fn view_box(self, ratio: f64) -> String {
        let height = self.width * ratio;
        format!(
            "{:.5} {:.5} {:.5} {height:.5}",
            self.longitude - self.width / 2.0,
            -self.latitude - height / 2.0,
            self.width
        )
    }

    /// Degrees between lines of the graticule.
    pub fn step(self) -> f64 {
        let wanted = self.width / 6.0;
        let steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0];
        steps
            .into_iter()
            .find(|step| *step >= wanted)
            .unwrap_or(30.0)
    }

    /// Lines within twice the frame, as a path.
    pub fn graticule(self) -> String {
        let step = self.step();
        let (mut path, span) = (String::new(), self.width);
        let lines = |middle: f64, most: f64| {
            let first = ((middle - span).max(-most) / step).ceil() as i64;
            let last = ((middle + span).min(most) / step).floor() as i64;
            (first..=last).map(move |n| n as f64 * step)
        };
        for longitude in lines(self.longitude, 180.0) {
            path.push_str(&format!("M{longitude:.3} -90V90"));
        }
        for latitude in lines(self.latitude, 90.0) {
            path.push_str(&format!("M-180 {:.3}H180", -latitude));
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Limits, RingColumn};

    use super::*;

    fn cities() -> Ring {
        let column = |name: &str, data_type| RingColumn {
            name: name.into(),
            data_type,
        };
        let columns = vec![
            column("city", DataType::String),
            column("lat", DataType::Float64),
            column("lon", DataType::Float64),
            column("n", DataType::Int(32)),
        ];
        let mut ring = Ring::new(columns, Limits::default());
        let rows = br#"[["Basel",47.5,7.6,1],["Bern",46.9,7.4,3],["Basel",47.5,7.6,5],["x",99,0,1],["y",null,0,1]]"#;
        ring.push(rows).expect("rows");
        ring
    }

    #[test]
    fn rows_become_points_with_colour_and_size() {
        let options = r#"{"color":"city","size":{"key":"n","range":[4,12]},"updateMode":"key","updateKey":"city"}"#;
        let options = Options::from_json(options).expect("options");
        let map = map(&cities(), &options).expect("a map");
        assert_eq!(map.groups, ["Basel", "Bern"]);
        let sizes: Vec<f64> = map.points.iter().map(|point| point.size).collect();
        assert_eq!(sizes, [12.0, 4.0]);
        assert_eq!(map.points[1].words, "Bern, 46.900, 7.400");
        let none = Options::from_json(r#"{"longitude":"gone"}"#).expect("options");
        assert!(super::map(&cities(), &none).is_some());
    }

    #[test]
    fn the_frame_is_around_the_points_or_as_configured() {
        let map = map(&cities(), &Options::default()).expect("a map");
        let frame = Frame::of(&Options::default(), &map);
        assert!((46.9..47.5).contains(&frame.latitude) && frame.width == 4.0);
        let fixed = Options::from_json(r#"{"center":[51,10],"zoom":4}"#).expect("options");
        let fixed = Frame::of(&fixed, &map);
        assert_eq!(
            (fixed.longitude, fixed.latitude, fixed.width),
            (10.0, 51.0, 22.5)
        );
        assert_eq!(Frame::of(&Options::default(), &Map::default()), WORLD);
    }

    #[test]
    fn zoom_and_move_stay_in_the_world() {
        assert_eq!(WORLD.zoomed(100.0).width, 400.0);
        assert_eq!(WORLD.moved(9.0, -9.0).longitude, 180.0);
        assert_eq!(
            WORLD.moved(0.0, 0.0).view_box(0.5),
            "-180.00000 -100.00000 360.00000 180.00000"
        );
        assert!(WORLD.graticule().contains("M-180.000 -90V90"));
        assert_eq!(WORLD.zoomed(0.01).step(), 1.0);
    }
}
