/** The layouts that a canonical data set is converted to. A new one is a file and a line in this list. */
import type { Format } from '../store';
import { bop } from './bop';
import { coco } from './coco';
import { cvBench } from './cv-bench';
import { huggingFace } from './hugging-face';
import { llava } from './llava';
import { trl } from './trl';
import { verl } from './verl';
import { vsiBench } from './vsi-bench';
import { webdataset } from './webdataset';

export const formats: readonly Format[] = [verl, trl, huggingFace, llava, vsiBench, cvBench, bop, coco, webdataset];
