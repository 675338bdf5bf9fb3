/** Parquet tables written row group by row group, with nested columns described by small helpers. */
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { SampleRecord } from '../canonical';
import { type DatasetSource, type FileSink, framePath, type OutputFile } from '../store';

/** A value of a row. */
export type Cell = string | number | boolean | null | Uint8Array | readonly Cell[] | { readonly [field: string]: Cell };

export type Row = Readonly<Record<string, Cell>>;

/** A column: its schema, and its feature in the words of the `datasets` library. */
export interface Column {
  readonly name: string;
  readonly schema: readonly SchemaElement[];
  readonly feature: unknown;
}

/** Rows held in memory before they are written, and their bytes: images make them large. */
const [ROWS, BYTES] = [64, 8 * 2 ** 20];

const OPTIONAL = 'OPTIONAL' as const;

function leaf(name: string, type: 'BYTE_ARRAY' | 'DOUBLE' | 'INT32', dtype: string): Column {
  const converted = dtype === 'string' ? { converted_type: 'UTF8' as const } : {};
  return {
    name,
    schema: [{ name, type, ...converted, repetition_type: OPTIONAL }],
    feature: { dtype, _type: 'Value' },
  };
}

export const stringColumn = (name: string) => leaf(name, 'BYTE_ARRAY', 'string');
export const doubleColumn = (name: string) => leaf(name, 'DOUBLE', 'float64');
export const int32Column = (name: string) => leaf(name, 'INT32', 'int32');
const binaryColumn = (name: string) => leaf(name, 'BYTE_ARRAY', 'binary');

export function structColumn(name: string, fields: readonly Column[]): Column {
  return {
    name,
    schema: [
      { name, repetition_type: OPTIONAL, num_children: fields.length },
      ...fields.flatMap(({ schema }) => schema),
    ],
    feature: Object.fromEntries(fields.map((field) => [field.name, field.feature])),
  };
}

/** A list whose elements have the schema of `element`, in parquet's three levels. */
export function listColumn(name: string, element: Column): Column {
  const [head, ...rest] = element.schema;
  return {
    name,
    schema: [
      { name, repetition_type: OPTIONAL, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { ...head, name: 'element' },
      ...rest,
    ],
    feature: [element.feature],
  };
}

/** An image as its encoded bytes and a path: what the `datasets` library calls Image. */
export function imageColumn(name: string): Column {
  return { ...structColumn(name, [binaryColumn('bytes'), stringColumn('path')]), feature: { _type: 'Image' } };
}

/** The cell of an image column. */
export async function imageCell(source: DatasetSource, scene: string, frame: number): Promise<Cell> {
  const path = framePath(scene, frame);
  return { bytes: await source.file(path), path };
}

/** The cell of a list of images: the frames of `sample`. */
export async function imageCells(source: DatasetSource, { scene, frames }: SampleRecord): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const frame of frames) cells.push(await imageCell(source, scene, frame));
  return cells;
}

/** A table that is being written. */
export class Table {
  readonly #file: OutputFile;
  readonly #columns: readonly Column[];
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  #rows: Row[] = [];
  /** Bytes of the rows' images. */
  #held = 0;

  private constructor(file: OutputFile, columns: readonly Column[]) {
    this.#file = file;
    this.#columns = columns;
    const schema = [{ name: 'root', num_children: columns.length }, ...columns.flatMap((column) => column.schema)];
    const features = Object.fromEntries(columns.map(({ name, feature }) => [name, feature]));
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema,
      statistics: false,
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
    });
  }

  static async create(sink: FileSink, path: string, columns: readonly Column[]): Promise<Table> {
    return new Table(await sink.create(path), columns);
  }

  async add(row: Row): Promise<void> {
    this.#rows.push(row);
    this.#held += bytesIn(Object.values(row));
    if (this.#rows.length >= ROWS || this.#held >= BYTES) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#writer.finish();
    await this.#drain();
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    this.#held = 0;
    if (rows.length === 0) return;
    const columnData = this.#columns.map(({ name }) => ({ name, data: rows.map((row) => row[name]) }));
    await this.#writer.write({ columnData, rowGroupSize: ROWS });
    await this.#drain();
  }

  /** Hands on what was encoded; offsets in the file go on counting. */
  async #drain(): Promise<void> {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    await this.#file.write(bytes);
  }
}

/** Bytes of the images in a cell. */
function bytesIn(cell: Cell): number {
  if (cell instanceof Uint8Array) return cell.length;
  if (cell === null || typeof cell !== 'object') return 0;
  return Object.values(cell).reduce((sum: number, inner: Cell) => sum + bytesIn(inner), 0);
}
