// The one stream of a session, and whether it shows anything: a camera may be refused, absent, or give black only.
const BLACK_MS = 900;
const NOTHING_MS = 1800; // before the first picture: a slow phone takes a while to open its camera
const BLACK = 6; // of 255: a dark room is lighter, by its noise alone
const EACH = 4 * 997;
const KEPT_MS = 60_000; // after the screen is left: to ask again would ask its person again

let stream = null;
let ending = 0;

// A stream, or why there is none: "refused", "absent".
export async function opened() {
  clearTimeout(ending);
  if (stream?.getVideoTracks().some((track) => track.readyState === "live")) {
    stream.getTracks().forEach((track) => (track.enabled = true));
    return stream;
  }
  if (!navigator.mediaDevices?.getUserMedia) return "absent";
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "user", width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 20 }, resizeMode: "none" } });
  } catch (error) {
    return ["NotAllowedError", "SecurityError"].includes(error?.name) ? "refused" : "absent";
  }
  return stream;
}

export function rest() {
  stream?.getTracks().forEach((track) => (track.enabled = false));
  clearTimeout(ending);
  ending = setTimeout(end, KEPT_MS);
}

export function end() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
}

addEventListener("pagehide", end);

// Tells whether a stream has shown nothing for too long; asked with each look, and without one where no frame comes.
export class Blackness {
  constructor(now) {
    this.since = now;
    this.most = NOTHING_MS;
  }

  see(pixels, now) {
    if (!pixels) return;
    if (this.most === NOTHING_MS || !isBlack(pixels)) this.since = now;
    this.most = BLACK_MS;
  }

  lasts = (now) => now - this.since >= this.most;
}

function isBlack(buffer) {
  const data = new Uint8Array(buffer);
  for (let at = 0; at < data.length; at += EACH) if (Math.max(data[at], data[at + 1], data[at + 2]) > BLACK) return false;
  return true;
}
