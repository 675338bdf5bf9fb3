/**
 * The question families in words, from their registries. A run may name a task that this page does not know.
 */
import { generalFamilies } from '../tasks/general/registry';
import { families } from '../tasks/registry';
import { title } from './format';

const familyOf = (task: string) => [...families, ...generalFamilies].find(({ name }) => name === task);

export const taskTitle = (task: string) => familyOf(task)?.title ?? title(task);
export const taskDescription = (task: string) => familyOf(task)?.description;
