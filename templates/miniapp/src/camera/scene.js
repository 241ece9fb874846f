// How a photo was taken, and whether two of them compare, as bot/skin/scene.py.
import { photo, scene as s } from "./rules.json";

const any = (issues, which) => issues.some((issue) => which.includes(issue));

export function sceneOf({ issues, conditions, face }) {
  return {
    conditions,
    face_share: face && face.share,
    face_px: face && Math.round(face.px),
    turned: any(issues, s.OTHER_PARTS),
    unreadable_light: any(issues, s.UNREADABLE_LIGHT),
    blurred: issues.includes("blurred"),
    covered: any(issues, s.COVERED),
  };
}

// A face that was not found is far from every one that was.
const logarithm = (value) => (value === null ? s.NO_FACE : Math.log(Math.max(value, 1e-6)));
const apart = (one, other, of) => Math.abs(logarithm(of(one)) - logarithm(of(other)));

// `share`: of what may differ; less is stricter.
export function differences(one, other, share = 1) {
  const [first, second] = [one.conditions, other.conditions];
  const cast = Math.hypot(first.warmth - second.warmth, first.tint - second.tint);
  const light = Math.abs(first.brightness - second.brightness) <= share * s.BRIGHTNESS_STEP && cast <= share * s.CAST_STEP;
  const near = apart(one, other, (scene) => scene.face_share) <= share * s.DISTANCE_RATIO;
  const detail = apart(one, other, (scene) => scene.face_px) <= share * s.DETAIL_RATIO;
  const sharp = apart(one, other, (scene) => scene.conditions.sharpness) <= share * s.SHARPNESS_RATIO;
  const either = (what) => one[what] || other[what];
  const found = {
    light: either("unreadable_light") || !light,
    distance: !(near && detail),
    pose: either("turned"),
    sharpness: either("blurred") || !sharp,
    covered: either("covered"),
  };
  return Object.keys(found).filter((reason) => found[reason]);
}

// Whether the server reads a photo with these doubts without asking.
export const isAccepted = (issues) => issues.every((issue) => photo.HINTS.includes(issue));
