/**
 * The policies that come with the lab: a folder each under public/policies, with config.json, tokenizer.json,
 * model.safetensors and a model card, README.md.
 */
interface ShippedPolicy {
  /** What a config's model_name_or_path calls it, and the name of its folder. */
  readonly name: string;
  /** One line, for people. */
  readonly summary: string;
}

export const SHIPPED_POLICIES: readonly ShippedPolicy[] = [
  {
    name: 'nano',
    summary:
      'A small vision-language policy that has learned from true chains of thought: it reads up to 4 frames and answers ' +
      'questions of every family.',
  },
];

/** Where a shipped policy lies, in the folder that the page is served from. */
export const shippedFolder = (name: string) => `policies/${name}`;

export function isShipped(name: string): boolean {
  return SHIPPED_POLICIES.some((policy) => policy.name === name);
}
