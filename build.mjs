/**
 * Makes static/build/ from kiosk/, customer/, console/, static/docs/ and what they share in static/:
 * bundled, hashed by content, compressed.
 *
 *   node build.mjs          build everything
 *   node build.mjs --size   print what each page weighs over the wire; exit 1 when one is over its budget
 *
 * What a page may import besides its own files and the libraries of package.json:
 *   tenth:langs      default {en: url, …}: its words, a file for each language; names {en: "English", …}
 *   tenth:files      scanWorker, decoder: addresses of the kiosk's scanning worker and its WebAssembly file
 *   tenth:precache   default [url, …]: what its service worker must keep; version: the name of this build
 * and what its index.html may say: {{js}} and {{css}}, the addresses of its own bundle, and {{parts}}, links that
 * fetch what its script cannot start without beside it rather than after it.
 */
import { build as esbuild } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";

process.chdir(dirname(fileURLToPath(import.meta.url)));

const OUT = "static/build";
const AT = "/static/build/";
const PAGES = {
  kiosk: { budget: 34_000, laterBudget: 10_000, scans: true, offline: true },
  customer: { budget: 22_000, laterBudget: 10_000, offline: true },
  console: { budget: 60_000, laterBudget: 15_000, words: ["insight"] },
  docs: { budget: 15_000, folder: "static/docs", wordless: true },
};
// Beside a page's own words and those named with it above.
const SHARED_WORDS = ["common", "why", "problem"];
const COMPRESSED = new Set([".js", ".css", ".html", ".json", ".wasm", ".txt"]);
const FONT_FOLDER = "node_modules/dejavu-fonts-ttf/ttf";
const FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];
const DECODER = "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm";
// Old enough for every phone that can also run the camera and the decoder.
const BROWSERS = ["chrome109", "firefox115", "safari16"];

const made = new Set(); // names written by this run, so that the rest can be cleared away
const compressing = []; // goes on beside the bundling
const libraries = new Set(); // of others, that ended up in a page

if (process.argv.includes("--size")) await weigh();
else await build();

async function build() {
  await mkdir(join(OUT, "fonts"), { recursive: true });
  // The decoder comes first, because compressing it takes seconds.
  const decoder = await keepHashed("zxing_reader.wasm", await readFile(DECODER));
  for (const font of FONTS) await keep(`fonts/${font}`, await readFile(`${FONT_FOLDER}/${font}`));

  const languages = await readLanguages();
  const names = mapValues(languages, (words) => words["common.language_name"]);
  const result = { files: {}, precache: {}, later: {}, languages: names };
  const pages = Object.keys(PAGES).map((page) => buildPage(page, { decoder, languages, names, result }));
  const failures = (await Promise.allSettled(pages)).filter(({ status }) => status === "rejected");

  await keep("licences.txt", await readLicences());
  await keep("manifest.json", JSON.stringify(result, null, 1));
  await Promise.all(compressing);
  await clearAway();
  if (failures.length) fail(failures.map(({ reason }) => reason.message).join("\n"));
}

/** One page, from its words to its service worker; each step needs the names that the step before made. */
async function buildPage(page, { decoder, languages, names, result }) {
  const missing = missingFrom(page);
  if (missing.length) throw new Error(`${page} is not built, because there is no ${missing.join(", ")}`);

  const urls = PAGES[page].wordless ? {} : await writeWords(page, languages);
  for (const url of Object.values(urls)) result.files[plainName(url)] = basename(url);
  const modules = { "tenth:langs": exporting({ default: urls, names }) };
  const parts = [];
  if (PAGES[page].scans) {
    modules["tenth:files"] = exporting({ decoder: AT + decoder });
    const { own: worker } = await bundle(`${folderOf(page)}/scan-worker.js`, "scan-worker", modules);
    modules["tenth:files"] = exporting({ decoder: AT + decoder, scanWorker: AT + worker });
    parts.push(decoder, worker);
  }
  const { own: css } = await bundle(`${folderOf(page)}/page.css`, page, modules);
  const { own: js, others: chunks, first, later } = await bundle(`${folderOf(page)}/main.js`, page, modules);
  const links = first.map((name) => `<link rel="modulepreload" href="${AT}${name}">`).join("\n");
  const values = { js: AT + js, css: AT + css, parts: links };
  const html = fill(await readFile(`${folderOf(page)}/index.html`, "utf8"), values);
  await keep(`${page}.html`, html);

  parts.push(css, js, ...chunks);
  for (const name of parts) result.files[plainName(name)] = name;
  result.precache[page] = parts.map((name) => AT + name);
  result.later[page] = later;
  if (PAGES[page].offline) {
    const version = hash(html + JSON.stringify([parts, urls]));
    modules["tenth:precache"] = exporting({ default: result.precache[page], version });
    await bundle(`${folderOf(page)}/sw.js`, `${page}-sw`, modules);
  }
}

function folderOf(page) {
  return PAGES[page].folder ?? page;
}

/** The files a page cannot be built without that are not there. */
function missingFrom(page) {
  const wanted = ["index.html", "page.css", "main.js"];
  if (PAGES[page].scans) wanted.push("scan-worker.js");
  if (PAGES[page].offline) wanted.push("sw.js");
  return wanted.map((name) => `${folderOf(page)}/${name}`).filter((path) => !existsSync(path));
}

function exporting({ default: main, ...named }) {
  const constant = ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`;
  const lines = Object.entries(named).map(constant);
  if (main) lines.push(`export default ${JSON.stringify(main)};`);
  return lines.join("\n");
}

/**
 * Bundle one entry and write what comes out: the entry's `own` name, all `others`, and of those the ones that it needs
 * `first`, and those that come `later`, by the module that the page then asks for.
 */
async function bundle(entry, name, modules) {
  const isPage = basename(entry) === "main.js";
  const result = await esbuild({
    entryPoints: [{ in: entry, out: name }],
    entryNames: name.endsWith("-sw") ? "[name]" : "[name].[hash]", // a service worker's address never changes
    chunkNames: `${name}-[name].[hash]`,
    outdir: OUT,
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    splitting: isPage,
    format: isPage ? "esm" : "iife",
    target: BROWSERS,
    charset: "utf8",
    legalComments: "none", // the licences are gathered in licences.txt
    external: ["/static/*"],
    define: isPage ? {} : { "import.meta.url": "self.location.href" },
    plugins: [virtual(modules), unindented()],
    logLevel: "silent",
  });
  for (const { text, location } of result.warnings) throw new Error(`${location?.file ?? entry}: ${text}`);
  for (const path of Object.keys(result.metafile.inputs)) {
    const [, library] = path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//) ?? [];
    if (library) libraries.add(library);
  }
  for (const file of result.outputFiles) await keep(basename(file.path), file.contents);
  const { outputs } = result.metafile;
  const [own] = Object.entries(outputs).find(([, output]) => output.entryPoint === entry);
  const atOnce = neededAtOnce(own, outputs);
  const others = Object.keys(outputs).filter((path) => path !== own).sort();
  const asked = others.filter((path) => outputs[path].entryPoint && !atOnce.has(path));
  const comingWith = (path) => [...neededAtOnce(path, outputs)].filter((one) => !atOnce.has(one));
  return {
    own: basename(own),
    others: others.map((path) => basename(path)),
    first: others.filter((path) => atOnce.has(path)).map((path) => basename(path)),
    later: Object.fromEntries(asked.map((path) =>
      [basename(outputs[path].entryPoint, ".js"), comingWith(path).map((one) => basename(one))])),
  };
}

/** An output and all it cannot start without; what it imports as it goes is not among them. */
function neededAtOnce(path, outputs, found = new Set()) {
  if (!(path in outputs) || found.has(path)) return found;
  found.add(path);
  for (const one of outputs[path].imports) {
    if (one.kind === "import-statement") neededAtOnce(one.path, outputs, found);
  }
  return found;
}

/** Lets a page import the tenth: modules that this build writes. */
function virtual(modules) {
  const setup = ({ onResolve, onLoad }) => {
    const unknown = (path) => ({ errors: [{ text: `There is no ${path} for this file` }] });
    onResolve({ filter: /^tenth:/ }, ({ path }) =>
      path in modules ? { path, namespace: "tenth" } : unknown(path));
    onLoad({ filter: /.*/, namespace: "tenth" }, ({ path }) => ({ contents: modules[path] }));
  };
  return { name: "tenth", setup };
}

/** Our own scripts without their indentation: inside html`…` it would be sent along for nothing. */
function unindented() {
  const setup = ({ onLoad }) => {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (path.includes("node_modules")) return undefined;
      const text = (await readFile(path, "utf8")).replace(/\n[ \t]+/g, "\n");
      return { contents: text.replace(/([>}])\n(?=[<$])/g, "$1") }; // between two tags no space is meant
    });
  };
  return { name: "unindented", setup };
}

/** Every folder in static/lang is a language and every file in it a part; none is listed anywhere. */
async function readLanguages() {
  const languages = {};
  for (const code of (await readdir("static/lang")).sort()) {
    const words = (languages[code] = {});
    for (const file of (await readdir(`static/lang/${code}`)).filter((name) => name.endsWith(".json"))) {
      const part = basename(file, ".json");
      const texts = await readJson(`static/lang/${code}/${file}`);
      for (const [key, text] of Object.entries(texts)) words[`${part}.${key}`] = text;
    }
    if (!words["common.language_name"]) fail(`static/lang/${code}/common.json has no language_name`);
  }
  return languages;
}

/** One file for each language with this page's words only; English stands in for what is not translated. */
async function writeWords(page, languages) {
  const parts = new Set([page, ...(PAGES[page].words ?? []), ...SHARED_WORDS]);
  const texts = Object.entries(languages).map(([code, words]) => {
    const all = Object.entries({ ...languages.en, ...words });
    return [code, JSON.stringify(Object.fromEntries(all.filter(([key]) => parts.has(key.split(".", 1)[0]))))];
  });
  // One hash for all languages: the page carries every address, and a hash is what cannot be compressed.
  const version = hash(JSON.stringify(texts));
  const urls = {};
  for (const [code, text] of texts) {
    const name = `lang-${page}.${code}.${version}.json`;
    await keep(name, text);
    urls[code] = AT + name;
  }
  return urls;
}

function fill(html, values) {
  return html.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
}

async function readLicences() {
  const texts = [];
  for (const library of [...libraries].sort()) {
    const folder = `node_modules/${library}`;
    const { version, license } = await readJson(`${folder}/package.json`);
    const name = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
    const text = name ? await readFile(`${folder}/${name}`, "utf8") : "";
    texts.push(`${library} ${version} (${license})\n\n${text}`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    return fail(`${path}: ${error.message}`);
  }
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function hash(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 10);
}

/** kiosk.JKHAKUOU.js is kiosk.js to those who look it up. */
function plainName(name) {
  return basename(name).replace(/\.\w+(\.\w+)$/, "$1");
}

async function keepHashed(name, content) {
  const hashed = `${basename(name, extname(name))}.${hash(content)}${extname(name)}`;
  await keep(hashed, content);
  return hashed;
}

/** Write a file, and what is served of it compressed, unless it is there and the same. */
async function keep(name, content) {
  const path = join(OUT, name);
  const bytes = Buffer.from(content);
  made.add(name);
  if (!existsSync(path) || !bytes.equals(await readFile(path))) await write(path, bytes);
  if (!COMPRESSED.has(extname(name))) return;
  made.add(`${name}.br`).add(`${name}.gz`);
  compressing.push(compress(path, bytes));
}

/** In one step, so that nobody is ever served half a file. */
async function write(path, bytes) {
  await writeFile(`${path}.${process.pid}`, bytes);
  await rename(`${path}.${process.pid}`, path);
}

/** Lay .br and .gz beside a file at best quality, unless they are as new as it is. */
async function compress(path, bytes) {
  if ((await newerThan(`${path}.br`, path)) && (await newerThan(`${path}.gz`, path))) return;
  const hint = { params: { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  await write(`${path}.br`, await promisify(zlib.brotliCompress)(bytes, hint));
  await write(`${path}.gz`, await promisify(zlib.gzip)(bytes, { level: 9 }));
}

async function newerThan(path, other) {
  return existsSync(path) && (await stat(path)).mtimeMs >= (await stat(other)).mtimeMs;
}

/** Files of earlier builds stay for a day: a page opened before this build may still ask for them. */
async function clearAway() {
  const aDayAgo = Date.now() - 24 * 3600 * 1000;
  for (const name of await readdir(OUT, { recursive: true })) {
    const found = await stat(join(OUT, name));
    if (found.isFile() && !made.has(name) && found.mtimeMs < aDayAgo) await rm(join(OUT, name));
  }
}

/** Bytes over the wire at a first visit, with brotli. Words and decoder are not a page's own code. */
async function weigh() {
  const { files, precache, later } = await readJson(join(OUT, "manifest.json"));
  const wire = async (name) => (await stat(join(OUT, `${name}.br`))).size;
  const together = async (names) => (await Promise.all(names.map(wire))).reduce((sum, size) => sum + size, 0);
  const decoder = [files["scan-worker.js"], files["zxing_reader.wasm"]];
  const over = [];

  for (const [page, { budget, laterBudget, offline, scans }] of Object.entries(PAGES)) {
    // What comes later is not in the way of the first view; a service worker fetches it behind its back.
    const apart = [...decoder, ...(laterBudget ? Object.values(later[page]).flat() : [])];
    const own = precache[page].map((url) => basename(url)).filter((name) => !apart.includes(name));
    const code = await together([...own, `${page}.html`, ...(offline ? [`${page}-sw.js`] : [])]);
    const words = Object.values(files).filter((name) => name.startsWith(`lang-${page}.`));
    const heaviest = Math.max(0, ...(await Promise.all(words.map(wire))));
    const line = [`${page}: ${kilobytes(code)} KB of code (at most ${kilobytes(budget)})`];
    line.push(`words ${kilobytes(heaviest)}`);
    for (const [module, names] of Object.entries(laterBudget ? later[page] : {})) {
      const weight = await together(names);
      line.push(`later ${module} ${kilobytes(weight)} (at most ${kilobytes(laterBudget)})`);
      if (weight > laterBudget) over.push(`${module} of ${page}`);
    }
    if (scans) line.push(`decoder ${kilobytes(await together(decoder))}`);
    console.log(line.join(", "));
    if (code > budget) over.push(page);
  }
  if (over.length) fail(`Over its budget: ${over.join(", ")}`);
}

function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}

function fail(sentence) {
  console.error(`build: ${sentence}`);
  process.exit(1);
}
