// Measure pages with Lighthouse (mobile): node lighthouse.mjs CHROME RUNS ADDRESS PATH... prints one JSON array, an entry per
// page and run: {path, scores: {category: 0..1}, failed: {category: [audit]}, metrics: {name: milliseconds or number}}.
import * as chromeLauncher from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const METRICS = [
  "first-contentful-paint",
  "largest-contentful-paint",
  "total-blocking-time",
  "cumulative-layout-shift",
  "speed-index",
];
const [chromePath, runs, address, ...paths] = process.argv.slice(2);

const results = [];
for (let run = 0; run < Number(runs); run++) {
  for (const path of paths) {
    const chrome = await chromeLauncher.launch({
      chromePath,
      chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"],
    });
    try {
      const { lhr } = await lighthouse(`${address}/${path}`, {
        port: chrome.port,
        onlyCategories: CATEGORIES,
        logLevel: "error",
      });
      if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`);
      const scores = {};
      const failed = {};
      for (const name of CATEGORIES) {
        const category = lhr.categories[name];
        scores[name] = category.score;
        failed[name] = category.auditRefs
          .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
          .map(({ id }) => id);
      }
      const metrics = Object.fromEntries(METRICS.map((name) => [name, lhr.audits[name].numericValue]));
      metrics.bytes = lhr.audits["total-byte-weight"].numericValue;
      metrics.requests = lhr.audits["network-requests"].details.items.length;
      results.push({ path, scores, failed, metrics });
    } finally {
      await chrome.kill();
    }
  }
}
console.log(JSON.stringify(results));
