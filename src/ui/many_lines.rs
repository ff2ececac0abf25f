//! Lines that `src/js/many.js` lays over a chart's grid as pixels.

use wasm_bindgen::{Clamped, JsValue, prelude::wasm_bindgen};
use web_sys::ImageData;
use weir_live::{Pen, Plane, Raster};

/// Handed over to JavaScript, which frees it when others are drawn.
#[wasm_bindgen]
pub struct ManyLines {
    x: Vec<f64>,
    /// Each as long as `x`; NaN where there is no value.
    ys: Vec<Vec<f64>>,
    pixels: Vec<[u8; 4]>,
}

impl ManyLines {
    pub fn new(x: Vec<f64>, ys: Vec<Vec<f64>>) -> Self {
        Self {
            x,
            ys,
            pixels: Vec::new(),
        }
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.ys.iter().flatten().copied().filter(|y| y.is_finite())
    }
}

#[wasm_bindgen]
impl ManyLines {
    /// Infinity without any value.
    pub fn least(&self) -> f64 {
        self.values().fold(f64::INFINITY, f64::min)
    }

    /// Minus infinity without any value.
    pub fn greatest(&self) -> f64 {
        self.values().fold(f64::NEG_INFINITY, f64::max)
    }

    /// NaN where there is none.
    pub fn value(&self, line: usize, at: usize) -> f64 {
        let value = self.ys.get(line).and_then(|y| y.get(at));
        value.copied().unwrap_or(f64::NAN)
    }

    /// The line that is nearest to `value` at a place of the axis.
    pub fn nearest(&self, at: usize, value: f64) -> Option<usize> {
        let far = |line: &usize| (self.value(*line, at) - value).abs();
        (0..self.ys.len())
            .filter(|line| !far(line).is_nan())
            .min_by(|a, b| far(a).total_cmp(&far(b)))
    }

    /// `ends`: x at the left and the right edge, y at the lower and the upper one. `colours`: red,
    /// green and blue of each line. Thickness in pixels.
    ///
    /// The picture lies in this module's memory: it is to be painted before anything else is
    /// called.
    pub fn picture(
        &mut self,
        width: u32,
        height: u32,
        ends: &[f64],
        colours: &[u8],
        thickness: f64,
    ) -> Result<ImageData, JsValue> {
        let &[left, right, low, high] = ends else {
            return Err(JsValue::from_str("four ends are needed"));
        };
        let mut raster = Raster::new(Plane {
            width: width as usize,
            height: height as usize,
            x: (left, right),
            y: (low, high),
        });
        for (y, colour) in self.ys.iter().zip(colours.chunks_exact(3)) {
            let &[red, green, blue] = colour else {
                continue;
            };
            let pen = Pen {
                colour: [red, green, blue],
                thickness,
            };
            raster.line(&self.x, y, pen);
        }
        self.pixels = raster.into_pixels();
        let bytes = Clamped(self.pixels.as_flattened());
        ImageData::new_with_u8_clamped_array_and_sh(bytes, width, height)
    }
}
