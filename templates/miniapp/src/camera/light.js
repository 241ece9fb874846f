// Under what light a photo was taken, as bot/imaging/intake/light.py.
import { meanLab } from "./colour.js";
import { crop, grey, reduced, rint } from "./pixels.js";
import { light as l } from "./rules.json";

const factorOf = (image, side) => Math.max(1, rint(Math.max(image.width, image.height) / side));

// { conditions, issues }, the issues being those of the whole picture.
export function lightOfPhoto(image) {
  const small = reduced(image, factorOf(image, l.COLOUR_SIDE_PX));
  const conditions = { ...colours(small), sharpness: sharpness(image) };
  return { conditions, issues: doubts(small, conditions) };
}

function colours(small) {
  const [lightness, a, b] = meanLab(small);
  return { brightness: lightness / 2.55, tint: a - 128, warmth: b - 128 };
}

// The Laplacian's variance on strips of about 640 px across.
function sharpness(image) {
  const factor = factorOf(image, l.SHARPNESS_SIDE_PX);
  const [rows, every] = [l.STRIP_PX * factor, l.EVERY_PX * factor];
  let [count, sum, squares] = [0, 0, 0];
  for (let top = Math.floor((every - rows) / 2); top < image.height - rows + 1; top += every) {
    const { width, height, data } = grey(reduced(image, factor, factor, [0, top, image.width, top + rows]));
    for (let y = 1; y < height - 1; y += 1) {
      for (let x = 1; x < width - 1; x += 1) {
        const at = y * width + x;
        const value = Math.min(255, Math.max(0, data[at - 1] + data[at + 1] + data[at - width] + data[at + width] - 4 * data[at] + 128));
        count += 1;
        sum += value;
        squares += value * value;
      }
    }
  }
  return count ? squares / count - (sum / count) ** 2 : 0;
}

function doubts(small, conditions) {
  const [width, height] = [small.width, small.height];
  const [across, down] = [Math.floor(width / 5), Math.floor(height / 5)];
  const middle = grey(crop(small, [across, down, width - across, height - down]));
  const histogram = new Float64Array(256);
  for (const value of middle.data) histogram[value] += 1;
  const wanted = middle.data.length * 0.9;
  let [below, brightestTenth] = [0, 255];
  for (let value = 0; value < 256; value += 1) {
    below += histogram[value];
    if (below >= wanted) {
      brightestTenth = value;
      break;
    }
  }
  const found = [];
  if (brightestTenth / 2.55 < l.DARK_BRIGHTEST_TENTH) found.push("too_dark");
  if (histogram.slice(250).reduce((sum, value) => sum + value, 0) / middle.data.length > l.BLOWN_OUT_SHARE) found.push("too_bright");
  if (conditions.sharpness < l.BLURRED_BELOW && !found.length) found.push("blurred");
  return found;
}
