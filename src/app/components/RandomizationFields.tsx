/** What may vary from scene to scene in a data set: a field for each entry of the randomization's schema, folded away. */
import { RANDOMIZATION_FIELDS } from '../../scenes/scene-options';
import type { RandomizationDraft } from '../dataset/randomization-draft';

interface RandomizationFieldsProperties {
  readonly draft: RandomizationDraft;
  readonly onChange: (draft: RandomizationDraft) => void;
}

export function RandomizationFields({ draft, onChange }: RandomizationFieldsProperties) {
  const set = RANDOMIZATION_FIELDS.filter(({ name }) => (draft[name] ?? '').trim() !== '').length;
  return (
    <details className="choices">
      <summary>
        Randomization <span className="count">{set === 0 ? 'as real rooms are' : `${set} set`}</span>
      </summary>
      <div className="fields choices-fields">
        {RANDOMIZATION_FIELDS.map(({ name, description, remedy, kind, choices }) => {
          const [meaning, usual] = description.split('; left out: ');
          const change = (value: string) => onChange({ ...draft, [name]: value });
          return (
            <label key={name} className="field" title={`${meaning}: ${remedy}`}>
              <span className="field-name">{titleOf(name)}</span>
              {kind === 'choice' ? (
                <select className="input" value={draft[name] ?? ''} onChange={(event) => change(event.target.value)}>
                  <option value="">any</option>
                  {choices.map((choice) => (
                    <option key={choice}>{choice}</option>
                  ))}
                </select>
              ) : (
                <input
                  className="input"
                  autoComplete="off"
                  placeholder={usual}
                  value={draft[name] ?? ''}
                  onChange={(event) => change(event.target.value)}
                />
              )}
              <span className="field-description">{meaning}</span>
            </label>
          );
        })}
      </div>
      <p className="choices-note muted">Each scene draws its own value from a range, like 0.5 to 1.</p>
    </details>
  );
}

/** 'eyeHeight' as 'Eye height'. */
function titleOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words[0].toUpperCase() + words.slice(1);
}
