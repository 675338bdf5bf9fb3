/** Policies as the page's workers get them: fetched from where the page is served, or handed over as files. */
import { shippedFolder } from '../policy/shipped';
import { type CheckpointFiles, readPolicy, type StoredPolicy } from '../training/checkpoint';

/** The address of the page, under which shipped policies are served, or a policy's files. */
export type PolicySource = string | CheckpointFiles;

/**
 * A policy's file, from under the page's address.
 * @throws Error naming the folder where it is not there.
 */
export async function fetchPolicyFile(page: string, name: string, file: string): Promise<Uint8Array> {
  const path = `${shippedFolder(name)}/${file}`;
  const response = await fetch(new URL(path, page));
  // Some servers answer with the page where there is no file.
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
  if (response.ok && !isPage) return new Uint8Array(await response.arrayBuffer());
  throw new Error(
    `The shipped policy ${name} is not in this copy of the lab: there is no ${path}. Put its files into ` +
      `public/${shippedFolder(name)}/, or start from fresh weights`,
  );
}

/** The policy `name`. Throws Error naming the file that is missing or damaged. */
export async function openPolicy(name: string, source: PolicySource): Promise<StoredPolicy> {
  if (typeof source !== 'string') return readPolicy(source, name);
  const files = ['config.json', 'tokenizer.json', 'model.safetensors'];
  const contents = await Promise.all(files.map((file) => fetchPolicyFile(source, name, file)));
  return readPolicy(Object.fromEntries(files.map((file, index) => [file, contents[index]])), shippedFolder(name));
}
