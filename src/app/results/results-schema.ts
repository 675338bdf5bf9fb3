/** What `lab evaluate` writes to results.json and samples.jsonl, as schemas. */
import { z } from 'zod';
import type { SampleRecord } from '../../datasets/canonical';
import type { EvaluationResults } from '../../evaluation/evaluation';
import { MODES } from '../../evaluation/metrics/benchmark';

const share = z.number();
const shares = z.record(z.string(), share);
const shareOrNull = share.nullable();
const mode = z.enum(MODES);

const figures = z.object({
  overall: shareOrNull,
  byTask: shares,
  others: z.record(z.string(), shareOrNull),
});

const report = z.object({
  suite: z.string(),
  mode,
  n: z.number(),
  unanswered: z.number(),
  overall: shareOrNull,
  by_task: shares,
  others: z.record(z.string(), shareOrNull),
  n_by_task: z.record(z.string(), z.number()),
  intervals: z.record(z.string(), z.tuple([share, share])),
  clusters: z.number(),
  notes: z.array(z.string()),
  samples: z.array(
    z.object({
      id: z.union([z.string(), z.number()]),
      task: z.string(),
      ground_truth: z.string(),
      prediction: z.string().nullable(),
      score: share,
    }),
  ),
});

export const resultsSchema: z.ZodType<EvaluationResults> = z.object({
  policy: z.string(),
  suite: z.string(),
  origin: z.enum(['synthetic', 'real']),
  fingerprint: z.string(),
  mode,
  questions: z.number(),
  not_asked: z.number(),
  stopped: z.string().nullable(),
  benchmarks: z.array(
    z.object({
      benchmark: z.string(),
      title: z.string(),
      model: report,
      blank: report.nullable(),
      // Evaluations of the first releases have neither.
      text_only: report.nullable().default(null),
      blind: figures.nullable(),
      blind_fitted: z.boolean().default(false),
      chance: figures,
    }),
  ),
  // Nor do they say this.
  frames: z.array(z.object({ of: z.number(), shown: z.array(z.number()), questions: z.number() })).default([]),
  failures: z.array(z.object({ id: z.string(), error: z.string() })),
});

export const sampleSchema: z.ZodType<SampleRecord> = z.object({
  id: z.string(),
  scene: z.string(),
  split: z.string(),
  domain: z.enum(['spatial', 'general']),
  task: z.string(),
  kind: z.enum(['number', 'choice', 'text']),
  question: z.string(),
  options: z.array(z.string()).nullable(),
  answer: z.string(),
  answer_value: z.number().nullable(),
  unit: z.string().nullable(),
  frames: z.array(z.number()),
  reasoning: z.string(),
  evidence: z.object({ objects: z.array(z.number()), values: z.record(z.string(), z.number()) }),
  difficulty: z.object({ value: z.number(), reasons: z.record(z.string(), z.number()) }),
});
