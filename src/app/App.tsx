/**
 * The page's layout: what is seen on the left, what is learned on the right, what the policy said below.
 */
import { CompletionsPanel } from './components/CompletionsPanel';
import { CurriculumPanel } from './components/CurriculumPanel';
import { CurvesPanel } from './components/CurvesPanel';
import { DatasetDialog } from './components/DatasetDialog';
import { Header } from './components/Header';
import { LoopStrip } from './components/LoopStrip';
import { Notices } from './components/Notices';
import { OwnObjectDialog } from './components/OwnObjectDialog';
import { RoomPanel } from './components/RoomPanel';
import { RoomTabs } from './components/RoomTabs';
import { ShortcutsDialog } from './components/ShortcutsDialog';
import { TrainingPanel } from './components/TrainingPanel';
import { LazyResults } from './results/LazyResults';

export function App() {
  return (
    <>
      <Header />
      <main className="page">
        <LoopStrip />
        <Notices />
        <div className="columns">
          <div className="column">
            <RoomPanel />
            <RoomTabs />
          </div>
          <div className="column">
            <TrainingPanel />
            <CurvesPanel />
            <CurriculumPanel />
          </div>
        </div>
        <CompletionsPanel />
      </main>
      <DatasetDialog />
      <OwnObjectDialog />
      <ShortcutsDialog />
      <LazyResults />
    </>
  );
}
