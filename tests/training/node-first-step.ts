/** Computes the first step in Node before the browser's tests, which compare theirs with it. */
import type { TestProject } from 'vitest/node';
import { createNodeBackend } from '../../src/backends/node';
import { type FirstStep, firstStep } from './first-step';

declare module 'vitest' {
  interface ProvidedContext {
    nodeFirstStep: FirstStep;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  const backend = await createNodeBackend();
  project.provide('nodeFirstStep', await firstStep(backend));
  await backend.dispose();
}
