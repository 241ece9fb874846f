// The page's side of its eyes: pictures go to a worker, what it sees comes back.
const LONGEST_PX = 1280; // as the server looks at photos
const NEAR_ENOUGH = 1.1;

let worker = null;
let asked = 0;
const waiting = new Map();

function ask(message, transfer = []) {
  if (!worker) {
    worker = new Worker(EYES);
    worker.onmessage = ({ data: { id, told, failed } }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      failed ? reject(new Error(failed)) : resolve(told);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      waiting.forEach(({ reject }) => reject(new Error("eyes")));
      waiting.clear();
      worker = null;
    };
  }
  const id = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, ...message }, transfer);
  });
}

let opening = null;
export const open = () => (opening ??= ask({ work: "open" }).catch((error) => {
  opening = null;
  throw error;
}));

// `source`: whatever a canvas draws. The canvas keeps it whole until the next one is drawn, where its pixels can be read at once.
export function drawn(source, width, height, canvas = document.createElement("canvas"), [left, top] = [0, 0]) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  contextOf(canvas).drawImage(source, left, top, width, height, 0, 0, width, height);
  return canvas;
}

const contextOf = (canvas) => canvas.getContext("2d", { alpha: false, willReadFrequently: true });

const small = document.createElement("canvas");

export function pixelsOf(canvas) {
  const longest = Math.max(canvas.width, canvas.height);
  if (longest <= LONGEST_PX * NEAR_ENOUGH) return { ...read(canvas), scale: 1 };
  const scale = LONGEST_PX / longest;
  [small.width, small.height] = [Math.round(canvas.width * scale), Math.round(canvas.height * scale)];
  const context = contextOf(small);
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, small.width, small.height);
  return { ...read(small), scale };
}

function read(canvas) {
  const { width, height, data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
  return { width, height, pixels: data.buffer };
}

export const look = (pixels, follow = false) => ask({ work: "look", ...pixels, follow }, [pixels.pixels]);
export const beLike = (pixels) => ask({ work: "like", ...pixels }, pixels ? [pixels.pixels] : []);

export async function canvasOf(file) {
  const bitmap = await createImageBitmap(file);
  const canvas = drawn(bitmap, bitmap.width, bitmap.height);
  bitmap.close();
  return canvas;
}

export const written = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
