/**
 * The part of a run's config that says what is asked: families of both domains by name, and how they are mixed (the
 * paper trains on general and spatial data together).
 */
import { z } from 'zod';
import { generalTaskNames } from '../tasks/general/registry';
import { families } from '../tasks/registry';

const taskNames: readonly string[] = [...families.map(({ name }) => name), ...generalTaskNames];

const taskSchema = z.enum(taskNames, {
  error: ({ input }) => `"${String(input)}" is not a question family; there are ${taskNames.join(', ')}`,
});

export const dataSchema = z
  .strictObject({
    tasks: z.array(taskSchema).min(1).meta({
      description: 'Question families that prompts are drawn from; general ones are asked over a blank frame',
    }),
    general_share: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .meta({ description: 'Share of prompts that are drawn from the general families among the tasks' }),
    general_difficulty: z
      .number()
      .min(0)
      .max(1)
      .default(0.25)
      .meta({ description: 'Hardest general problems; each is as hard as a draw from 0 to this says' }),
  })
  .superRefine((data, context) => {
    const { general, spatial } = tasksByDomain(data.tasks);
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['general_share'], message });
    if (general.length > 0 && data.general_share === 0) {
      refuse(`is 0, so that ${general[0]} would never be asked; raise it, or take general families out of data.tasks`);
    }
    if (general.length === 0 && data.general_share > 0) {
      refuse(`is above 0, and data.tasks names no general family; name some of ${generalTaskNames.join(', ')}`);
    }
    if (spatial.length === 0 && data.general_share < 1) {
      refuse('is below 1, and data.tasks names general families only; set it to 1, or name spatial ones');
    }
    if (spatial.length > 0 && data.general_share === 1) {
      refuse(`is 1, so that ${spatial[0]} would never be asked; lower it, or take spatial families out of data.tasks`);
    }
  });

export type DataConfig = z.infer<typeof dataSchema>;

/** The named families by their domain. */
export function tasksByDomain(tasks: readonly string[]): { spatial: string[]; general: string[] } {
  return {
    spatial: tasks.filter((task) => !generalTaskNames.includes(task)),
    general: tasks.filter((task) => generalTaskNames.includes(task)),
  };
}
