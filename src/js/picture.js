// Charts as PNG files.

const font = (size, weight = 400) => `${weight} ${size * devicePixelRatio}px system-ui, sans-serif`;

const blob = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/png"));

function sheet(width, height, colours) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = colours.surface;
  ctx.fillRect(0, 0, width, height);
  ctx.fillStyle = colours.text;
  ctx.textBaseline = "middle";
  return ctx;
}

/** Title with a note at its right, what is drawn, and under it the names of the series with their colours. */
export function picture(source, { title, note }, names, colour, colours) {
  const unit = devicePixelRatio;
  const [pad, line] = [12 * unit, 20 * unit];
  const width = source.width + 2 * pad;
  const measure = document.createElement("canvas").getContext("2d");
  measure.font = font(12);
  const places = [];
  let [x, row] = [pad, 0];
  for (const name of names) {
    const room = measure.measureText(name).width + 32 * unit;
    if (x > pad && x + room > width - pad) [x, row] = [pad, row + 1];
    places.push([x, row]);
    x += room;
  }
  const head = title || note ? line + pad : pad;
  const legend = names.length ? (row + 1) * line + pad / 2 : 0;
  const ctx = sheet(width, head + source.height + legend + pad / 2, colours);
  ctx.font = font(12);
  const aside = note ? ctx.measureText(note).width + pad : 0;
  ctx.textAlign = "right";
  if (note) ctx.fillText(note, width - pad, pad / 2 + line / 2);
  ctx.textAlign = "left";
  ctx.font = font(14, 600);
  if (title) ctx.fillText(title, pad, pad / 2 + line / 2, Math.max(width - 2 * pad - aside, pad));
  ctx.drawImage(source, pad, head);
  ctx.font = font(12);
  names.forEach((name, index) => {
    const [left, at] = places[index];
    const y = head + source.height + at * line + line / 2;
    ctx.fillStyle = colour(index);
    ctx.fillRect(left, y - 1.5 * unit, 14 * unit, 3 * unit);
    ctx.fillStyle = colours.text;
    ctx.fillText(name, left + 20 * unit, y);
  });
  return blob(ctx.canvas);
}

/** One large value. */
export function card(title, value, note, colours) {
  const unit = devicePixelRatio;
  const ctx = sheet(480 * unit, 240 * unit, colours);
  const middle = ctx.canvas.width / 2;
  ctx.textAlign = "center";
  ctx.font = font(14, 600);
  ctx.fillText(title, middle, 28 * unit, ctx.canvas.width - 24 * unit);
  ctx.font = font(56, 600);
  ctx.fillText(value, middle, 122 * unit, ctx.canvas.width - 24 * unit);
  ctx.font = font(16);
  ctx.fillText(note, middle, 182 * unit, ctx.canvas.width - 24 * unit);
  return blob(ctx.canvas);
}
