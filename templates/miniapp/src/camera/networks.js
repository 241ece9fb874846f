// The server's three networks, run by LiteRT on one thread; nothing but their own files is fetched.
import { Tensor, loadLiteRt } from "@litertjs/core";

const GREATEST_LOGIT = 80;

// `files`: { loader, wasm, NAME: … }, each by its name beside this script.
export async function load(files, names) {
  self.Module = { locateFile: () => files.wasm, print() {}, printErr() {} };
  const runtime = await withoutGraphics(() => loadLiteRt(files.loader));
  const networks = {};
  for (const name of names) networks[name] = await network(runtime, files[name]);
  return networks;
}

// It asks for WebGPU unasked, and complains of getting none: the server's numbers come from processors, too.
async function withoutGraphics(work) {
  Object.defineProperty(navigator, "gpu", { value: undefined, configurable: true });
  const { warn } = console;
  console.warn = () => {};
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

async function network(runtime, address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const model = await runtime.loadAndCompile(new Uint8Array(await answer.arrayBuffer()), { accelerator: "wasm" });
  const shape = Array.from(model.getInputDetails()[0].shape);
  return async (pixels) => {
    const tensor = new Tensor(pixels, shape);
    const outputs = await model.run(tensor);
    tensor.delete();
    const read = [];
    for (const output of outputs) {
      read.push(Float32Array.from(await output.data()));
      output.delete();
    }
    return read;
  };
}

export const share = (logit) => 1 / (1 + Math.exp(-Math.min(Math.max(logit, -GREATEST_LOGIT), GREATEST_LOGIT)));
