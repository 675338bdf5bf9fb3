/**
 * Drawn shapes with their labels: strokes and dots over a light rim, so that they are seen on any ground. Stands inside an
 * svg element whose units are those of the shapes.
 */
import { Fragment } from 'react';
import { placeLabels } from '../proof/labels';
import type { DrawnShape, Point } from '../proof/projection';

interface Properties {
  readonly shapes: readonly DrawnShape[];
  /** Height of the type, and what labels stay inside of, in the units of the shapes. */
  readonly size: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What decides is drawn last, over the rest. */
const ORDER = { faint: 0, plain: 1, answer: 2 } as const;

export function ProofDrawing({ shapes, size, left, top, width, height }: Properties) {
  const ordered = shapes.toSorted((a, b) => ORDER[a.tone] - ORDER[b.tone]);
  const inside = ({ anchor }: DrawnShape) =>
    anchor !== null && anchor[0] >= left && anchor[0] <= left + width && anchor[1] >= top && anchor[1] <= top + height;
  const labels = placeLabels(
    ordered
      .toReversed()
      .filter((shape) => shape.label !== '' && (inside(shape) || shape.strokes.length > 0))
      .flatMap(({ label, tone, anchor }) =>
        anchor ? [{ text: label, tone, at: [anchor[0] - left, anchor[1] - top] as const }] : [],
      ),
    size,
    width,
    height,
    ordered
      .filter(({ arrow }) => arrow)
      .flatMap(({ strokes }) => strokes.flatMap((stroke) => samples(stroke, size / 2)))
      .map(([x, y]) => [x - left, y - top] as const),
  );
  return (
    <g className="proof-shapes">
      {ordered.map(({ strokes, arrow, dots, tone }, index) => (
        <Fragment key={index}>
          {(['rim', 'stroke'] as const).map((layer) => (
            <g key={layer} className={`proof-${layer}`} data-tone={tone}>
              {strokes.map((stroke, part) => (
                <polyline key={part} points={pointsOf(stroke)} />
              ))}
              {arrow && strokes.length > 0 && <polyline points={pointsOf(arrowHead(strokes.at(-1)!, 0.7 * size))} />}
              {dots.map(([x, y], part) => (
                <circle key={part} cx={x} cy={y} r={0.28 * size} />
              ))}
            </g>
          ))}
        </Fragment>
      ))}
      {labels.map((label, index) => (
        <text
          key={index}
          className="proof-label"
          data-tone={label.tone}
          x={left + label.x + label.width / 2}
          y={top + label.y + 0.75 * label.height}
          fontSize={size}
          strokeWidth={0.28 * size}
        >
          {label.text}
        </text>
      ))}
    </g>
  );
}

const pointsOf = (points: readonly Point[]) => points.map(([x, y]) => `${x.toFixed(3)},${y.toFixed(3)}`).join(' ');

/** Points along a stroke, no farther apart than `step`. */
function samples(stroke: readonly Point[], step: number): Point[] {
  return stroke.slice(1).flatMap(([x, y], k) => {
    const [x0, y0] = stroke[k];
    const count = Math.ceil(Math.hypot(x - x0, y - y0) / step);
    return Array.from({ length: count }, (_, part): Point => {
      const share = (part + 0.5) / count;
      return [x0 + share * (x - x0), y0 + share * (y - y0)];
    });
  });
}

/** Two barbs at the end of a stroke. */
function arrowHead(stroke: readonly Point[], length: number): readonly Point[] {
  const [[x0, y0], [x, y]] = stroke.slice(-2);
  const angle = Math.atan2(y - y0, x - x0);
  const barb = (side: number): Point => [
    x - length * Math.cos(angle + side * 0.5),
    y - length * Math.sin(angle + side * 0.5),
  ];
  return [barb(1), [x, y], barb(-1)];
}
