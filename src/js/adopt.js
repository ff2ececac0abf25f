// A strict Content-Security-Policy refuses the <style> element CodeMirror writes its rules into;
// sheets adopted by script are allowed.
import { StyleModule } from "style-mod";

const adopted = [];

StyleModule.mount = (root, modules) => {
  const document = root.ownerDocument ?? root;
  let at = 0;
  for (const module of [modules].flat()) {
    const known = adopted.findIndex((entry) => entry.module === module);
    if (known >= 0) {
      at = Math.max(at, known + 1);
      continue;
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    adopted.splice(at++, 0, { module, sheet });
  }
  const own = adopted.map((entry) => entry.sheet);
  const others = document.adoptedStyleSheets.filter((sheet) => !own.includes(sheet));
  document.adoptedStyleSheets = [...others, ...own];
};
