/** JSON files of a policy and its run. */

/**
 * @param origin name of the file, for messages.
 * @throws Error naming the file when it is not UTF-8 or not JSON.
 */
export function parseJsonFile(bytes: Uint8Array, origin: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Error(`${origin} is not JSON (${error instanceof Error ? error.message : String(error)})`, {
      cause: error,
    });
  }
}
