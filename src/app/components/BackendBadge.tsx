/**
 * What the lab runs on: a badge that opens a panel with adapter, runtime, features and limits.
 */
import { Popover } from '@base-ui/react/popover';
import { Cpu } from 'lucide-react';
import type { BackendDescription } from '../../backends/backend';
import { formatBytes, formatNumber } from '../format';
import { useLabState } from '../lab-context';
import { Scroller } from './Scroller';

const NAMES: Readonly<Record<BackendDescription['kind'], string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  node: 'Node',
};

export function BackendBadge() {
  const description = useLabState((state) => state.description);
  const connection = useLabState((state) => state.connection);
  const kind = description ? NAMES[description.kind] : null;
  const label = connection === 'open' ? kind : connection === 'opening' ? 'Opening the device…' : 'Worker lost';
  return (
    <Popover.Root>
      <Popover.Trigger
        className="badge"
        data-state={connection === 'open' && description?.kind !== 'webgpu' ? 'slow' : connection}
        disabled={!description}
        title="Adapter, features and limits"
      >
        <Cpu size={14} aria-hidden />
        <span>{label}</span>
        {description && <span className="badge-detail">{description.adapter}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={8} align="end" className="floating">
          <Popover.Popup className="card-popup backend-panel">
            <Popover.Title className="card-title">Runs on {kind}</Popover.Title>
            {description && <BackendDetails description={description} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function BackendDetails({ description }: { readonly description: BackendDescription }) {
  const limits = Object.entries(description.limits).toSorted(([a], [b]) => a.localeCompare(b));
  return (
    <>
      {description.notice && <p className="card-text">{description.notice}</p>}
      <dl className="facts">
        <dt>Adapter</dt>
        <dd>{description.adapter}</dd>
        <dt>Runtime</dt>
        <dd>{description.runtime}</dd>
        <dt>Threads</dt>
        <dd>
          {crossOriginIsolated
            ? `cross-origin isolated, ${navigator.hardwareConcurrency} processors`
            : 'one: the page is not cross-origin isolated'}
        </dd>
      </dl>
      <h3>Features</h3>
      {description.features.length > 0 ? (
        <ul className="chips">
          {description.features.toSorted().map((feature) => (
            <li key={feature}>{feature}</li>
          ))}
        </ul>
      ) : (
        <p className="card-text">None to report.</p>
      )}
      {limits.length > 0 && (
        <>
          <h3>Limits</h3>
          <Scroller className="limits" label="Limits">
            <table>
              <tbody>
                {limits.map(([name, value]) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>{name.endsWith('Size') && value >= 1024 ? formatBytes(value) : formatNumber(value)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroller>
        </>
      )}
    </>
  );
}
