// Rewards of completions, read byte by byte as text; one invocation a completion.
// Definition: src/kernels/score-answers.ts; packing of texts: src/kernels/answer-text.ts.

struct Parameters {
  rows: u32,
  max_completion: u32,
  group_size: u32,
  vocabulary: u32,
  eos: i32,
  reward: u32,
  setting_0: f32,
  setting_1: f32,
  setting_2: f32,
  setting_3: f32,
  accuracy_weight: f32,
  format_weight: f32,
  exact_weight: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> tokens: array<i32>;
@group(0) @binding(2) var<storage, read> token_text: array<u32>;
@group(0) @binding(3) var<storage, read> targets: array<u32>;
@group(0) @binding(4) var<storage, read_write> total: array<f32>;
@group(0) @binding(5) var<storage, read_write> accuracy: array<f32>;
@group(0) @binding(6) var<storage, read_write> exact: array<f32>;
@group(0) @binding(7) var<storage, read_write> format: array<f32>;
@group(0) @binding(8) var<storage, read_write> parsed: array<f32>;

const END_OF_TEXT = -1;
const MAX_MAGNITUDE = 1e25;
const MAX_EXPONENT = 25;

// ---- Reading bytes ----

// A place in a completion's text: the token to open next, and what is left of the open one.
struct Reader {
  token: u32,
  end: u32,
  byte: u32,
  byte_end: u32,
  ended: bool, // eos was met
}

fn next_byte(reader: ptr<function, Reader>) -> i32 {
  while ((*reader).byte >= (*reader).byte_end) {
    if ((*reader).ended || (*reader).token >= (*reader).end) {
      return END_OF_TEXT;
    }
    let token = tokens[(*reader).token];
    (*reader).token++;
    if (token == parameters.eos) {
      (*reader).ended = true;
    } else if (token >= 0 && u32(token) < parameters.vocabulary) {
      (*reader).byte = token_text[token];
      (*reader).byte_end = token_text[token + 1];
    }
  }
  let at = (*reader).byte;
  (*reader).byte++;
  return i32((token_text[parameters.vocabulary + 1 + at / 4] >> (8 * (at % 4))) & 0xff);
}

fn is_space(byte: i32) -> bool {
  return byte == 32 || (byte >= 9 && byte <= 13);
}

fn is_digit(byte: i32) -> bool {
  return byte >= 48 && byte <= 57;
}

// ---- Tags ----

const NO_TAG = 4u;
const THINK = 0u;
const END_THINK = 1u;
const ANSWER = 2u;
const END_ANSWER = 3u;

// How far the bytes so far match a tag: 0 not at all, 1 '<', 2 '</', above that 3 + letters of the word.
struct TagMatch {
  progress: u32,
  tag: u32,
}

// Byte `index` of 'think>' or 'answer>'.
fn word_byte(tag: u32, index: u32) -> i32 {
  let think = array<i32, 6>(116, 104, 105, 110, 107, 62);
  let answer = array<i32, 7>(97, 110, 115, 119, 101, 114, 62);
  if (tag >= ANSWER) {
    return answer[index];
  }
  return think[index];
}

// Takes a byte; returns the tag that it completes, or NO_TAG. '<' begins a tag and is nowhere within one,
// so that a mismatch never has to go back further than the byte itself.
fn match_tag(state: ptr<function, TagMatch>, byte: i32) -> u32 {
  let progress = (*state).progress;
  if (byte == 60) { // '<'
    (*state).progress = 1;
    (*state).tag = 0;
    return NO_TAG;
  }
  if (progress == 1 && byte == 47) { // '/'
    (*state).progress = 2;
    (*state).tag = 1;
    return NO_TAG;
  }
  if (progress == 1 || progress == 2) {
    if (byte == 116) { // 't'
      (*state).progress = 4;
    } else if (byte == 97) { // 'a'
      (*state).progress = 4;
      (*state).tag += ANSWER;
    } else {
      (*state).progress = 0;
    }
    return NO_TAG;
  }
  if (progress == 0) {
    return NO_TAG;
  }
  let letter = progress - 3;
  if (byte != word_byte((*state).tag, letter)) {
    (*state).progress = 0;
    return NO_TAG;
  }
  if (byte == 62) { // '>'
    (*state).progress = 0;
    return (*state).tag;
  }
  (*state).progress++;
  return NO_TAG;
}

// ---- Numbers ----

struct Number {
  valid: bool,
  value: f32,
}

// States of the grammar: sign? (digits ('.' digits?)? | '.' digits) (e sign? digits)?, white space around it.
const BEFORE = 0u;
const SIGNED = 1u;
const WHOLE = 2u;
const POINT = 3u; // a point without digits before it
const FRACTION = 4u;
const EXPONENT = 5u;
const EXPONENT_SIGNED = 6u;
const EXPONENT_DIGITS = 7u;
const AFTER = 8u;
const INVALID = 9u;

fn next_state(state: u32, byte: i32) -> u32 {
  let digit = is_digit(byte);
  let sign = byte == 43 || byte == 45;
  let e = byte == 101 || byte == 69;
  let space = is_space(byte);
  switch (state) {
    case BEFORE {
      if (space) { return BEFORE; }
      if (sign) { return SIGNED; }
      if (digit) { return WHOLE; }
      if (byte == 46) { return POINT; }
    }
    case SIGNED {
      if (digit) { return WHOLE; }
      if (byte == 46) { return POINT; }
    }
    case WHOLE {
      if (digit) { return WHOLE; }
      if (byte == 46) { return FRACTION; }
      if (e) { return EXPONENT; }
      if (space) { return AFTER; }
    }
    case POINT {
      if (digit) { return FRACTION; }
    }
    case FRACTION {
      if (digit) { return FRACTION; }
      if (e) { return EXPONENT; }
      if (space) { return AFTER; }
    }
    case EXPONENT {
      if (digit) { return EXPONENT_DIGITS; }
      if (sign) { return EXPONENT_SIGNED; }
    }
    case EXPONENT_SIGNED {
      if (digit) { return EXPONENT_DIGITS; }
    }
    case EXPONENT_DIGITS {
      if (digit) { return EXPONENT_DIGITS; }
      if (space) { return AFTER; }
    }
    case AFTER {
      if (space) { return AFTER; }
    }
    default {}
  }
  return INVALID;
}

// 10^power for power from 0 to 38, of factors that are each rounded once.
fn power_of_ten(power: u32) -> f32 {
  let factors = array<f32, 6>(1e1, 1e2, 1e4, 1e8, 1e16, 1e32);
  var result = 1.0;
  for (var bit = 0u; bit < 6; bit++) {
    if (((power >> bit) & 1) == 1) {
      result *= factors[bit];
    }
  }
  return result;
}

// The number that the next `length` bytes are: nine significant digits and a decimal exponent.
fn parse_number(start: Reader, length: u32) -> Number {
  var reader = start;
  var state = BEFORE;
  var negative = false;
  var mantissa = 0u;
  var digits = 0u; // of the mantissa, from the first that is not 0
  var exponent = 0i; // of ten, that the mantissa is to be multiplied by
  var stated = 0i; // the number behind e
  var stated_negative = false;
  for (var i = 0u; i < length; i++) {
    let byte = next_byte(&reader);
    state = next_state(state, byte);
    switch (state) {
      case SIGNED {
        negative = byte == 45;
      }
      case WHOLE, FRACTION {
        if (is_digit(byte)) {
          if (digits < 9) {
            mantissa = mantissa * 10 + u32(byte - 48);
            digits += select(0u, 1u, mantissa > 0);
            exponent -= select(0, 1, state == FRACTION);
          } else {
            exponent += select(0, 1, state == WHOLE);
          }
        }
      }
      case EXPONENT_SIGNED {
        stated_negative = byte == 45;
      }
      case EXPONENT_DIGITS {
        stated = min(stated * 10 + (byte - 48), 1000000);
      }
      case INVALID {
        return Number(false, 0.0);
      }
      default {}
    }
  }
  if (state == BEFORE || state == SIGNED || state == POINT || state == EXPONENT || state == EXPONENT_SIGNED) {
    return Number(false, 0.0);
  }
  exponent += select(stated, -stated, stated_negative);
  // The number is mantissa * 10^exponent, in [10^(leading), 10^(leading + 1)).
  let leading = exponent + i32(digits) - 1;
  var value = 0.0;
  if (mantissa > 0 && leading >= MAX_EXPONENT) {
    value = MAX_MAGNITUDE;
  } else if (mantissa > 0 && leading >= -MAX_EXPONENT) {
    if (exponent < 0) {
      value = f32(mantissa) / power_of_ten(u32(-exponent));
    } else {
      value = f32(mantissa) * power_of_ten(u32(exponent));
    }
  }
  return Number(true, select(value, -value, negative));
}

// ---- Texts ----

fn lower(byte: i32) -> i32 {
  return select(byte, byte + 32, byte >= 65 && byte <= 90);
}

// Whether the next `length` bytes are the target's text, but for case and white space around them.
fn is_text(start: Reader, length: u32, record: u32) -> bool {
  let texts = 4 * (parameters.rows / parameters.group_size);
  let wanted_start = targets[record + 2];
  let wanted_length = targets[record + 3];
  var reader = start;
  var matched = 0u;
  var begun = false;
  for (var i = 0u; i < length; i++) {
    let byte = next_byte(&reader);
    if (!begun && is_space(byte)) {
      continue;
    }
    begun = true;
    if (matched < wanted_length) {
      let at = wanted_start + matched;
      let wanted = i32((targets[texts + at / 4] >> (8 * (at % 4))) & 0xff);
      if (lower(byte) != lower(wanted)) {
        return false;
      }
      matched++;
    } else if (!is_space(byte)) {
      return false;
    }
  }
  return matched == wanted_length;
}

// ---- A completion ----

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.y * groups.x + group.x) * 64 + local;
  if (row >= parameters.rows) {
    return;
  }
  var reader: Reader;
  reader.token = row * parameters.max_completion;
  reader.end = reader.token + parameters.max_completion;

  // The format: tags come in order, and between them is white space alone where nothing else may be.
  var well_formed = true;
  var tags_met = 0u;
  var answer_blank = true;
  // The first answer: where its text starts, and how many bytes it has. Open until its closing tag is met.
  var answer: Reader;
  var answer_length = 0u;
  var answer_open = false;
  var has_answer = false;

  var tag_match = TagMatch(0, 0);
  loop {
    let byte = next_byte(&reader);
    let was_matching = tag_match.progress > 0;
    if (byte == END_OF_TEXT) {
      // A tag left open is stray text.
      well_formed = well_formed && !was_matching;
      break;
    }
    let tag = match_tag(&tag_match, byte);
    if (tag == NO_TAG) {
      // Outside thought and answer, what failed to become a tag is stray text, as is anything but white space.
      let outside = tags_met != 1 && tags_met != 3;
      let stray = select(was_matching || !is_space(byte), was_matching && byte == 60, tag_match.progress > 0);
      well_formed = well_formed && !(outside && stray);
    } else {
      well_formed = well_formed && tag == tags_met;
      tags_met++;
    }

    if (answer_open) {
      answer_length++;
      if (tag == END_ANSWER) {
        answer_length -= 9; // the closing tag's own bytes
        answer_open = false;
        has_answer = true;
      }
    } else if (tag == ANSWER && !has_answer) {
      answer = reader;
      answer_open = true;
    }
  }
  if (has_answer) {
    var inside = answer;
    for (var i = 0u; i < answer_length; i++) {
      answer_blank = answer_blank && is_space(next_byte(&inside));
    }
  }

  let record = 4 * (row / parameters.group_size);
  var row_accuracy = 0.0;
  var row_exact = 0.0;
  var number = Number(false, 0.0);
  if (has_answer) {
    if (targets[record] == 0) {
      number = parse_number(answer, answer_length);
      if (number.valid) {
        let truth = bitcast<f32>(targets[record + 1]);
        let distance = abs(number.value - truth);
        let settings = vec4f(parameters.setting_0, parameters.setting_1, parameters.setting_2, parameters.setting_3);
        row_accuracy = numeric_reward(parameters.reward, number.value, truth, settings);
        row_exact = select(0.0, 1.0, distance <= 1e-6 * abs(truth));
      }
    } else {
      row_exact = select(0.0, 1.0, is_text(answer, answer_length, record));
      row_accuracy = row_exact;
    }
  }
  let is_format = well_formed && tags_met == 4 && !answer_blank && reader.ended;
  let row_format = select(0.0, 1.0, is_format);

  accuracy[row] = row_accuracy;
  exact[row] = row_exact;
  format[row] = row_format;
  parsed[2 * row] = number.value;
  parsed[2 * row + 1] = select(0.0, 1.0, number.valid);
  total[row] = parameters.accuracy_weight * row_accuracy + parameters.format_weight * row_format
    + parameters.exact_weight * row_exact;
}
