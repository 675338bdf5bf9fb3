/**
 * The page's entry: the lab on the real worker.
 */
import { startLabWorker } from './lab-client';
import { mountApp } from './mount';

mountApp(document.getElementById('lab')!, startLabWorker);
