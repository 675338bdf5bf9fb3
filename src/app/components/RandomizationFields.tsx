/** What may vary from scene to scene in a data set: a field for each entry of the randomization's schema, folded away. */
import { type ChangeEvent, useId } from 'react';
import { RANDOMIZATION_FIELDS } from '../../scenes/scene-options';
import type { RandomizationDraft } from '../dataset/randomization-draft';

interface RandomizationFieldsProperties {
  readonly draft: RandomizationDraft;
  readonly onChange: (draft: RandomizationDraft) => void;
}

export function RandomizationFields({ draft, onChange }: RandomizationFieldsProperties) {
  const ids = useId();
  const set = RANDOMIZATION_FIELDS.filter(({ name }) => (draft[name] ?? '').trim() !== '').length;
  return (
    <details className="choices">
      <summary>
        Randomization <span className="count">{set === 0 ? 'as real rooms are' : `${set} set`}</span>
      </summary>
      <p className="choices-note muted">Each scene draws its own value from a range, like 0.5 to 1.</p>
      <div className="fields choices-fields">
        {RANDOMIZATION_FIELDS.map(({ name, description, remedy, kind, choices }) => {
          const [meaning, usual] = description.split('; left out: ');
          const id = `${ids}-${name}`;
          const common = {
            id,
            className: 'input',
            value: draft[name] ?? '',
            'aria-describedby': `${id}-meaning`,
            onChange: ({ target }: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
              onChange({ ...draft, [name]: target.value }),
          };
          return (
            <div key={name} className="field" title={remedy}>
              <label htmlFor={id} className="field-name">
                {titleOf(name)}
              </label>
              {kind === 'choice' ? (
                <select {...common}>
                  <option value="">any</option>
                  {choices.map((choice) => (
                    <option key={choice}>{choice}</option>
                  ))}
                </select>
              ) : (
                <input {...common} autoComplete="off" placeholder={usual} />
              )}
              <span id={`${id}-meaning`} className="field-description">
                {meaning}
              </span>
            </div>
          );
        })}
      </div>
    </details>
  );
}

/** 'eyeHeight' as 'Eye height'. */
function titleOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words[0].toUpperCase() + words.slice(1);
}
