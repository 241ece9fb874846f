// The eyes: a worker that is sent pictures and tells what the server would see in them, and what to change.
import { Finder, NAMES } from "./faces.js";
import { guide } from "./guide.js";
import { lookedAt } from "./looking.js";
import { load } from "./networks.js";
import { differences, sceneOf } from "./scene.js";

let finder;
let like = null; // the photo that the next one should be like, as it was seen
let last = null; // the one face of the picture before: { mesh, width, height, times }, `times` it was followed
const MOST_FOLLOWED = 4; // then it is looked for anew: somebody else may have come

const WORK = {
  async open() {
    finder ??= new Finder(await load(FILES, NAMES));
  },
  look: async (message) => seen(message),
  async like(message) {
    like = null;
    if (message.pixels) like = await seen(message);
    return like;
  },
  differences: async ({ pairs }) => pairs.map(([one, other]) => differences(one, other)),
};

// `follow`: whether the face of the picture before will do to begin with. What is to be taken is looked at whole.
async function seen({ width, height, pixels, scale, follow = false }) {
  const before = follow && last?.width === width && last.height === height && last.times < MOST_FOLLOWED ? last : null;
  const { mesh, ...found } = await lookedAt(finder, { width, height, bands: 4, data: new Uint8Array(pixels) }, scale, before?.mesh);
  last = mesh ? { mesh, width, height, times: found.followed ? before.times + 1 : 0 } : null;
  const scene = sceneOf(found);
  return { ...found, scene, width, height, ...guide({ ...found, scene, width, height }, like) };
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ id: data.id, told: await WORK[data.work](data) });
  } catch (error) {
    self.postMessage({ id: data.id, failed: String(error?.message ?? error) });
  }
};
