/**
 * What the policy is asked about this room, with the picture that it gets. The answer waits until the reader has tried.
 */
import { useId, useMemo, useState } from 'react';
import type { FrameSummary, RoomSummary, WalkSummary } from '../../lab/protocol';
import type { Question } from '../../tasks/family';
import { rewardNamed } from '../../kernels/rewards/registry';
import { presets } from '../../training/presets';
import { formatReward } from '../format';
import { groupBy } from '../../group-by';
import { rewardOfGuess } from '../guess';
import { useLab, useLabState } from '../lab-context';
import { rewardOf } from '../reward-curve';
import { taskDescription, taskTitle } from '../tasks';
import { Explain } from './Explain';
import { PictureCanvas } from './PictureCanvas';
import { ProofView } from './ProofView';

interface Properties {
  readonly room: RoomSummary;
  /** Null while it is being filmed. */
  readonly walk: WalkSummary | null;
}

export function QuestionList({ room, walk }: Properties) {
  const { width, height } = room.policyPicture;
  const side = useLabState((state) => Number(state.draft['policy.frame_size']));
  return (
    <div className="questions">
      <figure className="policy-frame">
        <PictureCanvas picture={room.policyPicture} label="The room as the policy sees it" />
        <figcaption>
          What the policy sees <Explain term="policyFrame" />
          <br />
          <span className="muted">
            {width} × {height} pixels
            {side > 0 && side !== width && `; by these settings, ${side} × ${side}`}
          </span>
        </figcaption>
      </figure>
      <div className="question-families">
        {room.questions.length === 0 && <p className="empty">This view allows no question; try another room.</p>}
        <Families room={room} frames={[room.frame]} questions={room.questions} />
        <h2 className="question-source">
          About a walk through the room
          {walk && walk.frames.length > 0 && <span className="muted"> {walk.frames.length} frames, one a second</span>}
        </h2>
        {walk ? (
          <>
            {walk.problem && <p className="empty">There is no walk: {walk.problem}</p>}
            <Families room={room} frames={walk.frames} questions={walk.questions} />
          </>
        ) : (
          <p className="empty">It is being filmed…</p>
        )}
      </div>
    </div>
  );
}

interface FamiliesProperties {
  readonly room: RoomSummary;
  readonly frames: readonly FrameSummary[];
  readonly questions: readonly Question[];
}

function Families({ room, frames, questions }: FamiliesProperties) {
  return [...groupBy(questions, ({ task }) => task)].map(([task, asked]) => (
    <section key={task} aria-label={taskTitle(task)} title={taskDescription(task)}>
      <h3>
        {taskTitle(task)} <span className="count">{asked.length}</span>
      </h3>
      {asked.map((question, index) => (
        <QuestionItem key={`${room.seed} ${index}`} question={question} room={room} frames={frames} />
      ))}
    </section>
  ));
}

interface ItemProperties {
  readonly question: Question;
  readonly room: RoomSummary;
  readonly frames: readonly FrameSummary[];
}

function QuestionItem({ question, room, frames }: ItemProperties) {
  const { client } = useLab();
  const [open, setOpen] = useState(false);
  const [first] = question.evidence.objects;
  return (
    <div
      className="question"
      onPointerEnter={() => client.hover(first ?? null)}
      onPointerLeave={() => client.hover(null)}
    >
      <details name="question" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span>
            {question.question}
            {question.options && (
              <span className="options">
                {question.options.map((option, index) => (
                  <span key={option}>
                    <b>{String.fromCharCode(65 + index)}</b> {option.replace(/^[A-Z][.)]\s*/, '')}
                  </span>
                ))}
              </span>
            )}
          </span>
          <span className="reveal">
            <span className="reveal-show">Show answer, reasoning and proof</span>
            <span className="reveal-hide">Hide</span>
          </span>
        </summary>
        <p className="reasoning">
          <span className="tag">think</span> {question.reasoning}
        </p>
        <p className="answer">
          <span className="tag">answer</span>{' '}
          <strong>
            {question.answer}
            {question.unit && ` ${question.unit}`}
          </strong>
        </p>
        {open && <ProofView question={question} room={room} frames={frames} />}
      </details>
      {question.answerValue !== null && <Guess question={question} truth={question.answerValue} />}
    </div>
  );
}

/** A try of the reader's, with the reward that the policy would get for it. */
function Guess({ question, truth }: { readonly question: Question; readonly truth: number }) {
  const id = useId();
  const preset = useLabState((state) => state.preset);
  const draft = useLabState((state) => state.draft);
  const [text, setText] = useState('');
  // While a setting is half typed, the preset's stand in.
  const settings = useMemo(() => rewardOf(draft) ?? presets[preset].reward, [draft, preset]);
  const reward = rewardOfGuess(text, truth, settings);
  return (
    <div className="guess">
      <label htmlFor={id}>Your guess</label>
      <input
        id={id}
        className="input"
        inputMode="decimal"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {question.unit && <span>{question.unit}</span>}
      <output htmlFor={id}>
        {reward !== null && (
          <>
            would earn <strong className="number">{formatReward(reward)}</strong>{' '}
            {settings.function === 'ednm' ? <Explain term="ednm" /> : `(${rewardNamed(settings.function).title})`}
          </>
        )}
      </output>
    </div>
  );
}
