// Pictures as Pillow reduces, resizes, turns and fills them: to the same bytes, or the server's eyes would see others.
// A picture: { width, height, bands, data }; 4 bands are red, green, blue and one that is not looked at, 1 is grey.
// What runs for each pixel is written out, on whole pixels and without lists: it runs several times a second, on phones.
const FIXED = 22; // bits after the point in Pillow's filters

export const blank = (width, height, bands) => ({ width, height, bands, data: new Uint8Array(width * height * bands) });

// A coloured picture's pixels as numbers; red is the lowest byte, as on every machine that a browser runs on.
const whole = ({ data }) => new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);

// Halves to the even neighbour, as Python and numpy do.
export function rint(value) {
  const low = Math.floor(value);
  const part = value - low;
  return part < 0.5 ? low : part > 0.5 ? low + 1 : low + (low & 1);
}

export function crop(image, [left, top, right, bottom]) {
  if (!left && !top && right === image.width && bottom === image.height) return image;
  const { bands } = image;
  const part = blank(right - left, bottom - top, bands);
  for (let y = top; y < bottom; y += 1) {
    const from = (y * image.width + left) * bands;
    part.data.set(image.data.subarray(from, from + part.width * bands), (y - top) * part.width * bands);
  }
  return part;
}

// Each `across` × `down` pixels of a part become their mean; at the edges fewer.
export function reduced(image, across, down = across, part = [0, 0, image.width, image.height]) {
  if (across === 1 && down === 1) return crop(image, part);
  const [left, top, right, bottom] = part;
  const small = blank(Math.ceil((right - left) / across), Math.ceil((bottom - top) / down), image.bands);
  (image.bands === 1 ? putGreys : putColours)(image, across, down, part, small);
  return small;
}

// Of 2²⁴, the share of one pixel of so many.
const shareOf = (pixels) => (16777216 / pixels) | 0;

function putColours(image, across, down, [left, top, right, bottom], small) {
  const { width } = image;
  const from = whole(image);
  const to = whole(small);
  const usual = across * down;
  const usualShare = shareOf(usual);
  for (let y0 = top, place = 0; y0 < bottom; y0 += down) {
    const y1 = Math.min(bottom, y0 + down);
    for (let x0 = left; x0 < right; x0 += across, place += 1) {
      const x1 = Math.min(right, x0 + across);
      const pixels = (x1 - x0) * (y1 - y0);
      let red = pixels >> 1;
      let green = red;
      let blue = red;
      for (let line = y0 * width; line < y1 * width; line += width) {
        for (let at = line + x0; at < line + x1; at += 1) {
          const pixel = from[at];
          red += pixel & 255;
          green += (pixel >>> 8) & 255;
          blue += (pixel >>> 16) & 255;
        }
      }
      const share = pixels === usual ? usualShare : shareOf(pixels);
      to[place] = (Math.imul(red, share) >>> 24) | ((Math.imul(green, share) >>> 24) << 8) | ((Math.imul(blue, share) >>> 24) << 16);
    }
  }
}

function putGreys({ width, data }, across, down, [left, top, right, bottom], small) {
  for (let y0 = top, place = 0; y0 < bottom; y0 += down) {
    const y1 = Math.min(bottom, y0 + down);
    for (let x0 = left; x0 < right; x0 += across, place += 1) {
      const x1 = Math.min(right, x0 + across);
      const pixels = (x1 - x0) * (y1 - y0);
      let sum = pixels >> 1;
      for (let line = y0 * width; line < y1 * width; line += width) for (let at = line + x0; at < line + x1; at += 1) sum += data[at];
      small.data[place] = Math.imul(sum, shareOf(pixels)) >>> 24;
    }
  }
}

function weights(from, to) {
  const scale = from / to;
  const wide = Math.max(1, scale);
  const made = [];
  for (let place = 0; place < to; place += 1) {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - wide + 0.5));
    const count = Math.min(from, Math.trunc(centre + wide + 0.5)) - first;
    const each = new Float64Array(count);
    let sum = 0;
    for (let step = 0; step < count; step += 1) {
      each[step] = Math.max(0, 1 - Math.abs((step + first - centre + 0.5) / wide));
      sum += each[step];
    }
    made.push({ first, each: Int32Array.from(each, (value) => Math.trunc(0.5 + (value / sum) * (1 << FIXED))) });
  }
  return made;
}

const clipped = (value) => (value < 0 ? 0 : value > 255 ? 255 : value);

// Bilinear, as PIL.Image.resize does it: wide enough to skip nothing. Coloured pictures only.
export function resized(image, width, height) {
  const wide = width === image.width ? image : weighed(image, width, image.height, weights(image.width, width), true);
  return height === image.height ? wide : weighed(wide, width, height, weights(image.height, height), false);
}

function weighed(image, width, height, filters, across) {
  const { data } = image;
  const made = blank(width, height, image.bands);
  const pixels = whole(made);
  const step = across ? 4 : image.width * 4;
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 1) {
      const { first, each } = filters[across ? x : y];
      let at = across ? (y * image.width + first) * 4 : (first * image.width + x) * 4;
      let red = 1 << (FIXED - 1);
      let green = red;
      let blue = red;
      for (let place = 0; place < each.length; place += 1, at += step) {
        const times = each[place];
        red += Math.imul(data[at], times);
        green += Math.imul(data[at + 1], times);
        blue += Math.imul(data[at + 2], times);
      }
      pixels[to] = clipped(red >> FIXED) | (clipped(green >> FIXED) << 8) | (clipped(blue >> FIXED) << 16);
    }
  }
  return made;
}

export function grey(image) {
  const made = blank(image.width, image.height, 1);
  const { data } = made;
  const pixels = whole(image);
  for (let at = 0; at < data.length; at += 1) {
    const pixel = pixels[at];
    data[at] = ((pixel & 255) * 19595 + ((pixel >>> 8) & 255) * 38470 + ((pixel >>> 16) & 255) * 7471 + 0x8000) >> 16;
  }
  return made;
}

// A quarter, half or three quarters of a turn, counter-clockwise.
export function turned(image, degrees) {
  if (!degrees) return image;
  const { width, height, bands } = image;
  const across = degrees !== 180;
  const made = blank(across ? height : width, across ? width : height, bands);
  const from = whole(image);
  const pixels = whole(made);
  // Where the first pixel comes from, and how far away the next ones lie to its right and below.
  const first = degrees === 90 ? width - 1 : degrees === 270 ? (height - 1) * width : width * height - 1;
  const right = degrees === 90 ? width : degrees === 270 ? -width : -1;
  const below = degrees === 90 ? -1 : degrees === 270 ? 1 : -width;
  for (let y = 0, to = 0; y < made.height; y += 1) {
    for (let x = 0, at = first + y * below; x < made.width; x += 1, at += right, to += 1) pixels[to] = from[at];
  }
  return made;
}

// Ways between pictures, as bot/analysis/local/affine.py has them: (ax + by + c, dx + ey + f).
export const way = {
  turned({ scale, roll, origin: [x, y], to }) {
    const along = scale * Math.cos(roll);
    const down = scale * Math.sin(roll);
    return [along, -down, to[0] - along * x + down * y, down, along, to[1] - down * x - along * y];
  },
  at: ([a, b, c, d, e, f], x, y) => [a * x + b * y + c, d * x + e * y + f],
  scale: ([a, , , d]) => Math.hypot(a, d),
  moved: ([a, b, c, d, e, f], x, y) => [a, b, c + x, d, e, f + y],
  beginningAt(one, x, y) {
    const [c, f] = way.at(one, x, y);
    return [one[0], one[1], c, one[3], one[4], f];
  },
  inverse([a, b, c, d, e, f]) {
    const by = a * e - b * d;
    const [p, q, r, s] = [e / by, -b / by, -d / by, a / by];
    return [p, q, -(p * c + q * f), r, s, -(r * c + s * f)];
  },
  covered(one, [left, top, right, bottom], { width, height }) {
    const corners = [[left, top], [left, bottom], [right, top], [right, bottom]].map(([x, y]) => way.at(one, x, y));
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    const x = Math.min(Math.max(0, Math.floor(Math.min(...xs))), width - 1);
    const y = Math.min(Math.max(0, Math.floor(Math.min(...ys))), height - 1);
    return [x, y, Math.max(x + 1, Math.min(width, Math.ceil(Math.max(...xs)))), Math.max(y + 1, Math.min(height, Math.ceil(Math.max(...ys))))];
  },
};

// `part` of what `one` leads into the picture from; black beyond its edge.
export function cutOut(image, part, one, filter) {
  const factor = Math.max(1, Math.trunc(way.scale(one)));
  const [left, top, right, bottom] = way.covered(one, part, image);
  const small = reduced(image, factor, factor, [left, top, right, bottom]);
  const within = way.moved(way.beginningAt(one, part[0], part[1]), -left, -top).map((value) => value / factor);
  return filter(small, part[2] - part[0], part[3] - part[1], within);
}

// Of coloured pictures only.
export function bilinear(image, width, height, [a, b, c, d, e, f]) {
  const { width: wide, height: high } = image;
  const made = blank(width, height, image.bands);
  const from = whole(image);
  const pixels = whole(made);
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 1) {
      const inX = a * (x + 0.5) + b * (y + 0.5) + c;
      const inY = d * (x + 0.5) + e * (y + 0.5) + f;
      if (!(inX >= 0 && inX < wide && inY >= 0 && inY < high)) continue;
      const column = Math.floor(inX - 0.5);
      const row = Math.floor(inY - 0.5);
      const dx = inX - 0.5 - column;
      const dy = inY - 0.5 - row;
      const left = Math.max(column, 0);
      const right = Math.min(column + 1, wide - 1);
      const upper = Math.max(row, 0) * wide;
      const lower = Math.min(row + 1, high - 1) * wide;
      const p = from[upper + left];
      const q = from[upper + right];
      const r = from[lower + left];
      const s = from[lower + right];
      pixels[to] = between(p, q, r, s, 0, dx, dy) | (between(p, q, r, s, 8, dx, dy) << 8) | (between(p, q, r, s, 16, dx, dy) << 16);
    }
  }
  return made;
}

function between(p, q, r, s, shift, dx, dy) {
  const one = ((p >>> shift) & 255) * (1 - dx) + ((q >>> shift) & 255) * dx;
  const other = ((r >>> shift) & 255) * (1 - dx) + ((s >>> shift) & 255) * dx;
  return one * (1 - dy) + other * dy;
}

const cubic = (v1, v2, v3, v4, d) => v2 + d * (-v1 + v3 + d * (2 * (v1 - v2) + v3 - v4 + d * (-v1 + v2 - v3 + v4)));
const limited = (value, most) => (value < 0 ? 0 : value > most ? most : value);

export function bicubic(image, width, height, [a, b, c, d, e, f]) {
  const { bands, data, width: wide, height: high } = image;
  const made = blank(width, height, bands);
  const colours = Math.min(bands, 3);
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += bands) {
      const inX = a * (x + 0.5) + b * (y + 0.5) + c;
      const inY = d * (x + 0.5) + e * (y + 0.5) + f;
      if (!(inX >= 0 && inX < wide && inY >= 0 && inY < high)) continue;
      const column = Math.floor(inX - 0.5);
      const row = Math.floor(inY - 0.5);
      const dx = inX - 0.5 - column;
      const dy = inY - 0.5 - row;
      const c0 = limited(column - 1, wide - 1) * bands;
      const c1 = limited(column, wide - 1) * bands;
      const c2 = limited(column + 1, wide - 1) * bands;
      const c3 = limited(column + 2, wide - 1) * bands;
      const r0 = limited(row - 1, high - 1) * wide * bands;
      const r1 = limited(row, high - 1) * wide * bands;
      const r2 = limited(row + 1, high - 1) * wide * bands;
      const r3 = limited(row + 2, high - 1) * wide * bands;
      for (let band = 0; band < colours; band += 1) {
        const v0 = cubic(data[r0 + c0 + band], data[r0 + c1 + band], data[r0 + c2 + band], data[r0 + c3 + band], dx);
        const v1 = cubic(data[r1 + c0 + band], data[r1 + c1 + band], data[r1 + c2 + band], data[r1 + c3 + band], dx);
        const v2 = cubic(data[r2 + c0 + band], data[r2 + c1 + band], data[r2 + c2 + band], data[r2 + c3 + band], dx);
        const v3 = cubic(data[r3 + c0 + band], data[r3 + c1 + band], data[r3 + c2 + band], data[r3 + c3 + band], dx);
        made.data[to + band] = clipped(cubic(v0, v1, v2, v3, dy));
      }
    }
  }
  return made;
}

const roundUp = (value) => (value >= 0 ? Math.floor(value + 0.5) : -Math.floor(Math.abs(value) + 0.5));
const roundDown = (value) => (value >= 0 ? Math.ceil(value - 0.5) : -Math.ceil(Math.abs(value) - 0.5));

// As ImageDraw.polygon fills one: corners cut to whole pixels, edges belong to it. Into a mask of 0 and 1.
export function fillPolygon({ width, height, data }, corners) {
  const points = corners.map(([x, y]) => [Math.trunc(x), Math.trunc(y)]);
  const line = (x0, y, x1) => {
    if (y < 0 || y >= height || x0 >= width || x1 < 0) return;
    const [first, last] = [Math.max(0, x0), Math.min(width - 1, x1)];
    if (first <= last) data.fill(1, y * width + first, y * width + last + 1);
  };
  const edges = [];
  points.forEach(([x0, y0], place) => {
    const [x1, y1] = points[(place + 1) % points.length];
    if (y0 === y1) return line(Math.min(x0, x1), y0, Math.max(x0, x1));
    edges.push({ x: x0, y: y0, low: Math.min(y0, y1), high: Math.max(y0, y1), slope: (x1 - x0) / (y1 - y0) });
  });
  const last = Math.min(height - 1, Math.max(...points.map(([, y]) => y)));
  for (let y = Math.max(0, Math.min(...points.map(([, row]) => row))); y <= last; y += 1) {
    const crossed = [];
    for (const edge of edges) {
      if (y < edge.low || y > edge.high) continue;
      const x = Math.fround((y - edge.y) * edge.slope + edge.x);
      crossed.push(x);
      if (y === edge.high && y < last) crossed.push(x);
    }
    crossed.sort((one, other) => one - other);
    let from = 0;
    for (let at = 1; at < crossed.length; at += 2) {
      const end = roundDown(crossed[at]);
      if (end < from) continue;
      line(Math.max(roundUp(crossed[at - 1]), from), y, end);
      from = end + 1;
    }
  }
}

// As ImageDraw.line with a width does it, without joints.
export function drawLine(mask, corners, wide) {
  const points = corners.map(([x, y]) => [Math.trunc(x), Math.trunc(y)]);
  points.slice(1).forEach(([x1, y1], place) => {
    const [x0, y0] = points[place];
    const [dx, dy] = [x1 - x0, y1 - y0];
    if (!dx && !dy) return;
    const long = Math.hypot(dx, dy);
    const half = (wide - 1) / 2;
    const [most, least] = [roundUp(half) / long, roundDown(half) / long];
    const [dxMin, dxMax] = [roundDown(least * dy), roundDown(most * dy)];
    const [dyMin, dyMax] = [roundUp(least * dx), roundUp(most * dx)];
    fillPolygon(mask, [[x0 - dxMin, y0 + dyMax], [x1 - dxMin, y1 + dyMax], [x1 + dxMax, y1 - dyMin], [x0 + dxMax, y0 - dyMin]]);
  });
}
