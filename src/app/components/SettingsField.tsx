/**
 * One field of the settings form, with its description, its difference from the preset and what is wrong with it.
 */
import { useId } from 'react';
import { presets } from '../../training/presets';
import { useLab, useLabState } from '../lab-context';
import { taskDescription } from '../tasks';
import { draftOf, type Field, type FieldValue } from '../settings';

interface Properties {
  readonly field: Field;
  readonly problem: string | undefined;
}

export function SettingsField({ field, problem }: Properties) {
  const { store } = useLab();
  const id = useId();
  const value = useLabState((state) => state.draft[field.path]);
  const preset = useLabState((state) => state.preset);
  const usual = draftOf(presets[preset])[field.path];
  const change = (next: FieldValue) => store.setState((state) => ({ draft: { ...state.draft, [field.path]: next } }));
  const changed = String(value) !== String(usual);
  const describedBy = `${id}-description`;

  if (field.kind === 'list' && typeof value === 'object') {
    const listed = [...new Set([...field.choices, ...value])];
    return (
      <fieldset
        className="field field-list"
        aria-label={field.title}
        aria-describedby={describedBy}
        data-changed={changed}
      >
        <span className="field-name">{field.title}</span>
        {listed.map((item) => (
          <label key={item} className="check" title={taskDescription(item)}>
            <input
              type="checkbox"
              checked={value.includes(item)}
              onChange={({ target }) =>
                change(listed.filter((other) => (other === item ? target.checked : value.includes(other))))
              }
            />
            {item}
          </label>
        ))}
        <span id={describedBy} className="field-description">
          {field.description}
        </span>
        <Problem path={field.path} problem={problem} id={`${id}-problem`} />
      </fieldset>
    );
  }

  return (
    <div className="field" data-changed={changed}>
      <label className="field-name" htmlFor={id} title={field.description}>
        {field.title}
      </label>
      {field.kind === 'boolean' ? (
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          aria-describedby={describedBy}
          onChange={(event) => change(event.target.checked)}
        />
      ) : field.kind === 'choice' ? (
        <select
          id={id}
          className="input"
          value={String(value)}
          aria-describedby={describedBy}
          onChange={(event) => change(event.target.value)}
        >
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {field.choiceTitles?.[choice] ?? choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          className="input"
          inputMode={field.kind === 'integer' ? 'numeric' : 'decimal'}
          autoComplete="off"
          spellCheck={false}
          value={String(value)}
          aria-invalid={problem !== undefined}
          aria-describedby={describedBy}
          title={`${field.description}${changed ? ` (preset: ${String(usual)})` : ''}`}
          onChange={(event) => change(event.target.value)}
        />
      )}
      <span id={describedBy} className="field-description">
        {field.description}
      </span>
      <Problem path={field.path} problem={problem} id={`${id}-problem`} />
    </div>
  );
}

function Problem({
  path,
  problem,
  id,
}: {
  readonly path: string;
  readonly problem: string | undefined;
  readonly id: string;
}) {
  if (!problem) return null;
  return (
    <span className="field-problem" role="alert" id={id}>
      <code>{path}</code>: {problem}
    </span>
  );
}
