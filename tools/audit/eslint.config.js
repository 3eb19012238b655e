import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "arrow-body-style": "error",
      eqeqeq: "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-rest-params": "error",
      "prefer-spread": "error",
      "prefer-template": "error",
    },
  },
  { files: ["overrides/**"], languageOptions: { globals: { ...globals.browser, pnModules: "readonly" } } },
  {
    files: ["**/offline-worker.js"],
    languageOptions: { sourceType: "script", globals: { ...globals.serviceworker, BUILD: "readonly", LISTS: "readonly" } },
  },
  { files: ["tools/**"], languageOptions: { globals: globals.node } },
];
