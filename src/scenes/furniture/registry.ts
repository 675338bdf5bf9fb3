/** All furniture. A new category is a file beside this one and a line in this list. */
import { armchair } from './armchair';
import { bathtub } from './bathtub';
import { bed } from './bed';
import { bookshelf } from './bookshelf';
import { chair } from './chair';
import { coffeeTable } from './coffee-table';
import { counter } from './counter';
import { desk } from './desk';
import { dresser } from './dresser';
import { floorLamp } from './floor-lamp';
import type { Furniture } from './furniture';
import { heater } from './heater';
import { laptop } from './laptop';
import { microwave } from './microwave';
import { monitor } from './monitor';
import { nightstand } from './nightstand';
import { plant } from './plant';
import { refrigerator } from './refrigerator';
import { sink } from './sink';
import { sofa } from './sofa';
import { stool } from './stool';
import { stove } from './stove';
import { table } from './table';
import { tableLamp } from './table-lamp';
import { toilet } from './toilet';
import { trashBin } from './trash-bin';
import { tv } from './tv';
import { tvStand } from './tv-stand';
import { vase } from './vase';
import { wardrobe } from './wardrobe';
import { washingMachine } from './washing-machine';

export const FURNITURE: readonly Furniture[] = [
  armchair,
  bathtub,
  bed,
  bookshelf,
  chair,
  coffeeTable,
  counter,
  desk,
  dresser,
  floorLamp,
  heater,
  laptop,
  microwave,
  monitor,
  nightstand,
  plant,
  refrigerator,
  sink,
  sofa,
  stool,
  stove,
  table,
  tableLamp,
  toilet,
  trashBin,
  tv,
  tvStand,
  vase,
  wardrobe,
  washingMachine,
];
