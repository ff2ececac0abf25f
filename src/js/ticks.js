// How numbers are written beside a chart: no two marks of an axis alike, and no value as another.

/** More digits behind the point than this are for a power of ten. */
const MOST_DIGITS = 12;

/** Digits behind the point that tell marks `step` apart exactly, so many at most. */
export function digits(step) {
  const size = Math.abs(step);
  if (!(size > 0) || !Number.isFinite(size)) return 0;
  for (let digits = 0; digits < MOST_DIGITS; digits++) {
    const scaled = size * 10 ** digits;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.max(scaled, 1) && Math.round(scaled) > 0) return digits;
  }
  return MOST_DIGITS;
}

const UNITS = [1e12, 1e9, 1e6, 1e3, 1];
/** Beyond these a number is written with its power of ten. */
const [SMALLEST, GREATEST] = [1e-6, 1e21];
/** From here on a number has few zeros before its first digit. */
const LEGIBLE = 1e-3;

const made = new Map();
const written = (least, most, notation = "standard") => {
  const key = `${least} ${most} ${notation}`;
  if (!made.has(key)) {
    made.set(key, new Intl.NumberFormat("en", { minimumFractionDigits: least, maximumFractionDigits: most, notation }));
  }
  return made.get(key);
};

/** With its power of ten and the digits that tell it from one `step` away. */
const scientific = (value, step) => {
  if (value === 0) return "0";
  const apart = Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(step));
  return value.toExponential(Math.min(Math.max(apart, 0) + 1, 15)).replace(/\.?0+e/, "e").replace("e+", "e");
};

/** More marks than any axis has room for. */
const MOST_MARKS = 500;

/**
 * Where the marks of an axis of numbers are: `step` apart, or as far as numbers so large can be told
 * apart. Otherwise the next mark would be the same one, without end.
 */
export function splits(from, to, step) {
  const greatest = Math.max(Math.abs(from), Math.abs(to));
  const apart = Math.max(step, greatest * 2 ** -51, Number.MIN_VALUE);
  const first = Math.ceil(from / apart);
  const found = [];
  for (let n = 0; n < MOST_MARKS; n++) {
    const exact = (first + n) * apart;
    // The last digits of a fraction are only noise; of a large number they are its own.
    const at = (greatest < 1e15 ? Number(exact.toPrecision(15)) : exact) + 0;
    if (!(at <= to)) break;
    if (at >= from && at !== found.at(-1)) found.push(at);
  }
  return found;
}

/** How far marks may be apart, on axes as long as numbers can be. */
const increments = [];
for (let power = -32; power < 308; power++) for (const first of [1, 2, 2.5, 5]) increments.push(+`${first}e${power}`);
const whole = increments.filter(Number.isInteger);

/** The same, as an axis asks for it. */
export const numberAxis = { incrs: increments, splits: (_, __, from, to, step) => splits(from, to, step) };

/** An axis of positions: between two whole ones there is nothing, so that nothing stands there. */
export const placeAxis = (places) => ({ ...numberAxis, incrs: () => (places().every(Number.isInteger) ? whole : increments) });

/** Where an axis of numbers that are all the same begins and ends; nothing where they are not, or where there are none. */
export function flat(low, high) {
  if (low == null || low > high) return null;
  const greatest = Math.max(Math.abs(low), Math.abs(high));
  if (greatest === 0) return [0, 1];
  // What is left of a calculation in the last digits is no difference.
  if (high - low > greatest * 1e-10) return null;
  return [Math.min(low, 0), Math.max(high, 0)].map((at) => at * 1.25);
}

/** What writes the marks of an axis. */
export function marks(splits) {
  const step = splits.length > 1 ? Math.abs(splits[1] - splits[0]) : 1;
  const greatest = Math.max(...splits.map(Math.abs));
  // Digits that tell much larger numbers apart, 99.999992 from 99.999994, are read more easily at their places.
  const tiny = step < 10 ** -MOST_DIGITS || (step < SMALLEST && greatest < LEGIBLE);
  if (tiny || greatest >= GREATEST) return (value) => scientific(value, step);
  const unit = UNITS.find((unit) => greatest >= unit) ?? 1;
  const needed = digits(step / unit);
  // Longer than the number itself is no abbreviation.
  const form = unit === 1 || needed > 3 ? written(0, digits(step)) : written(0, needed, "compact");
  return (value) => form.format(value);
}

/** Smaller values have hardly a digit among five. */
const SMALL = 1e-4;

/**
 * A value among words: with so many digits behind the point where they are `fixed`; otherwise five
 * below 1 and two above, and none lost that tell it from 0.
 */
export function amount(value, fixed) {
  if (fixed != null) return written(fixed, fixed).format(value);
  const size = Math.abs(value);
  if (size > 0 && (size < SMALL || size >= GREATEST)) return scientific(value, size * 1e-3);
  return written(0, size < 1 ? 5 : 2).format(value);
}

/** The same beside a point or bar, where there is little room. */
export function brief(value) {
  const size = Math.abs(value);
  const usual = size >= 1 && size < GREATEST;
  return usual ? written(0, 2, "compact").format(value) : amount(value);
}
