/**
 * The settings form, derived from the run config's schema: which fields there are, in which section, of what kind and
 * with what description; and the draft that the form edits, which may be invalid while someone is typing.
 */
import { z } from 'zod';
import { SHIPPED_POLICIES } from '../policy/shipped';
import { runConfigSchema, type RunConfig } from '../training/config';
import { title } from './format';

/** What a field holds in the draft: numbers stay text until they are validated. */
export type FieldValue = string | boolean | readonly string[];

/** A draft of a config: field values by dotted path. */
export type Draft = Readonly<Record<string, FieldValue>>;

export interface Field {
  /** 'grpo.learning_rate' */
  readonly path: string;
  /** 'Learning rate' */
  readonly title: string;
  readonly description: string;
  readonly kind: 'integer' | 'number' | 'boolean' | 'choice' | 'list';
  /** What a choice, or an item of a list, may be. */
  readonly choices: readonly string[];
  /** How choices read that do not speak for themselves. */
  readonly choiceTitles?: Readonly<Record<string, string>>;
}

/** Texts of the schema that are a choice on the page, by path: it reads no folders. */
const PAGE_CHOICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  model_name_or_path: {
    '': 'fresh weights',
    ...Object.fromEntries(SHIPPED_POLICIES.map(({ name }) => [name, `${name} (shipped)`])),
  },
};

export interface Section {
  /** '' for the fields at the top level. */
  readonly name: string;
  readonly fields: readonly Field[];
}

/** A schema without its default: the form shows every field, and leaves none out. */
function withoutDefault(schema: z.ZodType): z.core.$ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
}

function fieldOf(path: string, declared: z.ZodType): Field {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const description = declared.description ?? '';
  const common = { path, title: declared.meta()?.title ?? title(name), description, choices: [] };
  const schema = withoutDefault(declared);
  if (schema instanceof z.ZodNumber) return { ...common, kind: schema.isInt ? 'integer' : 'number' };
  if (schema instanceof z.ZodBoolean) return { ...common, kind: 'boolean' };
  if (schema instanceof z.ZodEnum) return { ...common, kind: 'choice', choices: schema.options.map(String) };
  if (schema instanceof z.ZodString && Object.hasOwn(PAGE_CHOICES, path)) {
    return { ...common, kind: 'choice', choices: Object.keys(PAGE_CHOICES[path]), choiceTitles: PAGE_CHOICES[path] };
  }
  if (schema instanceof z.ZodArray) {
    const { element } = schema;
    return { ...common, kind: 'list', choices: element instanceof z.ZodEnum ? element.options.map(String) : [] };
  }
  throw new TypeError(`The settings form knows no input for ${path}; add its schema type to src/app/settings.ts.`);
}

function fieldsOf(prefix: string, shape: Readonly<Record<string, z.ZodType>>): Field[] {
  return Object.entries(shape)
    .filter(([, schema]) => !(withoutDefault(schema) instanceof z.ZodObject))
    .map(([name, schema]) => fieldOf(prefix === '' ? name : `${prefix}.${name}`, schema));
}

/** The form's sections in the schema's order, the top-level fields first. */
export const sections: readonly Section[] = [
  { name: '', fields: fieldsOf('', runConfigSchema.shape) },
  ...Object.entries(runConfigSchema.shape).flatMap(([name, declared]) => {
    const schema = withoutDefault(declared);
    return schema instanceof z.ZodObject ? [{ name, fields: fieldsOf(name, schema.shape) }] : [];
  }),
];

/** Every field by its path. */
export const fieldsByPath: ReadonlyMap<string, Field> = new Map(
  sections.flatMap((section) => section.fields.map((field) => [field.path, field])),
);

/** The draft that shows `config`. */
export function draftOf(config: RunConfig): Draft {
  const draft: Record<string, FieldValue> = {};
  const visit = (prefix: string, value: object) => {
    for (const [name, inner] of Object.entries(value)) {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      if (Array.isArray(inner)) draft[path] = inner.map(String);
      else if (typeof inner === 'object' && inner !== null) visit(path, inner);
      else draft[path] = typeof inner === 'boolean' ? inner : String(inner);
    }
  };
  visit('', config);
  return draft;
}

/** The draft as an unvalidated config. Text that is no number stays text, for the schema to refuse. */
export function configOf(draft: Draft): unknown {
  const config: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(draft)) {
    const kind = fieldsByPath.get(path)?.kind;
    const numeric = typeof value === 'string' && (kind === 'integer' || kind === 'number') && value.trim() !== '';
    const number = numeric ? Number(value) : Number.NaN;
    const parts = path.split('.');
    const last = parts.pop()!;
    let target = config;
    for (const part of parts) target = target[part] = (target[part] ?? {}) as Record<string, unknown>;
    target[last] = Number.isNaN(number) ? value : number;
  }
  return config;
}

export interface Verdict {
  /** The config, or null when a field is invalid. */
  readonly config: RunConfig | null;
  /** What is wrong, by field path. */
  readonly problems: Readonly<Record<string, string>>;
}

/** Validates a draft by the schema, and by what the page has to choose from. */
export function validate(draft: Draft): Verdict {
  const result = runConfigSchema.safeParse(configOf(draft));
  const problems: Record<string, string> = {};
  for (const [path, choices] of Object.entries(PAGE_CHOICES)) {
    if (Object.hasOwn(choices, String(draft[path]))) continue;
    problems[path] =
      `the page has ${Object.values(choices).join(' and ')} to choose from, not "${String(draft[path])}"`;
  }
  if (result.success) return { config: Object.keys(problems).length === 0 ? result.data : null, problems };
  for (const issue of result.error.issues) problems[issue.path.join('.')] ??= issue.message;
  return { config: null, problems };
}

/** Paths at which two drafts differ. */
export function differences(a: Draft, b: Draft): string[] {
  const paths = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...paths].filter((path) => String(a[path]) !== String(b[path]));
}
