/** All furniture. A new category is a file beside this one and a line in this list. */
import { armchair } from './armchair';
import { backpack } from './backpack';
import { basket } from './basket';
import { bathtub } from './bathtub';
import { bed } from './bed';
import { bench } from './bench';
import { book } from './book';
import { bookshelf } from './bookshelf';
import { bucket } from './bucket';
import { cabinet } from './cabinet';
import { chair } from './chair';
import { clock } from './clock';
import { coatRack } from './coat-rack';
import { coffeeTable } from './coffee-table';
import { counter } from './counter';
import { cup } from './cup';
import { desk } from './desk';
import { dishwasher } from './dishwasher';
import { dresser } from './dresser';
import { fan } from './fan';
import { floorLamp } from './floor-lamp';
import type { Furniture } from './furniture';
import { heater } from './heater';
import { kettle } from './kettle';
import { keyboard } from './keyboard';
import { laptop } from './laptop';
import { microwave } from './microwave';
import { mirror } from './mirror';
import { monitor } from './monitor';
import { nightstand } from './nightstand';
import { ottoman } from './ottoman';
import { piano } from './piano';
import { pillow } from './pillow';
import { plant } from './plant';
import { printer } from './printer';
import { refrigerator } from './refrigerator';
import { shoeRack } from './shoe-rack';
import { sink } from './sink';
import { sofa } from './sofa';
import { stool } from './stool';
import { stove } from './stove';
import { table } from './table';
import { tableLamp } from './table-lamp';
import { telephone } from './telephone';
import { toaster } from './toaster';
import { toilet } from './toilet';
import { trashBin } from './trash-bin';
import { tv } from './tv';
import { tvStand } from './tv-stand';
import { vase } from './vase';
import { wardrobe } from './wardrobe';
import { washingMachine } from './washing-machine';
import { whiteboard } from './whiteboard';

export const FURNITURE: readonly Furniture[] = [
  armchair,
  backpack,
  basket,
  bathtub,
  bed,
  bench,
  book,
  bookshelf,
  bucket,
  cabinet,
  chair,
  clock,
  coatRack,
  coffeeTable,
  counter,
  cup,
  desk,
  dishwasher,
  dresser,
  fan,
  floorLamp,
  heater,
  kettle,
  keyboard,
  laptop,
  microwave,
  mirror,
  monitor,
  nightstand,
  ottoman,
  piano,
  pillow,
  plant,
  printer,
  refrigerator,
  shoeRack,
  sink,
  sofa,
  stool,
  stove,
  table,
  tableLamp,
  telephone,
  toaster,
  toilet,
  trashBin,
  tv,
  tvStand,
  vase,
  wardrobe,
  washingMachine,
  whiteboard,
];
