// Finding faces, as bot/analysis/local/{detector,mesh,faces,gates}.py do it.
import { share } from "./networks.js";
import { bilinear, blank, cutOut, reduced, resized, rint, turned, way } from "./pixels.js";
import { detector as d, faces as f, frame, gates, mesh as m } from "./rules.json";

export const NAMES = ["face_detection_short_range", "face_detection_full_range", "face_landmark"];
const RANGES = {
  face_detection_short_range: { side: 128, cells: [[8, 2], [16, 6]] },
  face_detection_full_range: { side: 192, cells: [[4, 1]] },
};

const SIGNED = Float32Array.from({ length: 256 }, (_, value) => value / 127.5 - 1);
const PLAIN = Float32Array.from({ length: 256 }, (_, value) => value / 255);

// Coloured pixels as a network takes them, each byte by what stands for it.
function put(pixels, to, place, values) {
  for (let from = 0; from < pixels.length; from += 4, place += 3) {
    to[place] = values[pixels[from]];
    to[place + 1] = values[pixels[from + 1]];
    to[place + 2] = values[pixels[from + 2]];
  }
}

export class Finder {
  constructor(networks) {
    this.networks = networks;
    this.anchors = Object.fromEntries(Object.entries(RANGES).map(([name, { side, cells }]) => [name, anchors(side, cells)]));
  }

  // Every face and maybe-face in a picture.
  async find(image) {
    const long = Math.max(image.width, image.height);
    const small = reduced(image, Math.max(1, Math.floor(long / f.SMALL_PX)));
    let found = await this.laid(image, small, await this.guesses("face_detection_short_range", small));
    const nearest = Math.max(0, ...found.filter(isSure).map((face) => face.side));
    if (nearest * f.NEAR_SHARE < f.SEEN_NEAR * long) {
      found = found.concat(await this.laid(image, small, await this.guesses("face_detection_full_range", small)));
    }
    return eachOnce(found);
  }

  async guesses(name, image) {
    const { side } = RANGES[name];
    const factor = Math.max(image.width, image.height) / side;
    const [width, height] = [Math.max(1, rint(image.width / factor)), Math.max(1, rint(image.height / factor))];
    const [across, down] = [Math.trunc(image.width / width / 2) || 1, Math.trunc(image.height / height / 2) || 1];
    const small = resized(reduced(image, across, down), width, height);
    const [left, top] = [Math.floor((side - width) / 2), Math.floor((side - height) / 2)];
    const pixels = new Float32Array(side * side * 3);
    for (let y = 0; y < height; y += 1) put(small.data.subarray(y * width * 4, (y + 1) * width * 4), pixels, ((top + y) * side + left) * 3, SIGNED);
    const [points, logits] = (await this.networks[name](pixels)).sort((one, other) => other.length - one.length);
    const likely = [];
    for (let place = 0; place < logits.length; place += 1) {
      const score = share(logits[place]);
      if (score < d.LEAST_SCORE) continue;
      const [x, y] = this.anchors[name][place];
      const pairs = [];
      for (let pair = 0; pair < 8; pair += 1) {
        const moved = pair === d.SIZE ? [0, 0] : [(x - left) * factor, (y - top) * factor];
        pairs.push([0, 1].map((axis) => points[place * 16 + pair * 2 + axis] * factor + moved[axis]));
      }
      likely.push({ pairs, score });
    }
    return thinned(likely);
  }

  async laid(image, small, guesses) {
    const factor = Math.max(image.width, image.height) / Math.max(small.width, small.height);
    const found = [];
    for (const guess of guesses.slice(0, f.MOST_FACES)) {
      const near = guess.side >= f.MESHED_SMALL_PX;
      const middle = near ? guess.middle : guess.middle.map((value) => value * factor);
      const landmarks = await this.look(near ? small : image, { ...guess, middle, side: near ? guess.side : guess.side * factor });
      if (near) landmarks.places = landmarks.places.map((value) => value * factor);
      if (landmarks.score >= f.MAYBE_FROM) found.push(faceOf(landmarks, guess.score));
    }
    return found;
  }

  // The same face from a look around what was found, as it is measured.
  async settled(image, face) {
    return faceOf(await this.look(image, face), face.score);
  }

  // The same face in the next picture; null where it is not surely there.
  async followed(image, before) {
    const face = await this.settled(image, before);
    return isSure(face) && face.fits >= f.ANOTHER_FITS_FROM ? face : null;
  }

  async look(image, { middle, side, roll }) {
    const half = m.SIDE_PX / 2;
    const one = way.turned({ scale: (Math.max(side, 1) * m.AROUND) / m.SIDE_PX, roll, origin: [half, half], to: middle });
    const seen = cutOut(image, [0, 0, m.SIDE_PX, m.SIDE_PX], one, bilinear);
    const pixels = new Float32Array(m.SIDE_PX * m.SIDE_PX * 3);
    put(seen.data, pixels, 0, PLAIN);
    const [found, logit] = (await this.networks.face_landmark(pixels)).sort((first, other) => other.length - first.length);
    const places = new Float32Array(found.length);
    const scale = way.scale(one);
    for (let at = 0; at < found.length; at += 3) {
      [places[at], places[at + 1]] = way.at(one, found[at], found[at + 1]);
      places[at + 2] = found[at + 2] * scale;
    }
    return { places, score: share(logit[0]) };
  }

  // The way in which a face is surest; as it came, unless another is clearly better.
  async theRightWayUp(image) {
    let best = { turn: 0, image, faces: await this.find(image) };
    const surest = surestOf(best.faces);
    if (surest >= gates.SURELY_UPRIGHT) return best;
    let needed = Math.max(gates.TURN_FROM, surest + gates.CLEARLY);
    for (const turn of [90, 270, 180]) {
      const other = turned(image, turn);
      const faces = await this.find(other);
      if (surestOf(faces) < needed) continue;
      best = { turn, image: other, faces };
      needed = surestOf(faces);
    }
    return best;
  }
}

function anchors(side, cells) {
  const made = [];
  for (const [cell, guesses] of cells) {
    for (let y = cell / 2; y < side; y += cell) {
      for (let x = cell / 2; x < side; x += cell) for (let each = 0; each < guesses; each += 1) made.push([x, y]);
    }
  }
  return made;
}

function thinned(likely) {
  let left = likely.map((guess, place) => ({ ...guess, place })).sort((one, other) => other.score - one.score || one.place - other.place);
  const found = [];
  while (left.length) {
    const first = left[0];
    const group = left.filter((guess) => guess === first || overlap(guess, first) > d.SAME);
    left = left.filter((guess) => !group.includes(guess));
    const sum = group.reduce((all, { score }) => all + score, 0);
    const pairs = first.pairs.map((_, pair) => [0, 1].map((axis) => group.reduce((all, guess) => all + guess.pairs[pair][axis] * guess.score, 0) / sum));
    const [[leftX, leftY], [rightX, rightY]] = [pairs[d.LEFT_EYE], pairs[d.RIGHT_EYE]];
    found.push({ middle: pairs[d.MIDDLE], side: Math.max(...pairs[d.SIZE]), roll: Math.atan2(rightY - leftY, rightX - leftX), score: first.score });
  }
  return found;
}

function overlap(one, other) {
  let [shared, mine, its] = [1, 1, 1];
  for (const axis of [0, 1]) {
    const [a, b] = [one, other].map(({ pairs }) => Math.max(pairs[d.SIZE][axis], 1e-6));
    const [p, q] = [one.pairs[d.MIDDLE][axis], other.pairs[d.MIDDLE][axis]];
    shared *= Math.max(0, Math.min(p + a / 2, q + b / 2) - Math.max(p - a / 2, q - b / 2));
    mine *= a;
    its *= b;
  }
  return shared / (mine + its - shared);
}

function faceOf({ places, score }, detected) {
  const at = (number) => [places[number * 3], places[number * 3 + 1]];
  const [left, right] = m.EYES.map((eye) => [0, 1].map((axis) => eye.reduce((sum, number) => sum + at(number)[axis], 0) / eye.length));
  const roll = Math.atan2(right[1] - left[1], right[0] - left[0]);
  const back = way.turned({ scale: 1, roll: -roll, origin: [0, 0], to: [0, 0] });
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let number = 0; number * 3 < places.length; number += 1) {
    way.at(back, ...at(number)).forEach((value, axis) => {
      low[axis] = Math.min(low[axis], value);
      high[axis] = Math.max(high[axis], value);
    });
  }
  const across = [0, 1, 2].map((axis) => places[m.RIGHT_EDGE * 3 + axis] - places[m.LEFT_EDGE * 3 + axis]);
  return {
    places,
    fits: score,
    score: detected,
    eyes: [left, right],
    between: [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2],
    apart: Math.hypot(right[0] - left[0], right[1] - left[1]),
    roll,
    yaw: (Math.atan2(across[2], Math.hypot(across[0], across[1])) * 180) / Math.PI,
    side: Math.max(high[0] - low[0], high[1] - low[1]),
    middle: way.at(way.inverse(back), (low[0] + high[0]) / 2, (low[1] + high[1]) / 2),
  };
}

export const isSure = (face) => face.fits >= f.FITS_FROM && face.score >= f.SURE_FROM;
const isPerson = (face) => face.fits >= f.ANOTHER_FITS_FROM || face.score >= f.ANOTHER_SURE_FROM;

function eachOnce(faces) {
  const kept = [];
  for (const face of [...faces].sort((one, other) => isSure(other) - isSure(one) || other.score - one.score)) {
    const same = (other) => Math.max(...face.middle.map((value, axis) => Math.abs(value - other.middle[axis]))) < f.SAME * Math.max(face.side, other.side);
    if (!kept.some(same)) kept.push(face);
  }
  return kept;
}

export function counted(faces) {
  const likely = faces.filter(isSure).sort((one, other) => other.score - one.score);
  const sure = likely.filter((face, place) => !place || isPerson(face));
  const nearest = Math.max(0, ...sure.map((face) => face.side));
  return sure.filter((face) => face.side >= f.NEAR_SHARE * nearest);
}

const surestOf = (faces) => Math.max(0, ...faces.filter((face) => isSure(face) && Math.abs(face.roll) < gates.MOST_ROLL).map((face) => face.score));

export const hasItsEyes = (face, { width, height }) => face.eyes.every(([x, y]) => x >= 0 && x < width && y >= 0 && y < height);

// The face laid straight, as bot/analysis/local/frame.py does it: the eyes 150 px apart, divided by `times`.
export const toPhoto = (face, times = 1) =>
  way.turned({ scale: (face.apart / frame.APART_PX) * times, roll: face.roll, origin: frame.MIDDLE.map((value) => value / times), to: face.between });

export const mask = (width, height) => blank(width, height, 1);
