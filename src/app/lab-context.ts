/**
 * How components reach the lab: the store's slices and the client, through React's context.
 */
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DatasetClient } from './dataset/dataset-client';
import type { LabClient } from './lab-client';
import type { EvaluationWorker } from './results/evaluation-worker';
import type { LabState, LabStore } from './store';

/** What actions and components act on. */
export interface Lab {
  readonly store: LabStore;
  readonly client: LabClient;
  readonly datasets: DatasetClient;
  /** A new worker, which makes one evaluation. */
  readonly startEvaluation: () => EvaluationWorker;
}

export const LabContext = createContext<Lab | null>(null);

export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('useLab: the component is not inside LabContext; mount it through mountApp.');
  return lab;
}

/** A slice of the state. The selector must return the same value for the same state. */
export function useLabState<T>(selector: (state: LabState) => T): T {
  return useStore(useLab().store, selector);
}

/** The value, renewed at most every `interval` milliseconds: a hundred steps a second need not be a hundred drawings. */
export function useThrottled<T>(value: T, interval: number): T {
  const [shown, setShown] = useState(value);
  const renewedAt = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, renewedAt.current + interval - Date.now());
    const timer = setTimeout(() => {
      renewedAt.current = Date.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, interval]);
  return shown;
}
