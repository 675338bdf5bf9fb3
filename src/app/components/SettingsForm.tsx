/**
 * The settings form: a section for each part of the config, a field for each of its fields, all from the schema. Sections
 * fold; a folded one says how many of its fields differ from the preset, and one with a mistake is open.
 */
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { presets } from '../../training/presets';
import { actions, choosePreset } from '../actions';
import { title } from '../format';
import { useLab, useLabState } from '../lab-context';
import { differences, draftOf, type Section, sections, validate } from '../settings';
import { ActionButton } from './ActionButton';
import { RewardPlot } from './RewardPlot';
import { SettingsField } from './SettingsField';

/** What most experiments change is unfolded to begin with. */
const UNFOLDED: ReadonlySet<string> = new Set(['', 'data', 'reward']);

interface SectionProperties {
  readonly section: Section;
  /** What is wrong, by field path. */
  readonly problems: Readonly<Record<string, string>>;
  /** Paths of the fields that differ from the preset. */
  readonly changed: readonly string[];
}

function SettingsSection({ section: { name, fields }, problems, changed }: SectionProperties) {
  const [unfolded, setUnfolded] = useState(UNFOLDED.has(name));
  const changes = fields.filter(({ path }) => changed.includes(path)).length;
  const mistaken = fields.some(({ path }) => path in problems);
  return (
    <details open={unfolded || mistaken} onToggle={({ currentTarget }) => setUnfolded(currentTarget.open)}>
      <summary>
        {name === '' ? 'Run' : title(name)}
        {changes > 0 && <span className="count">{changes} changed</span>}
      </summary>
      {name === 'reward' && <RewardPlot />}
      <div className="fields">
        {fields.map((field) => (
          <SettingsField key={field.path} field={field} problem={problems[field.path]} />
        ))}
      </div>
    </details>
  );
}

export function SettingsForm() {
  const lab = useLab();
  const preset = useLabState((state) => state.preset);
  const draft = useLabState((state) => state.draft);
  const { problems } = validate(draft);
  const changed = differences(draft, draftOf(presets[preset]));
  return (
    <div className="settings" id="settings">
      {sections.map((section) => (
        <SettingsSection key={section.name} section={section} problems={problems} changed={changed} />
      ))}
      <div className="settings-foot">
        <button type="button" className="button button-ghost" onClick={() => choosePreset(lab, preset)}>
          <RotateCcw size={16} aria-hidden />
          Reset to {preset in presets ? preset : 'preset'}
        </button>
        <ActionButton action={actions.downloadConfig} variant="ghost" />
        <span className="muted">The address holds every change: copy it to share the experiment.</span>
      </div>
    </div>
  );
}
