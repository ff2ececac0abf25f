// (role, name | null) -> elements of that role and accessible name that a person can see, in
// document order. Enough of the accessible-name rules for this console.
const [wantedRole, wantedName] = arguments;

const INPUT_ROLES = {
  checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton", search: "searchbox",
  button: "button", submit: "button", reset: "button", file: "file", hidden: null,
};
const TAG_ROLES = {
  BUTTON: "button", TEXTAREA: "textbox", NAV: "navigation", MAIN: "main", TABLE: "table",
  TR: "row", TD: "cell", TH: "columnheader", DIALOG: "dialog", UL: "list", OL: "list",
  LI: "listitem", ASIDE: "complementary", PROGRESS: "progressbar", OUTPUT: "status",
  SUMMARY: "button", OPTION: "option", FIELDSET: "group", FORM: "form", IMG: "img", SECTION: "region",
};

function role(element) {
  const explicit = element.getAttribute("role");
  if (explicit) return explicit.split(/\s+/)[0];
  if (element.tagName === "A") return element.hasAttribute("href") ? "link" : null;
  if (element.tagName === "INPUT") {
    return element.type in INPUT_ROLES ? INPUT_ROLES[element.type] : "textbox";
  }
  if (element.tagName === "SELECT") return element.multiple ? "listbox" : "combobox";
  if (/^H[1-6]$/.test(element.tagName)) return "heading";
  if (element.getAttribute("contenteditable") === "true") return "textbox";
  return TAG_ROLES[element.tagName] ?? null;
}

const tidy = (text) => text.replace(/\s+/g, " ").trim();

// `except`: the control that is named does not name itself.
function text(node, except) {
  if (node === except) return "";
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.hidden) return "";
  if (node.getAttribute("aria-hidden") === "true") return "";
  if (node.hasAttribute("aria-label")) return ` ${node.getAttribute("aria-label")} `;
  return [...node.childNodes].map((child) => text(child, except)).join("");
}

function name(element) {
  const by = element.getAttribute("aria-labelledby");
  if (by) {
    const parts = by.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean);
    return tidy(parts.map((part) => text(part)).join(" "));
  }
  const label = element.getAttribute("aria-label");
  if (label) return tidy(label);
  if (element.labels?.length) {
    return tidy([...element.labels].map((label) => text(label, element)).join(" "));
  }
  if (element.tagName === "TABLE" && element.caption) return tidy(text(element.caption));
  if (element.tagName === "FIELDSET") return tidy(text(element.querySelector("legend") ?? element));
  return tidy(text(element)) || tidy(element.getAttribute("title") ?? "");
}

// A text box that offers completions is a combobox to assistive technology.
const sameRole = (found) =>
  found === wantedRole ||
  (wantedRole === "textbox" && found === "combobox") ||
  (wantedRole === "button" && found === "link") ||
  (wantedRole === "link" && found === "button");

function visible(element) {
  if (element.closest("[inert], [aria-hidden='true']")) return false;
  // File inputs are often drawn by their label.
  return element.type === "file" || element.checkVisibility({ visibilityProperty: true });
}

// Behind an open modal dialog nothing can be reached.
const modal = [...document.querySelectorAll("dialog")].filter((d) => d.matches(":modal")).pop();
const found = [...(modal ?? document).querySelectorAll("*")].filter((element) => {
  const is = role(element);
  return is && sameRole(is) && visible(element);
});
const named = wantedName === null ? found : found.filter((e) => name(e) === wantedName);
// The exact role first.
return [...named.filter((e) => role(e) === wantedRole), ...named.filter((e) => role(e) !== wantedRole)];
