//! Vertical scrolling over any number of lines: browsers cap the height of an element, so beyond
//! [`TALLEST`] the scroll bar's way is shorter than the content's.

/// Height of a line in pixels; the style sheet's `--row`.
pub const LINE: f64 = 28.0;

/// Well below what Firefox and Chromium allow.
const TALLEST: f64 = 8_000_000.0;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scroll {
    /// Pixels of content above the view.
    pub top: f64,
    lines: u64,
    /// Height of the view in pixels.
    view: f64,
    /// Where the scroll bar was last seen or put.
    native: f64,
}

impl Scroll {
    pub fn resize(&mut self, lines: u64, view: f64) {
        self.lines = lines;
        self.view = view;
        self.top = self.top.clamp(0.0, self.furthest());
    }

    fn content(&self) -> f64 {
        self.lines as f64 * LINE
    }

    fn furthest(&self) -> f64 {
        (self.content() - self.view).max(0.0)
    }

    /// Height of the element that is scrolled, without the header.
    pub fn height(&self) -> f64 {
        self.content().min(TALLEST).max(self.view)
    }

    fn native_furthest(&self) -> f64 {
        (self.height() - self.view).max(0.0)
    }

    /// Where the scroll bar belongs.
    pub fn native(&self) -> f64 {
        let furthest = self.furthest();
        if furthest == 0.0 {
            return 0.0;
        }
        (self.top / furthest * self.native_furthest()).round()
    }

    /// The scroll bar was put at [`Scroll::native`].
    pub fn placed(&mut self, native: f64) {
        self.native = native;
    }

    /// The person moved the scroll bar: by how many pixels, negative upwards.
    pub fn moved(&mut self, native: f64) -> f64 {
        let by = native - self.native;
        self.native = native;
        if by.abs() < 1.0 {
            return 0.0;
        }
        let (furthest, native_furthest) = (self.furthest(), self.native_furthest());
        let at_end = native <= 0.0 || native >= native_furthest - 1.0;
        let shortened = furthest > native_furthest + 1.0;
        self.top = if shortened && !at_end && by.abs() < 2.0 * self.view {
            // A wheel or a key moves by pixels of content, dragging the bar by its share.
            (self.top + by).clamp(0.0, furthest)
        } else if native_furthest > 0.0 {
            (native / native_furthest).min(1.0) * furthest
        } else {
            0.0
        };
        by
    }

    pub fn to_end(&mut self) {
        self.top = self.furthest();
    }

    pub fn at_start(&self) -> bool {
        self.top < 2.0
    }

    pub fn at_end(&self) -> bool {
        self.top >= self.furthest() - 2.0
    }

    /// Moves as little as needed for the line to be seen whole.
    pub fn reveal(&mut self, line: u64) {
        let at = line as f64 * LINE;
        let lowest = at.min(self.furthest());
        self.top = self
            .top
            .clamp((at + LINE - self.view).max(0.0).min(lowest), lowest);
    }

    pub fn first_line(&self) -> u64 {
        (self.top / LINE) as u64
    }

    /// Pixels of the first line that are above the view.
    pub fn hidden_part(&self) -> f64 {
        self.top % LINE
    }

    /// Lines that fit into the view, at least one.
    pub fn page(&self) -> u64 {
        ((self.view / LINE) as u64).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scroll(lines: u64) -> Scroll {
        let mut scroll = Scroll::default();
        scroll.resize(lines, 280.0);
        scroll
    }

    #[test]
    fn a_short_content_is_scrolled_by_its_own_pixels() {
        let mut scroll = scroll(100);
        assert_eq!(scroll.height(), 2800.0);
        assert_eq!(scroll.moved(56.0), 56.0);
        assert_eq!((scroll.top, scroll.first_line()), (56.0, 2));
        assert_eq!(scroll.moved(14.0), -42.0);
        assert_eq!((scroll.first_line(), scroll.hidden_part()), (0, 14.0));
        scroll.to_end();
        assert_eq!(scroll.native(), 2520.0);
        assert!(scroll.at_end());
    }

    #[test]
    fn every_line_of_a_very_long_content_can_be_reached() {
        let mut scroll = scroll(10_000_000);
        assert!(scroll.height() <= TALLEST);
        scroll.moved(scroll.height() - 280.0);
        assert_eq!(scroll.first_line() + scroll.page(), 10_000_000);
        scroll.moved(scroll.native - 100.0);
        assert_eq!(scroll.furthest() - scroll.top, 100.0);
        scroll.moved(0.0);
        assert_eq!(scroll.top, 0.0);
    }

    #[test]
    fn a_line_is_revealed_with_the_least_movement() {
        let mut scroll = scroll(100);
        scroll.reveal(5);
        assert_eq!(scroll.top, 0.0);
        scroll.reveal(10);
        assert_eq!(scroll.top, 28.0);
        scroll.reveal(0);
        assert_eq!(scroll.top, 0.0);
        scroll.reveal(99);
        assert!(scroll.at_end());
    }

    #[test]
    fn shrinking_content_keeps_the_view_inside() {
        let mut scroll = scroll(100);
        scroll.to_end();
        scroll.resize(3, 280.0);
        assert_eq!((scroll.top, scroll.native()), (0.0, 0.0));
    }
}
