/**
 * How it works, in one line: the loop's stages, lit where the run is, with the newest step's times.
 */
import { Popover } from '@base-ui/react/popover';
import { formatDuration } from '../format';
import { useLabState } from '../lab-context';
import { isUnderWay, stages, type Stage } from '../loop';

export function LoopStrip() {
  const status = useLabState((state) => state.run?.status);
  const newest = useLabState((state) => state.run?.metrics.at(-1)?.metrics);
  return (
    <nav className="loop" aria-label="How it works">
      <ol>
        {stages.map((stage) => (
          <LoopStage
            key={stage.id}
            stage={stage}
            current={status !== undefined && isUnderWay(stage, status)}
            seconds={stage.time ? newest?.[stage.time] : undefined}
          />
        ))}
      </ol>
    </nav>
  );
}

interface StageProperties {
  readonly stage: Stage;
  readonly current: boolean;
  readonly seconds: number | undefined;
}

function LoopStage({ stage, current, seconds }: StageProperties) {
  return (
    <li className="loop-stage" data-current={current}>
      <Popover.Root>
        <Popover.Trigger className="loop-button" openOnHover delay={150} aria-current={current ? 'step' : undefined}>
          <span className="loop-label">{stage.label}</span>
          <span className="loop-gist">{seconds === undefined ? stage.gist : `${formatDuration(seconds)} a step`}</span>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner sideOffset={8} className="floating">
            <Popover.Popup className="card-popup">
              <Popover.Title className="card-title">{stage.label}</Popover.Title>
              <Popover.Description className="card-text">{stage.text}</Popover.Description>
              <Popover.Close
                className="link"
                onClick={() => {
                  const panel = document.getElementById(stage.panel);
                  panel?.scrollIntoView({ block: 'start' });
                  panel?.focus({ preventScroll: true });
                }}
              >
                Show me
              </Popover.Close>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </li>
  );
}
