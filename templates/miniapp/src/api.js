// The session, the calls, and pictures: kept in memory only, as the server does.
import { launch } from "./telegram.js";

const PICTURES = 40;
let session = "";
const pictures = new Map();

export class Refused extends Error {
  constructor(status, told) {
    super(String(status));
    this.status = status;
    this.told = told;
  }
}

export async function open() {
  const told = await call("open", { launch: launch() });
  session = told.session;
  return told;
}

export const get = (path) => call(path);
export const writeNote = (number, text) => call(`reports/${number}/note`, { text });
export const tap = (data) => call("tap", { data });

async function call(path, body) {
  const answer = await sent(path, body);
  return answer.json();
}

async function sent(path, body) {
  const answer = await fetch(`api/${path}`, {
    method: body ? "POST" : "GET",
    headers: { ...(session && { Authorization: `Bearer ${session}` }), ...(body && { "Content-Type": body instanceof Blob ? "image/jpeg" : "application/json" }) },
    body: body instanceof Blob ? body : body && JSON.stringify(body),
    credentials: "omit",
  });
  if (answer.ok) return answer;
  const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json().catch(() => null) : null;
  throw new Refused(answer.status, told);
}

// The photo that the next one should be like; null where there is none.
export async function photoLike() {
  try {
    return await (await sent("ghost")).blob();
  } catch (error) {
    if (error instanceof Refused && [404, 429, 502].includes(error.status)) return null;
    throw error;
  }
}

export const sendPhoto = (blob) => sent("photo", blob);

// An address for an <img>; the same picture is asked for once.
export function picture(path) {
  if (!pictures.has(path)) {
    pictures.set(path, sent(path).then((answer) => answer.blob()).then((blob) => URL.createObjectURL(blob)));
    pictures.get(path).catch(() => pictures.delete(path));
    if (pictures.size > PICTURES) drop(pictures.keys().next().value);
  }
  return pictures.get(path);
}

function drop(path) {
  const address = pictures.get(path);
  pictures.delete(path);
  address?.then((url) => URL.revokeObjectURL(url), () => {});
}

export function forget({ all = false } = {}) {
  for (const path of [...pictures.keys()]) drop(path);
  if (all) session = "";
}
