/**
 * What the policy said at the newest step: a group a question, best completion first, with rewards and advantage.
 */
import { useMemo } from 'react';
import type { CompletionRow, Picture } from '../../lab/protocol';
import { splitCompletion } from '../completion-text';
import { formatReward, formatSigned, shownSign, title } from '../format';
import { groupBy } from '../../group-by';
import { useLabState, useThrottled } from '../lab-context';
import { PANELS } from '../loop';
import { taskTitle } from '../tasks';
import { Explain } from './Explain';
import { PictureCanvas } from './PictureCanvas';
import { Scroller } from './Scroller';

/** Milliseconds between two showings of the table: it must be readable. */
const RENEW = 500;

export function CompletionsPanel() {
  const completions = useThrottled(
    useLabState((state) => state.run?.completions ?? null),
    RENEW,
  );
  const groups = useMemo(() => [...groupBy(completions?.rows ?? [], ({ group }) => group)], [completions]);
  return (
    <section className="panel" id={PANELS.completions} tabIndex={-1} aria-labelledby="completions-title">
      <div className="panel-head">
        <h2 id="completions-title">Completions</h2>
        {completions && (
          <span className="panel-note">
            step {completions.step}, {groups.length} groups of {groups[0]?.[1].length ?? 0}
          </span>
        )}
      </div>
      {completions === null ? (
        <p className="empty">
          During GRPO, the newest step stands here: each question with its picture and its truth, every completion that
          the policy sampled for it, what each earned, and which way it pushes the policy.
        </p>
      ) : (
        <div className="groups">
          {groups.map(([group, rows]) => (
            <CompletionGroup key={group} rows={rows} pictures={completions.pictures[group]} />
          ))}
        </div>
      )}
    </section>
  );
}

interface GroupProps {
  readonly rows: readonly CompletionRow[];
  readonly pictures: readonly Picture[];
}

function CompletionGroup({ rows, pictures }: GroupProps) {
  const { prompt, truth, task } = rows[0];
  const rewards = [...new Set(rows.flatMap((row) => Object.keys(row.rewards)))];
  return (
    <article className="group">
      <header className="group-head">
        {pictures.length > 0 && (
          <div className="group-frames">
            {pictures.map((picture, index) => (
              <PictureCanvas key={index} picture={picture} label="A frame that the question is about" />
            ))}
          </div>
        )}
        <div>
          <span className="muted">{taskTitle(task)}</span>
          <p className="group-prompt">{prompt}</p>
          <p>
            <span className="tag">truth</span> <strong>{truth}</strong>
          </p>
        </div>
      </header>
      <Scroller className="group-rows" label={`Completions: ${prompt}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Completion</th>
              {rewards.map((name) => (
                <th key={name} scope="col" className="numeric">
                  {title(name)}
                </th>
              ))}
              <th scope="col" className="numeric">
                Total
              </th>
              <th scope="col" className="numeric">
                Advantage <Explain term="advantage" />
              </th>
            </tr>
          </thead>
          <tbody>
            {rows
              .toSorted((a, b) => b.advantage - a.advantage)
              .map((row, index) => (
                <tr key={index}>
                  <td>
                    <CompletionText text={row.completion} />
                  </td>
                  {rewards.map((name) => (
                    <td key={name} className="numeric">
                      {formatReward(row.rewards[name])}
                    </td>
                  ))}
                  <td className="numeric">{formatReward(row.reward)}</td>
                  <td className="numeric advantage" data-sign={shownSign(row.advantage)}>
                    {formatSigned(row.advantage)}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </Scroller>
      {rows.every(({ advantage }) => shownSign(advantage) === 0) && (
        <p className="group-note muted">All earned the same: there is no better or worse to learn from.</p>
      )}
    </article>
  );
}

export function CompletionText({ text }: { readonly text: string }) {
  return (
    <span className="completion">
      {splitCompletion(text).map(({ kind, text: part }, index) => (
        <span key={index} className={`completion-${kind}`}>
          {part}
        </span>
      ))}
    </span>
  );
}
