// Loads a page anew when something that it may show has been saved. Only `make serve` sends it.
const script = document.currentScript;
const since = script instanceof HTMLScriptElement ? script.dataset.moment : "";
let waiting = false;

async function wait() {
  if (waiting) return;
  waiting = true;
  while (document.visibilityState === "visible") {
    try {
      const answer = await fetch(`/-/changed?since=${since}`, { cache: "no-store" });
      if (answer.status === 200) return location.reload();
    } catch {
      await new Promise((done) => setTimeout(done, 1000)); // the server is not there; perhaps it comes back
    }
  }
  waiting = false;
}

document.addEventListener("visibilitychange", wait);
window.addEventListener("load", wait);
