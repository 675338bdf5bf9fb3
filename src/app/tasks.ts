/**
 * The question families in words, from their registry. A run may name a task that this page does not know.
 */
import { families } from '../tasks/registry';
import { title } from './format';

export const taskNames: readonly string[] = families.map(({ name }) => name);

const familyOf = (task: string) => families.find(({ name }) => name === task);

export const taskTitle = (task: string) => familyOf(task)?.title ?? title(task);
export const taskDescription = (task: string) => familyOf(task)?.description;
