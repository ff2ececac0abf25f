// Languages besides SQL, fetched with the first editor that shows one of them.
import { javascript } from "@codemirror/lang-javascript";
import { StreamLanguage } from "@codemirror/language";
import { protobuf } from "@codemirror/legacy-modes/mode/protobuf";

export const languages = {
  javascript: () => javascript(),
  protobuf: () => StreamLanguage.define(protobuf),
};
