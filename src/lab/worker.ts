/**
 * The worker: owner of the GPUDevice, the room and the run. It takes the page's requests one after the other, and
 * answers with events.
 */
import type { Backend } from '../backends/backend';
import { selectBrowserBackend } from '../backends/select';
import { WebGpuBackend } from '../backends/webgpu';
import { cameraLookingAt } from '../scenes/camera';
import { canPresent, RoomView } from '../rendering/view';
import { softwareFrames } from '../training/frames';
import { engineFrames } from './engine-frames';
import type { OwnObject } from '../scenes/own-object';
import { openPolicy } from './policy-source';
import type { LabEvent, Request, ViewPose } from './protocol';
import { type ShownRoom, showRoom, showWalk } from './room-summary';
import { runName } from './run-name';
import { listRuns, loadRun } from './run-storage';
import { TrainingSession } from './training-session';

declare const self: DedicatedWorkerGlobalScope;

const post = (event: LabEvent, transfer: Transferable[] = []): void => self.postMessage(event, transfer);

let backend: Backend | null = null;
let view: RoomView | null = null;
let shown: ShownRoom | null = null;
let session: TrainingSession | null = null;
let own: readonly OwnObject[] = [];
let pose: ViewPose | null = null;
let drawRequested = false;
let toldRange: readonly [number, number] = [0, 0];

function opened(): Backend {
  if (!backend) throw new Error('the worker was asked to compute before it was opened');
  return backend;
}

function requestDraw(): void {
  if (drawRequested) return;
  drawRequested = true;
  requestAnimationFrame(() => {
    drawRequested = false;
    if (!view || !shown) return;
    if (pose) {
      const { cameraToWorld } = cameraLookingAt(pose.eye, pose.target, pose.fieldOfView, 1, 1);
      view.setCamera(cameraToWorld, pose.fieldOfView);
    }
    view.render();
    tellDepthRange(view);
  });
}

function tellDepthRange({ depthRange }: RoomView): void {
  const [nearest, farthest] = depthRange.map((metres) => Math.round(10 * metres) / 10);
  if (nearest === toldRange[0] && farthest === toldRange[1]) return;
  toldRange = [nearest, farthest];
  post({ type: 'depth-range', metres: toldRange });
}

function giveRoomToView(): void {
  if (!view || !shown) return;
  view.setRoom(shown.mesh, shown.room.objects);
  requestDraw();
}

/** Films a walk through `room` between other requests, unless another room comes. */
async function film(room: ShownRoom): Promise<void> {
  const pause = () => new Promise<boolean>((resolve) => setTimeout(() => resolve(shown === room)));
  const walk = await showWalk(room, pause);
  if (walk) post({ type: 'walk', walk });
}

async function start(request: Extract<Request, { type: 'start' }>): Promise<void> {
  if (session?.active) throw new Error('a run is already going on; stop it first');
  await session?.dispose();
  session = null;
  const stored = request.resume === null ? null : await loadRun(request.resume);
  const config = stored?.checkpoint.config ?? request.config;
  const policy = request.policy === null ? null : await openPolicy(config.model_name_or_path, request.policy);
  const device = opened();
  const frames =
    device instanceof WebGpuBackend
      ? await engineFrames(device, config.policy.frame_size)
      : softwareFrames(device, config.policy.frame_size);
  const id = request.resume ?? runName(Date.now());
  session = new TrainingSession(id, device, config, frames, { stored, policy }, request.paused, post);
  // Not awaited: requests go on being handled while the run does.
  session.loop().catch((error: unknown) => fail(error, true));
}

/** The run that is going on, or the last one. */
function latest(): TrainingSession {
  if (!session) throw new Error('there is no run; start one first');
  return session;
}

async function handle(request: Request): Promise<void> {
  switch (request.type) {
    case 'open':
      backend = await selectBrowserBackend(request.backend);
      void backend.lost.then((reason) => {
        post({
          type: 'failed',
          message: `The lab cannot go on computing: ${reason}`,
          remedy: 'The lab opens a new one; the run can go on from its last checkpoint.',
          fatal: true,
        });
      });
      return post({ type: 'opened', description: backend.description });
    case 'attach-view': {
      request.canvas.width = request.width;
      request.canvas.height = request.height;
      const current = opened();
      const device = current instanceof WebGpuBackend && canPresent(current.device) ? current.device : null;
      view = await RoomView.create(request.canvas, device);
      return giveRoomToView();
    }
    case 'resize-view':
      view?.resize(request.width, request.height);
      return requestDraw();
    case 'show-room':
      shown = showRoom(request.seed, own);
      post({ type: 'room', room: shown.summary });
      // Not awaited: the room can be turned around while the walk is filmed.
      film(shown).catch((error: unknown) => fail(error, false));
      return giveRoomToView();
    case 'set-own-objects':
      own = request.objects;
      return;
    case 'set-pose':
      pose = request.pose;
      return requestDraw();
    case 'set-channel':
      view?.setChannel(request.channel);
      return requestDraw();
    case 'highlight':
      view?.highlight(request.object);
      return requestDraw();
    case 'pick': {
      const object = view?.pick(request.x, request.y) ?? 0;
      return post({ type: 'picked', object: object === 0 ? null : object });
    }
    case 'start':
      return start(request);
    case 'pause':
      return latest().want('pause');
    case 'continue':
      return latest().want('run');
    case 'step':
      return latest().want('step');
    case 'stop':
      return latest().want('stop');
    case 'store':
      return latest().store();
    case 'list-runs':
      return post({ type: 'runs', runs: await listRuns() });
    case 'export': {
      const { id } = latest();
      return post({ type: 'exported', fileName: `${id}.onnx`, data: await latest().exportModel() });
    }
    case 'save':
      return post({ type: 'checkpoint', files: await latest().checkpointFiles() });
  }
}

function fail(error: unknown, fatal: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = fatal
    ? 'The run so far is kept: go on from its last checkpoint, or start anew.'
    : 'Nothing was changed by it; the lab goes on as it was.';
  post({ type: 'failed', message, remedy, fatal });
}

// Requests are handled one after the other, in the order in which they came.
let queue: Promise<void> = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<Request>) => {
  queue = queue.then(() => handle(data)).catch((error: unknown) => fail(error, data.type === 'open'));
};
