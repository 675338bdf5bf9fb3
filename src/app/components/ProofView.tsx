/**
 * The proof of an answer: its evidence drawn on the frame and on the floor plan, the frames of a walk with those that
 * matter marked, and its values.
 */
import { useMemo, useState } from 'react';
import type { FrameSummary } from '../../lab/protocol';
import { formatClock } from '../format';
import {
  type FrameMark,
  type FrameShape,
  type Proof,
  proofOf,
  type ProofQuestion,
  type ProofRoom,
} from '../proof/proof';
import { type DrawnShape, throughCamera } from '../proof/projection';
import { PictureCanvas } from './PictureCanvas';
import { ProofDrawing } from './ProofDrawing';
import { ProofPlan } from './ProofPlan';
import { Scroller } from './Scroller';

interface Properties {
  readonly question: ProofQuestion;
  readonly room: ProofRoom;
  readonly frames: readonly FrameSummary[];
}

export function ProofView({ question, room, frames }: Properties) {
  const proof = useMemo(() => proofOf(question, room, frames), [question, room, frames]);
  const [chosen, setChosen] = useState(proof.marks[0]?.frame ?? 0);
  const video = frames.length > 1;
  return (
    <section className="proof" aria-label="Proof">
      <div className="proof-views">
        <ProofFrame frame={frames[chosen]} index={chosen} proof={proof} video={video} />
        <ProofPlan room={room} frames={frames} chosen={chosen} shapes={proof.inRoom} />
      </div>
      {video && <FrameStrip frames={frames} marks={proof.marks} chosen={chosen} onChoose={setChosen} />}
      {proof.figures.length > 0 && (
        <dl className="facts proof-figures">
          {proof.figures.map(({ name, value }, index) => (
            <div key={index}>
              <dt>{name}</dt>
              <dd className="number">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

interface FrameProperties {
  readonly frame: FrameSummary;
  readonly index: number;
  readonly proof: Proof;
  readonly video: boolean;
}

/** One frame with the evidence on it. In a video, only what the frame shows is drawn. */
function ProofFrame({ frame, index, proof, video }: FrameProperties) {
  const { picture, camera, time } = frame;
  const { width, height } = picture;
  const shapes = [
    ...(video
      ? []
      : throughCamera(
          camera,
          proof.inRoom.filter(({ planOnly }) => !planOnly),
        )),
    ...proof.inFrames.filter((shape) => shape.frame === index).map((shape) => inPixels(shape, width, height)),
  ];
  return (
    <figure className="proof-frame">
      <div className="proof-picture">
        <PictureCanvas picture={picture} label="The frame that the question is about" />
        <svg viewBox={`0 0 ${width} ${height}`}>
          <title>The evidence, drawn on the frame</title>
          <ProofDrawing shapes={shapes} size={width / 22} left={0} top={0} width={width} height={height} />
        </svg>
      </div>
      <figcaption>{video ? `Frame ${index + 1}, ${formatClock(time)}` : 'On the frame'}</figcaption>
    </figure>
  );
}

/** A shape in shares of the frame, in its pixels. */
function inPixels(shape: FrameShape, width: number, height: number): DrawnShape {
  const common = { tone: shape.tone, label: shape.label, arrow: false, dots: [], strokes: [] };
  switch (shape.kind) {
    case 'rectangle': {
      const [x, y, w, h] = shape.rectangle;
      const [left, top, right, bottom] = [x * width, y * height, (x + w) * width, (y + h) * height];
      const corners = [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
        [left, top],
      ] as const;
      return { ...common, strokes: [corners], anchor: [(left + right) / 2, top] };
    }
    case 'point': {
      const at = [shape.at[0] * width, shape.at[1] * height] as const;
      return { ...common, dots: [at], anchor: [at[0], at[1] - width / 24] };
    }
    case 'line': {
      const ends = [shape.from, shape.to].map(([x, y]) => [x * width, y * height] as const);
      return { ...common, strokes: [ends], anchor: null };
    }
  }
}

interface StripProperties {
  readonly frames: readonly FrameSummary[];
  readonly marks: readonly FrameMark[];
  readonly chosen: number;
  readonly onChoose: (frame: number) => void;
}

function FrameStrip({ frames, marks, chosen, onChoose }: StripProperties) {
  return (
    <Scroller className="strip" label="Frames of the walk">
      <ol>
        {frames.map(({ picture }, index) => {
          const marked = marks.filter(({ frame }) => frame === index).map(({ label }) => label);
          return (
            <li key={index} data-marked={marked.length > 0}>
              <button
                type="button"
                aria-pressed={index === chosen}
                aria-label={[`Frame ${index + 1}`, ...marked].join(', ')}
                onClick={() => onChoose(index)}
              >
                <PictureCanvas picture={picture} label="" />
                <span className="strip-label">{marked.length > 0 ? marked.join(', ') : index + 1}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </Scroller>
  );
}
