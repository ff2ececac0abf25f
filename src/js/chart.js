// uPlot as Weir's live chart: lines over time or over a number. Which series and which points is
// decided in Rust.
import uPlot from "uplot";
import { panel } from "./panel.js";
import { card as cardOf } from "./picture.js";

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
    series: [1, 2, 3, 4, 5, 6].map((n) => read(`--series-${n}`)),
    good: read("--good"),
    bad: read("--bad"),
    surface: read("--surface"),
  };
  probe.remove();
  return colours;
}

/** Beyond six series the colours repeat with another dash. */
export const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

/** NaN stands for "no value here", which uPlot wants to be null. */
export const gaps = (values) => {
  if (!values.some(Number.isNaN)) return values;
  const filled = new Array(values.length);
  for (let i = 0; i < values.length; i++) filled[i] = Number.isNaN(values[i]) ? null : values[i];
  return filled;
};

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 3 });

/** Labels of a time axis on a 24-hour clock, with the day where it changes. */
export const times = (_, splits, __, ___, step) => {
  let day = "";
  return splits.map((at) => {
    const date = new Date(at * 1e3);
    const two = (n) => String(n).padStart(2, "0");
    const today = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
    const text = step >= 86_400 ? today : step >= 60 ? clock : `${clock}:${two(date.getSeconds())}`;
    const label = step >= 86_400 || today === day ? text : `${text}\n${today}`;
    day = today;
    return step < 1 ? `${label}.${Math.round((at % 1) * 1000)}` : label;
  });
};

export const stamp = (at) => (at == null ? "–" : new Date(at * 1e3).toISOString().replace("T", " "));

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

/** A single value as a PNG, in the colours that hold inside `parent`. */
export const card = (parent, title, value, note) => cardOf(title, value, note, palette(parent));

export function create(parent) {
  let colours = palette(parent);
  let plot = null;
  let shape = "";
  const size = () => ({
    width: Math.max(parent.clientWidth, 80),
    height: Math.max(parent.clientHeight - (parent.querySelector(".u-legend")?.offsetHeight ?? 28), 80),
  });
  const axis = () => ({
    stroke: () => colours.ink,
    grid: { stroke: () => colours.grid, width: 1 },
    ticks: { stroke: () => colours.grid, width: 1, size: 4 },
    font: "12px system-ui, sans-serif",
  });
  const build = (names, time, data) => {
    plot?.destroy();
    const series = names.map((label, index) => ({
      label,
      stroke: () => colours.series[index % 6],
      dash: dashes[Math.floor(index / 6) % dashes.length],
      width: 1.5,
      spanGaps: true,
      points: { size: 4 },
    }));
    plot = new uPlot(
      {
        ...size(),
        padding: [12, 28, 0, 0],
        scales: { x: { time } },
        axes: [
          { ...axis(), ...(time ? { values: times, space: 80 } : {}) },
          { ...axis(), size: 60, values: (_, splits) => splits.map((v) => compact.format(v)) },
        ],
        series: [
          time ? { label: "time (UTC)", value: (_, at) => stamp(at) } : { label: "row" },
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
    /** `x` in seconds when `time`; one array of numbers per name, NaN where there is no value. */
    set: (names, time, x, ys) => {
      const data = [x, ...ys.map(gaps)];
      const wanted = JSON.stringify([names, time]);
      if (plot && wanted === shape) return plot.setData(data);
      shape = wanted;
      build(names, time, data);
    },
    destroy: () => {
      resize.disconnect();
      forget();
      plot?.destroy();
    },
  };
}
