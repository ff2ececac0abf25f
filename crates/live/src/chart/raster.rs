//! Many lines as pixels. A canvas strokes them one after the other, which takes longer than a
//! frame; filling the stretch a line covers in each column of pixels takes a fraction of that.

use std::ops::Range;

/// What part of the plane is drawn, and on how many pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    pub width: usize,
    pub height: usize,
    /// Values at the left and the right edge.
    pub x: (f64, f64),
    /// Values at the lower and the upper edge.
    pub y: (f64, f64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    pub colour: [u8; 3],
    /// Pixels.
    pub thickness: f64,
}

/// Nothing is drawn at first.
#[derive(Debug)]
pub struct Raster {
    plane: Plane,
    /// Red, green, blue and alpha; colours are multiplied by alpha until the end, because that
    /// needs no division where lines lie over each other.
    pixels: Vec<[u8; 4]>,
}

/// Pixels from the upper left corner.
type Point = (f64, f64);

/// What a line covers of one column of pixels.
struct Column {
    at: usize,
    top: f64,
    bottom: f64,
}

impl Plane {
    /// Takes values to pixels.
    fn placing(&self) -> impl Fn((&f64, &f64)) -> Point + use<> {
        let (left, upper) = (self.x.0, self.y.1);
        let across = self.width as f64 / (self.x.1 - left);
        let down = self.height as f64 / (upper - self.y.0);
        move |(x, y)| ((x - left) * across, (upper - y) * down)
    }

    /// Columns that have something between two places from left to right.
    fn columns(&self, from: f64, to: f64) -> Range<usize> {
        if to < 0.0 {
            return 0..0;
        }
        // Conversion saturates: what is left of the plane begins at 0.
        (from as usize)..(to as usize).saturating_add(1).min(self.width)
    }
}

impl Raster {
    pub fn new(plane: Plane) -> Self {
        Self {
            plane,
            pixels: vec![[0; 4]; plane.width * plane.height],
        }
    }

    /// Row by row, as `ImageData` has them.
    pub fn into_pixels(mut self) -> Vec<[u8; 4]> {
        for pixel in &mut self.pixels {
            let [red, green, blue, alpha] = *pixel;
            if alpha == 0 || alpha == 255 {
                continue;
            }
            let share = SHARES[usize::from(alpha)];
            let whole = |part: u8| ((u32::from(part) * share) >> 16).min(255) as u8;
            *pixel = [whole(red), whole(green), whole(blue), alpha];
        }
        self.pixels
    }

    /// `x` ascends. Points that are NaN are passed over, at infinite ones the line is broken; a point
    /// alone becomes a dot.
    pub fn line(&mut self, x: &[f64], y: &[f64], pen: Pen) {
        let length = x.len().min(y.len());
        let mut from = 0;
        for end in (0..=length).filter(|at| *at == length || y[*at].is_infinite()) {
            self.unbroken(&x[from..end], &y[from..end], pen);
            from = end + 1;
        }
    }

    fn unbroken(&mut self, x: &[f64], y: &[f64], pen: Pen) {
        let mut points = x
            .iter()
            .zip(y)
            .map(self.plane.placing())
            .filter(|(x, y)| x.is_finite() && y.is_finite());
        let Some(first) = points.next() else {
            return;
        };
        let mut from = first;
        let mut covered = None;
        for to in points {
            self.segment(from, to, pen, &mut covered);
            from = to;
        }
        match covered {
            Some(column) => self.fill(&column, pen),
            None if from == first => self.dot(first, pen),
            None => {}
        }
    }

    fn dot(&mut self, (x, y): Point, pen: Pen) {
        let reach = pen.thickness * 1.5;
        for at in self.plane.columns(x - reach, x + reach) {
            let column = Column {
                at,
                top: y - pen.thickness,
                bottom: y + pen.thickness,
            };
            self.fill(&column, pen);
        }
    }

    /// A column is filled when the line has left it, so that no pixel of a line is mixed twice.
    fn segment(&mut self, from: Point, to: Point, pen: Pen, covered: &mut Option<Column>) {
        let slope = (to.1 - from.1) / (to.0 - from.0);
        let height = |x: f64| match slope.is_finite() {
            true => from.1 + (x - from.0) * slope,
            false => to.1,
        };
        for at in self.plane.columns(from.0, to.0) {
            let left = at as f64;
            let enters = if from.0 >= left { from.1 } else { height(left) };
            let leaves = if to.0 <= left + 1.0 {
                to.1
            } else {
                height(left + 1.0)
            };
            let (top, bottom) = (enters.min(leaves), enters.max(leaves));
            match covered {
                Some(column) if column.at == at => {
                    column.top = column.top.min(top);
                    column.bottom = column.bottom.max(bottom);
                }
                _ => {
                    if let Some(left) = covered.replace(Column { at, top, bottom }) {
                        self.fill(&left, pen);
                    }
                }
            }
        }
    }

    fn fill(&mut self, column: &Column, pen: Pen) {
        let height = self.plane.height as f64;
        let top = (column.top - pen.thickness / 2.0).clamp(0.0, height);
        let bottom = (column.bottom + pen.thickness / 2.0).clamp(0.0, height);
        let (first, last) = (top as usize, bottom as usize);
        let [red, green, blue] = pen.colour;
        let solid = [red, green, blue, 255];
        let mut cover = |row: usize, share: f64| {
            let at = row * self.plane.width + column.at;
            if let Some(pixel) = self.pixels.get_mut(at).filter(|_| share > 0.0) {
                *pixel = mixed(solid, *pixel, (share * 256.0) as u32);
            }
        };
        if first == last {
            return cover(first, bottom - top);
        }
        cover(first, (first + 1) as f64 - top);
        // Below the last row nothing is left to be covered.
        cover(last, bottom - last as f64);
        let width = self.plane.width;
        let between = (first + 1) * width + column.at..last * width;
        if let Some(rows) = self.pixels.get_mut(between) {
            rows.iter_mut()
                .step_by(width)
                .for_each(|pixel| *pixel = solid);
        }
    }
}

/// 255 divided by each alpha, in 65536ths.
const SHARES: [u32; 256] = {
    let mut shares = [0; 256];
    let mut alpha = 1;
    while alpha < 256 {
        shares[alpha] = (255 << 16) / alpha as u32 + 1;
        alpha += 1;
    }
    shares
};

/// `share` of `over`, in 256ths; two of the four parts at a time.
fn mixed(over: [u8; 4], under: [u8; 4], share: u32) -> [u8; 4] {
    const EVEN: u32 = 0x00ff_00ff;
    let (over, under) = (u32::from_le_bytes(over), u32::from_le_bytes(under));
    let mix = |over: u32, under: u32| (over & EVEN) * share + (under & EVEN) * (256 - share);
    let even = (mix(over, under) >> 8) & EVEN;
    let odd = mix(over >> 8, under >> 8) & !EVEN;
    (even | odd).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: [u8; 3] = [255, 0, 0];
    const PEN: Pen = Pen {
        colour: RED,
        thickness: 1.0,
    };

    /// Ten by ten; the middle of the pixel in column `c` and row `r` is at x = c + 0.5 and
    /// y = 9.5 - r.
    fn drawn(x: &[f64], y: &[f64]) -> Vec<[u8; 4]> {
        let mut raster = Raster::new(Plane {
            width: 10,
            height: 10,
            x: (0.0, 10.0),
            y: (0.0, 10.0),
        });
        raster.line(x, y, PEN);
        raster.into_pixels()
    }

    /// Alpha of each pixel, of 255.
    fn row(pixels: &[[u8; 4]], row: usize) -> Vec<u8> {
        let row = &pixels[row * 10..(row + 1) * 10];
        row.iter().map(|pixel| pixel[3]).collect()
    }

    fn column(pixels: &[[u8; 4]], column: usize) -> Vec<u8> {
        (0..10).map(|at| row(pixels, at)[column]).collect()
    }

    fn is_empty(pixels: &[[u8; 4]]) -> bool {
        pixels.iter().all(|pixel| *pixel == [0; 4])
    }

    #[test]
    fn a_level_line_is_one_pixel_thick_in_its_colour() {
        let pixels = drawn(&[0.0, 10.0], &[4.5, 4.5]);
        assert_eq!(row(&pixels, 5), [255; 10]);
        assert_eq!(
            (row(&pixels, 4), row(&pixels, 6)),
            (vec![0; 10], vec![0; 10])
        );
        assert_eq!(pixels[50], [255, 0, 0, 255]);
    }

    #[test]
    fn between_two_rows_both_get_their_share() {
        let pixels = drawn(&[0.0, 10.0], &[4.75, 4.75]);
        assert_eq!((row(&pixels, 4)[3], row(&pixels, 5)[3]), (63, 191));
        assert_eq!(pixels[43], [255, 0, 0, 63], "not darker for being fainter");
    }

    #[test]
    fn a_peak_between_two_columns_is_kept() {
        let pixels = drawn(&[0.0, 4.4, 4.5, 4.6, 10.0], &[1.0, 1.0, 9.0, 1.0, 1.0]);
        assert_eq!(column(&pixels, 4)[1..9], [255; 8]);
        assert_eq!(column(&pixels, 3)[..8], [0; 8]);
        assert_eq!(column(&pixels, 5)[..8], [0; 8]);
    }

    #[test]
    fn points_without_a_value_are_passed_over() {
        let pixels = drawn(&[0.0, 5.0, 10.0], &[4.5, f64::NAN, 4.5]);
        assert_eq!(row(&pixels, 5), [255; 10]);
        let nothing = drawn(&[0.0, 5.0], &[f64::NAN, f64::INFINITY]);
        assert!(is_empty(&nothing));
    }

    #[test]
    fn one_point_alone_is_a_dot() {
        let pixels = drawn(&[4.5], &[4.5]);
        assert_eq!(row(&pixels, 5)[2..8], [0, 255, 255, 255, 255, 0]);
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let pixels = drawn(&[-1e9, 1e9], &[4.5, 4.5]);
        assert_eq!(row(&pixels, 5), [255; 10]);
        let above = drawn(&[0.0, 10.0], &[1e300, 20.0]);
        assert!(is_empty(&above));
        let across = drawn(&[-10.0, 20.0], &[-10.0, 20.0]);
        assert_eq!((row(&across, 0)[9], row(&across, 9)[0]), (255, 255));
        for (x, y) in [((5.0, 5.0), (0.0, 1.0)), ((0.0, 1.0), (3.0, 3.0))] {
            let mut flat = Raster::new(Plane {
                width: 4,
                height: 4,
                x,
                y,
            });
            flat.line(&[0.0, 5.0, 6.0], &[1.0, 2.0, 3.0], PEN);
        }
    }

    #[test]
    fn lines_lie_over_each_other() {
        let mut raster = Raster::new(Plane {
            width: 1,
            height: 1,
            x: (0.0, 1.0),
            y: (0.0, 1.0),
        });
        let pen = |colour, thickness| Pen { colour, thickness };
        raster.line(&[0.0, 1.0], &[0.5, 0.5], pen(RED, 1.0));
        raster.line(&[0.0, 1.0], &[0.5, 0.5], pen([0, 0, 255], 0.5));
        assert_eq!(raster.into_pixels(), [[127, 0, 127, 255]]);
    }
}
