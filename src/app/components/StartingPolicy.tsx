/**
 * The policy that the next run starts from: what it is, and whether it is there and goes with the settings.
 */
import { SHIPPED_POLICIES, shippedFolder } from '../../policy/shipped';
import { useLab, useLabState } from '../lab-context';
import { problemsWith, withArchitectureOf } from '../shipped-policies';
import { isActive } from '../store';

export function StartingPolicy() {
  const { store } = useLab();
  const draft = useLabState((state) => state.draft);
  const shipped = useLabState((state) => state.shipped);
  const active = useLabState(isActive);
  const policy = SHIPPED_POLICIES.find(({ name }) => name === draft.model_name_or_path);
  // A run that goes on says itself what it started from.
  if (!policy || active) return null;
  const { name, summary } = policy;
  const found = Object.hasOwn(shipped, name) ? shipped[name] : null;
  if (found && 'problem' in found) {
    return (
      <section className="starting-policy" aria-label="The policy to start from">
        <p className="bad" role="alert">
          {found.problem}.
        </p>
      </section>
    );
  }
  const problems = found ? problemsWith(draft, found.config) : [];
  return (
    <section className="starting-policy" aria-label="The policy to start from">
      <p>
        Starts from <strong>{name}</strong>, shipped with the lab. {summary}{' '}
        <a className="link" href={`${shippedFolder(name)}/README.md`} target="_blank" rel="noreferrer">
          Model card
        </a>
      </p>
      {found && problems.length > 0 && (
        <>
          <ul className="bad">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
          <button
            type="button"
            className="button button-plain"
            onClick={() => store.setState({ draft: withArchitectureOf(found.config, draft) })}
          >
            Take {name}’s architecture
          </button>
        </>
      )}
    </section>
  );
}
