// CodeMirror 6 as Weir's editor of SQL and other code. Positions are UTF-16 offsets; what runs,
// completes or is marked is decided in Rust.
import "./adopt.js";
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { schemaCompletionSource, keywordCompletionSource } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { timeplus } from "./dialect.js";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.typeName, color: "var(--code-type)" },
  { tag: [tags.standard(tags.name), tags.special(tags.name)], color: "var(--code-function)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "var(--text-m)", lineHeight: "20px" },
  ".cm-content": { padding: "var(--space-2) 0", caretColor: "var(--ink)" },
  ".cm-gutters": {
    backgroundColor: "var(--surface)",
    color: "var(--ink-3)",
    border: "none",
    paddingLeft: "var(--space-2)",
  },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": {
    backgroundColor: "var(--code-line)",
  },
  ".cm-activeLineGutter": { color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--code-selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--code-match)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-match)" },
  ".cm-frame": { backgroundColor: "var(--code-frame)", borderRadius: "2px" },
  ".cm-placeholder": { color: "var(--ink-3)" },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    border: "1px solid var(--border)",
    borderRadius: "var(--radius)",
  },
  ".cm-tooltip": { boxShadow: "var(--shadow)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14em" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--selected)",
    color: "var(--ink)",
  },
  ".cm-completionDetail": { color: "var(--ink-2)", fontStyle: "normal", paddingLeft: "1em" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--bad) 1px",
    textUnderlineOffset: "3px",
  },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--bad)" },
  ".cm-textfield, .cm-button": {
    backgroundColor: "var(--surface)",
    backgroundImage: "none",
    color: "var(--ink)",
    border: "1px solid var(--border-strong)",
    borderRadius: "var(--radius-s)",
  },
});

/** Behind `as` stands a name of one's own, which Enter must not replace by a known one. */
const unlessNaming = (source) => (context) => {
  const before = context.state.sliceDoc(Math.max(0, context.pos - 200), context.pos);
  return !context.explicit && /\bas\s+[\w$]*$/i.test(before) ? null : source(context);
};

const setFrames = StateEffect.define();

/** Places that are framed; they move with what is typed until they are told anew. */
const frames = StateField.define({
  create: () => Decoration.none,
  update: (now, transaction) => {
    const told = transaction.effects.filter((effect) => effect.is(setFrames)).at(-1);
    return told ? told.value : now.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});
const frame = Decoration.mark({ class: "cm-frame", inclusive: true });

/** `functions` and `streams` as in `words`; both may change later. */
function sql({ functions, streams }) {
  // `name(types) -> type`, and what it does in a line of its own, as far as they are known.
  const told = functions.map((text) => {
    const [signature, info] = text.split("\n");
    const [name] = signature.split("(");
    return { name, detail: signature.slice(name.length), info };
  });
  const names = told.map(({ name }) => name);
  const dialect = timeplus(names);
  const schema = Object.fromEntries(
    streams.map(({ name, kind, columns }) => [
      name,
      {
        // A name with its database is offered behind that.
        self: { label: name.slice(name.lastIndexOf(".") + 1), type: "class", detail: kind },
        children: columns.map(({ name, type }) => ({ label: name, type: "property", detail: type })),
      },
    ]),
  );
  const named = told.map(({ name, detail, info }) => ({
    label: name,
    type: "function",
    detail,
    info,
    apply: (view, _, from, to) =>
      view.dispatch({
        changes: { from, to, insert: `${name}()` },
        selection: { anchor: from + name.length + 1 },
      }),
  }));
  const columns = [...new Map(
    streams.flatMap((stream) =>
      stream.columns.map(({ name, type }) => [
        name,
        { label: name, type: "property", detail: type, boost: 1 },
      ]),
    ),
  ).values()];
  const words = (context) => {
    const word = context.matchBefore(/[\w$]+/);
    const before = word && context.state.sliceDoc(word.from - 1, word.from);
    if (before === "." || !(word || context.explicit)) return null;
    return {
      from: word?.from ?? context.pos,
      options: [...named, ...columns],
      validFor: /^[\w$]*$/,
    };
  };
  // The dialect colours functions as words of its own; they are offered once.
  const known = new Set(names);
  const all = keywordCompletionSource(dialect, false);
  const keywords = (context) => {
    const found = all(context);
    return found && { ...found, options: found.options.filter(({ label }) => !known.has(label)) };
  };
  const sources = [schemaCompletionSource({ dialect, schema }), keywords, words];
  return [
    dialect.extension,
    ...sources.map((source) => dialect.language.data.of({ autocomplete: unlessNaming(source) })),
  ];
}

/** Text in which `$name` stands for a value; the names are the `functions`. */
function template({ functions }) {
  const options = functions.map((name) => ({ label: `$${name}`, type: "variable" }));
  const variables = (context) => {
    const word = context.matchBefore(/\$\w*/);
    if (!(word || context.explicit)) return null;
    return { from: word?.from ?? context.pos, options, validFor: /^\$\w*$/ };
  };
  return EditorState.languageData.of(() => [{ autocomplete: variables }]);
}

/** Languages that need no module of their own. */
const own = { sql, template };

/**
 * Builds the editor into `parent`; `on_change(text)` follows every edit. A `language` that is not
 * among `own` colours once its own module is there.
 */
export function create(
  parent,
  { doc, label, description, hint, language, words, on_change, on_run, on_select },
) {
  const lang = new Compartment();
  const run = (view) => (closeCompletion(view), on_run(), true);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run, preventDefault: true }])),
        lineNumbers(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        EditorView.lineWrapping,
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        autocompletion({ icons: false }),
        syntaxHighlighting(colours),
        theme,
        placeholder(hint),
        EditorView.contentAttributes.of({
          "aria-label": label,
          "data-gramm": "false",
          ...(description && { "aria-describedby": description }),
        }),
        keymap.of([
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...completionKeymap,
          ...lintKeymap,
        ]),
        lang.of(own[language]?.(words) ?? []),
        frames,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) on_change(update.state.doc.toString());
          const { from, to } = update.state.selection.main;
          if (update.selectionSet || update.docChanged) on_select(from, to);
        }),
      ],
    }),
  });
  if (!own[language]) {
    import("./code.js").then(({ languages }) =>
      view.dispatch({ effects: lang.reconfigure(languages[language]()) }),
    );
  }
  const clamp = (at) => Math.min(Math.max(at, 0), view.state.doc.length);
  return {
    text: () => view.state.doc.toString(),
    selection: () => {
      const { from, to } = view.state.selection.main;
      return [from, to];
    },
    /** Replaces everything in one step that undo takes back. Text whose lines end otherwise is the same. */
    set_text: (text) => {
      const insert = view.state.toText(text);
      if (insert.eq(view.state.doc)) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
    },
    insert: (text) => {
      view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true });
      view.focus();
    },
    set_words: (words) => {
      const of = own[language];
      if (of) view.dispatch({ effects: lang.reconfigure(of(words)) });
    },
    /** Marks one place, or none when `message` is empty. */
    mark: (from, to, message) => {
      const [start, end] = [clamp(from), clamp(to)];
      const marks = message ? [{ from: start, to: end, severity: "error", message }] : [];
      view.dispatch(setDiagnostics(view.state, marks));
      if (message) view.dispatch({ effects: EditorView.scrollIntoView(start, { y: "nearest" }) });
    },
    /** `edges`: where each place begins and ends, one after the other. */
    frame: (edges) => {
      const places = [];
      for (let at = 0; at + 1 < edges.length; at += 2) {
        const [from, to] = [clamp(edges[at]), clamp(edges[at + 1])];
        if (from < to) places.push(frame.range(from, to));
      }
      view.dispatch({ effects: setFrames.of(Decoration.set(places)) });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
