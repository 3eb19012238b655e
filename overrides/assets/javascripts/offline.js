/* The button of the page about reading offline: saves the site into this browser, or removes it again. */
import { need } from "./elements.js";
import { root } from "./load.js";
import { t } from "./words.js";

export function startOffline() {
  /** @type {HTMLElement | null} */
  const box = document.querySelector(".pn-offline");
  if (!box) return;
  /** @type {HTMLButtonElement} */
  const button = need(box, ".pn-offline__button");
  const status = need(box, ".pn-offline__status");
  const size = `${(Number(box.dataset.bytes) / 1e6).toFixed(1)} MB`;

  if (location.protocol === "file:") {
    status.textContent = t("offline.on_disk");
    return;
  }
  if (!("serviceWorker" in navigator) || !window.isSecureContext) {
    status.textContent = t("offline.cannot");
    return;
  }
  box.classList.add("pn-offline--ready");
  const service = navigator.serviceWorker;
  let saved = false;

  /** @param {"saved" | "busy" | "none"} state @param {string} text */
  function show(state, text) {
    saved = state === "saved";
    button.hidden = false;
    button.disabled = state === "busy";
    button.textContent = saved ? t("offline.remove") : t("offline.save_size", { size });
    status.textContent = text;
  }

  async function look() {
    const found = await service.getRegistration(root.href);
    if (found && found.scope === root.href && found.active) show("saved", t("offline.saved"));
    else show("none", "");
  }

  service.addEventListener("message", (event) => {
    const { papernotes, done, total, reason } = event.data || {};
    if (papernotes === "progress" && !saved) status.textContent = t("offline.progress", { done, total });
    if (papernotes === "failed" && !saved) show("none", t("offline.failed_why", { reason }));
  });

  async function save() {
    show("busy", t("offline.saving"));
    try {
      const registration = await service.register(new URL("sw.js", root).href, { scope: root.href, updateViaCache: "none" });
      const worker = registration.installing || registration.waiting || registration.active;
      if (!worker) throw new Error("sw.js");
      const changed = () => {
        if (worker.state === "activated") look();
        else if (worker.state === "redundant" && button.disabled) show("none", t("offline.failed"));
      };
      worker.addEventListener("statechange", changed);
      changed();
    } catch (error) {
      show("none", t("offline.refused", { reason: error instanceof Error ? error.message : String(error) }));
    }
  }

  async function remove() {
    show("busy", t("offline.removing"));
    const registration = await service.getRegistration(root.href);
    if (registration) await registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith(`papernotes ${root.href} `)) await caches.delete(name);
    show("none", t("offline.removed"));
  }

  button.addEventListener("click", () => (saved ? remove() : save()));
  look();
}
