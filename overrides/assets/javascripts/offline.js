/* The button of the page about reading offline: saves the site into this browser, or removes it again. */
import { need } from "./elements.js";
import { root } from "./load.js";

export function startOffline() {
  /** @type {HTMLElement | null} */
  const box = document.querySelector(".pn-offline");
  if (!box) return;
  /** @type {HTMLButtonElement} */
  const button = need(box, ".pn-offline__button");
  const status = need(box, ".pn-offline__status");
  const size = `${(Number(box.dataset.bytes) / 1e6).toFixed(1)} MB`;

  if (location.protocol === "file:") {
    status.textContent = "你正从磁盘阅读，不需要再保存。";
    return;
  }
  if (!("serviceWorker" in navigator) || !window.isSecureContext) {
    status.textContent = "这个浏览器，或这个网址（不是 https），不能保存网站。";
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
    button.textContent = saved ? "删除离线副本" : `保存供离线阅读（${size}）`;
    status.textContent = text;
  }

  async function look() {
    const found = await service.getRegistration(root.href);
    if (found && found.scope === root.href && found.active) show("saved", "已保存在这个浏览器里，断网也能读、能搜索。");
    else show("none", "");
  }

  service.addEventListener("message", (event) => {
    const { papernotes, done, total, reason } = event.data || {};
    if (papernotes === "progress" && !saved) status.textContent = `正在保存：${done} / ${total} 个文件`;
    if (papernotes === "failed" && !saved) show("none", `没有保存成功（${reason}）。可以再试一次，已取得的部分不会重取。`);
  });

  async function save() {
    show("busy", "正在保存……");
    try {
      const registration = await service.register(new URL("sw.js", root).href, { scope: root.href, updateViaCache: "none" });
      const worker = registration.installing || registration.waiting || registration.active;
      if (!worker) throw new Error("sw.js");
      const changed = () => {
        if (worker.state === "activated") look();
        else if (worker.state === "redundant" && button.disabled)
          show("none", "没有保存成功。可以再试一次，已取得的部分不会重取。");
      };
      worker.addEventListener("statechange", changed);
      changed();
    } catch (error) {
      show("none", `没有保存成功（${error instanceof Error ? error.message : error}）。`);
    }
  }

  async function remove() {
    show("busy", "正在删除……");
    const registration = await service.getRegistration(root.href);
    if (registration) await registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith(`papernotes ${root.href} `)) await caches.delete(name);
    show("none", "离线副本已删除。");
  }

  button.addEventListener("click", () => (saved ? remove() : save()));
  look();
}
