/**
 * The loop, as the strip at the top of the page tells it: each stage with what happens there, where on the page it is
 * seen, which words of the run's status mean that it is under way, and which metric says how long it took.
 */
import type { RunStatus } from '../lab/protocol';

export interface Stage {
  readonly id: string;
  readonly label: string;
  /** The stage in two or three words, under its label. */
  readonly gist: string;
  readonly text: string;
  /** Id of the panel that shows it. */
  readonly panel: PanelId;
  readonly detail: RegExp | null;
  readonly time: string | null;
}

/** The panels' element ids. */
export const PANELS = {
  room: 'panel-room',
  questions: 'panel-questions',
  training: 'panel-training',
  curves: 'panel-curves',
  completions: 'panel-completions',
} as const;
type PanelId = (typeof PANELS)[keyof typeof PANELS];

export const stages: readonly Stage[] = [
  {
    id: 'seed',
    label: 'Seed',
    gist: 'fixes everything',
    text: 'One number fixes every random choice: the rooms, the questions, the first weights, every sampled token.',
    panel: PANELS.training,
    detail: null,
    time: null,
  },
  {
    id: 'room',
    label: 'Room',
    gist: 'every size is known',
    text: 'A furnished room is synthesized from the seed. Because it was built, every size and distance in it is known exactly.',
    panel: PANELS.room,
    detail: /render|room|frame|scene/i,
    time: 'time/render',
  },
  {
    id: 'question',
    label: 'Question',
    gist: 'with a true answer',
    text: 'A camera stands in the room; questions are asked about what it sees, with the true answer and the reasoning that leads to it.',
    panel: PANELS.questions,
    detail: /question|prompt/i,
    time: null,
  },
  {
    id: 'completions',
    label: 'Completions',
    gist: 'several a question',
    text: 'The policy, a small vision-language transformer, answers each question several times; sampling makes its answers differ.',
    panel: PANELS.completions,
    detail: /generat|rollout|rolling|completion|decod|sampling/i,
    time: 'time/generate',
  },
  {
    id: 'rewards',
    label: 'Rewards',
    gist: 'near misses count',
    text: 'Each answer is compared with the truth. EDNM rewards a near miss by how near it is; a second reward asks for the right format.',
    panel: PANELS.completions,
    detail: /reward|scor/i,
    time: 'time/reward',
  },
  {
    id: 'advantages',
    label: 'Advantages',
    gist: 'against the group',
    text: 'Within the group of answers to one question, better than average counts as positive, worse as negative.',
    panel: PANELS.completions,
    detail: /advantage/i,
    time: null,
  },
  {
    id: 'gradients',
    label: 'Gradients',
    gist: 'by a training graph',
    text: 'The training graph says how each weight should change to make good completions likelier and bad ones less likely.',
    panel: PANELS.curves,
    detail: /gradient|backward|updat|supervised|loss/i,
    time: 'time/update',
  },
  {
    id: 'weights',
    label: 'Weights',
    gist: 'changed in place',
    text: 'AdamW changes the weights in place, on the device, and the loop begins again with a policy that reasons a little better.',
    panel: PANELS.curves,
    detail: /weight|optimi[sz]er|adam/i,
    time: null,
  },
];

/** Whether a run is at a stage, by the words of its status, which may name several at once. */
export function isUnderWay(stage: Stage, status: RunStatus): boolean {
  return status.state === 'running' && stage.detail !== null && stage.detail.test(status.detail);
}
