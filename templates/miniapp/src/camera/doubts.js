// Why one face may read badly, as bot/analysis/local/doubts.py.
import { lightOf, lightnessOf, lightnessOfLight, luminanceOf, median, medians, pixelAt, quantile } from "./colour.js";
import { mask, toPhoto } from "./faces.js";
import { bicubic, crop, cutOut, fillPolygon, grey, rint, way } from "./pixels.js";
import { doubts as d, eyes as e, frame, masks } from "./rules.json";

// { issues, sideLight }. `scale`: px of this picture for one of the photo that is sent.
export function doubtsAbout(image, face, zones, scale) {
  const issues = [];
  if ((face.apart * frame.FACE_SIDE) / scale < d.SMALL_SIDE_PX) issues.push("face_small");
  if (Math.abs(face.yaw) > d.MOST_YAW) issues.push("turned_away");
  if (shareOutside(face, image) > d.CUT_OFF) issues.push("face_cut_off");
  const to = toPhoto(face);
  const looked = Object.fromEntries(d.LOOKED_AT.map((zone) => [zone, pixelsAt(image, zones.samples(zone).map((place) => way.at(to, ...place).map(Math.fround)))]));
  issues.push(...ofLight(image, face, zones, looked));
  const cheeks = d.CHEEKS.map((zone) => looked[zone]);
  return { issues, sideLight: cheeks.every((cheek) => cheek.length) ? contrastOf(cheeks) : null };
}

function shareOutside({ places }, { width, height }) {
  let outside = 0;
  for (let at = 0; at < places.length; at += 3) {
    const [x, y] = [places[at], places[at + 1]];
    outside += x < 0 || y < 0 || x >= width || y >= height ? 1 : 0;
  }
  return outside / (places.length / 3);
}

function pixelsAt(image, places) {
  const inside = places.filter(([x, y]) => x >= 0 && y >= 0 && x <= image.width - 1 && y <= image.height - 1);
  return inside.map(([x, y]) => pixelAt(image, rint(y) * image.width + rint(x)));
}

function ofLight(image, face, zones, looked) {
  const seen = d.LOOKED_AT.filter((zone) => looked[zone].length);
  const measured = Object.entries(d.BY_AREA).flatMap(([zone, each]) => looked[zone].filter((_, place) => place % each === 0));
  if (!measured.length) return [];
  const lightness = median(measured.map(lightnessOf));
  const part = masks.AROUND_EYES;
  const straight = cutOut(image, part, toPhoto(face), bicubic);
  const whites = whitesOf(straight, zones.eyes().map((outline) => outline.map(([x, y]) => [x - part[0], y - part[1]])));
  if (lightness < d.DARK_LIGHTNESS && (!whites || lightnessOfLight(whites) < d.LIT_WHITES)) return ["too_dark"];
  const found = onTheCheeks(d.CHEEKS.filter((zone) => seen.includes(zone)).map((zone) => looked[zone]));
  const skin = seen.map((zone) => medians(looked[zone].map(lightOf)));
  if (isTinted(skin, whites, lightness, face.apart * frame.FACE_SIDE >= d.SMALL_SIDE_PX)) found.push("tinted_light");
  if (sharpnessOf(image, face, zones) < d.SHARP) found.push("blurred");
  return found;
}

function onTheCheeks(cheeks) {
  const found = [];
  const all = cheeks.flat();
  if (all.length && all.filter((pixel) => Math.max(...pixel) >= d.BLOWN).length / all.length > d.BURNT_SHARE) found.push("too_bright");
  const contrast = cheeks.length === d.CHEEKS.length ? Math.abs(contrastOf(cheeks)) : 0;
  if (contrast >= d.SHADOW_CONTRAST) found.push("half_in_shadow");
  if (contrast >= d.SIDE_CONTRAST) found.push("side_light");
  return found;
}

function contrastOf(cheeks) {
  const [left, right] = cheeks.map((cheek) => median(cheek.map((pixel) => luminanceOf(lightOf(pixel)))));
  return (left - right) / Math.max(left + right, 1e-6);
}

const yellowness = ([r, , b]) => Math.log(r + e.FAINT) - Math.log(b + e.FAINT);

function hues(light) {
  const [red, green, blue] = light.map((value) => Math.log(value + d.FAINT));
  return [red - blue, green - (red + blue) / 2];
}

function isTinted(skin, whites, lightness, isNear) {
  const yellows = skin.map((light) => hues(light)[0]);
  const [low, high] = [Math.min(...yellows), Math.max(...yellows)];
  if (high < d.SKIN_YELLOW[0] || low > d.SKIN_YELLOW[1]) return true;
  if (whites && yellowness(medians(skin)) - yellowness(whites) >= d.OPEN_FROM) {
    const [yellow, green] = hues(whites);
    if (yellow < d.WHITES_YELLOW[0] || !(d.WHITES_GREEN[0] < green && green < d.WHITES_GREEN[1])) return true;
    if (isNear || lightnessOfLight(whites) > d.CLEAR_WHITES * lightness) return yellow > d.WHITES_YELLOW[1];
  }
  if (high - low > d.ALIKE) return false;
  const yellow = median(yellows) + d.PALER * (lightness - d.USUAL_LIGHTNESS);
  return !(d.USUAL_YELLOW[0] < yellow && yellow < d.USUAL_YELLOW[1]);
}

function whitesOf(straight, outlines) {
  const seen = outlines.map((outline) => whiteOf(straight, outline)).filter(Boolean);
  if (!seen.length) return null;
  return [0, 1, 2].map((band) => Math.exp(seen.reduce((sum, light) => sum + Math.log(light[band] + 1e-4), 0) / seen.length));
}

function whiteOf(straight, outline) {
  const middle = [0, 1].map((axis) => outline.reduce((sum, point) => sum + point[axis], 0) / outline.length);
  const shrunk = outline.map((point) => point.map((value, axis) => middle[axis] + (value - middle[axis]) * e.WITHIN_LIDS));
  const [xs, ys] = [0, 1].map((axis) => shrunk.map((point) => point[axis]));
  const [left, top] = [xs, ys].map((values) => Math.max(0, Math.floor(Math.min(...values))));
  const [right, bottom] = [xs, ys].map((values) => Math.ceil(Math.max(...values)) + 1);
  const inside = mask(Math.max(1, right - left), Math.max(1, bottom - top));
  fillPolygon(inside, shrunk.map(([x, y]) => [x - left, y - top]));
  const eye = [];
  for (let y = 0; y < inside.height && top + y < straight.height; y += 1) {
    for (let x = 0; x < inside.width && left + x < straight.width; x += 1) {
      if (inside.data[y * inside.width + x]) eye.push({ x, pixel: pixelAt(straight, (top + y) * straight.width + left + x) });
    }
  }
  if (eye.length < 2 * e.LEAST_PX) return null;
  for (const each of eye) {
    each.light = lightOf(each.pixel);
    each.luminance = Math.fround(luminanceOf(each.light));
  }
  const darkest = quantile(eye.map((each) => each.luminance), e.DARKEST);
  const iris = median(eye.filter((each) => each.luminance <= darkest).map((each) => each.x));
  const beside = eye.filter((each) => Math.abs(each.x - iris) > e.IRIS_PX && Math.max(...each.pixel) < e.CLIPPED);
  if (beside.length < 2 * e.LEAST_PX) return null;
  const light = quantile(beside.map((each) => each.luminance), 1 - e.LIGHTER);
  let white = beside.filter((each) => each.luminance >= light);
  const yellow = quantile(white.map((each) => yellowness(each.light)), e.BLUER);
  white = white.filter((each) => yellowness(each.light) <= yellow);
  return white.length >= e.LEAST_PX ? medians(white.map((each) => each.light)) : null;
}

function sharpnessOf(image, face, zones) {
  const oval = zones.halfOval();
  const part = boxOf(oval, d.COARSE_PX);
  const one = toPhoto(face, frame.HALVED);
  const [left, top, right, bottom] = way.covered(one, part, image);
  const plane = cutOut(grey(crop(image, [left, top, right, bottom])), part, way.moved(one, -left, -top), bicubic);
  const within = crop(oval, part);
  const shares = Array.from({ length: d.WAYS }, (_, way8) => {
    const [fine, coarse] = [d.FINE_PX, d.COARSE_PX].map((step) => contrastAlong(plane, within, step, way8));
    return fine / Math.max(coarse, d.FAINT);
  });
  return Math.min(...shares) / Math.max(...shares, d.FAINT) ** d.BEST_WAY_COUNTS;
}

// In halves, whole numbers all of them: what is summed up is exact.
function contrastAlong({ width, height, data }, within, step, way8) {
  const angle = (way8 * Math.PI) / d.WAYS;
  const aside = rint(step * Math.sin(angle)) * width + rint(step * Math.cos(angle));
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let row = step; row < height - step; row += d.EACH_PX) {
    for (let at = row * width + step, end = (row + 1) * width - step; at < end; at += d.EACH_PX) {
      if (!within.data[at]) continue;
      const value = 2 * data[at] - data[at + aside] - data[at - aside];
      count += 1;
      sum += value;
      squares += value * value;
    }
  }
  return count ? Math.sqrt((squares - (sum * sum) / count) / count) / 2 : 0;
}

function boxOf({ width, height, data }, around) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1) {
      if (!data[at]) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return [0, 0, width, height];
  return [Math.max(0, left - around), Math.max(0, top - around), Math.min(width, right + 1 + around), Math.min(height, bottom + 1 + around)];
}
