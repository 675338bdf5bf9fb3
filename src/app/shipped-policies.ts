/**
 * The policies that come with the page: which are there, and what settings go with each.
 */
import { fetchPolicyFile } from '../lab/policy-source';
import { parseJsonFile } from '../policy/json-file';
import { SHIPPED_POLICIES, shippedFolder } from '../policy/shipped';
import { mismatches } from '../policy/starting-weights';
import { parseRunConfig, type RunConfig } from '../training/config';
import { type Draft, draftOf, validate } from './settings';

/** A shipped policy: the config of the run that made it, or why it cannot be had. */
export type FoundPolicy = { readonly config: RunConfig } | { readonly problem: string };

/** The address that the page is served under, and its policies with it. */
export const servedFrom = (): string => new URL('.', document.baseURI).href;

/** Looks for every shipped policy under the page's address. */
export async function findShippedPolicies(page: string): Promise<Readonly<Record<string, FoundPolicy>>> {
  const found = SHIPPED_POLICIES.map(async ({ name }) => [name, await find(page, name)] as const);
  return Object.fromEntries(await Promise.all(found));
}

async function find(page: string, name: string): Promise<FoundPolicy> {
  try {
    const path = `${shippedFolder(name)}/config.json`;
    return { config: parseRunConfig(parseJsonFile(await fetchPolicyFile(page, name, 'config.json'), path), path) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Why a run of the draft could not start from a policy, a sentence a setting; none while the draft is invalid. */
export function problemsWith(draft: Draft, policy: RunConfig): string[] {
  const { config } = validate(draft);
  if (!config) return [];
  const [own, known] = [config, policy].map(({ policy: shape, grpo }) => ({
    ...shape,
    max_completion_length: grpo.max_completion_length,
  }));
  return mismatches(own, known);
}

/** The draft with a policy's architecture. */
export function withArchitectureOf(policy: RunConfig, draft: Draft): Draft {
  const architecture = Object.entries(draftOf(policy)).filter(
    ([path]) => path.startsWith('policy.') || path === 'grpo.max_completion_length',
  );
  return { ...draft, ...Object.fromEntries(architecture) };
}
