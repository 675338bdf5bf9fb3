/** Which evaluation is on show, what it is compared with, and the ways out. */
import { Menu } from '@base-ui/react/menu';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { comparisonProblem } from './compare';
import { evaluationName, type Evaluation } from './evaluation';
import { exports } from './exports';
import type { ResultsClient } from './results-client';

interface Properties {
  readonly results: ResultsClient;
  readonly evaluations: readonly Evaluation[];
  readonly shown: Evaluation;
  readonly compared: Evaluation | null;
}

export function EvaluationBar({ results, evaluations, shown, compared }: Properties) {
  const [failed, setFailed] = useState<string | null>(null);
  const others = evaluations.filter(({ id }) => id !== shown.id);
  const problem = compared && comparisonProblem(shown.results, compared.results);
  return (
    <div className="results-bar">
      <label className="field">
        <span className="field-name">Shown</span>
        <select className="input" value={shown.id} onChange={({ target }) => results.show(Number(target.value))}>
          {evaluations.map((evaluation) => (
            <option key={evaluation.id} value={evaluation.id}>
              {evaluationName(evaluation)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span className="field-name">Compared with</span>
        <select
          className="input"
          value={compared?.id ?? ''}
          disabled={others.length === 0}
          onChange={({ target }) => results.compare(target.value === '' ? null : Number(target.value))}
        >
          <option value="">{others.length === 0 ? 'a second evaluation makes this possible' : 'none'}</option>
          {others.map((evaluation) => (
            <option key={evaluation.id} value={evaluation.id}>
              {evaluationName(evaluation)}
            </option>
          ))}
        </select>
      </label>
      <span className="spacer" />
      <button type="button" className="button button-ghost" onClick={() => results.close(shown.id)}>
        Remove
      </button>
      <Menu.Root modal={false}>
        <Menu.Trigger className="button button-plain">
          Export <ChevronDown size={14} aria-hidden />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end" className="floating results-menu">
            <Menu.Popup className="menu">
              {exports.map(({ name, what, save }) => (
                <Menu.Item
                  key={name}
                  className="menu-item"
                  onClick={() => {
                    setFailed(null);
                    save(shown, problem === null ? compared : null).catch((error: unknown) =>
                      setFailed(`${name} was not saved: ${error instanceof Error ? error.message : String(error)}`),
                    );
                  }}
                >
                  <span>{name}</span>
                  <span className="muted">{what}</span>
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {(problem ?? failed) && (
        <p className="bad" role="alert">
          {problem ?? failed}
        </p>
      )}
    </div>
  );
}
