// Moments, in seconds since 1970, on the clocks of a zone.

const made = new Map();

const [HOUR, MONTH, YEAR] = [3_600, 28 * 86_400, 365 * 86_400];
/** More marks than any axis has room for. */
const MOST = 1_000;

/** The clocks of a zone; those of UTC where the browser knows no such zone. */
export function clocks(zone) {
  if (!made.has(zone)) made.set(zone, make(zone));
  return made.get(zone);
}

function make(zone) {
  const options = {
    timeZone: zone, timeZoneName: "longOffset", calendar: "iso8601", numberingSystem: "latn", hourCycle: "h23",
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  };
  let write;
  try {
    write = new Intl.DateTimeFormat("en-US", options);
  } catch {
    write = new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
  }
  const parts = (at) => {
    const all = {};
    // Whole seconds: what is behind the point is the same in every zone.
    for (const { type, value } of write.formatToParts(Math.floor(at) * 1e3)) all[type] = value;
    const offset = all.timeZoneName.replace("GMT", "") || "+00:00";
    return {
      date: `${all.year.padStart(4, "0")}-${all.month}-${all.day}`, clock: `${all.hour}:${all.minute}:${all.second}`, offset,
      year: all.year, month: all.month, day: all.day, hour: all.hour, minute: all.minute, second: all.second,
    };
  };
  const east = (at) => {
    const [, sign, hours, minutes, seconds] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(parts(at).offset);
    return (sign === "-" ? -1 : 1) * (hours * 3600 + minutes * 60 + Number(seconds ?? 0));
  };
  /** The offset, where the clocks show the same once more some hours before or after. */
  const ambiguous = (at) => {
    const own = east(at);
    const twice = [at - 10_800, at + 10_800].some((near) => {
      const other = east(near);
      return other !== own && east(at + own - other) === other;
    });
    return twice ? ` ${parts(at).offset}` : "";
  };
  const fraction = (at) => `.${String(Math.floor((at - Math.floor(at)) * 1e3 + 1e-3)).padStart(3, "0")}`;
  return {
    parts,
    /** `2026-03-29 23:00:00.000`, with the offset where an hour comes twice. */
    stamp: (at) => {
      if (at == null) return "–";
      const { date, clock } = parts(at);
      return `${date} ${clock}${fraction(at)}${ambiguous(at)}`;
    },
    /** Labels of an axis whose marks are `step` seconds apart: the date where it changes. */
    labels: (splits, step) => {
      let day = "";
      return splits.map((at) => {
        const { date, clock, hour, minute } = parts(at);
        if (step >= 86_400) return date;
        const time = step >= 60 ? `${hour}:${minute}` : step >= 1 ? clock : clock + fraction(at);
        const label = time + ambiguous(at);
        const text = date === day ? label : `${label}\n${date}`;
        day = date;
        return text;
      });
    },
    /** `pattern` with YYYY, MM, DD, HH, mm and ss filled in. */
    fill: (pattern, at) => {
      const { year: YYYY, month: MM, day: DD, hour: HH, minute: mm, second: ss } = parts(at);
      const values = { YYYY, MM, DD, HH, mm, ss };
      return pattern.replace(/YYYY|MM|DD|HH|mm|ss/g, (part) => values[part]);
    },
    /**
     * Marks from one moment to another, `step` seconds apart: at round hours, midnights, months and
     * years of the zone's clocks, also on days of 23 and 25 hours.
     */
    splits: (from, to, step) => {
      const marks = [];
      const put = (at) => at >= from && at <= to && at !== marks.at(-1) && marks.push(at);
      // Clocks are set forward and back by whole quarters of an hour.
      if (step <= HOUR) {
        const first = Math.ceil((from + east(from)) / step) * step - east(from);
        for (let n = 0; first + n * step <= to && n < MOST; n++) put(first + n * step);
        return marks;
      }
      // What the clocks show counts as if it were UTC.
      const moment = (wall) => wall - east(wall - east(wall));
      const [start, end] = [from + east(from), to + east(to)];
      if (step < MONTH) {
        const first = Math.floor(start / step) * step;
        for (let n = 0; first + n * step <= end && n < MOST; n++) put(moment(first + n * step));
        return marks;
      }
      const months = step < YEAR ? Math.max(1, Math.round(step / MONTH)) : 12 * Math.max(1, Math.round(step / YEAR));
      const date = new Date(start * 1e3);
      const since = date.getUTCFullYear() * 12 + date.getUTCMonth();
      for (let month = Math.floor(since / months) * months, n = 0; n < MOST; month += months, n++) {
        const wall = new Date(0);
        wall.setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
        if (wall / 1e3 > end) break;
        put(moment(wall / 1e3));
      }
      return marks;
    },
  };
}

/**
 * What stands at the bars of these places: of times the clock, and below it the date where it changes
 * among those that there is room for. `told`: each place by itself, with its date.
 */
export function placed(splits, places, told) {
  let day = "";
  return splits.map((at) => {
    const [place, date] = [places[at] ?? "", (told[at] ?? "").split(" ")[0]];
    if (!/^\d{4,}-\d\d-\d\d$/.test(date) || place === date) return place;
    const clock = place.startsWith(date) ? place.slice(date.length + 1) : place;
    const label = date === day ? clock : `${clock}\n${date}`;
    day = date;
    return label;
  });
}
