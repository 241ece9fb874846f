// Where the parts of a face lie on its straight picture, as bot/analysis/local/zones.py.
import { mask, toPhoto } from "./faces.js";
import { drawLine, fillPolygon, way } from "./pixels.js";
import { frame, mesh, zones as z } from "./rules.json";

export class Zones {
  constructor(face) {
    const back = way.inverse(toPhoto(face));
    this.at = (number) => way.at(back, face.places[number * 3], face.places[number * 3 + 1]);
  }

  points(outline, times = 1) {
    return outline.map((number) => {
      const [x, y] = this.at(number);
      return [x / times, (y - (z.HAIRLINE[number] ?? 0) * frame.APART_PX) / times];
    });
  }

  inside(outline, times) {
    const made = mask(Math.floor(frame.WIDTH_PX / times), Math.floor(frame.HEIGHT_PX / times));
    fillPolygon(made, this.points(outline, times));
    return made;
  }

  coarse = (zone) => this.inside(z.OUTLINES[zone], frame.COARSELY);
  halfOval = () => this.inside(z.OVAL, frame.HALVED);
  coarseLips = () => this.inside(z.LIPS, frame.COARSELY);
  eyes = () => mesh.EYES.map((eye) => eye.map(this.at));

  coarseNostrils() {
    const made = mask(frame.COARSE[2], frame.COARSE[3]);
    drawLine(made, this.points(z.NOSTRILS, frame.COARSELY), z.COARSE_NOSTRILS_PX);
    return made;
  }

  samples(zone) {
    const outline = this.points(z.OUTLINES[zone]);
    const all = outline.concat(outline.map(([x, y], place) => {
      const [before, above] = outline.at(place - 1);
      return [(x + before) / 2, (y + above) / 2];
    }));
    const middle = [0, 1].map((axis) => all.reduce((sum, point) => sum + point[axis], 0) / all.length);
    return z.INWARDS.flatMap((share) => all.map((point) => point.map((value, axis) => Math.fround(middle[axis] + share * (value - middle[axis])))));
  }
}
