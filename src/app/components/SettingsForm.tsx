/**
 * The settings form: a section for each part of the config, a field for each of its fields, all from the schema.
 */
import { RotateCcw } from 'lucide-react';
import { presets } from '../../training/presets';
import { actions, choosePreset } from '../actions';
import { title } from '../format';
import { useLab, useLabState } from '../lab-context';
import { sections, validate } from '../settings';
import { ActionButton } from './ActionButton';
import { RewardPlot } from './RewardPlot';
import { SettingsField } from './SettingsField';

export function SettingsForm() {
  const lab = useLab();
  const preset = useLabState((state) => state.preset);
  const draft = useLabState((state) => state.draft);
  const { problems } = validate(draft);
  return (
    <div className="settings" id="settings">
      {sections.map((section) => (
        <fieldset key={section.name}>
          <legend>{section.name === '' ? 'Run' : title(section.name)}</legend>
          {section.name === 'reward' && <RewardPlot />}
          <div className="fields">
            {section.fields.map((field) => (
              <SettingsField key={field.path} field={field} problem={problems[field.path]} />
            ))}
          </div>
        </fieldset>
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
