/** The evidence on the floor plan: outline, footprints, where the camera stood or walked, and the shapes from above. */
import type { FrameSummary } from '../../lab/protocol';
import { cameraPosition } from '../../scenes/camera';
import type { Camera } from '../../scenes/scene';
import { footprint, ontoPlan, onPlan, type Point } from '../proof/projection';
import type { ProofRoom, RoomShape } from '../proof/proof';
import { ProofDrawing } from './ProofDrawing';

/** Border around the floor, metres, and how far the camera's wedge reaches. */
const BORDER = 0.35;
const WEDGE = 0.7;

interface Properties {
  readonly room: ProofRoom;
  readonly frames: readonly FrameSummary[];
  /** The frame whose camera is shown. */
  readonly chosen: number;
  readonly shapes: readonly RoomShape[];
}

export function ProofPlan({ room, frames, chosen, shapes }: Properties) {
  const corners = room.polygon.map(onPlan);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs) - BORDER, Math.min(...ys) - BORDER];
  const [width, height] = [Math.max(...xs) + BORDER - left, Math.max(...ys) + BORDER - top];
  const way = frames.map(({ camera }) => onPlan(cameraPosition(camera)));
  return (
    <figure className="proof-plan">
      <svg viewBox={`${left} ${top} ${width} ${height}`}>
        <title>The evidence, drawn on the floor plan</title>
        <polygon className="plan-floor" points={points(corners)} />
        {room.objects.map(({ id, box }) => (
          <polygon key={id} className="plan-object" points={points(footprint(box))} />
        ))}
        {way.length > 1 && <polyline className="plan-way" points={points(way)} />}
        <polygon className="plan-camera" points={points(wedge(frames[chosen].camera))} />
        <ProofDrawing
          shapes={ontoPlan(shapes)}
          size={Math.max(width, height) / 22}
          left={left}
          top={top}
          width={width}
          height={height}
        />
      </svg>
      <figcaption>From above; the wedge is the camera</figcaption>
    </figure>
  );
}

const points = (all: readonly Point[]) => all.map(([x, y]) => `${x.toFixed(3)},${y.toFixed(3)}`).join(' ');

/** What the camera sees, cut short: its place, and the left and the right border of its image. */
function wedge(camera: Camera): Point[] {
  const { K, width, cameraToWorld: m } = camera;
  const [x, y] = cameraPosition(camera);
  const heading = Math.atan2(m[6], m[2]);
  const half = Math.atan(width / 2 / K[0]);
  const border = (side: number) =>
    onPlan([x + WEDGE * Math.cos(heading + side * half), y + WEDGE * Math.sin(heading + side * half)]);
  return [onPlan([x, y]), border(1), border(-1)];
}
