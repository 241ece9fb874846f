// sRGB to light and CIE L*, as bot/analysis/local/colour.py; and a few figures of many numbers.
export const LINEAR = Float32Array.from({ length: 256 }, (_, value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));

const curve = (value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
const luminance = (r, g, b) => 0.2126729 * r + 0.7151522 * g + 0.072175 * b;
export const luminanceOf = ([r, g, b]) => luminance(r, g, b);
export const lightOf = ([r, g, b]) => [LINEAR[r], LINEAR[g], LINEAR[b]];
export const lightnessOfLight = (light) => 116 * curve(luminanceOf(light)) - 16;
export const lightnessAt = (r, g, b) => 116 * curve(luminance(LINEAR[r], LINEAR[g], LINEAR[b])) - 16;
export const lightnessOf = ([r, g, b]) => lightnessAt(r, g, b);

// Of a coloured picture, the means of CIE L*, a* and b* as LittleCMS has them (D50), in steps of a byte.
export function meanLab({ width, height, data }) {
  const byte = (value) => (value < 0 ? 0 : value > 255 ? 255 : Math.round(value));
  const [places, sums] = [width * height * 4, new Float64Array(3)];
  for (let at = 0; at < places; at += 4) {
    const red = LINEAR[data[at]];
    const green = LINEAR[data[at + 1]];
    const blue = LINEAR[data[at + 2]];
    const x = curve((0.4360747 * red + 0.3850649 * green + 0.1430804 * blue) / 0.96422);
    const y = curve(0.2225045 * red + 0.7168786 * green + 0.0606169 * blue);
    const z = curve((0.0139322 * red + 0.0971045 * green + 0.7141733 * blue) / 0.82521);
    sums[0] += byte((116 * y - 16) * 2.55);
    sums[1] += byte(500 * (x - y) + 128);
    sums[2] += byte(200 * (y - z) + 128);
  }
  return Array.from(sums, (sum) => sum / (width * height));
}

export const pixelAt = ({ bands, data }, place) => [data[place * bands], data[place * bands + 1], data[place * bands + 2]];

export const sorted = (values) => Float64Array.from(values).sort();

export function quantile(values, share) {
  const order = sorted(values);
  const at = share * (order.length - 1);
  const low = Math.floor(at);
  return order[low] + (order[Math.min(low + 1, order.length - 1)] - order[low]) * (at - low);
}

export const median = (values) => quantile(values, 0.5);
export const medians = (triples) => [0, 1, 2].map((band) => median(triples.map((each) => each[band])));

export function deviation(values) {
  let [sum, squares] = [0, 0];
  for (const value of values) sum += value;
  const mean = sum / values.length;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
