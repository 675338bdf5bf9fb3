/**
 * Beneath the room: its questions, its objects, and the validator's verdict.
 */
import { Tabs } from '@base-ui/react/tabs';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { actions } from '../actions';
import { useLabState } from '../lab-context';
import { PANELS } from '../loop';
import { ActionButton } from './ActionButton';
import { ObjectList } from './ObjectList';
import { QuestionList } from './QuestionList';
import { RoomVerdict } from './RoomVerdict';

export function RoomTabs() {
  const room = useLabState((state) => state.room);
  const walk = useLabState((state) => state.walk);
  const passes = room?.problems.length === 0;
  return (
    <section className="panel" id={PANELS.questions} tabIndex={-1} aria-label="Questions, objects and verdict">
      <Tabs.Root defaultValue="questions">
        <div className="tabs">
          <Tabs.List className="tab-list">
            <Tabs.Tab className="tab" value="questions">
              Questions{' '}
              <span className="count">{room ? room.questions.length + (walk?.questions.length ?? 0) : ''}</span>
            </Tabs.Tab>
            <Tabs.Tab className="tab" value="objects">
              Objects <span className="count">{room?.objects.length ?? ''}</span>
            </Tabs.Tab>
            <Tabs.Tab className="tab" value="verdict">
              Validation{' '}
              {room &&
                (passes ? (
                  <CircleCheck className="good" size={14} aria-label="passes" />
                ) : (
                  <TriangleAlert className="bad" size={14} aria-label="problems" />
                ))}
            </Tabs.Tab>
          </Tabs.List>
          <ActionButton action={actions.makeDataset} variant="ghost" />
        </div>
        <Tabs.Panel className="tab-panel" value="questions">
          {room ? <QuestionList room={room} walk={walk} /> : <Waiting />}
        </Tabs.Panel>
        <Tabs.Panel className="tab-panel" value="objects">
          {room ? <ObjectList objects={room.objects} /> : <Waiting />}
        </Tabs.Panel>
        <Tabs.Panel className="tab-panel" value="verdict">
          {room ? <RoomVerdict room={room} /> : <Waiting />}
        </Tabs.Panel>
      </Tabs.Root>
    </section>
  );
}

function Waiting() {
  return <p className="empty">They come with the first room.</p>;
}
