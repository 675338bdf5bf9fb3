/**
 * The heat map of task by difficulty: how well the policy does where, what the curriculum asks next, and what counts in
 * the loss.
 */
import { useState } from 'react';
import { type CellFigure, type HeatMap, heatMap } from '../curriculum-table';
import { useLabState, useThrottled } from '../lab-context';
import { taskTitle } from '../tasks';
import { Scroller } from './Scroller';

/** Milliseconds between two showings of the table: it must be readable. */
const RENEW = 500;

interface View {
  readonly figure: CellFigure;
  readonly label: string;
  readonly explanation: string;
}

const VIEWS: readonly View[] = [
  {
    figure: 'accuracy',
    label: 'Accuracy',
    explanation: 'What the policy lately earned of the full accuracy reward, by task and level of difficulty.',
  },
  {
    figure: 'share',
    label: 'Sampling share',
    explanation:
      'Share of the next step’s questions: each task begins at its easy levels, and the next one opens as the accuracy allows.',
  },
  {
    figure: 'weight',
    label: 'Weight',
    explanation: 'What a group of this accuracy counts in the loss: most where half of it is right.',
  },
];

export function CurriculumPanel() {
  const table = useThrottled(
    useLabState((state) => state.run?.curriculum ?? null),
    RENEW,
  );
  const optimization = useLabState((state) => state.run?.config.dynamic_optimization);
  const [figure, setFigure] = useState<CellFigure>('accuracy');
  const view = VIEWS.find((candidate) => candidate.figure === figure)!;
  const map = table && heatMap(table.cells, figure);
  return (
    <section className="panel" aria-labelledby="curriculum-title">
      <div className="panel-head">
        <h2 id="curriculum-title">Curriculum</h2>
        {table && <span className="panel-note">after step {table.step}</span>}
        <span className="spacer" />
        {table && (
          <fieldset className="segmented" aria-label="Figure">
            {VIEWS.map((candidate) => (
              <button
                key={candidate.figure}
                type="button"
                className="button button-ghost"
                aria-pressed={candidate.figure === figure}
                onClick={() => setFigure(candidate.figure)}
              >
                {candidate.label}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      {table === null || optimization === undefined ? (
        <p className="empty">
          During GRPO, a heat map of task by difficulty stands here. To let it choose the questions and weigh them,
          switch on “Curriculum” and “Sample weights” in the settings, under Dynamic optimization.
        </p>
      ) : (
        <div className="curriculum">
          <p className="muted">{view.explanation}</p>
          {figure === 'share' && !optimization.curriculum ? (
            <p>
              This run leaves the difficulty to chance. Switch on “Curriculum” in the settings, under Dynamic
              optimization.
            </p>
          ) : figure === 'weight' && !optimization.sample_weights ? (
            <p>
              In this run every group counts the same. Switch on “Sample weights” in the settings, under Dynamic
              optimization.
            </p>
          ) : map ? (
            <HeatTable map={map} view={view} />
          ) : (
            <p>Nothing was asked yet.</p>
          )}
        </div>
      )}
    </section>
  );
}

function HeatTable({ map, view }: { readonly map: HeatMap; readonly view: View }) {
  return (
    <>
      <Scroller className="heat" label={`${view.label} by task and difficulty`}>
        <table>
          <caption className="visually-hidden">{view.label} by task and level of difficulty</caption>
          <thead>
            <tr>
              <th scope="col">Task</th>
              {Array.from({ length: map.levels }, (_, level) => (
                <th key={level} scope="col" className="numeric" style={{ width: `${60 / map.levels}%` }}>
                  {levelName(level, map.levels)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {map.rows.map(({ task, cells }) => (
              <tr key={task}>
                <th scope="row">{taskTitle(task)}</th>
                {cells.map(({ level, text, heat, detail }) => (
                  <td
                    key={level}
                    className="numeric"
                    data-empty={text === null}
                    style={heat === null ? undefined : { background: heatColor(heat) }}
                    title={detail}
                  >
                    {text ?? <span className="visually-hidden">not asked yet</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <p className="heat-legend muted">
        <span>0</span>
        <span
          className="heat-scale"
          style={{ background: `linear-gradient(to right, ${heatColor(0)}, ${heatColor(1)})` }}
          aria-hidden="true"
        />
        <span>{map.top}</span>
        {map.rows.some(({ cells }) => cells.some(({ text }) => text === null)) && (
          <>
            <span className="heat-empty" aria-hidden="true" />
            <span>not asked yet</span>
          </>
        )}
      </p>
    </>
  );
}

/** Colour of a place on the scale. The ink holds 4.5:1 on the strongest, half of the accent, in either theme. */
function heatColor(heat: number): string {
  return `color-mix(in srgb, var(--accent) ${48 * heat}%, var(--sunken))`;
}

/** Levels counted from 1, with what the first and the last mean. */
function levelName(level: number, levels: number): string {
  if (levels === 1) return 'all';
  if (level === 0) return '1, easiest';
  return level === levels - 1 ? `${levels}, hardest` : String(level + 1);
}
