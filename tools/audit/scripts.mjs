// Check the site's scripts by tsc and ESLint, and with its style sheets by Prettier: node scripts.mjs ROOT prints one JSON array of {file, line, column, kind, message}.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import * as prettier from "prettier";
import ts from "typescript";

const root = process.argv[2];
const found = [];
const WIDTH = 128;

/** The scripts and style sheets in a folder. */
const filesOf = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
    const path = join(folder, each.name);
    if (each.isDirectory()) return each.name === "node_modules" ? [] : filesOf(path);
    return /\.(css|m?js)$/.test(each.name) ? [path] : [];
  });

for (const name of ["tsconfig.json", "tsconfig.worker.json"]) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const config = ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config, ts.sys, dirname(path));
  if (!config.fileNames.some((file) => file.endsWith(".js"))) throw new Error(`${name} finds no script`);
  for (const fault of [...config.errors, ...ts.getPreEmitDiagnostics(ts.createProgram(config.fileNames, config.options))]) {
    const message = ts.flattenDiagnosticMessageText(fault.messageText, " ");
    const { line, character } = fault.file ? fault.file.getLineAndCharacterOfPosition(fault.start) : { line: 0, character: 0 };
    found.push({ file: fault.file?.fileName ?? path, line: line + 1, column: character + 1, kind: `TS${fault.code}`, message });
  }
}

const eslint = new ESLint({ cwd: root, overrideConfigFile: fileURLToPath(new URL("eslint.config.js", import.meta.url)) });
for (const { filePath, messages } of await eslint.lintFiles(["overrides/assets/javascripts/**/*.js", "tools/audit/*.{js,mjs}"]))
  for (const { line = 1, column = 1, ruleId, message } of messages)
    found.push({ file: filePath, line, column, kind: ruleId ?? "syntax", message });

for (const folder of ["overrides/assets", "tools/audit"])
  for (const file of filesOf(join(root, folder)))
    if (!(await prettier.check(readFileSync(file, "utf8"), { filepath: file, printWidth: WIDTH }))) {
      const message = `is not formatted; run npx prettier --print-width ${WIDTH} --write on it`;
      found.push({ file, line: 1, column: 1, kind: "format", message });
    }

console.log(JSON.stringify(found));
