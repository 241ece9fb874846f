// A cue said once: on the screen for all, in the ear and in the hand for who wants it.
import { state } from "../main.js";
import { felt } from "../telegram.js";

const AGAIN_MS = 4000;

export const CUES = ({ words }) => ({
  face: words.camera_face,
  alone: words.camera_alone,
  uncover: words.camera_uncover,
  inside: words.camera_inside,
  upright: words.camera_upright,
  look: words.camera_look,
  closer: words.camera_closer,
  back: words.camera_back,
  left: words.camera_left,
  right: words.camera_right,
  higher: words.camera_higher,
  lower: words.camera_lower,
  tilt_left: words.camera_tilt_left,
  tilt_right: words.camera_tilt_right,
  turn_left: words.camera_turn_left,
  turn_right: words.camera_turn_right,
  chin_up: words.camera_chin_up,
  chin_down: words.camera_chin_down,
  light: words.camera_light,
  dimmer: words.camera_dimmer,
  window: words.camera_window,
  daylight: words.camera_daylight,
  lamp: words.camera_lamp,
  still: words.camera_still,
});

let spoken = false;

export const canSpeak = () => "speechSynthesis" in window;
export const isSpoken = () => spoken;

export function speakCues(wanted) {
  spoken = wanted;
  if (!wanted) speechSynthesis.cancel();
}

export function say(text) {
  if (!spoken || !text) return;
  const said = new SpeechSynthesisUtterance(text);
  said.lang = state.person.locale;
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}

// Shows a cue in `place`; one that stays is said again now and then, one that flickers is not.
export class Cues {
  constructor(place) {
    this.place = place;
    this.texts = CUES(state);
    this.shown = this.before = null;
    this.at = 0;
  }

  show(cue, now) {
    const steady = cue === this.before;
    this.before = cue;
    if (!steady || (cue === this.shown && now - this.at < AGAIN_MS)) return;
    const text = cue ? this.texts[cue] : state.words.camera_good;
    if (cue !== this.shown) {
      this.place.textContent = text;
      felt(cue ? "tick" : "good");
    }
    this.shown = cue;
    this.at = now;
    say(text);
  }
}
