//! What the page tells of itself: times between frames, and of keys until they are painted.

use weir_e2e::{Page, Result};

/// Collects times between frames and the longest tasks since it was last run.
const WATCH: &str = "
window.weirFrames = [];
window.weirPaints = 0;
if (!window.weirWatched) {
  window.weirWatched = true;
  let last = null;
  const frame = (now) => {
    if (last !== null) window.weirFrames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  // Charts begin each picture by clearing their canvas.
  const context = CanvasRenderingContext2D.prototype;
  const clear = context.clearRect;
  context.clearRect = function (...box) {
    window.weirPaints += 1;
    return clear.apply(this, box);
  };
}
";

/// Times from a key to the next paint with it; those under 16 ms are not told by the browser.
const WATCH_KEYS: &str = "
window.weirKeys = [];
if (!window.weirKeysWatched) {
  window.weirKeysWatched = true;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.name === 'keydown') window.weirKeys.push(entry.duration);
    }
  }).observe({ type: 'event', durationThreshold: 16 });
}
";

/// Milliseconds, ascending.
pub(crate) struct Frames(Vec<f64>);

pub(crate) async fn watch(page: &Page) -> Result {
    page.run(WATCH, vec![]).await?;
    Ok(())
}

/// Since [`watch`].
pub(crate) async fn seen(page: &Page) -> Result<Frames> {
    let frames = page.run("return window.weirFrames", vec![]).await?;
    let mut frames: Vec<f64> = serde_json::from_value(frames)?;
    frames.sort_by(f64::total_cmp);
    Ok(Frames(frames))
}

pub(crate) async fn paints(page: &Page) -> Result<u64> {
    let paints = page.run("return window.weirPaints", vec![]).await?;
    Ok(paints.as_u64().unwrap_or(0))
}

impl Frames {
    pub(crate) fn at(&self, share: f64) -> f64 {
        let position = (self.0.len() as f64 * share) as usize;
        let last = self.0.len().saturating_sub(1);
        self.0.get(position.min(last)).copied().unwrap_or(f64::NAN)
    }

    /// At 60 frames a second a frame takes 16.7 ms.
    pub(crate) fn smooth(&self) -> bool {
        (self.at(0.95) * 10.0).round() <= 170.0
    }

    pub(crate) fn words(&self) -> String {
        format!(
            "frames p50 {:.1} ms, p95 {:.1} ms, max {:.0} ms",
            self.at(0.5),
            self.at(0.95),
            self.at(1.0)
        )
    }
}

/// Types into the editor; the slowest key in milliseconds, `None` where all took under 16.
pub(crate) async fn type_keys(page: &Page, keys: usize) -> Result<Option<f64>> {
    page.click("textbox", "SQL editor").await?;
    page.press_control("a").await?;
    page.run(WATCH_KEYS, vec![]).await?;
    for key in "-- typed while rows come ".chars().cycle().take(keys) {
        page.press(&key.to_string()).await?;
    }
    page.drawn().await?;
    let slow = page.run("return window.weirKeys", vec![]).await?;
    let slow: Vec<f64> = serde_json::from_value(slow)?;
    Ok(slow.into_iter().reduce(f64::max))
}
