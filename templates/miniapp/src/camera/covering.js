// Whether a mask, a hand or a box lies over a face, as bot/analysis/local/covering.py.
import { lightnessAt, median, deviation, sorted } from "./colour.js";
import { toPhoto } from "./faces.js";
import { bilinear, cutOut } from "./pixels.js";
import { covering as c, frame, masks } from "./rules.json";

const within = (value, [low, high]) => value > low && value < high;

function count(of) {
  let sum = 0;
  for (let at = 0; at < of.length; at += 1) sum += of[at];
  return sum;
}

const LOGS = Float32Array.from({ length: 256 }, (_, value) => Math.log(value + 4));

export function coveringDoubt(image, face, zones) {
  const coarse = coarseOf(cutOut(image, frame.COARSE, toPhoto(face, frame.COARSELY), bilinear), zones);
  const bare = bareOf(coarse);
  const front = Math.abs(face.yaw) < c.MOST_YAW;
  const missed = front && coarse.isColoured ? missedIn(coarse, zones) : [];
  const shares = c.PARTS.map((part) => {
    const place = coarse.places[part].data;
    const hidden = place.reduce((sum, inside, at) => sum + (inside && !bare[at] ? 1 : 0), 0);
    return Math.max(hidden / Math.max(1, count(place)), ...missed.map((covered) => covered[part] ?? 0));
  });
  if (shares.reduce((sum, value) => sum + value, 0) < c.ABOUT_HALF * c.PARTS.length) return null;
  const [forehead, , left, right] = shares.map((value) => value >= c.COVERED);
  if (left && right && !forehead) return "covered_below";
  return left !== right && !(Math.max(shares[0], shares[1]) >= c.WHOLLY) ? "covered_aside" : "covered";
}

function coarseOf(pixels, zones) {
  const { width, height, data } = pixels;
  const size = width * height;
  const [red, yellow, lightness] = [0, 0, 0].map(() => new Float32Array(size));
  const [brightest, darkest, face, seen] = [0, 0, 0, 0].map(() => new Uint8Array(size));
  const places = Object.fromEntries(c.PARTS.map((part) => [part, zones.coarse(part)]));
  for (const part of c.PARTS) places[part].data.forEach((value, at) => (face[at] |= value));
  const isLit = (at) => brightest[at] > c.BLACK && brightest[at] < c.BURNT;
  for (let at = 0, from = 0; at < size; at += 1, from += pixels.bands) {
    const r = data[from];
    const g = data[from + 1];
    const b = data[from + 2];
    red[at] = LOGS[r] - LOGS[g];
    yellow[at] = LOGS[g] - LOGS[b];
    brightest[at] = Math.max(r, g, b);
    darkest[at] = Math.min(r, g, b);
    lightness[at] = lightnessAt(r, g, b);
    seen[at] = face[at] && isLit(at) && within(red[at], c.REDS) && within(yellow[at], c.YELLOWS) ? 1 : 0;
  }
  return { size, width, height, red, yellow, lightness, brightest, darkest, places, face, isLit, seen, isColoured: count(seen) >= Math.max(1, c.ANY_SKIN * count(face)) };
}

function those(plane, where) {
  const found = new Float32Array(plane.length);
  let count = 0;
  for (let at = 0; at < plane.length; at += 1) if (where[at]) found[count++] = plane[at];
  return found.subarray(0, count);
}

function bareOf(coarse) {
  if (!coarse.isColoured) return new Uint8Array(coarse.size).fill(1);
  const { red, yellow, lightness, brightest, darkest, face } = coarse;
  const [usualRed, usualYellow, light] = [red, yellow, lightness].map((plane) => median(those(plane, coarse.seen)));
  const yellows = [usualYellow - c.YELLOW_REACH, usualYellow + c.YELLOW_REACH];
  const reds = [usualRed - c.LESS_RED, usualRed + c.MORE_RED];
  const possible = (at) => coarse.isLit(at) && within(yellow[at], yellows) && lightness[at] > c.DARKEST * light;
  const alike = new Uint8Array(coarse.size).map((_, at) => (possible(at) && within(red[at], reds) ? 1 : 0));
  const around = amid(alike, coarse.width, coarse.height, c.AROUND_PX);
  const isWhite = (at) => darkest[at] >= c.BURNT;
  const isBurnt = (at) => brightest[at] >= c.BURNT && !isWhite(at);
  let [burnt, white] = [0, 0];
  for (let at = 0; at < coarse.size; at += 1) {
    burnt += isBurnt(at) && face[at] ? 1 : 0;
    white += isWhite(at) && face[at] ? 1 : 0;
  }
  const isLight = burnt >= c.BURNT_AROUND * white;
  return alike.map((value, at) => (value || (possible(at) && red[at] >= usualRed + c.MORE_RED && around[at]) || isBurnt(at) || (isWhite(at) && isLight) ? 1 : 0));
}

// Where most of what is around is in the mask: two passes of a box, the edge repeated outwards.
function amid(of, width, height, radius) {
  let plane = Float32Array.from(of);
  for (let pass = 0; pass < 2; pass += 1) plane = boxed(boxed(plane, width, height, radius, 1, width), height, width, radius, width, 1);
  return plane.map((value) => (value > 0.5 ? 1 : 0));
}

function boxed(plane, along, lines, radius, step, nextLine) {
  const made = new Float32Array(plane.length);
  for (let line = 0; line < lines; line += 1) {
    const at = (place) => plane[line * nextLine + Math.min(Math.max(place, 0), along - 1) * step];
    let sum = 0;
    for (let place = -radius; place <= radius; place += 1) sum += at(place);
    for (let place = 0; place < along; place += 1) {
      made[line * nextLine + place * step] = sum / (2 * radius + 1);
      sum += at(place + radius + 1) - at(place - radius);
    }
  }
  return made;
}

function missedIn(coarse, zones) {
  const { lightness, face, places } = coarse;
  const usual = face.some(Boolean) ? median(those(lightness, face)) + 1 : 1;
  const [left, right] = masks.COARSE_EYES.map((eye) => deviation(eye.map((at) => lightness[at])) / usual);
  const found = [];
  if (Math.max(left, right) > c.SURE_EYE && !hasMouth(coarse, zones.coarseLips().data, usual)) {
    const shade = those(lightness, zones.coarseNostrils().data);
    const nose = those(lightness, places.nose.data);
    if (shade.length && nose.length && partWay(shade, 0.1) > c.MOST_NOSTRILS * median(nose)) found.push(c.BELOW);
  }
  if (left < c.LEAST_EYE && right > c.SURE_EYE) found.push(c.ASIDE[0]);
  if (right < c.LEAST_EYE && left > c.SURE_EYE) found.push(c.ASIDE[1]);
  return found;
}

function hasMouth({ lightness, red, places }, lips, usual) {
  const shades = those(lightness, lips);
  if (!shades.length) return true;
  const cheeks = places.left_cheek.data.map((value, at) => value | places.right_cheek.data[at]);
  const around = those(red, cheeks);
  const redder = partWay(those(red, lips), 0.75) - (around.length ? median(around) : 0);
  return partWay(shades, 0.9) - partWay(shades, 0.1) >= c.LEAST_MOUTH * usual || redder >= c.LEAST_LIPS;
}

const partWay = (values, share) => sorted(values)[Math.trunc(share * (values.length - 1))];
