/* The service worker that keeps the saved site: sw.js at the site's root, with BUILD and LISTS put before this text by
 * hooks/papernotes/build/finish/offline.py: a digest of the lists of files, and how many lists there are. It is registered by a press of the button alone (offline.js); nothing is fetched unasked.
 *
 * One cache for each build. A new build copies what has not changed from the old cache, fetches the rest, checks every
 * digest, and takes over once no page of the old build is open: a reader never sees pages of two builds. */
"use strict";
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SCOPE = worker.registration.scope;
const PREFIX = `papernotes ${SCOPE} `;
const CACHE = PREFIX + BUILD;
const AT_ONCE = 6;

/** @param {ArrayBuffer} body */
async function digestOf(body) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {unknown} message */
async function tell(message) {
  for (const client of await worker.clients.matchAll({ includeUncontrolled: true, type: "window" }))
    client.postMessage(message);
}

/** @param {string} address @param {string} digest @param {Cache[]} older @returns {Promise<Response | null>} */
async function copyOf(address, digest, older) {
  for (const cache of older) {
    const found = await cache.match(address);
    if (found && found.headers.get("x-pn-digest") === digest) return found;
  }
  return null;
}

/** @param {string} address @param {string} digest */
async function fetched(address, digest) {
  const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const body = await answer.arrayBuffer();
  if ((await digestOf(body)) !== digest) throw new Error(`${address}: of another build`);
  const headers = new Headers({ "x-pn-digest": digest });
  const type = answer.headers.get("content-type");
  if (type) headers.set("content-type", type);
  return new Response(body, { headers });
}

/** Every file of the site with its digest, from the lists beside this script.
 * @returns {Promise<[string, string][]>} */
async function files() {
  const lists = [];
  for (let number = 0; number < LISTS; number++) {
    const answer = await fetch(new URL(`sw/${number}.json`, SCOPE), { cache: "no-cache", credentials: "same-origin" });
    if (!answer.ok) throw new Error(`sw/${number}.json: ${answer.status}`);
    lists.push(await answer.text());
  }
  const digest = await digestOf(new TextEncoder().encode(lists.join("")).buffer);
  if (!digest.startsWith(BUILD)) throw new Error("sw: of another build");
  return lists.flatMap((list) => Object.entries(JSON.parse(list)));
}

async function save() {
  const cache = await caches.open(CACHE);
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const older = await Promise.all(names.map((name) => caches.open(name)));
  const rest = await files();
  const total = rest.length;
  let done = 0;
  let failed = false; // then the others stop too, and the last thing that is told is the failure
  async function work() {
    for (let next = rest.pop(); next && !failed; next = rest.pop()) {
      const address = new URL(next[0], SCOPE).href;
      const kept = await cache.match(address); // from an attempt that broke off
      if (!kept || kept.headers.get("x-pn-digest") !== next[1])
        await cache.put(address, (await copyOf(address, next[1], older)) || (await fetched(address, next[1])));
      done++;
      if (!failed && (done % 10 === 0 || done === total)) await tell({ papernotes: "progress", done, total });
    }
  }
  const working = Array.from({ length: AT_ONCE }, () =>
    work().catch((error) => {
      failed = true;
      throw error;
    }),
  );
  await Promise.all(working);
}

worker.addEventListener("install", (event) => {
  event.waitUntil(
    save().catch(async (error) => {
      await tell({ papernotes: "failed", reason: String(error.message || error) });
      throw error;
    }),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name))),
      ),
  );
});

/** What a server says of an address that it does not know. */
async function missing() {
  const page = await (await caches.open(CACHE)).match(new URL("404.html", SCOPE).href);
  return page ? new Response(page.body, { status: 404, headers: page.headers }) : Response.error();
}

/** What is saved, else what the server says.
 * @param {Request} request @param {string} address of the file */
async function answer(request, address) {
  const found = await (await caches.open(CACHE)).match(address);
  if (found || request.mode !== "navigate") return found || fetch(request);
  return fetch(request).catch(missing);
}

worker.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || !address.href.startsWith(SCOPE)) return;
  address.search = ""; // ?q= and ?h= are for the page
  address.hash = "";
  if (address.pathname.endsWith("/")) address.pathname += "index.html";
  event.respondWith(answer(event.request, address.href));
});
