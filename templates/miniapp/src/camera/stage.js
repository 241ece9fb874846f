// What is seen while the camera runs: the mirror, the ghost in it, and the calm oval.
import { h } from "../html.js";
import { drawn, pixelsOf } from "./sight.js";

const SVG = "http://www.w3.org/2000/svg";
const SIDE = 2.23; // of a face's square, in eye distances
const OVAL = { below: 0.5, across: 1.12, down: 1.58 }; // the same

export class Stage {
  constructor(stream) {
    this.video = h("video", { muted: true, playsinline: true, autoplay: true, "aria-hidden": "true" });
    this.video.muted = true;
    this.video.srcObject = stream;
    this.video.play().catch(() => {});
    this.ghost = h("img", { class: "ghost", alt: "", "aria-hidden": "true", hidden: true });
    this.oval = document.createElementNS(SVG, "ellipse");
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 1 1");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    svg.append(this.oval);
    this.element = h("div", { class: "stage mirrored" }, this.video, this.ghost, svg);
    this.kept = document.createElement("canvas");
    this.fresh = false;
    if (this.video.requestVideoFrameCallback) this.listen();
  }

  // The newest frame's pixels, whole in `kept`, in the ghost's shape; null while there is none.
  frame() {
    const { videoWidth: width, videoHeight: height, readyState } = this.video;
    if (readyState < 2 || !width) return null;
    const shape = this.like ? this.like.seen.width / this.like.seen.height : width / height;
    const size = [Math.round(Math.min(width, height * shape)), Math.round(Math.min(height, width / shape))];
    this.element.style.setProperty("--wide", size[0] / size[1]);
    this.fresh = false;
    drawn(this.video, ...size, this.kept, [(width - size[0]) / 2, (height - size[1]) / 2]);
    return pixelsOf(this.kept);
  }

  listen() {
    this.video.requestVideoFrameCallback(() => {
      this.fresh = true;
      this.come?.();
      this.listen();
    });
  }

  // Until there is a frame that was not looked at: at once, where one came meanwhile.
  next() {
    if (this.fresh) return null;
    return new Promise((resolve) => {
      const late = setTimeout(resolve, 250);
      this.come = () => {
        clearTimeout(late);
        resolve();
      };
      if (!this.video.requestVideoFrameCallback) requestAnimationFrame(this.come);
    });
  }

  haunt(like) {
    this.like = like;
    if (!like) return;
    this.ghost.src = like.url;
    this.ghost.hidden = false;
  }

  mark({ target, width, height, ready, cue }) {
    this.element.classList.toggle("good", ready);
    this.element.dataset.cue = cue ?? "";
    const apart = target.share / SIDE;
    const deep = width / height;
    this.set(this.oval, { cx: target.x, cy: target.y + OVAL.below * apart * deep, rx: OVAL.across * apart, ry: OVAL.down * apart * deep });
    if (!this.like) return;
    const { face, width: wide, height: high } = this.like.seen;
    const across = target.share / face.share;
    const down = across * (high / wide) * deep;
    const share = (value) => `${(value * 100).toFixed(3)}%`;
    Object.assign(this.ghost.style, { width: share(across), height: share(down), left: share(target.x - face.x * across), top: share(target.y - face.y * down) });
  }

  set(element, values) {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value.toFixed(4));
  }

  close() {
    this.video.srcObject = null;
  }
}
