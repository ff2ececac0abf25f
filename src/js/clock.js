// Moments, in seconds since 1970, on the clocks of a zone.

const made = new Map();

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
    /** A date whose local fields are what the zone's clocks show, for uPlot's marks. */
    date: (at) => {
      const { year, month, day, hour, minute, second } = parts(at);
      return new Date(year, month - 1, day, hour, minute, second, (at - Math.floor(at)) * 1e3);
    },
  };
}

