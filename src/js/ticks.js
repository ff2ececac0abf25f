// How many digits the marks of an axis need.

/** Digits behind the point that tell marks `step` apart exactly, 8 at most. */
export function digits(step) {
  const size = Math.abs(step);
  if (!(size > 0) || !Number.isFinite(size)) return 0;
  for (let digits = 0; digits < 8; digits++) {
    const scaled = size * 10 ** digits;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.max(scaled, 1) && Math.round(scaled) > 0) return digits;
  }
  return 8;
}
