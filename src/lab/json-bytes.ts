/** Bytes in messages that travel as JSON, as those of the automation protocol do: { base64 } stands for them. */

/** `value` with its bytes as text. */
export function encodeBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    let binary = '';
    for (let start = 0; start < value.length; start += 0x8000) {
      binary += String.fromCharCode(...value.subarray(start, start + 0x8000));
    }
    return { base64: btoa(binary) };
  }
  if (Array.isArray(value)) return value.map(encodeBytes);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encodeBytes(item)]));
  }
  return value;
}

/** The inverse of encodeBytes. */
export function decodeBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeBytes);
  if (typeof value !== 'object' || value === null) return value;
  if ('base64' in value && typeof value.base64 === 'string') {
    return Uint8Array.from(atob(value.base64), (character) => character.charCodeAt(0));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decodeBytes(item)]));
}
