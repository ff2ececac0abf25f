// Stands between the engine and a function written by a person. Values come in and go out as JSON
// text; what JSON cannot hold (large integers, times, infinities) is marked by the argument's type.
(function (made, options) {
  "use strict";
  const { parse, stringify } = JSON;
  const { types, returns, aggregate } = parse(options);
  const states = new Map();
  let logs = [];

  // n number, i integer, t time, d date, [a, item], [m, value], [u, [[name, type], …]]
  function into(value, type) {
    if (value === null) return null;
    if (typeof type === "string") {
      if (type === "i") return typeof value === "string" ? BigInt(value) : value;
      if (type === "n" && typeof value === "string") {
        return value === "nan" ? NaN : value === "inf" ? Infinity : -Infinity;
      }
      return type === "t" || type === "d" ? new Date(value) : value;
    }
    const inner = type[1];
    if (type[0] === "a") return value.map((item) => into(item, inner));
    if (type[0] === "m") {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, into(item, inner)]));
    }
    const items = value.map((item, at) => into(item, inner[at][1]));
    if (inner.some(([name]) => name === "")) return items;
    return Object.fromEntries(items.map((item, at) => [inner[at][0], item]));
  }

  function number(value, type) {
    if (Number.isNaN(value)) return '"nan"';
    if (!Number.isFinite(value)) return value > 0 ? '"inf"' : '"-inf"';
    if (type === "i" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw new RangeError(`${value} is beyond what a number holds exactly: return a BigInt`);
    }
    return Object.is(value, -0) ? "0" : String(value);
  }

  function out(value, type) {
    if (value === null || value === undefined) return "null";
    switch (typeof value) {
      case "boolean":
        return value ? "true" : "false";
      case "bigint":
        return value.toString();
      case "number":
        return number(value, type);
      case "string":
        return stringify(value);
      case "object":
        break;
      default:
        throw new TypeError(`a ${typeof value} is not a value`);
    }
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) throw new RangeError("the Date is invalid");
      const text = value.toISOString();
      return stringify(type === "d" ? text.slice(0, 10) : text);
    }
    if (typeof value.then === "function") throw new TypeError("a Promise is not a value: do not use async");
    if (ArrayBuffer.isView(value)) value = Array.from(value);
    const kind = Array.isArray(type) ? type[0] : "";
    if (Array.isArray(value)) {
      const item = (at) => (kind === "a" ? type[1] : kind === "u" ? (type[1][at] ?? [])[1] : "");
      return "[" + value.map((one, at) => out(one, item(at))).join(",") + "]";
    }
    const field = (key) =>
      kind === "m" ? type[1] : kind === "u" ? (type[1].find(([name]) => name === key) ?? [])[1] : "";
    return (
      "{" + Object.entries(value).map(([key, one]) => stringify(key) + ":" + out(one, field(key))).join(",") + "}"
    );
  }

  function columns(text) {
    return parse(text).map((column, at) => column.map((value) => into(value, types[at])));
  }

  function method(state, name) {
    if (typeof state[name] !== "function") throw new TypeError(`the object has no function ${name}()`);
    return state[name];
  }

  // Without serialize() the state is what initialize() and process() have put on the object.
  function mark(key, value) {
    const plain = this[key];
    if (typeof plain === "bigint") return { $weir: ["bigint", plain.toString()] };
    if (plain instanceof Date) return { $weir: ["date", plain.getTime()] };
    if (plain instanceof Map) return { $weir: ["map", [...plain]] };
    if (plain instanceof Set) return { $weir: ["set", [...plain]] };
    if (typeof plain === "number" && !Number.isFinite(plain)) return { $weir: ["number", String(plain)] };
    return value;
  }

  function unmark(_, value) {
    if (value === null || typeof value !== "object" || !Array.isArray(value.$weir)) return value;
    const [kind, held] = value.$weir;
    switch (kind) {
      case "bigint":
        return BigInt(held);
      case "date":
        return new Date(held);
      case "map":
        return new Map(held);
      case "set":
        return new Set(held);
      default:
        return Number(held);
    }
  }

  function create() {
    const state = made();
    if (state === null || typeof state !== "object") throw new TypeError("the code is not an object");
    for (const name of ["initialize", "process", "finalize"]) method(state, name);
    state.initialize();
    return state;
  }

  const note = (...words) => {
    if (logs.length < 100) {
      logs.push(words.map((word) => (typeof word === "string" ? word : out(word, ""))).join(" ").slice(0, 1000));
    }
  };
  globalThis.console = { log: note, info: note, warn: note, error: note, debug: note };

  const driver = {
    check() {
      if (aggregate) create();
      else if (typeof made !== "function") throw new TypeError("the code defines no function of that name");
    },
    scalar(text) {
      const args = columns(text);
      const result = made(...args);
      const list = ArrayBuffer.isView(result) ? Array.from(result) : result;
      if (!Array.isArray(list)) {
        const kind = list === null ? "null" : typeof list;
        throw new TypeError(`it returned ${kind}; an array with a value for each row is needed`);
      }
      if (list.length !== args[0].length) {
        throw new RangeError(`it returned ${list.length} values for ${args[0].length} rows`);
      }
      return "[" + Array.from(list, (value) => out(value, returns)).join(",") + "]";
    },
    create(id) {
      states.set(id, create());
    },
    process(id, text) {
      states.get(id).process(...columns(text));
    },
    finalize(id) {
      return out(states.get(id).finalize(), returns);
    },
    save(id) {
      const state = states.get(id);
      if (typeof state.serialize === "function" && typeof state.deserialize === "function") {
        const text = state.serialize();
        if (typeof text !== "string") throw new TypeError("serialize() has to return a string");
        return stringify({ text });
      }
      return stringify({ own: { ...state } }, mark);
    },
    load(id, saved) {
      const state = create();
      const { text } = parse(saved);
      if (text === undefined) Object.assign(state, parse(saved, unmark).own);
      else method(state, "deserialize").call(state, text);
      states.set(id, state);
    },
    forget(id) {
      states.delete(id);
    },
    logs() {
      const taken = stringify(logs);
      logs = [];
      return taken;
    },
  };
  Object.defineProperty(globalThis, "__weir", { value: Object.freeze(driver) });
  driver.check();
});
