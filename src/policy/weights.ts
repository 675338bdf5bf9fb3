/**
 * The policy's weights on a backend: one tensor a parameter, by name.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import { stream } from '../random';
import { type Architecture, elementCount, initialValues, type ParameterSpec, parameterSpecs } from './parameters';
import type { StoredTensors } from './safetensors';

export type Weights = Readonly<Record<string, DeviceTensor>>;

/**
 * Freshly drawn weights; `seed` fixes them, each parameter from a stream of its own.
 * @param specs which ones; by default all but adapters.
 */
export function initializeWeights(
  backend: Backend,
  architecture: Architecture,
  seed: number,
  specs: readonly ParameterSpec[] = parameterSpecs(architecture),
): Weights {
  const entries = specs.map((spec) => {
    const values = initialValues(spec, stream(seed, 'weights', spec.name));
    return [spec.name, backend.allocate(spec.name, 'float32', spec.shape, values)] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Checks that stored values are the weights of an architecture.
 * @param specs which of them are stored; by default all but adapters.
 * @throws Error naming the first parameter that is missing, superfluous, of the wrong size, or not finite.
 */
export function checkWeights(
  architecture: Architecture,
  stored: StoredTensors,
  specs: readonly ParameterSpec[] = parameterSpecs(architecture),
): void {
  const expected = new Set(specs.map(({ name }) => name));
  for (const name of Object.keys(stored)) {
    if (!expected.has(name)) {
      throw new Error(`the checkpoint holds a tensor "${name}" that this architecture lacks; was the config changed?`);
    }
  }
  for (const { name, shape } of specs) {
    const tensor = stored[name];
    if (!tensor) throw new Error(`the checkpoint lacks the tensor "${name}"; was the config changed, or the file cut?`);
    if (tensor.shape.join() !== shape.join()) {
      throw new Error(`the checkpoint's tensor "${name}" is [${tensor.shape}], but the config makes it [${shape}]`);
    }
    if (!tensor.values.every(Number.isFinite)) {
      throw new Error(`the checkpoint's tensor "${name}" holds NaN or infinity; go back to an earlier checkpoint`);
    }
  }
}

/** Weights from stored values. Throws as checkWeights does. */
export function loadWeights(
  backend: Backend,
  architecture: Architecture,
  stored: StoredTensors,
  specs: readonly ParameterSpec[] = parameterSpecs(architecture),
): Weights {
  checkWeights(architecture, stored, specs);
  return Object.fromEntries(
    specs.map(({ name, shape }) => [name, backend.allocate(name, 'float32', shape, stored[name].values)]),
  );
}

/** Tensors read back, by name. */
export async function readTensors(
  backend: Backend,
  tensors: Readonly<Record<string, DeviceTensor>>,
): Promise<StoredTensors> {
  const entries: [string, StoredTensors[string]][] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    entries.push([name, { shape: tensor.shape, values: (await backend.read(tensor)) as Float32Array }]);
  }
  return Object.fromEntries(entries);
}

/** Copies of all the weights on the device, such as a reference policy. */
export function copyWeights(backend: Backend, weights: Weights, suffix: string): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => {
      const copy = backend.allocate(`${name} (${suffix})`, 'float32', tensor.shape);
      backend.copy(tensor, copy);
      return [name, copy];
    }),
  );
}

/** Number of weights. */
export function weightCount(architecture: Architecture): number {
  return parameterSpecs(architecture).reduce((sum, { shape }) => sum + elementCount(shape), 0);
}
