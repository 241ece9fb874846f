// What to change, one thing at a time, until a photo is like the last one that compares.
import { differences, isAccepted } from "./scene.js";
import { doubts as d, scene as s } from "./rules.json";

// So near it has to be: within what is promised, with something to spare for another look at the same face.
const LIKE = { size: 0.022, place: 0.014, tilt: 1.4, turn: 6, chin: 6 };
const FIRST = { size: 0.16, place: 0.05, tilt: 4, turn: 10, chin: Infinity };
const STRICTER = 0.75; // of what two photos may differ in
const SAME_SIDE = 0.5; // of the least light from a side that is told
const ALONE = { share: 0.5, x: 0.5, y: 0.44, roll: 0, yaw: 0, pitch: 0 };
const SAME_SHAPE = 0.06; // of a picture's height over its width

// In which order things are said, and what is said about them.
const DOUBTS = [
  ["no_face", "face"],
  ["several_faces", "alone"],
  ["covered", "uncover"],
  ["covered_below", "uncover"],
  ["covered_aside", "uncover"],
  ["face_cut_off", "inside"],
  ["face_small", "closer"],
  ["turned_away", "look"],
  ["too_dark", "light"],
  ["too_bright", "dimmer"],
  ["half_in_shadow", "window"],
  ["side_light", "window"],
  ["tinted_light", "daylight"],
];

// Where the face should be: where it was, when the pictures have one shape.
export function targetFor(like, { width, height }) {
  if (!like?.face) return ALONE;
  const same = Math.abs(like.height / like.width - height / width) <= SAME_SHAPE * (height / width);
  return same ? like.face : { ...like.face, x: ALONE.x, y: ALONE.y };
}

// { cue, ready, accepted, differs }: `ready`, when all holds.
export function guide(seen, like) {
  const target = targetFor(like, seen);
  const differs = like?.face ? differences(seen.scene, like.scene) : [];
  const cue = cueFor(seen, like, target);
  return { cue, ready: cue === null, accepted: isAccepted(seen.issues), differs, target };
}

function cueFor(seen, like, target) {
  const doubt = DOUBTS.find(([issue]) => seen.issues.includes(issue) && !(issue === "side_light" && isLitAlike(seen, like)));
  if (!seen.face) return doubt ? doubt[1] : "face";
  if (seen.turn) return "upright";
  if (doubt) return doubt[1];
  return placeFor(seen, target, like?.face ? LIKE : FIRST) ?? (like?.face ? lightFor(seen, like) : null) ?? (seen.issues.includes("blurred") ? "still" : null);
}

// From the same side, and by as much: such photos compare.
function isLitAlike({ conditions }, like) {
  const [mine, its] = [conditions.side_light, like?.conditions.side_light ?? null];
  return mine !== null && its !== null && Math.abs(mine - its) <= SAME_SIDE * d.SIDE_CONTRAST;
}

// "Left" and "right" are the person's own, as in a mirror.
function placeFor({ face, width, height }, target, near) {
  const size = face.share / target.share - 1;
  if (Math.abs(size) > near.size) return size < 0 ? "closer" : "back";
  const across = face.x - target.x;
  if (Math.abs(across) > near.place) return across > 0 ? "right" : "left";
  const down = ((face.y - target.y) * height) / width;
  if (Math.abs(down) > near.place) return down > 0 ? "higher" : "lower";
  if (Math.abs(face.roll - target.roll) > near.tilt) return face.roll > target.roll ? "tilt_right" : "tilt_left";
  if (Math.abs(face.yaw - target.yaw) > near.turn) return face.yaw > target.yaw ? "turn_right" : "turn_left";
  if (Math.abs(face.pitch - target.pitch) > near.chin) return face.pitch > target.pitch ? "chin_up" : "chin_down";
  return null;
}

function lightFor({ scene }, like) {
  const differs = differences(scene, like.scene, STRICTER);
  if (differs.includes("light")) {
    const brighter = scene.conditions.brightness - like.scene.conditions.brightness;
    if (Math.abs(brighter) > STRICTER * s.BRIGHTNESS_STEP) return brighter < 0 ? "light" : "dimmer";
    return "lamp";
  }
  return differs.includes("sharpness") ? "still" : null;
}
