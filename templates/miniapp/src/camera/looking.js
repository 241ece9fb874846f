// One picture, looked at as the server looks at a photo before anything is paid for it: bot/analysis/photo_look.py.
import { coveringDoubt } from "./covering.js";
import { doubtsAbout } from "./doubts.js";
import { counted, hasItsEyes } from "./faces.js";
import { lightOfPhoto } from "./light.js";
import { turned } from "./pixels.js";
import { frame } from "./rules.json";
import { Zones } from "./zones.js";

const PITCH = [10, 152]; // the mesh's places on the forehead and the chin

// `scale`: px of this picture for one of the photo that is sent. `before`: the one face of the picture before, to be followed.
export async function lookedAt(finder, image, scale, before = null) {
  const followed = before && (await finder.followed(image, before));
  const up = followed ? { turn: 0, image, faces: [followed] } : await finder.theRightWayUp(image);
  const light = lightOfPhoto(turned(image, up.turn));
  const whole = up.faces.filter((face) => hasItsEyes(face, up.image));
  const sure = counted(whole);
  if (sure.length !== 1) {
    const why = sure.length ? ["several_faces"] : whole.length ? [] : ["no_face"];
    return { turn: sure.length ? up.turn : 0, issues: [...new Set([...light.issues, ...why])], conditions: light.conditions, face: null };
  }
  const [face] = sure;
  const zones = new Zones(face);
  const { issues, sideLight } = doubtsAbout(up.image, face, zones, scale);
  const covered = coveringDoubt(up.image, face, zones);
  const settled = followed ?? (await finder.settled(up.image, face));
  return {
    turn: up.turn,
    issues: covered ? [...issues, covered] : issues,
    conditions: { ...light.conditions, side_light: sideLight },
    face: placed(settled, up.image, scale),
    followed: Boolean(followed),
    mesh: up.turn || up.faces.length > 1 ? null : settled,
  };
}

// Where it stands, in shares of the picture, and how it is held.
function placed(face, { width, height }, scale) {
  const side = face.apart * frame.FACE_SIDE;
  const at = (number) => [0, 1, 2].map((axis) => face.places[number * 3 + axis]);
  const [brow, chin] = PITCH.map(at);
  return {
    share: side / width,
    px: side / scale,
    x: face.between[0] / width,
    y: face.between[1] / height,
    roll: (face.roll * 180) / Math.PI,
    yaw: face.yaw,
    pitch: (Math.atan2(chin[2] - brow[2], Math.hypot(chin[0] - brow[0], chin[1] - brow[1])) * 180) / Math.PI,
  };
}
