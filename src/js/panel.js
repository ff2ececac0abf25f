// A chart of a dashboard or a result: lines, areas, bars, points and candles. What is drawn is decided in Rust: the
// shape changes rarely and builds the chart anew, window and data change with the rows.
import uPlot from "uplot";
import { axisSize, dashes, gaps, onRecolour, palette, room, timeAxis } from "./chart.js";
import { clocks, placed } from "./clock.js";
import { inks, overlay } from "./many.js";
import { picture } from "./picture.js";
import { amount, brief, flat, marks, numberAxis, placeAxis } from "./ticks.js";

/** Below these the chart has no room for what is around it. */
const LEGEND_FROM = 150;
const TITLES_FROM = 130;
/** More series have no legend: what the pointer is at is told beside it. */
const LEGEND_UP_TO = 12;

const cut = (text, most) => (most && text.length > most ? `${text.slice(0, most)}…` : text);

export function panel(parent) {
  let colours = palette(parent);
  let plot = null;
  let shape = {};
  let shapeText = "";
  let view = {};
  let bases = [];
  let data = [[]];
  let legendShown = false;
  /** Lines painted as pixels, their colours, and the one the pointer is near to. */
  let many = null;
  let ink = new Uint8Array();
  let lit = null;
  const layMany = overlay();

  const colour = (index) => shape.colours[index] ?? colours.series[index % 6];
  const number = (value) => {
    if (value == null || Number.isNaN(value)) return "–";
    const space = /^[a-z]/i.test(shape.after) ? " " : "";
    return `${shape.before}${amount(value, shape.digits)}${space}${shape.after}`;
  };
  const tick = (value) => cut(`${shape.before}${brief(value)}${shape.after}`, shape.max_char);

  const size = () => ({ width: Math.max(parent.clientWidth, 60), height: room(parent, 40) });
  const clock = () => clocks(shape.zone || "UTC");
  const moment = (at) => (at == null ? "–" : shape.dates ? clock().parts(at).date : clock().stamp(at));

  const isBars = () => shape.kind === "bar" || shape.kind === "column";
  const isOhlc = () => shape.kind === "ohlc";
  const isScatter = () => shape.kind === "scatter";

  const alpha = (css, share) => {
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = css;
    const hex = probe.fillStyle;
    return /^#[0-9a-f]{6}$/.test(hex) ? hex + Math.round(share * 255).toString(16).padStart(2, "0") : css;
  };

  const series = (label, index) => {
    const common = { label, value: (_, value) => number(value), stroke: () => colour(index) };
    if (isOhlc() || isScatter()) return { ...common, paths: () => null, points: { show: false } };
    if (isBars()) {
      const count = shape.stacked ? 1 : shape.names.length;
      const width = 0.8 / count;
      const left = shape.stacked ? -0.4 : -0.4 + width * index;
      return {
        ...common,
        width: 0,
        fill: () => alpha(colour(index), 0.85),
        points: { show: false },
        paths: uPlot.paths.bars({
          disp: {
            x0: { unit: 1, values: () => Array.from(data[0], (at) => at + left) },
            size: { unit: 1, values: () => [width * 0.94] },
            y0: { unit: 1, values: () => bases[index] },
            y1: { unit: 1, values: (u) => u.data[index + 1].map((value, at) => (value == null ? null : value + bases[index][at])) },
          },
        }),
      };
    }
    return {
      ...common,
      dash: dashes[Math.floor(index / 6) % dashes.length],
      width: 1.5,
      spanGaps: false,
      fill: shape.kind === "area" ? () => alpha(colour(index), 0.22) : undefined,
      paths: shape.curve ? uPlot.paths.spline() : undefined,
      points: shape.points ? { show: true, size: 5 } : { size: 4 },
    };
  };

  const candles = (u) => {
    const { ctx } = u;
    const [xs, opens, highs, lows, closes] = u.data;
    const [first, last] = u.series[0].idxs ?? [0, xs.length - 1];
    let gap = Infinity;
    for (let i = 1; i < xs.length; i++) gap = Math.min(gap, xs[i] - xs[i - 1]);
    const from = u.valToPos(0, "x", true);
    const room = Number.isFinite(gap) ? u.valToPos(gap, "x", true) - from : 20;
    const width = Math.max(1, Math.min(Math.round(room * 0.7), 24 * devicePixelRatio));
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    for (let i = first; i <= last; i++) {
      const y = (value) => Math.round(u.valToPos(value, "y", true));
      const x = Math.round(u.valToPos(xs[i], "x", true));
      const up = closes[i] >= opens[i];
      const ink = up ? (shape.colours[0] ?? colours.good) : (shape.colours[1] ?? colours.bad);
      ctx.strokeStyle = ink;
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, y(highs[i]));
      ctx.lineTo(x, y(lows[i]));
      ctx.stroke();
      const top = y(Math.max(opens[i], closes[i]));
      const height = Math.max(1, y(Math.min(opens[i], closes[i])) - top);
      // Told apart also without colours: rising candles are hollow.
      ctx.fillStyle = up ? colours.surface : ink;
      ctx.fillRect(x - width / 2, top, width, height);
      ctx.strokeRect(x - width / 2, top, width, height);
    }
    ctx.restore();
  };

  /** `bases[0]` are the values, `bases[1]` tells which series a point belongs to. */
  const dots = (u) => {
    const { ctx } = u;
    const [xs, [ys, of]] = [u.data[0], bases];
    const size = (xs.length > 2_000 ? 3 : 5) * devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    shape.names.forEach((_, index) => {
      if (!u.series[index + 1].show) return;
      ctx.fillStyle = alpha(colour(index), 0.7);
      for (let i = 0; i < xs.length; i++) {
        if (of[i] !== index) continue;
        ctx.fillRect(u.valToPos(xs[i], "x", true) - size / 2, u.valToPos(ys[i], "y", true) - size / 2, size, size);
      }
    });
    ctx.restore();
  };

  const tip = document.createElement("p");
  tip.className = "chart-tip";
  const nearest = (u) => {
    const { idx, left, top } = u.cursor;
    let [found, near] = [null, Infinity];
    for (let index = 0; index < u.data.length - 1; index++) {
      const value = u.data[index + 1][idx];
      if (value == null || Number.isNaN(value)) continue;
      const far = Math.abs(u.valToPos(value + (bases[index]?.[idx] ?? 0), "y") - (shape.kind === "bar" ? left : top));
      if (far < near) [found, near] = [{ index, value }, far];
    }
    return found;
  };
  const nearestOfMany = (u) => {
    const { idx, top } = u.cursor;
    const index = many.nearest(idx, u.posToVal(top, "y"));
    return index == null ? null : { index, value: many.value(index, idx) };
  };
  const pointed = (u) => {
    const { idx, left, top } = u.cursor;
    const silent = legendShown || isOhlc() || isScatter() || idx == null || left < 0;
    const found = silent ? null : many ? nearestOfMany(u) : nearest(u);
    if (many && lit !== found?.index) {
      lit = found?.index;
      u.redraw(false, false);
    }
    tip.hidden = !found;
    if (!found) return;
    const at = u.data[0][idx];
    const place = isBars() ? `${view.told[idx] ?? ""}: ` : shape.time ? `${[moment(at), shape.zone].filter(Boolean).join(" ")}: ` : "";
    tip.textContent = `${place}${shape.names[found.index]} ${number(found.value)}`;
    const flip = left > u.over.clientWidth / 2;
    tip.style.left = flip ? "" : `${left + 12}px`;
    tip.style.right = flip ? `${u.over.clientWidth - left + 12}px` : "";
    tip.style.top = `${Math.min(top, u.over.clientHeight - 24)}px`;
  };

  const written = (u) => {
    if (!shape.labels) return;
    const { ctx } = u;
    ctx.save();
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.fillStyle = colours.ink;
    const across = shape.kind === "bar";
    ctx.textAlign = across ? "left" : "center";
    ctx.textBaseline = across ? "middle" : "bottom";
    const count = shape.names.length;
    const step = Math.max(1, Math.ceil(u.data[0].length / 30));
    for (let s = 1; s < u.data.length; s++) {
      const shift = isBars() && !shape.stacked ? -0.4 + (0.8 / count) * (s - 0.5) : 0;
      for (let i = 0; i < u.data[0].length; i += step) {
        const value = u.data[s][i];
        if (value == null || !u.series[s].show) continue;
        const along = u.valToPos(u.data[0][i] + shift, "x", true);
        const end = u.valToPos(value + (bases[s - 1]?.[i] ?? 0), "y", true);
        if (across) ctx.fillText(tick(value), end + 3, along);
        else ctx.fillText(tick(value), along, end - 2);
      }
    }
    ctx.restore();
  };

  const paint = (u) => {
    if (many) layMany(u, many, ink, lit);
    else if (isOhlc()) candles(u);
    else if (isScatter()) dots(u);
    else written(u);
  };

  const recolour = () => {
    colours = palette(parent);
    if (shape.many) ink = inks(shape.names.length, colour, colours, shape.colours.length);
  };

  const build = () => {
    plot?.destroy();
    recolour();
    lit = null;
    const height = parent.clientHeight;
    const across = shape.kind === "bar";
    const several = shape.names.length > 1 && shape.names.length <= LEGEND_UP_TO;
    legendShown = shape.legend && height >= LEGEND_FROM && (several || isOhlc());
    const titles = height >= TITLES_FROM;
    // Whose clocks the axis shows stands under it, also in the picture.
    const xTitle = shape.zone ? [shape.x_title, shape.x_title ? `(${shape.zone})` : shape.zone].filter(Boolean).join(" ") : shape.x_title;
    const axis = (title) => ({
      stroke: () => colours.ink,
      grid: { show: shape.grid, stroke: () => colours.grid, width: 1 },
      ticks: { stroke: () => colours.grid, width: 1, size: 4 },
      font: "11px system-ui, sans-serif",
      ...(title && titles ? { label: title, labelSize: 18, labelFont: "12px system-ui, sans-serif" } : {}),
    });
    const xAxis = { ...axis(xTitle) };
    if (isBars()) {
      const timed = Boolean(shape.zone);
      const length = (place) => (timed && !across ? Math.max(10, place.length - 11) : place.length);
      const longest = Math.max(3, ...view.places.map(length));
      xAxis.grid = { show: false };
      xAxis.splits = () => {
        const step = Math.max(1, Math.ceil((view.places.length * (across ? 16 : 11 + longest * 5)) / Math.max(across ? parent.clientHeight : parent.clientWidth, 1)));
        return view.places.map((_, index) => index).filter((index) => index % step === 0);
      };
      xAxis.values = (_, splits) => {
        if (!timed) return splits.map((at) => cut(view.places[at] ?? "", shape.max_char ?? 18));
        const labels = placed(splits, view.places, view.told);
        return across ? labels.map((label) => label.split("\n").reverse().join(" ")) : labels;
      };
      xAxis.size = across ? Math.min(34 + Math.min(longest, 18) * 6, 140) : timed ? 40 : 28;
      if (across) xAxis.side = 3;
    } else {
      xAxis.size = 40;
      if (shape.time) {
        Object.assign(xAxis, timeAxis(clock, shape.dates ? 86_400 : 0));
        if (shape.x_format) xAxis.values = (_, splits) => splits.map((at) => clock().fill(shape.x_format, at));
      } else Object.assign(xAxis, placeAxis(() => data[0]), { values: (_, splits) => splits.map(marks(splits)) });
    }
    const yAxis = {
      ...axis(shape.y_title),
      ...numberAxis,
      size: across ? 28 : axisSize,
      values: (_, splits) => {
        const write = marks(splits);
        return splits.map((value) => cut(`${shape.before}${write(value)}${shape.after}`, shape.max_char));
      },
      ...(across ? { side: 2 } : {}),
    };
    const range = (_, low, high) => {
      if (isScatter()) return [view.y_min ?? 0, view.y_max ?? 1];
      if (many) [low, high] = [many.least(), many.greatest()];
      if (low == null || low > high) return [view.y_min ?? 0, view.y_max ?? 1];
      const level = flat(low, high);
      if (level) return [view.y_min ?? level[0], view.y_max ?? level[1]];
      const space = (high - low || Math.abs(high) || 1) * 0.08;
      // An area stands on 0.
      const floor = shape.kind === "area" && low > 0 ? 0 : low - space;
      return [view.y_min ?? (low >= 0 ? Math.max(floor, 0) : floor), view.y_max ?? high + space];
    };
    const xRange = (_, low, high) => {
      if (isBars()) return [-0.5, Math.max(view.places.length, 1) - 0.5];
      const from = view.x_min ?? low;
      // The first candle and the last one are as wide as the others.
      const half = isOhlc() && data[0].length > 1 ? (high - low) / (data[0].length - 1) / 2 : 0;
      return [from - half, Math.max(view.x_max ?? high, from + 1e-3) + half];
    };
    plot = new uPlot(
      {
        ...size(),
        // Half of a time with milliseconds stands beyond the last mark.
        padding: [10, shape.time ? 44 : across ? 24 : 12, 0, 0],
        scales: {
          x: { time: shape.time, range: xRange, ...(across ? { ori: 1, dir: -1 } : {}) },
          y: { range, ...(across ? { ori: 0 } : {}) },
        },
        axes: [xAxis, yAxis],
        series: [
          isBars()
            ? { label: xTitle || shape.x_name || "–", value: (_, at) => view.told[at] ?? "–" }
            : shape.time
              ? { label: `${shape.x_title || shape.x_name || "time"}${shape.zone ? ` (${shape.zone})` : ""}`, value: (_, at) => moment(at) }
              : { label: shape.x_title || shape.x_name || "row" },
          ...(shape.many ? [{ paths: () => null, points: { show: false } }] : shape.names.map(series)),
        ],
        legend: { show: legendShown, live: !isScatter() },
        cursor: { drag: { x: false, y: false }, points: { show: !isBars() && !isOhlc() && !isScatter() && shape.names.length <= LEGEND_UP_TO } },
        hooks: { draw: [paint], setCursor: [pointed] },
      },
      data,
      parent,
    );
    plot.setSize(size());
    tip.hidden = true;
    plot.over.append(tip);
  };

  let tall = parent.clientHeight >= LEGEND_FROM;
  const resize = new ResizeObserver(() => {
    if (!plot) return;
    const now = parent.clientHeight >= LEGEND_FROM;
    if (now !== tall) {
      tall = now;
      build();
    } else plot.setSize(size());
  });
  resize.observe(parent);
  const forget = onRecolour(() => {
    recolour();
    plot?.redraw(false);
  });

  const show = (wantedShape, wantedView, wantedData) => {
    view = JSON.parse(wantedView);
    data = wantedData;
    if (plot && wantedShape === shapeText) return plot.setData(data);
    shapeText = wantedShape;
    shape = JSON.parse(wantedShape);
    build();
  };
  const forgetMany = () => {
    many?.free();
    many = null;
  };

  return {
    draw: (wantedShape, wantedView, x, ys, wantedBases) => {
      forgetMany();
      bases = wantedBases;
      show(wantedShape, wantedView, [x, ...ys.map(gaps)]);
    },
    /** `lines` are kept until others are drawn. */
    drawMany: (wantedShape, wantedView, x, lines) => {
      forgetMany();
      many = lines;
      // One series without values stands for all of them: what uPlot asks of it is told by `many`.
      show(wantedShape, wantedView, [x, new Array(x.length)]);
    },
    /** A PNG; nothing before something was drawn. */
    png: async (title) => {
      if (!plot) return null;
      const head = { title, note: shape.zone ? `Times in ${shape.zone}` : "" };
      return picture(plot.ctx.canvas, head, shape.names.length > 1 ? shape.names : [], colour, colours);
    },
    destroy: () => {
      resize.disconnect();
      forget();
      plot?.destroy();
      plot = null;
      forgetMany();
    },
  };
}
