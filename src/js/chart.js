// uPlot as Weir's live chart: lines over time or over a number. Which series and which points is
// decided in Rust.
import uPlot from "uplot";
import { clocks } from "./clock.js";
import { panel } from "./panel.js";
import { card as cardOf } from "./picture.js";
import { amount, flat, marks, numberAxis, placeAxis } from "./ticks.js";

/** Reads what the style sheet's colours are now; `light-dark()` needs an element to be resolved. */
export function palette(parent) {
  const probe = document.createElement("span");
  probe.hidden = true;
  parent.append(probe);
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    ink: read("--ink-2"),
    text: read("--ink"),
    grid: read("--border"),
    surface: read("--surface"),
  };
  // Where the system chooses the colours, lines would all have the same.
  probe.style.forcedColorAdjust = "none";
  colours.series = [1, 2, 3, 4, 5, 6].map((n) => read(`--series-${n}`));
  colours.good = read("--good");
  colours.bad = read("--bad");
  probe.remove();
  return colours;
}

/** Beyond six series the colours repeat with another dash. */
export const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

/** NaN stands for "no row here", which uPlot wants to be undefined, infinity for a gap, which is null. */
export const gaps = (values) => {
  if (values.every(Number.isFinite)) return values;
  return Array.from(values, (value) => (Number.isNaN(value) ? undefined : Number.isFinite(value) ? value : null));
};

/** Width of an axis whose labels are written at its left, from the longest of them. */
export const axisSize = (u, labels) => {
  const font = u.ctx.font;
  u.ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  const widest = Math.max(0, ...(labels ?? []).map((label) => u.ctx.measureText(label).width));
  u.ctx.font = font;
  return Math.min(Math.max(Math.ceil(widest / devicePixelRatio) + 14, 40), 160);
};

/** Height that a chart has beside its legend, which scrolls where there is little. */
export const room = (parent, least) => {
  const legend = parent.querySelector(".u-legend");
  if (!legend) return Math.max(parent.clientHeight, least);
  // Before the chart has its size the legend would be as narrow as its longest word.
  legend.style.width = `${Math.max(parent.clientWidth - 24, 40)}px`;
  legend.style.maxHeight = `${Math.floor(parent.clientHeight * 0.35)}px`;
  return Math.max(parent.clientHeight - legend.offsetHeight, least);
};

/** Calls back when the page's colours have changed; the answer ends that. */
export function onRecolour(recolour) {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", recolour);
  const theme = new MutationObserver(recolour);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    theme.disconnect();
    scheme.removeEventListener("change", recolour);
  };
}

export { panel };

/** Of an axis of times: where its marks are, at least `least` seconds apart, and what stands at them. */
export const timeAxis = (clock, least = 0) => ({
  splits: (_, __, from, to, step) => clock().splits(from, to, Math.max(step, least)),
  values: (_, splits, __, ___, step) => clock().labels(splits, Math.max(step, least)),
  space: 80,
});

/** A single value as a PNG, in the colours that hold inside `parent`. */
export const card = (parent, title, value, note) => cardOf(title, value, note, palette(parent));

export function create(parent) {
  let colours = palette(parent);
  let plot = null;
  let shape = "";
  const size = () => ({
    width: Math.max(parent.clientWidth, 80),
    height: room(parent, 80),
  });
  const axis = () => ({
    stroke: () => colours.ink,
    grid: { stroke: () => colours.grid, width: 1 },
    ticks: { stroke: () => colours.grid, width: 1, size: 4 },
    font: "12px system-ui, sans-serif",
  });
  const build = (names, zone, data) => {
    const clock = clocks(zone || "UTC");
    const time = zone !== "";
    plot?.destroy();
    const series = names.map((label, index) => ({
      label,
      value: (_, value) => (Number.isFinite(value) ? amount(value) : "–"),
      stroke: () => colours.series[index % 6],
      dash: dashes[Math.floor(index / 6) % dashes.length],
      width: 1.5,
      spanGaps: false,
      points: { size: 4 },
    }));
    plot = new uPlot(
      {
        ...size(),
        padding: [12, 44, 0, 0],
        scales: { x: { time }, y: { range: (_, low, high) => flat(low, high) ?? (low == null ? [null, null] : uPlot.rangeNum(low, high, 0.1, true)) } },
        axes: [
          { ...axis(), ...(time ? { ...timeAxis(() => clock), label: zone, labelSize: 18, labelFont: "12px system-ui, sans-serif" } : { ...placeAxis(() => plot?.data[0] ?? data[0]), values: (_, splits) => splits.map(marks(splits)) }) },
          { ...axis(), ...numberAxis, size: axisSize, values: (_, splits) => splits.map(marks(splits)) },
        ],
        series: [
          time ? { label: `time (${zone})`, value: (_, at) => clock.stamp(at) } : { label: "row" },
          ...series,
        ],
        legend: { live: true },
        cursor: { drag: { x: true, y: false } },
      },
      data,
      parent,
    );
    plot.setSize(size());
  };
  const resize = new ResizeObserver(() => plot?.setSize(size()));
  resize.observe(parent);
  const recolour = () => {
    colours = palette(parent);
    plot?.redraw(false);
  };
  const forget = onRecolour(recolour);
  return {
    /** `x` in seconds on the clocks of `zone`, a number where that is empty; one array of numbers per name, NaN where there is no row, infinite at a gap. */
    set: (names, zone, x, ys) => {
      const data = [x, ...ys.map(gaps)];
      const wanted = JSON.stringify([names, zone]);
      if (plot && wanted === shape) return plot.setData(data);
      shape = wanted;
      build(names, zone, data);
    },
    destroy: () => {
      resize.disconnect();
      forget();
      plot?.destroy();
    },
  };
}
