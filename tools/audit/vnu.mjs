// Check pages with the Nu HTML checker: node vnu.mjs ADDRESS... prints its JSON, {messages: [{type, url, lastLine, message, ...}]}.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
const done = spawnSync(
  "java",
  ["-Xss4m", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", ...process.argv.slice(2)],
  {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  },
);
if (done.error || done.status) throw new Error(`java: ${done.error?.message ?? done.stderr}`);
process.stdout.write(done.stdout);
