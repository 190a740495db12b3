// Opens a WACZ file in wabac.js, the player inside ReplayWeb.page, and writes what it shows as JSON.
// node wabac.mjs FOLDER-WITH-node_modules FILE.wacz [URL...]
// Out: {"pages": [{"url", "title", "ts"}], "bodies": {URL: base64}} for the pages and the further URLs.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [tools, file, ...urls] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(path.join(tools, "node_modules", name)).href);
const log = console.log;
console.log = console.warn = () => {};

const data = fs.readFileSync(file);
const server = http.createServer((request, response) => {
  const range = /bytes=(\d*)-(\d*)/.exec(request.headers.range || "bytes=0-");
  const [first, last] = range[1]
    ? [Number(range[1]), range[2] ? Math.min(Number(range[2]), data.length - 1) : data.length - 1]
    : [Math.max(0, data.length - Number(range[2])), data.length - 1];
  response.writeHead(206, {
    "Content-Range": `bytes ${first}-${last}/${data.length}`,
    "Content-Length": last - first + 1,
    "Accept-Ranges": "bytes",
  });
  response.end(request.method === "HEAD" ? undefined : data.subarray(first, last + 1));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));

// What a service worker has and Node has not.
const here = "http://localhost/";
await module("fake-indexeddb/auto/index.mjs");
globalThis.self = globalThis;
self.location = new URL(here);
self.addEventListener = () => {};
self.registration = { scope: here };
globalThis.caches = { open: async () => ({ match: async () => null, put: async () => {} }), delete: async () => {} };

const { SWCollections, ArchiveRequest } = await module("@webrecorder/wabac/dist/swlib.js");
const collections = new SWCollections({ main: here, static: here, root: here }, null, {});
await collections.loadAll();
let problem = "not loaded";
await collections.addCollection(
  { name: "t", file: { sourceUrl: `http://127.0.0.1:${server.address().port}/t.wacz` } },
  (_percent, error) => (problem = error),
);
if (!collections.colls.t) throw new Error(problem);

async function body(url, stamp) {
  let target = `${stamp}id_/${url}`;
  for (let hop = 0; hop < 3; hop++) {
    const request = new ArchiveRequest(target, new Request(here));
    const answer = await collections.colls.t.handleRequest(request, { request: request.request, waitUntil() {} });
    if (answer.status !== 302) {
      return `${answer.status} ${Buffer.from(await answer.arrayBuffer()).toString("base64")}`;
    }
    target = answer.headers.get("location").split("/t/")[1];
  }
  throw new Error(`${url}: redirected in a circle`);
}

const pages = await collections.colls.t.store.getAllPages();
const bodies = {};
for (const { url, ts } of pages) {
  bodies[url] = await body(url, new Date(ts).toISOString().replace(/[-:T]/g, "").slice(0, 14));
}
for (const url of urls) bodies[url] = await body(url, "2");
log(JSON.stringify({ pages: pages.map(({ url, title, ts }) => ({ url, title, ts })), bodies }));
process.exit(0);
