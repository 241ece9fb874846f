// The page's one build: sources and locked packages in, `built/` out, the same bytes on every machine.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = process.argv[2] ?? join(HERE, "built");
const MOST_SCRIPT_BYTES = 120 * 1024;
const COPIES = { icon: "src/icon.svg" }; // what is served as it is, by what the page calls it
const APACHE = "../../bot/analysis/local/models/LICENSE.txt";
const SHIPPED = { uplot: "LICENSE", "@litertjs/core": APACHE, "@litertjs/wasm-utils": APACHE }; // of which something is in the built files
// What the camera's eyes need. LiteRT's one file that every browser runs; the networks are the server's own, and stay where they are.
const LITERT = "node_modules/@litertjs/core/wasm/litert_wasm_compat_internal";
const MODELS = "../../bot/analysis/local/models";
const NETWORKS = ["face_detection_short_range", "face_detection_full_range", "face_landmark"];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const hashed = (name, source) => {
  const hash = createHash("sha256").update(readFileSync(join(HERE, source))).digest("hex").slice(0, 8);
  return `${name}-${hash}${extname(source)}`;
};
const files = { loader: hashed("litert", `${LITERT}.js`), wasm: hashed("litert", `${LITERT}.wasm`) };
writeFileSync(join(OUT, files.loader), readFileSync(join(HERE, `${LITERT}.js`)));
writeFileSync(join(OUT, `${files.wasm}.gz`), gzipSync(readFileSync(join(HERE, `${LITERT}.wasm`)), { level: 9 }));
const networks = {};
for (const network of NETWORKS) {
  files[network] = hashed(network, `${MODELS}/${network}.tflite`);
  networks[files[network]] = `${network}.tflite`;
}

const settings = {
  absWorkingDir: HERE,
  outdir: OUT,
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  target: ["es2022", "safari15.4"],
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  metafile: true,
  logLevel: "warning",
};
const eyes = await build({ ...settings, entryPoints: { eyes: "src/camera/eyes.js" }, format: "iife", define: { FILES: JSON.stringify(files) } });
const [worker] = Object.keys(eyes.metafile.outputs).map((path) => path.split("/").at(-1));
const made = await build({
  ...settings,
  entryPoints: { main: "src/main.js", style: "src/style.css" },
  splitting: true,
  format: "esm",
  define: { EYES: JSON.stringify(`static/${worker}`) },
});

const entries = {};
for (const [name, source] of Object.entries(COPIES)) {
  entries[name] = hashed(name, source);
  copyFileSync(join(HERE, source), join(OUT, entries[name]));
}
const preload = []; // what the entry needs before it can do anything
const name = (path) => path.split("/").at(-1);
for (const [file, about] of Object.entries(made.metafile.outputs)) {
  if (about.entryPoint === "src/main.js") {
    entries.main = name(file);
    preload.push(...about.imports.filter((each) => each.kind === "import-statement").map((each) => name(each.path)));
  }
  if (about.entryPoint === "src/style.css") entries.style = name(file);
}

const licences = Object.entries(SHIPPED).map(([name, licence]) => {
  const folder = join(HERE, "node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const text = readFileSync(licence === APACHE ? join(HERE, licence) : join(folder, licence), "utf8");
  return `${name} ${about.version} (${about.license})\n\n${text.trim()}\n`;
});
writeFileSync(join(OUT, "LICENSES.txt"), licences.join("\n----\n\n"));

// What is packed is told as it is unpacked: another zlib packs otherwise.
const told = {};
for (const name of readdirSync(OUT).sort()) {
  const bytes = readFileSync(join(OUT, name));
  const whole = name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  told[name] = { bytes: whole.length, sha256: createHash("sha256").update(whole).digest("hex") };
}

// Our own script: what of the built files is from no package.
const outputs = [eyes, made].flatMap(({ metafile }) => Object.entries(metafile.outputs).filter(([file]) => file.endsWith(".js")));
const inputs = outputs.flatMap(([, { inputs: each }]) => Object.entries(each));
const script = inputs.filter(([source]) => !source.includes("node_modules/")).reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
writeFileSync(join(OUT, "manifest.json"), JSON.stringify({ entries, preload, networks, script, files: told }, null, 1) + "\n");
if (script > MOST_SCRIPT_BYTES) throw new Error(`${script} bytes of script: at most ${MOST_SCRIPT_BYTES}`);
console.log(`${Object.keys(told).length} files, ${script} bytes of script`);
