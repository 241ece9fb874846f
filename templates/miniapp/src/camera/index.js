// The camera: what to change, one thing at a time, the last photo as a ghost, and a picture when all holds.
import { Refused, photoLike, sendPhoto } from "../api.js";
import { h } from "../html.js";
import { go, heading, state, trouble } from "../main.js";
import { close, felt } from "../telegram.js";
import { CUES, Cues, canSpeak, isSpoken, say, speakCues } from "./cues.js";
import * as sight from "./sight.js";
import { Stage } from "./stage.js";
import { Blackness, end, opened, rest } from "./stream.js";

const STEADY = 2; // looks in a row for which all holds
const LOOK_ONCE_MS = 250;

let like; // what the ghost is, once it was fetched: { seen, url }, or null for none

export async function show() {
  const { words, person } = state;
  const place = h("section", { class: "camera" });
  if (person.agreed) welcome(place);
  else place.append(heading(words.camera), h("div", { class: "card notice" }, h("p", {}, words.picture_not_allowed), h("button", { class: "main", onclick: () => go("told/consent:ask") }, words.permission)));
  return place;
}

function welcome(place) {
  const { words } = state;
  sight.open().catch(() => {}); // asked again, and told, when it is needed
  const begin = h("button", { class: "main", onclick: () => live(place) }, words.camera_open);
  put(place, null, heading(words.camera), h("div", { class: "card" }, h("p", {}, words.camera_about), h("p", { class: "soft" }, words.camera_stays), h("div", { class: "choices" }, begin, picker(place))), inChat());
}

function put(place, focus, ...children) {
  place.replaceChildren(...children.filter(Boolean));
  focus?.focus({ preventScroll: true });
}

const inChat = () => h("p", { class: "soft below" }, state.words.camera_in_chat, " ", h("button", { class: "link", onclick: close }, state.words.close));

function picker(place) {
  const input = h("input", { type: "file", accept: "image/*", class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  input.onchange = () => input.files[0] && chosen(place, input.files[0]);
  return h("span", {}, input, h("button", { class: "main quiet", onclick: () => input.click() }, state.words.camera_choose));
}

// Why the camera can't be used, said as it is; each leads on to a file, and to the chat.
function without(place, why) {
  const { words } = state;
  end();
  const said = { refused: words.camera_refused, absent: words.camera_absent, black: words.camera_black }[why];
  const title = heading(words.camera);
  const again = h("button", { class: "link", onclick: () => live(place) }, words.again);
  put(place, null, title, h("div", { class: "card", role: "alert" }, h("p", {}, said), h("div", { class: "choices" }, picker(place), again)), inChat());
  say(said);
}

async function ghost() {
  if (like !== undefined) return like;
  await sight.beLike(null);
  try {
    const blob = await photoLike();
    like = blob && { url: URL.createObjectURL(blob), seen: await sight.beLike(sight.pixelsOf(await sight.canvasOf(blob))) };
    if (!like?.seen.face) like = null;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) throw error;
    return null; // tried again with the next opening: without it there is still a camera
  }
  return like;
}

async function live(place) {
  const { words } = state;
  const stream = await opened();
  if (typeof stream === "string") return without(place, stream);
  const began = performance.now();
  const stage = new Stage(stream);
  const cue = h("p", { class: "cue", role: "status", "aria-live": "assertive" }, words.camera_getting_ready);
  const take = h("button", { class: "main", disabled: true }, words.camera_take);
  put(place, null, h("h1", { class: "unseen" }, words.camera), stage.element, cue, h("div", { class: "choices row-of" }, take, aloud()), h("div", { class: "choices" }, picker(place)), inChat());
  const run = { place, stage, cue, take, blackness: new Blackness(began), began };
  take.onclick = () => (run.wanted = true);
  try {
    await watched(run);
  } catch (error) {
    rest();
    put(place, null, error instanceof Refused ? trouble(error) : blind(place, stage));
  }
}

// Without eyes (an old browser, or no network for them) the picture is still sent: the server looks at it all the same.
function blind(place, stage) {
  const { words } = state;
  const title = heading(words.camera);
  stage.close();
  return h("div", {}, title, h("div", { class: "card", role: "alert" }, h("p", {}, words.camera_blind), h("div", { class: "choices" }, picker(place))), inChat());
}

function aloud() {
  if (!canSpeak()) return null;
  const button = h("button", { class: "chip", "aria-pressed": String(isSpoken()) }, state.words.camera_aloud);
  button.onclick = () => {
    speakCues(!isSpoken());
    button.setAttribute("aria-pressed", String(isSpoken()));
    say(state.words.camera_aloud_on);
  };
  return button;
}

async function watched(run) {
  const { place, stage } = run;
  const ready = { eyes: false, failed: null };
  sight.open().then(ghost).then((found) => {
    ready.eyes = true;
    stage.haunt(found);
  }, (error) => (ready.failed = error));
  run.cues = new Cues(run.cue);
  run.steady = 0;
  while (stage.element.isConnected) {
    if (ready.failed) throw ready.failed;
    const frame = stage.frame();
    const now = performance.now();
    run.blackness.see(frame?.pixels, now);
    if (run.blackness.lasts(now)) return without(place, "black");
    if (!frame || !ready.eyes) {
      await new Promise((resolve) => setTimeout(resolve, frame ? LOOK_ONCE_MS : 50));
      continue;
    }
    const seen = await sight.look(frame, run.steady === 0);
    run.looks = (run.looks ?? 0) + 1;
    if (!stage.element.isConnected) break;
    if (judged(run, seen)) {
      const shot = await shotOf(stage);
      if (run.wanted || isGood(shot.seen)) return taken(place, stage, shot);
      run.steady = 0; // written as a file it lies beyond what it was just within
    }
    await stage.next();
  }
  stage.close();
  rest();
}

// Whether this very frame is the picture.
function judged(run, seen) {
  const { stage, take, cues } = run;
  stage.mark(seen);
  stage.element.dataset.looks = run.looks;
  cues.show(seen.cue, performance.now());
  take.disabled = !seen.accepted || !seen.face;
  run.steady = seen.ready ? run.steady + 1 : 0;
  return run.steady >= STEADY || (run.wanted && seen.accepted && seen.face);
}

async function shotOf(stage) {
  const blob = await sight.written(stage.kept);
  return { blob, seen: await sight.look(sight.pixelsOf(await sight.canvasOf(blob))) };
}

const isGood = ({ accepted, face, differs, scene }) => accepted && face && !differs.length && !scene.unreadable_light;

async function taken(place, stage, { blob, seen }) {
  rest();
  stage.close();
  felt("good");
  asked(place, blob, seen, { mirrored: true });
}

async function chosen(place, file) {
  const { words } = state;
  put(place, null, heading(words.camera), h("p", { class: "cue", role: "status" }, words.camera_looking));
  let seen = null;
  let shown = file;
  try {
    await sight.open();
    await ghost();
    const canvas = await sight.canvasOf(file);
    seen = await sight.look(sight.pixelsOf(canvas));
    shown = file.type === "image/jpeg" ? file : await sight.written(canvas);
  } catch (error) {
    if (error instanceof Refused) return put(place, null, trouble(error));
    shown = null; // a kind of file that this browser can't show: the server may read it
  }
  asked(place, file, seen, { shown });
}

// Nothing leaves the phone before this is answered.
function asked(place, blob, seen, { mirrored = false, shown = blob } = {}) {
  const { words } = state;
  const picture = shown && h("img", { class: mirrored ? "still mirrored" : "still", alt: words.camera_picture, src: URL.createObjectURL(shown) });
  const found = verdict(seen);
  const line = h("p", { class: "cue", role: "status" }, found);
  const send = h("button", { class: "main" }, words.camera_send);
  send.onclick = () => sent(place, blob, send, line);
  const again = h("button", { class: "main quiet", onclick: () => (mirrored ? live(place) : welcome(place)) }, words.camera_again);
  put(place, send, heading(words.camera_sure), picture, line, h("div", { class: "choices" }, send, again), inChat());
  say(`${words.camera_taken} ${found}`);
}

// What is to be said of a picture before it is sent.
function verdict(seen) {
  const { words } = state;
  if (!seen) return words.camera_unseen;
  const differs = { light: words.camera_differs_light, distance: words.camera_differs_distance, sharpness: words.camera_differs_sharpness };
  const why = seen.differs.map((reason) => differs[reason]).find(Boolean);
  if (seen.accepted && seen.face) return why ?? (like ? words.camera_alike : words.camera_fine);
  return `${words.camera_hard} ${CUES(state)[seen.cue] ?? ""}`.trim();
}

async function sent(place, blob, send, line) {
  const { words } = state;
  send.disabled = true;
  line.textContent = words.camera_sending;
  try {
    await sendPhoto(blob);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return put(place, null, trouble(error));
    send.disabled = false;
    line.textContent = words.camera_not_sent;
    return say(words.camera_not_sent);
  }
  state.first = null;
  if (like) URL.revokeObjectURL(like.url);
  like = undefined; // from now on it may be this one
  const title = heading(words.camera_sent);
  title.tabIndex = -1;
  put(place, title, title, h("div", { class: "card" }, h("p", {}, words.camera_sent_how), h("div", { class: "choices" }, h("button", { class: "main", onclick: close }, words.close), h("button", { class: "main quiet", onclick: () => go("timeline") }, words.tab_reports))));
  felt("good");
  say(words.camera_sent);
}
