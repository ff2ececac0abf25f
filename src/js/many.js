// Lines that are too many to be stroked one by one: painted as pixels in Rust, laid over the chart's grid.

/** Shares of the page's ink or surface that tell lines of the same colour apart. */
const SHADES = [["text", 0], ["text", 0.45], ["surface", 0.4], ["text", 0.7]];

/** Red, green and blue of each of `count` lines; `colour` answers with CSS. */
export function inks(count, colour, colours, chosen) {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (css) => {
    probe.fillStyle = css;
    probe.fillRect(0, 0, 1, 1);
    return probe.getImageData(0, 0, 1, 1).data;
  };
  const towards = { text: read(colours.text), surface: read(colours.surface) };
  const out = new Uint8Array(3 * count);
  for (let line = 0; line < count; line++) {
    const own = read(colour(line));
    const [to, share] = line < chosen ? SHADES[0] : SHADES[Math.floor(line / colours.series.length) % SHADES.length];
    for (let part = 0; part < 3; part++) out[3 * line + part] = own[part] + (towards[to][part] - own[part]) * share;
  }
  return out;
}

/** What lays the lines over a chart; `lit` is drawn thicker. */
export function overlay() {
  const canvas = document.createElement("canvas");
  const pixels = canvas.getContext("2d");
  return (u, lines, inks, lit) => {
    const [left, top, width, height] = [u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height].map(Math.round);
    if (width < 1 || height < 1) return;
    const { x, y } = u.scales;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    pixels.putImageData(lines.picture(width, height, [x.min, x.max, y.min, y.max], inks, devicePixelRatio), 0, 0);
    u.ctx.drawImage(canvas, left, top);
    if (lit == null) return;
    const { ctx } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    ctx.beginPath();
    u.data[0].forEach((at, index) => {
      const value = lines.value(lit, index);
      if (!Number.isNaN(value)) ctx.lineTo(u.valToPos(at, "x", true), u.valToPos(value, "y", true));
    });
    ctx.lineWidth = 3 * devicePixelRatio;
    ctx.lineJoin = "round";
    ctx.strokeStyle = `rgb(${inks.slice(3 * lit, 3 * lit + 3).join()})`;
    ctx.stroke();
    ctx.restore();
  };
}
