// One sampling step: a workgroup a row. Definition: src/kernels/sample-tokens.ts; philox.wgsl comes before this text.
// Every invocation owns a run of neighbouring tokens, so that sums over runs, scanned, are the row's CDF.

struct Parameters {
  rows: u32,
  vocabulary: u32,
  max_completion: u32,
  step: u32,
  temperature: f32,
  seed_low: u32,
  seed_high: u32,
  eos: i32,
  pad: i32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> tokens: array<i32>;
@group(0) @binding(3) var<storage, read_write> next: array<i32>;
@group(0) @binding(4) var<storage, read_write> log_probabilities: array<f32>;
@group(0) @binding(5) var<storage, read_write> finished: array<u32>;
@group(0) @binding(6) var<storage, read_write> mask: array<f32>;
@group(0) @binding(7) var<storage, read_write> active_: array<atomic<u32>>;

const SIZE = 64u; // vocabularies here are of a few hundred tokens

var<workgroup> best: array<u32, SIZE>;
var<workgroup> cdf: array<f32, SIZE>;
var<workgroup> choice: u32;
var<workgroup> is_finished: u32;

@compute @workgroup_size(1)
fn reset() {
  atomicStore(&active_[0], 0u);
}

@compute @workgroup_size(SIZE)
fn sample(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= parameters.rows) {
    return;
  }
  let out = row * parameters.max_completion + parameters.step;
  if (local == 0) {
    is_finished = finished[row];
  }
  if (workgroupUniformLoad(&is_finished) != 0) {
    if (local == 0) {
      tokens[out] = parameters.pad;
      next[row] = parameters.pad;
      log_probabilities[out] = 0;
      mask[out] = 0;
    }
    return;
  }

  // This invocation's run of tokens, as indices into the logits; empty past the end of the vocabulary.
  let start = row * parameters.vocabulary;
  let run_length = (parameters.vocabulary + SIZE - 1) / SIZE;
  let run_start = start + min(local * run_length, parameters.vocabulary);
  let run_end = start + min((local + 1) * run_length, parameters.vocabulary);

  // The largest logit, and the lowest index among equals: ties go to the left of the tree.
  var run_best = min(run_start, start + parameters.vocabulary - 1);
  for (var index = run_start; index < run_end; index++) {
    if (logits[index] > logits[run_best]) {
      run_best = index;
    }
  }
  best[local] = run_best;
  workgroupBarrier();
  for (var width = SIZE / 2; width > 0; width /= 2) {
    if (local < width && better(best[local + width], best[local])) {
      best[local] = best[local + width];
    }
    workgroupBarrier();
  }
  let top = workgroupUniformLoad(&best[0]);
  let scale = select(parameters.temperature, 1.0, parameters.temperature == 0);

  var run_total = 0.0;
  for (var index = run_start; index < run_end; index++) {
    run_total += weight(index, top, scale);
  }
  // Inclusive scan of the runs' totals (Hillis and Steele).
  cdf[local] = run_total;
  workgroupBarrier();
  for (var offset = 1u; offset < SIZE; offset *= 2) {
    var addend = 0.0;
    if (local >= offset) {
      addend = cdf[local - offset];
    }
    workgroupBarrier();
    cdf[local] += addend;
    workgroupBarrier();
  }
  let total = workgroupUniformLoad(&cdf[SIZE - 1]);

  // The most probable token stands where rounding leaves no run to hold the threshold.
  if (local == 0) {
    choice = top;
  }
  workgroupBarrier();
  if (parameters.temperature > 0) {
    let counter = vec4u(row, parameters.step, 0, 0);
    let words = philox(counter, vec2u(parameters.seed_low, parameters.seed_high));
    let threshold = uniform_from_word(words.x) * total;
    var cumulative = 0.0;
    if (local > 0) {
      cumulative = cdf[local - 1];
    }
    // One run at most holds the threshold, since neighbours compare with the same sum.
    if (cumulative <= threshold && threshold < cdf[local]) {
      // Should rounding keep the sum within the run below the threshold, its last token that has weight is taken.
      for (var index = run_start; index < run_end; index++) {
        let addend = weight(index, top, scale);
        if (addend > 0) {
          choice = index;
        }
        cumulative += addend;
        if (cumulative > threshold) {
          break;
        }
      }
    }
  }
  workgroupBarrier();

  if (local == 0) {
    let token = i32(choice - start);
    tokens[out] = token;
    next[row] = token;
    log_probabilities[out] = (logits[choice] - logits[top]) / scale - log(total);
    mask[out] = 1;
    if (token == parameters.eos) {
      finished[row] = parameters.step + 1;
    } else {
      atomicAdd(&active_[0], 1u);
    }
  }
}

fn better(a: u32, b: u32) -> bool {
  return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
}

// Unnormalized probability of a token: at most 1, at the top.
fn weight(index: u32, top: u32, scale: f32) -> f32 {
  return exp((logits[index] - logits[top]) / scale);
}
